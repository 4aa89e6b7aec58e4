//! Statistics, and the statistic sets that they are read from: one for each published minute, merged over a period.
//!
//! A count of events has a sample of 1 for each of them, so its Minimum, Maximum and Average are 1, as the guide documents
//! for the HTTP codes. A percentile needs single values, or a set in which all are equal; else there is none.

use crate::sim::physics::traffic::percentile;

/// A statistic that can be requested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
    Percentile(f64),
}

impl Statistic {
    /// `Sum`, `p99`, `p99.9`; none for what is not simulated (trimmed means and their kin).
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "SampleCount" => Self::SampleCount,
            _ => {
                let percent = text.strip_prefix('p')?.parse().ok()?;
                return (0.0..=100.0).contains(&percent).then_some(Self::Percentile(percent));
            }
        })
    }
}

/// What one or more minutes report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Summary {
    sum: f64,
    samples: f64,
    least: f64,
    most: f64,
    /// The median of times, times their number; none for what is no time.
    medians: Option<f64>,
}

impl Summary {
    /// So many events, each a sample of 1; none is a sample of 0, for a metric that publishes zero.
    pub(super) fn events(count: f64) -> Self {
        let each = if count > 0.0 { 1.0 } else { 0.0 };
        Self { sum: count, samples: count.max(1.0), least: each, most: each, medians: None }
    }

    /// An amount in equal samples.
    pub(super) fn amount(sum: f64, samples: f64) -> Self {
        let each = sum / samples;
        Self { sum, samples, least: each, most: each, medians: None }
    }

    /// Something that is looked at now and then, by a number of nodes that see the same.
    pub(super) fn level(looks: &[f64], nodes: f64) -> Self {
        Self {
            sum: looks.iter().sum::<f64>() * nodes,
            samples: looks.len() as f64 * nodes,
            least: looks.iter().copied().fold(f64::INFINITY, f64::min),
            most: looks.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            medians: None,
        }
    }

    /// Times, distributed log-normally: their mean lies above the median.
    pub(super) fn times(median: f64, samples: f64) -> Self {
        Self {
            sum: median * 1.5 * samples,
            samples,
            least: percentile(median, 0.0),
            most: percentile(median, 100.0),
            medians: Some(median * samples),
        }
    }

    /// All of them as one; none if there are none.
    pub(super) fn together(all: impl Iterator<Item = Self>) -> Option<Self> {
        all.reduce(|one, other| Self {
            sum: one.sum + other.sum,
            samples: one.samples + other.samples,
            least: one.least.min(other.least),
            most: one.most.max(other.most),
            medians: one.medians.zip(other.medians).map(|(one, other)| one + other),
        })
    }

    /// A statistic of it; none: it has none of this kind.
    pub(super) fn value(&self, statistic: Statistic) -> Option<f64> {
        Some(match statistic {
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.samples,
            Statistic::Minimum => self.least,
            Statistic::Maximum => self.most,
            Statistic::SampleCount => self.samples,
            Statistic::Percentile(percent) => match self.medians {
                Some(medians) => percentile(medians / self.samples, percent),
                None => return (self.most - self.least).abs().le(&f64::EPSILON).then_some(self.most),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Statistic, Summary};

    #[test]
    fn statistics_are_read_as_cloudwatch_spells_them() {
        assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Percentile(99.9)));
        assert_eq!(Statistic::parse("Sum"), Some(Statistic::Sum));
        assert_eq!(Statistic::parse("sum"), None);
        assert_eq!(Statistic::parse("p101"), None);
    }

    #[test]
    fn minutes_merge_as_statistic_sets_do() {
        let level = |looks: &[f64]| Summary::level(looks, 2.0);
        let both = Summary::together([level(&[3.0, 2.0]), level(&[2.0, 4.0])].into_iter()).unwrap();
        let all = [Statistic::Sum, Statistic::SampleCount, Statistic::Average, Statistic::Minimum, Statistic::Maximum];
        assert_eq!(all.map(|statistic| both.value(statistic)), [22.0, 8.0, 2.75, 2.0, 4.0].map(Some));
        assert_eq!(both.value(Statistic::Percentile(50.0)), None, "the values of a set are not known one by one");
        assert_eq!(Summary::events(5.0).value(Statistic::Percentile(99.0)), Some(1.0), "unless they are all the same");
        assert_eq!(Summary::together(std::iter::empty()), None);
    }
}
