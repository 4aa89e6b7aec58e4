//! The difference between two texts, line by line, with some lines around each change.

/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// More comparisons than this are not made: then all lines are shown as replaced.
const MOST: usize = 4_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Same,
    Removed,
    Added,
}

/// Returns the lines that differ, each with ` `, `-` or `+` in front; `...` where unchanged lines are left out.
pub(super) fn diff(before: &str, after: &str) -> Vec<String> {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let lines = compared(&before, &after);
    let is_near = |at: usize| {
        let from = at.saturating_sub(CONTEXT);
        lines[from..(at + CONTEXT + 1).min(lines.len())].iter().any(|(side, _)| *side != Side::Same)
    };
    let mut shown = Vec::new();
    let mut is_cut = false;
    for (at, (side, line)) in lines.iter().enumerate() {
        let sign = match side {
            Side::Same if !is_near(at) => {
                if !std::mem::replace(&mut is_cut, true) {
                    shown.push("...".to_owned());
                }
                continue;
            }
            Side::Same => ' ',
            Side::Removed => '-',
            Side::Added => '+',
        };
        is_cut = false;
        shown.push(format!("{sign} {line}").trim_end().to_owned());
    }
    shown
}

/// Both texts as one list, along a longest common subsequence.
fn compared<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(Side, &'a str)> {
    let (rows, columns) = (before.len(), after.len());
    if rows.saturating_mul(columns) > MOST {
        let removed = before.iter().map(|line| (Side::Removed, *line));
        return removed.chain(after.iter().map(|line| (Side::Added, *line))).collect();
    }
    // The length of the longest common subsequence of what is left of both, from each place on.
    let mut lengths = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            lengths[row][column] = if before[row] == after[column] {
                lengths[row + 1][column + 1] + 1
            } else {
                lengths[row + 1][column].max(lengths[row][column + 1])
            };
        }
    }
    let (mut lines, mut row, mut column) = (Vec::new(), 0, 0);
    while row < rows || column < columns {
        if row < rows && column < columns && before[row] == after[column] {
            lines.push((Side::Same, before[row]));
            (row, column) = (row + 1, column + 1);
        } else if column == columns || (row < rows && lengths[row + 1][column] >= lengths[row][column + 1]) {
            lines.push((Side::Removed, before[row]));
            row += 1;
        } else {
            lines.push((Side::Added, after[column]));
            column += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown_with_three_lines_around_it() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n";
        let after = before.replace("e\n", "E\nnew\n").replace("n\n", "n\nlast\n").replace("new\n", "");
        let expected = ["...", "  b", "  c", "  d", "- e", "+ E", "  f", "  g", "  h"];
        assert_eq!(diff(before, &after)[..9], expected);
        assert_eq!(diff(before, &after).last().map(String::as_str), Some("+ last"));
        assert!(diff(before, before).iter().all(|line| line == "..."));
        assert_eq!(diff("", "a\n\nb\n"), ["+ a", "+", "+ b"]);
        assert_eq!(diff("a\n", ""), ["- a"]);
    }

    #[test]
    fn the_same_lines_are_found_in_any_two_texts() {
        for (before, after) in
            [("a\nb\na\nb", "b\na\nb\na"), ("x", "y"), ("a\na", "a"), ("", ""), ("a\nb\nc", "c\nb\na")]
        {
            let (one, other): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
            let lines = compared(&one, &other);
            let side = |left_out| -> Vec<&str> {
                lines.iter().filter(|(side, _)| *side != left_out).map(|(_, line)| *line).collect()
            };
            assert_eq!((side(Side::Added), side(Side::Removed)), (one, other));
        }
    }
}
