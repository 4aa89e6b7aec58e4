//! The simulated region: for `demo` in process, for `sim` over HTTP.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::failure::Failure;
use super::output;
use super::scenario_file;
use crate::runtime::Clock;
use crate::sim::{Faults, Policy, Scenario, World, serve};

/// Loads a scenario: one that comes with the program, by its name, or a file, by its path.
pub fn scenario(name: &str) -> Result<Scenario, Failure> {
    if scenario_file::is_path(name) {
        return scenario_file::load(name);
    }
    Scenario::embedded(name).map_err(|error| Failure::usage(error.to_string()))
}

/// A world that lives on this clock.
pub fn world(scenario: Scenario, clock: Clock) -> World {
    World::new(scenario, move || clock.local().0)
}

/// A world whose time runs `speed` times as fast as the system's. Its answers carry the system's time in their headers,
/// by which clients correct the clock that they sign with.
fn faster_world(scenario: Scenario, speed: u32) -> World {
    let (epoch, start) = (Timestamp::now(), Instant::now());
    let now = move || epoch.checked_add(faster(start.elapsed(), speed)).unwrap_or(Timestamp::MAX);
    World::with_headers_dated(scenario, now, Timestamp::now)
}

/// The time that passes in the world while `elapsed` passes outside.
fn faster(elapsed: Duration, speed: u32) -> Duration {
    elapsed.saturating_mul(speed)
}

/// `sim`: serves until it is interrupted.
pub fn serve(listen: SocketAddr, name: &str, speed: u32) -> Result<ExitCode, Failure> {
    let scenario = scenario(name)?;
    let name = scenario.name().to_owned();
    let runtime = runtime()?;
    let _inside = runtime.enter();
    let world = if speed == 1 { world(scenario, Clock::System) } else { faster_world(scenario, speed) };
    // Other people's clients call more than we do.
    world.set_faults(Faults { policy: Policy::everything(), ..world.faults() });
    runtime.block_on(async {
        let failed = |error| Failure::system(format!("cannot listen on {listen}"), error);
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let pace = if speed == 1 { String::new() } else { format!(", {speed} times as fast,") };
        output::remark(&format!("simulating {name}{pace} on http://{address}"));
        output::remark(&format!("try: AWS_ENDPOINT_URL=http://{address} beanpole ls"));
        let shutdown = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        serve::serve(listener, world, shutdown).await.map_err(|error| Failure::system("serving failed", error))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The runtime of every command: one thread owns the state, the others carry requests. Unit tests of commands have one
/// thread and the paused clock.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    #[cfg(not(test))]
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    #[cfg(test)]
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.map_err(|error| Failure::system("no runtime can be started", error))
}

/// Ends a command's runtime. A name that the system is still looking up, or a thread that waits for an answer on the
/// terminal, must not keep us.
pub fn end(runtime: tokio::runtime::Runtime) {
    #[cfg(test)]
    ENDED.set(Some(runtime.block_on(async { tokio::time::Instant::now() })));
    runtime.shutdown_background();
}

#[cfg(test)]
thread_local! {
    /// When this thread's last command ended, by its own clock.
    static ENDED: std::cell::Cell<Option<tokio::time::Instant>> = const { std::cell::Cell::new(None) };
}

/// When this thread's last command ended.
#[cfg(test)]
pub fn ended(clock: Clock) -> crate::model::Moment {
    match (clock, ENDED.take()) {
        (Clock::Simulated { epoch, start, .. }, Some(ended)) => epoch.plus(ended.saturating_duration_since(start)),
        _ => clock.now(),
    }
}

#[cfg(test)]
mod tests {
    use super::faster;
    use std::time::Duration;

    #[test]
    fn time_passes_as_many_times_as_fast() {
        assert_eq!(faster(Duration::from_millis(1_500), 60), Duration::from_secs(90));
        assert_eq!(faster(Duration::from_secs(u64::MAX), 1_000), Duration::MAX);
    }
}
