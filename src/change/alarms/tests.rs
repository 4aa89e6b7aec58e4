//! Alarms that are created: which are missing, what is sent, and which live alarm is the same.

use std::sync::Arc;

use super::*;
use crate::change::{ApiCall, EnvironmentState, Guard, LookUp, LookUpVerdict, Operation, OperationKind, Subject, Work};
use crate::model::{
    Alarm, AlarmEvaluation, AlarmMetric, AlarmState, AlarmSubjects, Environment, EnvironmentAlarms, EnvironmentStatus,
    HealthStatus, Key, ScopeId,
};

const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/awseb--1/50dc";
const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-web/73e2";
const OTHER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-chat/84f3";

fn environment() -> Environment {
    Environment {
        health_status: Some(HealthStatus::Ok),
        ..Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::Ready)
    }
}

fn found(groups: &[&str], alarms: Vec<Alarm>) -> EnvironmentAlarms {
    let subjects = AlarmSubjects {
        environment: "web".into(),
        load_balancers: vec![BALANCER.into()],
        target_groups: groups.iter().map(|arn| Arc::from(*arn)).collect(),
        instances: Vec::new(),
    };
    EnvironmentAlarms { alarms, subjects, ..EnvironmentAlarms::default() }
}

/// The alarm as AWS would list it.
fn live(new: &NewAlarm) -> Alarm {
    Alarm {
        description: new.description.clone(),
        metrics: new.metrics.clone(),
        expressions: new.expressions.clone(),
        evaluation: Some(new.evaluation.clone()),
        actions_enabled: new.actions_enabled,
        actions: new.actions.clone(),
        ok_actions: new.ok_actions.clone(),
        insufficient_actions: new.insufficient_actions.clone(),
        ..Alarm::new(ScopeId(0), &new.name, AlarmState::Ok)
    }
}

fn classic(name: &str, dimensions: &[(&str, &str)]) -> Alarm {
    let metric = AlarmMetric {
        id: None,
        namespace: CLASSIC_NAMESPACE.into(),
        name: name.into(),
        dimensions: dimensions.iter().map(|(name, value)| (Arc::from(*name), Arc::from(*value))).collect(),
        statistic: "Average".into(),
        period: 60,
        is_judged: true,
    };
    let evaluation = AlarmEvaluation {
        periods: 3,
        datapoints: Some(2),
        threshold: Some(0.5),
        comparison: "GreaterThanThreshold".into(),
        missing: None,
    };
    let (metrics, evaluation) = (vec![metric], Some(evaluation));
    Alarm { metrics, evaluation, actions: vec!["arn:t".into()], ..Alarm::new(ScopeId(0), "old", AlarmState::Ok) }
}

fn names(all: &[RecommendedAlarm]) -> Vec<&str> {
    all.iter().map(|it| &*it.alarm.name).collect()
}

#[test]
fn recommended_alarms_are_those_that_no_alarm_of_the_environment_covers() {
    let all = missing_alarms(&environment(), &found(&[GROUP], Vec::new()));
    let expected = [
        "beanpole-web-unhealthy-hosts",
        "beanpole-web-no-healthy-host",
        "beanpole-web-elb-5xx",
        "beanpole-web-target-5xx",
        "beanpole-web-p99-latency",
        "beanpole-web-connection-errors",
        "beanpole-web-rejected-connections",
        "beanpole-web-fail-open",
        "beanpole-web-health",
    ];
    assert_eq!(names(&all), expected);
    assert!(all.iter().all(|it| it.alarm.call().check() == Ok(())), "AWS takes each");
    let created: Vec<_> = all.iter().map(|it| live(&it.alarm)).collect();
    assert_eq!(missing_alarms(&environment(), &found(&[GROUP], created.clone())), [], "once they are there");
    let without = created.iter().filter(|alarm| &*alarm.name != expected[0]).cloned().collect();
    assert_eq!(names(&missing_alarms(&environment(), &found(&[GROUP], without))), [expected[0]]);
    // Each target group needs its own; what looks at another one does not count.
    let two = missing_alarms(&environment(), &found(&[GROUP, OTHER], created));
    assert_eq!(two.len(), 6, "{:?}", names(&two));
    assert!(two.iter().all(|it| it.alarm.name.starts_with("beanpole-web-awseb-chat-")), "{:?}", names(&two));
    let basic = Environment { health_status: None, ..environment() };
    assert!(!names(&missing_alarms(&basic, &found(&[GROUP], Vec::new()))).contains(&"beanpole-web-health"));
    let nothing = EnvironmentAlarms::default();
    assert_eq!(names(&missing_alarms(&environment(), &nothing)), ["beanpole-web-health"], "without a load balancer");
}

#[test]
fn an_alarm_is_a_call_and_a_command() {
    let all = missing_alarms(&environment(), &found(&[GROUP], Vec::new()));
    let hosts = NewAlarm { actions: vec!["arn:aws:sns:eu-west-1:1:alerts".into()], ..all[0].alarm.clone() };
    assert_eq!(
        hosts.call().command(&[]),
        "aws cloudwatch put-metric-alarm --alarm-name beanpole-web-unhealthy-hosts --alarm-description 'Made by \
         beanpole: a target fails its health check for two minutes.' --actions-enabled --alarm-actions \
         '[\"arn:aws:sns:eu-west-1:1:alerts\"]' --metric-name UnHealthyHostCount --namespace AWS/ApplicationELB \
         --dimensions Name=TargetGroup,Value=targetgroup/awseb-web/73e2 Name=LoadBalancer,Value=app/awseb--1/50dc \
         --statistic Minimum --period 60 --evaluation-periods 2 --threshold 0 --comparison-operator \
         GreaterThanThreshold --treat-missing-data missing"
    );
    let share = serde_json::to_value(all[3].alarm.call()).unwrap();
    let queries = &share["parameters"]["Metrics"];
    assert_eq!(queries[0]["Expression"], "IF(requests >= 100, 100 * FILL(errors, 0) / requests, 0)");
    assert_eq!(queries[1]["MetricStat"]["Metric"]["MetricName"], "HTTPCode_Target_5XX_Count");
    assert_eq!(share["parameters"]["Threshold"], 1.0);
    let written = serde_json::to_string(&all[3].alarm.call()).unwrap();
    assert_eq!(serde_json::from_str::<ApiCall>(&written).unwrap(), all[3].alarm.call());
    let summaries: Vec<_> = all.iter().map(|it| it.alarm.summary()).take(4).collect();
    assert_eq!(
        summaries,
        [
            "UnHealthyHostCount Minimum > 0, 2 x 60 s",
            "HealthyHostCount Maximum < 1, 2 x 60 s",
            "HTTPCode_ELB_5XX_Count Sum > 0, 1 x 300 s",
            "percent of the answers that are 5xx > 1, 1 x 300 s"
        ]
    );
}

#[test]
fn a_live_alarm_is_the_same_whatever_is_written_out_of_what_is_assumed() {
    let wanted = missing_alarms(&environment(), &found(&[GROUP], Vec::new()))[0].alarm.clone();
    let same = live(&wanted);
    let change = |change: fn(&mut Alarm)| {
        let mut it = same.clone();
        change(&mut it);
        wanted.is_same(&it)
    };
    assert!(wanted.is_same(&same));
    assert!(change(|it| it.metrics[0].dimensions.reverse()));
    assert!(change(|it| it.evaluation.as_mut().unwrap().missing = None));
    assert!(change(|it| it.evaluation.as_mut().unwrap().datapoints = Some(2)));
    assert!(!change(|it| it.evaluation.as_mut().unwrap().datapoints = Some(1)));
    assert!(!change(|it| it.evaluation.as_mut().unwrap().threshold = Some(1.0)));
    assert!(!change(|it| it.evaluation = None));
    assert!(!change(|it| it.metrics[0].statistic = "Maximum".into()));
    assert!(!change(|it| it.actions.push("arn:x".into())));
    assert!(!change(|it| it.actions_enabled = false));
    assert!(!change(|it| it.description = None));
    assert!(!change(|it| it.name = "other".into()));
}

#[test]
fn an_alarm_on_a_classic_metric_has_the_equivalent_of_the_table_or_a_reason() {
    let subjects = found(&[GROUP, OTHER], Vec::new()).subjects;
    let old = [("LoadBalancerName", "awseb-e-w-AWSEBLoa-1"), ("AvailabilityZone", "eu-west-1a")];
    let one = |name: &str| translated(&classic(name, &old), &subjects);
    for (name, expected) in [
        ("Latency", "TargetResponseTime"),
        ("HTTPCode_Backend_5XX", "HTTPCode_Target_5XX_Count"),
        ("HTTPCode_ELB_4XX", "HTTPCode_ELB_4XX_Count"),
        ("BackendConnectionErrors", "TargetConnectionErrorCount"),
        ("SpilloverCount", "RejectedConnectionCount"),
    ] {
        let [new] = one(name).unwrap().try_into().unwrap();
        assert_eq!((&*new.name, &*new.metrics[0].name), ("old-alb", expected));
        assert_eq!(&*new.metrics[0].namespace, APPLICATION_NAMESPACE);
        let dimension = |name: &str| new.metrics[0].dimension(name).map(|it| &**it);
        assert_eq!((dimension("LoadBalancer"), dimension("TargetGroup")), (Some("app/awseb--1/50dc"), None));
        assert_eq!((dimension("AvailabilityZone"), dimension("LoadBalancerName")), (Some("eu-west-1a"), None));
        assert_eq!((new.evaluation.threshold, new.actions.len()), (Some(0.5), 1), "the rest stays");
        assert_eq!(new.call().check(), Ok(()));
    }
    let hosts = one("UnHealthyHostCount").unwrap();
    assert_eq!(hosts.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["old-awseb-web-alb", "old-awseb-chat-alb"]);
    assert!(hosts.iter().all(|it| it.metrics[0].dimension("TargetGroup").is_some()));
    assert!(one("SurgeQueueLength").unwrap_err().contains("TargetResponseTime p99"));
    assert_eq!(one("MadeUpCount").unwrap_err(), "MadeUpCount has no equivalent");
    let composite = Alarm { evaluation: None, ..classic("Latency", &old) };
    assert!(translated(&composite, &subjects).unwrap_err().contains("composite"));
    let none = translated(&classic("Latency", &old), &AlarmSubjects::default()).unwrap_err();
    assert!(none.contains("no Application Load Balancer"), "{none}");
}

#[test]
fn an_alarm_is_named_after_an_environment_by_whole_words_and_the_longest_name() {
    let others = ["shop", "shop-admin", "api"];
    for (alarm, environment, expected) in [
        ("shop-latency", "shop", true),
        ("shop-admin-latency", "shop", false),
        ("shop-admin-latency", "shop-admin", true),
        ("workshop-latency", "shop", false),
        ("latency of api", "api", true),
        ("apis", "api", false),
    ] {
        assert_eq!(is_named_after(alarm, environment, others), expected, "{alarm} {environment}");
    }
}

#[test]
fn the_action_is_that_of_most_siblings_and_never_one_that_scales() {
    let with = |actions: &[&str]| Alarm {
        actions: actions.iter().map(|it| Arc::from(*it)).collect(),
        ..Alarm::new(ScopeId(0), "x", AlarmState::Ok)
    };
    let policy = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:0a:policyName/up";
    assert_eq!(sibling_action(&[]), None);
    assert_eq!(sibling_action(&[with(&[policy])]), None);
    let all = [with(&["arn:b"]), with(&["arn:a"]), with(&["arn:b", "arn:a"]), with(&["arn:b"]), with(&[policy])];
    assert_eq!(sibling_action(&all).as_deref(), Some("arn:b"));
    assert_eq!(sibling_action(&all[..2]).as_deref(), Some("arn:a"), "of equals the first by name");
}

#[test]
fn creating_and_deleting_alarms_are_each_other_s_way_back() {
    let alarms: Vec<_> =
        missing_alarms(&environment(), &found(&[GROUP], Vec::new())).into_iter().map(|it| it.alarm).take(2).collect();
    let subject = Subject::from(&environment());
    let ready = EnvironmentState::from(&environment());
    let mut creation = Operation::single(subject, ready, Work::CreateAlarms { alarms: alarms.clone() });
    assert_eq!((creation.kind, creation.is_dangerous), (OperationKind::CreateAlarms, false));
    assert_eq!(creation.calls().iter().map(ApiCall::operation).collect::<Vec<_>>(), ["PutMetricAlarm"; 2]);
    assert_eq!(creation.steps[0].work.guards(), [Guard::Alarms(alarms.clone())]);
    let alarm = Box::new(alarms[1].clone());
    assert_eq!(creation.sendings(0)[1].look_up, LookUp::Alarm { alarm, is_there: true });
    let change = &creation.changes()[0];
    let after = Some("UnHealthyHostCount Minimum > 0, 2 x 60 s");
    assert_eq!(
        (&*change.key, change.before.as_deref(), change.after.as_deref()),
        ("alarm:beanpole-web-unhealthy-hosts", None, after)
    );
    assert_eq!(creation.back(), None, "nothing was created yet");
    creation.id = Some("7".into());
    creation.record(0, "partial", None, None);
    let mut deletion = creation.back().unwrap();
    assert_eq!((deletion.kind, deletion.undoes.as_deref()), (OperationKind::DeleteAlarms, Some("7")));
    assert_eq!(deletion.calls().iter().map(ApiCall::operation).collect::<Vec<_>>(), ["DeleteAlarms"; 2]);
    assert_eq!(deletion.changes()[0].after, None);
    deletion.record(0, "applied", None, None);
    assert_eq!(deletion.back().unwrap().steps[0].work, Work::CreateAlarms { alarms: alarms.clone() });
    // As they are just before they are sent.
    let both: Vec<_> = alarms.iter().map(live).collect();
    let other = Alarm { actions_enabled: false, ..live(&alarms[0]) };
    let verdict = |of: &Operation, live: &[Alarm]| match of.alarms_as_seen(0, &alarms, live) {
        LookUpVerdict::Pass => "pass",
        LookUpVerdict::Done(_) => "done",
        LookUpVerdict::Wait(_) => "wait",
        LookUpVerdict::Stop(outcome) => outcome.word(),
    };
    for (live, created, deleted) in [
        (&[][..], "pass", "done"),
        (&both[..1], "pass", "pass"),
        (&both[..], "done", "pass"),
        (&[other], "conflict", "conflict"),
    ] {
        assert_eq!((verdict(&creation, live), verdict(&deletion, live)), (created, deleted), "{live:?}");
    }
    let written = serde_json::to_string(&creation).unwrap();
    assert_eq!(serde_json::from_str::<Operation>(&written).unwrap().steps[0].work, creation.steps[0].work);
}
