//! The terminal handed over to the AWS CLI for a session on an instance, and taken back.

use crate::support::served::Served;
use crate::support::terminal::{Start, Terminal};

const KEYS: &str = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";
/// Prints its arguments and the state of the terminal, and repeats a line.
const AWS: &str = "#!/bin/sh\necho \"called with $*\"\nstty -a | grep -q -- -icanon && echo raw || echo cooked\n\
    read line\necho \"read $line\"\n[ \"$line\" = fail ] && exit 7\nexit 0\n";
const PLUGIN: &str = "#!/bin/sh\necho 1.2\n";

/// The Targets tab of an environment with its first target selected; the confirmation of a session is open.
fn asked(region: &Served, programs: &[(&str, &str)]) -> Terminal {
    let mut start = Start::of(&[])
        .variable("AWS_REGION", "eu-west-1")
        .variable("AWS_ENDPOINT_URL", region.url())
        .script("mkdir -p bin; chmod +x bin/*; PATH=$HOME/bin:/usr/bin:/bin; export PATH; exec \"$@\"")
        .file(".aws/credentials", KEYS);
    for (name, text) in programs {
        start = start.file(&format!("bin/{name}"), text);
    }
    let mut terminal = start.start();
    terminal.until_says("alpha-web-prod");
    terminal.press("/alpha-web\r\r").until_says("Targets 3");
    terminal.until_says("i-");
    terminal.press("\t:session\r").until_says("Session on i-");
    terminal
}

fn agree(terminal: &mut Terminal) {
    terminal.press("\t\r");
}

#[test]
fn the_cli_gets_the_terminal_with_the_region_and_gives_it_back() {
    let region = Served::new("healthy");
    let mut terminal = asked(&region, &[("aws", AWS), ("session-manager-plugin", PLUGIN)]);
    agree(&mut terminal);
    terminal.until_says("called with ssm start-session --target i-");
    terminal.until_says("--region eu-west-1");
    terminal.until_says("cooked");
    terminal.assert_given_back();
    // Keys go to the program, whatever they mean to us: this would quit.
    terminal.press("q\n").until_says("Targets 3");
    terminal.assert_taken();
    assert!(terminal.written().contains("read q"), "{}", terminal.picture());
    // Keys are ours again, and it draws what they do.
    terminal.press("?").until_says("half a page down");
}

#[test]
fn a_session_that_fails_is_read_before_the_screen_comes_back() {
    let region = Served::new("healthy");
    let mut terminal = asked(&region, &[("aws", AWS), ("session-manager-plugin", PLUGIN)]);
    agree(&mut terminal);
    terminal.until_says("cooked");
    terminal.press("fail\n").until_says("aws ended with status 7; press enter to go back");
    terminal.assert_given_back();
    terminal.press("\n").until_says("copied: aws ssm start-session");
    terminal.assert_taken();
}

#[test]
fn ctrl_c_is_the_programs_and_ends_nothing_of_ours() {
    let region = Served::new("healthy");
    let mut terminal = asked(&region, &[("aws", AWS), ("session-manager-plugin", PLUGIN)]);
    agree(&mut terminal);
    terminal.until_says("cooked");
    terminal.press("\x03").until_says("press enter to go back");
    terminal.press("\n").until_says("Targets 3");
    terminal.assert_taken();
}

#[test]
fn without_the_cli_or_its_plugin_that_is_said_and_the_command_copied() {
    let region = Served::new("healthy");
    for (programs, words) in [
        (&[("session-manager-plugin", PLUGIN)][..], "aws is not installed, or not on the PATH"),
        (&[("aws", AWS)], "session-manager-plugin is not installed, or not on the PATH"),
    ] {
        let mut terminal = asked(&region, programs);
        agree(&mut terminal);
        terminal.until_says(words);
        terminal.assert_taken();
        assert!(!terminal.written().contains("called with"), "{}", terminal.picture());
        // Onto the clipboard, by the terminal's own sequence.
        assert!(terminal.written().contains("\x1b]52;c;"), "{}", terminal.picture());
    }
}
