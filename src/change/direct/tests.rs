//! What was written directly, and its state after a revert: every state of what was read since.

use std::sync::Arc;

use super::*;
use crate::change::request::ValueChange;
use crate::change::tests::stage::Stage;
use crate::model::{Fault, Service};

const LOAD_BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/awseb--AWSEB-1/50dc6c495c0c9188";
const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-AWSEB-1/73e2d6bc24d8a067";
const IDLE: &str = "idle_timeout.timeout_seconds";

fn past(id: &str, route: Route, key: &str, (before, after): (&str, &str)) -> Past {
    let scope = crate::model::ScopeId(0);
    Past {
        id: id.into(),
        route,
        changes: vec![ValueChange::new(key, Some(before.to_owned()), Some(after.to_owned()))],
        target_group: Some(Key::new(scope, GROUP)),
        load_balancer: Some(Key::new(scope, LOAD_BALANCER)),
    }
}

fn fault(kind: FaultKind) -> Arc<Fault> {
    let (service, operation) = (Service::Elb, "DescribeLoadBalancerAttributes");
    Arc::new(Fault { kind, service, operation, code: None, message: "no".into(), details: None, request_id: None })
}

/// Returns the state of the newest of these changes, where this source was read like that and all others successfully.
fn fate(stage: &Stage, changes: &[Past], special: impl Fn(&Source) -> Option<Reread>) -> Vec<DirectFate> {
    stage.with(|basis| {
        let reread = |source: &Source| special(source).unwrap_or(Reread::Read);
        direct_values(changes).iter().map(|value| value.fate(basis, &reread)).collect()
    })
}

fn plainly(stage: &Stage, changes: &[Past]) -> Vec<DirectFate> {
    fate(stage, changes, |_| None)
}

#[test]
fn only_what_was_written_directly_last_is_looked_for() {
    let (elb, beanstalk) = (Route::Elb, Route::Beanstalk);
    let ids = |changes: &[Past]| direct_values(changes).iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
    let idle = |id, route, values| past(id, route, IDLE, values);
    assert_eq!(ids(&[idle("a", elb, ("60", "300"))]), ["a"]);
    assert_eq!(ids(&[idle("a", elb, ("60", "300")), idle("b", elb, ("300", "90"))]), ["b"]);
    assert_eq!(ids(&[idle("a", elb, ("60", "300")), idle("b", beanstalk, ("300", "90"))]), [""; 0]);
    assert_eq!(ids(&[idle("a", elb, ("300", "300"))]), [""; 0], "it was so already");
    let stickiness = past("b", elb, "stickiness.enabled", ("true", "false"));
    assert_eq!(ids(&[idle("a", elb, ("60", "300")), stickiness]), ["a", "b"]);
}

#[test]
fn what_became_of_it_follows_from_what_was_read_since() {
    let wrote = |value: &'static str| [past("a", Route::Elb, IDLE, ("90", value))];
    let stage = Stage::new();
    assert_eq!(plainly(&stage, &wrote("60")), [DirectFate::Live]);
    assert_eq!(plainly(&stage, &wrote("300")), [DirectFate::Gone(Some("60".into()))]);
    let attributes =
        |how: Reread| move |source: &Source| matches!(source, Source::LoadBalancerAttributes(_)).then(|| how.clone());
    let listing = |how: Reread| move |source: &Source| matches!(source, Source::LoadBalancers(_)).then(|| how.clone());
    let denied = fault(FaultKind::Denied);
    for value in ["60", "300"] {
        let failed = Reread::Failed(Some(Arc::clone(&denied)));
        assert_eq!(fate(&stage, &wrote(value), attributes(Reread::Awaited)), [DirectFate::Awaited]);
        assert_eq!(
            fate(&stage, &wrote(value), attributes(failed.clone())),
            [DirectFate::Unread(Some(Arc::clone(&denied)))]
        );
        assert_eq!(fate(&stage, &wrote(value), listing(failed)), [DirectFate::Unread(Some(Arc::clone(&denied)))]);
        assert_eq!(fate(&stage, &wrote(value), attributes(Reread::Failed(None))), [DirectFate::Unread(None)]);
        let gone = Reread::Failed(Some(fault(FaultKind::NotFound)));
        assert_eq!(fate(&stage, &wrote(value), attributes(gone)), [DirectFate::ObjectGone]);
    }
}

#[test]
fn a_target_group_or_listener_that_is_not_there_says_nothing_of_the_update() {
    let stage = Stage::new();
    let mut other = past("a", Route::Elb, "stickiness.enabled", ("true", "false"));
    assert_eq!(plainly(&stage, &[other.clone()]), [DirectFate::Gone(Some("true".into()))]);
    other.target_group = Some(Key::new(crate::model::ScopeId(0), "arn:gone"));
    assert_eq!(plainly(&stage, &[other]), [DirectFate::ObjectGone]);
    let policy = |port: &str| {
        let key = format!("listener:{port}:ssl_policy");
        [past("a", Route::Elb, &key, ("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-2021-06"))]
    };
    assert_eq!(plainly(&stage, &policy("443")), [DirectFate::Gone(Some("ELBSecurityPolicy-2016-08".into()))]);
    assert_eq!(plainly(&stage, &policy("8443")), [DirectFate::ObjectGone]);
    let unread = |source: &Source| matches!(source, Source::Listeners(_)).then_some(Reread::Failed(None));
    assert_eq!(fate(&stage, &policy("8443"), unread), [DirectFate::Unread(None)], "it may be there");
}

#[test]
fn again_is_said_only_of_the_value_that_it_had_before() {
    let stage = Stage::new();
    let words = |before: &str| {
        let changes = [past("c-1", Route::Elb, IDLE, (before, "300"))];
        let value = direct_values(&changes).remove(0);
        let fate = stage.with(|basis| value.fate(basis, &|_| Reread::Read));
        DirectOutcome { value: &value, fate: &fate }.to_string()
    };
    assert!(words("60").starts_with("idle_timeout.timeout_seconds is 60 again, not 300: "), "{}", words("60"));
    assert!(words("90").starts_with("idle_timeout.timeout_seconds is 60, not 300: "), "{}", words("90"));
    assert!(words("60").contains("the direct change c-1"));
}
