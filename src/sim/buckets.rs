//! Token buckets: how many calls an account may make of a service.

use super::faults::Allowance;
use std::collections::BTreeMap;

/// The buckets of all services, by service name.
#[derive(Debug, Default)]
pub struct Buckets(BTreeMap<&'static str, Bucket>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    /// Milliseconds since the Unix epoch.
    filled: i64,
}

impl Buckets {
    /// Takes a token of a service; false if there is none.
    pub fn take(&mut self, service: &'static str, allowance: Allowance, now: i64) -> bool {
        let most = f64::from(allowance.burst);
        let bucket = self.0.entry(service).or_insert(Bucket { tokens: most, filled: now });
        let seconds = (now - bucket.filled).max(0) as f64 / 1000.0;
        bucket.tokens = (bucket.tokens + seconds * allowance.rate).min(most);
        bucket.filled = now;
        let enough = bucket.tokens >= 1.0;
        if enough {
            bucket.tokens -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Buckets};

    #[test]
    fn a_burst_is_served_and_then_the_rate() {
        let allowance = Allowance { rate: 2.0, burst: 3 };
        let mut buckets = Buckets::default();
        let mut take = |now| buckets.take("ec2", allowance, now);
        assert_eq!([take(0), take(0), take(0), take(0)], [true, true, true, false]);
        assert_eq!([take(400), take(500), take(500)], [false, true, false]);
        assert_eq!([take(60_000), take(60_000), take(60_000), take(60_000)], [true, true, true, false]);
    }
}
