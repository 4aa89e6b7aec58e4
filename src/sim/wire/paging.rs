//! Pages: a slice of a list and the token of the next one.
//!
//! A token holds the position and a fingerprint of the question (operation and filters), so that one given to another
//! question is refused, as AWS refuses it. It also carries the instant of the first page: a list that grows at its
//! front (events) keeps its pages together.

use crate::sim::physics::noise;
use std::ops::Range;

/// Where a page begins, and as of when the list is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The index of the first entry.
    pub from: usize,
    /// Milliseconds since the Unix epoch at which the first page was requested.
    pub as_of: i64,
}

/// The token was not made for this question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignToken;

impl Position {
    /// The position that a token names, or the beginning without one.
    pub fn read(token: Option<&str>, question: &str, now: i64) -> Result<Self, ForeignToken> {
        let Some(token) = token else { return Ok(Self { from: 0, as_of: now }) };
        let field = |range: Range<usize>| {
            token.get(range).and_then(|digits| u64::from_str_radix(digits, 16).ok()).ok_or(ForeignToken)
        };
        let position = Self {
            from: usize::try_from(field(16..24)?).map_err(|_| ForeignToken)?,
            as_of: i64::try_from(field(24..40)?).map_err(|_| ForeignToken)?,
        };
        if token.len() == 40 && position.token(question) == token { Ok(position) } else { Err(ForeignToken) }
    }

    fn token(self, question: &str) -> String {
        let print = noise::hash(self.as_of.cast_unsigned() ^ (self.from as u64), question);
        format!("{print:016x}{:08x}{:016x}", self.from, self.as_of)
    }

    /// The entries of this page, and the token of the next if there is one.
    pub fn page(self, question: &str, total: usize, size: usize) -> (Range<usize>, Option<String>) {
        let from = self.from.min(total);
        let to = from.saturating_add(size).min(total);
        let next = (to < total).then(|| Self { from: to, as_of: self.as_of }.token(question));
        (from..to, next)
    }
}

#[cfg(test)]
mod tests {
    use super::{ForeignToken, Position};

    #[test]
    fn a_token_leads_to_the_next_page() {
        let first = Position::read(None, "Names=a", 7).unwrap();
        let (range, token) = first.page("Names=a", 5, 2);
        assert_eq!(range, 0..2);
        let second = Position::read(token.as_deref(), "Names=a", 99).unwrap();
        assert_eq!(second, Position { from: 2, as_of: 7 });
        assert_eq!(second.page("Names=a", 5, 3), (2..5, None));
    }

    #[test]
    fn a_token_of_another_question_is_refused() {
        let (_, token) = Position { from: 0, as_of: 7 }.page("Names=a", 5, 2);
        assert_eq!(Position::read(token.as_deref(), "Names=b", 7), Err(ForeignToken));
        assert_eq!(Position::read(Some("eyJ"), "Names=a", 7), Err(ForeignToken));
    }
}
