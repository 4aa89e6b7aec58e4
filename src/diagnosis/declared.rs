//! What the user's configuration says of an environment: nothing of it can be read from AWS.

use std::time::Duration;

/// What is declared of one environment. The default declares nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared<'a> {
    /// Whether it is production.
    pub is_production: bool,
    /// The host names that clients use for it.
    pub hostnames: &'a [String],
    /// How often its websockets are pinged at least, where they are.
    pub ping: Option<Duration>,
    /// How many connections nginx takes on one of its instances, all workers together.
    pub worker_connections: Option<u32>,
    /// Whether its name fits a pattern of names that suggest websockets: a guess.
    pub sounds_like_sockets: bool,
}
