//! What decides about the targets of a group, from one time until the next: its health check, how long targets drain, and
//! stickiness. Reported again whenever something was written over it.
//!
//! What an application serves is the scenario's; whether the health check asks for that follows here, so that a path
//! which is not served fails from the moment at which it is written.

use super::answers::Answers;
use super::attributes;
use super::laid::{Laid, On};
use super::lookup::attribute;
use super::target_groups::live;
use super::{HealthCheck, Pair, Region, TargetGroup};

/// What is in force; milliseconds, but for what AWS counts in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub check: HealthCheck,
    /// How long a target drains.
    pub delay: i64,
    pub stickiness: Option<Stickiness>,
    /// What comes back to a check from an application that is well.
    pub well: Answers,
    /// The check asks for another path than the one that the scenario's failures are about.
    pub elsewhere: bool,
}

/// Cookies lead clients back to the target that they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stickiness {
    /// Since when; none: always.
    pub since: Option<i64>,
    /// Seconds after which a client that was away is sent anywhere.
    pub duration: i64,
    /// The application's own cookie decides.
    pub by_application: bool,
}

/// What is in force at any time of the scenario.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub first: Settings,
    /// What replaced it, the oldest first.
    pub later: Vec<(i64, Settings)>,
}

impl History {
    pub fn at(&self, time: i64) -> &Settings {
        let place = self.later.partition_point(|(from, _)| *from <= time);
        if place == 0 { &self.first } else { &self.later[place - 1].1 }
    }

    /// When something changed for the first time.
    pub fn first_change(&self) -> Option<i64> {
        self.later.first().map(|(from, _)| *from)
    }

    /// All that ever were in force, the first one first.
    pub fn all(&self) -> impl Iterator<Item = &Settings> {
        std::iter::once(&self.first).chain(self.later.iter().map(|(_, settings)| settings))
    }
}

impl Settings {
    /// What is wrong with the answers of an application, as far as the check can say; none: it passes.
    pub fn verdict(&self, answers: Answers) -> Option<Answers> {
        let got = match (self.well, answers) {
            // No one hears the question, or no one understands it.
            (Answers::TimesOut | Answers::Refuses, _) => self.well,
            (well, Answers::Well) => well,
            // Codes below 500 are the path's own; above, the whole application is down.
            (well, Answers::Code(..500)) if self.elsewhere => well,
            (_, Answers::Code(code)) if self.check.expects(code) => Answers::Well,
            (_, answers) => answers,
        };
        (got != Answers::Well).then_some(got)
    }
}

impl HealthCheck {
    /// Does the matcher, `200,300-399`, contain a code?
    pub fn expects(&self, code: u16) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        matcher.split(',').any(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let limit = |text: &str| text.trim().parse::<u16>().ok();
            limit(from).zip(limit(to)).is_some_and(|(from, to)| (from..=to).contains(&code))
        })
    }
}

impl Region {
    /// Says again what is in force on a target group and its twins, and when.
    pub(super) fn tell_in_force(&mut self, place: usize) {
        let laid: Vec<Laid> = self.laid_on(On::Group(place), i64::MAX).into_iter().cloned().collect();
        let group = &self.target_groups[place];
        let (mut check, mut attributes) = (group.check.clone(), group.attributes.clone());
        let mut history = History { first: self.settings(place, &check, &attributes), later: Vec::new() };
        let mut laid = laid.into_iter().peekable();
        while let Some(first) = laid.next() {
            lay_over(&mut check, &mut attributes, &first);
            while let Some(next) = laid.next_if(|next| next.at == first.at) {
                lay_over(&mut check, &mut attributes, &next);
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

    /// What an application that is well answers to a check.
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

fn lay_over(check: &mut HealthCheck, attributes: &mut Vec<Pair>, laid: &Laid) {
    if laid.key.starts_with("health_check.") {
        live(check, &laid.key, &laid.value);
    } else {
        attributes::set(attributes, &laid.key, laid.value.clone());
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
