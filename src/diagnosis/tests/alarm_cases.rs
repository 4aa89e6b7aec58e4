//! For each check of alarms one state on each side of each of its thresholds, and one in which it is undecided.

use std::sync::Arc;

use super::cases::{Case, DENIED, case};
use super::objects::{BALANCER, SCOPE, ago, group};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Info, Warning};
use crate::model::{Alarm, AlarmEvaluation, AlarmMetric, AlarmState, Source};

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

const GROUP: &str = "targetgroup/awseb-AWSEB-1/73e2d6bc24d8a067";

/// One alarm beside the two of the stage, OK, on these dimensions.
fn beside(stage: &mut Stage, metric: AlarmMetric, change: fn(&mut Alarm)) {
    let evaluation = AlarmEvaluation {
        periods: 2,
        datapoints: None,
        threshold: Some(0.0),
        comparison: "GreaterThanThreshold".into(),
        missing: Some("notBreaching".into()),
    };
    let metrics = vec![metric];
    let mut it = Alarm { metrics, evaluation: Some(evaluation), ..Alarm::new(SCOPE, "extra", AlarmState::Ok) };
    change(&mut it);
    stage.alarms(&[hosts(), errors(), it]);
}

fn on_group(name: &str, statistic: &str) -> AlarmMetric {
    let metric = metric(name, &[("LoadBalancer", LOAD_BALANCER), ("TargetGroup", GROUP)]);
    AlarmMetric { statistic: statistic.into(), ..metric }
}

fn on_balancer(name: &str) -> AlarmMetric {
    metric(name, &[("LoadBalancer", LOAD_BALANCER)])
}

/// The alarms of the healthy stage.
pub fn hosts() -> Alarm {
    let metrics = vec![on_group("UnHealthyHostCount", "Minimum")];
    Alarm { metrics, ..Alarm::new(SCOPE, "hosts", AlarmState::Ok) }
}

pub fn errors() -> Alarm {
    let metrics = vec![on_balancer("HTTPCode_ELB_5XX_Count")];
    Alarm { metrics, ..Alarm::new(SCOPE, "5xx", AlarmState::Ok) }
}

fn without_data(stage: &mut Stage, days: u64) {
    let mut it = Alarm { since: Some(ago(days * 86_400)), ..hosts() };
    it.state = AlarmState::InsufficientData;
    stage.alarms(&[it, errors()]);
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

    case("alarm-cannot-fire", "all as they should be", Clear, |_| ()),
    case("alarm-cannot-fire", "names of a Classic Load Balancer", Found(Warning), |it| {
        let classic = metric("Latency", &[("LoadBalancerName", "awseb--AWSEB-1")]);
        beside(it, AlarmMetric { namespace: "AWS/ELB".into(), ..classic }, |_| ());
    }),
    case("alarm-cannot-fire", "misspelt", Found(Warning), |it| beside(it, on_group("UnhealthyHostCount", "Minimum"), |_| ())),
    case("alarm-cannot-fire", "a metric that is newer than we are", Clear, |it| beside(it, on_group("BrandNewThings", "Sum"), |_| ())),
    case("alarm-cannot-fire", "hosts without a target group", Found(Warning), |it| {
        let metric = AlarmMetric { statistic: "Minimum".into(), ..on_balancer("HealthyHostCount") };
        beside(it, metric, |_| ());
    }),
    case("alarm-cannot-fire", "requests with and without one", Clear, |it| beside(it, on_group("RequestCount", "Sum"), |_| ())),
    case("alarm-cannot-fire", "errors of the load balancer by target group", Found(Warning), |it| {
        beside(it, on_group("HTTPCode_ELB_502_Count", "Sum"), |_| ());
    }),
    case("alarm-cannot-fire", "a dimension that it does not have", Found(Warning), |it| {
        beside(it, metric("RequestCount", &[("LoadBalancer", LOAD_BALANCER), ("Color", "red")]), |_| ());
    }),
    case("alarm-cannot-fire", "the average of a count", Found(Warning), |it| {
        beside(it, AlarmMetric { statistic: "Average".into(), ..on_balancer("RejectedConnectionCount") }, |_| ());
    }),
    case("alarm-cannot-fire", "a percentile of times", Clear, |it| beside(it, on_group("TargetResponseTime", "p99.9"), |_| ())),
    case("alarm-cannot-fire", "a target group that is gone", Found(Warning), |it| {
        let gone = [("LoadBalancer", LOAD_BALANCER), ("TargetGroup", "targetgroup/old/1")];
        beside(it, metric("RequestCount", &gone), |_| ());
    }),
    case("alarm-cannot-fire", "a load balancer that is gone, by its name", Found(Warning), |it| {
        beside(it, metric("RequestCount", &[("LoadBalancer", "app/old/1")]), |it| it.name = "web-requests".into());
    }),
    case("alarm-cannot-fire", "a load balancer that is gone, of others", Clear, |it| {
        beside(it, metric("RequestCount", &[("LoadBalancer", "app/old/1")]), |it| it.name = "api-requests".into());
    }),
    case("alarm-cannot-fire", "denied", Undecided, |it| it.doubt(Source::Alarms(SCOPE), DENIED)),

    case("alarm-without-data", "for two days", Found(Warning), |it| without_data(it, 2)),
    case("alarm-without-data", "for one day", Clear, |it| without_data(it, 1)),
    case("alarm-without-data", "without a target", Clear, |it| {
        without_data(it, 9);
        it.targets(&[]);
    }),
    case("alarm-without-data", "of errors, which there need not be", Clear, |it| {
        let errors = Alarm { since: Some(ago(9 * 86_400)), state: AlarmState::InsufficientData, ..errors() };
        it.alarms(&[hosts(), errors]);
    }),
    case("alarm-without-data", "the targets are not known", Undecided, |it| {
        without_data(it, 2);
        it.doubt(Source::TargetHealth(group()), DENIED);
    }),

    case("alarm-missing-data", "missing, on errors", Found(Info), |it| {
        beside(it, on_balancer("HTTPCode_ELB_5XX_Count"), |it| it.evaluation.as_mut().unwrap().missing = None);
    }),
    case("alarm-missing-data", "notBreaching, on errors", Clear, |it| beside(it, on_balancer("HTTPCode_ELB_5XX_Count"), |_| ())),
    case("alarm-missing-data", "breaching, on hosts", Clear, |it| {
        beside(it, on_group("HealthyHostCount", "Minimum"), |it| it.evaluation.as_mut().unwrap().missing = Some("breaching".into()));
    }),
    case("alarm-missing-data", "denied", Undecided, |it| it.doubt(Source::Alarms(SCOPE), DENIED)),

    case("no-alarm", "on both", Clear, |_| ()),
    case("no-alarm", "none at all", Found(Info), |it| it.alarms(&[])),
    case("no-alarm", "none on hosts", Found(Info), |it| it.alarms(&[errors()])),
    case("no-alarm", "none on errors", Found(Info), |it| it.alarms(&[hosts()])),
    case("no-alarm", "denied", Undecided, |it| it.doubt(Source::Alarms(SCOPE), DENIED)),
];

#[test]
fn the_dimension_is_the_tail_of_the_arn() {
    assert!(BALANCER.ends_with(LOAD_BALANCER));
}
