//! How quick and how small: `cargo bench` prints p50, p99 and the worst of each, beside what the house asks for.
//!
//! In process: a poll result to its frame, a key to its frame, linking, on the region `fleet-1000` at 200 by 60. In
//! processes of their own: the client's resident memory against `beanpole sim --listen`, and what a paused view costs.
//!
//! `SPEED_TRACE=1` prints each message with the microseconds that it and its frame took, to see where they go.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends the program, and the others are printed"
)]

mod processes;
#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the tests use all of it")]
mod support;

use std::time::{Duration, Instant};

use beanpole::app::Message;
use beanpole::model::{
    Answer, Batch, Covers, Environment, EnvironmentStatus, HealthCheck, Key, LoadBalancer, Moment, ScopeId, Snapshot,
    TargetGroup, link,
};
use beanpole::ui::draw;
use hdrhistogram::Histogram;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use support::Harness;

const SIZE: (u16, u16) = (200, 60);

fn main() {
    // `cargo test --benches` runs benches too, to see that they work; it must not take long.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(in_process());
    drop(runtime);
    processes::measure();
}

async fn in_process() {
    let mut harness = Harness::new("fleet-1000").size(SIZE.0, SIZE.1);
    harness.until(|app| app.state.fleet.total() == 1000).await;
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1)) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(Vec::new()), options).unwrap();
    polls(&mut harness, &mut terminal).await;
    keys(&mut harness, &mut terminal);
    linking(&harness);
    allocations(&harness);
}

type Screen = Terminal<CrosstermBackend<Vec<u8>>>;

fn frame(harness: &mut Harness, terminal: &mut Screen) {
    let mut hit_map = beanpole::app::HitMap::default();
    terminal.draw(|frame| hit_map = draw(&harness.app.state, &harness.look, frame.buffer_mut())).unwrap();
    terminal.backend_mut();
    harness.handle(Message::Drawn(hit_map));
}

/// A poll result and its frame, over twenty simulated minutes.
async fn polls(harness: &mut Harness, terminal: &mut Screen) {
    let mut times = Histogram::<u64>::new(3).unwrap();
    let end = harness.stage.clock.now().plus(Duration::from_secs(1200));
    while harness.stage.clock.now() < end {
        let message = harness.next().await;
        let is_poll = matches!(message, Message::Polled { .. });
        let what = if let Message::Polled { outcome, .. } = &message { outcome.sources[0].operation() } else { "-" };
        let began = Instant::now();
        harness.handle(message);
        let handled = began.elapsed();
        frame(harness, terminal);
        if std::env::var_os("SPEED_TRACE").is_some() {
            println!("{what} {} {}", handled.as_micros(), began.elapsed().saturating_sub(handled).as_micros());
        }
        if is_poll {
            times.record(began.elapsed().as_nanos() as u64).unwrap();
        }
    }
    report("a poll result and its frame", &times, "p99 2 ms");
}

/// Each key and its frame, ten thousand times.
fn keys(harness: &mut Harness, terminal: &mut Screen) {
    let mut times = Histogram::<u64>::new(3).unwrap();
    let script = "jjjjjjjjjj<ctrl-d><ctrl-d>kkkkk<ctrl-u>Ggxxs<enter>SS/prod<esc><enter><tab>jj<tab>kk<esc>";
    let chords = beanpole::config::parse_script(script).unwrap();
    for chord in chords.iter().cycle().take(10_000) {
        let began = Instant::now();
        harness.handle(Message::Pressed(*chord));
        frame(harness, terminal);
        times.record(began.elapsed().as_nanos() as u64).unwrap();
    }
    report("a key and its frame", &times, "16 ms");
}

fn linking(harness: &Harness) {
    let mut times = Histogram::<u64>::new(3).unwrap();
    for _ in 0..500 {
        let began = Instant::now();
        std::hint::black_box(link(&harness.app.state.snapshot().inventory));
        times.record(began.elapsed().as_nanos() as u64).unwrap();
    }
    report("linking 1000 environments", &times, "-");
    let [small, large] = [500, 5000].map(relinking);
    println!(
        "{:<34} {:>7.2} times as long for ten times as many, wanted: 1.5",
        "an answer about one environment",
        large / small
    );
}

/// The median time, in microseconds, to apply an answer that changes one of so many environments, each behind a load
/// balancer of its own.
fn relinking(environments: usize) -> f64 {
    let scope = ScopeId(0);
    let mut snapshot = Snapshot::new(scope, Moment::EPOCH);
    let arn = |kind: &str, number: usize| format!("arn:aws:elasticloadbalancing:r:1:{kind}/awseb-{number}/1");
    let balancer = |number: usize| Key::<LoadBalancer>::new(scope, arn("loadbalancer/app", number));
    let group = |number: usize| Key::<TargetGroup>::new(scope, arn("targetgroup", number));
    let all = || 0..environments;
    let environment = |number: usize| Environment {
        endpoint_url: Some(format!("awseb-{number}.elb.example").into()),
        ..Environment::new(
            Key::new(scope, format!("e-{number}")),
            &format!("env-{number}"),
            "a",
            EnvironmentStatus::Ready,
        )
    };
    let load_balancer = |number: usize| LoadBalancer {
        dns_name: Some(format!("awseb-{number}.elb.example").into()),
        ..LoadBalancer::new(balancer(number), &format!("awseb-{number}"))
    };
    let target_group = |number: usize| TargetGroup {
        key: group(number),
        name: format!("awseb-{number}").into(),
        protocol: None,
        port: None,
        vpc: None,
        protocol_version: None,
        target_control_port: None,
        target_type: None,
        load_balancers: vec![balancer(number)],
        health_check: HealthCheck::default(),
    };
    let mut put = |answer| snapshot.apply_batch(Batch { covers: Covers::Only, answer }, Moment::EPOCH);
    put(Answer::Environments(all().map(environment).collect()));
    put(Answer::LoadBalancers(all().map(load_balancer).collect()));
    put(Answer::TargetGroups(all().map(target_group).collect()));
    let mut times = Histogram::<u64>::new(3).unwrap();
    // Each answer changes something: all groups are tagged, then none.
    for round in 0..2 * environments {
        let (number, is_tagged) = (round * 7 % environments, round < environments);
        let tag = ("elasticbeanstalk:environment-id".into(), format!("e-{number}").into());
        let answer = Answer::Tags(vec![(group(number).tagged(), is_tagged.then_some(tag).into_iter().collect())]);
        let began = Instant::now();
        std::hint::black_box(put(answer));
        times.record(began.elapsed().as_nanos() as u64).unwrap();
    }
    times.value_at_quantile(0.5) as f64 / 1000.0
}

/// Allocations of a frame, which may depend on the rows that are visible and on nothing else.
fn allocations(harness: &Harness) {
    let mut buffer = ratatui::buffer::Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let counted = allocation_counter::measure(|| {
        draw(&harness.app.state, &harness.look, &mut buffer);
    });
    println!(
        "{:<34} {:>7} allocations, {} bytes",
        "a frame of 1000 environments", counted.count_total, counted.bytes_total
    );
}

fn report(what: &str, times: &Histogram<u64>, wanted: &str) {
    let micros = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
    println!(
        "{what:<34} p50 {:>8.1} µs   p99 {:>8.1} µs   max {:>8.1} µs   n {:>6}   wanted: {wanted}",
        micros(0.5),
        micros(0.99),
        times.max() as f64 / 1000.0,
        times.len(),
    );
}
