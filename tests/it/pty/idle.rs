//! What it does while nothing happens: almost nothing.

use std::time::{Duration, Instant};

use vt100::Screen;

use super::demo;
use crate::support::terminal::{SOON, Start, process};

#[test]
fn frozen_it_writes_nothing_and_hardly_runs() {
    let mut terminal = demo();
    terminal.press("f").until_says("PAUSED since");
    // Answers that were under way when it froze are still applied.
    terminal.listen(Duration::from_millis(500));
    let (before, began) = (process::processor_time(terminal.process()), Instant::now());
    let bytes = terminal.listen(Duration::from_secs(3));
    let used = process::processor_time(terminal.process()).saturating_sub(before);
    let share = used.as_secs_f64() / began.elapsed().as_secs_f64() * 100.0;
    eprintln!("frozen for 3 s: {bytes} bytes written, {} ms of processor time, {share:.2} %", used.as_millis());
    assert_eq!(bytes, 0, "{}", terminal.picture());
    // The kernel counts in steps of 10 ms: one of them may be a rounding.
    assert!(used <= Duration::from_millis(30), "{share:.2} % of a processor");
    terminal.press("f").until_silent("PAUSED");
}

#[test]
fn while_nothing_changes_it_draws_once_a_second() {
    let mut terminal = Start::of(&["demo", "--scenario", "healthy"]).start();
    terminal.until_says("3 environments");
    // The first reads take some seconds; then only the clock and the ages change.
    terminal.listen(Duration::from_secs(6));
    let (frames, before) = (terminal.frames(), process::processor_time(terminal.process()));
    let bytes = terminal.listen(Duration::from_secs(5));
    let frames = terminal.frames() - frames;
    let used = process::processor_time(terminal.process()).saturating_sub(before);
    eprintln!("5 s of nothing: {frames} frames, {bytes} bytes, {} ms of processor time", used.as_millis());
    assert!((3..=10).contains(&frames), "{frames} frames in 5 s");
    assert!(bytes < 5 * 1024, "{bytes} bytes in 5 s");
}

#[test]
fn a_target_that_fails_shows_within_one_poll() {
    // In the demo a target of shop-web-prod begins to fail after 40 s and is out ten seconds later.
    let mut terminal = demo();
    terminal.press("/shop-web-prod\r\r").until_says("Targets 6");
    let states = |screen: &Screen, state| screen.contents().matches(state).count();
    terminal.until("six healthy targets", SOON, |screen| states(screen, "● healthy") == 6);
    let failed = terminal.until("a target that fails", Duration::from_secs(90), |screen| {
        states(screen, "● healthy") == 5 && states(screen, "✖ unhealthy") == 1
    });
    assert!(terminal.text().contains("answers 503"), "{}", terminal.picture());
    let after = failed - terminal.started;
    eprintln!("the failing target was on screen {} s after the start", after.as_secs());
    // Out at 50 s, read every 10 s; the rest is for a machine that is busy.
    assert!(after < Duration::from_secs(50 + 10 + 10), "{after:?}");
}
