//! What the configuration says of environments, as the checks need it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::{Config, Silences, SocketSettings, is_production};
use crate::diagnosis::{Declared, Inputs, SilencedChecks};
use crate::model::{Environment, Key, Reliability, Snapshot};

/// What the configuration says of environments.
#[derive(Clone, Debug, Default)]
pub struct CheckSettings {
    /// Which findings are silenced, and why.
    pub silences: Silences,
    /// Patterns of the names of production environments.
    pub production: Vec<String>,
    /// The host names that clients use, by environment.
    pub hostnames: BTreeMap<String, Vec<String>>,
    /// Which environments keep websockets.
    pub sockets: SocketSettings,
}

impl CheckSettings {
    /// What a configuration says.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            silences: config.silence.clone(),
            production: config.production.clone(),
            hostnames: config.hostnames.clone(),
            sockets: config.sockets.clone(),
        }
    }

    /// Whether an environment is production, by its name.
    #[must_use]
    pub fn is_production(&self, environment: &str) -> bool {
        is_production(&self.production, environment)
    }

    /// The host names that clients use for an environment, as far as they are configured.
    #[must_use]
    pub fn hostnames_of(&self, environment: &str) -> &[String] {
        self.hostnames.get(environment).map(Vec::as_slice).unwrap_or_default()
    }

    /// The checks that are silenced in an environment, each with its reason.
    #[must_use]
    pub fn silenced(&self, environment: &str) -> SilencedChecks<'_> {
        self.silences.of(environment)
    }

    /// Returns what the checks of an environment read; `None` if it is not in the snapshot.
    #[must_use]
    pub fn inputs<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        reliability: &'a dyn Reliability,
        environment: &Key<Environment>,
    ) -> Option<Inputs<'a>> {
        let name = &*snapshot.environment(environment)?.name;
        let ping = self.sockets.ping.get(name).map(|seconds| Duration::from_secs(u64::from(*seconds)));
        let declared = Declared {
            is_production: self.is_production(name),
            hostnames: self.hostnames_of(name),
            ping,
            worker_connections: self.sockets.worker_connections.get(name).copied(),
            sounds_like_sockets: self.sockets.is_likely(name),
        };
        Some(Inputs::new(snapshot, reliability, environment)?.with_declared(declared))
    }
}
