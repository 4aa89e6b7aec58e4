//! Text that comes from AWS, made safe to show.
//!
//! Names, tags, causes and messages are other people's input. What a terminal would obey (control characters, escape
//! sequences) or what would reorder a line (bidirectional controls) is replaced by a visible mark. It is done where
//! text is shown, not where it is read, so that ids and JSON stay exact.

use std::borrow::Cow;

/// Whether this character must not reach a terminal: C0 and C1 controls, DEL, line separators, bidirectional
/// controls, zero-width characters that can hide text, and tag characters.
#[must_use]
pub fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{061c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with each hostile character made visible: `␛` for escape, `␊` for line feed and so on (Unicode's control
/// pictures), `\u{fffd}` for the others.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|character| if is_hostile(character) { picture(character) } else { character }).collect(),
    )
}

fn picture(character: char) -> char {
    match u32::from(character) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_reordering_become_visible() {
        assert_eq!(clean("v1\u{1b}[31mred"), "v1␛[31mred");
        assert_eq!(clean("a\u{9b}2J\u{202e}b\n"), "a\u{fffd}2J\u{fffd}b␊");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(clean("shop-chat-prod é 商店"), Cow::Borrowed(_)));
    }
}
