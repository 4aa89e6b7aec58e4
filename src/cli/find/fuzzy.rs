//! Names that are nearly what was typed, with a score between 0 and 1.
//!
//! The matcher's own score grows with the query. Here it is divided by what the query scores against itself, and
//! what a name has beyond the query counts against it, so that scores of different queries mean the same.

use nucleo_matcher::{Config, Matcher, Utf32Str, Utf32String};

/// Letters that are scattered worse than this are no match: any long name has most letters somewhere.
const LEAST: f64 = 0.7;
/// No name is longer, and the matcher's score overflows with a query that is.
const LONGEST: usize = 512;
/// Nothing but an exact hit has 1.
const MOST: f64 = 0.99;

/// A query to compare names with.
pub struct Fuzzy {
    query: Utf32String,
    perfect: f64,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Fuzzy {
    /// A query; `None` if there is nothing in it to compare.
    pub fn new(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let query = Utf32String::from(text.to_lowercase());
        let perfect = matcher.fuzzy_match(query.slice(..), query.slice(..)).filter(|score| *score > 0)?;
        Some(Self { query, perfect: f64::from(perfect), matcher, characters: Vec::new() })
    }

    /// How near the name is; `None` if it is not.
    pub fn score(&mut self, name: &str) -> Option<f64> {
        let characters = &mut self.characters;
        let name = Utf32Str::new(name, characters);
        let score = f64::from(self.matcher.fuzzy_match(name, self.query.slice(..))?);
        let likeness = (score / self.perfect).min(1.0);
        if likeness < LEAST {
            return None;
        }
        let share = self.query.len() as f64 / name.len().max(1) as f64;
        let score = (likeness * (0.5 + 0.5 * share.min(1.0))).min(MOST);
        Some((score * 100.0).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(query: &str, name: &str) -> Option<f64> {
        Fuzzy::new(query)?.score(name)
    }

    #[test]
    fn parts_and_abbreviations_of_a_name_find_it() {
        for query in ["chat", "Chat-Prod", "shopchat", "shop chat".split(' ').next().unwrap(), "schat"] {
            let score = score(query, "shop-chat-prod");
            assert!(score.is_some_and(|score| score > 0.3 && score < 1.0), "{query}: {score:?}");
        }
    }

    #[test]
    fn a_query_that_is_longer_than_any_name_is_near_to_none() {
        for length in [512, 513, 3_000, 100_000] {
            let text = "a".repeat(length);
            assert_eq!(score(&text, &text).is_some(), length <= LONGEST, "{length}");
            assert_eq!(score(&text, "shop"), None);
            let _ = score("chat", &text);
        }
    }

    #[test]
    fn scattered_letters_do_not() {
        for query in ["nosuchthing", "sop-ct-pod-x", "hto", "zzz", ""] {
            assert_eq!(score(query, "shop-chat-prod"), None, "{query}");
        }
    }

    #[test]
    fn the_shorter_of_two_names_is_nearer() {
        assert!(score("chat", "chat-prod") > score("chat", "shop-chat-production"));
        assert!(score("SHOP-CHAT-PROD", "shop-chat-prod").is_some_and(|score| score > 0.9 && score < 1.0));
    }
}
