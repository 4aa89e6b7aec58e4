//! Every reading command under every kind of failure, with ten environments and with a hundred, on the paused clock: it
//! ends in time, makes no more calls for a larger fleet, reports what it waits for, and ends its lines as it always does.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Parser;
use serde_json::Value;

use super::arguments::Arguments;
use super::output::tests::printed;
use super::settings::Settings;
use super::simulated::ended;
use super::{dispatch, output, simulated_front};
use crate::aws::SessionOptions;
use crate::config;
use crate::model::Moment;
use crate::runtime::Clock;
use crate::sim::{
    Allowance, Faults, Scenario, TransportFault, Unreachable, Unreadability, Unreadable, Window, World, in_process,
};

/// What a failure is, and the status of a command that it keeps from answering.
const KINDS: [(&str, u8); 4] = [("stall", 5), ("throttle", 5), ("expire", 3), ("deny", 4)];
/// Where a failure occurs: everywhere, everywhere after the first answers, in one service.
const WHERE: [&str; 3] = ["all", "later", "elasticloadbalancing"];
/// `ENV` is an environment's name.
const COMMANDS: [&str; 13] = [
    "ls",
    "ls --full",
    "find ENV",
    "find i-0123456789abcdef0",
    "show ENV",
    "metrics ENV",
    "events ENV",
    "logs ENV",
    "doctor",
    "doctor ENV",
    "why ENV",
    "export ENV --dir project --dry-run",
    "set ENV stickiness.enabled=true --dry-run",
];

/// The first answers come after this long, and a command has made its first calls.
const LATENCY: Duration = Duration::from_millis(100);

pub(super) struct BoundedFleet {
    scenario: Scenario,
    /// The settings that are configured.
    pub(super) config: config::Config,
    /// The name of its first environment.
    pub(super) environment: String,
}

/// How a command ended.
pub(super) struct ProcessEnd {
    pub(super) status: String,
    pub(super) out: String,
    pub(super) err: String,
    took: Duration,
    pub(super) calls: usize,
    refused: usize,
}

impl BoundedFleet {
    pub(super) fn new(environments: usize) -> Self {
        let text = format!("description = \"x\"\nseed = 7\n[fleet]\nenvironments = {environments}\napplications = 5\n");
        let scenario = Scenario::from_toml("fleet", &text).unwrap();
        let mut fleet = Self::of(scenario);
        let listed = fleet.run("ls -o json", Faults { latency: LATENCY, ..Faults::none() });
        let listed: Value = serde_json::from_str(&listed.out).unwrap();
        fleet.environment = listed["items"][0]["environment"].as_str().unwrap().to_owned();
        fleet
    }

    /// The region of a scenario.
    pub(super) fn of(scenario: Scenario) -> Self {
        Self { scenario, config: config::defaults(), environment: String::new() }
    }

    /// The fleet of a scenario's text, whose environment is called `web`.
    pub(super) fn of_text(text: &str) -> Self {
        let scenario = Scenario::from_toml("test", text).unwrap();
        Self { environment: "web".to_owned(), ..Self::of(scenario) }
    }

    pub(super) fn run(&self, command: &str, faults: Faults) -> ProcessEnd {
        let clock = Clock::simulated(Moment("2026-11-23T14:00:00Z".parse().unwrap()));
        let world = World::new(self.scenario.clone(), move || clock.local().0);
        world.set_faults(faults);
        let base = SessionOptions {
            region: Some(self.scenario.region().to_owned()),
            http_client: Some(in_process::http_client(world.clone())),
            time_source: Some(clock.time_source()),
            server_clock: clock.server(),
            simulated: true,
            generation: 1,
            ..SessionOptions::default()
        };
        let dialer = simulated_front::dialer(world.clone());
        let command = command.replace("ENV", &self.environment);
        let arguments = Arguments::try_parse_from(["beanpole"].into_iter().chain(command.split(' '))).unwrap();
        let format = arguments.global.output.unwrap_or_default();
        let settings = Settings {
            config: self.config.clone(),
            configuration: None,
            format,
            strict: arguments.global.strict,
            clock,
            base,
            dialer,
        };
        let began = clock.now();
        let status = dispatch(&settings, arguments).unwrap_or_else(|failure| output::failure(&failure));
        let (out, err) = printed();
        let took = ended(clock).since(began);
        let calls = world.calls();
        let refused = calls.iter().filter(|call| call.status != 200).count();
        ProcessEnd { status: format!("{status:?}"), out, err, took, calls: calls.len(), refused }
    }
}

fn faults(kind: &str, place: &str) -> Faults {
    let window = Window { from: if place == "later" { 150 } else { 0 }, until: None };
    let service = (!matches!(place, "all" | "later")).then(|| place.to_owned());
    let good = Faults { latency: LATENCY, ..Faults::none() };
    match kind {
        "nothing" => good,
        "stall" => {
            let how = TransportFault::Timeout;
            Faults { unreachable: vec![Unreachable { service, during: window, how }], ..good }
        }
        "expire" => Faults { expired: vec![window], ..good },
        "throttle" => {
            let services = service.map_or_else(
                || ["elasticbeanstalk", "elasticloadbalancing", "ec2", "cloudwatch", "autoscaling", "acm"].to_vec(),
                |_| vec!["elasticloadbalancing"],
            );
            // The first calls of each service are answered where it strikes later.
            let allowance = Allowance { rate: 0.0, burst: if place == "later" { 3 } else { 0 } };
            let throttle: BTreeMap<_, _> = services.iter().map(|name| ((*name).to_owned(), allowance)).collect();
            Faults { throttle, ..good }
        }
        _ => {
            let denied = match place {
                "all" => "*",
                "later" => "elasticloadbalancing:DescribeTargetHealth",
                _ => "elasticloadbalancing:*",
            };
            Faults { deny: vec![denied.to_owned()], ..good }
        }
    }
}

#[test]
fn every_reading_command_is_bounded_whatever_fails_and_however_large_the_fleet() {
    for environments in [10, 100] {
        let fleet = BoundedFleet::new(environments);
        for command in COMMANDS {
            let calm = fleet.run(&format!("{command} -o jsonl"), faults("nothing", "nowhere"));
            for (kind, status) in KINDS {
                for place in WHERE {
                    let what = format!("{command}, {environments} environments, {kind} {place}");
                    let ended = fleet.run(&format!("{command} -o jsonl"), faults(kind, place));
                    check(&what, &ended, &calm, (kind, place, status));
                }
            }
        }
    }
}

fn check(what: &str, ended: &ProcessEnd, calm: &ProcessEnd, (kind, place, status): (&str, &str, u8)) {
    let ProcessEnd { took, calls, refused, err, out, .. } = ended;
    // A listing at AWS's own pace takes as long as it does; a failure adds one silence and one stall at most.
    let most = calm.took + Duration::from_secs(46);
    assert!(*took <= most, "{what}: took {took:?}, without trouble {:?}\n{err}", calm.took);
    // What fails does so a few times for each service, however many objects there are.
    assert!(*refused <= 60, "{what}: {refused} of {calls} calls failed");
    assert!(*calls <= calm.calls + 60, "{what}: {calls} calls, without trouble {}", calm.calls);
    let is = |status: u8| ended.status == format!("{:?}", std::process::ExitCode::from(status));
    assert!(is(status) || (place != "all" && (is(0) || is(1) || is(7))), "{what}: {}\n{err}", ended.status);
    assert!(*took < Duration::from_secs(4) || err.contains("waiting for"), "{what}: silent for {took:?}\n{err}");
    let last = out.lines().last().map(|line| serde_json::from_str::<Value>(line).unwrap());
    if place == "all" {
        let errors = last.as_ref().and_then(|last| last["errors"].as_array());
        let of_kind = |error: &Value| match kind {
            "stall" => error["kind"] == "network",
            "throttle" => error["kind"] == "throttled",
            "expire" => error["kind"] == "expired",
            _ => error["kind"] == "denied",
        };
        let errors = errors.unwrap_or_else(|| panic!("{what}: no final line with errors\n{out}\n{err}"));
        assert!(!errors.is_empty() && errors.iter().all(of_kind), "{what}: {errors:?}");
    }
}

/// One operation that fails for every object, while all others are answered.
fn failing(action: &str, how: Unreadability) -> Faults {
    let during = Window { from: 0, until: None };
    let unreadable = vec![Unreadable { action: action.to_owned(), object: None, during, how }];
    Faults { latency: LATENCY, unreadable, ..Faults::none() }
}

#[test]
fn one_operation_that_fails_for_a_hundred_objects_is_given_up() {
    let fleet = BoundedFleet::new(100);
    let table = [
        ("elasticloadbalancing:DescribeTargetHealth", Unreadability::Stalled, "network"),
        ("elasticloadbalancing:DescribeTargetHealth", Unreadability::Throttled, "throttled"),
        ("elasticloadbalancing:DescribeListeners", Unreadability::Denied, "denied"),
        ("elasticbeanstalk:DescribeConfigurationSettings", Unreadability::Stalled, "network"),
        ("acm:ListCertificates", Unreadability::Expired, "expired"),
    ];
    let command = "ls --full -o json";
    let calm = fleet.run(command, faults("nothing", "nowhere"));
    for (action, how, kind) in table {
        let what = format!("{action} {kind}");
        let ended = fleet.run(command, failing(action, how));
        let ProcessEnd { took, refused, err, .. } = &ended;
        assert!(*took <= calm.took + Duration::from_secs(46), "{what}: {took:?}, else {:?}\n{err}", calm.took);
        assert!(*refused <= 30, "{what}: {refused} calls failed");
        let answer: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(answer["items"].as_array().map(Vec::len), Some(100), "{what}: the rest is reported");
        let operation = action.split(':').next_back().unwrap();
        let is_reported = |error: &Value| {
            error["kind"] == kind && error["source"].as_str().is_some_and(|source| source.starts_with(operation))
        };
        assert!(answer["errors"].as_array().unwrap().iter().any(is_reported), "{what}: {}", answer["errors"]);
    }
}

#[test]
fn a_watch_holds_its_timeout_whatever_fails_and_has_its_final_line() {
    let fleet = BoundedFleet::new(100);
    for (kind, status) in KINDS {
        for place in WHERE {
            for seconds in [5, 40] {
                let what = format!("watch --timeout {seconds}s, {kind} {place}");
                let command = format!("watch ENV --timeout {seconds}s -o jsonl");
                let ended = fleet.run(&command, faults(kind, place));
                let ProcessEnd { took, calls, err, out, .. } = &ended;
                assert!(*took <= Duration::from_secs(seconds) + Duration::from_millis(50), "{what}: {took:?}\n{err}");
                assert!(*calls <= 100, "{what}: {calls} calls");
                let last: Value = serde_json::from_str(out.lines().last().expect(&what)).unwrap();
                assert_eq!(last["final"], true, "{what}: {last}");
                let is = |status: u8| ended.status == format!("{:?}", std::process::ExitCode::from(status));
                assert!(is(status) || (place != "all" && is(1)), "{what}: {}\n{err}", ended.status);
                assert!(place != "all" || *took < Duration::from_secs(4) || err.lines().count() > 1, "{what}: silent");
            }
        }
    }
}
