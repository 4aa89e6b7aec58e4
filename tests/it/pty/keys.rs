//! Keys, the mouse and the size of the window.

use std::time::{Duration, Instant};

use vt100::Screen;

use super::{SHOP, demo};
use crate::support::terminal::{SOON, Terminal};

/// Returns the line that contains a text.
fn line_of(terminal: &Terminal, text: &str) -> u16 {
    let at = terminal.text().lines().position(|line| line.contains(text));
    at.unwrap_or_else(|| panic!("no {text}\n{}", terminal.picture())) as u16
}

#[test]
fn enter_opens_an_environment_and_esc_goes_back() {
    let mut terminal = demo();
    terminal.press("/shop-chat-prod\r").until_says("1 of 12 environments");
    terminal.press("\r").until("the tree and the targets", SOON, |screen| {
        let text = screen.contents();
        ["Tree", "ALB", ":443", "chat.shop.example", "Targets 7", "draining"].iter().all(|word| text.contains(word))
    });
    terminal.press("\x1b").until_says("ENVIRONMENT");
    assert!(terminal.text().contains("1 of 12 environments"), "the filter stays\n{}", terminal.picture());
    terminal.press("\x1b").until_says("Fleet   12 environments");
    terminal.assert_taken();
}

#[test]
fn a_filter_applies_while_it_is_typed() {
    let mut terminal = demo();
    terminal.press("/billing").until("three rows", SOON, |screen| {
        let text = screen.contents();
        text.contains("3 of 12") && text.contains("/billing") && !text.contains("shop-web-prod")
    });
    // In a text field letters are text: this neither quits nor freezes.
    terminal.press("qf").until_says("nothing matches");
    terminal.press("\x1b").until_says("Fleet   12 environments");
    assert!(SHOP.iter().all(|name| terminal.text().contains(name)), "{}", terminal.picture());
}

#[test]
fn pasted_text_is_typed_only_where_text_is_typed() {
    let mut terminal = demo();
    terminal.paste("q\rq\x03").press("/").paste("legacy\r\n");
    terminal.until_says("1 of 12 environments");
    assert!(terminal.text().contains("/legacy"), "{}", terminal.picture());
}

#[test]
fn the_help_lists_the_keys() {
    let mut terminal = demo();
    terminal.press("?").until_says("freeze or unfreeze");
    terminal.press("G").until_says("in the list of columns");
    terminal.press("q").until_silent("in the list of columns");
    terminal.assert_taken();
}

#[test]
fn a_key_shows_at_once() {
    let mut terminal = demo();
    let selected = |screen: &Screen| screen.contents().lines().position(|line| line.starts_with('▌'));
    let mut times: Vec<_> = "jjjjjkkkkk"
        .chars()
        .map(|key| {
            let before = selected(terminal.screen());
            let pressed = Instant::now();
            terminal.press(&key.to_string());
            terminal.until("another row", SOON, |screen| selected(screen) != before) - pressed
        })
        .collect();
    times.sort_unstable();
    eprintln!("a key was on screen after {:?}, at worst {:?}", times[times.len() / 2], times[times.len() - 1]);
    assert!(times[times.len() / 2] < Duration::from_millis(300), "{times:?}");
}

#[test]
fn a_click_selects_and_another_opens() {
    let mut terminal = demo();
    let y = line_of(&terminal, "billing-api-prod");
    terminal.click(10, y).until_says("billing-api-prod   ");
    terminal.click(10, y).until_says("Targets 2");
    terminal.press("\x1b").until_silent("Targets 2");
}

#[test]
fn it_follows_the_size_of_the_window() {
    let mut terminal = demo();
    for (width, height) in [(80, 24), (60, 16)] {
        terminal.resize(width, height).until("the footer on the last line", SOON, |screen| {
            let last = screen.rows(0, width).last().unwrap_or_default();
            last.contains("q quit") && screen.contents().contains("shop-admin-prod")
        });
        assert!(terminal.line(0).starts_with(" beanpole"), "{}", terminal.picture());
    }
    for (width, height) in [(59, 16), (60, 15), (40, 10), (20, 5)] {
        terminal.resize(width, height).until_says(&format!("has {width}"));
        let words = terminal.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("beanpole needs 60 by 16 cells"), "{}", terminal.picture());
    }
    terminal
        .resize(1, 1)
        .resize(240, 70)
        .until("every environment", SOON, |screen| SHOP.iter().all(|name| screen.contents().contains(name)));
    assert!(terminal.line(69).contains("q quit"), "{}", terminal.picture());
    terminal.press("q");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}

#[test]
fn it_can_be_left_where_it_is_too_small_to_be_used() {
    let mut terminal = demo();
    terminal.resize(40, 10).until_says("press q to leave");
    terminal.press("q");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}
