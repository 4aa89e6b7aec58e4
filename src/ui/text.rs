//! Text that fits: measured in cells, cut where it hurts least, wrapped where it may not be cut.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::app::Cut;

/// How many cells a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { UnicodeWidthStr::width(text) }
}

/// The text in at most `room` cells, with `mark` where something was cut.
#[must_use]
pub fn cut<'a>(text: &'a str, room: usize, cut: Cut, mark: &str) -> Cow<'a, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(rest) = room.checked_sub(width(mark)) else { return Cow::Borrowed("") };
    Cow::Owned(match cut {
        Cut::End | Cut::Never => format!("{}{mark}", head(text, rest)),
        // The mark of a proposed link is never what is cut.
        Cut::Start if text.starts_with('~') => format!("~{mark}{}", tail(text, rest.saturating_sub(1))),
        Cut::Start => format!("{mark}{}", tail(text, rest)),
        Cut::Middle => {
            let front = rest.div_ceil(2);
            let back = tail(text, rest - front);
            format!("{}{mark}{back}", head(text, front))
        }
    })
}

/// As much of the beginning as fits.
pub(super) fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            return &text[..at];
        }
    }
    text
}

/// As much of the end as fits.
pub(super) fn tail(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > room {
            break;
        }
        from = at;
    }
    &text[from..]
}

/// Lines of at most `room` cells, broken between words; a word that is longer (an ARN) is broken where it must be.
#[must_use]
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        let mut word = word;
        if !line.is_empty() && width(&line) + width(word.trim_end()) > room {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        while width(word.trim_end()) > room {
            let part = head(word, room);
            if part.is_empty() {
                break;
            }
            lines.push(part.to_owned());
            word = &word[part.len()..];
        }
        line.push_str(word);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_keeps_what_tells_names_apart() {
        assert_eq!(cut("awseb--AWSEB-08AE6A35", 13, Cut::Start, "…"), "…SEB-08AE6A35");
        assert_eq!(cut("~awseb--AWSEB-08AE6A35", 13, Cut::Start, "…"), "~…EB-08AE6A35");
        assert_eq!(cut("shop-chat-prod", 9, Cut::Middle, "…"), "shop…prod");
        assert_eq!(cut("abc", 3, Cut::End, "…"), "abc");
        assert_eq!(cut("商店商店", 5, Cut::End, "…"), "商店…");
        assert_eq!(cut("abc", 0, Cut::End, "…"), "");
    }

    #[test]
    fn wrapping_loses_nothing() {
        let text = "User: arn:aws:iam::123456789012:user/me is not authorized";
        let lines = wrap(text, 20);
        assert!(lines.iter().all(|line| width(line) <= 20), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }
}
