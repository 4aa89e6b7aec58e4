//! Ctrl-Z, under a shell that has jobs.

use super::{demo, filled};
use crate::support::terminal::{SOON, Start, Terminal, process};

/// A shell that waits for Enter when its job was stopped, and then takes it into the foreground again.
const SHELL: &str = r#"set -m; "$@"; echo "stopped with $?"; read line; fg >/dev/null; echo "ended with $?""#;

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let mut terminal = filled(Start::of(&["demo"]).script(SHELL));
    let job = terminal.foreground();
    terminal.assert_taken();
    stop(&mut terminal);
    assert_eq!(process::state(job), "T");
    terminal.press("\r").until_says("12 environments");
    assert_eq!(terminal.foreground(), job);
    terminal.assert_taken();
    // It reads keys again, and draws what they do.
    terminal.press("?").until_says("freeze or unfreeze");
    terminal.press("\x03").until_says("ended with 0");
    terminal.ended(SOON);
    terminal.assert_given_back();
    assert!(!terminal.written().contains("\x1b[6n"), "a terminal was asked where its cursor is");
}

fn stop(terminal: &mut Terminal) {
    terminal.press("\x1a").until_says("stopped with");
    terminal.assert_given_back();
}

#[test]
fn a_window_that_changed_meanwhile_is_filled() {
    let mut terminal = filled(Start::of(&["demo"]).script(SHELL));
    stop(&mut terminal);
    terminal.resize(80, 24);
    terminal.press("\r").until("the footer on the last line", SOON, |screen| {
        screen.alternate_screen() && screen.rows(0, 80).last().is_some_and(|line| line.contains("q quit"))
    });
    terminal.assert_taken();
}

#[test]
fn ctrl_z_without_a_shell_that_could_continue_it_changes_nothing() {
    // Its parent is in another session: the kernel does not stop what no process could continue.
    let mut terminal = demo();
    terminal.press("\x1a?").until_says("freeze or unfreeze");
    terminal.assert_taken();
}
