//! The readings after a write, and what follows from them: a table for each kind of write.

use super::*;
use crate::model::{Deployment, Key, OptionSetting, ScopeId};

const SENT: Moment = Moment::EPOCH;

fn at(seconds: u64) -> Moment {
    SENT.plus(Duration::from_secs(seconds))
}

fn lost(write: LostWrite) -> Lost {
    Lost { write, sent: SENT, request_id: None }
}

fn options() -> LostWrite {
    LostWrite::Options(vec![OptionTarget {
        namespace: "aws:elbv2:loadbalancer".into(),
        name: "IdleTimeout".into(),
        before: Some("60".into()),
        after: Some("98".into()),
        default: None,
        hasher: None,
    }])
}

fn version() -> LostWrite {
    LostWrite::Version { wanted: "v2".into(), before: Some("v1".into()) }
}

fn set(value: &str) -> ConfigurationSettings {
    let option = OptionSetting {
        namespace: "aws:elbv2:loadbalancer".into(),
        name: "IdleTimeout".into(),
        value: (!value.is_empty()).then(|| value.into()),
    };
    ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options: vec![option].into() }
}

fn event(after: u64, message: &str, version: Option<&str>) -> EnvironmentEvent {
    EnvironmentEvent {
        environment: Some("web".into()),
        version: version.map(Into::into),
        request_id: Some("r-9".into()),
        ..EnvironmentEvent::new(at(after), message)
    }
}

fn start(after: u64) -> EnvironmentEvent {
    event(after, UPDATE_STARTS, None)
}

/// A look at an environment that is Ready, runs v1 and has the option at 60.
fn quiet() -> Sighting {
    Sighting {
        at: at(10),
        state: state(EnvironmentStatus::Ready),
        events: Some(Vec::new()),
        options: Some(OptionSets { deployed: Some(set("60")), pending: None }),
        instances: None,
    }
}

fn state(status: EnvironmentStatus) -> EnvironmentState {
    EnvironmentState { status, version: Some("v1".into()), abortable: false }
}

fn updating() -> Sighting {
    Sighting { state: state(EnvironmentStatus::Updating), events: Some(vec![start(2)]), ..quiet() }
}

fn of(write: LostWrite, sighting: Sighting) -> LookUpAnswer {
    judge(&lost(write), &[Some(sighting)])
}

fn with(sighting: Sighting, deployed: &str, pending: Option<&str>) -> Sighting {
    Sighting { options: Some(OptionSets { deployed: Some(set(deployed)), pending: pending.map(set) }), ..sighting }
}

#[test]
fn options_are_found_by_their_values_and_by_nothing_else() {
    let ours = LookUpAnswer::Taken(Some("r-9".into()));
    for (what, sighting, expected) in [
        ("pending", with(updating(), "60", Some("98")), ours.clone()),
        ("pending as AWS writes it", with(updating(), "60", Some(" 098")), ours.clone()),
        ("deployed", with(Sighting { state: state(EnvironmentStatus::Ready), ..updating() }, "98", None), ours),
        ("deployed, events late", with(quiet(), "98", None), LookUpAnswer::Taken(None)),
        ("another's draft", with(updating(), "60", Some("60")), LookUpAnswer::Unknown),
        ("another's value", with(updating(), "60", Some("77")), LookUpAnswer::Unknown),
        ("an update that shows nothing", updating(), LookUpAnswer::Unknown),
        ("an update without an event", Sighting { events: Some(Vec::new()), ..updating() }, LookUpAnswer::Unknown),
        ("Ready, and an update since", Sighting { events: Some(vec![start(2)]), ..quiet() }, LookUpAnswer::Unknown),
        ("an update just before", Sighting { events: Some(vec![]), ..quiet() }, LookUpAnswer::NotTaken),
        ("nothing", quiet(), LookUpAnswer::NotTaken),
        ("events unread", Sighting { events: None, ..quiet() }, LookUpAnswer::Unknown),
        ("options unread", Sighting { options: None, ..quiet() }, LookUpAnswer::Unknown),
        ("another's, deployed", with(quiet(), "77", None), LookUpAnswer::Unknown),
        (
            "ours, long after",
            with(Sighting { events: Some(vec![start(900)]), at: at(1000), ..quiet() }, "98", None),
            LookUpAnswer::Unknown,
        ),
    ] {
        assert_eq!(of(options(), sighting), expected, "{what}");
    }
}

#[test]
fn a_change_that_changes_nothing_shows_nothing() {
    let LostWrite::Options(mut targets) = options() else { unreachable!() };
    targets[0].after = Some("60".into());
    assert_eq!(of(LostWrite::Options(targets), updating()), LookUpAnswer::Unknown);
}

#[test]
fn what_was_unset_is_found_and_so_is_what_is_unset_again() {
    let LostWrite::Options(targets) = options() else { unreachable!() };
    let unset = |before: bool| {
        let mut target = targets[0].clone();
        if before {
            target.before = None;
        } else {
            target.after = None;
        }
        LostWrite::Options(vec![target])
    };
    assert_eq!(of(unset(true), with(quiet(), "", None)), LookUpAnswer::NotTaken);
    assert_eq!(of(unset(true), with(quiet(), "98", None)), LookUpAnswer::Taken(None));
    assert_eq!(of(unset(false), with(updating(), "60", Some(""))), LookUpAnswer::Taken(Some("r-9".into())));
}

#[test]
fn the_id_of_the_request_proves_it_and_another_id_does_not() {
    for write in [options(), version(), LostWrite::Restart] {
        let seen = |id: &str| {
            let lost = Lost { request_id: Some(id.into()), ..lost(write.clone()) };
            judge(&lost, &[Some(updating())])
        };
        assert_eq!(seen("r-9"), LookUpAnswer::Taken(Some("r-9".into())));
        assert_eq!(seen("r-1"), LookUpAnswer::Unknown, "{write:?}");
    }
}

#[test]
fn a_version_is_found_by_its_label_wherever_it_shows_first() {
    let instance = |version: &str, after: u64| InstanceHealth {
        launched_at: Some(SENT.minus(Duration::from_secs(3600))),
        deployment: Some(Deployment {
            version: Some(version.into()),
            id: Some(2),
            status: Some("In Progress".into()),
            at: Some(at(after)),
        }),
        ..InstanceHealth::new(Key::new(ScopeId(0), "i-1"))
    };
    let on = |instance| Sighting { instances: Some(vec![instance]), ..updating() };
    let labelled = |label| Sighting { events: Some(vec![event(2, UPDATE_STARTS, Some(label))]), ..updating() };
    let arrived = Sighting { state: EnvironmentState { version: Some("v2".into()), ..quiet().state }, ..quiet() };
    let ours = LookUpAnswer::Taken(Some("r-9".into()));
    for (what, sighting, expected) in [
        ("a start that names it", labelled("v2"), ours.clone()),
        ("a start that names another", labelled("v3"), LookUpAnswer::NotTaken),
        ("a start that names the one before", labelled("v1"), LookUpAnswer::Unknown),
        ("a start that names none", updating(), LookUpAnswer::Unknown),
        ("an instance that is given it", on(instance("v2", 8)), ours),
        ("an instance that is given another", on(instance("v3", 8)), LookUpAnswer::Unknown),
        ("deployed", arrived, LookUpAnswer::Taken(None)),
        ("nothing", quiet(), LookUpAnswer::NotTaken),
    ] {
        assert_eq!(of(version(), sighting), expected, "{what}");
    }
    let again = LostWrite::Version { wanted: "v1".into(), before: Some("v1".into()) };
    assert_eq!(of(again.clone(), quiet()), LookUpAnswer::NotTaken);
    assert_eq!(of(again, updating()), LookUpAnswer::Unknown, "the label was there before");
}

#[test]
fn a_restart_is_found_by_its_event_and_not_by_another_update() {
    let reported = Sighting { events: Some(vec![event(2, "restartAppServer is starting.", None)]), ..quiet() };
    assert_eq!(of(LostWrite::Restart, reported), LookUpAnswer::Taken(Some("r-9".into())));
    assert_eq!(of(LostWrite::Restart, updating()), LookUpAnswer::Unknown);
    assert_eq!(of(LostWrite::Restart, quiet()), LookUpAnswer::NotTaken);
    assert_eq!(of(LostWrite::Restart, Sighting { events: None, ..quiet() }), LookUpAnswer::Unknown);
}

#[test]
fn an_abort_is_found_by_status_and_events_and_otherwise_not_claimed() {
    let abortable = |status| EnvironmentState { abortable: true, ..state(status) };
    let still = Sighting { state: abortable(EnvironmentStatus::Updating), ..quiet() };
    let aborting = Sighting { state: state(EnvironmentStatus::Aborting), ..quiet() };
    assert_eq!(of(LostWrite::Abort, aborting.clone()), LookUpAnswer::Taken(None));
    assert_eq!(of(LostWrite::Abort, still.clone()), LookUpAnswer::NotTaken);
    let reported = Sighting { events: Some(vec![event(1, "abortEnvironmentUpdate is starting.", None)]), ..quiet() };
    assert_eq!(of(LostWrite::Abort, reported), LookUpAnswer::Taken(Some("r-9".into())));
    let failed = "Unsuccessful command execution on instance id(s) 'i-1'. Aborting the operation.";
    let failed = Sighting { events: Some(vec![event(1, failed, None)]), ..quiet() };
    assert_eq!(of(LostWrite::Abort, failed), LookUpAnswer::Unknown);
    for late in [still, aborting] {
        assert_eq!(of(LostWrite::Abort, Sighting { at: at(7200), ..late }), LookUpAnswer::Unknown);
    }
}

#[test]
fn every_look_counts_and_the_last_has_to_be_whole() {
    let judged = |looks: &[Option<Sighting>]| judge(&lost(options()), looks);
    let taken = with(updating(), "60", Some("98"));
    assert_eq!(judged(&[Some(quiet()), None, Some(taken)]), LookUpAnswer::Taken(Some("r-9".into())));
    assert_eq!(judged(&[None, None, Some(quiet())]), LookUpAnswer::NotTaken);
    assert_eq!(judged(&[Some(quiet()), None]), LookUpAnswer::Unknown);
    assert_eq!(judged(&[Some(updating()), Some(quiet())]), LookUpAnswer::Unknown);
    assert_eq!(judged(&[]), LookUpAnswer::Unknown);
}
