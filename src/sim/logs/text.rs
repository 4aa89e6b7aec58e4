//! The content of the files: the last lines of each log of an instance, under headings as Beanstalk writes them.
//!
//! The application colours its lines, as many do. Where an environment's texts contain control characters, its logs do
//! too, and worse: the output of a program is the least trusted text there is.

use super::file::File;
use crate::sim::physics::targets::Answers;
use crate::sim::physics::traffic::Flow;
use crate::sim::physics::{View, noise, timestamp};

/// The most lines of each log (Beanstalk's own number).
const LINES: i64 = 100;
const RULE: &str = "----------------------------------------";

const PATHS: [&str; 6] = ["/", "/cart", "/api/items?page=2", "/static/app.js", "/login", "/healthz"];
const AGENTS: [&str; 3] = ["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.9.1", "Mozilla/5.0 (iPhone)"];

/// The whole file.
pub(super) fn tail(view: View<'_>, file: &File<'_>) -> Vec<u8> {
    let logs = [
        ("/var/log/eb-engine.log", engine(file)),
        ("/var/log/web.stdout.log", application(view, file)),
        ("/var/log/nginx/access.log", access(view, file)),
        ("/var/log/nginx/error.log", errors(view, file)),
    ];
    let mut text = Vec::new();
    for (path, lines) in logs {
        text.extend(format!("{RULE}\n{path}\n{RULE}\n").bytes());
        text.extend(lines.join("\n").bytes());
        text.extend(b"\n\n\n");
    }
    if is_hostile(file) {
        // Bytes that are no UTF-8.
        text.extend(b"caf\xe9 \xff\xfe\n");
    }
    text
}

/// What went wrong with an instance's answers, if anything.
fn trouble(view: View<'_>, file: &File<'_>) -> Answers {
    let flow = Flow::of_pool(view, &view.region.pools[file.environment.pool]);
    flow.condition(file.place, file.at - view.region.epoch).answers
}

/// A number of the line that was written so many lines before the end.
fn draw(view: View<'_>, file: &File<'_>, line: i64, stream: u64) -> u64 {
    let entity = view.region.pools[file.environment.pool].instances[file.place].entity;
    (noise::unit(entity, file.at / 1000 - line, stream) * 1_000_000.0) as u64
}

fn engine(file: &File<'_>) -> Vec<String> {
    let environment = file.environment;
    let steps = [
        "Starting...".to_owned(),
        "Starting EBPlatform-PlatformEngine".to_owned(),
        "reading event message file".to_owned(),
        "Engine received EB command cfn-hup-exec".to_owned(),
        format!("Running command: app deployment of version {}", environment.version),
        "Executing instruction: StageApplication".to_owned(),
        "Executing instruction: RunAppDeployPreBuildHooks".to_owned(),
        "Executing instruction: start proxy with new configuration".to_owned(),
        "Running command: systemctl daemon-reload".to_owned(),
        "CommandService Response: {\"status\":\"SUCCESS\",\"api_version\":\"1.0\"}".to_owned(),
    ];
    let line = |(number, step): (usize, &String)| {
        let at = environment.deployed + number as i64 * 1_370;
        format!("{} [INFO] {step}", stamp(at, "%Y/%m/%d %H:%M:%S%.6f"))
    };
    steps.iter().enumerate().map(line).collect()
}

fn application(view: View<'_>, file: &File<'_>) -> Vec<String> {
    let environment = file.environment;
    let time = |at| stamp(at, "%b %e %H:%M:%S");
    let mut lines: Vec<String> = (1..LINES)
        .rev()
        .map(|line| {
            let at = file.at - line * 2_700;
            let took = 4 + draw(view, file, line, 31) % 90;
            let path = PATHS[draw(view, file, line, 32) as usize % PATHS.len()];
            format!("{} ip-10-0-1-23 web[2114]: \u{1b}[32minfo\u{1b}[39m: GET {path} took {took} ms", time(at))
        })
        .collect();
    lines.insert(
        0,
        format!(
            "{} ip-10-0-1-23 web[2114]: {} {}",
            time(environment.deployed),
            environment.application,
            environment.version
        ),
    );
    if let Some(what) = complaint(trouble(view, file)) {
        lines.push(format!("{} ip-10-0-1-23 web[2114]: \u{1b}[31merror\u{1b}[39m: {what}", time(file.at)));
    }
    if is_hostile(file) {
        lines.extend(environment.causes.iter().cloned());
        lines.extend(HOSTILE.map(str::to_owned));
    }
    lines
}

/// Lines that would do harm to a terminal that obeys them.
const HOSTILE: [&str; 6] = [
    "clears the screen \u{1b}[2J\u{1b}[H and moves on",
    "takes the title \u{1b}]0;owned\u{7} and the clipboard \u{1b}]52;c;cm0gLXJmIC8=\u{1b}\\",
    "asks back \u{1b}[6n \u{1b}[c \u{5} and switches \u{1b}[?1049h\u{1b}[?1000h",
    "in C1: \u{9b}31mred\u{9b}0m \u{9d}0;title\u{9c}, a device string \u{1b}Pq#0;2;0;0;0\u{1b}\\",
    "turns round \u{202e}txet\u{202c}, hides \u{200b}\u{2060}\u{feff}, rings \u{7}, goes back \r over it",
    "begins a sequence and never ends it \u{1b}[38;5",
];

fn complaint(answers: Answers) -> Option<&'static str> {
    match answers {
        Answers::Well => None,
        Answers::TimesOut => Some("database: connection pool exhausted, waiting"),
        Answers::Refuses => Some("listen EADDRINUSE: address already in use :::8080"),
        Answers::Code(_) => Some("unhandled rejection: upstream returned no session"),
    }
}

fn access(view: View<'_>, file: &File<'_>) -> Vec<String> {
    let status = match trouble(view, file) {
        Answers::Well => 200,
        Answers::Refuses => 502,
        Answers::TimesOut => 504,
        Answers::Code(code) => code,
    };
    let line = |line: i64| {
        let number = |stream| draw(view, file, line, stream) as usize;
        let (path, agent) = (PATHS[number(33) % PATHS.len()], AGENTS[number(34) % AGENTS.len()]);
        let agent = if path == "/healthz" { "ELB-HealthChecker/2.0" } else { agent };
        let at = stamp(file.at - line * 640, "%d/%b/%Y:%H:%M:%S +0000");
        let (zone, host, bytes) = (number(35) % 3 * 32, number(36) % 250, 120 + number(37) % 9_000);
        format!(
            "10.0.{zone}.{host} - - [{at}] \"GET {path} HTTP/1.1\" {status} {bytes} \"-\" \"{agent}\" \"203.0.113.{}\"",
            number(38) % 255
        )
    };
    (0..LINES).rev().map(line).collect()
}

fn errors(view: View<'_>, file: &File<'_>) -> Vec<String> {
    let what = match trouble(view, file) {
        Answers::Refuses => "connect() failed (111: Connection refused) while connecting to upstream",
        Answers::TimesOut => {
            "upstream timed out (110: Connection timed out) while reading response header from upstream"
        }
        Answers::Code(_) | Answers::Well => return Vec::new(),
    };
    let line = |line: i64| {
        let at = stamp(file.at - line * 9_000, "%Y/%m/%d %H:%M:%S");
        format!(
            "{at} [error] 2201#2201: *{} {what}, client: 10.0.1.71, server: , request: \"GET / HTTP/1.1\", upstream: \"http://127.0.0.1:8080/\"",
            90_210 - line
        )
    };
    (0..LINES / 4).rev().map(line).collect()
}

/// Returns whether the environment's texts contain control sequences, so that its logs contain them too.
fn is_hostile(file: &File<'_>) -> bool {
    let environment = file.environment;
    let words = [&environment.application, &environment.version];
    let all = words.into_iter().chain(&environment.description).chain(&environment.causes);
    all.into_iter().any(|text| text.contains(char::is_control))
}

/// Milliseconds since the Unix epoch as a log writes them.
fn stamp(at: i64, format: &str) -> String {
    timestamp(at).strftime(format).to_string()
}
