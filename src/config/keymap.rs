//! Chords: one key with its modifiers, in one notation (`enter`, `ctrl-d`, `shift-tab`, `?`, `G`, `pgdn`, `space`).
//!
//! A chord is always normal: what a terminal cannot distinguish (`ctrl-i` and `tab`, `shift-g` and `G`) is one value, so
//! that chords can be compared, and that a binding which could never fire cannot be written.

use std::fmt;

/// A key, without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each says its name")]
pub enum KeyCode {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Home,
    End,
    PageUp,
    PageDown,
    Up,
    Down,
    Left,
    Right,
    F(u8),
}

/// The keys that are written as a word. The first word of a key is the one that is printed.
const WORDS: [(&str, KeyCode); 21] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("space", KeyCode::Char(' ')),
    ("return", KeyCode::Enter),
    ("escape", KeyCode::Esc),
    ("backtab", KeyCode::BackTab),
    ("del", KeyCode::Delete),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("lt", KeyCode::Char('<')),
];

/// The highest function key.
const LAST_FUNCTION_KEY: u8 = 24;

/// A key and the modifiers held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: KeyCode,
    /// Control is held.
    pub ctrl: bool,
    /// Alt (Option, Meta) is held.
    pub alt: bool,
    /// Shift is held, and the key does not imply it: never with a character or a back tab.
    pub shift: bool,
}

/// Why a text is not a chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChordError {
    /// There is no text.
    #[error("a chord is empty; write a key such as `enter`, `ctrl-d` or `?`")]
    Empty,
    /// The key has no such name.
    #[error("unknown key in chord `{chord}`{hint}")]
    Key {
        /// The whole chord.
        chord: String,
        /// What may have been meant.
        hint: String,
    },
    /// A modifier is named twice.
    #[error("`{modifier}-` twice in chord `{chord}`")]
    Twice {
        /// The modifier.
        modifier: &'static str,
        /// The whole chord.
        chord: String,
    },
    /// A script has a `<` without its `>`.
    #[error("`<` without `>` at character {at}; write `<lt>` for the key itself")]
    Unclosed {
        /// Where, counted from 1.
        at: usize,
    },
}

impl From<KeyCode> for Chord {
    /// The key alone.
    fn from(key: KeyCode) -> Self {
        Self::new(key, false, false, false)
    }
}

impl Chord {
    /// A chord from what a terminal reports, made normal.
    #[must_use]
    pub fn new(key: KeyCode, ctrl: bool, alt: bool, shift: bool) -> Self {
        let (key, ctrl, shift) = match key {
            KeyCode::Char(letter) if ctrl => match letter.to_ascii_lowercase() {
                'i' => return Self::new(KeyCode::Tab, false, alt, shift),
                'm' => (KeyCode::Enter, false, shift),
                '[' => (KeyCode::Esc, false, shift),
                letter => (KeyCode::Char(letter), true, false),
            },
            KeyCode::Char(letter) if shift => (KeyCode::Char(letter.to_ascii_uppercase()), ctrl, false),
            KeyCode::Tab if shift => (KeyCode::BackTab, ctrl, false),
            KeyCode::BackTab => (KeyCode::BackTab, ctrl, false),
            key => (key, ctrl, shift),
        };
        Self { key, ctrl, alt, shift }
    }

    /// Reads a chord: modifiers `ctrl-`, `alt-` and `shift-` in any order and case, then a key.
    ///
    /// # Errors
    /// If the text is empty, or names a key or a modifier that does not exist, or a modifier twice.
    pub fn parse(text: &str) -> Result<Self, ChordError> {
        let mut held = [false; MODIFIERS.len()];
        let mut rest = text;
        while let Some((index, after)) = modifier(rest) {
            if std::mem::replace(&mut held[index], true) {
                let (modifier, chord) = (MODIFIERS[index], text.to_owned());
                return Err(ChordError::Twice { modifier, chord });
            }
            rest = after;
        }
        let key = key(rest).ok_or_else(|| unknown(text, rest))?;
        let [ctrl, alt, shift] = held;
        Ok(Self::new(key, ctrl, alt, shift))
    }

    /// The character that this chord types into a text field, if it types one.
    #[must_use]
    pub fn typed(&self) -> Option<char> {
        match self.key {
            KeyCode::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }
}

const MODIFIERS: [&str; 3] = ["ctrl", "alt", "shift"];

/// The modifier that a text begins with, and what follows it. A `-` that ends the text is the key itself.
fn modifier(text: &str) -> Option<(usize, &str)> {
    let (word, rest) = text.split_once('-').filter(|(_, rest)| !rest.is_empty())?;
    let index = MODIFIERS.iter().position(|modifier| modifier.eq_ignore_ascii_case(word))?;
    Some((index, rest))
}

fn key(text: &str) -> Option<KeyCode> {
    let mut characters = text.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return (!only.is_control()).then_some(KeyCode::Char(only));
    }
    let word = text.to_ascii_lowercase();
    let named = WORDS.iter().find(|(name, _)| *name == word).map(|(_, key)| *key);
    named.or_else(|| function_key(&word))
}

fn function_key(word: &str) -> Option<KeyCode> {
    let digits = word.strip_prefix('f').filter(|digits| !digits.starts_with(['0', '+']))?;
    let number = digits.parse().ok().filter(|number| (1..=LAST_FUNCTION_KEY).contains(number))?;
    Some(KeyCode::F(number))
}

fn unknown(chord: &str, key: &str) -> ChordError {
    if chord.is_empty() {
        return ChordError::Empty;
    }
    let hyphens = chord.replace('+', "-");
    let hint = if hyphens != chord && Chord::parse(&hyphens).is_ok() {
        format!(", did you mean `{hyphens}`?")
    } else {
        crate::mistakes::did_you_mean(key, WORDS.iter().map(|(word, _)| *word).chain(MODIFIERS))
    };
    ChordError::Key { chord: chord.to_owned(), hint }
}

impl fmt::Display for Chord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, modifier) in [self.ctrl, self.alt, self.shift].into_iter().zip(MODIFIERS) {
            if held {
                write!(formatter, "{modifier}-")?;
            }
        }
        match self.key {
            KeyCode::BackTab => formatter.write_str("shift-tab"),
            KeyCode::F(number) => write!(formatter, "f{number}"),
            KeyCode::Char(character) if character != ' ' => write!(formatter, "{character}"),
            key => {
                let word = WORDS.iter().find(|(_, named)| *named == key).map_or("", |(word, _)| word);
                formatter.write_str(word)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_key() -> impl Strategy<Value = KeyCode> {
        let words = WORDS.map(|(_, key)| key).to_vec();
        prop_oneof![
            proptest::sample::select(words),
            (1..=LAST_FUNCTION_KEY).prop_map(KeyCode::F),
            any::<char>().prop_filter("printable", |letter| !letter.is_control()).prop_map(KeyCode::Char),
            proptest::char::range('!', '~').prop_map(KeyCode::Char),
        ]
    }

    fn any_chord() -> impl Strategy<Value = Chord> {
        (any_key(), any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(key, ctrl, alt, shift)| Chord::new(key, ctrl, alt, shift))
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(chord in any_chord()) {
            prop_assert_eq!(Chord::parse(&chord.to_string()), Ok(chord));
        }

        #[test]
        fn a_chord_is_normal_already(chord in any_chord()) {
            prop_assert_eq!(Chord::new(chord.key, chord.ctrl, chord.alt, chord.shift), chord);
        }

        #[test]
        fn no_text_is_a_panic(text in ".{0,12}") {
            let _ = Chord::parse(&text);
        }
    }

    #[test]
    fn reads_and_prints_one_notation() {
        for (text, printed) in [
            ("enter", "enter"),
            ("Return", "enter"),
            ("Ctrl-D", "ctrl-d"),
            ("shift-tab", "shift-tab"),
            ("backtab", "shift-tab"),
            ("?", "?"),
            ("G", "G"),
            ("shift-g", "G"),
            ("pgdn", "pgdn"),
            ("PageDown", "pgdn"),
            ("space", "space"),
            (" ", "space"),
            ("-", "-"),
            ("ctrl--", "ctrl--"),
            ("<", "<"),
            ("lt", "<"),
            ("shift-alt-up", "alt-shift-up"),
            ("f12", "f12"),
            ("alt-G", "alt-G"),
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }

    #[test]
    fn one_value_for_what_a_terminal_cannot_tell_apart() {
        assert_eq!(Chord::parse("ctrl-i"), Chord::parse("tab"));
        assert_eq!(Chord::parse("ctrl-shift-i"), Chord::parse("shift-tab"));
        assert_eq!(Chord::parse("ctrl-m"), Chord::parse("enter"));
        assert_eq!(Chord::parse("ctrl-["), Chord::parse("esc"));
        assert_eq!(Chord::parse("ctrl-shift-r"), Chord::parse("ctrl-r"));
        assert_eq!(Chord::new(KeyCode::Char('G'), false, false, true), Chord::from(KeyCode::Char('G')));
        assert_eq!(Chord::new(KeyCode::Char('?'), false, false, true), Chord::from(KeyCode::Char('?')));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, message) in [
            ("", "a chord is empty; write a key such as `enter`, `ctrl-d` or `?`"),
            ("entr", "unknown key in chord `entr`, did you mean `enter`?"),
            ("ctrl+r", "unknown key in chord `ctrl+r`, did you mean `ctrl-r`?"),
            ("control-r", "unknown key in chord `control-r`"),
            ("f0", "unknown key in chord `f0`"),
            ("f25", "unknown key in chord `f25`"),
            ("gg", "unknown key in chord `gg`"),
            ("ctrl-ctrl-r", "`ctrl-` twice in chord `ctrl-ctrl-r`"),
        ] {
            assert_eq!(Chord::parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn only_plain_characters_are_typed() {
        assert_eq!(Chord::parse("G").unwrap().typed(), Some('G'));
        assert_eq!(Chord::parse("space").unwrap().typed(), Some(' '));
        assert_eq!(Chord::parse("ctrl-g").unwrap().typed(), None);
        assert_eq!(Chord::parse("enter").unwrap().typed(), None);
    }
}
