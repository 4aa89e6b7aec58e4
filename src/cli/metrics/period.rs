//! How far back `metrics` goes, and in which periods: only what `CloudWatch` still keeps, and no more points than a
//! reading holds.

use std::time::Duration;

use crate::cli::failure::Failure;
use crate::model::{MOST_VALUES, Measure, duration_words};

/// How far back, by default.
const USUAL: Duration = Duration::from_secs(3_600);
const DAY: u64 = 86_400;
/// The oldest that `CloudWatch` keeps.
const OLDEST: u64 = 455 * DAY;
/// The longest period that it takes.
const LONGEST: u64 = DAY;
/// Periods that people know by heart.
const ROUND: [u64; 9] = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];
/// As many points as the charts have at most.
const WISHED: u64 = 720;

/// Returns what to read; without a requested period one is chosen.
pub fn measure(since: Option<Duration>, period: Option<u64>) -> Result<Measure, Failure> {
    let since = since.unwrap_or(USUAL).as_secs();
    if since > OLDEST {
        return Err(Failure::usage("CloudWatch keeps metrics for 455 days").hint("give --since 455d or less"));
    }
    let period = match period {
        Some(period) => check(since, period)?,
        None => fitting(since, WISHED),
    };
    let number = |seconds| u32::try_from(seconds).unwrap_or(u32::MAX);
    Ok(Measure::All { seconds: number(since), period: number(period) })
}

/// The shortest round period of which no more than so many are needed.
fn fitting(since: u64, most: u64) -> u64 {
    let fits = |period: &u64| period.is_multiple_of(kept(since)) && since.div_ceil(*period) <= most;
    ROUND.into_iter().find(fits).unwrap_or(LONGEST)
}

/// The shortest period at which what is so old is still kept.
fn kept(age: u64) -> u64 {
    match age.div_ceil(DAY) {
        0..=15 => 60,
        16..=63 => 300,
        _ => 3_600,
    }
}

fn check(since: u64, period: u64) -> Result<u64, Failure> {
    let (unit, points) = (kept(since), since.div_ceil(period.max(1)));
    let fits = || format!("--period {} fits --since {}", fitting(since, WISHED), duration_words(since));
    if period == 0 || !period.is_multiple_of(unit) {
        let why = match unit {
            60 => String::new(),
            300 => " for what is older than 15 days".to_owned(),
            _ => " for what is older than 63 days".to_owned(),
        };
        return Err(Failure::usage(format!("a period is a multiple of {unit} seconds{why}")).hint(fits()));
    }
    if period > LONGEST {
        return Err(Failure::usage("a period is at most a day").hint(fits()));
    }
    if points > MOST_VALUES as u64 {
        let what = format!("that is {points} points of each metric; {MOST_VALUES} are the most");
        return Err(Failure::usage(what).hint(fits()));
    }
    Ok(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period_of(since: u64, period: Option<u64>) -> Result<u32, String> {
        let measured = measure(Some(Duration::from_secs(since)), period);
        measured
            .map(Measure::period)
            .map_err(|failure| format!("{failure}; {}", failure.hint.clone().unwrap_or_default()))
    }

    #[test]
    fn a_chosen_period_gives_few_points_that_are_still_kept() {
        let chosen = |since| period_of(since, None);
        assert_eq!(chosen(1), Ok(60));
        assert_eq!([1, 12, 13, 24].map(|hours| chosen(hours * 3_600)), [Ok(60), Ok(60), Ok(300), Ok(300)]);
        assert_eq!(
            [7, 15, 16, 63, 64, 455].map(|days| chosen(days * DAY)),
            [900, 1_800, 3_600, 10_800, 10_800, 86_400].map(Ok)
        );
        for since in (60..OLDEST).step_by(40_000) {
            let period = u64::from(chosen(since).unwrap());
            assert!(since.div_ceil(period) <= WISHED && period.is_multiple_of(kept(since)), "{since} {period}");
        }
    }

    #[test]
    fn a_period_that_does_not_fit_is_refused_with_one_that_does() {
        assert_eq!(period_of(3_600, Some(300)), Ok(300));
        let wrong = |since, period| period_of(since, Some(period)).unwrap_err();
        assert_eq!(wrong(3_600, 90), "a period is a multiple of 60 seconds; --period 60 fits --since 1h");
        assert_eq!(wrong(3_600, 0), "a period is a multiple of 60 seconds; --period 60 fits --since 1h");
        let old =
            "a period is a multiple of 300 seconds for what is older than 15 days; --period 3600 fits --since 20d";
        assert_eq!(wrong(20 * DAY, 60), old);
        assert!(wrong(100 * DAY, 300).starts_with("a period is a multiple of 3600 seconds for what is older than 63"));
        assert!(wrong(DAY, 60).starts_with("that is 1440 points of each metric; 1024 are the most; --period 300"));
        assert!(wrong(DAY, 2 * DAY).starts_with("a period is at most a day"));
        assert!(period_of(456 * DAY, None).unwrap_err().contains("455 days"));
    }
}
