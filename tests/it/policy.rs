//! The two IAM policies are the least: a tour through every screen and every command sends what they allow and nothing
//! else, and without any one of their actions it meets a refusal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use beanpole::aws::apply::{Sent, send};
use beanpole::aws::{fetch, look};
use beanpole::change::{MUTE_RULE_PREFIX, Mute, delete_alarm, unmute};
use beanpole::model::{Ask, Seq, Source};
use beanpole::sim::{Call, Faults, Policy, World};
use tempfile::TempDir;

use crate::commands::run::{Region as Served, run};
use crate::support::alarm::on_health;
use crate::support::scenarios::EVERYTHING;
use crate::support::{Harness, Stage, somebody};

/// The folder that a version is created from.
const BUNDLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/bundle");

/// A stop of the tour.
struct Stop {
    does: Does,
    writes: bool,
}

/// What is done there.
enum Does {
    /// Keys are typed on the dashboard.
    Keys(&'static str),
    /// HTTPS is set up by `elb`, and removed; on a load balancer whose security group is the VPC's default one, or
    /// Beanstalk's.
    Https { by_default_group: bool },
    /// Alarms and mute rules are read, or also muted and unmuted: by the calls themselves, as no command does it.
    Alarms { mutes: bool },
    /// Commands are run one after the other; `INSTANCE` is replaced by the id of one of `web`'s.
    Commands(&'static [&'static [&'static str]]),
}

/// Every screen and every command that calls AWS.
fn tour() -> Vec<Stop> {
    let screens = ["", "/web<enter><enter>", "/web<enter><enter>2", "/web<enter><enter>3", "/web<enter><enter>4"];
    let others = ["/busy<enter>d", "/web<enter>L"];
    let keys = screens.into_iter().chain(others).map(|keys| Stop { does: Does::Keys(keys), writes: false });
    let reads: &[&[&[&str]]] = &[
        &[&["ls", "--full"]],
        &[&["find", "INSTANCE"]],
        &[&["show", "web"]],
        &[&["metrics", "web"]],
        &[&["events", "web"]],
        &[&["logs", "web"]],
        &[&["doctor", "web"]],
    ];
    let writes: &[&[&[&str]]] = &[
        &[&["deploy", "web", "v2", "--timeout", "0", "--yes"]],
        &[&["deploy", "web", "v9", "--bundle", BUNDLE, "--timeout", "0", "--yes"]],
        &[&["abort", "busy", "--yes"]],
        &[&["restart", "web", "--yes"]],
        &[&["replace", "web", "INSTANCE", "--yes"]],
        &[&["scale", "web", "2", "8", "--yes"]],
        &[&["set", "web", "stickiness.enabled=true", "--yes"]],
        &[&["set", "web", "aws:elasticbeanstalk:command:Timeout=700", "--yes"]],
        &[&["set", "web", "stickiness.enabled=true", "--route", "elb", "--yes"], &["undo", "--yes"]],
        &[&["swap", "web", "plain", "--yes", "--timeout", "0"]],
        &[&["set", "web", "health_check.path=/healthz", "--route", "elb", "--yes"]],
        &[&["set", "web", "health_check.port=81", "--route", "elb", "--yes"]],
        &[&["set", "web", "idle_timeout.timeout_seconds=90", "--route", "elb", "--yes"]],
        &[&["set", "web", "listener:443:ssl_policy=ELBSecurityPolicy-TLS13-1-2-2021-06", "--route", "elb", "--yes"]],
        &[&["set", "web", "listener:443:routing.http.response.server.enabled=false", "--route", "elb", "--yes"]],
    ];
    let commands = |list: &'static [&[&[&str]]], writes| {
        list.iter().map(move |commands| Stop { does: Does::Commands(commands), writes })
    };
    let https = [false, true].map(|by_default_group| Stop { does: Does::Https { by_default_group }, writes: true });
    let alarms = [false, true].map(|mutes| Stop { does: Does::Alarms { mutes }, writes: mutes });
    keys.chain(commands(reads, false)).chain(commands(writes, true)).chain(https).chain(alarms).collect()
}

/// The calls of a stop by IAM action, with whether one of them was refused.
type Calls = BTreeMap<String, bool>;

impl Stop {
    fn visit(&self, policy: &Policy) -> Calls {
        match &self.does {
            Does::Keys(keys) => screens(keys, policy),
            Does::Https { by_default_group } => https(*by_default_group, policy),
            Does::Alarms { mutes } => alarms(*mutes, policy),
            Does::Commands(commands) => served(commands, policy),
        }
    }
}

/// Types keys on a dashboard; the clock moves only for what is waited for.
fn screens(keys: &str, policy: &Policy) -> Calls {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let stage = Stage::written(EVERYTHING);
        stage.world.set_faults(Faults { policy: policy.clone(), ..Faults::none() });
        let mut harness = Harness::on(stage);
        harness.pass(15).await;
        harness.press(keys).await;
        harness.pass(45).await;
        calls(&harness.stage.world)
    })
}

/// Sets HTTPS up and takes it back, as far as the policy lets it.
fn https(by_default_group: bool, policy: &Policy) -> Calls {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let stage = Stage::written(EVERYTHING);
        stage.world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        if by_default_group {
            let find = "Action=DescribeLoadBalancers&Version=2015-12-01";
            let listed = somebody::ask(&stage.world, "elasticloadbalancing", find);
            let arns = listed.split("<LoadBalancerArn>").skip(1).filter_map(|rest| rest.split('<').next());
            arns.for_each(|arn| somebody::puts_the_default_group_on(&stage.world, arn));
            stage.world.clear_calls();
        }
        stage.world.set_faults(Faults { policy: policy.clone(), ..Faults::none() });
        let mut harness = Harness::set_up(stage, |setup| {
            setup.checks.hostnames.insert("plain".to_owned(), vec!["www.shop.example".to_owned()]);
        });
        harness.pass(15).await;
        harness.press("/plain<enter><enter>").await;
        harness.pass(10).await;
        // Certificate, policy, by elb, redirect; the name, because it is dangerous; and all of it undone.
        // Between the two the redirect is made permanent, and undone too.
        let there = ["H", "<enter><enter>j<enter><enter><enter>", "plain<tab><tab><enter>", "<esc>"];
        let permanent = ["H", "j<enter><enter>", "plain<tab><tab><enter>", "<esc>"];
        for keys in there.into_iter().chain(permanent).chain(["u", "<tab><enter>", "<esc>", "u", "<tab><enter>"]) {
            harness.press(keys).await;
            harness.pass(30).await;
        }
        // A group that was in use a moment ago is not deleted at once.
        harness.pass(120).await;
        calls(&harness.stage.world)
    })
}

/// Reads alarms and a mute rule; deletes that rule and creates it again, if permitted.
fn alarms(mutes: bool, policy: &Policy) -> Calls {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let stage = Stage::written(EVERYTHING);
        stage.world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        let (session, now) = (&stage.session, || stage.clock.now());
        let (rule, alarms) = (Arc::from("beanpole-tour"), vec!["web-hosts".into()]);
        let mute = Mute { rule, description: "the tour".into(), alarms, from: now(), minutes: 60 }.call();
        assert!(matches!(send(session, &mute, &now).await, Sent::Accepted { .. }));
        stage.world.clear_calls();
        stage.world.set_faults(Faults { policy: policy.clone(), ..Faults::none() });
        if let Ok((alarms, _)) = look::alarms(session, &now).await {
            let history = Source::AlarmHistory(alarms[0].key.clone());
            let _ = fetch(session, Ask::new(vec![history], Seq(1)), now).await;
        }
        let _ = look::mute_rules(session, MUTE_RULE_PREFIX, &now).await;
        if mutes {
            send(session, &unmute("beanpole-tour"), &now).await;
            send(session, &mute, &now).await;
            send(session, &on_health("web").call(), &now).await;
            send(session, &delete_alarm("web-health"), &now).await;
        }
        calls(&stage.world)
    })
}

fn served(commands: &[&[&str]], policy: &Policy) -> Calls {
    let (region, home) = (Served::written(EVERYTHING), TempDir::new().unwrap());
    let world = region.world.clone().unwrap();
    world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
    let wants_instance = commands.iter().any(|command| command.contains(&"INSTANCE"));
    let instance = if wants_instance { instance(&region) } else { String::new() };
    world.clear_calls();
    world.set_faults(Faults { policy: policy.clone(), ..Faults::none() });
    for arguments in commands {
        let mut command = region.command(arguments.iter().map(|it| if *it == "INSTANCE" { &instance } else { *it }));
        command.env("XDG_STATE_HOME", home.path());
        let ran = run(command);
        let was_refused = calls(&world).values().any(|refused| *refused);
        assert!(ran.status == Some(0) || was_refused, "{arguments:?}: {}", ran.err);
    }
    calls(&world)
}

fn instance(region: &Served) -> String {
    let shown = region.json(&["show", "web"]);
    shown["target_groups"][0]["targets"][0]["id"].as_str().unwrap().to_owned()
}

/// A denial is a 403; in JSON and in CBOR it is a 400, which a listener that is gone is too in the query protocol.
fn is_denied(call: &Call) -> bool {
    call.status == 403 || call.status == 400 && matches!(call.service.as_str(), "acm" | "cloudwatch" | "monitoring")
}

fn calls(world: &World) -> Calls {
    let mut calls = Calls::new();
    // A client with the URL of a file of logs may read it, STS always answers who one is, and every load balancer answers.
    let needs_none = |service: &str, operation: &str| {
        service == "s3" && operation == "GetObject" || operation == "GetCallerIdentity"
    };
    for call in world.calls().into_iter().filter(|call| !needs_none(&call.service, &call.operation)) {
        // What is looked at needs the permission to read it.
        let action = if call.operation == "HeadObject" { "GetObject" } else { &call.operation };
        *calls.entry(format!("{}:{action}", call.service)).or_default() |= is_denied(&call);
    }
    calls
}

/// Visits all stops and holds what is true of each; the actions, with the stop that needs the fewest for it.
fn toured(stops: &[Stop], policy: &Policy) -> BTreeMap<String, usize> {
    let visits: Vec<_> = stops.iter().map(|stop| stop.visit(policy)).collect();
    let mut by_action = BTreeMap::new();
    for (place, calls) in visits.iter().enumerate() {
        let refused: Vec<_> = calls.iter().filter(|(_, refused)| **refused).collect();
        assert!(refused.is_empty(), "stop {place} was refused {refused:?}");
        for action in calls.keys() {
            let best = by_action.entry(action.clone()).or_insert(place);
            if calls.len() < visits[*best].len() {
                *best = place;
            }
        }
    }
    by_action
}

/// The tour sends what the policy allows, and without any of its actions it is refused something; `known` are actions of
/// which that was shown elsewhere.
fn is_least(stops: &[Stop], policy: &Policy, known: &Policy) {
    let by_action = toured(stops, policy);
    let (sent, allowed): (BTreeSet<_>, BTreeSet<_>) =
        (by_action.keys().map(String::as_str).collect(), policy.actions().collect());
    assert_eq!(sent, allowed, "what is sent, and what the policy allows");
    let is_new = |action: &str| known.actions().all(|other| other != action);
    for (action, place) in by_action.iter().filter(|(action, _)| is_new(action)) {
        let calls = stops[*place].visit(&policy.clone().without(action));
        assert_eq!(calls.get(action), Some(&true), "{action} is not missed");
    }
}

#[test]
fn the_read_only_policy_is_what_is_read_and_no_more() {
    let stops: Vec<_> = tour().into_iter().filter(|stop| !stop.writes).collect();
    is_least(&stops, &Policy::read_only(), &Policy::default());
}

#[test]
fn the_read_write_policy_is_what_is_read_and_written_and_no_more() {
    is_least(&tour(), &Policy::read_write(), &Policy::read_only());
}

/// With the read-only policy only reads are possible, whatever beanpole itself would allow.
#[test]
fn with_the_read_only_policy_every_write_is_denied_by_aws_and_says_what_is_missing() {
    let (region, home) = (Served::written(EVERYTHING), TempDir::new().unwrap());
    let world = region.world.clone().unwrap();
    world.set_faults(Faults { policy: Policy::read_only(), ..Faults::none() });
    for (command, action) in [
        (&["restart", "web", "--yes"][..], "elasticbeanstalk:RestartAppServer"),
        (
            &["set", "web", "stickiness.enabled=true", "--route", "elb", "--yes"],
            "elasticloadbalancing:ModifyTargetGroupAttributes",
        ),
        (&["swap", "web", "plain", "--yes"], "elasticbeanstalk:SwapEnvironmentCNAMEs"),
        (&["scale", "web", "2", "8", "--yes"], "elasticbeanstalk:ValidateConfigurationSettings"),
    ] {
        let mut asked = region.command(command);
        asked.env("XDG_STATE_HOME", home.path());
        let ran = run(asked);
        assert_eq!(ran.status, Some(4), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(&format!("IAM action {action}")), "{command:?}: {}", ran.err);
    }
}

/// The message is AWS's: who, what, on what, and why.
#[tokio::test(start_paused = true)]
async fn a_denial_is_reported_as_iam_tells_it() {
    let stage = Stage::written(EVERYTHING);
    stage.world.set_faults(Faults { policy: Policy::default(), latency: Duration::ZERO, ..Faults::none() });
    let body = "Action=ModifyTargetGroup&Version=2015-12-01&TargetGroupArn=arn:aws:x";
    let answer = somebody::answer(&stage.world, "elasticloadbalancing", body);
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 403);
    let action = "elasticloadbalancing:ModifyTargetGroup";
    assert!(
        text.contains(&format!(
            "<Code>AccessDenied</Code><Message>User: arn:aws:sts::471108151234:assumed-role/prod-admin/demo is not \
             authorized to perform: {action} on resource: arn:aws:x because no identity-based policy allows the {action} \
             action</Message>"
        )),
        "{text}"
    );
}
