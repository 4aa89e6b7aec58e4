//! `events --follow`: what is new, once each, for little; through trouble, to an end.

use std::io::{BufRead, BufReader, Lines, Read};
use std::net::{SocketAddr, TcpListener};
use std::ops::ControlFlow;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use beanpole::aws::{EventQuery, Session};
use beanpole::config;
use beanpole::model::{EnvironmentEvent, Fault, FaultKind, Key, Service};
use beanpole::polling::Pace;
use beanpole::runtime::{EventNews, EventsEnded, follow_events};
use beanpole::sim::{Allowance, Faults, Scenario, Window, World, serve};
use serde_json::Value;
use tokio::sync::oneshot;

use super::run::{Region, beanpole, wait};
use crate::support;

/// An environment that has an event now and then.
const TALKATIVE: &str = scenario!(
    "talks",
    environment!(
        "web",
        event = [
            { at = "-30s", severity = "WARN", message = "before" },
            { at = "4s", message = "first" },
            { at = "4s", message = "second" },
            { at = "9s", severity = "WARN", message = "third" },
        ],
    ),
);

fn started(mut command: Command) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

fn errors(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

#[cfg(unix)]
#[test]
fn what_is_new_comes_as_lines_until_ctrl_c() {
    use rustix::process::{Pid, Signal, kill_process};
    let region = Region::written(TALKATIVE);
    let (mut child, mut lines) = started(region.command(["events", "web", "--follow", "-o", "jsonl"]));
    let items: Vec<Value> = (0..4).map(|_| serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap()).collect();
    let messages: Vec<_> = items.iter().map(|item| item["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["before", "first", "second", "third"]);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(wait(&mut child).code(), Some(130));
    assert!(lines.next().is_none(), "nothing comes twice, and no list of errors ends it");
    assert_eq!(errors(&mut child), "beanpole: interrupted\n");
}

#[test]
fn what_is_new_of_all_environments_comes_as_it_happens() {
    let region =
        Region::written(&format!("{TALKATIVE}{}", environment!("api", event = [{ at = "6s", message = "other" }])));
    let (mut child, mut lines) = started(region.command(["events", "--all", "--follow", "-o", "jsonl"]));
    let items: Vec<Value> = (0..5).map(|_| serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap()).collect();
    let messages: Vec<_> =
        items.iter().map(|item| (item["environment"].as_str().unwrap(), item["message"].as_str().unwrap())).collect();
    assert_eq!(messages, [("web", "before"), ("web", "first"), ("web", "second"), ("api", "other"), ("web", "third")]);
    drop(lines);
    child.kill().unwrap();
    wait(&mut child);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let region = Region::written(TALKATIVE);
    let (mut child, mut lines) = started(region.command(["events", "web", "--follow", "--severity", "WARN"]));
    assert!(lines.next().unwrap().unwrap().starts_with("TIME"));
    assert!(lines.next().unwrap().unwrap().ends_with("WARN      before"));
    drop(lines);
    assert_eq!(wait(&mut child).code(), Some(0), "even where there is nothing more to write");
    assert_eq!(errors(&mut child), "");
}

/// A region at one address that can be replaced by another.
struct Place {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Place {
    fn new(text: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut place = Self { address, stop: None, thread: None };
        place.becomes(text);
        place
    }

    fn becomes(&mut self, text: &str) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        let world = World::new(Scenario::from_toml("test", text).unwrap(), jiff::Timestamp::now);
        let (stop, stopped) = oneshot::channel::<()>();
        let (address, (ready, is_ready)) = (self.address, std::sync::mpsc::channel());
        self.thread = Some(std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind(address).await.unwrap();
                ready.send(()).unwrap();
                serve::serve(listener, world, async move { drop(stopped.await) }).await.unwrap();
            });
        }));
        is_ready.recv().unwrap();
        self.stop = Some(stop);
    }
}

#[test]
fn an_environment_that_is_terminated_ends_it_with_a_sentence() {
    let leaving =
        scenario!("goes", environment!("web", event = [{ at = "-1s", message = "terminateEnvironment is starting." }]));
    let mut place = Place::new(leaving);
    let mut command = beanpole();
    command.env("AWS_ENDPOINT_URL", format!("http://{}", place.address)).args(["events", "web", "--follow"]);
    let (mut child, mut lines) = started(command);
    assert!(lines.any(|line| line.unwrap().contains("terminateEnvironment is starting.")));
    place.becomes("description = \"gone\"\n");
    assert_eq!(wait(&mut child).code(), Some(0));
    let said = errors(&mut child);
    assert!(said.ends_with("beanpole: web was terminated: nothing more will follow\n"), "{said}");
}

// ------------------------------------------------------------------------------------------------ on the paused clock

/// What follows within a time.
struct Heard {
    events: Vec<EnvironmentEvent>,
    troubles: Vec<FaultKind>,
    better: usize,
}

impl Heard {
    fn take(&mut self, news: EventNews) {
        match news {
            EventNews::Events(events) => self.events.extend(events),
            EventNews::Trouble(fault) => self.troubles.push(fault.kind),
            EventNews::Better => self.better += 1,
        }
    }
}

/// Follows for a time on the region's own clock.
async fn heard(stage: &support::Stage, within: Duration, renewed: Option<Session>) -> Heard {
    heard_at(&Pace::new(&config::defaults()), stage, within, renewed).await
}

async fn heard_at(pace: &Pace, stage: &support::Stage, within: Duration, renewed: Option<Session>) -> Heard {
    let id = environment_id(stage).await;
    stage.world.clear_calls();
    let now = stage.clock.now();
    let query = EventQuery {
        environment: Some(Key::new(stage.session.scope, id)),
        since: now.minus(Duration::from_secs(3_600)),
        severity: None,
    };
    let mut heard = Heard { events: Vec::new(), troubles: Vec::new(), better: 0 };
    let until = now.plus(within);
    let report = |news| {
        heard.take(news);
        if stage.clock.now() < until { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let ended = follow_events(stage.means(pace), query, async || renewed.clone(), report).await;
    assert_eq!(ended.map_err(|fault: std::sync::Arc<Fault>| fault.kind), Ok(EventsEnded::Enough));
    heard
}

/// The id of the region's first environment.
async fn environment_id(stage: &support::Stage) -> String {
    use beanpole::model::{Answer, Source};
    let answer = stage.answer(Source::Environments(stage.session.scope)).await;
    let Answer::Environments(environments) = answer else { panic!("no environments") };
    environments[0].key.id.to_string()
}

fn written(text: &str) -> support::Stage {
    support::Stage::written(text)
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_cost_a_call_every_five_seconds_and_a_look_a_minute() {
    let stage = written(TALKATIVE);
    let heard = heard(&stage, Duration::from_secs(600), None).await;
    let messages: Vec<&str> = heard.events.iter().map(|event| &*event.message).collect();
    assert_eq!(messages, ["before", "first", "second", "third"]);
    assert_eq!((heard.troubles.len(), heard.better), (0, 0));
    let calls = stage.world.calls();
    let count = |name: &str| calls.iter().filter(|call| call.operation == name).count();
    assert!((115..=121).contains(&count("DescribeEvents")), "{}", count("DescribeEvents"));
    assert!((9..=10).contains(&count("DescribeEnvironments")), "{}", count("DescribeEnvironments"));
    // Only the newest instant is requested again, not the whole history.
    let last = calls.iter().rfind(|call| call.operation == "DescribeEvents").unwrap();
    let first = calls.iter().find(|call| call.operation == "DescribeEvents").unwrap();
    assert!(last.bytes < 900 && first.bytes < 900, "{} {}", first.bytes, last.bytes);
}

#[tokio::test(start_paused = true)]
async fn a_small_budget_is_kept_and_nothing_is_lost() {
    let stage = written(TALKATIVE);
    let mut pace = Pace::new(&config::defaults());
    let attended = beanpole::polling::Allowance { rate: 0.05, burst: 2 };
    pace.plans[Service::Beanstalk.index()].attended = attended;
    let heard = heard_at(&pace, &stage, Duration::from_secs(600), None).await;
    assert_eq!((heard.events.len(), heard.troubles.len()), (4, 0));
    let calls = stage.world.calls().len();
    assert!((28..=33).contains(&calls), "{calls} calls where 30 and a burst of 2 are allowed");
}

#[tokio::test(start_paused = true)]
async fn throttled_it_asks_less_and_says_so_once() {
    let stage = written(TALKATIVE);
    let id = environment_id(&stage).await;
    assert!(id.starts_with("e-"));
    let slow = Allowance { rate: 0.05, burst: 3 };
    let throttle = [("elasticbeanstalk".to_owned(), slow)].into();
    stage.world.set_faults(Faults { throttle, ..Faults::none() });
    let heard = heard(&stage, Duration::from_secs(900), None).await;
    assert_eq!(heard.events.len(), 4);
    assert_eq!((heard.troubles.as_slice(), heard.better), (&[FaultKind::Throttled][..], 0));
    let calls = stage.world.calls().len();
    assert!(calls < 100, "{calls} calls where 45 are granted");
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_are_waited_out_with_a_new_session() {
    let stage = written(TALKATIVE);
    let expired = vec![Window { from: 6_000, until: Some(300_000) }];
    stage.world.set_faults(Faults { expired, ..Faults::none() });
    let heard = heard(&stage, Duration::from_secs(600), Some(stage.session.clone())).await;
    assert_eq!((heard.troubles.as_slice(), heard.better), (&[FaultKind::Expired][..], 1));
    assert_eq!(heard.events.len(), 4, "what was told meanwhile is not lost");
}

#[tokio::test(start_paused = true)]
async fn a_network_that_comes_and_goes_is_reported_each_way() {
    use beanpole::sim::{TransportFault, Unreachable};
    let stage = written(TALKATIVE);
    let gap = |from, until| Unreachable {
        service: None,
        during: Window { from, until: Some(until) },
        how: TransportFault::ConnectionReset,
    };
    let unreachable = vec![gap(3_000, 100_000), gap(300_000, 350_000)];
    stage.world.set_faults(Faults { unreachable, ..Faults::none() });
    let heard = heard(&stage, Duration::from_secs(600), None).await;
    assert_eq!(heard.troubles, [FaultKind::Network, FaultKind::Network]);
    assert_eq!((heard.better, heard.events.len()), (2, 4));
}
