//! For each check of alarms one state on each side of each of its thresholds, and one in which it is undecided.

use std::sync::Arc;

use super::cases::{Case, DENIED, case};
use super::objects::{BALANCER, SCOPE};
use super::stage::Answered::{Clear, Found, Undecided};
use crate::diagnosis::FindingSeverity::Warning;
use crate::model::{Alarm, AlarmMetric, AlarmState, Source};

const LOAD_BALANCER: &str = "app/awseb--AWSEB-1/50dc6c495c0c9188";

fn metric(name: &str, dimensions: &[(&str, &str)]) -> AlarmMetric {
    AlarmMetric {
        id: None,
        namespace: "AWS/ApplicationELB".into(),
        name: name.into(),
        dimensions: dimensions.iter().map(|(name, value)| (Arc::from(*name), Arc::from(*value))).collect(),
        statistic: "Sum".into(),
        period: 60,
        is_judged: true,
    }
}

/// An alarm in ALARM on a load balancer.
fn on(balancer: &str) -> Alarm {
    let metrics = vec![metric("HTTPCode_ELB_5XX_Count", &[("LoadBalancer", balancer)])];
    Alarm { metrics, ..Alarm::new(SCOPE, "errors", AlarmState::Alarm) }
}

#[rustfmt::skip]
pub const ALARM_CASES: &[Case] = &[
    case("alarm-raised", "on its load balancer", Found(Warning), |it| it.raised(&[on(LOAD_BALANCER)])),
    case("alarm-raised", "a composite one on that", Found(Warning), |it| {
        let rule = Some("ALARM(\"errors\")".into());
        it.raised(&[on(LOAD_BALANCER), Alarm { rule, ..Alarm::new(SCOPE, "all", AlarmState::Alarm) }]);
    }),
    case("alarm-raised", "none", Clear, |_| ()),
    case("alarm-raised", "on another load balancer", Clear, |it| it.raised(&[on("app/other/1")])),
    case("alarm-raised", "one that scales", Clear, |it| {
        let policy = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:0a:autoScalingGroupName/web:policyName/down";
        it.raised(&[Alarm { actions: vec![policy.into()], ..on(LOAD_BALANCER) }]);
    }),
    case("alarm-raised", "denied", Undecided, |it| it.doubt(Source::RaisedAlarms(SCOPE), DENIED)),
    case("alarm-raised", "denied, and in ALARM before", Found(Warning), |it| {
        it.raised(&[on(LOAD_BALANCER)]);
        it.doubt(Source::RaisedAlarms(SCOPE), DENIED);
    }),
];

#[test]
fn the_dimension_is_the_tail_of_the_arn() {
    assert!(BALANCER.ends_with(LOAD_BALANCER));
}
