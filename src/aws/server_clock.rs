//! What time it is at AWS: every answer carries it (`Date`), in whole seconds.
//!
//! Events are dated by AWS's clock, so what they say of a write of ours is compared with when it was sent by that clock
//! and not by ours, which may be wrong by minutes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;

use crate::model::Moment;

/// By how many milliseconds the clocks may differ and count as equal: `Date` has whole seconds, and an answer takes a while.
const EQUAL: i64 = 2_000;

/// By how much AWS's clock is ahead of ours, in milliseconds, as the last answer said. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerClock(Arc<AtomicI64>);

impl ServerClock {
    /// The moment by AWS's clock that is this one by ours.
    pub(super) fn of(&self, local: Moment) -> Moment {
        let ahead = self.0.load(Ordering::Relaxed);
        let span = Duration::from_millis(ahead.unsigned_abs());
        if ahead < 0 { local.minus(span) } else { local.plus(span) }
    }

    fn learn(&self, theirs: &DateTime, ours: i64) {
        // The second had begun when it was written down.
        let ahead = theirs.to_millis().unwrap_or(ours).saturating_add(500).saturating_sub(ours);
        self.0.store(if ahead.abs() <= EQUAL { 0 } else { ahead }, Ordering::Relaxed);
    }
}

#[dyn_dispatch_hint]
impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let theirs = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        let ours = components.time_source().and_then(|it| it.now().duration_since(UNIX_EPOCH).ok());
        if let (Some(theirs), Some(ours)) = (theirs, ours) {
            self.learn(&theirs, i64::try_from(ours.as_millis()).unwrap_or(i64::MAX));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_set_right_and_one_that_is_right_left_alone() {
        let clock = ServerClock::default();
        let local = Moment::EPOCH.plus(Duration::from_secs(1_000_000));
        assert_eq!(clock.of(local), local);
        clock.learn(&DateTime::from_secs(1_000_120), 1_000_000_000);
        assert_eq!(clock.of(local), local.plus(Duration::from_millis(120_500)));
        clock.learn(&DateTime::from_secs(999_880), 1_000_000_000);
        assert_eq!(clock.of(local), local.minus(Duration::from_millis(119_500)));
        clock.learn(&DateTime::from_secs(1_000_000), 1_000_001_400);
        assert_eq!(clock.of(local), local);
    }
}
