//! The clipboard of the user's terminal, by the escape sequence OSC 52, through a terminal multiplexer if one is between.

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// A program between us and the terminal, which keeps escape sequences that it does not know for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// None: the sequence is the terminal's.
    None,
    /// tmux, which takes the sequence itself or, if it is set to, passes a wrapped one on.
    Tmux,
    /// GNU screen, which passes a wrapped one on.
    Screen,
}

/// The longest string that GNU screen passes on, in bytes; a longer one is passed in pieces.
const SCREEN_PIECE: usize = 76;

impl Multiplexer {
    /// Returns which one this process is in, by the variables that they set.
    #[must_use]
    pub fn around(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        match () {
            () if is_set("TMUX") => Self::Tmux,
            () if is_set("STY") => Self::Screen,
            () => Self::None,
        }
    }

    /// Returns what to write so that a text is put on the clipboard.
    #[must_use]
    pub fn copy(self, text: &str) -> String {
        let mut plain = String::new();
        // Writing to a string does not fail.
        let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
        match self {
            Self::None => plain,
            // The plain one is for `set-clipboard`, the other for `allow-passthrough`.
            Self::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
            Self::Screen => {
                let plain = plain.replace("\x1b\\", "\x07");
                let pieces = plain.as_bytes().chunks(SCREEN_PIECE).map(String::from_utf8_lossy);
                pieces.fold(String::new(), |all, piece| all + "\x1bP" + &piece + "\x1b\\")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_multiplexer_is_known_by_its_variable() {
        let of = |set: &'static str, value: &'static str| {
            Multiplexer::around(move |name| (name == set).then(|| value.to_owned()))
        };
        assert_eq!(of("TMUX", "/tmp/tmux-1000/default,1,0"), Multiplexer::Tmux);
        assert_eq!(of("STY", "1.pts-0.host"), Multiplexer::Screen);
        assert_eq!((of("TMUX", ""), of("TERM", "tmux-256color")), (Multiplexer::None, Multiplexer::None));
    }

    #[test]
    fn the_sequence_is_wrapped_so_that_the_multiplexer_passes_it_on() {
        let plain = Multiplexer::None.copy("arn:aws");
        assert!(plain.starts_with("\x1b]52;c;YXJuOmF3cw=="), "{plain:?}");
        let tmux = Multiplexer::Tmux.copy("arn:aws");
        assert!(tmux.starts_with(&plain) && tmux[plain.len()..].starts_with("\x1bPtmux;\x1b\x1b]52;"), "{tmux:?}");
        assert!(tmux.ends_with("\x1b\\"), "{tmux:?}");
        let long = "x".repeat(500);
        let screen = Multiplexer::Screen.copy(&long);
        let inside: String = screen.split("\x1bP").map(|piece| piece.trim_end_matches("\x1b\\")).collect();
        assert_eq!(inside, Multiplexer::None.copy(&long).replace("\x1b\\", "\x07"));
        assert!(screen.split("\x1b\\").all(|piece| piece.len() <= SCREEN_PIECE + 2));
    }
}
