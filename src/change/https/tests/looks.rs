//! The present state of each step: done, to do, or another client's; and whether it may be sent.

use super::ground::{Ground, fault, listener, load_balancer, redirecting, security_group, tcp};
use super::undertakings::{
    attach_stage, group_stage, listener_stage, redirect_stage, rule_of_80, rule_stage, setup, subject,
};
use crate::change::https::{Direction, HttpsSetup, HttpsStage, HttpsStep, StepLook, Undertaking};
use crate::change::{LookUpVerdict, Outcome, Refusal, Route};
use crate::model::EnvironmentStatus;

/// A region, its name, and the expected result, each way.
type Row = (&'static str, Ground, &'static [(HttpsStep, &'static str)], &'static str, &'static str);

/// Describes a look in short.
fn looked(look: StepLook) -> String {
    match look {
        StepLook::Done(None) => "done".to_owned(),
        StepLook::Done(Some(id)) => format!("done: {id}"),
        StepLook::ToDo => "to do".to_owned(),
        StepLook::Conflict(differences) => differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

fn check(step: HttpsStep, stages: &[HttpsStage], rows: Vec<Row>) {
    for (state, ground, made, there, back) in rows {
        let (setup, subject, site) = (setup(stages.to_vec(), made), subject(), ground.site());
        for (direction, expected) in [(Direction::There, there), (Direction::Back, back)] {
            let it = Undertaking { setup: &setup, subject: &subject, step, direction };
            assert_eq!(looked(it.look(&site)), expected, "{state}, {direction:?}");
        }
    }
}

fn secured() -> Ground {
    Ground::with(|it| it.listeners.push(listener(443)))
}

fn with_rules(id: &'static str, rules: &[(i32, &str)]) -> Ground {
    let group = security_group(id, rules.iter().map(|(port, range)| tcp(*port, range)).collect());
    Ground::with(|it| it.groups = vec![group])
}

#[test]
fn a_look_says_what_is_done_what_is_to_do_and_what_is_anothers() {
    check(
        HttpsStep::Listener,
        &[listener_stage()],
        vec![
            ("none", Ground::new(), &[], "to do", "done"),
            ("there", secured(), &[], "done: arn:listener/443", "to do"),
            ("ours", secured(), &[(HttpsStep::Listener, "arn:listener/443")], "done: arn:listener/443", "to do"),
            (
                "another's in the place of ours",
                secured(),
                &[(HttpsStep::Listener, "arn:ours")],
                "done: arn:listener/443",
                "listener on port 443 was arn:ours and is arn:listener/443",
            ),
        ],
    );
    check(
        HttpsStep::Redirect,
        &[rule_of_80(None)],
        vec![
            ("none", Ground::new(), &[], "to do", "done"),
            ("found", Ground::rules(&[redirecting(5, "HTTP_302")]), &[], "done: arn:rule/5", "to do"),
            (
                "ours",
                Ground::rules(&[redirecting(5, "HTTP_302")]),
                &[(HttpsStep::Redirect, "arn:rule/5")],
                "done: arn:rule/5",
                "to do",
            ),
        ],
    );
    check(
        HttpsStep::Group,
        &[group_stage(), rule_stage(None)],
        vec![
            (
                "there, under another id than ours",
                Ground::with(|it| it.groups.push(security_group("sg-2", Vec::new()))),
                &[(HttpsStep::Group, "sg-2")],
                "done: sg-2",
                "to do",
            ),
            (
                "Beanstalk has opened the port",
                with_rules("sg-1", &[(80, "10.0.0.0/8"), (443, "10.0.0.0/8")]),
                &[],
                "done",
                "done",
            ),
            (
                "others reach port 80 than those that were agreed to",
                with_rules("sg-1", &[(80, "10.9.0.0/16")]),
                &[],
                "who reaches port 80 and not 443 was 10.0.0.0/8, 192.0.2.0/24 and is 10.9.0.0/16",
                "done",
            ),
        ],
    );
    let opened = || with_rules("sg-1", &[(80, "10.0.0.0/8"), (443, "10.0.0.0/8")]);
    check(
        HttpsStep::Redirect,
        &[redirect_stage()],
        vec![("what is open has nothing to do with a redirect", opened(), &[], "to do", "done")],
    );
    // A group of ours is put on the load balancer, even if the port is open by then.
    check(
        HttpsStep::Attach,
        &[attach_stage()],
        vec![
            ("opened, and no group", opened(), &[], "done", "done"),
            ("opened, and a group", opened(), &[(HttpsStep::Group, "sg-2")], "to do", "done"),
        ],
    );
}

/// Describes a verdict in short.
fn said(verdict: &LookUpVerdict) -> String {
    match verdict {
        LookUpVerdict::Pass => "pass".to_owned(),
        LookUpVerdict::Done(id) => format!("done {}", id.as_deref().unwrap_or("-")),
        LookUpVerdict::Wait(refusal) => format!("wait: {refusal}"),
        LookUpVerdict::Stop(outcome) => format!("{}: {}", outcome.word(), outcome.reason().unwrap_or_default()),
    }
}

#[test]
fn a_step_is_sent_only_where_what_it_hangs_on_is_as_it_should_be() {
    let stages = || vec![listener_stage(), redirect_stage()];
    let updating = || {
        let mut ground = secured();
        ground.environment.status = EnvironmentStatus::Updating;
        ground
    };
    let changed = || {
        let mut ground = secured();
        ground.listeners[1].certificates = vec!["other".into()];
        ground
    };
    let rows = vec![
        ("nothing yet", HttpsStep::Listener, Route::Elb, Direction::There, Ground::new(), "pass"),
        ("there already", HttpsStep::Listener, Route::Elb, Direction::There, secured(), "done arn:listener/443"),
        ("after the listener", HttpsStep::Redirect, Route::Elb, Direction::There, secured(), "pass"),
        (
            "the listener is gone again",
            HttpsStep::Redirect,
            Route::Elb,
            Direction::There,
            Ground::new(),
            "conflict: nothing was written, because listener on port 443 was there and is none",
        ),
        (
            "the update that made it was rolled back",
            HttpsStep::Redirect,
            Route::Beanstalk,
            Direction::There,
            Ground::new(),
            "conflict: nothing was written, because listener on port 443 was made by the update and is none",
        ),
        (
            "the listener is another's",
            HttpsStep::Redirect,
            Route::Elb,
            Direction::There,
            changed(),
            "conflict: nothing was written, because listener on port 443 was none and is HTTPS with \
             ELBSecurityPolicy-TLS13-1-2-2021-06 and other",
        ),
        ("back, without a listener", HttpsStep::Redirect, Route::Elb, Direction::Back, Ground::new(), "done -"),
        (
            "while it is updated",
            HttpsStep::Redirect,
            Route::Elb,
            Direction::There,
            updating(),
            "wait: the environment is Updating, and takes an update only while it is Ready",
        ),
        (
            "the load balancer is not known",
            HttpsStep::Redirect,
            Route::Elb,
            Direction::There,
            Ground::with(|it| {
                it.load_balancers.clear();
                it.target_groups.clear();
            }),
            "refused: the environment's load balancer is not known",
        ),
    ];
    for (state, step, route, direction, ground, expected) in rows {
        let setup = HttpsSetup { route, ..setup(stages(), &[]) };
        let (subject, site) = (subject(), ground.site());
        let verdict = Undertaking { setup: &setup, subject: &subject, step, direction }.verdict(&site);
        assert_eq!(said(&verdict), expected, "{state}");
    }
    // Without a listener among the steps nothing depends on one.
    let (setup, subject, site) = (setup(vec![redirect_stage()], &[]), subject(), Ground::new().site());
    let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Redirect, direction: Direction::There };
    assert_eq!(it.verdict(&site), LookUpVerdict::Pass);
}

/// Where the proof could not be read, that fault counts, and not a refusal for lack of it.
#[test]
fn what_could_not_be_read_is_a_failure_and_not_a_refusal() {
    let (setup, subject) = (setup(vec![listener_stage()], &[]), subject());
    let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Listener, direction: Direction::There };
    let untagged = Ground::with(|it| it.tags.clear());
    let mut site = untagged.site();
    assert!(
        matches!(it.verdict(&site), LookUpVerdict::Stop(Outcome::Refused(Refusal::NotRead { .. }))),
        "{:?}",
        it.verdict(&site)
    );
    let fault = fault();
    site.missing = Some(fault.clone());
    assert_eq!(it.verdict(&site), LookUpVerdict::Stop(Outcome::Failed(fault.clone().into())));
    // A refusal for another reason remains, even if something could not be read.
    let mut plain = listener(443);
    (plain.protocol, plain.ssl_policy, plain.certificates) = (Some("HTTP".into()), None, Vec::new());
    let mut site = Ground::with(|it| it.listeners.push(plain)).site();
    site.missing = Some(fault);
    assert!(matches!(it.verdict(&site), LookUpVerdict::Stop(Outcome::Refused(Refusal::Unsuitable { .. }))));
}

/// What a step created whose answer was lost is recorded before it is undone.
#[test]
fn what_is_taken_back_without_a_record_is_found_first() {
    let subject = subject();
    let site = secured().site();
    for (made, direction, expected) in [
        (&[][..], Direction::Back, Some("arn:listener/443")),
        (&[(HttpsStep::Listener, "arn:ours")], Direction::Back, None),
        (&[], Direction::There, None),
    ] {
        let setup = setup(vec![listener_stage()], made);
        let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Listener, direction };
        assert_eq!(it.unrecorded(&site).as_deref(), expected, "{made:?} {direction:?}");
    }
    let elsewhere = Ground::with(|it| it.load_balancers = vec![load_balancer("other", &["sg-1"])]).site();
    let setup = setup(vec![listener_stage()], &[]);
    let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Listener, direction: Direction::Back };
    assert_eq!(it.unrecorded(&elsewhere), None, "another load balancer");
}
