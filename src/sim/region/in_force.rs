//! The settings in effect for the targets of a group, from one time until the next: its health check, the deregistration
//! delay, and stickiness. Computed again whenever one of them was overwritten.
//!
//! The scenario defines what an application serves; whether that satisfies the health check follows here, so that a path
//! which is not served fails from the moment at which it is written.

use super::answers::Answers;
use super::attributes;
use super::lookup::attribute;
use super::overrides::{On, Override};
use super::settings::{History, Settings, Stickiness};
use super::{HealthCheck, Pair, Region, TargetGroup};

impl Region {
    /// Computes again which settings are in effect on a target group and its twins, and when.
    pub(super) fn tell_in_force(&mut self, place: usize) {
        let overrides: Vec<Override> = self.overrides_on(On::Group(place), i64::MAX).into_iter().cloned().collect();
        let group = &self.target_groups[place];
        let (mut check, mut attributes) = (group.check.clone(), group.attributes.clone());
        let mut history = History { first: self.settings(place, &check, &attributes), later: Vec::new() };
        let mut overrides = overrides.into_iter().peekable();
        while let Some(first) = overrides.next() {
            apply_override(&mut check, &mut attributes, &first);
            while let Some(next) = overrides.next_if(|next| next.at == first.at) {
                apply_override(&mut check, &mut attributes, &next);
            }
            let mut settings = self.settings(place, &check, &attributes);
            let before = history.at(first.at);
            if let Some(stickiness) = &mut settings.stickiness {
                stickiness.since = before.stickiness.map_or(Some(first.at), |before| before.since);
            }
            if *before != settings {
                history.later.push((first.at, settings));
            }
        }
        let group = &mut self.target_groups[place];
        group.in_force = history;
        for twin in group.twins.clone() {
            self.tell_in_force(twin);
        }
    }

    fn settings(&self, place: usize, check: &HealthCheck, attributes: &[Pair]) -> Settings {
        let group = &self.target_groups[place];
        let seconds =
            |key: &str, default: i64| attribute(attributes, key).and_then(|text| text.parse().ok()).unwrap_or(default);
        let kind = attribute(attributes, "stickiness.type").unwrap_or("lb_cookie");
        let duration = seconds(&format!("stickiness.{kind}.duration_seconds"), 86_400);
        let is_sticky = attribute(attributes, "stickiness.enabled") == Some("true");
        Settings {
            delay: seconds("deregistration_delay.timeout_seconds", 300) * 1000,
            stickiness: is_sticky.then_some(Stickiness { since: None, duration, by_application: kind == "app_cookie" }),
            well: self.well(group, check),
            elsewhere: path(check) != path(&group.check),
            check: check.clone(),
        }
    }

    /// Returns the answer of a healthy application to a check.
    fn well(&self, group: &TargetGroup, check: &HealthCheck) -> Answers {
        let port = check.port.parse().unwrap_or(group.port);
        let there = self.target_groups.iter().filter(|other| other.pool == group.pool);
        let Some(listener) = there.chain([group]).find(|other| other.port == port) else {
            // The instances' security group lets nothing through to ports that no process has.
            return Answers::TimesOut;
        };
        if check.matcher.is_none() || check.protocol == "TCP" {
            return Answers::Well;
        }
        if listener.protocol.starts_with("HTTP") && listener.protocol != check.protocol {
            return Answers::Refuses;
        }
        let served = listener.serves.iter().any(|served| served == path(check));
        let code = if served { 200 } else { 404 };
        if check.expects(code) { Answers::Well } else { Answers::Code(code) }
    }
}

/// The path that a check asks for, without its query.
pub(super) fn path(check: &HealthCheck) -> &str {
    let path = check.path.as_deref().unwrap_or("/");
    path.split_once('?').map_or(path, |(path, _)| path)
}

fn apply_override(check: &mut HealthCheck, attributes: &mut Vec<Pair>, one: &Override) {
    if one.key.starts_with("health_check.") {
        live(check, &one.key, &one.value);
    } else {
        attributes::set(attributes, &one.key, one.value.clone());
    }
}

/// A field of a health check, under its key, that differs from what the check came with.
pub(super) fn live(check: &mut HealthCheck, key: &str, value: &str) {
    let number = || value.parse::<u32>().unwrap_or_default();
    match key.strip_prefix("health_check.") {
        Some("protocol") => value.clone_into(&mut check.protocol),
        Some("port") => value.clone_into(&mut check.port),
        Some("path") => check.path = Some(value.to_owned()),
        Some("matcher") => check.matcher = Some(value.to_owned()),
        Some("interval") => check.interval = i64::from(number()) * 1000,
        Some("timeout") => check.timeout = i64::from(number()) * 1000,
        Some("healthy_threshold") => check.healthy = number(),
        Some("unhealthy_threshold") => check.unhealthy = number(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::Answers;
    use super::{HealthCheck, Settings};

    fn check(matcher: &str) -> HealthCheck {
        HealthCheck { matcher: Some(matcher.to_owned()), ..HealthCheck::default() }
    }

    #[test]
    fn a_matcher_has_codes_and_ranges() {
        let check = check("200,300-302");
        let expected = [199, 200, 201, 300, 302, 303].map(|code| check.expects(code));
        assert_eq!(expected, [false, true, false, true, true, false]);
    }

    #[test]
    fn a_code_of_the_path_itself_counts_there_only() {
        let there = Settings { check: check("200"), ..Settings::default() };
        let elsewhere = Settings { elsewhere: true, ..there.clone() };
        assert_eq!(there.verdict(Answers::Code(302)), Some(Answers::Code(302)));
        assert_eq!(elsewhere.verdict(Answers::Code(302)), None);
        assert_eq!(elsewhere.verdict(Answers::Code(502)), Some(Answers::Code(502)));
    }

    #[test]
    fn nothing_is_heard_where_nobody_listens() {
        let settings = Settings { well: Answers::TimesOut, check: check("200-499"), ..Settings::default() };
        assert_eq!(settings.verdict(Answers::Code(302)), Some(Answers::TimesOut));
    }
}
