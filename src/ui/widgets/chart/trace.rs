//! The path of a line, column by column of dots: from its values to connected spans.

/// The extent of a line in a column; 0 is zero itself, 1 the lowest that is more. Empty if the bounds are reversed.
pub type Span = (u16, u16);
pub const NOTHING: Span = (u16::MAX, 0);

/// The column of a value, of so many.
pub fn place(at: usize, count: usize, columns: usize) -> usize {
    // A value that is alone is the newest.
    let Some(last) = count.checked_sub(1).filter(|last| *last > 0) else { return columns - 1 };
    (at * (columns - 1) * 2 + last) / (last * 2)
}

/// A line comes to a level in a column.
pub fn reach(spans: &mut [Span], column: usize, level: u16) {
    let (low, high) = &mut spans[column];
    (*low, *high) = ((*low).min(level), (*high).max(level));
}

/// A straight line from a value to the next, without dots side by side where it is steep.
pub fn connect(spans: &mut [Span], from: (usize, u16), to: (usize, u16)) {
    let (wide, rise) = ((to.0 - from.0) as i64, i64::from(to.1) - i64::from(from.1));
    let mut before = from.1;
    for step in 1..=wide {
        let level = (i64::from(from.1) + (rise * step * 2 + rise.signum() * wide) / (wide * 2)) as u16;
        let column = from.0 + step as usize;
        if level.abs_diff(before) > 1 {
            let middle = u16::midpoint(level, before);
            reach(spans, column - 1, if level > before { middle } else { middle + 1 });
            reach(spans, column, if level > before { middle + 1 } else { middle });
        }
        reach(spans, column, level);
        before = level;
    }
}

/// Returns whether a dash may end here, where a line is flat: steep parts, peaks and single values are always drawn.
pub fn is_flat(spans: &[Span], column: usize) -> bool {
    let (low, high) = spans[column];
    let beside = |at: Option<usize>| at.and_then(|at| spans.get(at)).filter(|(low, high)| low <= high);
    let (Some(before), Some(after)) = (beside(column.checked_sub(1)), beside(Some(column + 1))) else { return false };
    high - low <= 1 && high <= before.1.max(after.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_and_the_last_lie_at_the_edges() {
        assert_eq!([0, 1, 59].map(|at| place(at, 60, 186)), [0, 3, 185]);
        assert_eq!([0, 719].map(|at| place(at, 720, 66)), [0, 65]);
        assert_eq!(place(0, 1, 66), 65);
    }

    #[test]
    fn a_steep_line_hangs_together_without_dots_side_by_side() {
        let mut spans = [NOTHING; 3];
        for (column, level) in [(0, 1), (2, 9)] {
            reach(&mut spans, column, level);
        }
        connect(&mut spans, (0, 1), (2, 9));
        assert_eq!(spans, [(1, 3), (4, 7), (8, 9)]);
        connect(&mut spans, (2, 9), (2, 2));
        assert_eq!(spans[2], (8, 9));
    }

    #[test]
    fn peaks_and_single_values_are_not_flat() {
        let spans = [(1, 1), (1, 1), (1, 1), (2, 2), (1, 1), NOTHING, (4, 4), NOTHING];
        assert!(is_flat(&spans, 1) && is_flat(&spans, 2));
        assert!(!is_flat(&spans, 3) && !is_flat(&spans, 6) && !is_flat(&spans, 0));
    }
}
