//! AWS's clock: every answer carries its time (`Date`), in whole seconds.
//!
//! Events, metrics and deployments are dated by AWS's clock. So everything that is compared with them uses that clock
//! and not this machine's, which may be wrong by minutes. Before the first answer the two are taken as equal. Only
//! signatures use the machine's clock: the SDK corrects those itself.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_smithy_types::date_time::Format;

use crate::model::Moment;

/// How many milliseconds an answer may differ from the known offset: AWS's machines differ a little.
const SLACK: i64 = 1_000;
/// By how many milliseconds the clocks may differ and count as equal.
const EQUAL: i64 = 2_000;

/// No answer has come yet.
const UNKNOWN: i64 = i64::MIN;

/// By how much AWS's clock is ahead of this machine's, in milliseconds. Copies are the same clock.
#[derive(Clone, Copy, Debug)]
pub struct ServerClock(&'static AtomicI64);

impl ServerClock {
    /// The clock of this process.
    #[must_use]
    pub fn of_process() -> Self {
        static AHEAD: AtomicI64 = AtomicI64::new(UNKNOWN);
        Self(&AHEAD)
    }

    /// Returns a separate one, for a simulated region. It lives as long as the process.
    #[must_use]
    pub fn of_its_own() -> Self {
        Self(Box::leak(Box::new(AtomicI64::new(UNKNOWN))))
    }

    /// Returns whether an answer has carried AWS's time.
    pub(super) fn is_known(self) -> bool {
        self.0.load(Ordering::Relaxed) != UNKNOWN
    }

    /// Returns how far AWS's clock is ahead; zero before the first answer.
    fn ahead(self) -> i64 {
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => 0,
            ahead => ahead,
        }
    }

    /// The moment by AWS's clock that is this one by this machine's.
    #[must_use]
    pub fn of(self, local: Moment) -> Moment {
        let ahead = self.ahead();
        let span = Duration::from_millis(ahead.unsigned_abs());
        if ahead < 0 { local.minus(span) } else { local.plus(span) }
    }

    /// The time at AWS when it is this time by this machine's clock.
    pub(super) fn at_aws(self, local: SystemTime) -> SystemTime {
        moved(local, self.ahead())
    }

    /// The time of this machine when it is this time at AWS.
    pub(super) fn here(self, at_aws: SystemTime) -> SystemTime {
        moved(at_aws, -self.ahead())
    }

    /// Learns from an answer. Its date lies between the moments (in milliseconds) at which the request was sent and the
    /// answer came, and is cut to the second: what is known changes only if it cannot be so.
    pub(super) fn learn(self, date: &DateTime, sent: i64, received: i64) {
        let Ok(date) = date.to_millis() else { return };
        let (least, most) = (date.saturating_sub(received), date.saturating_add(1_000).saturating_sub(sent));
        let known = self.ahead();
        if known < least.saturating_sub(SLACK) || known > most.saturating_add(SLACK) {
            let ahead = least.midpoint(most);
            self.0.store(if ahead.abs() <= EQUAL { 0 } else { ahead }, Ordering::Relaxed);
        } else if !self.is_known() {
            self.0.store(known, Ordering::Relaxed);
        }
    }
}

fn moved(time: SystemTime, milliseconds: i64) -> SystemTime {
    let span = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 { time.checked_sub(span) } else { time.checked_add(span) }.unwrap_or(time)
}

/// AWS's time as a clock, as far as it is known.
#[derive(Debug)]
pub(super) struct Corrected {
    /// The clock of this machine.
    pub local: SharedTimeSource,
    /// What corrects it.
    pub server: ServerClock,
}

impl TimeSource for Corrected {
    fn now(&self) -> SystemTime {
        self.server.at_aws(self.local.now())
    }
}

impl Default for ServerClock {
    fn default() -> Self {
        Self::of_process()
    }
}

/// When a request was sent, in milliseconds of this machine's clock.
#[derive(Debug)]
struct SentAt(i64);

impl Storable for SentAt {
    type Storer = StoreReplace<Self>;
}

fn local_millis(components: &RuntimeComponents) -> Option<i64> {
    let now = components.time_source()?.now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(now.as_millis()).ok()
}

#[dyn_dispatch_hint]
impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(now) = local_millis(components) {
            bag.interceptor_state().store_put(SentAt(now));
        }
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        if let (Some(date), Some(received)) = (date, local_millis(components)) {
            self.learn(&date, bag.load::<SentAt>().map_or(received, |sent| sent.0), received);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_set_right_and_one_that_is_right_left_alone() {
        let clock = ServerClock::of_its_own();
        let local = Moment::EPOCH.plus(Duration::from_secs(1_000_000));
        assert_eq!(clock.of(local), local);
        // The date, when the request was sent and when the answer came, and by how many milliseconds AWS is ahead then.
        for (date, sent, received, ahead) in [
            (1_000_120, 1_000_000_000, 1_000_000_000, 120_500),
            (999_880, 1_000_000_000, 1_000_000_000, -119_500),
            // The answer took four seconds, and AWS wrote its date at some time between.
            (999_881, 1_000_000_000, 1_000_004_000, -119_500),
            (1_000_000, 1_000_001_400, 1_000_001_400, 0),
            (1_000_001, 1_000_000_000, 1_000_030_000, 0),
            (1_000_029, 1_000_000_000, 1_000_030_000, 0),
        ] {
            clock.learn(&DateTime::from_secs(date), sent, received);
            let expected = local.0.checked_add(jiff::SignedDuration::from_millis(ahead)).unwrap();
            assert_eq!(clock.of(local), Moment(expected), "{date} {sent} {received}");
        }
    }

    #[test]
    fn whole_seconds_make_no_clock_tremble() {
        let clock = ServerClock::of_its_own();
        let local = Moment::EPOCH.plus(Duration::from_secs(1_000_000));
        let mut seen = std::collections::BTreeSet::new();
        for millis in (0..20_000).step_by(137) {
            let (theirs, ours) = (1_000_200_000 + millis, 1_000_000_000 + millis);
            clock.learn(&DateTime::from_secs(theirs / 1_000), ours - 300, ours);
            seen.insert(clock.of(local).0);
        }
        assert_eq!(seen.len(), 1, "{seen:?}");
    }
}
