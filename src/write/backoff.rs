//! How long a write waits for AWS's allowance: a call that was throttled is made again for ten seconds in all. Nothing
//! else is ever repeated.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::aws::apply::Sent;
use crate::model::{Fault, FaultKind};

/// For how long.
const LIMIT: Duration = Duration::from_secs(10);
/// The first pause; each that follows is twice as long.
const FIRST: Duration = Duration::from_millis(500);

/// What is left of the time.
#[derive(Debug)]
pub(super) struct Backoff {
    until: Instant,
    pause: Duration,
}

/// An answer that may be a throttle.
pub(super) trait Throttled {
    fn is_throttled(&self) -> bool;
}

impl<T> Throttled for Result<T, Arc<Fault>> {
    fn is_throttled(&self) -> bool {
        self.as_ref().is_err_and(|fault| says_throttled(fault))
    }
}

impl Throttled for Sent {
    fn is_throttled(&self) -> bool {
        matches!(self, Self::Refused(fault) if says_throttled(fault))
    }
}

/// Returns whether AWS itself throttled: a proxy's page is no promise that nothing was done.
fn says_throttled(fault: &Fault) -> bool {
    fault.kind == FaultKind::Throttled && fault.code.is_some()
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { until: Instant::now() + LIMIT, pause: FIRST }
    }

    /// Makes a call, and again while it is throttled and there is time.
    pub(super) async fn call<T: Throttled, F: Future<Output = T>>(&mut self, call: impl Fn() -> F) -> T {
        loop {
            let answer = call().await;
            if !answer.is_throttled() || Instant::now() + self.pause > self.until {
                return answer;
            }
            sleep(self.pause).await;
            self.pause *= 2;
        }
    }
}
