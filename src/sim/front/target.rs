//! Which target a request goes to: where its cookie leads, else the next one of those that are healthy.

use super::visit::ClientRequest;
use crate::sim::physics::View;
use crate::sim::physics::noise::mix;
use crate::sim::physics::targets::State;
use crate::sim::physics::traffic::Flow;
use crate::sim::region::{Answers, TargetGroup};

const COOKIE: &str = "AWSALB";
/// A week, whatever the duration of stickiness is.
const EXPIRES: &str = "Max-Age=604800";

/// A target that was chosen.
pub struct Target<'a> {
    /// Its group.
    pub group: &'a TargetGroup,
    /// Its place in the pool.
    pub place: usize,
    /// How it answers.
    pub answers: Answers,
    is_sticky: bool,
}

impl<'a> Target<'a> {
    /// Chooses a target of the groups that a rule forwards to; `None` if no group has one.
    pub fn choose(view: View<'a>, to: &[(usize, u32)], request: &ClientRequest) -> Option<Self> {
        let weights: u64 = to.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut at = mix(request.number) % weights.max(1);
        let (place, _) = to.iter().find(|(_, weight)| {
            let weight = u64::from(*weight);
            let is_here = at < weight;
            at = at.saturating_sub(weight);
            is_here
        })?;
        Self::of_group(view, &view.region.target_groups[*place], request)
    }

    fn of_group(view: View<'a>, group: &'a TargetGroup, request: &ClientRequest) -> Option<Self> {
        let flow = Flow::of_group(view, group);
        let conditions: Vec<_> = (0..flow.pool.instances.len())
            .map(|place| (place, flow.condition(place, view.time())))
            .filter(|(_, condition)| !matches!(condition.state, State::Absent | State::OutOfZone | State::Terminated))
            .collect();
        let healthy: Vec<_> = conditions.iter().filter(|(_, it)| it.state == State::Healthy).copied().collect();
        // Where all are unhealthy, all are used.
        let usable = if healthy.is_empty() { &conditions } else { &healthy };
        let stickiness = group.in_force.at(view.time()).stickiness;
        let known = stickiness.and_then(|_| known_place(&request.cookie));
        let led = usable.iter().find(|(place, _)| Some(*place) == known);
        let next = || usable.get((request.number % usable.len().max(1) as u64) as usize);
        let (place, condition) = led.or_else(next).copied()?;
        let is_sticky = stickiness.is_some_and(|stickiness| !stickiness.by_application);
        Some(Self { group, place, answers: condition.answers, is_sticky })
    }

    /// The cookies by which its client comes back.
    pub fn cookies(&self, number: u64) -> Vec<(&'static str, String)> {
        if !self.is_sticky {
            return Vec::new();
        }
        // Renewed with every answer; only the load balancer can read it.
        let value = format!("{:016x}{:016x}{:04x}", mix(number), mix(!number), self.place);
        vec![
            ("set-cookie", format!("{COOKIE}={value}; {EXPIRES}; Path=/")),
            ("set-cookie", format!("{COOKIE}CORS={value}; {EXPIRES}; Path=/; SameSite=None; Secure")),
        ]
    }
}

/// The place that a cookie leads to.
fn known_place(cookies: &str) -> Option<usize> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE || *name == "AWSALBCORS")?;
    usize::from_str_radix(value.get(32..36)?, 16).ok()
}
