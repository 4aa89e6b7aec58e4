//! The events of an environment: its last deployment, what the scenario wrote down, instances that come and go, and
//! every change of health.
//!
//! Texts are those seen in real logs. Beanstalk keeps events for six weeks.

use super::health::{self, EnvironmentHealth, STEP, Status};
use super::targets::{Front, NO_FRONT, condition, turning_points};
use super::{View, noise};
pub use crate::sim::region::Event;
use crate::sim::region::{Deploy, Environment, Instance};

/// Milliseconds for which events are kept.
const KEPT: i64 = 42 * 86_400_000;

/// Severities in their order.
pub const SEVERITIES: [&str; 6] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/// The events of an environment from `from` (inclusive) to now, in no particular order.
pub fn of(view: View<'_>, environment: &Environment, from: i64) -> Vec<Event> {
    let from = from.max(view.now - KEPT);
    let mut events = deployment(view, environment);
    events.extend(launch(environment));
    events.extend(environment.events.iter().map(|written| {
        let known = SEVERITIES.into_iter().find(|severity| *severity == written.severity);
        let event = Event::new(view.region.epoch + written.at, known.unwrap_or("INFO"), written.message.clone());
        Event { version: written.version.clone(), ..event }
    }));
    events.extend(comings_and_goings(view, environment, from));
    events.extend(changes_of_health(view, environment, from));
    let deploys = environment.deploys.iter().flat_map(|deploy| deploy.events.iter().chain(&deploy.health));
    let turnovers = environment.turnovers.iter().flat_map(|it| it.events.iter().chain(&it.health));
    events.extend(deploys.chain(turnovers).filter(|event| event.at >= from).cloned());
    events.retain(|event| (from..=view.now).contains(&event.at));
    events
}

/// The deployment of the present version, batch by batch.
fn deployment(view: View<'_>, environment: &Environment) -> Vec<Event> {
    let pool = &view.region.pools[environment.pool];
    let request = noise::uuid(view.region.seed, &format!("deployment {} {}", environment.id, environment.deployment));
    let mut at = environment.deployed - 45_000 * (pool.instances.len() as i64 + 1);
    let mut events = vec![Event::new(at, "INFO", "Environment update is starting.")];
    for (number, instance) in pool.instances.iter().enumerate() {
        let batch = format!("Batch {}:", number + 1);
        for (step, text) in [
            format!("{batch} Starting application deployment on instance(s) [{}].", instance.id),
            format!(
                "{batch} De-registering instance(s) from the load balancer and waiting for them to go out of service."
            ),
            format!("{batch} Starting application deployment command execution."),
            format!("{batch} Registering instance(s) with the load balancer and waiting for them to be healthy."),
            format!("{batch} Completed application deployment."),
        ]
        .into_iter()
        .enumerate()
        {
            events.push(Event::new(at + 1_500 + step as i64 * 8_700, "INFO", text));
        }
        at += 45_000;
    }
    events.push(Event::new(at, "INFO", "New application version was deployed to running EC2 instances."));
    events.push(Event::new(at + 640, "INFO", "Environment update completed successfully."));
    for event in &mut events {
        event.request_id = Some(request.clone());
    }
    events
}

fn launch(environment: &Environment) -> [Event; 2] {
    let name = &environment.name;
    [
        Event::new(environment.created, "INFO", "createEnvironment is starting."),
        Event::new(environment.created + 240_000, "INFO", format!("Successfully launched environment: {name}")),
    ]
}

fn fronts<'a>(view: View<'a>, environment: &Environment) -> Vec<Front<'a>> {
    let groups = environment.processes.iter().map(|group| Front::from(&view.region.target_groups[*group]));
    let mut fronts: Vec<Front<'a>> = groups.collect();
    if fronts.is_empty() {
        fronts.push(NO_FRONT);
    }
    fronts
}

fn comings_and_goings(view: View<'_>, environment: &Environment, from: i64) -> Vec<Event> {
    let pool = &view.region.pools[environment.pool];
    let epoch = view.region.epoch;
    let Some(front) = fronts(view, environment).first().copied() else { return Vec::new() };
    let mut events = Vec::new();
    for point in turning_points(pool, front, from - epoch, view.time()) {
        for (place, instance) in pool.instances.iter().enumerate() {
            let there = |time| condition(pool, front, place, time).registered();
            match (there(point - 1), there(point)) {
                (false, true) => events.push(moved(epoch + point, instance, "Added", "to")),
                (true, false) => events.push(moved(epoch + point, instance, "Removed", "from")),
                _ => {}
            }
        }
    }
    events
}

fn moved(at: i64, instance: &Instance, what: &str, preposition: &str) -> Event {
    Event::new(at, "INFO", format!("{what} instance [{}] {preposition} your environment.", instance.id))
}

fn changes_of_health(view: View<'_>, environment: &Environment, from: i64) -> Vec<Event> {
    let pool = &view.region.pools[environment.pool];
    let epoch = view.region.epoch;
    let mut steps: Vec<i64> = fronts(view, environment)
        .into_iter()
        .flat_map(|front| turning_points(pool, front, from - epoch - STEP, view.time()))
        .chain(environment.health_changes.iter().map(|change| change.at))
        .map(|point| (point + STEP - 1).div_euclid(STEP) * STEP)
        .filter(|step| (from - epoch - STEP..=view.time()).contains(step))
        .collect();
    steps.sort_unstable();
    steps.dedup();
    steps.retain(|step| !is_watched(environment, *step));
    steps.into_iter().filter_map(|step| change(view, environment, epoch + step)).collect()
}

/// Returns whether an evaluation belongs to a deployment or a turnover, which has its own events for changes of health.
fn is_watched(environment: &Environment, step: i64) -> bool {
    let deploys = environment.deploys.iter().map(|deploy| (deploy.begun, deploy.settled));
    let turnovers = environment.turnovers.iter().map(|it| (it.begun, it.settled));
    deploys.chain(turnovers).any(|stretch| watched(stretch).contains(&step))
}

/// The evaluations from the beginning of something until everything has settled.
fn watched((begun, settled): (i64, i64)) -> std::ops::Range<i64> {
    let first = (begun + STEP - 1).div_euclid(STEP) * STEP;
    first..settled
}

/// The changes of health in the course of a deploy, until the next one begins.
pub fn of_deploy(view: View<'_>, environment: &Environment, number: usize) -> Vec<Event> {
    let stretch = |deploy: &Deploy| watched((deploy.begun, deploy.settled));
    let mut steps = stretch(&environment.deploys[number]);
    if let Some(next) = environment.deploys.get(number + 1) {
        steps.end = steps.end.min(stretch(next).start);
    }
    changes_in(view, environment, steps, |_| true)
}

/// Returns the changes of health while instances come and go, except those in the events of a deployment or turnover.
pub fn of_turnover(view: View<'_>, environment: &Environment, number: usize) -> Vec<Event> {
    let turnover = &environment.turnovers[number];
    let steps = watched((turnover.begun, turnover.settled));
    let deploys = environment.deploys.iter().map(|deploy| (deploy.begun, deploy.settled));
    let before = environment.turnovers[..number].iter().map(|it| (it.begun, it.settled));
    let others: Vec<_> = deploys.chain(before).map(watched).collect();
    changes_in(view, environment, steps, |step| !others.iter().any(|other| other.contains(&step)))
}

/// The changes of health at these evaluations, as far as they are wanted.
fn changes_in(
    view: View<'_>,
    environment: &Environment,
    steps: std::ops::Range<i64>,
    is_wanted: impl Fn(i64) -> bool,
) -> Vec<Event> {
    let at = |step| View { now: view.region.epoch + step, ..view };
    let mut before = health::environment(at(steps.start - STEP), environment);
    let mut events = Vec::new();
    for step in steps.step_by(STEP as usize) {
        let after = health::environment(at(step), environment);
        events.extend(health_changed(environment, &before, &after, at(step).now).filter(|_| is_wanted(step)));
        before = after;
    }
    events
}

/// The event of one evaluation, if it came to another conclusion than the one before.
fn change(view: View<'_>, environment: &Environment, at: i64) -> Option<Event> {
    let health_at = |now| health::environment(View { now, ..view }, environment);
    health_changed(environment, &health_at(at - STEP), &health_at(at), at)
}

fn health_changed(
    environment: &Environment,
    before: &EnvironmentHealth,
    after: &EnvironmentHealth,
    at: i64,
) -> Option<Event> {
    let at = at + (noise::unit(environment.entity, at, 9) * 900.0) as i64;
    if !environment.enhanced {
        let changed = before.colour != after.colour;
        let severity = if after.colour == "Green" { "INFO" } else { "WARN" };
        let message = format!("Environment health has been set to {}", after.colour.to_uppercase());
        return changed.then(|| Event::new(at, severity, message));
    }
    if before.status == after.status {
        return None;
    }
    let severity = if after.status < Status::Warning { "INFO" } else { "WARN" };
    let (from, to) = (before.status.word(), after.status.word());
    // Where nothing was known before there is no state to come from (Developer Guide, EventBridge).
    let mut message = if matches!(before.status, Status::NoData | Status::Unknown) {
        format!("Environment health has transitioned to {to}.")
    } else {
        format!("Environment health has transitioned from {from} to {to}.")
    };
    for cause in &after.causes {
        message.push(' ');
        message.push_str(cause);
    }
    Some(Event::new(at, severity, message))
}
