//! Lines that are typed on the terminal and not shown.

use std::io::{self, Write};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Reads a line for each prompt, without an echo; `None` if it was interrupted. Blocks.
///
/// The terminal echoes nothing from before the first prompt until after the last line, so that what is typed ahead or
/// pasted is not shown either.
///
/// # Errors
/// If the terminal cannot be put into raw mode or back, written or read.
pub fn unseen_lines<const N: usize>(prompts: [&str; N]) -> io::Result<Option<[String; N]>> {
    enable_raw_mode()?;
    let typed = lines(&prompts);
    disable_raw_mode()?;
    Ok(typed?.and_then(|lines| lines.try_into().ok()))
}

fn lines(prompts: &[&str]) -> io::Result<Option<Vec<String>>> {
    let mut typed = Vec::new();
    for prompt in prompts {
        let mut shown = io::stderr();
        write!(shown, "{prompt} ")?;
        shown.flush()?;
        let line = keys();
        // The driver adds no carriage return meanwhile.
        write!(shown, "\r\n")?;
        let Some(line) = line? else { return Ok(None) };
        typed.push(line);
    }
    Ok(Some(typed))
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
