//! Walking a file along the table of keys: finds everything that is wrong, each with its place.
//!
//! The parser goes on after a mistake and puts something in its stead. What it puts there has no place of its own, or
//! is on the line of the mistake; neither is reported a second time.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Known, is_placeholder, names_for};
use super::layer::Assignment;
use super::nearest::did_you_mean_or_list;
use super::{Layer, Mistake, Position, nearest, read};

/// Reads a configuration. Without `known`, the names of other modules are taken as they are.
pub(super) fn file(origin: &str, text: &str, known: Option<&Known>) -> (Layer, Vec<Mistake>) {
    let level = Level { keys: KEYS.iter().collect(), depth: 0, name: "" };
    Walk { origin, text, known, whole: true, layer: Layer::default(), found: Vec::new() }.read(&level)
}

/// Reads a theme: what could be under `[style]` in a configuration.
pub(super) fn style(origin: &str, text: &str) -> (Layer, Vec<Mistake>) {
    let keys = KEYS.iter().filter(|key| key.path.starts_with("style.")).collect();
    let level = Level { keys, depth: 1, name: "" };
    Walk { origin, text, known: None, whole: false, layer: Layer::default(), found: Vec::new() }.read(&level)
}

struct Walk<'a> {
    origin: &'a str,
    text: &'a str,
    known: Option<&'a Known<'a>>,
    /// Whether the text is a whole configuration, so that a key can belong elsewhere in it.
    whole: bool,
    layer: Layer,
    found: Vec<Mistake>,
}

/// A table of the file: the keys that it may still lead to.
struct Level<'a> {
    keys: Vec<&'static Key>,
    /// How many segments of their paths lie behind.
    depth: usize,
    /// What stands for the placeholder, once it lies behind.
    name: &'a str,
}

impl Walk<'_> {
    fn read(mut self, level: &Level) -> (Layer, Vec<Mistake>) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let end = self.text.len()..self.text.len();
        for error in errors {
            self.report(&error.span().unwrap_or(end.clone()), error.message().replace('\n', ", "));
        }
        let syntax = std::mem::take(&mut self.found);
        self.table(level, table.get_ref());
        self.found.retain(|mistake| !syntax.iter().any(|error| line(error) == line(mistake)));
        self.found.extend(syntax);
        self.found.sort_by_key(|mistake| mistake.position);
        (self.layer, self.found)
    }

    fn report(&mut self, bytes: &Range<usize>, what: String) {
        let position = Some(Position::of(self.text, bytes.start));
        self.found.push(Mistake { origin: self.origin.to_owned(), position, what });
    }

    fn table(&mut self, level: &Level, table: &DeTable) {
        for (word, value) in table {
            let segment = level.segment(word.get_ref(), self.known);
            match segment {
                Some(segment) => self.entry(level, segment, word, value),
                None => self.report(&word.span(), self.unknown(level, word.get_ref())),
            }
        }
    }

    fn entry(&mut self, level: &Level, segment: &str, word: &Spanned<toml::de::DeString>, value: &Spanned<DeValue>) {
        let name = if is_placeholder(segment) { word.get_ref() } else { level.name };
        let below = Level { keys: level.below(segment), depth: level.depth + 1, name };
        if let Some(key) = below.leaf() {
            self.assign(key, name, value);
        } else if let DeValue::Table(table) = value.get_ref() {
            self.table(&below, table);
        } else if value.span() != (0..0) {
            let words = below.words(self.known).0.join(", ");
            self.report(
                &value.span(),
                format!("expected a table with {words}, not {}", read::described(value.get_ref())),
            );
        }
    }

    fn unknown(&self, level: &Level, word: &str) -> String {
        let (words, what) = level.words(self.known);
        let nearest = nearest(word, words.iter().copied());
        let elsewhere = if nearest.is_none() && self.whole { elsewhere(word) } else { None };
        let hint = elsewhere.unwrap_or_else(|| did_you_mean_or_list(word, &words));
        format!("unknown {what} `{word}`{hint}")
    }

    fn assign(&mut self, key: &'static Key, name: &str, value: &Spanned<DeValue>) {
        if value.span() == (0..0) {
            return;
        }
        match read::value(&key.kind, value, self.known) {
            Ok(read) => {
                let line = Position::of(self.text, value.span().start).line;
                let origin = format!("{}:{line}", self.origin);
                self.layer.assignments.push(Assignment { key, name: name.to_owned(), value: read, origin });
            }
            Err(wrong) => wrong.into_iter().for_each(|(bytes, what)| self.report(&bytes, what)),
        }
    }
}

/// The table in which there is a key of this name: in TOML, what follows `[table]` belongs to it.
fn elsewhere(word: &str) -> Option<String> {
    let plain = KEYS.iter().filter(|key| !key.segments().any(is_placeholder));
    let mut places = plain.map(|key| key.path.rsplit_once('.').unwrap_or(("", key.path)));
    let (table, _) = places.find(|(_, last)| *last == word)?;
    Some(match table {
        "" => "; it belongs at the top, before the first `[table]`".to_owned(),
        table => format!("; it belongs under `[{table}]`"),
    })
}

/// The line of a mistake.
fn line(mistake: &Mistake) -> Option<usize> {
    mistake.position.map(|position| position.line)
}

impl Level<'_> {
    /// The segments that may be here, each once.
    fn segments(&self) -> Vec<&'static str> {
        let mut segments: Vec<_> = self.keys.iter().filter_map(|key| key.segments().nth(self.depth)).collect();
        segments.dedup();
        segments
    }

    /// The segment that a word is.
    fn segment(&self, word: &str, known: Option<&Known>) -> Option<&'static str> {
        self.segments().into_iter().find(|segment| {
            *segment == word
                || is_placeholder(segment) && names_for(segment, known).is_none_or(|names| names.contains(&word))
        })
    }

    fn below(&self, segment: &str) -> Vec<&'static Key> {
        self.keys.iter().copied().filter(|key| key.segments().nth(self.depth) == Some(segment)).collect()
    }

    /// The key that ends here.
    fn leaf(&self) -> Option<&'static Key> {
        self.keys.iter().copied().find(|key| key.segments().count() == self.depth)
    }

    /// The words that may appear here, and what they mean.
    fn words<'n>(&self, known: Option<&Known<'n>>) -> (Vec<&'n str>, &'static str) {
        let segments = self.segments();
        let what = match segments.first() {
            Some(&"ACTION") => "action",
            Some(&"SERVICE") => "service",
            Some(&"READING") => "kind of reading",
            Some(&"ROLE") => "role",
            _ => "key",
        };
        let words = segments.into_iter().flat_map(|segment| match names_for(segment, known) {
            Some(names) => names.to_vec(),
            None => vec![segment],
        });
        (words.collect(), what)
    }
}
