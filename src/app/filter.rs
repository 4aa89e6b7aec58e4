//! What is typed to find something in a list: the one filter of the Fleet, `ls --filter`, the picker of versions and the
//! palette.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// No word of a row is longer, in bytes, and the matcher's score overflows with one that is.
const LONGEST_WORD: usize = 512;

/// A filter. Lower-case letters find upper-case ones too.
pub struct Filter {
    pattern: Pattern,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Filter {
    /// A filter for words all of which must be found as they are; `!word` excludes.
    #[must_use]
    pub fn words(text: &str) -> Self {
        // Substrings, not scattered letters: an operator types part of a name and expects to see only that.
        let words: Vec<_> = text
            .split_whitespace()
            .map(|word| &word[..word.floor_char_boundary(LONGEST_WORD)])
            .map(|word| if word.starts_with(['!', '^', '\'']) { word.to_owned() } else { format!("'{word}") })
            .collect();
        Self::of(&words.join(" "))
    }

    /// A filter for letters that come in this order, with others between them: for short names that are known by heart.
    #[must_use]
    pub fn letters(text: &str) -> Self {
        Self::of(&text[..text.floor_char_boundary(LONGEST_WORD)])
    }

    fn of(pattern: &str) -> Self {
        Self {
            pattern: Pattern::parse(pattern, CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            characters: Vec::new(),
        }
    }

    /// Whether all that is typed is found in a text; nothing typed is found in every one.
    pub fn finds(&mut self, text: &str) -> bool {
        self.score(text).is_some()
    }

    /// Returns how well a text matches, higher is better; `None` if it does not.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.characters);
        self.pattern.score(text, &mut self.matcher)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_are_in_any_order_and_case() {
        for (typed, text, found) in [
            ("", "Shop-Web-Prod", true),
            ("web", "Shop-Web-Prod", true),
            ("prod shop", "Shop-Web-Prod", true),
            ("spw", "Shop-Web-Prod", false),
            ("shop !prod", "Shop-Web-Prod", false),
            ("shop !test", "Shop-Web-Prod", true),
            ("é", "CAFÉ", true),
        ] {
            assert_eq!(Filter::words(typed).finds(text), found, "{typed} in {text}");
        }
        let endless = "x".repeat(100_000);
        assert!(!Filter::words(&endless).finds("x"));
        assert!(!Filter::letters(&endless).finds("x"));
    }

    #[test]
    fn letters_are_found_scattered_and_better_together() {
        let mut filter = Filter::letters("rst");
        let (together, scattered) = (filter.score("rst-all"), filter.score("restart"));
        assert!(together > scattered && scattered.is_some(), "{together:?} {scattered:?}");
        assert!(!filter.finds("scale"));
    }
}
