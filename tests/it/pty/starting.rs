//! What happens first.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use super::{SHOP, demo};
use crate::support::terminal::{SOON, Start, beanpole};

#[test]
fn the_demo_shows_every_environment() {
    let terminal = demo();
    terminal.assert_taken();
    let text = terminal.text();
    for name in SHOP {
        assert!(text.contains(name), "{name} is missing\n{}", terminal.picture());
    }
    assert!(terminal.line(0).contains("SIMULATED shop"), "{}", terminal.picture());
    assert!(terminal.line(39).contains("q quit"), "{}", terminal.picture());
}

#[test]
fn the_first_picture_comes_before_any_answer() {
    let mut terminal = Start::of(&["demo"]).start();
    let painted = terminal.until("the header", SOON, |screen| screen.contents().contains("beanpole"));
    let took = painted - terminal.started;
    eprintln!("first picture {} ms after the start", took.as_millis());
    let early = terminal.text();
    assert!(SHOP.iter().all(|name| !early.contains(name)), "{}", terminal.picture());
    assert!(early.contains("q quit"), "{}", terminal.picture());
    // A tenth of a second is what is aimed at; this allows for a debug build among other tests.
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_silent_endpoint_holds_up_neither_picture_nor_keys() {
    // Connections to it are made, and never accepted.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut terminal = Start::of(&[])
        .variable("AWS_ENDPOINT_URL", format!("http://{}", listener.local_addr().unwrap()))
        .variable("AWS_REGION", "eu-west-1")
        .variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .variable("AWS_SECRET_ACCESS_KEY", "secret")
        .start();
    terminal.until_says("looking for credentials");
    terminal.press("?").until_says("Keys");
    terminal.press("\x1b").until_silent("Keys");
    terminal.press("q");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}

#[test]
fn without_a_terminal_it_says_so() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["demo"][..], &["--region", "eu-west-1"]] {
        let output = beanpole(home.path()).args(arguments).stdin(Stdio::null()).output().unwrap();
        let reported = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{reported}");
        assert!(reported.starts_with("beanpole: the dashboard needs a terminal"), "{reported}");
        assert!(reported.contains("beanpole ls"), "{reported}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn keys_come_from_the_terminal_whatever_standard_input_is() {
    let mut terminal = Start::of(&["demo"]).script(r#"exec "$@" </dev/null"#).start();
    terminal.until_says("12 environments");
    terminal.assert_taken();
    terminal.press("q");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}

#[test]
fn a_name_that_does_not_exist_ends_it_with_a_suggestion() {
    let mut terminal = Start::of(&["demo", "--scenario", "shpo"]).start();
    assert_eq!(terminal.ended(SOON).status, 2);
    assert!(terminal.text().contains("shop"), "{}", terminal.picture());
    terminal.assert_given_back();

    let profiles = "[profile prod-admin]\nregion = eu-west-1\n";
    let mut terminal = Start::of(&["--profile", "prod-admni"]).file(".aws/config", profiles).start();
    assert_eq!(terminal.ended(SOON).status, 2);
    assert!(terminal.text().contains("there is no profile `prod-admni`"), "{}", terminal.picture());
    assert!(terminal.text().contains("prod-admin"), "{}", terminal.picture());
    terminal.assert_given_back();
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_holds_up_nothing() {
    // As on a network home that hangs: opening the file blocks, and it never gets a writer.
    let script = r#"mkfifo hangs && exec "$@""#;
    let mut terminal =
        Start::of(&["--region", "eu-west-1"]).variable("AWS_CONFIG_FILE", "hangs").script(script).start();
    terminal.until_says("looking for credentials");
    terminal.press("?").until_says("freeze or unfreeze");
    terminal.press("\x03");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}
