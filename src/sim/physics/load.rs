//! The load: the shape of a day and of a week, waves, small bursts, and chance.
//!
//! The clock of the curve is UTC: quiet at four in the morning, busy at four in the afternoon, quieter at weekends.

use super::noise::unit;

/// The load of a minute (numbered from the Unix epoch) as a share of the peak.
pub(super) fn load(entity: u64, minute: i64) -> f64 {
    let hour = minute.rem_euclid(1440) as f64 / 60.0;
    let day = 0.5 - 0.5 * ((hour - 4.0) / 24.0 * std::f64::consts::TAU).cos();
    let (step, within) = (minute.div_euclid(17), minute.rem_euclid(17) as f64 / 17.0);
    let wave = unit(entity, step, 1) * (1.0 - within) + unit(entity, step + 1, 1) * within;
    let steady = (0.25 + 0.75 * day) * week(minute) * (0.85 + 0.2 * wave) * (0.97 + 0.06 * unit(entity, minute, 2));
    steady.min(1.0) * burst(entity, minute)
}

/// The share of a weekday's traffic; one day turns into the next by six in the morning.
fn week(minute: i64) -> f64 {
    // The first of January 1970 was a Thursday.
    const DAYS: [f64; 7] = [1.0, 1.0, 0.98, 0.95, 0.78, 0.74, 0.97];
    let (day, within) = (minute.div_euclid(1440), minute.rem_euclid(1440));
    let of = |day: i64| DAYS[(day.rem_euclid(7) as usize + 2) % 7];
    let turned = (within as f64 / 360.0).min(1.0);
    of(day - 1) * (1.0 - turned) + of(day) * turned
}

/// Returns a factor for occasional bursts: a little more traffic for a few minutes.
fn burst(entity: u64, minute: i64) -> f64 {
    const EVERY: i64 = 37;
    let (slot, within) = (minute.div_euclid(EVERY), minute.rem_euclid(EVERY));
    if unit(entity, slot, 13) >= 0.12 {
        return 1.0;
    }
    let begins = (unit(entity, slot, 14) * (EVERY - 5) as f64) as i64;
    let lasts = 2 + (unit(entity, slot, 15) * 3.0) as i64;
    if (begins..begins + lasts).contains(&within) { 1.05 + 0.13 * unit(entity, slot, 16) } else { 1.0 }
}

/// How often something happened that was expected so often: a draw of Poisson's distribution.
pub(super) fn occurrences(expected: f64, entity: u64, step: i64, stream: u64) -> f64 {
    if expected <= 0.0 {
        return 0.0;
    }
    let draw = |number: u64| unit(entity, step, stream + (number << 32));
    if expected > 25.0 {
        // Four even draws make a bell that is good enough.
        let bell = (draw(0) + draw(1) + draw(2) + draw(3) - 2.0) * 3.0_f64.sqrt();
        return (expected + expected.sqrt() * bell).round().max(0.0);
    }
    let (limit, mut so_often) = (draw(0), 0.0);
    let mut chance = (-expected).exp();
    let mut sum = chance;
    while sum < limit && so_often < 100.0 {
        so_often += 1.0;
        chance *= expected / so_often;
        sum += chance;
    }
    so_often
}

#[cfg(test)]
mod tests {
    use super::{load, occurrences, week};

    #[test]
    fn the_night_is_quieter_than_the_afternoon() {
        let mean = |hour: i64| (0..60).map(|minute| load(5, hour * 60 + minute)).sum::<f64>() / 60.0;
        assert!(mean(4) < 0.35 && mean(16) > 0.75, "{} {}", mean(4), mean(16));
    }

    #[test]
    fn the_weekend_is_quieter_than_the_week() {
        let noon = |day: i64| week(day * 1440 + 720);
        // Day 2 is Saturday the third of January 1970.
        assert!(noon(2) < 0.8 && noon(3) < 0.8 && noon(4) > 0.9, "{} {} {}", noon(2), noon(3), noon(4));
        assert!((week(2 * 1440) - noon(1)).abs() < 1e-9, "a day begins as the one before was");
    }

    #[test]
    fn chance_is_fair() {
        for expected in [0.02, 3.0, 24.0, 26.0, 400.0] {
            let draws: Vec<f64> = (0..20_000).map(|step| occurrences(expected, 9, step, 5)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 20_000.0;
            assert!((mean / expected - 1.0).abs() < 0.15, "{expected}: {mean}");
            assert!((variance / expected - 1.0).abs() < 0.2, "{expected}: {variance}");
        }
    }
}
