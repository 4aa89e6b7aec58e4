//! An alarm that is created, and one that goes to another state.

use beanpole::change::NewAlarm;
use beanpole::model::{AlarmEvaluation, AlarmMetric};
use beanpole::sim::{Faults, Policy};

use super::{Harness, somebody};

/// One on the health of an environment.
pub fn on_health(environment: &str) -> NewAlarm {
    let metric = AlarmMetric {
        id: None,
        namespace: "AWS/ElasticBeanstalk".into(),
        name: "EnvironmentHealth".into(),
        dimensions: vec![("EnvironmentName".into(), environment.into())],
        statistic: "Maximum".into(),
        period: 60,
        is_judged: true,
    };
    NewAlarm {
        name: format!("{environment}-health").into(),
        description: None,
        metrics: vec![metric],
        expressions: Vec::new(),
        evaluation: AlarmEvaluation {
            periods: 2,
            datapoints: None,
            threshold: Some(15.0),
            comparison: "GreaterThanThreshold".into(),
            missing: None,
        },
        actions_enabled: true,
        actions: Vec::new(),
        ok_actions: Vec::new(),
        insufficient_actions: Vec::new(),
    }
}

/// Another client sets an alarm to a state, with permissions that beanpole has no need of.
pub fn set_alarm(harness: &Harness, name: &str, state: &str) {
    let form = "Action=SetAlarmState&Version=2010-08-01&StateReason=a+test";
    let world = &harness.stage.world;
    let ours = world.faults();
    world.set_faults(Faults { policy: Policy::everything(), ..ours.clone() });
    let answer = somebody::ask(world, "monitoring", &format!("{form}&AlarmName={name}&StateValue={state}"));
    assert!(answer.contains("SetAlarmStateResponse"), "{answer}");
    world.set_faults(ours);
}
