//! The simulated region: for `demo` in process, for `sim` over HTTP.

use std::net::SocketAddr;
use std::process::ExitCode;

use super::failure::Failure;
use super::output;
use crate::runtime::Clock;
use crate::sim::{Faults, Policy, Scenario, World, serve};

/// Loads a scenario by name.
pub fn scenario(name: &str) -> Result<Scenario, Failure> {
    Scenario::embedded(name).map_err(|error| Failure::usage(error.to_string()))
}

/// A world that lives on this clock.
pub fn world(scenario: Scenario, clock: Clock) -> World {
    World::new(scenario, move || clock.now().0)
}

/// `sim`: serves until it is interrupted.
pub fn serve(listen: SocketAddr, name: &str) -> Result<ExitCode, Failure> {
    let world = world(scenario(name)?, Clock::System);
    // Other people's clients call more than we do.
    world.set_faults(Faults { policy: Policy::everything(), ..world.faults() });
    let runtime = runtime()?;
    runtime.block_on(async {
        let failed = |error| Failure::system(format!("cannot listen on {listen}"), error);
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        output::remark(&format!("simulating {name} on http://{address}"));
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
        (Clock::Simulated { epoch, start }, Some(ended)) => epoch.plus(ended.saturating_duration_since(start)),
        _ => clock.now(),
    }
}
