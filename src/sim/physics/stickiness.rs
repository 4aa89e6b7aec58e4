//! The effect of cookies on the traffic: requests without a stickiness cookie, and how unevenly targets are loaded.
//!
//! The figures are assumptions (UNVERIFIED): a client's pauses last half a minute on average, one request in fifty is
//! a client's first, after five minutes most clients have a cookie, and the unevenness has evened out when as
//! many have come and gone.

use super::noise::unit;
use crate::sim::region::Settings;

/// Milliseconds.
const PAUSE: f64 = 30_000.0;
const NEWCOMERS: f64 = 0.02;
const SPREADING: f64 = 120_000.0;
/// How far a target's part of the traffic may be from an even one.
const LEAN: f64 = 0.3;
const EVENING_OUT: f64 = 43_200_000.0;

/// The share of the requests that no cookie leads to a target; 0 where cookies play no part.
pub(super) fn astray(settings: &Settings, time: i64) -> f64 {
    let Some(stickiness) = settings.stickiness else { return 0.0 };
    let forgotten = (-(stickiness.duration * 1000) as f64 / PAUSE).exp();
    NEWCOMERS + (1.0 - NEWCOMERS) * forgotten.max(1.0 - spread(settings, time))
}

/// The part of the clients that have a cookie, if cookies are handed out.
fn spread(settings: &Settings, time: i64) -> f64 {
    age(settings, time).map_or(1.0, |age| 1.0 - (-age / SPREADING).exp())
}

/// How long cookies have been handed out; none: always.
fn age(settings: &Settings, time: i64) -> Option<f64> {
    let since = settings.stickiness.and_then(|stickiness| stickiness.since);
    since.map(|since| (time - since).max(0) as f64)
}

/// The weight of a target where an even share is 1: who has a cookie stays, be the target busy or not.
pub(super) fn lean(settings: &Settings, entity: u64, time: i64) -> f64 {
    let uneven = age(settings, time).map_or(0.0, |age| (-age / EVENING_OUT).exp());
    1.0 + (1.0 - astray(settings, time)) * uneven * LEAN * (2.0 * unit(entity, 0, 20) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::{Settings, astray};
    use crate::sim::region::Stickiness;

    fn sticky(since: Option<i64>, duration: i64) -> Settings {
        Settings { stickiness: Some(Stickiness { since, duration, by_application: false }), ..Settings::default() }
    }

    #[test]
    fn few_are_astray_when_everybody_has_a_cookie_that_lasts() {
        assert!((astray(&sticky(None, 86_400), 0) - 0.02).abs() < 1e-9);
        assert!(astray(&sticky(None, 1), 0) > 0.9);
        assert!(astray(&sticky(Some(0), 86_400), 1_000) > 0.9);
        assert!(astray(&sticky(Some(0), 86_400), 1_200_000) < 0.021);
        assert!(astray(&Settings::default(), 0).abs() < f64::EPSILON);
    }
}
