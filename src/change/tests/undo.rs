//! Undo: the same settings of the same objects, and nothing that the log cannot have meant.

use super::stage::{PROCESS, Stage, load_balancer};
use crate::change::{OptionChange, Past, Plan, PlanMistake, Route, ValueChange, undo};

const DELAY: &str = "deregistration_delay.timeout_seconds";

fn past(route: Route, changes: Vec<ValueChange>) -> Past {
    let stage = Stage::new();
    Past {
        id: "c-1".into(),
        route,
        changes,
        target_group: Some(stage.group().key),
        load_balancer: Some(load_balancer().key),
    }
}

fn change(key: &str, before: Option<&str>, after: Option<&str>) -> ValueChange {
    ValueChange::new(key, before.map(str::to_owned), after.map(str::to_owned))
}

fn option_change(before: Option<&str>, after: Option<&str>) -> OptionChange {
    OptionChange {
        namespace: PROCESS.to_owned(),
        name: "DeregistrationDelay".to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    }
}

fn plan(stage: &Stage, past: &Past) -> Result<Plan, PlanMistake> {
    stage.with(|basis| undo(basis, past))
}

fn refused(past: &Past) -> String {
    let Err(PlanMistake::NotUndoable(why)) = plan(&Stage::new(), past) else { panic!("{past:?} would be put back") };
    why
}

#[test]
fn before_and_after_change_places() {
    let stage = Stage::new().live(DELAY, "90");
    let plan = plan(&stage, &past(Route::Elb, vec![change(DELAY, Some("20"), Some("90"))])).unwrap();
    let row = &plan.rows[0];
    assert_eq!((row.seen.as_deref(), row.wanted.as_deref(), row.elb), (Some("90"), Some("20"), true));
    assert_eq!((plan.kind(), plan.undoes.as_deref(), plan.route), ("undo", Some("c-1"), Route::Elb));
    assert_eq!(plan.calls().len(), 1);
}

#[test]
fn what_the_change_left_is_expected_and_not_what_is_live() {
    // Another value was written since: a conflict, as for any other plan.
    let since = Stage::new().live(DELAY, "45");
    let plan = plan(&since, &past(Route::Elb, vec![change(DELAY, Some("20"), Some("90"))])).unwrap();
    assert_eq!(plan.rows[0].seen.as_deref(), Some("90"));
    let found = since.with(|basis| plan.rows.differences(&plan.state, basis));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_is_back_already_is_left_as_it_is() {
    let plan = plan(&Stage::new(), &past(Route::Elb, vec![change(DELAY, Some("20"), Some("90"))])).unwrap();
    assert!(plan.is_empty() && plan.calls().is_empty());
    let both =
        vec![change(DELAY, Some("20"), Some("90")), change("slow_start.duration_seconds", Some("30"), Some("0"))];
    let plan = self::plan(&Stage::new(), &past(Route::Elb, both)).unwrap();
    assert_eq!(plan.rows.iter().filter(|row| row.is_written()).count(), 1);
}

#[test]
fn a_logged_value_out_of_range_is_refused() {
    for (key, before) in [
        (DELAY, "3601"),
        (DELAY, "-1"),
        (DELAY, "ten"),
        (DELAY, ""),
        ("stickiness.enabled", "yes"),
        ("stickiness.type", "source_ip"),
        ("health_check.interval", "1"),
        ("health_check.path", "no slash"),
        ("idle_timeout.timeout_seconds", "4001"),
    ] {
        let why = refused(&past(Route::Elb, vec![change(key, Some(before), Some("90"))]));
        assert!(why.contains(key) && why.contains("out of its range"), "{key} {before}: {why}");
    }
}

#[test]
fn a_logged_option_that_cannot_have_been_is_refused() {
    let with = |option: Option<OptionChange>| {
        let value = ValueChange { option, ..change(DELAY, Some("20"), Some("90")) };
        past(Route::Beanstalk, vec![value])
    };
    assert!(
        plan(
            &Stage::new().option(PROCESS, "DeregistrationDelay", Some("90")),
            &with(Some(option_change(Some("20"), Some("90"))))
        )
        .is_ok()
    );
    for option in [
        Some(option_change(Some("3601"), Some("90"))),
        Some(option_change(Some("ten"), Some("90"))),
        Some(OptionChange { name: "InstanceType".to_owned(), ..option_change(Some("20"), Some("90")) }),
    ] {
        let why = refused(&with(option));
        assert!(why.contains("option"), "{why}");
    }
}

#[test]
fn what_is_no_setting_or_stands_on_nothing_that_is_known_is_refused() {
    refused(&past(Route::Elb, vec![change("no.such.setting", Some("1"), Some("2"))]));
    let nowhere = Past { target_group: None, ..past(Route::Elb, vec![change(DELAY, Some("20"), Some("90"))]) };
    refused(&nowhere);
    let lost = past(Route::Elb, vec![change(DELAY, None, Some("90"))]);
    assert!(refused(&lost).contains("not known"));
    assert!(matches!(plan(&Stage::new(), &past(Route::Elb, Vec::new())), Err(PlanMistake::Nothing)));
}

#[test]
fn an_option_that_was_unset_is_unset_again() {
    let now = Stage::new().option(PROCESS, "DeregistrationDelay", Some("90")).live(DELAY, "90");
    let value = ValueChange { option: Some(option_change(None, Some("90"))), ..change(DELAY, Some("20"), Some("90")) };
    let plan = plan(&now, &past(Route::Beanstalk, vec![value])).unwrap();
    let option = plan.rows[0].option.as_ref().unwrap();
    assert_eq!((option.seen.as_deref(), option.wanted.as_deref()), (Some("90"), None));
    let call = plan.calls().pop().unwrap();
    assert!(
        call.form()
            .iter()
            .any(|(name, value)| name == "OptionsToRemove.member.1.OptionName" && value == "DeregistrationDelay")
    );
}
