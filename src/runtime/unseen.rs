//! A line that is typed on the terminal and not shown.

use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Reads the keys until Enter, without an echo; `None` if it was interrupted. Blocks.
///
/// # Errors
/// If the terminal cannot be put into raw mode or back, or read.
pub fn unseen_line() -> io::Result<Option<String>> {
    enable_raw_mode()?;
    let typed = keys();
    disable_raw_mode()?;
    typed
}

fn keys() -> io::Result<Option<String>> {
    let mut text = String::new();
    loop {
        let Event::Key(KeyEvent { code, modifiers, kind, .. }) = read()? else { continue };
        let with_control = modifiers.contains(KeyModifiers::CONTROL);
        match code {
            _ if kind == KeyEventKind::Release => {}
            KeyCode::Enter => return Ok(Some(text)),
            KeyCode::Char('c' | 'd') if with_control => return Ok(None),
            KeyCode::Char('u') if with_control => text.clear(),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Char(typed) if !with_control => text.push(typed),
            _ => {}
        }
    }
}
