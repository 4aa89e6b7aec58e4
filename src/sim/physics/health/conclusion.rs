//! What Beanstalk concludes about an environment from its instances.

use super::super::View;
use super::super::operation::{self, Operation};
use super::instances::{evaluated, instances};
use super::{EnvironmentHealth, InstanceHealth, MENTIONED, ServiceState, Status, failing};
use crate::sim::region::{Deploy, Environment, Instance, Move, Pool};
use crate::sim::scenario::spec::Kind;

/// What Beanstalk concludes about the environment.
pub fn environment(view: View<'_>, environment: &Environment) -> EnvironmentHealth {
    let instances = instances(view, environment);
    let as_of = evaluated(view);
    let operation = operation::of(as_of, environment);
    let pool = &as_of.region.pools[environment.pool];
    let (mut status, mut causes) = conclude(environment, pool, &operation, &instances, as_of.time());
    let deployed = environment.deploys.iter().any(|it| it.begun <= as_of.time() && !it.configures);
    let changed = environment.health_changes.iter().rev().find(|change| change.at <= as_of.time());
    let (word, dictated_causes) = match changed {
        Some(change) => (&change.status, &change.causes),
        None => (&environment.health_status, &environment.causes),
    };
    let dictated = word.as_deref().and_then(Status::named);
    // After a deploy what the scenario dictates from its beginning is no more than a part of the truth.
    if let Some(dictated) = dictated.filter(|_| changed.is_some() || !deployed || status == Status::Ok) {
        status = dictated;
        causes.clear();
    }
    causes.extend(dictated_causes.iter().cloned());
    let colour = if environment.enhanced { status.colour() } else { basic_colour(operation.status, &instances) };
    EnvironmentHealth { status, colour, causes, instances }
}

fn conclude(
    environment: &Environment,
    pool: &Pool,
    operation: &Operation<'_>,
    instances: &[InstanceHealth],
    time: i64,
) -> (Status, Vec<String>) {
    if instances.is_empty() {
        return (Status::NoData, vec!["None of the instances are sending data.".to_owned()]);
    }
    if operation.status == "Launching" {
        return (Status::Pending, Vec::new());
    }
    let (status, mut causes) = trouble(environment, operation, instances);
    let (doing, progress_causes) = progress(environment, pool, operation, instances, time);
    if status == Status::Ok || doing == Status::Info {
        causes.splice(0..0, progress_causes);
    }
    (status.max(doing), causes)
}

/// What is wrong, if anything.
fn trouble(
    environment: &Environment,
    operation: &Operation<'_>,
    instances: &[InstanceHealth],
) -> (Status, Vec<String>) {
    let total = instances.len();
    let out = count(instances, ServiceState::Out);
    let balanced = environment.kind != Kind::Single && environment.kind != Kind::Worker;
    let what = if balanced { "ELB processes are not healthy" } else { "Impaired services" };
    let impaired = vec![format!("{what} on {}.", of(out, total))];
    let (failing, failures) = requests(instances);
    let warning = instances.iter().filter(|instance| instance.status == Status::Warning).count();
    let (status, mut causes) = match out {
        _ if out == total && balanced => {
            let more = "ELB health is failing or not available for all instances.".to_owned();
            (Status::Severe, [impaired, vec![more]].concat())
        }
        _ if out * 2 >= total && out > 0 => (Status::Severe, impaired),
        _ if out * 100 >= total * 12 && out > 0 => (Status::Degraded, impaired),
        _ if out > 0 => (Status::Warning, impaired),
        _ if warning > 0 && failing == Status::Ok => {
            let share = warning as f64 * 100.0 / total as f64;
            (Status::Warning, vec![format!("{share:.1} % of the requests are failing with HTTP 5xx.")])
        }
        _ => (Status::Ok, Vec::new()),
    };
    causes.extend(failures);
    let failed = instances.iter().filter(|instance| instance.facts.failed).count();
    // The text is in public dumps; from which share it is Degraded, and until the next deployment, is UNVERIFIED.
    let (status, failing) = if failed > 0 { (status.max(Status::Degraded), failing) } else { (status, failing) };
    causes.extend((failed > 0).then(|| format!("Command failed on {}.", of(failed, total))));
    let astray = instances.iter().filter(|instance| instance.facts.astray).count();
    if astray == 0 {
        return (status.max(failing), causes);
    }
    causes.push(incorrect(operation, astray, total));
    (status.max(failing).max(Status::Degraded), causes)
}

/// The requests of those in service, taken together.
fn requests(instances: &[InstanceHealth]) -> (Status, Vec<String>) {
    let serving = || instances.iter().filter(|instance| instance.facts.service_state == ServiceState::InService);
    let number = serving().count().max(1) as f64;
    let server = serving().map(|instance| instance.facts.server_errors).sum::<f64>() / number;
    let client = serving().map(|instance| instance.facts.client_errors).sum::<f64>() / number;
    (failing::status(server, client), failing::cause(server, client).into_iter().collect())
}

fn incorrect(operation: &Operation<'_>, astray: usize, total: usize) -> String {
    let expected =
        format!("Expected version \"{}\" (deployment {}).", operation.version(), operation.release.deployment);
    if astray == total {
        return format!("Incorrect application version on environment instances. {expected}");
    }
    format!("Incorrect application version found on {astray} out of {total} instances. {expected}")
}

/// What is being done, and what was done a moment ago.
fn progress(
    environment: &Environment,
    pool: &Pool,
    operation: &Operation<'_>,
    instances: &[InstanceHealth],
    time: i64,
) -> (Status, Option<String>) {
    let total = instances.len();
    let executing = count(instances, ServiceState::Executing);
    let pending = instances.iter().filter(|instance| instance.status == Status::Pending).count();
    if executing > 0 {
        return (Status::Info, Some(format!("Command is executing on {}", of(executing, total))));
    }
    if let Some(deploy) = operation.deploy {
        return (Status::Info, Some(update_in_progress(deploy, pool, total, time)));
    }
    let last = environment
        .deploy(time)
        .filter(|deploy| deploy.succeeded && !deploy.configures && time - deploy.ended < MENTIONED);
    match last {
        _ if pending > 0 => (Status::Info, Some(format!("Performing initialization on {}.", of(pending, total)))),
        _ if matches!(operation.status, "Updating" | "Aborting") => {
            (Status::Info, Some(format!("Command is executing on {}", of(total, total))))
        }
        Some(deploy) => {
            let (ago, took) = ((time - deploy.ended) / 1000, (deploy.ended - deploy.begun) / 1000);
            (Status::Ok, Some(format!("Application update completed {ago} seconds ago and took {took} seconds.")))
        }
        None => (Status::Ok, None),
    }
}

/// `Application update in progress on 1 instance. 2 out of 4 instances completed (running for 3 minutes).`, as in public
/// dumps; one that touches no instance counts none (that text is UNVERIFIED).
fn update_in_progress(deploy: &Deploy, pool: &Pool, total: usize, time: i64) -> String {
    let what = if deploy.configures { "Configuration" } else { "Application" };
    let running = lasting(time - deploy.begun);
    let since = |instance: &&Instance, wanted: fn(Move) -> bool| {
        instance.track.until(time).iter().any(|(at, what)| *at >= deploy.begun && wanted(*what))
    };
    let touched = pool.instances.iter().filter(|it| since(it, |what| what != Move::Done)).count();
    let done = pool.instances.iter().filter(|it| since(it, |what| matches!(what, Move::Finished { .. }))).count();
    if touched == 0 {
        return format!("{what} update in progress (running for {running}).");
    }
    let (done, busy) = (done.min(total), touched.saturating_sub(done).max(1));
    let plural = if busy == 1 { "" } else { "s" };
    format!(
        "{what} update in progress on {busy} instance{plural}. {done} out of {total} instances completed (running for {running})."
    )
}

/// `50 seconds`, `9 minutes`.
fn lasting(milliseconds: i64) -> String {
    let (count, unit) = match milliseconds / 1000 {
        seconds @ ..120 => (seconds, "second"),
        seconds => (seconds / 60, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn count(instances: &[InstanceHealth], service_state: ServiceState) -> usize {
    instances.iter().filter(|instance| instance.facts.service_state == service_state).count()
}

fn of(number: usize, total: usize) -> String {
    if number == total { "all instances".to_owned() } else { format!("{number} out of {total} instances") }
}

/// Basic health knows only whether instances pass the load balancer's check.
fn basic_colour(status: &str, instances: &[InstanceHealth]) -> &'static str {
    let failing = count(instances, ServiceState::Out);
    match failing {
        _ if status != "Ready" => "Grey",
        0 if instances.is_empty() => "Red",
        0 => "Green",
        _ if failing == instances.len() || failing >= 3 => "Red",
        _ => "Yellow",
    }
}
