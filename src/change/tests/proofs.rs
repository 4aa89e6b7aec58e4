//! Whether an object is the environment's own, for every piece of evidence that is there, contradicts it or was not read.

use super::stage::Stage;
use crate::change::field::Object;
use crate::change::proof::proof;
use crate::change::{Instances, PlanInputs, Presence, Refusal, target_groups};
use crate::model::{
    Attributes, ConfigurationSettings, EnvironmentResources, Key, LoadBalancer, OptionSetting, Snapshot, Tagged,
    TargetGroup, link,
};

const ID: &str = "elasticbeanstalk:environment-id";
const COUNT: &str = "elasticbeanstalk:shared-elb-environment-count";

/// What was read, of which a test takes away or changes a piece.
struct Evidence {
    snapshot: Snapshot,
    environment: crate::model::Environment,
    group: Key<TargetGroup>,
    balancer: Key<LoadBalancer>,
}

impl Evidence {
    fn of(stage: &Stage) -> Self {
        stage.with(|basis| Self {
            snapshot: basis.snapshot.clone(),
            environment: basis.environment.clone(),
            group: stage.group().key,
            balancer: super::stage::load_balancer().key,
        })
    }

    fn tag(&mut self, key: Key<Tagged>, pairs: &[(&str, &str)]) {
        let tags: Attributes = pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        self.snapshot.inventory.tags.insert(key, tags);
    }

    fn untag(&mut self) {
        let (group, balancer) = (self.group.tagged(), self.balancer.tagged());
        self.tag(group, &[]);
        self.tag(balancer, &[]);
    }

    fn resources(&mut self, change: impl FnOnce(&mut EnvironmentResources)) {
        change(self.snapshot.inventory.resources.get_mut(&self.environment.key).unwrap());
    }

    fn option(&mut self, name: &str, value: Option<&str>) {
        let options: &mut ConfigurationSettings =
            self.snapshot.inventory.settings.get_mut(&self.environment.key).unwrap();
        let namespace = "aws:elasticbeanstalk:environment".into();
        let option = OptionSetting { namespace, name: name.into(), value: value.map(Into::into) };
        let others = options.options.iter().filter(|it| *it.name != *name).cloned();
        options.options = others.chain([option]).collect();
    }

    /// `own`, or why not: what was not read in brackets.
    fn said(&self, object: &Object) -> String {
        let basis = PlanInputs { snapshot: &self.snapshot, environment: &self.environment };
        match proof(&basis, object) {
            Ok(()) => "own".to_owned(),
            Err(Refusal::NotProven { object, environment, why }) => format!("{environment}, {object}: {why}"),
            Err(Refusal::NotRead { object, environment, what, operation }) => {
                format!("{environment}, {object}: [{what}, {operation}]")
            }
            Err(other) => format!("{other:?}"),
        }
    }
}

type Change = fn(&mut Evidence);

#[test]
fn a_target_group_is_own_by_its_tag_or_its_scaling_group() {
    let table: [(&str, Change, &str); 10] = [
        ("by its tag", |_| (), "own"),
        ("by its tag alone", |it| it.snapshot.inventory.resources.clear(), "own"),
        ("by the scaling group", Evidence::untag, "own"),
        (
            "another's tag",
            |it| {
                let key = it.group.tagged();
                it.tag(key, &[(ID, "e-9")]);
            },
            "its tag names another environment",
        ),
        ("gone", |it| it.snapshot.inventory.target_groups.clear(), "it is not there any more"),
        (
            "of a Network Load Balancer",
            |it| it.snapshot.inventory.target_groups.values_mut().for_each(|it| it.protocol = Some("TCP".into())),
            "it is not behind an application load balancer",
        ),
        (
            "its tags are not read",
            |it| {
                it.snapshot.inventory.tags.clear();
                it.snapshot.inventory.auto_scaling_groups.clear();
            },
            "[the target group's tags, DescribeTags]",
        ),
        (
            "untagged, and the resources are not read",
            |it| {
                it.untag();
                it.snapshot.inventory.resources.clear();
            },
            "[the environment's resources, DescribeEnvironmentResources]",
        ),
        (
            "untagged, and the scaling group is not read",
            |it| {
                it.untag();
                it.snapshot.inventory.auto_scaling_groups.clear();
            },
            "[the environment's Auto Scaling group, DescribeAutoScalingGroups]",
        ),
        (
            "untagged, and of no scaling group",
            |it| {
                it.untag();
                it.snapshot.inventory.auto_scaling_groups.values_mut().for_each(|it| it.target_groups.clear());
            },
            "neither its tag nor the Auto Scaling group of the environment says so",
        ),
    ];
    for (state, change, expected) in table {
        let mut evidence = Evidence::of(&Stage::new());
        change(&mut evidence);
        let said = evidence.said(&Object::TargetGroup(evidence.group.clone()));
        let expected = if expected == "own" { expected.to_owned() } else { format!("web, awseb-AWSEB-1: {expected}") };
        assert_eq!(said, expected, "{state}");
    }
}

#[test]
fn a_load_balancer_is_own_if_beanstalk_names_it_and_nobody_else_may_use_it() {
    const SHARED: &str = "others may use it too";
    let table: [(&str, Change, &str); 13] = [
        ("by its tag", |_| (), "own"),
        ("by its tag alone", |it| it.snapshot.inventory.resources.clear(), "own"),
        ("named, and not shared", Evidence::untag, "own"),
        (
            "another's tag",
            |it| {
                let key = it.balancer.tagged();
                it.tag(key, &[(ID, "e-9")]);
            },
            "its tag names another environment",
        ),
        (
            "counted as shared",
            |it| {
                let key = it.balancer.tagged();
                it.tag(key, &[(ID, "e-1"), (COUNT, "2")]);
            },
            SHARED,
        ),
        ("shared by option", |it| it.option("LoadBalancerIsShared", Some("true")), SHARED),
        (
            "its tags are not read, nor whether it is named",
            |it| {
                it.snapshot.inventory.tags.clear();
                it.snapshot.inventory.resources.clear();
            },
            "[the load balancer's tags, DescribeTags]",
        ),
        ("its tags are not read, but it is named and not shared", |it| it.snapshot.inventory.tags.clear(), "own"),
        (
            "untagged, and the resources are not read",
            |it| {
                it.untag();
                it.snapshot.inventory.resources.clear();
            },
            "[the environment's resources, DescribeEnvironmentResources]",
        ),
        (
            "untagged and not named",
            |it| {
                it.untag();
                it.resources(|it| it.load_balancers.clear());
            },
            "Beanstalk does not name it among the resources of the environment",
        ),
        (
            "untagged, named, and the options are not read",
            |it| {
                it.untag();
                it.snapshot.inventory.settings.clear();
            },
            "[the environment's options, DescribeConfigurationSettings]",
        ),
        (
            "untagged, named, and the option is unset",
            |it| {
                it.untag();
                it.option("LoadBalancerIsShared", None);
            },
            "neither a tag nor the option LoadBalancerIsShared says that it is the environment's alone",
        ),
        ("tagged, and the option is unset", |it| it.option("LoadBalancerIsShared", None), "own"),
    ];
    for (state, change, expected) in table {
        let mut evidence = Evidence::of(&Stage::new());
        change(&mut evidence);
        let expected = if expected == "own" { expected.to_owned() } else { format!("web, awseb--AWSEB-1: {expected}") };
        assert_eq!(evidence.said(&Object::LoadBalancer(evidence.balancer.clone())), expected, "{state}");
        let listener = Object::Listener(Key::new(evidence.balancer.scope, "l"), evidence.balancer.clone(), 443);
        assert_eq!(evidence.said(&listener), expected, "{state}, of a listener");
    }
    let mut used = Evidence::of(&Stage { is_shared: true, ..Stage::new() });
    used.snapshot.topology = link(&used.snapshot.inventory);
    assert!(used.said(&Object::LoadBalancer(used.balancer.clone())).contains(SHARED), "another environment is on it");
}

/// What is not read of an environment's instances is not taken for none.
#[test]
fn instances_are_known_once_all_that_names_them_was_read() {
    let evidence = || {
        let mut it = Evidence::of(&Stage::new());
        it.snapshot.inventory.targets.insert(it.group.clone(), Vec::new());
        let group = it.snapshot.inventory.auto_scaling_groups.values_mut().next().unwrap();
        (group.instances, group.leaving) = (vec!["i-1".into(), "i-2".into()], vec!["i-2".into()]);
        it
    };
    let known = |it: &Evidence| Instances::known(&it.snapshot.inventory, &it.environment.key);
    let whole = evidence();
    let found = known(&whole).unwrap();
    assert_eq!(found.targets.iter().map(|(key, _)| key).collect::<Vec<_>>(), [&whole.group]);
    let mut twice = found.groups.clone();
    twice.extend(found.groups.clone());
    assert_eq!(target_groups(&twice), std::slice::from_ref(&whole.group), "each once");
    assert_eq!(found.staying().map(|id| &**id).collect::<Vec<_>>(), ["i-1"]);
    assert_eq!(["i-1", "i-2", "i-3"].map(|id| found.presence(id)), [Presence::Stays, Presence::Leaves, Presence::Gone]);
    let lacks: [(&str, Change); 3] = [
        ("resources", |it| it.snapshot.inventory.resources.clear()),
        ("scaling groups", |it| it.snapshot.inventory.auto_scaling_groups.clear()),
        ("targets", |it| it.snapshot.inventory.targets.clear()),
    ];
    for (what, change) in lacks {
        let mut it = evidence();
        change(&mut it);
        assert_eq!(known(&it), None, "{what}");
    }
}
