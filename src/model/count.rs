//! Counts with their nouns: `1 rule`, `2 rules`.

use std::fmt::Display;

/// A number of things, with the noun in the form that the number wants: `counted(1, "batch")` is `1 batch`, of two it is
/// `2 batches`. What follows the noun belongs behind it: `counted(n, "rule") + " of others"`.
#[must_use]
pub fn counted(number: impl Display, noun: &str) -> String {
    let number = number.to_string();
    if number == "1" { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

/// The plural of an English noun, as far as regular ones go.
#[must_use]
pub fn plural(noun: &str) -> String {
    let before_y = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before_y {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_thing_is_singular_and_everything_else_plural() {
        let table = [
            (0, "rule", "0 rules"),
            (1, "rule", "1 rule"),
            (2, "rule", "2 rules"),
            (1, "batch", "1 batch"),
            (3, "batch", "3 batches"),
            (2, "query", "2 queries"),
            (2, "day", "2 days"),
            (21, "target group", "21 target groups"),
        ];
        for (number, noun, words) in table {
            assert_eq!(counted(number, noun), words);
        }
        assert_eq!(counted(format!("{:.0}", 1.2), "target"), "1 target");
        assert_eq!(counted("1,000", "request"), "1,000 requests");
    }
}
