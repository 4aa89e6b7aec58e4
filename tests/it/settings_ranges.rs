//! Ranges include both their ends: each setting with a range is taken at its least and its most value and not beyond, by
//! the load balancer's range and by that of the Beanstalk option (domain facts 2.1 to 2.5, 11.1).

use beanpole::change::settings::{SettingFacts, SettingKind, settings};

use crate::commands::run::Region;
use crate::support::scenarios::ONE;

type Span = (i64, i64);

/// A key, what the load balancer takes, and what the option takes where it has a range of its own.
const RANGES: &[(&str, Span, Option<Span>)] = &[
    ("deregistration_delay.timeout_seconds", (0, 3600), None),
    ("stickiness.lb_cookie.duration_seconds", (1, 604_800), None),
    ("stickiness.app_cookie.duration_seconds", (1, 604_800), None),
    ("slow_start.duration_seconds", (30, 900), None),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", (1, 1000), None),
    ("target_group_health.dns_failover.minimum_healthy_targets.percentage", (1, 100), None),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", (1, 1000), None),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", (1, 100), None),
    ("health_check.interval", (5, 300), None),
    ("health_check.timeout", (2, 120), Some((1, 60))),
    ("health_check.healthy_threshold", (2, 10), None),
    ("health_check.unhealthy_threshold", (2, 10), None),
    ("health_check.matcher", (200, 499), None),
    ("health_check.port", (1, 65_535), None),
    ("idle_timeout.timeout_seconds", (1, 4000), Some((1, 3600))),
    ("client_keep_alive.seconds", (60, 604_800), None),
    ("routing.http.response.access_control_max_age.header_value", (0, 86_400), None),
];

fn has_range(kind: SettingKind) -> bool {
    matches!(kind, SettingKind::Integer(..) | SettingKind::KeywordOrInteger(..) | SettingKind::Codes(..))
}

fn facts(key: &str) -> &'static SettingFacts {
    settings().find(|facts| facts.key == key).unwrap_or_else(|| panic!("{key}"))
}

/// One below the least, the least, the most, one above; and whether it is to be taken.
fn edges((least, most): Span) -> [(i64, bool); 4] {
    [(least - 1, false), (least, true), (most, true), (most + 1, false)]
}

#[test]
fn every_setting_with_a_range_is_in_the_table() {
    let ranged: Vec<_> = settings().filter(|facts| has_range(facts.kind)).map(|facts| facts.key).collect();
    let mut known: Vec<_> = RANGES.iter().map(|(key, ..)| *key).collect();
    let mut sorted = ranged;
    sorted.sort_unstable();
    sorted.dedup();
    known.sort_unstable();
    assert_eq!(sorted, known);
}

#[test]
fn each_is_taken_at_both_ends_and_not_beyond() {
    for (key, span, of_option) in RANGES {
        let facts = facts(key);
        let takes = |kind: SettingKind, value: i64| kind.accept(&value.to_string()).is_some();
        for (value, is_taken) in edges(*span) {
            // "0" means off where the rest of the range begins above it.
            let is_word = matches!(facts.kind, SettingKind::KeywordOrInteger(word, ..) if word == value.to_string());
            assert_eq!(takes(facts.kind, value), is_taken || is_word, "{key} {value}");
        }
        let Some(option) = &facts.option else {
            assert_eq!(*of_option, None, "{key}");
            continue;
        };
        for (value, is_taken) in edges(of_option.unwrap_or(*span)) {
            assert_eq!(takes(option.kind, value), is_taken, "option {} {value}", option.name);
        }
    }
}

/// The same by the command, where the two ranges differ.
#[test]
fn set_takes_what_the_route_takes() {
    let region = Region::written(ONE);
    for (key, route, span, more) in [
        ("idle_timeout.timeout_seconds", "beanstalk", (1, 3600), None),
        ("idle_timeout.timeout_seconds", "elb", (1, 4000), None),
        // What Beanstalk takes and the load balancer does not is no use: its least is the load balancer's.
        ("health_check.timeout", "beanstalk", (2, 60), Some("health_check.interval=300")),
        ("health_check.timeout", "elb", (2, 120), Some("health_check.interval=300")),
    ] {
        for (value, is_taken) in edges(span) {
            let wish = format!("{key}={value}");
            let words = ["set", "web", &wish].into_iter().chain(more).chain(["--route", route, "--dry-run"]);
            let ran = region.run(words);
            assert_eq!(ran.status, Some(if is_taken { 0 } else { 2 }), "{route} {wish}: {}{}", ran.out, ran.err);
        }
    }
}
