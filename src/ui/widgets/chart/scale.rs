//! The vertical axis: from zero, in steps of 1, 2 or 5 that are all as many rows apart.

use crate::model::{FigureUnit as Unit, tick};

/// From zero to `top`, with a figure at each of `steps` steps.
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
        // Figures in neighbouring rows would be a wall of them.
        let apart = if rows > 3 { 2..=rows - 1 } else { 1..=rows.saturating_sub(1).max(1) };
        candidates
            .filter(|step| *step >= finest * 0.999)
            .flat_map(|step| apart.clone().map(move |apart| Self::of(step, apart, rows)))
            .filter(|scale| scale.top >= highest * (1.0 - 1e-9) && scale.top.is_finite() && scale.steps <= MOST)
            .min_by(|one, other| one.cost(highest, rows).total_cmp(&other.cost(highest, rows)))
            .unwrap_or(Self { top: highest.max(finest), step: highest.max(finest), steps: 1 })
    }

    /// The scale whose steps are so many rows apart.
    fn of(step: f64, apart: u16, rows: u16) -> Self {
        let between = rows.saturating_sub(1).max(1);
        Self { top: step * (f64::from(between) / f64::from(apart)), step, steps: between / apart }
    }

    /// What is bad about it: room left empty, figures too close or too few, and an upper edge without one.
    fn cost(&self, highest: f64, rows: u16) -> f64 {
        let empty = 1.0 - highest / self.top;
        let wanted = f64::from(rows / 4).clamp(1.0, 5.0);
        let bare = f64::from(u8::from(f64::from(self.steps) * self.step < self.top * 0.999));
        let more = f64::from(self.steps) - wanted;
        // One figure too few is worse than one too many.
        empty + if more < 0.0 { -0.15 * more } else { 0.06 * more } + 0.05 * bare
    }

    /// The values that have a figure, zero first.
    pub fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        let step = self.step;
        (0..=self.steps).map(move |at| f64::from(at) * step)
    }

    /// The figure of a value.
    pub fn label(&self, value: f64, unit: Unit) -> String {
        tick(value, self.step, f64::from(self.steps) * self.step, unit)
    }
}

/// More figures than that are not read.
const MOST: u16 = 6;

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
        assert_eq!(labels(128.0, 9, Unit::PerSecond), "0 50/s 100/s");
        assert_eq!(labels(0.82, 9, Unit::Seconds), "0 0.5s 1.0s");
        assert_eq!(labels(100.0, 9, Unit::Percent), "0 50% 100%");
        assert_eq!(labels(3.0, 9, Unit::Count), "0 2 4");
        assert_eq!(labels(0.0, 9, Unit::Percent), "0");
    }

    #[test]
    fn figures_are_as_many_rows_apart_in_each_step() {
        for rows in 2..60_u16 {
            for highest in [0.7, 1.0, 3.0, 6.0, 128.0, 999.0, 1_800.0, 2.5e6] {
                let scale = Scale::new(highest, rows, Unit::PerSecond);
                // As the plot does: four dots a row.
                let row = |value: f64| (value / scale.top * f64::from(rows * 4 - 1)).round() as u16 / 4;
                let at: Vec<_> = scale.ticks().map(row).collect();
                assert!(at.len() > 1 && at.windows(3).all(|of| of[2] - of[1] == of[1] - of[0]), "{rows}: {at:?}");
            }
        }
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
