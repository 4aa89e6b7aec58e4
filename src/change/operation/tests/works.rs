//! Each kind of write as one row: its words, its guards, its calls, its look-up, and its changes.

use std::sync::Arc;
use std::time::Duration;

use super::super::*;
use crate::change::https::{Direction, HttpsSetup, HttpsStage};
use crate::change::{CnameSwap, InstanceLimits, LostWrite, Mute};
use crate::model::{Environment, Key, Moment, ScopeId};

pub fn subject() -> Subject {
    Subject { key: Key::new(ScopeId(0), "e-1"), name: "web".into(), application: "shop".into() }
}

pub fn state(status: EnvironmentStatus) -> EnvironmentState {
    EnvironmentState { abortable: status == EnvironmentStatus::Updating, status, version: Some("v1".into()) }
}

pub fn ready() -> EnvironmentState {
    state(EnvironmentStatus::Ready)
}

pub fn minute(number: u64) -> Moment {
    Moment::EPOCH.plus(Duration::from_mins(number))
}

pub fn mute() -> Mute {
    let (rule, description) = ("beanpole-e-1".into(), "a deploy".into());
    Mute { rule, description, alarms: vec!["web-5xx".into()], from: minute(10), minutes: 50 }
}

fn setup() -> HttpsSetup {
    HttpsSetup {
        route: Route::Elb,
        load_balancer: "arn:lb".into(),
        dns_name: "lb.example".into(),
        host: "shop.example.com".into(),
        certificate: "shop".into(),
        stages: vec![
            HttpsStage::Group { name: "opened".into(), vpc: "vpc-1".into(), description: "why".into() },
            HttpsStage::Attach { before: vec!["sg-1".into()] },
            HttpsStage::Probe,
        ],
        made: Vec::new(),
    }
}

pub fn sizes(min: u32, max: u32) -> InstanceLimits {
    InstanceLimits { min, max }
}

pub fn scale(from: (u32, u32), to: (u32, u32)) -> Work {
    Work::Scale { from: sizes(from.0, from.1), to: sizes(to.0, to.1) }
}

pub fn replace(last_of: Option<&str>) -> Work {
    Work::Replace { instance: "i-1".into(), last_of: last_of.map(Into::into) }
}

fn https(step: https::HttpsStep, direction: Direction) -> Work {
    Work::Https { step, direction }
}

fn swap() -> CnameSwap {
    let other = Subject { key: Key::new(ScopeId(0), "e-2"), name: "green".into(), application: "shop".into() };
    CnameSwap { other, own_cname: "web.example".into(), other_cname: "green.example".into() }
}

pub fn single(work: Work) -> Operation {
    Operation { setup: Some(setup()), ..Operation::single(subject(), ready(), work) }
}

/// What changes, as `key: before > after`.
fn changed(operation: &Operation) -> Vec<String> {
    let word = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    operation.changes().into_iter().map(|it| format!("{}: {} > {}", it.key, word(it.before), word(it.after))).collect()
}

#[test]
fn every_kind_of_write_has_its_word_and_what_it_sends() {
    use OperationKind as K;
    let deploy = || Work::Deploy { version: "v2".into(), replaces: Some("v1".into()) };
    let attach = || https(https::HttpsStep::Attach, Direction::There);
    let until = minute(60);
    for (work, kind, name, is_dangerous, calls, changes) in [
        (deploy(), K::Deploy, "deploy", true, &["UpdateEnvironment"][..], vec!["version_label: v1 > v2".to_owned()]),
        (
            Work::Abort,
            K::Abort,
            "abort",
            true,
            &["AbortEnvironmentUpdate"],
            vec!["status: Ready > Aborting".to_owned()],
        ),
        (Work::Restart, K::Restart, "restart", false, &["RestartAppServer"], vec![]),
        (
            Work::Swap(swap()),
            K::Swap,
            "swap",
            true,
            &["SwapEnvironmentCNAMEs"],
            vec![
                "cname:web: web.example > green.example".to_owned(),
                "cname:green: green.example > web.example".to_owned(),
            ],
        ),
        (
            replace(None),
            K::Replace,
            "replace",
            true,
            &["TerminateInstanceInAutoScalingGroup"],
            vec!["instance: i-1 > -".to_owned()],
        ),
        (
            scale((1, 4), (2, 4)),
            K::Scale,
            "scale",
            false,
            &["UpdateEnvironment"],
            vec!["MinSize: 1 > 2".to_owned(), "MaxSize: 4 > 4".to_owned()],
        ),
        (
            Work::Mute { mute: mute(), replaces: Some(minute(20)) },
            K::Mute,
            "mute",
            false,
            &["PutAlarmMuteRule"],
            vec![format!("alarms_muted_until: {} > {until}", minute(20))],
        ),
        (
            Work::Unmute { rule: "beanpole-e-1".into(), until },
            K::Unmute,
            "unmute",
            false,
            &["DeleteAlarmMuteRule"],
            vec![format!("alarms_muted_until: {until} > -")],
        ),
        (
            attach(),
            K::Https,
            "attach",
            true,
            &["SetSecurityGroups"],
            vec!["security group on the load balancer: sg-1 > sg-1, and the new one".to_owned()],
        ),
    ] {
        let operation = single(work.clone());
        assert_eq!((operation.kind, work.name()), (kind, name));
        let words = if kind == K::Https { "security group on the load balancer" } else { name };
        assert_eq!(work.to_string(), words);
        assert_eq!((operation.is_dangerous, work.is_dangerous()), (is_dangerous, is_dangerous), "{name}");
        assert_eq!(operation.calls_of(0).iter().map(ApiCall::operation).collect::<Vec<_>>(), calls, "{name}");
        assert_eq!(operation.calls(), operation.calls_of(0), "{name}");
        assert_eq!(changed(&operation), changes, "{name}");
        assert_eq!(operation.undertaking(0).is_some(), kind == K::Https, "{name}");
        assert_eq!((operation.calls_of(1), operation.undertaking(1).is_some()), (vec![], false), "there is one step");
        assert!(!work.is_probe() && !operation.sendings(0).iter().any(Sending::is_question), "{name}");
        let objects = operation.objects();
        assert_eq!((objects.0, objects.1.as_deref()), (None, Some("arn:lb")), "{name}");
        let is_found = work.is_found_by(&LookUp::Https(https::HttpsStep::Attach));
        assert_eq!(is_found, kind == K::Https, "{name}");
        assert!(!work.is_found_by(&LookUp::Https(https::HttpsStep::Group)), "{name}");
        assert_eq!((operation.rows().is_some(), operation.is_idle()), (false, false), "{name}");
    }
    let probe = single(https(https::HttpsStep::Probe, Direction::There));
    assert!(probe.steps[0].work.is_probe() && probe.calls().is_empty() && probe.changes().is_empty());
    assert!(!https(https::HttpsStep::Group, Direction::There).is_probe());
    // Without what is set up there is nothing of HTTPS to send.
    let without = Operation::single(subject(), ready(), attach());
    assert!(without.calls().is_empty() && without.changes().is_empty() && without.undertaking(0).is_none());
    assert_eq!(without.objects(), (None, None));
}

#[test]
fn what_is_sent_is_found_again_by_what_it_does() {
    let look_up = |work: Work| single(work).sendings(0).into_iter().map(|it| it.look_up).collect::<Vec<_>>();
    let update = |lost: LostWrite| vec![LookUp::Update(lost)];
    let deploy = Work::Deploy { version: "v2".into(), replaces: None };
    assert_eq!(look_up(deploy), update(LostWrite::Version { wanted: "v2".into(), before: Some("v1".into()) }));
    assert_eq!(look_up(Work::Abort), update(LostWrite::Abort));
    assert_eq!(look_up(Work::Restart), update(LostWrite::Restart));
    assert_eq!(look_up(Work::Swap(swap())), [LookUp::Swap(swap())]);
    assert_eq!(look_up(replace(None)), [LookUp::Instance("i-1".into())]);
    let [LookUp::Update(LostWrite::Options(targets))] = &*look_up(scale((1, 4), (1, 8))) else { panic!() };
    let reported: Vec<_> = targets.iter().map(|it| (&*it.name, it.before.as_deref(), it.after.as_deref())).collect();
    assert_eq!(reported, [("MinSize", Some("1"), Some("1")), ("MaxSize", Some("4"), Some("8"))]);
    let rule: Arc<str> = "beanpole-e-1".into();
    for replaces in [None, Some(minute(20))] {
        let found = look_up(Work::Mute { mute: mute(), replaces });
        let after = Some(minute(60));
        assert_eq!(found, [LookUp::MuteRule { rule: Arc::clone(&rule), before: replaces, after }]);
    }
    let found = look_up(Work::Unmute { rule: Arc::clone(&rule), until: minute(60) });
    assert_eq!(found, [LookUp::MuteRule { rule, before: Some(minute(60)), after: None }]);
    assert_eq!(look_up(https(https::HttpsStep::Group, Direction::Back)), [LookUp::Https(https::HttpsStep::Group)]);
}

#[test]
fn what_is_asked_just_before_it_is_sent_depends_on_the_kind() {
    let rule: Arc<str> = "beanpole-e-1".into();
    let status = || Guard::AsSeen(HangsOn::Status);
    let (from, to) = (sizes(1, 4), sizes(2, 8));
    let (step, direction) = (https::HttpsStep::Group, Direction::Back);
    for (work, guards) in [
        (Work::Deploy { version: "v2".into(), replaces: None }, vec![Guard::AsSeen(HangsOn::Version)]),
        (Work::Abort, vec![Guard::AsSeen(HangsOn::Abortable)]),
        (Work::Restart, vec![status()]),
        (Work::Swap(swap()), vec![status(), Guard::Cnames(swap())]),
        (replace(Some("web")), vec![status(), Guard::Spared("i-1".into())]),
        (scale((1, 4), (2, 8)), vec![status(), Guard::InstanceLimits { from, to }]),
        (
            Work::Mute { mute: mute(), replaces: Some(minute(20)) },
            vec![Guard::MuteRule { rule: Arc::clone(&rule), until: Some(minute(20)) }],
        ),
        (Work::Mute { mute: mute(), replaces: None }, vec![Guard::MuteRule { rule: Arc::clone(&rule), until: None }]),
        (
            Work::Unmute { rule: Arc::clone(&rule), until: minute(60) },
            vec![Guard::MuteRule { rule, until: Some(minute(60)) }],
        ),
        (https(step, direction), vec![Guard::Https { step, direction }]),
        (https(https::HttpsStep::Probe, Direction::There), vec![]),
    ] {
        assert_eq!(work.guards(), guards, "{work:?}");
    }
}

#[test]
fn what_makes_no_sense_in_a_status_is_refused_and_muting_never() {
    let rule = || Work::Unmute { rule: "beanpole-e-1".into(), until: minute(60) };
    let not_ready = "the environment is Updating, and takes an update only while it is Ready";
    let last = "i-1 is the last healthy one of web: without it no instance would serve requests";
    for (work, in_ready, in_updating) in [
        (Work::Deploy { version: "v2".into(), replaces: None }, None, Some(not_ready)),
        (Work::Abort, Some("there is nothing to abort: the environment is Ready, and no update is in progress"), None),
        (Work::Restart, None, Some(not_ready)),
        (Work::Swap(swap()), None, Some(not_ready)),
        (replace(None), None, Some(not_ready)),
        (replace(Some("web")), Some(last), Some(not_ready)),
        (scale((1, 4), (2, 8)), None, Some(not_ready)),
        (Work::Mute { mute: mute(), replaces: None }, None, None),
        (rule(), None, None),
        (https(https::HttpsStep::Group, Direction::There), None, None),
    ] {
        for (now, expected) in [(EnvironmentStatus::Ready, in_ready), (EnvironmentStatus::Updating, in_updating)] {
            let found = work.objection(&state(now.clone())).map(|it| it.to_string());
            assert_eq!(found.as_deref(), expected, "{work:?} {now:?}");
        }
    }
}

#[test]
fn fewer_instances_are_dangerous_and_the_same_number_is_nothing() {
    for (to, is_dangerous, is_idle) in
        [((1, 4), false, true), ((1, 3), true, false), ((1, 5), false, false), ((2, 4), false, false)]
    {
        let work = scale((1, 4), to);
        assert_eq!((work.is_dangerous(), work.is_idle()), (is_dangerous, is_idle), "{to:?}");
    }
    let two = Operation {
        steps: vec![scale((1, 4), (1, 4)), Work::Restart].into_iter().map(at_once).collect(),
        ..single(Work::Abort)
    };
    assert!(!two.is_idle(), "one of its steps changes something");
}

fn at_once(work: Work) -> Step {
    Step::new(work, Starts::AtOnce)
}

#[test]
fn kinds_are_their_words_and_some_go_step_by_step() {
    let stepwise = [OperationKind::Rollback, OperationKind::Https, OperationKind::HttpsBack];
    for kind in OperationKind::ALL {
        assert_eq!(OperationKind::named(kind.as_str()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert_eq!(kind.is_stepwise(), stepwise.contains(&kind), "{kind:?}");
        assert_eq!(kind.asks(), stepwise[1..].contains(&kind), "{kind:?}");
    }
    assert_eq!(OperationKind::named("rollback"), None, "the journal's word is another");
}

#[test]
fn an_operation_is_made_of_an_environment_as_it_is_seen() {
    let environment = |version: Option<&str>, status: EnvironmentStatus| Environment {
        version: version.map(Into::into),
        ..Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", status)
    };
    let operation = Operation::deploy(&environment(Some("v1"), EnvironmentStatus::Ready), "v2".into());
    assert_eq!((&operation.subject, &operation.seen), (&subject(), &ready()));
    assert_eq!((changed(&operation), operation.objection()), (vec!["version_label: v1 > v2".to_owned()], None));
    assert_eq!(operation.versions(), Some((Some(&"v1".into()), &"v2".into())));
    // Made again, it uses the present state.
    let later = environment(Some("v9"), EnvironmentStatus::Updating);
    let again = operation.planned_again(&later);
    assert_eq!(changed(&again), ["version_label: v9 > v2"]);
    assert_eq!(again.objection(), Some(Refusal::NotReady { status: EnvironmentStatus::Updating }));
    let restart = Operation::of(&later, Work::Restart);
    assert_eq!(
        (restart.planned_again(&later).kind, restart.seen.version.as_deref()),
        (OperationKind::Restart, Some("v9"))
    );
    assert_eq!(restart.versions(), None);
    let empty = Operation { steps: Vec::new(), ..restart.clone() };
    assert_eq!(empty.planned_again(&environment(None, EnvironmentStatus::Ready)), empty, "nothing to plan again");
}

#[test]
fn https_is_taken_back_in_reverse_as_far_as_it_was_ours() {
    let begun = |words: &[Option<&str>]| {
        let mut operation = Operation::https(subject(), setup());
        operation.id = Some("7".into());
        for (place, word) in words.iter().enumerate() {
            word.iter().for_each(|word| operation.record(place, word, None, None));
        }
        operation
    };
    let names = |operation: &Operation| operation.steps.iter().map(|it| it.work.name()).collect::<Vec<_>>();
    let there = begun(&[]);
    assert_eq!(
        (there.kind, there.route, names(&there)),
        (OperationKind::Https, Route::Elb, vec!["group", "attach", "probe"])
    );
    assert!(
        there.is_dangerous
            && there.seen == EnvironmentState { status: EnvironmentStatus::Ready, version: None, abortable: false }
    );
    for (words, expected) in [
        (&[][..], None),
        (&[Some("applied"), Some("applied"), Some("applied")], Some(vec!["attach", "group"])),
        (&[Some("applied"), Some("failed")], Some(vec!["group"])),
        (&[Some("applied"), Some("partial")], Some(vec!["attach", "group"])),
        (&[Some("applied"), Some("unknown")], Some(vec!["attach", "group"])),
        (&[Some("unchanged"), Some("applied")], Some(vec!["attach"])),
        (&[Some("unchanged"), Some("failed")], None),
    ] {
        let back = begun(words).back();
        assert_eq!(back.as_ref().map(names), expected, "{words:?}");
        let Some(back) = back else { continue };
        assert_eq!(
            (back.kind, back.id.as_deref(), back.undoes.as_deref()),
            (OperationKind::HttpsBack, None, Some("7"))
        );
        let is_fresh = |it: &Step| {
            it.progress == StepProgress::Waiting && matches!(it.work, Work::Https { direction: Direction::Back, .. })
        };
        assert!(back.steps.iter().all(is_fresh), "{words:?}");
    }
    assert_eq!(single(Work::Swap(swap())).back(), None, "a second swap reverses it");
    assert_eq!(single(Work::Restart).back(), None, "nothing else is taken back like this");
}

#[test]
fn what_was_muted_is_unmuted_if_it_was_ours() {
    for (word, expected) in [
        (None, false),
        (Some("applied"), true),
        (Some("unknown"), true),
        (Some("unchanged"), false),
        (Some("failed"), false),
    ] {
        let mut operation = single(Work::Mute { mute: mute(), replaces: None });
        operation.id = Some("7".into());
        word.iter().for_each(|word| operation.record(0, word, None, None));
        let back = operation.back();
        assert_eq!(back.is_some(), expected, "{word:?}");
        let Some(back) = back else { continue };
        assert_eq!((back.kind, back.undoes.as_deref()), (OperationKind::Unmute, Some("7")));
        assert_eq!(back.steps[0].work, Work::Unmute { rule: "beanpole-e-1".into(), until: minute(60) });
    }
}

#[test]
fn ids_that_a_step_has_made_are_kept_with_what_is_set_up() {
    let mut operation = Operation::https(subject(), setup());
    operation.record(0, "applied", Some("made".into()), Some("sg-2".into()));
    assert_eq!(operation.setup.as_ref().unwrap().made(https::HttpsStep::Group).map(|it| &**it), Some("sg-2"));
    assert_eq!(operation.steps[0].found.as_deref(), Some("made"));
    operation.record(9, "applied", None, Some("nothing".into()));
    assert_eq!(operation.setup.as_ref().unwrap().made.len(), 1, "there is no such step");
    let mut restart = single(Work::Restart);
    restart.record(0, "applied", None, Some("nothing".into()));
    assert_eq!(restart.setup.as_ref().unwrap().made, [], "only HTTPS makes something");
}

/// The user may continue after a failed probe, and after nothing else.
#[test]
fn only_a_probe_that_failed_may_be_passed() {
    let confirmation = Confirmation::default();
    for (place, may) in [(0, None), (1, None), (2, Some(2))] {
        let mut operation = Operation::https(subject(), setup());
        (0..place).for_each(|done| operation.record(done, "applied", None, None));
        assert_eq!(operation.may_pass(), None, "nothing has stopped");
        operation.record(place, "failed", None, None);
        assert_eq!(operation.may_pass(), may, "step {place}");
        operation.route = Route::Beanstalk;
        assert!(!operation.wants_name(&confirmation), "step {place}");
        operation.record(place, PASSED, Some("said otherwise".into()), None);
        assert!(
            operation.steps[place].is_passed() && operation.wants_name(&confirmation),
            "what was passed wants the name"
        );
        assert_eq!(operation.steps[place].found.as_deref(), Some(PASSED));
    }
    let direct = Operation::https(subject(), setup());
    assert!(direct.wants_name(&confirmation), "at the load balancer itself");
}
