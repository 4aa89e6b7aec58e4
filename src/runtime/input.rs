//! From crossterm's events to messages. Release events (Windows, kitty) are dropped; the rest is plain translation.

use std::io;
use std::time::Duration;

use crossterm::event::{
    Event, KeyCode as Key, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::Message;
use crate::config::{Chord, KeyCode};

/// Rows for a turn of the wheel.
const WHEEL: i16 = 3;

/// How long the thread that reads keys may take to stop.
const STOPS: Duration = Duration::from_millis(50);

/// Waits until the thread that reads keys has ended, after their stream was dropped: the thread has the reader to itself
/// until it notices. What was typed meanwhile is kept for the next stream.
pub fn wait_until_free() -> io::Result<()> {
    crossterm::event::poll(STOPS).map(|_| ())
}

/// The wheel was turned.
fn scrolled(rows: i16, mouse: MouseEvent) -> Message {
    Message::Scrolled { rows, place: (mouse.column, mouse.row) }
}

/// What an event means, if it means something.
pub fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => chord(key).map(Message::Pressed),
        Event::Paste(text) => Some(Message::Pasted(text)),
        Event::Resize(width, height) => Some(Message::Resized(width, height)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Message::Clicked(mouse.column, mouse.row)),
            MouseEventKind::Drag(MouseButton::Left) => Some(Message::Dragged(mouse.column, mouse.row)),
            MouseEventKind::Up(MouseButton::Left) => Some(Message::Released),
            MouseEventKind::ScrollDown => Some(scrolled(WHEEL, mouse)),
            MouseEventKind::ScrollUp => Some(scrolled(-WHEEL, mouse)),
            _ => None,
        },
        Event::FocusGained => Some(Message::Focused(true)),
        Event::FocusLost => Some(Message::Focused(false)),
    }
}

fn chord(key: KeyEvent) -> Option<Chord> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        Key::Char(character) => KeyCode::Char(character),
        Key::Enter => KeyCode::Enter,
        Key::Esc => KeyCode::Esc,
        Key::Tab => KeyCode::Tab,
        Key::BackTab => KeyCode::BackTab,
        Key::Backspace => KeyCode::Backspace,
        Key::Delete => KeyCode::Delete,
        Key::Home => KeyCode::Home,
        Key::End => KeyCode::End,
        Key::PageUp => KeyCode::PageUp,
        Key::PageDown => KeyCode::PageDown,
        Key::Up => KeyCode::Up,
        Key::Down => KeyCode::Down,
        Key::Left => KeyCode::Left,
        Key::Right => KeyCode::Right,
        Key::F(number) => KeyCode::F(number),
        _ => return None,
    };
    let held = |modifier| key.modifiers.contains(modifier);
    Some(Chord::new(code, held(KeyModifiers::CONTROL), held(KeyModifiers::ALT), held(KeyModifiers::SHIFT)))
}
