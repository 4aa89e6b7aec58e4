//! One call of a command, made again while AWS asks to slow down. To be throttled is no answer.

use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use crate::model::{Fault, FaultKind};

/// How long a command puts up with being throttled.
const PATIENCE: Duration = super::gather::PATIENCE;
/// The first pause; each that follows is twice as long.
const PAUSE: Duration = Duration::from_secs(2);

/// Calls until it is not throttled any more, or for as long as is reasonable.
///
/// # Errors
/// With the fault of the last call.
pub async fn patiently<T, F>(clock: Clock, call: impl Fn() -> F) -> Result<T, Arc<Fault>>
where
    F: Future<Output = Result<T, Arc<Fault>>>,
{
    let until = clock.now().plus(PATIENCE);
    let mut pause = PAUSE;
    loop {
        match call().await {
            Err(fault) if fault.kind == FaultKind::Throttled && clock.now().plus(pause) < until => {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            ended => return ended,
        }
    }
}
