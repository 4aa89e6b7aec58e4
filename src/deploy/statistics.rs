//! The few statistics that a verdict needs. Counts of errors come in bursts, so that a test that takes them for
//! independent would cry wolf: the spread that the baseline itself shows from minute to minute widens the bounds.

/// A count out of a total.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many had it.
    pub hits: f64,
    /// Of how many.
    pub of: f64,
}

impl Tally {
    /// As a share, 0..=1.
    pub fn share(self) -> f64 {
        if self.of > 0.0 { (self.hits / self.of).min(1.0) } else { 0.0 }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, of: self.of + other.of }
    }
}

/// A share in percent, with the digits that matter.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent >= 10.0 => format!("{percent:.0} %"),
        percent if percent >= 1.0 => format!("{percent:.1} %"),
        percent => format!("{percent:.2} %"),
    }
}

/// By how many standard errors the second share is above the first, `dispersion` times as spread out as counts of
/// independent events are. Shares that are the same are 0 apart.
pub fn deviation(before: Tally, after: Tally, dispersion: f64) -> f64 {
    if before.of <= 0.0 || after.of <= 0.0 {
        return 0.0;
    }
    let pooled = before.plus(after).share();
    let variance = pooled * (1.0 - pooled) * (1.0 / before.of + 1.0 / after.of) * dispersion.max(1.0);
    if variance > 0.0 { (after.share() - before.share()) / variance.sqrt() } else { 0.0 }
}

/// How much more these shares differ from each other than those of independent events would (1: not at all).
pub fn dispersion(tallies: impl Iterator<Item = Tally> + Clone) -> f64 {
    let whole = tallies.clone().fold(Tally::default(), Tally::plus).share();
    let (mut sum, mut count) = (0.0, 0.0);
    for tally in tallies.filter(|tally| tally.of > 0.0) {
        let variance = tally.of * whole * (1.0 - whole);
        if variance > 0.0 {
            sum += (tally.hits - tally.of * whole).powi(2) / variance;
        }
        count += 1.0;
    }
    if count > 1.0 { (sum / (count - 1.0)).max(1.0) } else { 1.0 }
}

/// The middle value; of an even number the mean of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

/// The share of all pairs in which the second is the greater one: 1 if the two do not overlap (Mann and Whitney's U).
pub fn dominance(before: &[f64], after: &[f64]) -> f64 {
    let pairs = before.len() * after.len();
    if pairs == 0 {
        return 0.0;
    }
    let above = after.iter().map(|later| before.iter().filter(|earlier| later > *earlier).count()).sum::<usize>();
    above as f64 / pairs as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(hits: f64, of: f64) -> Tally {
        Tally { hits, of }
    }

    #[test]
    fn the_same_shares_do_not_deviate_whatever_the_traffic() {
        assert!(deviation(tally(10.0, 1000.0), tally(1.0, 100.0), 1.0).abs() < 1e-9);
        assert!(deviation(tally(0.0, 1000.0), tally(0.0, 10.0), 1.0).abs() < 1e-9);
        assert!(deviation(tally(0.0, 0.0), tally(9.0, 10.0), 1.0).abs() < 1e-9);
    }

    #[test]
    fn many_requests_make_a_small_difference_significant_and_bursts_take_that_back() {
        let (before, after) = (tally(100.0, 10_000.0), tally(200.0, 10_000.0));
        assert!(deviation(before, after, 1.0) > 5.0);
        assert!(deviation(before, after, 9.0) < 2.0);
        assert!(deviation(after, before, 1.0) < -5.0);
    }

    #[test]
    fn even_counts_are_not_dispersed_and_bursts_are() {
        let even = [tally(2.0, 100.0); 10];
        assert!((dispersion(even.into_iter()) - 1.0).abs() < 1e-9);
        let mut burst = [tally(0.0, 100.0); 10];
        burst[4] = tally(20.0, 100.0);
        assert!(dispersion(burst.into_iter()) > 15.0);
    }

    #[test]
    fn deviations_and_dispersions_have_their_values() {
        let is = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        // Of 100 and of 400, pooled 26 of 500: the variance is 0.052 · 0.948 · (1/100 + 1/400).
        is(deviation(tally(2.0, 100.0), tally(24.0, 400.0), 1.0), 0.04 / (0.052_f64 * 0.948 * 0.0125).sqrt());
        is(deviation(tally(2.0, 100.0), tally(24.0, 400.0), 4.0), 0.02 / (0.052_f64 * 0.948 * 0.0125).sqrt());
        is(deviation(tally(2.0, 100.0), tally(24.0, 400.0), 0.5), 0.04 / (0.052_f64 * 0.948 * 0.0125).sqrt());
        is(deviation(tally(5.0, 10.0), tally(0.0, 0.0), 1.0), 0.0);
        is(deviation(tally(10.0, 10.0), tally(10.0, 10.0), 1.0), 0.0);
        // Shares of 0 %, 10 % and 20 %, together 10 %: each differs by 10 of a variance of 9, over two.
        is(dispersion([tally(0.0, 100.0), tally(10.0, 100.0), tally(20.0, 100.0)].into_iter()), 100.0 / 9.0);
        is(dispersion([tally(0.0, 100.0), tally(0.0, 0.0), tally(20.0, 100.0)].into_iter()), 200.0 / 9.0);
        is(dispersion([tally(0.0, 100.0)].into_iter()), 1.0);
        is(dispersion([tally(0.0, 100.0); 3].into_iter()), 1.0);
        is(dispersion([].into_iter()), 1.0);
        is(tally(3.0, 4.0).share(), 0.75);
        is(tally(5.0, 4.0).share(), 1.0);
        is(tally(5.0, 0.0).share(), 0.0);
        assert_eq!(tally(1.0, 2.0).plus(tally(3.0, 5.0)), tally(4.0, 7.0));
    }

    #[test]
    fn medians_and_dominance() {
        assert_eq!(median([3.0, 1.0, f64::NAN, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.5));
        assert_eq!(median([].into_iter()), None);
        assert!((dominance(&[1.0, 2.0], &[3.0, 4.0]) - 1.0).abs() < 1e-9);
        assert!((dominance(&[1.0, 4.0], &[2.0, 3.0]) - 0.5).abs() < 1e-9);
        assert!(dominance(&[], &[2.0]).abs() < 1e-9);
        assert!((dominance(&[1.0, 2.0, 3.0], &[2.0]) - 1.0 / 3.0).abs() < 1e-9, "a tie is not above");
        assert_eq!(median([5.0, 7.0].into_iter()), Some(6.0));
    }
}
