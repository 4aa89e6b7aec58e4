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

/// The runtime of every command: one thread owns the state, the others carry requests.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| Failure::system("no runtime can be started", error))
}
