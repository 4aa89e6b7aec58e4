//! The health of each instance: what a deploy does to it, what the load balancer thinks of it, and how it answers.

use super::super::View;
use super::super::members::{self, Deployment, Presence};
use super::super::operation::{self, Operation};
use super::super::targets::{Answers, Condition, Front, NO_FRONT, State, condition};
use super::{Facts, Failing, InstanceHealth, MENTIONED, STEP, ServiceState, Status, failing};
use crate::sim::region::{Environment, Pool, Side};

/// From when on a command shows as Pending rather than Info (milliseconds; an assumption).
const LONG_COMMAND: i64 = 15_000;

/// The moment as of which health is known.
pub(super) fn evaluated(view: View<'_>) -> View<'_> {
    View { now: view.region.epoch + view.time().div_euclid(STEP) * STEP, ..view }
}

/// The instances that Beanstalk watches now: those that are neither gone nor going.
pub fn instances(view: View<'_>, environment: &Environment) -> Vec<InstanceHealth> {
    let now = view.time();
    let view = evaluated(view);
    let look = Look {
        now,
        view,
        environment,
        pool: &view.region.pools[environment.pool],
        operation: operation::of(view, environment),
        failing: Failing::at(&view.region.pools[environment.pool], environment, view.time()),
        time: view.time(),
    };
    (0..look.pool.instances.len()).filter_map(|place| look.at(place)).collect()
}

/// A look at the instances of an environment.
struct Look<'a> {
    view: View<'a>,
    environment: &'a Environment,
    pool: &'a Pool,
    operation: Operation<'a>,
    failing: Failing<'a>,
    /// As of when health is known.
    time: i64,
    /// As of when it is known who belongs to the environment.
    now: i64,
}

impl Look<'_> {
    fn at(&self, place: usize) -> Option<InstanceHealth> {
        let instance = &self.pool.instances[place];
        if instance.track.all().first().is_some_and(|(at, _)| *at <= self.now || instance.track.is_new()) {
            return self.touched(place);
        }
        let (process, worst) = worst(self.view, self.environment, place, self.time);
        let (status, causes) = match worst.state {
            State::Absent | State::Terminated => return None,
            State::Unhealthy(answers) => (Status::Severe, vec![out_of_service(process, answers, &worst, self.time)]),
            State::OutOfZone => (Status::Degraded, vec![self.unavailable(place)]),
            State::Registering | State::Checking => (Status::Pending, vec![starting(&worst, self.time)]),
            State::Healthy | State::Draining => suspect(worst.answers),
        };
        Some(self.answering(place, &worst, status, causes))
    }

    /// An instance that a deploy has touched.
    fn touched(&self, place: usize) -> Option<InstanceHealth> {
        let instance = &self.pool.instances[place];
        let whole = |since: i64| (self.time - since).max(0) / 1000;
        if members::presence(self.pool, NO_FRONT, place, self.now) == Presence::Gone {
            return None;
        }
        let seen = |status, causes, facts| Some(InstanceHealth { place, status, causes, facts });
        if let Some((since, _, Deployment::InProgress)) = members::deployment(instance, self.time) {
            let status = if self.time - since < LONG_COMMAND { Status::Info } else { Status::Pending };
            let cause = format!("Performing application deployment (running for {} seconds)", whole(since));
            return seen(status, vec![cause], Facts { service_state: ServiceState::Executing, ..Facts::default() });
        }
        if members::runs(instance, self.time).is_none() {
            let since = instance.launched - self.view.region.epoch;
            let cause = format!("Performing initialization (running for {} seconds).", whole(since));
            return seen(Status::Pending, vec![cause], Facts::default());
        }
        let (process, worst) = worst(self.view, self.environment, place, self.time);
        let finished = self.finished_deploy(place);
        let (status, causes) = match worst.state {
            State::Unhealthy(answers) => (Status::Severe, vec![out_of_service(process, answers, &worst, self.time)]),
            State::OutOfZone => (Status::Degraded, vec![self.unavailable(place)]),
            State::Registering | State::Checking => (Status::Info, finished.into_iter().collect()),
            State::Healthy => {
                let (status, mut causes) = suspect(worst.answers);
                causes.extend(finished.filter(|_| status == Status::Ok));
                (status, causes)
            }
            // Taken out of service: it gets no requests, and its agent reports it as healthy.
            State::Draining | State::Absent | State::Terminated => (Status::Ok, Vec::new()),
        };
        Some(self.answering(place, &worst, status, causes))
    }

    /// Returns the cause for a target in a zone that the load balancer does not have.
    fn unavailable(&self, place: usize) -> String {
        let age = self.view.now - self.pool.instances[place].launched;
        format!("Instance ELB health has not been available for {}.", lasting(age))
    }

    /// Returns the cause for a command that ended a moment ago.
    fn finished_deploy(&self, place: usize) -> Option<String> {
        let (began, ended) = members::last_command(&self.pool.instances[place], self.time)?;
        let (ago, took) = ((self.time - ended) / 1000, (ended - began) / 1000);
        (self.time - ended < MENTIONED)
            .then(|| format!("Application deployment completed {ago} seconds ago and took {took} seconds"))
    }

    /// Adds how an instance answers requests, and whether it runs what it should.
    fn answering(
        &self,
        place: usize,
        worst: &Condition,
        mut status: Status,
        mut causes: Vec<String>,
    ) -> InstanceHealth {
        let service_state = match worst.state {
            State::Healthy => ServiceState::InService,
            State::Unhealthy(_) | State::OutOfZone => ServiceState::Out,
            _ => ServiceState::Aside,
        };
        let mut facts = Facts { service_state, ..Facts::default() };
        if service_state == ServiceState::InService {
            (facts.server_errors, facts.client_errors) = self.failing.shares(place);
            let failing = self.failing.status(place);
            if failing > Status::Ok {
                status = status.max(failing);
                causes.retain(|cause| !cause.starts_with("Application deployment"));
                causes.extend(failing::cause(facts.server_errors, facts.client_errors));
            }
        }
        facts.failed = self.command_failed(place);
        if let Some(cause) = self.astray(place) {
            facts.astray = true;
            status = status.max(Status::Degraded);
            causes.push(cause);
        }
        InstanceHealth { place, status, causes, facts }
    }

    /// Returns whether the command of its last deployment failed, unless the scenario hides that from health.
    fn command_failed(&self, place: usize) -> bool {
        match members::deployment(&self.pool.instances[place], self.time) {
            Some((_, release, Deployment::Failed)) => self.pool.release(release).version.reports_failures,
            _ => false,
        }
    }

    /// Returns the cause after a deployment that failed or was aborted, for an instance with its version.
    fn astray(&self, place: usize) -> Option<String> {
        if self.operation.deploy.is_some() || self.environment.deploys.is_empty() {
            return None;
        }
        let release = self.pool.release(members::runs(&self.pool.instances[place], self.time)?);
        let expected = self.operation.release;
        (release.version.label != expected.version.label).then(|| {
            format!(
                "Incorrect application version \"{}\" (deployment {}). Expected version \"{}\" (deployment {}).",
                release.version.label, release.deployment, expected.version.label, expected.deployment
            )
        })
    }
}

/// An instance is in every target group of its environment; the worst one counts.
fn worst<'a>(view: View<'a>, environment: &Environment, place: usize, time: i64) -> (&'a str, Condition) {
    let pool = &view.region.pools[environment.pool];
    let of = |front: Front<'a>| match condition(pool, front, place, time) {
        // During a traffic split an instance may be registered in the other target groups only.
        Condition { state: State::Absent, .. } if !pool.instances[place].track.is_empty() => {
            condition(pool, Front { side: Side::Twin, ..front }, place, time)
        }
        found => found,
    };
    let rank = |condition: &Condition| match condition.state {
        State::Unhealthy(_) | State::OutOfZone => 4,
        State::Registering | State::Checking => 3,
        _ if condition.answers != Answers::Well => 2,
        _ => 1,
    };
    environment
        .processes
        .iter()
        .map(|group| &view.region.target_groups[*group])
        .map(|group| (group.process.as_str(), of(group.into())))
        .max_by_key(|(_, condition)| rank(condition))
        .unwrap_or_else(|| ("", of(NO_FRONT)))
}

fn out_of_service(process: &str, answers: Answers, condition: &Condition, time: i64) -> String {
    let reason = match answers {
        Answers::TimesOut => "Target.Timeout",
        Answers::Refuses => "Target.FailedHealthChecks",
        Answers::Code(_) | Answers::Well => "Target.ResponseCodeMismatch",
    };
    if process.is_empty() {
        return "Following services are not running: web.".to_owned();
    }
    let lasting = lasting(time - condition.since.unwrap_or(time));
    format!("Process {process} has been unhealthy for {lasting} ({reason}).")
}

/// `4 minutes`, `1 hour`: the largest whole unit.
fn lasting(milliseconds: i64) -> String {
    let minutes = (milliseconds / 60_000).max(1);
    let (count, unit) = match minutes {
        1440.. => (minutes / 1440, "day"),
        60.. => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn starting(condition: &Condition, time: i64) -> String {
    let seconds = (time - condition.since.unwrap_or(time)) / 1000;
    format!("Performing initialization (running for {seconds} seconds).")
}

/// In service as far as the load balancer knows, but failing requests.
fn suspect(answers: Answers) -> (Status, Vec<String>) {
    match answers {
        Answers::Code(500..) => {
            (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 5xx.".to_owned()])
        }
        Answers::TimesOut => (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 504.".to_owned()]),
        Answers::Refuses => (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 502.".to_owned()]),
        Answers::Code(_) | Answers::Well => (Status::Ok, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::lasting;

    #[test]
    fn durations_are_told_in_their_largest_unit() {
        assert_eq!(lasting(20_000), "1 minute");
        assert_eq!(lasting(250_000), "4 minutes");
        assert_eq!(lasting(26 * 3_600_000), "1 day");
    }
}
