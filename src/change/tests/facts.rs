//! Facts of plans, fixed settings, direct values, lost writes, processes and errors, in tables.

use std::sync::Arc;

use super::stage::{PROCESS, Stage, load_balancer};
use crate::change::settings::{Place, SettingFacts, settings};
use crate::change::{
    DirectFate, DirectOutcome, DirectValue, LookUp, LostWrite, Modification, Object, OperationError, Outcome, Past,
    PlanMistake, Refusal, Reread, Route, Sending, adopt, direct_values, put_back,
};
use crate::model::{Balancer, EnvironmentStatus, Scheme};

const DELAY: &str = "deregistration_delay.timeout_seconds";

#[test]
fn a_plan_knows_what_of_it_is_live_and_what_was_overwritten() {
    let plan = Stage::new().plan(&[(DELAY, "90"), ("health_check.path", "/up")], Some(Route::Elb)).unwrap();
    assert_eq!((plan.is_dangerous(), plan.dangers.len()), (true, 1), "{:?}", plan.dangers);
    let harmless = Stage::new().plan(&[("slow_start.duration_seconds", "30")], Some(Route::Elb)).unwrap();
    assert!(!harmless.is_dangerous(), "{:?}", harmless.dangers);
    let sendings = Sending::from_rows(&plan.rows, &plan.subject);
    let attributes = sendings.iter().find_map(|it| match &it.look_up {
        LookUp::Values(rows) if it.call.operation() == "ModifyTargetGroupAttributes" => Some(rows),
        _ => None,
    });
    // Whether all of it is live, and whether nothing is.
    for (live, expected) in [("90", (true, false)), ("20", (false, true)), ("45", (false, false))] {
        let found = Stage::new().live(DELAY, live).with(|basis| attributes.unwrap().compared(basis));
        assert_eq!((found.is_after, found.is_before), expected, "{live}");
    }
    let seen = Stage::new().live(DELAY, "90").with(|basis| plan.rows.observe(basis));
    let value = |value: &str| Some(Arc::from(value));
    assert_eq!(seen, [(DELAY.to_owned(), value("90")), ("health_check.path".to_owned(), value("/"))]);
}

#[test]
fn a_value_is_overwritten_if_it_is_neither_what_was_written_nor_what_it_was_before_an_update() {
    for (route, live, is_overwritten) in [
        (Route::Elb, Some("90"), false),
        (Route::Elb, Some("090"), false),
        (Route::Elb, Some("20"), true),
        (Route::Elb, Some("45"), true),
        (Route::Elb, None, false),
        // Beanstalk's update is not through yet.
        (Route::Beanstalk, Some("20"), false),
        (Route::Beanstalk, Some("90"), false),
        (Route::Beanstalk, Some("45"), true),
        (Route::Both, Some("20"), true),
    ] {
        let plan = Stage::new().plan(&[(DELAY, "90"), ("stickiness.enabled", "true")], Some(route)).unwrap();
        let values = [(DELAY.to_owned(), live.map(Arc::from)), ("stickiness.enabled".to_owned(), Some("false".into()))];
        let found: Vec<_> = plan.overwritten(&values).iter().map(ToString::to_string).collect();
        let words =
            live.map(|live| format!("{DELAY} is {live} now, not 90: another client wrote it after this change"));
        assert_eq!(found, words.filter(|_| is_overwritten).into_iter().collect::<Vec<_>>(), "{route:?} {live:?}");
        assert!(plan.overwritten(&[]).is_empty());
    }
}

#[test]
fn a_call_says_what_it_writes_to() {
    let pairs = vec![("key", "1".to_owned())];
    let arn: Arc<str> = "arn".into();
    let calls = [
        Modification::TargetGroupAttributes(arn.clone(), pairs.clone()),
        Modification::TargetGroup(arn.clone(), pairs.clone()),
        Modification::LoadBalancerAttributes(arn.clone(), pairs.clone()),
        Modification::Listener(arn.clone(), pairs.clone()),
        Modification::ListenerAttributes(arn, pairs),
    ];
    for call in calls {
        assert!(call.writes() && !call.is_update());
        assert!(call.writes_to("arn", "key") && !call.writes_to("arn", "other") && !call.writes_to("other", "key"));
    }
    let plan = Stage::new().plan(&[(DELAY, "90")], Some(Route::Beanstalk)).unwrap();
    let kinds: Vec<_> = plan
        .rows
        .modifications(&plan.subject)
        .iter()
        .map(|it| (it.writes(), it.is_update(), it.writes_to("", "")))
        .collect();
    assert_eq!(kinds, [(false, false, false), (true, true, false)], "validated, then updated");
}

/// What differs from its option on the same object may be put back too, and only that is mentioned.
#[test]
fn what_an_update_may_put_back_too_is_said() {
    let words = |stage: &Stage, route| {
        let plan = stage.plan(&[("health_check.interval", "30")], Some(route)).unwrap();
        plan.warnings.into_iter().find(|it| it.contains("may put these back"))
    };
    let drifted = Stage::new().live(DELAY, "45");
    let said = format!("the update may put these back to their options' values too: {DELAY}");
    assert_eq!(words(&drifted, Route::Beanstalk), Some(said));
    assert_eq!(words(&drifted, Route::Elb), None, "no update");
    assert_eq!(words(&Stage::new(), Route::Beanstalk), None, "nothing differs");
    let written = drifted.plan(&[(DELAY, "90")], Some(Route::Beanstalk)).unwrap();
    assert!(!written.warnings.iter().any(|it| it.contains("may put these back")), "it is written itself");
}

/// Values that go together are checked as they will be, written and live.
#[test]
fn what_does_not_go_together_is_refused() {
    let stage = || Stage::new().live("health_check.interval", "15").live("health_check.timeout", "5");
    for (wishes, words) in [
        (&[("health_check.timeout", "15")][..], Some("has to be smaller than health_check.interval (15)")),
        (&[("health_check.timeout", "14")], None),
        (&[("health_check.interval", "5")], Some("health_check.timeout (5) has to be smaller")),
        (&[("health_check.interval", "10"), ("health_check.timeout", "9")], None),
        (&[("stickiness.type", "app_cookie")], Some("needs stickiness.app_cookie.cookie_name")),
    ] {
        let found = stage().plan(wishes, Some(Route::Elb)).err().map(|mistake| mistake.to_string());
        match words {
            Some(words) => assert!(found.as_deref().is_some_and(|it| it.contains(words)), "{wishes:?}: {found:?}"),
            None => assert_eq!(found, None, "{wishes:?}"),
        }
    }
}

/// An empty value is none: sent back, Beanstalk would refuse it or take it for something else.
#[test]
fn an_option_that_becomes_empty_is_removed_and_not_set() {
    let plan = Stage::new().plan(&[(DELAY, "90")], Some(Route::Beanstalk)).unwrap();
    for (wanted, set, removed) in [(Some("90"), 1, 0), (Some(""), 0, 1), (None, 0, 1)] {
        let mut rows = plan.rows.to_vec();
        rows[0].option.as_mut().unwrap().wanted = wanted.map(Arc::from);
        let calls = crate::change::ChangeRows::from(rows).modifications(&plan.subject);
        let Some(Modification::Update { set: found, remove, .. }) = calls.last() else { panic!("{calls:?}") };
        assert_eq!((found.len(), remove.len()), (set, removed), "{wanted:?}");
        // There is nothing to ask of Beanstalk where nothing is set.
        assert_eq!(calls.len(), 1 + set, "{wanted:?}");
    }
}

#[test]
fn what_cannot_be_edited_is_shown_with_its_values() {
    let stage = Stage::new().option("aws:ec2:vpc", "ELBScheme", Some("public")).option(
        "aws:elbv2:listener:443",
        "Protocol",
        Some("HTTPS"),
    );
    let said = |object: &Object| {
        stage.with(|basis| {
            let rows = basis.fixed(object);
            let value = |value: &Option<Arc<str>>| value.as_deref().unwrap_or("-").to_owned();
            let row =
                |it: &crate::change::Fixed| format!("{}: {} ({})", it.facts.key, value(&it.live), value(&it.option));
            rows.iter().filter(|it| it.live.is_some() || it.option.is_some()).map(row).collect::<Vec<_>>()
        })
    };
    let group = said(&Object::TargetGroup(stage.group().key));
    assert_eq!(group, ["port: 80 (80)", "protocol: HTTP (HTTP)"]);
    assert_eq!(said(&Object::LoadBalancer(load_balancer().key)), ["scheme: - (public)", "shared: - (false)"]);
    let listener = stage.with(|basis| basis.objects().into_iter().find(|it| it.port() == Some(443)).unwrap());
    assert_eq!(said(&listener), ["port: 443 (-)", "protocol: HTTPS (HTTPS)"]);
    let mut balancer = load_balancer();
    (balancer.scheme, balancer.vpc) = (Some(Scheme::Internal), Some("vpc-1".into()));
    let live = stage.with(|basis| {
        let mut snapshot = basis.snapshot.clone();
        let key = balancer.key.clone();
        snapshot.inventory.load_balancers.insert(key.clone(), balancer.clone());
        let basis = crate::change::PlanInputs { snapshot: &snapshot, ..*basis };
        basis
            .fixed(&Object::LoadBalancer(key))
            .into_iter()
            .filter_map(|it| Some((it.facts.key, it.live?)))
            .collect::<Vec<_>>()
    });
    assert_eq!(live, [("scheme", "internal".into()), ("vpc", "vpc-1".into())]);
}

/// A change in the log.
fn past(id: &str, route: Route, key: &str, before: Option<&str>, after: Option<&str>) -> Past {
    let plan = Stage::new().plan(&[(DELAY, "90")], Some(Route::Beanstalk)).unwrap();
    let mut changes = plan.changes();
    changes[0].key = key.to_owned();
    (changes[0].before, changes[0].after) = (before.map(str::to_owned), after.map(str::to_owned));
    if route == Route::Elb {
        changes[0].option = None;
    }
    let load_balancer = Some(load_balancer().key);
    Past { id: id.into(), route, changes, target_group: plan.target_group, load_balancer }
}

#[test]
fn what_was_written_directly_is_known_until_it_is_written_again() {
    let values = |changes: &[Past]| -> Vec<DirectValue> { direct_values(changes) };
    let short = |values: &[DirectValue]| -> Vec<String> {
        let before = |it: &DirectValue| it.before.as_deref().unwrap_or("-").to_owned();
        values.iter().map(|it| format!("{} {} {} > {}", it.id, it.key, before(it), it.value)).collect()
    };
    let direct = past("1", Route::Elb, DELAY, Some("20"), Some("90"));
    let path = past("2", Route::Both, "health_check.path", Some("/"), Some("/up"));
    let policy = past("3", Route::Elb, "listener:443:ssl_policy", None, Some("new"));
    let (of_delay, of_path) = ("1 deregistration_delay.timeout_seconds 20 > 90", "2 health_check.path / > /up");
    for (state, changes, expected) in [
        ("one", vec![direct.clone()], vec![of_delay]),
        ("two settings", vec![direct.clone(), path.clone()], vec![of_delay, of_path]),
        ("of a listener", vec![policy], vec!["3 listener:443:ssl_policy - > new"]),
        (
            "changed again",
            vec![direct.clone(), past("4", Route::Elb, DELAY, Some("90"), Some("60"))],
            vec!["4 deregistration_delay.timeout_seconds 90 > 60"],
        ),
        (
            "and then through Beanstalk",
            vec![direct.clone(), past("4", Route::Beanstalk, DELAY, Some("90"), Some("60"))],
            vec![],
        ),
        ("and then as it was", vec![direct.clone(), past("4", Route::Elb, DELAY, Some("90"), Some("90"))], vec![]),
        ("taken away", vec![past("4", Route::Elb, DELAY, Some("90"), None)], vec![]),
        ("of no setting", vec![past("4", Route::Elb, "nothing", Some("1"), Some("2"))], vec![]),
        ("of no port", vec![past("4", Route::Elb, "ssl_policy", None, Some("new"))], vec![]),
    ] {
        assert_eq!(short(&values(&changes)), expected, "{state}");
    }
    let written = values(&[direct, path]);
    let fates = |stage: &Stage| -> Vec<DirectFate> {
        stage.with(|basis| written.iter().map(|value| value.fate(basis, &|_| Reread::Read)).collect())
    };
    let keys = |stage: &Stage| {
        let fates = fates(stage);
        let gone = written.iter().zip(&fates).filter(|(_, fate)| fate.is_reported());
        gone.map(|(value, _)| value.key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&Stage::new().live(DELAY, "90")), ["health_check.path"]);
    assert_eq!(keys(&Stage::new().live(DELAY, "090")), ["health_check.path"], "the same in another spelling");
    let sentence = DirectOutcome { value: &written[0], fate: &fates(&Stage::new())[0] }.to_string();
    assert!(
        sentence.starts_with(&format!("{DELAY} is 20 again, not 90: ")) && sentence.contains("change 1;"),
        "{sentence}"
    );
}

#[test]
fn a_lost_write_is_looked_up_by_what_it_writes() {
    let said = |lost: &LostWrite| match lost {
        LostWrite::Options(targets) => {
            let value = |value: &Option<Arc<str>>| value.as_deref().unwrap_or("-").to_owned();
            let reported = targets.iter().map(|it| format!("{} {} > {}", it.name, value(&it.before), value(&it.after)));
            reported.collect::<Vec<_>>().join(", ")
        }
        other => format!("{other:?}"),
    };
    let plan = Stage::new().plan(&[(DELAY, "90"), ("health_check.interval", "30")], Some(Route::Both)).unwrap();
    let updates = |plan: &crate::change::Plan| -> Vec<_> {
        let sendings = Sending::from_rows(&plan.rows, &plan.subject).into_iter().map(|it| it.look_up);
        sendings.filter_map(|it| if let LookUp::Update(lost) = it { Some(lost) } else { None }).collect()
    };
    let of_plan = updates(&plan);
    assert_eq!(
        of_plan.iter().map(said).collect::<Vec<_>>(),
        ["DeregistrationDelay 20 > 90, HealthCheckInterval - > 30"]
    );
    assert!(of_plan[0].needs_options() && !of_plan[0].needs_instances());
    let of_elb = Stage::new().plan(&[(DELAY, "90")], Some(Route::Elb)).unwrap();
    assert_eq!(updates(&of_elb), []);
    for (lost, options, instances) in [
        (LostWrite::Restart, false, false),
        (LostWrite::Abort, false, false),
        (LostWrite::Version { wanted: "v2".into(), before: None }, false, true),
    ] {
        assert_eq!((lost.needs_options(), lost.needs_instances()), (options, instances), "{lost:?}");
    }
}

#[test]
fn drift_is_kept_or_put_back() {
    let drifted = Stage::new().live(DELAY, "90");
    let fields = drifted.with(|basis| {
        let fields = basis.objects().into_iter().flat_map(|object| basis.fields(&object)).collect::<Vec<_>>();
        fields.into_iter().filter(crate::change::Field::drifts).filter(|it| it.key == DELAY).collect::<Vec<_>>()
    });
    let values =
        |change: crate::change::Change| change.into_iter().map(|it| (it.facts.key, it.value)).collect::<Vec<_>>();
    assert_eq!(values(adopt(&fields)), [(DELAY, "90".to_owned())]);
    assert_eq!(values(put_back(&fields)), [(DELAY, "20".to_owned())]);
    assert!(adopt(&[]).is_empty());
}

#[test]
fn mistakes_are_said() {
    let facts: &SettingFacts = settings().find(|it| it.key == "ssl_policy").unwrap();
    let of_group: &SettingFacts = settings().find(|it| it.key == DELAY).unwrap();
    assert!(matches!(facts.place, Place::Listener(..)));
    let text = |text: &str| text.to_owned();
    let rows = [
        (PlanMistake::UnknownKey(text("x")), "there is no setting `x`"),
        (PlanMistake::AmbiguousKey("x"), "`x` is a setting of target groups and of load balancers: say tg:x or lb:x"),
        (
            PlanMistake::WhichListener("x", vec![80, 443]),
            "`x` is a setting of listeners: say listener:PORT:x (ports: 80, 443)",
        ),
        (PlanMistake::NoListener(9, vec![80, 443]), "there is no listener at port 9 (there are: 80, 443)"),
        (PlanMistake::NoGroup(Balancer::Unknown), "no target group of the environment is known"),
        (
            PlanMistake::NoLoadBalancer(Balancer::Application),
            "no application load balancer of the environment is known",
        ),
        (
            PlanMistake::NoGroup(Balancer::Single),
            "the environment is a single instance, and has no load balancer to set",
        ),
        (PlanMistake::NoLoadBalancer(Balancer::Cluster), "the environment runs on EKS, which is not supported"),
        (
            PlanMistake::OptionName(text("SSLPolicy"), facts),
            "`SSLPolicy` is the Beanstalk option of the setting listener:PORT:ssl_policy: say listener:PORT:ssl_policy=VALUE",
        ),
        (
            PlanMistake::OptionName(text("DeregistrationDelay"), of_group),
            "`DeregistrationDelay` is the Beanstalk option of the setting deregistration_delay.timeout_seconds: say deregistration_delay.timeout_seconds=VALUE",
        ),
        (PlanMistake::Twice(text("x")), "x is given twice"),
        (PlanMistake::Unread(text("x")), "x could not be read"),
        (PlanMistake::NeedsElb(vec![text("a"), text("b")]), "a; b"),
        (PlanMistake::Nothing, "nothing is to be changed"),
    ];
    for (mistake, words) in rows {
        assert_eq!(mistake.to_string(), words);
    }
    for (balancer, word) in
        [(Balancer::Classic, "Classic"), (Balancer::Network, "Network"), (Balancer::Worker, "worker")]
    {
        assert!(PlanMistake::NoGroup(balancer).to_string().contains(word));
    }
}

/// A failure without AWS is worded like AWS's faults, in one sentence that names the call.
#[test]
fn what_failed_is_said_who_it_is_of() {
    let fault = super::super::https::tests::ground::fault();
    let call = Some(&crate::change::writes::UPDATE_ENVIRONMENT);
    let ended = "the program ended before an answer came";
    let nothing_seen = "looked for afterwards, nothing of it was to be seen";
    let unproven: Arc<str> = "web is not proven to be its own".into();
    for (error, sentence) in [
        (fault.clone().into(), fault.sentence()),
        (
            OperationError::Precondition { error: fault.clone().into(), unproven: unproven.clone() },
            format!("{}; {unproven}", fault.sentence()),
        ),
        (OperationError::NothingSeen(Box::new(fault.clone().into())), format!("{}; {nothing_seen}", fault.sentence())),
        (OperationError::GaveUp(call), format!("Beanstalk UpdateEnvironment failed: {ended}")),
        (OperationError::GaveUp(None), ended.to_owned()),
        (
            OperationError::NothingSeen(Box::new(OperationError::GaveUp(call))),
            format!("Beanstalk UpdateEnvironment failed: {ended}; {nothing_seen}"),
        ),
        (
            OperationError::Overtaken(call),
            "Beanstalk UpdateEnvironment failed: an update of the environment has ended since, and the options are as \
             before: either Beanstalk rolled this one back, or another client's ran in its place"
                .to_owned(),
        ),
        (OperationError::Probe("it failed: reset".into()), "ELB HTTPS failed: it failed: reset".to_owned()),
        (OperationError::Probe("no HTTPS here".into()), "no HTTPS here".to_owned()),
        (
            OperationError::Vanished,
            "Beanstalk DescribeEnvironmentResources found nothing: a part of the environment vanished while it was \
             looked at"
                .to_owned(),
        ),
    ] {
        assert_eq!(error.sentence(), sentence, "{error:?}");
    }
}

#[test]
fn ends_of_writes_are_said() {
    let fault = super::super::https::tests::ground::fault();
    let sentence = fault.sentence();
    let status = EnvironmentStatus::Updating;
    let refused = Outcome::Refused(Refusal::NotReady { status });
    let not_ready = "the environment is Updating, and takes an update only while it is Ready".to_owned();
    let differs = Outcome::Conflict(vec![crate::change::Difference::new("key", "1", "2")]);
    for (outcome, word, is_done, reason) in [
        (Outcome::Applied, "applied", true, None),
        (Outcome::Unchanged, "unchanged", true, None),
        (differs, "conflict", false, Some("nothing was written, because key was 1 and is 2".to_owned())),
        (refused, "refused", false, Some(not_ready)),
        (
            Outcome::Partial(fault.clone().into()),
            "partial",
            false,
            Some(format!("only a part was written: {sentence}")),
        ),
        (Outcome::Failed(fault.clone().into()), "failed", false, Some(sentence.clone())),
        (
            Outcome::Unknown(fault.into()),
            "unknown",
            false,
            Some(format!("whether it was written is not known: {sentence}")),
        ),
    ] {
        assert_eq!((outcome.word(), outcome.is_done(), outcome.reason()), (word, is_done, reason));
    }
    let abort = |status| Refusal::NothingToAbort { status }.to_string();
    assert!(abort(EnvironmentStatus::Ready).contains("there is nothing to abort"));
    assert!(abort(EnvironmentStatus::Aborting).contains("being aborted already"));
    assert!(abort(EnvironmentStatus::Launching).contains("the environment is Launching, and AWS offers no abort"));
}

#[test]
fn an_option_is_compared_as_aws_compares_it() {
    let stage = Stage::new().option(PROCESS, "DeregistrationDelay", Some("020"));
    let plan = stage.plan(&[(DELAY, "20"), ("health_check.interval", "15")], Some(Route::Both)).unwrap();
    assert!(plan.rows[0].option.is_none(), "the same in another spelling");
}
