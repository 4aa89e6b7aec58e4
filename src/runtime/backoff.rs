//! One call of a command, made again while AWS asks to slow down. To be throttled is no answer.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::clock::Clock;
use super::reading::{Answered, Inquiry, Means, Reader, sleep_until};
use crate::aws::Session;
use crate::model::{Fault, FaultKind, Moment, Service};

/// How long a command puts up with being throttled.
const PATIENCE: Duration = super::gather::PATIENCE;
/// The first pause; each that follows is twice as long.
const PAUSE: Duration = Duration::from_secs(2);

/// Repeats a call until it is not throttled any more, or for as long as is reasonable.
///
/// # Errors
/// With the fault of the last call.
pub async fn patiently<T, C>(
    means: Means<'_>,
    service: Service,
    call: impl Fn(Session, Clock) -> C,
) -> Result<T, Arc<Fault>>
where
    T: Send + 'static,
    C: Future<Output = Result<T, Arc<Fault>>> + Send + 'static,
{
    let until = means.clock.now().plus(PATIENCE);
    let mut patient = Patient { service, call, until, pause: PAUSE, due: Instant::now() };
    Reader::new(means).until(&mut patient).await
}

struct Patient<M> {
    service: Service,
    call: M,
    /// No call is made after this.
    until: Moment,
    /// How long is waited if the next call is throttled.
    pause: Duration,
    /// When the next call is made.
    due: Instant,
}

impl<T, C, M> Inquiry for Patient<M>
where
    T: Send + 'static,
    C: Future<Output = Result<T, Arc<Fault>>> + Send + 'static,
    M: Fn(Session, Clock) -> C,
{
    type End = Result<T, Arc<Fault>>;
    type Found = Result<T, Arc<Fault>>;

    async fn judge(
        &mut self,
        reader: &mut Reader<Self::Found>,
        answered: Option<Answered<Self::Found>>,
    ) -> ControlFlow<Self::End> {
        match answered {
            Some(Answered::Own(Err(fault))) if self.is_to_wait(&fault, reader.clock.now()) => {
                self.due = Instant::now() + self.pause;
                self.pause *= 2;
            }
            Some(Answered::Own(ended)) => return ControlFlow::Break(ended),
            Some(Answered::Planned(_)) | None => {}
        }
        if reader.is_idle() && Instant::now() >= self.due {
            reader.call(Some(self.service), (self.call)(reader.session.clone(), reader.clock));
        }
        ControlFlow::Continue(())
    }

    fn longest_sleep(&self) -> Duration {
        sleep_until(self.due)
    }
}

impl<M> Patient<M> {
    fn is_to_wait(&self, fault: &Fault, now: Moment) -> bool {
        fault.kind == FaultKind::Throttled && now.plus(self.pause) < self.until
    }
}
