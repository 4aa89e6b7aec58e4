//! Without credentials, or without AWS: it stays, shows what is missing, and continues by itself.

use std::cell::Cell;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::credentials::{Gives, files, runs};
use crate::support::served::{Served, free_port};
use crate::support::terminal::{BEANPOLE, SOON, Start, Terminal, beanpole, write_file};

const KEYS: &str = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";

/// The dashboard on an endpoint of the test's, with credentials from a file.
fn dashboard(url: &str) -> Terminal {
    let start = Start::of(&[]).variable("AWS_REGION", "eu-west-1").variable("AWS_ENDPOINT_URL", url);
    start.file(".aws/credentials", KEYS).start()
}

/// Returns the text without its line breaks: words in the order in which they are read.
fn words(terminal: &Terminal) -> String {
    terminal.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn without_credentials_it_says_what_is_missing_and_what_to_do() {
    let mut terminal = Start::of(&[]).variable("AWS_REGION", "eu-west-1").start();
    terminal.until_says("no credentials:");
    terminal.until_says("tries again in");
    let words = words(&terminal);
    assert!(words.contains("log in again"), "{}", terminal.picture());
    assert!(words.contains("carries on by itself"), "{}", terminal.picture());
    assert!(!words.contains("reading environments"), "{}", terminal.picture());
    terminal.assert_taken();
    terminal.press("!").until_says("Log");
    // A terminal that sends Esc and a letter at once means Alt and the letter.
    terminal.press("\x1b").until_silent("Log");
    terminal.press("q");
    assert_eq!(terminal.ended(SOON).status, 0);
    terminal.assert_given_back();
}

#[test]
fn credentials_that_appear_are_taken_at_once() {
    let region = Served::new("healthy");
    let start = Start::of(&[]).variable("AWS_REGION", "eu-west-1").variable("AWS_ENDPOINT_URL", region.url());
    let mut terminal = start.start();
    terminal.until_says("no credentials:");
    write_file(&terminal.home().join(".aws/credentials"), KEYS);
    let deadline = Duration::from_secs(10);
    terminal.until("the Fleet", deadline, |screen| screen.contents().contains("alpha-web-prod"));
    assert!(!terminal.text().contains("no credentials:"), "{}", terminal.picture());
}

/// `beanpole sim`, until this is dropped.
struct Simulator(Child);

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_endpoint_that_cannot_be_reached_is_said_and_recovered_from() {
    assert!(!BEANPOLE.is_empty());
    let address = format!("127.0.0.1:{}", free_port());
    let mut terminal = dashboard(&format!("http://{address}"));
    terminal.until_says("unreachable");
    terminal.until("what to do", SOON, |screen| screen.contents().contains("--endpoint-url"));
    terminal.assert_taken();
    let mut command = beanpole(&terminal.home());
    command.args(["sim", "--listen", &address, "--scenario", "healthy"]);
    let _simulator = Simulator(command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    terminal.until("the Fleet", Duration::from_secs(60), |screen| screen.contents().contains("alpha-web-prod"));
    terminal.until("no more faults", Duration::from_secs(60), |screen| !screen.contents().contains("unreachable"));
}

#[test]
fn expired_credentials_are_said_while_the_last_picture_stays() {
    let region = Served::new("expired");
    let mut terminal = dashboard(&region.url());
    terminal.until_says("ledger-web-prod");
    region.pass(Duration::from_secs(31));
    terminal.until("a pause", Duration::from_secs(60), |screen| screen.contents().contains("tries again in"));
    let words = words(&terminal);
    assert!(words.contains("credentials are no longer good"), "{}", terminal.picture());
    assert!(words.contains("aws sso login"), "{}", terminal.picture());
    assert!(words.contains("ledger-web-prod"), "the last picture stays\n{}", terminal.picture());
    // The user logs in: the files change, and it continues without waiting for its next try.
    region.pass(Duration::from_secs(120));
    write_file(&terminal.home().join(".aws/credentials"), &format!("# new\n{KEYS}"));
    terminal.until("no more pause", Duration::from_secs(60), |screen| {
        let text = screen.contents();
        !text.contains("tries again") && !text.contains("no longer good") && text.contains("ledger-web-prod")
    });
}

/// Runs the dashboard for forty seconds with a program that provides credentials; the region's clock is `ahead` of ours.
/// Returns whether they were ever reported as expired, and how often the program was run.
fn forty_seconds(ahead: i64, gives: Gives) -> (bool, usize) {
    let region = Served::off("healthy", ahead);
    let start = Start::of(&["--profile", "tool"]).variable("AWS_ENDPOINT_URL", region.url());
    let start = files(ahead, gives).iter().fold(start, |start, (path, text)| start.file(path, text));
    let mut terminal = start.start();
    terminal.until_says("alpha-web-prod");
    let (began, was_paused) = (Instant::now(), Cell::new(false));
    terminal.until("forty seconds", Duration::from_secs(80), |screen| {
        was_paused.set(was_paused.get() || screen.contents().contains("tries again in"));
        began.elapsed() >= Duration::from_secs(40)
    });
    // However it went, it continues by itself.
    terminal.until("the Fleet without a pause", Duration::from_secs(80), |screen| {
        let text = screen.contents();
        text.contains("alpha-web-prod") && !text.contains("tries again in") && !text.contains("clock is")
    });
    (was_paused.get(), runs(&terminal.home()))
}

#[test]
fn under_a_wrong_clock_credentials_are_renewed_before_they_end_and_others_found_when_they_have() {
    let table = [
        (-1200, Gives::GoodFor(120), false, 1),
        (-1200, Gives::GoodFor(25), false, 5),
        (1200, Gives::GoodFor(25), false, 5),
        (-1200, Gives::Late, true, 6),
        (1200, Gives::Late, true, 6),
    ];
    let row = |(ahead, gives, is_paused, most)| {
        (ahead, gives, is_paused, most, thread::spawn(move || forty_seconds(ahead, gives)))
    };
    let threads: Vec<_> = table.into_iter().map(row).collect();
    let mut mistakes = Vec::new();
    for (ahead, gives, is_paused, most, thread) in threads {
        let (was_paused, runs) = thread.join().unwrap();
        if was_paused != is_paused || runs > most {
            mistakes.push(format!("AWS {ahead} s ahead, {gives:?}: paused {was_paused}, {runs} runs"));
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}
