//! What cannot be changed: unknown keys, values that exclude each other, objects that lack a setting; and what
//! a check of another port has to pass.

use super::stage::{Stage, load_balancer};
use crate::change::{PlanMistake, Route, resolve};
use crate::model::{Attributes, Egress, Key, SecurityGroup, TrafficSource};

const COUNT: [&str; 2] = [
    "target_group_health.dns_failover.minimum_healthy_targets.count",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
];

#[test]
fn values_that_do_not_go_together_are_refused_as_they_will_be() {
    let (kind, anomaly) = ("load_balancing.algorithm.type", "load_balancing.algorithm.anomaly_mitigation");
    let slow = "slow_start.duration_seconds";
    let stage = || Stage::new().live(anomaly, "off").live(COUNT[0], "1").live(COUNT[1], "1");
    let least = || stage().live(kind, "least_outstanding_requests");
    let random = || stage().live(kind, "weighted_random");
    let mitigation =
        "load_balancing.algorithm.anomaly_mitigation on needs load_balancing.algorithm.type weighted_random";
    let slowly = "slow_start.duration_seconds needs load_balancing.algorithm.type round_robin";
    let dns = format!("{} must not be smaller than {}", COUNT[0], COUNT[1]);
    for (state, stage, wishes, words) in [
        ("mitigation alone", stage(), &[(anomaly, "on")][..], Some(mitigation)),
        ("with its algorithm", stage(), &[(anomaly, "on"), (kind, "weighted_random")], None),
        ("with its algorithm there", random(), &[(anomaly, "on")], None),
        ("its algorithm goes", random().live(anomaly, "on"), &[(kind, "round_robin")], Some(mitigation)),
        ("a slow start", stage(), &[(slow, "30")], None),
        ("a slow start elsewhere", least(), &[(slow, "30")], Some(slowly)),
        ("none elsewhere", least().live(slow, "30"), &[(slow, "0")], None),
        ("the algorithm goes from it", stage().live(slow, "30"), &[(kind, "least_outstanding_requests")], Some(slowly)),
        ("one DNS fails over later", stage(), &[(COUNT[0], "2")], None),
        ("as many", stage().live(COUNT[0], "2"), &[(COUNT[1], "2")], None),
        ("fewer", stage(), &[(COUNT[1], "2")], Some(dns.as_str())),
        ("fewer by the other", stage().live(COUNT[0], "3").live(COUNT[1], "2"), &[(COUNT[0], "1")], Some(&dns)),
        (
            "what is broken already and not touched",
            stage().live(COUNT[1], "2"),
            &[("deregistration_delay.timeout_seconds", "90")],
            None,
        ),
    ] {
        let found = stage.plan(wishes, Some(Route::Elb)).err().map(|it| it.to_string());
        assert_eq!(found.as_deref(), words, "{state}");
    }
}

#[test]
fn a_key_that_names_nothing_clear_is_refused_with_what_there_is() {
    for (key, words) in [
        ("no.such.key", "there is no setting `no.such.key`"),
        ("ssl_policy", "`ssl_policy` is a setting of listeners: say listener:PORT:ssl_policy (ports: 80, 443)"),
        ("listener:8080:ssl_policy", "there is no listener at port 8080 (there are: 80, 443)"),
        (
            "listener:99999:ssl_policy",
            "`listener:99999:ssl_policy` names no port: a listener has one of 1 to 65535, as in listener:443:ssl_policy",
        ),
        ("listener:443", "which setting of the listener is not said: as in listener:443:ssl_policy"),
        (
            "DeregistrationDelay",
            "`DeregistrationDelay` is the Beanstalk option of the setting deregistration_delay.timeout_seconds: say \
             deregistration_delay.timeout_seconds=VALUE",
        ),
    ] {
        let wishes = [(key.to_owned(), "1".to_owned())];
        let found = Stage::new().with(|basis| resolve(basis, &wishes, None)).err().map(|it| it.to_string());
        assert_eq!(found.as_deref(), Some(words), "{key}");
    }
    let on_80 = Stage::new().plan(&[("listener:80:ssl_policy", "ELBSecurityPolicy-2016-08")], Some(Route::Elb));
    assert_eq!(
        on_80.unwrap_err().to_string(),
        "listener:80:ssl_policy cannot be set: the listener on port 80 is HTTP, which has no such setting"
    );
}

#[test]
fn on_a_shared_load_balancer_an_option_of_the_load_balancer_is_its_owners() {
    let shared = || {
        Stage { is_shared: true, ..Stage::new() }.option(
            "aws:elasticbeanstalk:environment",
            "LoadBalancerIsShared",
            Some("true"),
        )
    };
    for (wish, route, is_refused) in [
        (("idle_timeout.timeout_seconds", "90"), Some(Route::Beanstalk), true),
        (("idle_timeout.timeout_seconds", "90"), Some(Route::Both), true),
        (("idle_timeout.timeout_seconds", "90"), None, true),
        (("idle_timeout.timeout_seconds", "90"), Some(Route::Elb), false),
        (("deregistration_delay.timeout_seconds", "90"), Some(Route::Beanstalk), false),
    ] {
        let found = shared().plan(&[wish], route);
        assert_eq!(matches!(found, Err(PlanMistake::Shared { .. })), is_refused, "{wish:?} {route:?}: {found:?}");
    }
}

/// Returns a security group of the load balancer that allows these outbound ports to all addresses.
fn security_group(id: &str, ports: &[i32]) -> SecurityGroup {
    let rule = |port: &i32| Egress {
        protocol: "tcp".into(),
        ports: Some((*port, *port)),
        destination: TrafficSource::Ipv4("0.0.0.0/0".into()),
    };
    SecurityGroup {
        key: Key::new(load_balancer().key.scope, id),
        name: format!("{id}-name").into(),
        vpc: None,
        tags: Attributes::new(),
        ingress: Vec::new(),
        egress: ports.iter().map(rule).collect(),
    }
}

#[test]
fn a_check_of_another_port_says_what_the_load_balancer_may_not_reach() {
    let closed = "the health check fails until the load balancer's security group sg-1 (sg-1-name) lets TCP 8080 out \
                  (egress) to 0.0.0.0/0. To add it: aws ec2 authorize-security-group-egress --group-id sg-1 \
                  --ip-permissions IpProtocol=tcp,FromPort=8080,ToPort=8080,IpRanges=[{CidrIp=0.0.0.0/0}]. The \
                  instances' security group has to let it in too, which is not checked";
    let unread = |ids: &str| {
        format!(
            "the load balancer's security groups{ids} could not be read: whether they let TCP 8080 out (egress) is \
             unknown, and the health check fails if they do not"
        )
    };
    let of_80 = || security_group("sg-1", &[80]);
    let (by_id, nameless) = (unread(" (sg-1)"), unread(""));
    for (state, attached, read, wish, route, words) in [
        ("another port", &["sg-1"][..], vec![of_80()], "8080", Route::Elb, Some(closed)),
        ("open", &["sg-1"], vec![security_group("sg-1", &[80, 8080])], "8080", Route::Elb, None),
        ("the port of the traffic", &["sg-1"], vec![of_80()], "80", Route::Elb, None),
        ("unread", &["sg-1"], vec![], "8080", Route::Elb, Some(&*by_id)),
        ("no group is known", &[], vec![], "8080", Route::Elb, Some(&nameless)),
        ("with the traffic again", &["sg-1"], vec![of_80()], "traffic-port", Route::Elb, None),
    ] {
        let mut stage = Stage::new();
        stage.health_check.port = Some("8081".into());
        let notes = stage.with(|basis| {
            let mut snapshot = basis.snapshot.clone();
            let inventory = &mut snapshot.inventory;
            let balancer = inventory.load_balancers.get_mut(&load_balancer().key).unwrap();
            balancer.security_groups = attached.iter().map(|id| (*id).into()).collect();
            inventory.security_groups.extend(read.into_iter().map(|it| (it.key.clone(), it)));
            let basis = crate::change::PlanInputs { snapshot: &snapshot, ..*basis };
            assert_eq!(basis.security_groups().len(), attached.len(), "{state}");
            let wishes = [("health_check.port".to_owned(), wish.to_owned())];
            let change = resolve(&basis, &wishes, None).unwrap();
            crate::change::plan(&basis, &change, Some(route)).unwrap().warnings
        });
        let found = notes.iter().find(|it| it.contains("egress"));
        assert_eq!(found.map(String::as_str), words, "{state}");
    }
}
