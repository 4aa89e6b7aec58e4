//! Changes of the silences in the text of a configuration, which leave every other byte of it as it is: comments, order,
//! line ends.
//!
//! TOML spells a table in several ways. Each way is tried, and the first kept after which the text says what is meant and
//! nothing else that it did not say before.

use std::fmt::{self, Write as _};
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

const TABLE: &str = "silence";

/// A change of the silences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SilenceEdit {
    /// Silence a check's findings in the environments whose names fit a pattern.
    Add {
        /// The check's name.
        check: String,
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// End that.
    Remove {
        /// The check's name.
        check: String,
        /// The pattern.
        pattern: String,
    },
}

/// Why the text was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// It is no TOML.
    #[error("it is not valid TOML")]
    NoToml,
    /// It has no such entry, because it changed meanwhile.
    #[error("it has no [{TABLE}.{0}] of that pattern any more")]
    Gone(String),
    /// It spells its silences in a way that is changed only by hand.
    #[error("its [{TABLE}] is written in a way that only its author can change")]
    Unusual,
}

impl SilenceEdit {
    /// Returns the text with the change made.
    ///
    /// # Errors
    /// The text is no TOML, lacks what is to be removed, or cannot be changed without changing something else.
    pub fn applied(&self, text: &str) -> Result<String, SilenceError> {
        let before: Table = text.parse().map_err(|_| SilenceError::NoToml)?;
        let meant = self.meant(&before)?;
        let read = DeTable::parse(text).map_err(|_| SilenceError::NoToml)?;
        let candidates = match self {
            Self::Add { check, pattern, reason } => added(text, read.get_ref(), check, &line(pattern, reason)),
            Self::Remove { check, pattern } => removed(text, read.get_ref(), check, pattern),
        };
        let says_that = |text: &String| text.parse::<Table>().is_ok_and(|after| pruned(after) == meant);
        candidates.into_iter().find(says_that).ok_or(SilenceError::Unusual)
    }

    /// What the text is to say.
    fn meant(&self, before: &Table) -> Result<Table, SilenceError> {
        let mut after = before.clone();
        match self {
            Self::Add { check, pattern, reason } => {
                let silences = table_in(&mut after, TABLE).ok_or(SilenceError::Unusual)?;
                let reasons = table_in(silences, check).ok_or(SilenceError::Unusual)?;
                reasons.insert(pattern.clone(), Value::String(reason.clone()));
            }
            Self::Remove { check, pattern } => {
                let reasons = table_in(&mut after, TABLE).and_then(|silences| table_in(silences, check));
                let removed = reasons.and_then(|reasons| reasons.remove(pattern));
                removed.ok_or_else(|| SilenceError::Gone(check.clone()))?;
            }
        }
        Ok(pruned(after))
    }
}

impl fmt::Display for SilenceEdit {
    /// The lines that are written, or taken out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add { check, pattern, reason } => write!(formatter, "{}\n{}", header(check), line(pattern, reason)),
            Self::Remove { check, pattern } => write!(formatter, "{}\n{} = …", header(check), basic(pattern)),
        }
    }
}

fn header(check: &str) -> String {
    format!("[{TABLE}.{check}]")
}

fn line(pattern: &str, reason: &str) -> String {
    format!("{} = {}", basic(pattern), basic(reason))
}

/// A text as a basic string, which is a key as well as a value: a key may have no quotes of several lines.
fn basic(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

/// Returns the table of this name, which is made if there is none; `None` if it is no table.
fn table_in<'a>(table: &'a mut Table, name: &str) -> Option<&'a mut Table> {
    table.entry(name).or_insert_with(|| Value::Table(Table::new())).as_table_mut()
}

/// Without tables of silences that have nothing in them: they say nothing.
fn pruned(mut table: Table) -> Table {
    if let Some(Value::Table(silences)) = table.get_mut(TABLE) {
        silences.retain(|_, reasons| reasons.as_table().is_none_or(|reasons| !reasons.is_empty()));
        if silences.is_empty() {
            table.remove(TABLE);
        }
    }
    table
}

/// The reasons of a check, where the text has them.
fn reasons<'a, 'i>(read: &'a DeTable<'i>, check: &str) -> Option<&'a DeTable<'i>> {
    let silences = read.get(TABLE)?.get_ref().as_table()?;
    silences.get(check)?.get_ref().as_table()
}

/// The text with an entry more: beside those of its check, else at its end.
fn added(text: &str, read: &DeTable<'_>, check: &str, line: &str) -> Vec<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let ends = reasons(read, check).into_iter().flatten().map(|(_, value)| value.span().end);
    let mut candidates = Vec::new();
    if let Some(last) = ends.max() {
        let end = line_end(text, last);
        let gap = if text[..end].ends_with('\n') { "" } else { newline };
        for dotted in [String::new(), format!("{check}."), format!("{TABLE}.{check}.")] {
            candidates.push(with(text, end..end, &format!("{gap}{dotted}{line}{newline}")));
        }
        candidates.push(with(text, last..last, &format!(", {line}")));
    }
    let gap = match text {
        "" => "",
        _ if text.ends_with('\n') => newline,
        _ => &newline.repeat(2),
    };
    candidates.push(format!("{text}{gap}{}{newline}{line}{newline}", header(check)));
    candidates
}

/// The text without an entry: without its line, or out of a list; and without a header that nothing is under any more.
fn removed(text: &str, read: &DeTable<'_>, check: &str, pattern: &str) -> Vec<String> {
    let found = reasons(read, check).and_then(|reasons| reasons.iter().find(|(key, _)| &**key.get_ref() == pattern));
    let Some((key, value)) = found else { return Vec::new() };
    let entry = key.span().start..value.span().end;
    let whole = line_start(text, entry.start)..line_end(text, entry.end);
    let is_last = reasons(read, check).is_some_and(|reasons| reasons.len() == 1);
    let header = is_last.then(|| header_line(text, read, check)).flatten();
    let comma = text[entry.end..].find(',').map(|at| entry.end + at + 1);
    let before = text[..entry.start].rfind(',');
    let mut candidates = Vec::new();
    candidates.extend(header.map(|header| with(&with(text, whole.clone(), ""), header, "")));
    candidates.push(with(text, whole, ""));
    candidates.extend(comma.map(|end| with(text, entry.start..end, "")));
    candidates.extend(before.map(|start| with(text, start..entry.end, "")));
    candidates.push(with(text, entry, ""));
    candidates
}

/// The line of a check's header and an empty one before it; only if the check's entries follow it.
fn header_line(text: &str, read: &DeTable<'_>, check: &str) -> Option<Range<usize>> {
    let silences = read.get(TABLE)?.get_ref().as_table()?;
    let value: &Spanned<DeValue<'_>> = silences.get(check)?;
    let start = line_start(text, value.span().start);
    let end = line_end(text, value.span().start);
    let is_header = text[start..end].trim_start().starts_with('[');
    let above = line_start(text, start.saturating_sub(1));
    let is_empty = start > 0 && text[above..start].trim().is_empty();
    is_header.then_some(if is_empty { above..end } else { start..end })
}

fn with(text: &str, range: Range<usize>, put: &str) -> String {
    format!("{}{put}{}", &text[..range.start], &text[range.end..])
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the next line begins.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(pattern: &str, reason: &str) -> SilenceEdit {
        SilenceEdit::Add { check: "drift".into(), pattern: pattern.into(), reason: reason.into() }
    }

    fn remove(pattern: &str) -> SilenceEdit {
        SilenceEdit::Remove { check: "drift".into(), pattern: pattern.into() }
    }

    #[test]
    fn an_entry_goes_beside_those_of_its_check_or_to_the_end() {
        let added = |text: &str| add("shop", "known").applied(text).unwrap();
        let new = "[silence.drift]\n\"shop\" = \"known\"\n";
        for (before, after) in [
            (String::new(), new.to_owned()),
            ("# mine\nutc = true # why\n# end".into(), format!("# mine\nutc = true # why\n# end\n\n{new}")),
            (
                "utc = true\n[silence.no-alarm]\n\"*\" = \"x\"\n".into(),
                format!("utc = true\n[silence.no-alarm]\n\"*\" = \"x\"\n\n{new}"),
            ),
            (
                "[silence.drift]\n\"*-x\" = \"a\" # b\n\n# keys\n[keys]\nopen = \"o\"".into(),
                "[silence.drift]\n\"*-x\" = \"a\" # b\n\"shop\" = \"known\"\n\n# keys\n[keys]\nopen = \"o\"".into(),
            ),
            ("[silence]\ndrift.a = \"b\"".into(), "[silence]\ndrift.a = \"b\"\ndrift.\"shop\" = \"known\"\n".into()),
            (
                "silence.drift.a = \"b\"\n".into(),
                "silence.drift.a = \"b\"\nsilence.drift.\"shop\" = \"known\"\n".into(),
            ),
            (
                "silence = { drift = { a = \"b\" } }\n".into(),
                "silence = { drift = { a = \"b\", \"shop\" = \"known\" } }\n".into(),
            ),
            ("utc = true\r\n".into(), "utc = true\r\n\r\n[silence.drift]\r\n\"shop\" = \"known\"\r\n".into()),
        ] {
            assert_eq!(added(&before), after, "{before}");
        }
    }

    #[test]
    fn an_entry_is_taken_out_and_comments_stay() {
        for (before, after) in [
            ("# a\n\n# b\n[silence.drift]\nshop = \"x\"\n\n[keys]\n", "# a\n\n# b\n\n[keys]\n"),
            ("a = 1\n\n[silence.drift]\nshop = \"x\"\n", "a = 1\n"),
            (
                "[silence.drift]\n# why\nshop = \"x\" # gone\n\"*-b\" = \"y\"\n",
                "[silence.drift]\n# why\n\"*-b\" = \"y\"\n",
            ),
            ("[silence]\ndrift.shop = \"x\"\ndrift.b = \"y\"\n", "[silence]\ndrift.b = \"y\"\n"),
            ("silence = { drift = { shop = \"x\", b = \"y\" } }", "silence = { drift = {  b = \"y\" } }"),
            ("silence = { drift = { b = \"y\", shop = \"x\" } }", "silence = { drift = { b = \"y\" } }"),
            ("[silence.drift]\nshop = \"\"\"a\nb\"\"\"\nc = \"d\"\n", "[silence.drift]\nc = \"d\"\n"),
        ] {
            assert_eq!(remove("shop").applied(before).as_deref(), Ok(after), "{before}");
        }
    }

    #[test]
    fn what_cannot_be_changed_is_left() {
        assert_eq!(add("a", "b").applied("a = ["), Err(SilenceError::NoToml));
        assert_eq!(add("a", "b").applied("silence = 1\n"), Err(SilenceError::Unusual));
        assert_eq!(remove("a").applied("[silence.drift]\nb = \"c\"\n"), Err(SilenceError::Gone("drift".into())));
    }

    proptest::proptest! {
        #[test]
        fn what_was_added_is_read_again_and_taken_out_again(pattern in ".{1,12}", reason in ".{1,20}") {
            let text = crate::config::DEFAULT_TEXT;
            let added = add(&pattern, &reason).applied(text).unwrap();
            let read: Table = added.parse().unwrap();
            assert_eq!(read["silence"]["drift"][pattern.as_str()].as_str(), Some(reason.as_str()));
            assert!(added.starts_with(text));
            assert_eq!(remove(&pattern).applied(&added).unwrap(), text);
        }
    }
}
