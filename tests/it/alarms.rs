//! Alarms, and the rules that mute them: over the wire, through the SDK, against a region that is strict about them.

use std::sync::Arc;
use std::time::Duration;

use beanpole::aws::apply::Sent;
use beanpole::aws::look;
use beanpole::change::writes::PUT_ALARM_MUTE_RULE;
use beanpole::change::{ApiCall, MUTE_RULE_PREFIX, Mute, Parameter, unmute};
use beanpole::model::{AlarmState, AlarmSubjects, Covers, FaultKind, MuteStatus};

use crate::support::Stage;

const SCENARIO: &str = scenario!(
    "alarms of two environments, which share nothing",
    environment!("web", instances = 2),
    environment!("api", instances = 1),
    alarm!(
        "web-hosts",
        "UnHealthyHostCount",
        statistic = "Maximum",
        target_group = "web",
        threshold = 0.0,
        state = "ALARM",
        since = "3m",
        action = "notify",
    ),
    alarm!(
        "web-errors",
        "HTTPCode_Target_5XX_Count",
        target_group = "web",
        expression = "100 * m1 / 60",
        threshold = 5.0,
    ),
    alarm!("web-health", "EnvironmentHealth", environment = "web", threshold = 15.0, state = "INSUFFICIENT_DATA"),
    alarm!("web-scaling", "RequestCountPerTarget", target_group = "web", threshold = 1000.0, action = "scale"),
    alarm!("api-hosts", "UnHealthyHostCount", target_group = "api", threshold = 0.0),
);

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

fn mute(stage: &Stage, alarms: &[&str], minutes: u32) -> Mute {
    Mute {
        rule: "beanpole-e-1".into(),
        description: "a deploy".into(),
        alarms: alarms.iter().map(|name| (*name).into()).collect(),
        from: stage.now(),
        minutes,
    }
}

async fn accepted(stage: &Stage, call: &ApiCall) {
    let sent = stage.send(call).await;
    assert!(matches!(sent, Sent::Accepted { .. }), "{call:?}: {sent:?}");
}

async fn status(stage: &Stage) -> Option<MuteStatus> {
    look::mute_rule(&stage.session, "beanpole-e-1", &|| stage.now()).await.unwrap().map(|rule| rule.status)
}

#[tokio::test(start_paused = true)]
async fn the_alarms_of_an_environment_are_those_that_look_at_something_of_it() {
    let stage = stage();
    let (alarms, covers) = look::alarms(&stage.session, &|| stage.now()).await.unwrap();
    assert!(matches!(covers, Covers::All));
    let named = |name: &str| alarms.iter().find(|alarm| &*alarm.name == name).unwrap();
    let group = named("web-hosts").metrics[0].dimensions.iter().find(|(name, _)| &**name == "TargetGroup").unwrap();
    let subjects = AlarmSubjects {
        environment: "web".into(),
        target_groups: vec![format!("arn:aws:elasticloadbalancing:eu-west-1:1:{}", group.1).into()],
        ..AlarmSubjects::default()
    };
    let ours: Vec<_> = alarms.iter().filter(|alarm| alarm.concerns(&subjects)).map(|alarm| &*alarm.name).collect();
    assert_eq!(ours, ["web-hosts", "web-errors", "web-health", "web-scaling"]);
    let scaling: Vec<_> = alarms.iter().filter(|alarm| alarm.scales()).map(|alarm| &*alarm.name).collect();
    assert_eq!(scaling, ["web-scaling"]);
    assert_eq!(
        (&named("web-hosts").state, &named("web-health").state),
        (&AlarmState::Alarm, &AlarmState::InsufficientData)
    );
    assert_eq!(stage.now().since(named("web-hosts").since.unwrap()), Duration::from_mins(3));
    assert!(named("web-hosts").key.id.ends_with(":alarm:web-hosts") && named("web-hosts").actions_enabled);
    assert_eq!(&*named("web-health").metrics[0].namespace, "AWS/ElasticBeanstalk");
    assert_eq!(&*named("web-errors").metrics[0].name, "HTTPCode_Target_5XX_Count", "by its expression");
}

#[tokio::test(start_paused = true)]
async fn a_mute_begins_at_once_ends_by_itself_and_is_read_back_whole() {
    let stage = stage();
    let it = mute(&stage, &["web-hosts", "web-errors"], 60);
    accepted(&stage, &it.call()).await;
    let (rules, covers) = look::mute_rules(&stage.session, MUTE_RULE_PREFIX, &|| stage.now()).await.unwrap();
    assert!(matches!(covers, Covers::All));
    let [rule] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!((&*rule.name, &rule.status), ("beanpole-e-1", &MuteStatus::Active));
    assert_eq!(rule.alarms.as_ref().unwrap(), &it.alarms);
    assert_eq!((rule.until(), rule.expires), (Some(it.until()), Some(it.until())));
    assert!(rule.mutes("web-hosts") && !rule.mutes("api-hosts"));
    tokio::time::advance(Duration::from_mins(59)).await;
    assert_eq!(status(&stage).await, Some(MuteStatus::Active));
    tokio::time::advance(Duration::from_mins(2)).await;
    assert_eq!(status(&stage).await, Some(MuteStatus::Expired));
    let (rules, _) = look::mute_rules(&stage.session, MUTE_RULE_PREFIX, &|| stage.now()).await.unwrap();
    assert_eq!(rules, [], "one that is over is not listed");
}

#[tokio::test(start_paused = true)]
async fn it_is_replaced_by_its_name_and_ended_by_its_name_twice_if_need_be() {
    let stage = stage();
    accepted(&stage, &mute(&stage, &["web-hosts"], 60).call()).await;
    let later = Mute { minutes: 120, ..mute(&stage, &["web-errors"], 60) };
    accepted(&stage, &later.call()).await;
    let rule = look::mute_rule(&stage.session, "beanpole-e-1", &|| stage.now()).await.unwrap().unwrap();
    assert_eq!((rule.alarms.unwrap(), rule.expires), (later.alarms.clone(), Some(later.until())));
    for _ in 0..2 {
        accepted(&stage, &unmute("beanpole-e-1")).await;
        assert_eq!(status(&stage).await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn rules_of_others_are_left_out_by_their_names() {
    let stage = stage();
    let of_others = Mute { rule: "nightly".into(), ..mute(&stage, &["web-hosts"], 60) };
    accepted(&stage, &of_others.call()).await;
    let names = async |prefix: &str| {
        let (rules, _) = look::mute_rules(&stage.session, prefix, &|| stage.now()).await.unwrap();
        rules.into_iter().map(|rule| rule.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(MUTE_RULE_PREFIX).await, [""; 0]);
    assert_eq!(names("").await, ["nightly"]);
}

/// The call of a mute with one parameter put in another's place.
fn with(stage: &Stage, path: &[&'static str], value: Parameter) -> ApiCall {
    fn put(
        fields: &[(&'static str, Parameter)],
        path: &[&'static str],
        value: Parameter,
    ) -> Vec<(&'static str, Parameter)> {
        let mut fields = fields.to_vec();
        let (first, rest) = path.split_first().unwrap();
        let place = fields.iter().position(|(name, _)| name == first);
        match (place, rest) {
            (Some(place), []) => fields[place].1 = value,
            (None, []) => fields.push((*first, value)),
            (Some(place), rest) => {
                let Parameter::Structure(inside) = &fields[place].1 else { panic!("{first}") };
                fields[place].1 = Parameter::Structure(put(inside, rest, value));
            }
            (None, _) => panic!("{first} is not there"),
        }
        fields
    }
    let call = mute(stage, &["web-hosts"], 60).call();
    ApiCall::checked(&PUT_ALARM_MUTE_RULE, put(call.parameters(), path, value)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_aws_would_not_accept_is_refused_and_changes_nothing() {
    let stage = stage();
    let text = |text: &str| Parameter::Text(text.to_owned());
    let many = Parameter::List((0..101).map(|_| text("web-hosts")).collect());
    let schedule = |name| ["Rule", "Schedule", name];
    let table = [
        (with(&stage, &["Name"], text(&"n".repeat(256))), "Name"),
        (with(&stage, &["Name"], text("")), "Name"),
        (with(&stage, &["Description"], text(&"d".repeat(1025))), "Description"),
        (with(&stage, &schedule("Expression"), text("rate(5 minutes)")), "expression"),
        (with(&stage, &schedule("Duration"), text("PT30S")), "PT1M"),
        (with(&stage, &schedule("Duration"), text("P16D")), "P15D"),
        (with(&stage, &schedule("Timezone"), text("Mars")), "time zone"),
        (with(&stage, &["MuteTargets", "AlarmNames"], many), "100"),
        (with(&stage, &["MuteTargets", "AlarmNames"], Parameter::List(vec![text("gone")])), "gone does not exist"),
        (with(&stage, &["ExpireDate"], text("2020-01-01T00:00:00Z")), "ExpireDate"),
    ];
    for (call, what) in table {
        let Sent::Refused(fault) = stage.send(&call).await else { panic!("{what} was accepted: {call:?}") };
        assert_eq!((fault.kind, fault.operation), (FaultKind::Invalid, "PutAlarmMuteRule"));
        assert!(fault.message.contains(what), "{what}: {}", fault.message);
        assert_eq!(status(&stage).await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_starts_later_waits() {
    let stage = stage();
    let start = stage.now().plus(Duration::from_mins(30));
    let call = with(&stage, &["StartDate"], Parameter::Text(start.0.to_string()));
    accepted(&stage, &call).await;
    assert_eq!(status(&stage).await, Some(MuteStatus::Scheduled));
    tokio::time::advance(Duration::from_mins(31)).await;
    assert_eq!(status(&stage).await, Some(MuteStatus::Active));
}

#[tokio::test(start_paused = true)]
async fn more_alarms_and_rules_than_a_page_holds_are_all_read() {
    let more: String = (0..230).fold(String::new(), |text, number| {
        text + &format!(
            "[[alarm]]\nname = \"more-{number:03}\"\nmetric = \"X\"\nenvironment = \"web\"\nthreshold = 1.0\n"
        )
    });
    let stage = Stage::written(&format!("{SCENARIO}{more}"));
    let (read, covers) = look::alarms(&stage.session, &|| stage.now()).await.unwrap();
    assert_eq!((read.len(), matches!(covers, Covers::All)), (235, true));
    for number in 0..120 {
        let rule = Arc::from(format!("beanpole-{number:03}"));
        accepted(&stage, &Mute { rule, ..mute(&stage, &["web-hosts"], 60) }.call()).await;
    }
    stage.world.clear_calls();
    let (rules, _) = look::mute_rules(&stage.session, "beanpole-11", &|| stage.now()).await.unwrap();
    assert_eq!(rules.len(), 10);
    let listed = stage.world.calls().iter().filter(|call| call.operation == "ListAlarmMuteRules").count();
    assert_eq!(listed, 2);
}
