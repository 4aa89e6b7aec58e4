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

/// The beginning of a text that is longer than `most` bytes, with an ellipsis; it never ends within an escape sequence,
/// whose rest would then be lacking.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let mut end = text.floor_char_boundary(most);
    let from = text[..end].rfind(['\u{1b}', '\u{9b}', '\u{9d}', '\u{90}']);
    if let Some(from) = from.filter(|from| !is_whole_escape(&text[*from..end])) {
        end = from;
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

/// Whether an escape sequence ends within this text, which begins with it.
fn is_whole_escape(text: &str) -> bool {
    let mut rest = text.chars().peekable();
    match rest.next() {
        Some('\u{1b}') => match rest.next() {
            Some('[') => ends_control_sequence(&mut rest),
            Some(']' | 'P' | 'X' | '^' | '_') => rest.any(|it| matches!(it, '\u{7}' | '\u{9c}' | '\\')),
            Some('\u{20}'..='\u{2f}') => rest.any(|it| ('\u{30}'..='\u{7e}').contains(&it)),
            next => next.is_some(),
        },
        Some('\u{9b}') => ends_control_sequence(&mut rest),
        _ => rest.any(|it| matches!(it, '\u{7}' | '\u{9c}')),
    }
}

fn ends_control_sequence(rest: &mut Rest<'_>) -> bool {
    while rest.next_if(|next| ('\u{20}'..='\u{3f}').contains(next)).is_some() {}
    rest.next().is_some()
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

/// Text of several lines without the escape sequences in it (colours, titles, cursor movements), and with what else a
/// terminal would obey made visible. Line ends become line feeds; tabs stay. A sequence that never ends does so with
/// its line, so that none can swallow the rest.
#[must_use]
pub fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => match rest.next_if(|next| ('\u{20}'..='\u{7e}').contains(next)) {
                Some('[') => skip_control_sequence(&mut rest),
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut rest),
                Some('\u{20}'..='\u{2f}') => skip_escape(&mut rest),
                _ => {}
            },
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut rest),
            '\r' => {
                rest.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\t' => out.push(character),
            _ if is_hostile(character) => out.push(picture(character)),
            _ => out.push(character),
        }
    }
    out
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Parameters and intermediates, then one final character.
fn skip_control_sequence(rest: &mut Rest<'_>) {
    while rest.next_if(|next| ('\u{20}'..='\u{3f}').contains(next)).is_some() {}
    rest.next_if(|next| ('\u{40}'..='\u{7e}').contains(next));
}

/// A title, a device string or the like: up to its terminator.
fn skip_string(rest: &mut Rest<'_>) {
    while let Some(next) = rest.next_if(|next| !matches!(next, '\n' | '\r')) {
        match next {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                rest.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

/// A sequence such as the choice of a character set.
fn skip_escape(rest: &mut Rest<'_>) {
    while rest.next_if(|next| ('\u{20}'..='\u{2f}').contains(next)).is_some() {}
    rest.next_if(|next| ('\u{30}'..='\u{7e}').contains(next));
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
    fn long_texts_are_cut_between_characters_and_not_within_an_escape() {
        let table = [
            ("short", 5, "short"),
            ("longer", 5, "longe…"),
            ("aé", 2, "a…"),
            ("商店", 4, "商…"),
            ("ab\u{1b}[31mred", 4, "ab…"),
            ("ab\u{1b}[31mred", 6, "ab…"),
            ("ab\u{1b}[31mred", 7, "ab\u{1b}[31m…"),
            ("ab\u{1b}[31mred", 8, "ab\u{1b}[31mr…"),
            ("a\u{1b}]0;title\u{7}b", 6, "a…"),
            ("a\u{1b}]0;title\u{7}bc", 12, "a\u{1b}]0;title\u{7}b…"),
            ("a\u{1b}", 1, "a…"),
            ("a\u{1b}(Bcd", 3, "a…"),
        ];
        for (text, most, expected) in table {
            assert_eq!(shortened(text, most), expected, "{text:?} to {most}");
        }
    }

    #[test]
    fn logs_lose_their_escapes_and_keep_their_lines() {
        let table = [
            ("\u{1b}[32minfo\u{1b}[39m: a\tb\r\nc", "info: a\tb\nc"),
            ("\u{1b}]0;title\u{7}x \u{1b}]52;c;AAAA\u{1b}\\y", "x y"),
            ("\u{9b}31mred \u{9d}0;t\u{9c}z \u{1b}Pq#0\u{1b}\\.", "red z ."),
            ("\u{1b}(Bline \u{1b}c\u{1b}7reset", "line reset"),
            ("10 %\r20 %\r", "10 %\n20 %\n"),
            ("never ends \u{1b}]0;title\nnext \u{1b}[38;5\nlast", "never ends \nnext \nlast"),
            ("\u{1b}\u{1b}[1mtwo \u{7}\u{0}\u{202e}", "two ␇␀\u{fffd}"),
            ("商店 \u{fffd}\u{1b}", "商店 \u{fffd}"),
        ];
        for (given, expected) in table {
            assert_eq!(without_escapes(given), expected, "{given:?}");
            let safe = without_escapes(given);
            assert!(safe.chars().all(|it| matches!(it, '\n' | '\t') || !is_hostile(it)), "{safe:?}");
        }
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(clean("shop-chat-prod é 商店"), Cow::Borrowed(_)));
    }
}
