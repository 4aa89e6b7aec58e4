//! Which links an answer changes, and at how many environments and load balancers it makes linking look.

use super::inventory::{at, environment};
use super::links::{Region, SCOPE, balancer, group};
use crate::model::{Answer, Attributes, Batch, Covers, Environment, Inventory, Key, Snapshot};

/// What comes, how many environments and load balancers are looked at, and whose links differ.
type Row<'a> = (&'a str, Answer, (usize, usize), &'a [&'a str]);

#[test]
fn an_answer_about_one_environment_relinks_its_load_balancer_alone() {
    let mut snapshot = Snapshot::new(SCOPE, at(0));
    let names: Vec<_> = (0..50).map(|number| format!("env-{number}")).collect();
    let mut region = Region::default();
    for name in &names {
        region = region.environment(Environment {
            endpoint_url: Some(format!("awseb-{name}.elb.example").into()),
            ..environment(name)
        });
        region = region
            .balancer(balancer(&format!("awseb-{name}")), &format!("awseb-{name}"))
            .group(name, &format!("awseb-{name}"));
    }
    let Inventory { environments, load_balancers, target_groups, .. } = region.inventory;
    let mut put = |answer| snapshot.apply_batch(Batch { covers: Covers::All, answer }, at(0)).relinked;
    assert_eq!(put(Answer::Environments(environments.values().cloned().collect())).environments, 50);
    assert_eq!(put(Answer::LoadBalancers(load_balancers.into_values().collect())).load_balancers, 50);
    assert_eq!(put(Answer::TargetGroups(target_groups.into_values().collect())).differing.len(), 50);
    let moved = |to: &str| {
        let mut all: Vec<_> = environments.values().cloned().collect();
        for it in all.iter_mut().filter(|it| &*it.name == "env-9") {
            it.endpoint_url = Some(format!("{to}.elb.example").into());
        }
        Answer::Environments(all)
    };
    let tag = |id: &str| Attributes::from([("elasticbeanstalk:environment-id".into(), id.into())]);
    let key = |name: &str| Key::new(SCOPE, format!("e-{name}"));
    let rows: [Row<'_>; 6] = [
        ("its tag", Answer::Tags(vec![(group("env-7").tagged(), tag("e-env-7"))]), (1, 1), &["env-7"]),
        ("the same again", Answer::Tags(vec![(group("env-7").tagged(), tag("e-env-7"))]), (0, 0), &[]),
        ("listeners", Answer::Listeners(balancer("awseb-env-7"), vec![]), (1, 1), &[]),
        ("it moves to where another is", moved("awseb-env-8"), (2, 2), &["env-8", "env-9"]),
        ("and back", moved("awseb-env-9"), (2, 2), &["env-8", "env-9"]),
        ("and nowhere", moved("elsewhere"), (1, 1), &["env-9"]),
    ];
    for (what, answer, looked_at, differing) in rows {
        let relinked = put(answer);
        assert_eq!((relinked.environments, relinked.load_balancers), looked_at, "{what}");
        assert_eq!(relinked.differing, differing.iter().map(|name| key(name)).collect::<Vec<_>>(), "{what}");
    }
}
