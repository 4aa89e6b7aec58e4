//! Each setting in its row: which new values are dangerous (product.md, Writing), and the reasons in the plan.

use super::stage::Stage;
use crate::change::Route;
use crate::change::settings::{Danger, ObjectKind, settings};
use crate::model::EnvironmentStatus;

/// What has to be dangerous, written down apart from the table.
fn expected(object: ObjectKind, key: &str) -> Danger {
    match (object, key) {
        (_, "stickiness.enabled") => Danger::Off,
        (ObjectKind::Listener, _) | (_, "stickiness.type" | "deletion_protection.enabled") => Danger::Always,
        (_, "deregistration_delay.timeout_seconds" | "idle_timeout.timeout_seconds") => Danger::Lowered,
        (_, key) if key.starts_with("health_check.") || key.starts_with("target_group_health.") => Danger::Always,
        _ => Danger::None,
    }
}

#[test]
fn every_setting_is_as_dangerous_as_the_contract_says() {
    let mut dangerous = 0;
    for facts in settings() {
        assert_eq!(facts.danger, expected(facts.object, facts.key), "{}", facts.key);
        dangerous += usize::from(facts.danger != Danger::None);
    }
    assert!(dangerous > 20, "{dangerous}");
}

#[test]
fn danger_follows_from_the_value() {
    for (danger, before, after, is_dangerous) in [
        (Danger::None, Some("1"), "0", false),
        (Danger::Always, Some("1"), "1", true),
        (Danger::Off, Some("true"), "false", true),
        (Danger::Off, Some("false"), "true", false),
        (Danger::Off, None, "false", true),
        (Danger::Lowered, Some("300"), "299", true),
        (Danger::Lowered, Some("300"), "300", false),
        (Danger::Lowered, Some("300"), "301", false),
        (Danger::Lowered, Some("9"), "10", false),
        (Danger::Lowered, None, "4000", true),
    ] {
        let facts = settings().find(|facts| facts.danger == danger).unwrap();
        assert_eq!(facts.is_dangerous(before, after), is_dangerous, "{danger:?} {before:?} -> {after}");
    }
}

fn dangers(stage: &Stage, wishes: &[(&str, &str)], route: Route) -> Vec<String> {
    stage.plan(wishes, Some(route)).unwrap().dangers
}

#[test]
fn a_plan_says_which_of_its_rows_is_dangerous_and_why() {
    let stage = Stage::new();
    for (wish, words) in [
        (("stickiness.enabled", "false"), "stickiness.enabled is switched off"),
        (("deregistration_delay.timeout_seconds", "10"), "deregistration_delay.timeout_seconds is lowered"),
        (("idle_timeout.timeout_seconds", "30"), "idle_timeout.timeout_seconds is lowered"),
        (("health_check.interval", "30"), "a wrong health check takes every target out of service"),
        (("listener:443:ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06"), "a wrong listener keeps every client out"),
        (("deletion_protection.enabled", "true"), "deletion_protection.enabled changes"),
    ] {
        let dangers = dangers(&stage, &[wish], Route::Elb);
        assert!(dangers.len() == 1 && dangers[0].contains(words), "{wish:?}: {dangers:?}");
    }
    for wish in [
        ("deregistration_delay.timeout_seconds", "30"),
        ("idle_timeout.timeout_seconds", "90"),
        ("stickiness.lb_cookie.duration_seconds", "60"),
        ("load_balancing.algorithm.type", "least_outstanding_requests"),
    ] {
        assert_eq!(dangers(&stage, &[wish], Route::Elb), [""; 0], "{wish:?}");
    }
    // Of several, each that is dangerous, in its place; and what is so already is no danger.
    let wishes =
        [("stickiness.enabled", "false"), ("slow_start.duration_seconds", "30"), ("health_check.path", "/healthz")];
    assert_eq!(dangers(&stage, &wishes, Route::Elb).len(), 2);
    assert_eq!(dangers(&stage, &[("health_check.path", "/")], Route::Elb), [""; 0]);
}

#[test]
fn what_serves_several_and_what_an_update_may_overtake_is_dangerous() {
    let shared = Stage { is_shared: true, ..Stage::new() };
    let dangers_of = |stage: &Stage, route| dangers(stage, &[("idle_timeout.timeout_seconds", "90")], route);
    let found = dangers_of(&shared, Route::Elb);
    assert!(found.len() == 1 && found[0].contains("other") && found[0].contains("web"), "{found:?}");
    let updating = Stage::new().status(EnvironmentStatus::Updating);
    let found = dangers_of(&updating, Route::Elb);
    assert!(found.len() == 1 && found[0].contains("Updating"), "{found:?}");
    assert_eq!(dangers_of(&Stage::new(), Route::Elb), [""; 0]);
}

#[test]
fn a_health_check_warns_of_what_the_scaling_group_does() {
    let warns = |kind| {
        let stage = Stage { health_check_type: kind, ..Stage::new() };
        let plan = stage.plan(&[("health_check.path", "/healthz")], Some(Route::Elb)).unwrap();
        let is_it = |words: &str| plan.warnings.iter().any(|it| it.contains(words));
        (is_it("terminates instances: the Auto Scaling group"), is_it("it is not known whether"))
    };
    for kind in ["ELB", "EC2,ELB", "ELB,EC2", "ELB,EBS", "EBS,EC2,ELB"] {
        assert_eq!(warns(Some(kind)), (true, false), "{kind}");
    }
    for kind in ["EC2", "EC2,EBS", "EBS"] {
        assert_eq!(warns(Some(kind)), (false, false), "{kind}");
    }
    assert_eq!(warns(None), (false, true), "what is not read is not good");
    let other = Stage { health_check_type: Some("ELB"), ..Stage::new() };
    let plan = other.plan(&[("stickiness.enabled", "false")], Some(Route::Elb)).unwrap();
    assert!(!plan.warnings.iter().any(|it| it.contains("terminates instances")), "{:?}", plan.warnings);
}
