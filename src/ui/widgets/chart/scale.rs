//! The vertical axis: from zero to a round figure, in steps of 1, 2 or 5 that fall on rows.

use crate::model::{FigureUnit as Unit, tick};

/// From zero to `top` in `steps` steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub top: f64,
    step: f64,
    steps: u16,
}

impl Scale {
    /// The scale that suits a highest value best in so many rows.
    pub fn new(highest: f64, rows: u16, unit: Unit) -> Self {
        let finest = unit.finest();
        if highest <= 0.0 {
            // Nothing at all needs no figures but the zero.
            return Self { top: finest.max(1.0), step: 1.0, steps: 0 };
        }
        let least = highest.max(finest).log10().floor() as i32 - 1;
        let candidates = (least..=least + 2).flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * power(exponent)));
        candidates
            .filter(|step| *step >= finest * 0.999)
            .filter_map(|step| Self::of(highest, step, rows))
            .min_by(|one, other| one.cost(highest, rows).total_cmp(&other.cost(highest, rows)))
            .unwrap_or(Self { top: highest.max(finest), step: highest.max(finest), steps: 1 })
    }

    /// The scale of this step, if it has not too many of them for the rows.
    fn of(highest: f64, step: f64, rows: u16) -> Option<Self> {
        let steps = (highest / step - 1e-9).ceil().max(1.0);
        let top = steps * step;
        let fits = steps <= f64::from(rows.div_ceil(2).clamp(1, 6)) && top.is_finite();
        fits.then_some(Self { top, step, steps: steps as u16 })
    }

    /// What is bad about it: room left empty, figures too close or too few, and rows between them that differ.
    fn cost(&self, highest: f64, rows: u16) -> f64 {
        let empty = 1.0 - highest / self.top;
        let wanted = f64::from(rows / 4).clamp(1.0, 5.0);
        let uneven = f64::from(u8::from(!rows.saturating_sub(1).is_multiple_of(self.steps.max(1))));
        empty + 0.06 * (f64::from(self.steps) - wanted).abs() + 0.08 * uneven
    }

    /// The values that have a figure, zero first.
    pub fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        let step = self.step;
        (0..=self.steps).map(move |at| f64::from(at) * step)
    }

    /// The figure of a value.
    pub fn label(&self, value: f64, unit: Unit) -> String {
        tick(value, self.step, self.top, unit)
    }
}

/// Ten to a power, of which the inverse is exact where the power itself is not.
fn power(exponent: i32) -> f64 {
    if exponent < 0 { 1.0 / 10_f64.powi(-exponent) } else { 10_f64.powi(exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(highest: f64, rows: u16, unit: Unit) -> String {
        let scale = Scale::new(highest, rows, unit);
        scale.ticks().map(|value| scale.label(value, unit)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn steps_are_round_and_fit() {
        assert_eq!(labels(128.0, 2, Unit::PerSecond), "0 200/s");
        assert_eq!(labels(128.0, 9, Unit::PerSecond), "0 50/s 100/s 150/s");
        assert_eq!(labels(0.82, 9, Unit::Seconds), "0 0.5s 1.0s");
        assert_eq!(labels(100.0, 9, Unit::Percent), "0 50% 100%");
        assert_eq!(labels(3.0, 9, Unit::Count), "0 1 2 3");
        assert_eq!(labels(0.0, 9, Unit::Percent), "0");
    }

    #[test]
    fn no_value_is_above_the_top() {
        for unit in [Unit::Count, Unit::PerSecond, Unit::Percent, Unit::Seconds, Unit::Bytes] {
            for exponent in -320..=308 {
                for rows in [1, 2, 3, 9, 57] {
                    let highest = 1.7 * 10_f64.powi(exponent);
                    let scale = Scale::new(highest, rows, unit);
                    assert!(scale.top >= highest * 0.999_999 && scale.top.is_finite(), "{highest:e} {scale:?}");
                    assert!(scale.ticks().count() <= 7);
                }
            }
        }
    }
}
