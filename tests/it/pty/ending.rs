//! All ways in which it ends: each gives the terminal back.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{demo, filled};
use crate::support::terminal::{Ended, SOON, Start, Terminal};

fn ends_with(terminal: &mut Terminal, status: u32) {
    let ended = terminal.ended(SOON);
    assert_eq!(ended, Ended { status, signal: None }, "{}", terminal.picture());
    terminal.assert_given_back();
}

#[test]
fn by_q() {
    let mut terminal = demo();
    terminal.press("q");
    ends_with(&mut terminal, 0);
    assert_eq!(terminal.text().trim(), "", "nothing is left behind");
}

#[test]
fn by_ctrl_c_from_wherever_one_is() {
    for keys in ["", "\r", "?", "/shop", "f"] {
        let mut terminal = demo();
        terminal.press(keys).press("\x03");
        ends_with(&mut terminal, 0);
    }
}

#[test]
fn by_sigterm() {
    let mut terminal = demo();
    terminal.signal(Signal::TERM);
    ends_with(&mut terminal, 143);
}

#[test]
fn by_sighup() {
    let mut terminal = demo();
    terminal.signal(Signal::HUP);
    ends_with(&mut terminal, 129);
}

#[test]
fn by_sigint() {
    let mut terminal = demo();
    terminal.signal(Signal::INT);
    ends_with(&mut terminal, 130);
}

#[test]
fn by_a_signal_before_there_is_anything_to_show() {
    let mut terminal = Start::of(&["demo"]).start();
    terminal.until_says("beanpole");
    terminal.signal(Signal::TERM);
    ends_with(&mut terminal, 143);
}

#[test]
fn by_a_panic_whose_text_can_be_read() {
    let mut terminal = Start::of(&["demo", "--panic"]).start();
    ends_with(&mut terminal, 101);
    let text = terminal.text();
    assert!(text.contains("a panic was asked for by --panic"), "{}", terminal.picture());
    assert!(text.contains("this is a bug in beanpole"), "{}", terminal.picture());
    assert!(text.contains("src/runtime/dashboard.rs"), "{}", terminal.picture());
}

#[test]
fn by_a_panic_whose_text_goes_elsewhere() {
    let mut terminal = Start::of(&["demo", "--panic"]).script(r#"exec "$@" 2>told"#).start();
    ends_with(&mut terminal, 101);
    let reported = std::fs::read_to_string(terminal.home().join("told")).unwrap();
    assert!(reported.contains("a panic was asked for by --panic"), "{reported}");
    assert!(!reported.contains('\x1b'), "{reported:?}");
    assert_eq!(terminal.text().trim(), "", "{}", terminal.picture());
}

#[test]
fn when_its_window_is_closed() {
    let mut terminal = demo();
    terminal.close();
    let ended = terminal.exited(Instant::now() + SOON);
    assert_eq!(ended, Ended { status: 129, signal: None });
}

#[test]
fn when_its_window_reads_nothing_any_more() {
    let mut terminal = filled(Start::of(&["demo"]).size(240, 70));
    let stalled = terminal.stalled();
    let guard = stalled.stop();
    // Whole frames, until they fill every buffer between the program and its window.
    for round in 0..200 {
        terminal.resize(if round % 2 == 0 { 239 } else { 240 }, 70);
        terminal.press("\r\x1b");
        terminal.listen(Duration::from_millis(17));
    }
    terminal.signal(Signal::TERM);
    let ended = terminal.exited(Instant::now() + SOON);
    drop(guard);
    assert_eq!(ended, Ended { status: 143, signal: None });
    assert!(!terminal.modes().is_raw(), "raw mode was left on");
}
