//! A health check on another port: the outbound rules of the load balancer's security groups are read and reported.

use beanpole::sim::{Faults, Policy, World};
use tempfile::TempDir;

use super::run::{Region, run};
use crate::support::scenarios::ONE;
use crate::support::somebody::{ask, between};

/// The id of the load balancer's security group.
fn group(world: &World) -> String {
    let listed = ask(world, "elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01");
    between(listed.split_once("<SecurityGroups>").unwrap().1, "member").to_owned()
}

/// Lets TCP out to everywhere, on these ports.
fn opens(world: &World, group: &str, (from, to): (u16, u16)) {
    let permission =
        format!("IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort={from}&IpPermissions.1.ToPort={to}");
    let body = format!(
        "Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId={group}&{permission}&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"
    );
    let answer = ask(world, "ec2", &body);
    assert!(answer.contains("<return>true</return>"), "{answer}");
}

#[test]
fn what_the_security_group_lets_out_decides_what_is_said() {
    let region = Region::written(ONE);
    let world = region.world.as_ref().unwrap();
    world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
    let id = group(world);
    let notes = |port: &str| {
        let wish = format!("health_check.port={port}");
        let plan = region.json(&["set", "web", &wish, "--route", "elb", "--dry-run"]);
        let warnings = plan["warnings"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned());
        warnings.filter(|it| it.contains("egress")).collect::<Vec<_>>()
    };
    let closed = |port: &str| {
        let notes = notes(port);
        let [note] = notes.as_slice() else { panic!("{port}: {notes:?}") };
        for words in [
            format!("the health check fails until the load balancer's security group {id} ("),
            format!("lets TCP {port} out (egress) to 0.0.0.0/0"),
            format!("aws ec2 authorize-security-group-egress --group-id {id} --ip-permissions "),
            format!("IpProtocol=tcp,FromPort={port},ToPort={port},IpRanges=[{{CidrIp=0.0.0.0/0}}]"),
        ] {
            assert!(note.contains(&words), "{port}: no `{words}` in {note}");
        }
    };
    closed("8080");
    closed("81");
    assert_eq!(notes("80"), [""; 0], "the port of the traffic");
    assert_eq!(notes("traffic-port"), [""; 0]);

    opens(world, &id, (8080, 8081));
    assert_eq!((notes("8080"), notes("8081")), (vec![], vec![]), "it covers the port now");
    closed("8082");

    let deny = vec!["ec2:DescribeSecurityGroups".to_owned()];
    world.set_faults(Faults { deny, ..Faults::none() });
    for port in ["8080", "8082"] {
        let notes = notes(port);
        let [note] = notes.as_slice() else { panic!("{port}: {notes:?}") };
        let words =
            format!("security groups ({id}) could not be read: whether they let TCP {port} out (egress) is unknown");
        assert!(note.contains(&words), "{note}");
    }
}

/// An undo that writes the port is a change of the port as well.
#[test]
fn undoing_a_change_of_the_port_is_looked_at_too() {
    let region = Region::written(ONE);
    let world = region.world.as_ref().unwrap();
    world.set_faults(Faults::none());
    let state = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = region.command(arguments);
        command.env("XDG_STATE_HOME", state.path());
        run(command)
    };
    for port in ["8080", "80"] {
        let ran = run(&["set", "web", &format!("health_check.port={port}"), "--route", "elb", "--yes"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
    }
    let ran = run(&["undo", "--dry-run", "-o", "json"]);
    assert!(ran.json()["warnings"].to_string().contains("lets TCP 8080 out (egress)"), "{}", ran.out);
}

/// Without a change of the port no security groups are read.
#[test]
fn nothing_is_read_for_other_settings() {
    let region = Region::written(ONE);
    let ran = region.run(["set", "web", "health_check.path=/healthz", "--dry-run"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(region.count("DescribeSecurityGroups"), 0);
}
