//! Walking a file along the table of keys: finds everything that is wrong, each with its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, KnownNames, SettingKey, is_placeholder, names_for};
use super::layer::Assignment;
use super::{ConfigLayer, read};
use crate::mistakes::{Mistake, Mistakes, did_you_mean_or_list, nearest};

/// Reads a configuration. Without `known`, the names of other modules are taken as they are.
pub(super) fn file(origin: &str, text: &str, known: Option<&KnownNames>) -> (ConfigLayer, Vec<Mistake>) {
    let level = WalkLevel { keys: KEYS.iter().collect(), depth: 0, name: String::new() };
    read_file((origin, text), &level, (known, true))
}

/// Reads a theme: what could be under `[style]` in a configuration.
pub(super) fn style(origin: &str, text: &str) -> (ConfigLayer, Vec<Mistake>) {
    let keys = KEYS.iter().filter(|key| key.path.starts_with("style.")).collect();
    let level = WalkLevel { keys, depth: 1, name: String::new() };
    read_file((origin, text), &level, (None, false))
}

fn read_file(
    (origin, text): (&str, &str),
    level: &WalkLevel,
    (known, whole): (Option<&KnownNames<'_>>, bool),
) -> (ConfigLayer, Vec<Mistake>) {
    let (table, mistakes) = Mistakes::parse(origin, text);
    let mut walk = Walk { origin, known, whole, layer: ConfigLayer::default(), mistakes };
    walk.table(level, table.get_ref());
    (walk.layer, walk.mistakes.all())
}

struct Walk<'a> {
    origin: &'a str,
    known: Option<&'a KnownNames<'a>>,
    /// Whether the text is a whole configuration, so that a key can belong elsewhere in it.
    whole: bool,
    layer: ConfigLayer,
    mistakes: Mistakes<'a>,
}

/// A table of the file: the keys that it may still lead to.
struct WalkLevel {
    keys: Vec<&'static SettingKey>,
    /// How many segments of their paths lie behind.
    depth: usize,
    /// The name in place of the placeholder, once that was passed; of two, with a full stop between them.
    name: String,
}

impl Walk<'_> {
    fn table(&mut self, level: &WalkLevel, table: &DeTable) {
        for (word, value) in table {
            let segment = level.segment(word.get_ref(), self.known);
            match segment {
                Some(segment) => self.entry(level, segment, word, value),
                None => self.mistakes.add(&word.span(), self.unknown(level, word.get_ref())),
            }
        }
    }

    fn entry(
        &mut self,
        level: &WalkLevel,
        segment: &str,
        word: &Spanned<toml::de::DeString>,
        value: &Spanned<DeValue>,
    ) {
        let name = match (is_placeholder(segment), level.name.as_str()) {
            (false, name) => name.to_owned(),
            (true, "") => word.get_ref().to_string(),
            (true, name) => format!("{name}.{}", word.get_ref()),
        };
        let below = WalkLevel { keys: level.below(segment), depth: level.depth + 1, name };
        if let Some(key) = below.leaf() {
            self.assign(key, &below.name, value);
        } else if let DeValue::Table(table) = value.get_ref() {
            self.table(&below, table);
        } else if value.span() != (0..0) {
            let words = below.words(self.known).0.join(", ");
            let what = format!("expected a table with {words}, not {}", read::described(value.get_ref()));
            self.mistakes.add(&value.span(), what);
        }
    }

    fn unknown(&self, level: &WalkLevel, word: &str) -> String {
        let (words, what) = level.words(self.known);
        let nearest = nearest(word, words.iter().copied());
        let elsewhere = if nearest.is_none() && self.whole { elsewhere(word) } else { None };
        let hint = elsewhere.unwrap_or_else(|| did_you_mean_or_list(word, &words));
        format!("unknown {what} `{word}`{hint}")
    }

    fn assign(&mut self, key: &'static SettingKey, name: &str, value: &Spanned<DeValue>) {
        if value.span() == (0..0) {
            return;
        }
        match read::value(&key.kind, value, self.known) {
            Ok(read) => {
                let line = self.mistakes.position(value.span().start).line;
                let origin = format!("{}:{line}", self.origin);
                self.layer.assignments.push(Assignment { key, name: name.to_owned(), value: read, origin });
            }
            Err(wrong) => wrong.into_iter().for_each(|(bytes, what)| self.mistakes.add(&bytes, what)),
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

impl WalkLevel {
    /// Returns the segments that are allowed here, each once.
    fn segments(&self) -> Vec<&'static str> {
        let mut segments: Vec<_> = self.keys.iter().filter_map(|key| key.segments().nth(self.depth)).collect();
        segments.dedup();
        segments
    }

    /// Returns the segment for a word.
    fn segment(&self, word: &str, known: Option<&KnownNames>) -> Option<&'static str> {
        self.segments().into_iter().find(|segment| {
            *segment == word
                || is_placeholder(segment) && names_for(segment, known).is_none_or(|names| names.contains(&word))
        })
    }

    fn below(&self, segment: &str) -> Vec<&'static SettingKey> {
        self.keys.iter().copied().filter(|key| key.segments().nth(self.depth) == Some(segment)).collect()
    }

    /// The key that ends here.
    fn leaf(&self) -> Option<&'static SettingKey> {
        self.keys.iter().copied().find(|key| key.segments().count() == self.depth)
    }

    /// Returns the names that are allowed here, and what they denote.
    fn words<'n>(&self, known: Option<&KnownNames<'n>>) -> (Vec<&'n str>, &'static str) {
        let segments = self.segments();
        let what = match segments.first() {
            Some(&"ACTION") => "action",
            Some(&"CHECK") => "check",
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
