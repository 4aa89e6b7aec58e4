//! What makes a plan a conflict: every value that it writes, live and option, and the status; and nothing else.

use super::stage::{PROCESS, Stage};
use crate::change::{Plan, PlanMistake, Refusal, Route};
use crate::model::EnvironmentStatus;

/// Returns the keys of what differs from what the plan saw.
fn differences(plan: &Plan, now: &Stage) -> Vec<String> {
    now.with(|basis| plan.rows.differences(&plan.state, basis)).into_iter().map(|it| it.key.to_string()).collect()
}

fn by_beanstalk() -> Plan {
    Stage::new().plan(&[("deregistration_delay.timeout_seconds", "90")], Some(Route::Beanstalk)).unwrap()
}

const DELAY: &str = "deregistration_delay.timeout_seconds";
const DELAY_OPTION: &str = "aws:elasticbeanstalk:environment:process:default/DeregistrationDelay";

#[test]
fn nothing_differs_where_nothing_has_changed() {
    assert_eq!(differences(&by_beanstalk(), &Stage::new()), [""; 0]);
}

#[test]
fn an_option_that_changed_since_it_was_read_is_a_conflict_too() {
    let now = Stage::new().option(PROCESS, "DeregistrationDelay", Some("45"));
    assert_eq!(differences(&by_beanstalk(), &now), [DELAY_OPTION]);
    // Unsetting is a change as well, and so is a value where there was none.
    for unset in [None, Some("")] {
        let now = Stage::new().option(PROCESS, "DeregistrationDelay", unset);
        assert_eq!(differences(&by_beanstalk(), &now), [DELAY_OPTION], "{unset:?}");
    }
    let plan = Stage::new().plan(&[("health_check.interval", "30")], Some(Route::Beanstalk)).unwrap();
    assert_eq!(plan.rows[0].option.as_ref().unwrap().seen, None);
    let now = Stage::new().option(PROCESS, "HealthCheckInterval", Some("20"));
    assert_eq!(differences(&plan, &now), ["aws:elasticbeanstalk:environment:process:default/HealthCheckInterval"]);
    let unset = Stage::new().option(PROCESS, "HealthCheckInterval", Some(""));
    assert_eq!(differences(&plan, &unset), [""; 0], "absent and empty are alike");
}

#[test]
fn a_live_value_that_changed_is_a_conflict_by_every_route() {
    let now = Stage::new().live(DELAY, "45");
    for route in [Route::Beanstalk, Route::Elb, Route::Both] {
        let plan = Stage::new().plan(&[(DELAY, "90")], Some(route)).unwrap();
        assert_eq!(differences(&plan, &now), [DELAY], "{route:?}");
    }
    // By `elb` no option is written, so that none is compared.
    let plan = Stage::new().plan(&[(DELAY, "90")], Some(Route::Elb)).unwrap();
    let now = Stage::new().option(PROCESS, "DeregistrationDelay", Some("45"));
    assert_eq!(differences(&plan, &now), [""; 0]);
}

#[test]
fn each_difference_has_what_was_seen_what_is_and_what_was_wanted() {
    let now = Stage::new().live(DELAY, "45").option(PROCESS, "DeregistrationDelay", Some("46"));
    let plan = by_beanstalk();
    let found = now.with(|basis| plan.rows.differences(&plan.state, basis));
    let words: Vec<_> =
        found.iter().map(|it| [&*it.seen, &*it.live, it.wanted.as_deref().unwrap_or("-")].map(str::to_owned)).collect();
    assert_eq!(words, [["20", "45", "90"], ["20", "46", "90"]]);
}

#[test]
fn an_update_that_began_meanwhile_is_a_conflict_and_a_value_that_is_not_written_is_none() {
    let now = Stage::new().status(EnvironmentStatus::Updating);
    assert_eq!(differences(&by_beanstalk(), &now), ["status"]);
    let now = Stage::new().live("stickiness.enabled", "false").option(PROCESS, "StickinessEnabled", Some("false"));
    assert_eq!(differences(&by_beanstalk(), &now), [""; 0]);
    // What is so already is written nowhere, and not compared.
    let plan = Stage::new().plan(&[(DELAY, "90"), ("stickiness.enabled", "true")], Some(Route::Both)).unwrap();
    assert_eq!(differences(&plan, &now), [""; 0]);
}

#[test]
fn the_same_value_in_another_spelling_is_no_difference() {
    let plan = Stage::new().plan(&[(DELAY, "90")], Some(Route::Beanstalk)).unwrap();
    assert_eq!(differences(&plan, &Stage::new().live(DELAY, "020")), [""; 0]);
}

#[test]
fn the_default_route_is_beanstalks_where_every_option_changes_by_it_and_else_must_be_asked_for() {
    let stage = Stage::new();
    assert_eq!(stage.plan(&[(DELAY, "90")], None).unwrap().route, Route::Beanstalk);
    let drifted = Stage::new().live(DELAY, "90");
    let Err(PlanMistake::NeedsElb(why)) = drifted.plan(&[(DELAY, "20")], None) else { panic!() };
    assert!(why[0].contains("Beanstalk would do nothing"), "{why:?}");
    let Err(PlanMistake::NeedsElb(why)) = stage.plan(&[("slow_start.duration_seconds", "30")], None) else { panic!() };
    assert!(why[0].contains("no Beanstalk option"), "{why:?}");
    assert!(matches!(
        stage.plan(&[(DELAY, "90"), ("slow_start.duration_seconds", "30")], None),
        Err(PlanMistake::NeedsElb(_))
    ));
    assert!(matches!(stage.plan(&[], None), Err(PlanMistake::Nothing)));
    assert!(matches!(stage.plan(&[(DELAY, "90"), (DELAY, "91")], None), Err(PlanMistake::Twice(_))));
    assert!(matches!(stage.plan(&[(DELAY, "3601")], None), Err(PlanMistake::OutOfRange { .. })));
}

#[test]
fn calls_are_in_order_and_validated_first() {
    let operations = |route| -> Vec<_> {
        let wishes = [(DELAY, "90"), ("health_check.path", "/healthz"), ("idle_timeout.timeout_seconds", "90")];
        let plan = Stage::new().plan(&wishes, Some(route)).unwrap();
        plan.calls().iter().map(crate::change::ApiCall::operation).collect()
    };
    let direct = ["ModifyTargetGroupAttributes", "ModifyTargetGroup", "ModifyLoadBalancerAttributes"];
    assert_eq!(operations(Route::Elb), direct);
    assert_eq!(operations(Route::Beanstalk), ["ValidateConfigurationSettings", "UpdateEnvironment"]);
    let both = [&["ValidateConfigurationSettings"][..], &direct, &["UpdateEnvironment"]].concat();
    assert_eq!(operations(Route::Both), both);
}

#[test]
fn an_update_wants_ready_and_a_write_to_the_load_balancer_does_not() {
    let updating = Stage::new().status(EnvironmentStatus::Updating);
    let refusal = |route| updating.plan(&[(DELAY, "90")], Some(route)).unwrap().refusal;
    assert!(matches!(refusal(Route::Beanstalk), Some(Refusal::NotReady { .. })));
    assert!(matches!(refusal(Route::Both), Some(Refusal::NotReady { .. })));
    assert_eq!(refusal(Route::Elb), None);
    let splitting = updating.option("aws:elasticbeanstalk:command", "DeploymentPolicy", Some("TrafficSplitting"));
    let refusal = |wish| splitting.plan(&[wish], Some(Route::Elb)).unwrap().refusal;
    assert_eq!(refusal((DELAY, "90")), None);
    assert_eq!(refusal(("stickiness.enabled", "false")), Some(Refusal::Splitting));
    assert_eq!(refusal(("listener:443:ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06")), Some(Refusal::Splitting));
}
