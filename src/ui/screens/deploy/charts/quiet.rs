//! When a figure is zero all the time, so that a line is room enough for it.

/// Returns the place of the first known value if every value from there to the last known one is known to be zero.
pub(super) fn zero_from(values: &[f64]) -> Option<usize> {
    let first = values.iter().position(|value| value.is_finite())?;
    let last = values.iter().rposition(|value| value.is_finite())?;
    values[first..=last].iter().all(|value| *value <= 0.0).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_not_zero() {
        let hole = f64::NAN;
        assert_eq!(zero_from(&[hole, 0.0, 0.0, hole]), Some(1));
        for values in [&[][..], &[hole, hole], &[0.0, hole, 0.0], &[0.0, 0.1, 0.0]] {
            assert_eq!(zero_from(values), None, "{values:?}");
        }
    }
}
