//! Credentials that expire while this machine's clock is wrong by minutes: valid ones are used for as long as AWS accepts
//! them, whatever our clock shows; the program that provides them is run when they are needed and not for every request;
//! and expired ones are replaced automatically.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use beanpole::sim::Scenario;
use tempfile::TempDir;

use super::run::{Ran, Region, beanpole, run};
use crate::support::credentials::{Gives, SKEWS, files, runs};
use crate::support::terminal::write_file;

fn home(ahead: i64, gives: Gives) -> TempDir {
    let home = TempDir::new().unwrap();
    files(ahead, gives).iter().for_each(|(path, text)| write_file(&home.path().join(path), text));
    home
}

fn command(region: &Region, home: &Path, arguments: &[&str]) -> Command {
    let mut command = beanpole();
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    command.env("HOME", home).env("PATH", "/usr/bin:/bin").env("AWS_ENDPOINT_URL", &region.address);
    command.args(["--profile", "tool"]).args(arguments);
    command
}

fn listed(ahead: i64, gives: Gives) -> (Ran, usize) {
    let region = Region::off(Scenario::embedded("healthy").unwrap(), ahead);
    let home = home(ahead, gives);
    let ran = run(command(&region, home.path(), &["ls", "-o", "json"]));
    (ran, runs(home.path()))
}

#[test]
fn a_command_uses_credentials_that_aws_takes_and_says_of_others_that_they_expired() {
    let mut mistakes = Vec::new();
    // A whole answer, or the status of expired credentials; by one run of the program each.
    for (gives, status) in [(Gives::GoodFor(3600), 0), (Gives::GoodFor(120), 0), (Gives::Expired, 3)] {
        for ahead in SKEWS {
            let (ran, runs) = listed(ahead, gives);
            let says_expired = ran.err.contains("log in again");
            let blames_clock = ran.err.contains("clock");
            if ran.status != Some(status) || says_expired != (status == 3) || blames_clock || runs != 1 {
                mistakes.push(format!("AWS {ahead} s ahead, {gives:?}: {:?}, {runs} runs: {}", ran.status, ran.err));
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of 21:\n{}", mistakes.len(), mistakes.join("\n"));
}

const TALKATIVE: &str = "description = \"talks\"\n[[environment]]\nname = \"web\"\napplication = \"a\"\n\
    [[environment.event]]\nat = \"-30s\"\nmessage = \"first\"\n\
    [[environment.event]]\nat = \"35s\"\nmessage = \"last\"\n";

/// The output of a command that follows events until the last one.
struct Followed {
    out: String,
    err: String,
    runs: usize,
    calls: usize,
}

fn ended(mut child: Child) -> (String, String) {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut out = String::new();
    // It must end in any case.
    let id = rustix::process::Pid::from_child(&child);
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        if is_done.recv_timeout(Duration::from_secs(120)).is_err() {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    });
    for line in lines.by_ref().map_while(Result::ok) {
        out = out + &line + "\n";
        if line.contains("last") {
            break;
        }
    }
    let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
    child.wait().unwrap();
    drop(done);
    watchdog.join().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (out, err)
}

fn followed(ahead: i64, gives: Gives) -> Followed {
    let region = Region::off(Scenario::from_toml("talks", TALKATIVE).unwrap(), ahead);
    let home = home(ahead, gives);
    let mut command = command(&region, home.path(), &["events", "web", "--follow"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = ended(child);
    Followed { out, err, runs: runs(home.path()), calls: region.count("DescribeEvents") }
}

/// Thirty-five seconds of questions every five.
#[test]
fn what_is_followed_renews_its_credentials_in_time_and_runs_the_program_no_more_than_it_must() {
    let table = SKEWS.into_iter().flat_map(|ahead| {
        // They outlast it; they end in it, and are renewed before they do; the next ones are of no use at first.
        [(ahead, Gives::GoodFor(120), 1), (ahead, Gives::GoodFor(25), 4), (ahead, Gives::Late, 4)]
    });
    let threads: Vec<_> =
        table.map(|(ahead, gives, most)| (ahead, gives, most, thread::spawn(move || followed(ahead, gives)))).collect();
    let mut mistakes = Vec::new();
    for (ahead, gives, most, thread) in threads {
        let Followed { out, err, runs, calls } = thread.join().unwrap();
        let is_whole = out.contains("first") && out.contains("last");
        // Only expired credentials are reported as expired.
        let is_right = err.contains("no longer good") == (gives == Gives::Late);
        if !is_whole || !is_right || runs > most || err.contains("clock") {
            mistakes.push(format!(
                "AWS {ahead} s ahead, {gives:?}: {runs} runs for {calls} questions, events {out:?}, said: {err}"
            ));
        }
    }
    assert!(mistakes.is_empty(), "{} of 21:\n{}", mistakes.len(), mistakes.join("\n"));
}
