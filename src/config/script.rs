//! Scripts of keys, as tests type them: `jj<enter>e<ctrl-r>`.
//!
//! Every character is its own key but `<`, which opens a chord; the key `<` is therefore `<lt>`.

use super::{Chord, ChordError, KeyCode};

/// Reads a script.
///
/// # Errors
/// If a `<` is not closed, or what is between `<` and `>` is not a chord.
pub fn parse_script(script: &str) -> Result<Vec<Chord>, ChordError> {
    let mut chords = Vec::new();
    let mut rest = script;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character == '<' {
            let at = script[..script.len() - rest.len()].chars().count();
            let end = closing(rest).ok_or(ChordError::Unclosed { at })?;
            chords.push(Chord::parse(&rest[..end])?);
            rest = &rest[end + 1..];
        } else {
            chords.push(Chord::from(KeyCode::Char(character)));
        }
    }
    Ok(chords)
}

/// Where a chord ends. Its last character may itself be a `>`, as in `<ctrl->>`.
fn closing(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let before = &text[..end];
    let held = before.len() > 1 && before.ends_with('-') && !before.ends_with("--");
    let itself = text[end + 1..].starts_with('>') && (before.is_empty() || held);
    Some(if itself { end + 1 } else { end })
}

/// Writes a script that [`parse_script`] reads back.
#[must_use]
pub fn script(chords: &[Chord]) -> String {
    chords.iter().map(piece).collect()
}

fn piece(chord: &Chord) -> String {
    match chord.typed() {
        Some('<') => "<lt>".to_owned(),
        Some(' ') | None => format!("<{chord}>"),
        Some(character) => character.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(text: &str) -> Vec<String> {
        parse_script(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn reads_characters_and_chords() {
        assert_eq!(printed("jj<enter>e<ctrl-r>"), ["j", "j", "enter", "e", "ctrl-r"]);
        assert_eq!(printed("<lt>>G <shift-tab>é"), ["<", ">", "G", "space", "shift-tab", "é"]);
        assert_eq!(printed("<ctrl->><alt-<>a"), ["ctrl->", "alt-<", "a"]);
        assert_eq!(printed(""), [""; 0]);
    }

    #[test]
    fn says_where_it_stops_making_sense() {
        assert_eq!(parse_script("éj<enter"), Err(ChordError::Unclosed { at: 3 }));
        let message = parse_script("j<entr>").unwrap_err().to_string();
        assert_eq!(message, "unknown key in chord `entr`, did you mean `enter`?");
        assert_eq!(parse_script("<>"), Err(ChordError::Empty));
    }

    fn any_chord() -> impl Strategy<Value = Chord> {
        let key = prop_oneof![
            proptest::char::range(' ', '~').prop_map(KeyCode::Char),
            (1..=24_u8).prop_map(KeyCode::F),
            proptest::sample::select(vec![KeyCode::Enter, KeyCode::Esc, KeyCode::BackTab, KeyCode::PageUp]),
        ];
        (key, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(key, ctrl, alt, shift)| Chord::new(key, ctrl, alt, shift))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(chords in proptest::collection::vec(any_chord(), 0..12)) {
            let written = script(&chords);
            prop_assert_eq!(parse_script(&written), Ok(chords), "{}", written);
        }

        #[test]
        fn no_text_is_a_panic(text in "[<>a-z-]{0,12}") {
            let _ = parse_script(&text);
        }
    }
}
