//! The Fleet's sentence for a row, and that a row which needs attention explains why.

use super::objects::{forward, group, second};
use super::stage::Stage;
use crate::diagnosis::Attention;
use crate::model::TargetState::{Draining, Healthy, Initial, Unavailable, Unhealthy, Unused};
use crate::model::{EnvironmentStatus, TargetState};

const NO_RULE: &str = "Target group is not configured to receive traffic from the load balancer";

fn with_targets(states: &[TargetState], code: &str) -> Stage {
    let mut stage = plain();
    stage.targets(states);
    stage.reasons_of(&group(), code, "");
    stage
}

/// A redirect is made directly, and the sentence says so: here the listener of HTTP forwards, as Beanstalk makes it.
fn plain() -> Stage {
    let mut stage = Stage::new();
    stage.listeners(|all| all[0].default_actions = vec![forward(&[(group(), 1)], None)]);
    stage
}

#[test]
fn targets_in_words() {
    let table: [(&[TargetState], &str, &str); 9] = [
        (&[Healthy, Healthy], "", "2 of 2 targets healthy, nothing to report"),
        (&[Healthy, Healthy, Draining], "Target.DeregistrationInProgress", "1 draining"),
        (&[Healthy, Initial], "Elb.InitialHealthChecking", "1 in first health check"),
        (&[Healthy, Unhealthy], "Target.Timeout", "i-1 check timed out on / for 5m00s"),
        (
            &[Healthy, Unhealthy, Unhealthy],
            "Target.Timeout",
            "2 targets fail, the first check timed out on / for 5m00s",
        ),
        (&[Unhealthy], "Target.Timeout", "no healthy target: i-0 check timed out on / for 5m00s"),
        (&[], "", "no target is registered"),
        (&[Initial], "Elb.InitialHealthChecking", "no healthy target: 1 in first health check"),
        (&[Healthy, Unused], "Target.InvalidState", "1 of 2 targets: no traffic"),
    ];
    for (states, code, expected) in table {
        assert_eq!(with_targets(states, code).sentence(), expected, "{states:?}");
    }
}

#[test]
fn a_target_of_unknown_health_is_named_as_the_reason() {
    let one = with_targets(&[Healthy, Unavailable], "Elb.InternalError");
    assert!(matches!(one.attention(), Attention::Needs(check, 2) if check.id == "unavailable-target"));
    assert_eq!(one.sentence(), "health of 1 of 2 targets unavailable: AWS error");
    let all = with_targets(&[Unavailable, Unavailable], "Elb.InternalError");
    assert!(matches!(all.attention(), Attention::Needs(check, 0) if check.id == "no-healthy-target"));
    assert_eq!(all.sentence(), "no healthy target: health of 2 of 2 targets unavailable: AWS error");
}

/// Two processes; no rule leads to the second.
fn with_a_process_in_no_rule() -> Stage {
    let mut stage = plain();
    stage.groups(&[group(), second()]);
    stage.targets_of(&second(), &[Unused, Unused]);
    stage.reasons_of(&second(), "Target.NotInUse", NO_RULE);
    stage
}

#[test]
fn a_process_that_no_rule_leads_to_is_not_missing() {
    let stage = with_a_process_in_no_rule();
    assert_eq!(stage.attention(), Attention::Fine);
    assert!(stage.sentence().contains("2 of 2 targets healthy"), "{}", stage.sentence());
    // What else is wrong with it is not hidden: a rule leads to the first, and a target of it is stopped.
    let mut stopped = with_a_process_in_no_rule();
    stopped.targets(&[Healthy, Unused]);
    stopped.reasons_of(&group(), "Target.InvalidState", "Target is in the stopped state");
    assert!(matches!(stopped.attention(), Attention::Needs(check, 3) if check.id == "unused-target"));
    // If no rule leads to any, no request gets through.
    let mut alone = plain();
    alone.targets(&[Unused, Unused]);
    alone.reasons_of(&group(), "Target.NotInUse", NO_RULE);
    assert!(matches!(alone.attention(), Attention::Needs(check, 0) if check.id == "no-healthy-target"));
    assert_eq!(alone.sentence(), "no healthy target: 2 of 2 targets without traffic: in no rule");
}

#[test]
fn a_status_that_is_not_ready_is_said() {
    let mut stage = plain();
    stage.environment(|it| it.status = EnvironmentStatus::Terminating);
    assert_eq!(stage.sentence(), "terminating");
}
