//! The tails of instances' logs: the texts by instance, and which instances did not answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Fault, FaultKind, Moment};

/// When Beanstalk gives them.
pub const LOGS_ONLY_READY: &str =
    "Beanstalk gives them only while the environment is Ready: wait for the update to end";

/// The tail of an instance's logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogTail {
    /// The instance's id.
    pub instance: Arc<str>,
    /// When it was taken.
    pub at: Option<Moment>,
    /// The text, without what would command a terminal.
    pub text: Arc<str>,
}

/// The answers of the instances of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tails {
    /// The tails, by instance.
    pub read: BTreeMap<Arc<str>, LogTail>,
    /// Tails that are there and could not be fetched.
    pub failed: BTreeMap<Arc<str>, Arc<Fault>>,
    /// Who was waited for in vain.
    pub silent: Vec<Arc<str>>,
    /// Why nothing more could be learnt in the end, if that is so.
    pub fault: Option<Arc<Fault>>,
}

impl LogTail {
    /// The newest lines that fit into so many bytes; the end of the last one if not even that fits.
    #[must_use]
    pub fn newest(&self, most: usize) -> Arc<str> {
        let Some(mut from) = self.text.len().checked_sub(most).filter(|from| *from > 0) else {
            return Arc::clone(&self.text);
        };
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let rest = &self.text[from..];
        let begins_line = self.text[..from].ends_with('\n');
        let whole = rest.split_once('\n').map(|(_, whole)| whole).filter(|whole| !begins_line && !whole.is_empty());
        whole.unwrap_or(rest).into()
    }
}

impl Fault {
    /// Returns whether logs were refused because the environment is not Ready. Beanstalk has no error code for it, only
    /// a text.
    #[must_use]
    pub fn is_not_ready(&self) -> bool {
        self.kind == FaultKind::Invalid && self.message.contains("is in an invalid state for this operation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_whole_lines_are_kept() {
        let tail = |text: &str| LogTail { instance: "i-1".into(), at: None, text: text.into() };
        let kept = |text: &str, most| tail(text).newest(most).to_string();
        assert_eq!(kept("one\ntwo\nthree\n", 100), "one\ntwo\nthree\n");
        assert_eq!(kept("one\ntwo\nthree\n", 10), "two\nthree\n");
        assert_eq!(kept("one\ntwo\nthree\n", 9), "three\n");
        assert_eq!(kept("one long line", 4), "line");
        assert_eq!(kept("日本語", 4), "語");
    }
}
