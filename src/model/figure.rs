//! Figures as people read them at a glance: few digits, a unit, at most six columns.
//!
//! ```text
//! 128/s  3.4k/s  0.42%  100%  820ms  1.24s  12.0s  1.2MB  <.01/s
//! ```

/// What a figure counts, and in which unit it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FigureUnit {
    /// How many.
    Count,
    /// How many in a second.
    PerSecond,
    /// Of a hundred: 0.42 is `0.42%`.
    Percent,
    /// Seconds, written as milliseconds where those read better.
    Seconds,
    /// Bytes, in powers of a thousand.
    Bytes,
}

/// The placeholder of a missing figure.
const ABSENT: &str = "–";
/// Beyond the largest prefix.
const TOO_MANY: &str = ">999E";
const PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
const BYTES: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
/// Columns that a figure takes at most.
pub const FIGURE_WIDTH: usize = 6;

impl FigureUnit {
    /// Returns the suffix of the digits.
    const fn sign(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Percent => "%",
            Self::Count | Self::Seconds | Self::Bytes => "",
        }
    }

    /// Returns the finest step of an axis whose labels still fit.
    #[must_use]
    pub const fn finest(self) -> f64 {
        match self {
            Self::Count | Self::Bytes => 1.0,
            Self::PerSecond | Self::Percent => 0.01,
            Self::Seconds => 0.000_01,
        }
    }
}

/// A figure in at most six columns, `–` if there is none; one more for the sign if it is negative.
#[must_use]
pub fn figure(value: f64, unit: FigureUnit) -> String {
    let (digits, sign) = figure_parts(value, unit);
    digits + sign
}

/// A figure's digits with their prefix, and its unit apart, so that the unit can be shown dim.
#[must_use]
pub fn figure_parts(value: f64, unit: FigureUnit) -> (String, &'static str) {
    match value {
        _ if value.is_nan() => (ABSENT.to_owned(), ""),
        _ if value < 0.0 => {
            let (digits, sign) = figure_parts(-value, unit);
            (format!("-{digits}"), sign)
        }
        _ if unit == FigureUnit::Seconds => seconds(value),
        _ => scaled(value, unit),
    }
}

fn scaled(value: f64, unit: FigureUnit) -> (String, &'static str) {
    let (mut rest, mut prefix) = (value, 0);
    while rest >= 999.5 && prefix + 1 < PREFIXES.len() {
        rest /= 1000.0;
        prefix += 1;
    }
    if rest >= 999.5 {
        return (TOO_MANY.to_owned(), "");
    }
    let digits = match prefix {
        0 => plain(rest),
        _ if rest < 9.95 => format!("{rest:.1}"),
        _ => format!("{rest:.0}"),
    };
    match unit {
        FigureUnit::Bytes => (digits, BYTES[prefix]),
        _ => (digits + PREFIXES[prefix], unit.sign()),
    }
}

/// Below a thousand: three digits, fewer if it is whole; what is not nothing is never written as nothing.
fn plain(value: f64) -> String {
    match value {
        _ if value.fract() == 0.0 => format!("{:.0}", value.abs()),
        _ if value < 0.005 => "<.01".to_owned(),
        _ if value < 9.995 => format!("{value:.2}"),
        _ if value < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn seconds(value: f64) -> (String, &'static str) {
    let (milliseconds, hours, days) = (value * 1e3, value / 3600.0, value / 86_400.0);
    match value {
        _ if value == 0.0 => ("0".to_owned(), "ms"),
        _ if milliseconds < 0.005 => ("<.01".to_owned(), "ms"),
        _ if milliseconds < 0.995 => (format!("{milliseconds:.2}"), "ms"),
        _ if milliseconds < 9.95 => (format!("{milliseconds:.1}"), "ms"),
        _ if milliseconds < 999.5 => (format!("{milliseconds:.0}"), "ms"),
        _ if value < 9.995 => (format!("{value:.2}"), "s"),
        _ if value < 99.95 => (format!("{value:.1}"), "s"),
        _ if value < 9999.5 => (format!("{value:.0}"), "s"),
        _ if hours < 999.5 => (format!("{hours:.0}"), "h"),
        _ if days < 9999.5 => (format!("{days:.0}"), "d"),
        _ => (">9999".to_owned(), "d"),
    }
}

/// A label of an axis that goes up to `top` in steps of `step`: one prefix and as many decimals for all of them.
#[must_use]
pub fn tick(value: f64, step: f64, top: f64, unit: FigureUnit) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let (divisor, prefix, sign) = match unit {
        FigureUnit::Seconds if top < 1.0 => (1e-3, "", "ms"),
        FigureUnit::Seconds => (1.0, "", "s"),
        _ => {
            let at = PREFIXES.iter().enumerate().rev().find(|(at, _)| top >= 1000_f64.powi(*at as i32));
            let at = at.map_or(0, |(at, _)| at);
            let (prefix, sign) = if unit == FigureUnit::Bytes { ("", BYTES[at]) } else { (PREFIXES[at], unit.sign()) };
            (1000_f64.powi(at as i32), prefix, sign)
        }
    };
    let decimals = (-(step / divisor).log10() - 1e-9).ceil().clamp(0.0, 4.0) as usize;
    // Beyond the largest prefix the digits would fill hundreds of columns.
    if value / divisor < 1e6 {
        let label = format!("{:.decimals$}{prefix}{sign}", value / divisor);
        if label.len() <= FIGURE_WIDTH {
            return label;
        }
    }
    figure(value, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_keep_three_digits() {
        let of = |unit| move |value| figure(value, unit);
        let rates = [0.0, 0.001, 0.42, 2.0, 9.996, 12.34, 128.0, 999.4, 999.6, 3400.0, 34_000.0, 340_000.0, 1.2e6];
        assert_eq!(
            rates.map(of(FigureUnit::PerSecond)).join(" "),
            "0/s <.01/s 0.42/s 2/s 10.0/s 12.3/s 128/s 999/s 1.0k/s 3.4k/s 34k/s 340k/s 1.2M/s"
        );
        assert_eq!(
            [0.0, 0.002, 0.42, 12.0, 99.97, 100.0].map(of(FigureUnit::Percent)).join(" "),
            "0% <.01% 0.42% 12% 100% 100%"
        );
        let times = [0.0, 1e-9, 0.000_42, 0.0082, 0.82, 0.9996, 1.24, 12.0, 120.0, 3600.0, 36_000.0, 1e7, 1e12];
        assert_eq!(
            times.map(of(FigureUnit::Seconds)).join(" "),
            "0ms <.01ms 0.42ms 8.2ms 820ms 1.00s 1.24s 12.0s 120s 3600s 10h 116d >9999d"
        );
        assert_eq!([0.0, 820.0, 1.2e6, 5e9, 1e30].map(of(FigureUnit::Bytes)).join(" "), "0B 820B 1.2MB 5.0GB >999E");
        assert_eq!([3.0, 2.5, 3400.0].map(of(FigureUnit::Count)).join(" "), "3 2.50 3.4k");
    }

    #[test]
    fn no_figure_is_wider_than_its_column() {
        for unit in
            [FigureUnit::Count, FigureUnit::PerSecond, FigureUnit::Percent, FigureUnit::Seconds, FigureUnit::Bytes]
        {
            for exponent in -320..=308 {
                for mantissa in [1.0, 1.234_567, 4.999, 9.949, 9.951, 9.994, 9.996, 9.999_999] {
                    let value = mantissa * 10_f64.powi(exponent);
                    let text = figure(value, unit);
                    assert!(text.chars().count() <= FIGURE_WIDTH, "{value:e} {text}");
                }
            }
            assert_eq!(figure(f64::NAN, unit), "–");
            assert!(figure(f64::INFINITY, unit).len() <= FIGURE_WIDTH);
            assert_eq!(figure(-0.0, unit), figure(0.0, unit));
        }
        assert_eq!(figure(-3.0, FigureUnit::Count), "-3");
    }

    #[test]
    fn the_labels_of_an_axis_share_prefix_and_decimals() {
        let labels = |values: [f64; 3], step, unit| values.map(|value| tick(value, step, values[2], unit)).join(" ");
        assert_eq!(labels([0.0, 100.0, 200.0], 100.0, FigureUnit::PerSecond), "0 100/s 200/s");
        assert_eq!(labels([0.5, 1.0, 1.5], 0.5, FigureUnit::Seconds), "0.5s 1.0s 1.5s");
        assert_eq!(labels([0.2, 0.4, 0.6], 0.2, FigureUnit::Seconds), "200ms 400ms 600ms");
        assert_eq!(labels([500.0, 1000.0, 1500.0], 500.0, FigureUnit::Count), "0.5k 1.0k 1.5k");
        assert_eq!(labels([1e6, 2e6, 3e6], 1e6, FigureUnit::Bytes), "1MB 2MB 3MB");
        assert_eq!(labels([0.01, 0.02, 0.03], 0.01, FigureUnit::Percent), "0.01% 0.02% 0.03%");
        assert_eq!(tick(1e300, 1e300, 1e300, FigureUnit::Count), ">999E");
    }
}
