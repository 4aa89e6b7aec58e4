//! An alarm that is created.

use beanpole::change::NewAlarm;
use beanpole::model::{AlarmEvaluation, AlarmMetric};

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
