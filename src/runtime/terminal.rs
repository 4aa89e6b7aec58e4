//! The terminal: taken over, given back. It is given back however the program ends.
//!
//! A panic's text is kept by the hook and printed after the terminal was restored, so that it can be read.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::sync::Mutex;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};

static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The terminal while it is ours; dropping it gives it back.
#[derive(Debug)]
pub struct TerminalGuard {
    mouse: bool,
    is_ours: bool,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, the alternate screen, no cursor.
    ///
    /// # Errors
    /// If standard output is no terminal that can be put into raw mode.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let mut taken = Self { mouse, is_ours: false };
        taken.again()?;
        Ok(taken)
    }

    /// Takes it again after it was given back.
    ///
    /// # Errors
    /// As [`TerminalGuard::take`].
    pub fn again(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_ours = true;
        let mut out = Vec::new();
        queue!(out, EnterAlternateScreen, cursor::Hide, EnableBracketedPaste, EnableFocusChange)?;
        if self.mouse {
            queue!(out, EnableMouseCapture)?;
        }
        write_out(&out)
    }

    /// Gives the terminal back. Does nothing if it was given back before.
    pub fn give_back(&mut self) {
        if !std::mem::take(&mut self.is_ours) {
            return;
        }
        let mut out = Vec::new();
        let _ = queue!(out, DisableMouseCapture, DisableFocusChange, DisableBracketedPaste);
        let _ = queue!(out, LeaveAlternateScreen, cursor::Show);
        let _ = write_out(&out);
        let _ = disable_raw_mode();
    }

    /// Drops what was written and not read yet.
    pub fn discard_output() {
        #[cfg(unix)]
        let _ = rustix::termios::tcflush(io::stdout(), rustix::termios::QueueSelector::OFlush);
    }

    /// Gives back only what needs no writing: the terminal takes none.
    pub fn give_back_modes(&mut self) {
        if std::mem::take(&mut self.is_ours) {
            let _ = disable_raw_mode();
        }
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.give_back();
    }
}

fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Keeps the text of a panic for [`panic_text`] in place of printing it onto the alternate screen.
pub fn keep_panics() {
    panic::set_hook(Box::new(|info| {
        let text = format!("{info}");
        if let Ok(mut kept) = PANIC.lock() {
            kept.get_or_insert(text);
        }
    }));
}

/// The text of the first panic since the dashboard began, once.
pub fn panic_text() -> Option<String> {
    PANIC.lock().ok().and_then(|mut kept| kept.take())
}

/// How wide the terminal is, if standard output is one.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}
