//! The checks over whole simulated regions: each region's known finding and nothing else, the same from one reading to the
//! next, and quick.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use beanpole::app::{CheckSettings, Message};
use beanpole::config;
use beanpole::diagnosis::{Diagnosis, FindingSeverity, WhyContext, WhyPage, checks, diagnose};
use beanpole::model::{Environment, Key, Snapshot, Source, TargetState, link};
use beanpole::polling::{Cadences, Freshness, Question};
use beanpole::runtime::Gathered;
use beanpole::sim::Scenario;

use crate::support::{Harness, Stage, operation};

/// All that the checks need, as `doctor` asks for it.
fn questions(known: &Snapshot) -> Vec<Question> {
    let is_ready = |_: &&Key<Environment>| known.is_base_tried();
    let environments = known.inventory.environments.keys().filter(is_ready).cloned();
    std::iter::once(Question::Linked).chain(environments.map(Question::Checks)).collect()
}

async fn read(stage: &Stage) -> Gathered {
    stage.gather(questions).await
}

/// Returns the diagnosis of every environment, by name.
fn diagnosed(gathered: &Gathered) -> BTreeMap<String, Diagnosis> {
    let Gathered { snapshot, poller, .. } = gathered;
    let cadences = Cadences::new(&config::defaults());
    let (reads, now) = (&snapshot.reads, snapshot.moment);
    let freshness = Freshness { reads, poller, cadences: &cadences, lost: None, now, is_lasting: false };
    let checks = CheckSettings::new(&config::defaults());
    let one = |key: &Key<Environment>| {
        let name = snapshot.environment(key).unwrap().name.to_string();
        (name, diagnose(&checks.inputs(snapshot, &freshness, key).unwrap()))
    };
    snapshot.inventory.environments.keys().map(one).collect()
}

/// Which checks found something somewhere, information apart.
fn found(diagnosed: &BTreeMap<String, Diagnosis>) -> BTreeSet<&'static str> {
    let findings = diagnosed.values().flat_map(|diagnosis| &diagnosis.findings);
    findings.filter(|it| it.severity() != FindingSeverity::Info).map(|it| it.check.id).collect()
}

#[tokio::test(start_paused = true)]
async fn findings_are_the_same_from_one_reading_to_the_next_and_each_is_there_once() {
    for scenario in ["healthy", "shop", "draining", "shared-alb", "mixed-versions", "hostile", "denied", "empty"] {
        let stage = Stage::new(scenario).without_faults();
        let (first, second) = (read(&stage).await, read(&stage).await);
        let (first, second) = (diagnosed(&first), diagnosed(&second));
        println!("{scenario}: {:?}", found(&first));
        for (name, diagnosis) in &first {
            let identities =
                |it: &Diagnosis| it.findings.iter().map(|it| (it.check.id, it.subject.clone())).collect::<Vec<_>>();
            assert_eq!(identities(diagnosis), identities(&second[name]), "{scenario}, {name}");
            let each: BTreeSet<_> = identities(diagnosis).into_iter().collect();
            assert_eq!(each.len(), diagnosis.findings.len(), "{scenario}, {name}: {:?}", diagnosis.findings);
            for finding in &diagnosis.findings {
                let text = [&finding.summary].into_iter().chain(&finding.evidence);
                assert!(text.into_iter().all(|it| !it.contains(char::is_control)), "{scenario}, {name}: {finding:?}");
            }
        }
    }
}

/// Rows and options of 200 environments are read; the rest of a thousand would take minutes to be simulated.
#[tokio::test(start_paused = true)]
async fn the_checks_of_a_whole_region_are_quick() {
    let stage = Stage::new("fleet-200").without_faults();
    let questions = |known: &Snapshot| {
        let all: Vec<_> = known.inventory.environments.keys().cloned().collect();
        let rows = Question::Rows { environments: all.clone(), visible: true };
        let questions = [Question::Linked, Question::Proven, rows, Question::Options(all)];
        questions.into_iter().take(if known.is_base_tried() { 4 } else { 1 }).collect()
    };
    let gathered = stage.gather(questions).await;
    let began = Instant::now();
    let all = diagnosed(&gathered);
    let took = began.elapsed();
    let findings: usize = all.values().map(|it| it.findings.len()).sum();
    println!("fleet-200: {} environments, {findings} findings, {took:?}", all.len());
    assert!(all.len() == 200 && findings > 0);
    // Ten times what it took without optimization beside other tests.
    assert!(took.as_millis() < 1000, "{took:?}");
}

/// What an answer about one environment costs: its own row is computed again, by all checks, and no other.
#[tokio::test(start_paused = true)]
async fn a_change_of_one_environment_computes_its_row_alone() {
    let mut harness = Harness::new("fleet-200").size(120, 40);
    harness.until(|app| app.state.fleet.total() == 200).await;
    harness.pass(30).await;
    let mut healths = 0;
    while healths < 50 {
        let message = harness.next().await;
        let groups = match &message {
            Message::Polled { outcome, .. } => {
                let is_health = |it: &&Source| matches!(it, Source::TargetHealth(_));
                outcome.sources.iter().filter(is_health).count()
            }
            _ => 0,
        };
        let before = harness.app.state.fleet.computed();
        harness.handle(message);
        let computed = harness.app.state.fleet.computed() - before;
        if groups > 0 {
            healths += groups;
            assert!(computed <= groups, "{computed} rows for {groups} target groups");
        }
    }
}

/// The operation and the whole request, without what the SDK adds to each attempt.
type SentRequest = (String, Vec<u8>);

fn sent(request: &HttpRequest) -> SentRequest {
    (operation(request), request.body().bytes().unwrap_or_default().to_vec())
}

/// At the rates at which AWS was seen to answer, of which beanpole takes a part.
#[tokio::test(start_paused = true)]
async fn sixty_environments_are_checked_at_aws_s_pace_and_no_call_is_made_twice() {
    let text = "description = \"x\"\nseed = 7\n[fleet]\nenvironments = 60\napplications = 5\n";
    let requests: Arc<Mutex<Vec<SentRequest>>> = Arc::default();
    let heard = Arc::clone(&requests);
    let stage = Stage::written(text).between(move |request, inner| {
        heard.lock().unwrap().push(sent(&request));
        inner.call(request)
    });
    let began = stage.now();
    let gathered = read(&stage).await;
    let took = stage.now().since(began);
    assert_eq!(gathered.snapshot.inventory.environments.len(), 60);
    assert!(gathered.unread.is_empty(), "{:?}", gathered.unread);
    let requests = requests.lock().unwrap();
    let each: BTreeSet<_> = requests.iter().collect();
    assert_eq!(each.len(), requests.len(), "a call was made twice");

    let refused: Vec<_> = stage.world.calls().into_iter().filter(|call| call.status != 200).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(gathered.poller.calls(), requests.len() as u64);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    requests.iter().for_each(|(operation, _)| *counts.entry(operation).or_default() += 1);
    println!("60 environments: {} calls in {took:?}: {counts:?}", requests.len());
    assert!(requests.len() <= 660, "{} calls: {counts:?}", requests.len());
    assert!(took.as_secs() <= 200, "{took:?}");
    // What is not read no check can find, and what no check names is a call too many.
    let read: BTreeSet<_> = gathered.poller.wants.iter().map(|want| want.source.row().kind).collect();
    let named: BTreeSet<_> = checks().flat_map(|check| check.inputs).copied().collect();
    assert_eq!(read, named);
}

/// What each scenario raises: every check that finds something somewhere in it, and no other.
#[rustfmt::skip]
const RAISED: &[(&str, &[&str])] = &[
    ("bad-deploy", &["deploy-ignores-health", "health-check-slower-than-batch", "managed-updates-off", "no-alarm"]),
    ("broken", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("by-hand", &["instance-in-foreign-target-group", "managed-updates-off", "no-alarm", "no-https-listener"]),
    ("certificates", &["certificate-does-not-cover-name", "certificate-expiry", "managed-updates-off", "no-alarm"]),
    ("denied", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("denied-all", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("draining", &["managed-updates-off", "no-alarm", "old-tls-policy"]),
    ("exposed", &["instances-reachable-past-load-balancer", "managed-updates-off", "no-alarm", "no-https-listener"]),
    ("expired", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("healths", &["environment-health", "managed-updates-off", "no-alarm", "no-https-listener", "stuck-update"]),
    ("hostile", &["bad-gateway", "environment-health", "failing-target", "managed-updates-off", "no-alarm", "no-https-listener", "target-connection-errors"]),
    ("immutable", &["managed-updates-off", "no-alarm"]),
    ("lacking-zone", &["environment-health", "managed-updates-off", "no-alarm", "no-https-listener", "suspended-scaling-processes", "unused-target"]),
    ("long-names", &["environment-health", "fail-open", "managed-updates-off", "no-alarm", "no-healthy-target", "no-https-listener", "server-errors"]),
    ("mixed-versions", &["environment-health", "managed-updates-off", "mixed-versions", "no-alarm"]),
    ("rolling", &["managed-updates-off", "no-alarm"]),
    ("settings", &["managed-updates-off", "no-alarm", "no-https-listener", "short-grace-period"]),
    ("settings-update", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("shared-alb", &["environment-health", "failing-target", "healthy-in-one-zone", "managed-updates-off", "no-alarm"]),
    ("shared-rules", &["drift", "http-not-redirected", "managed-updates-off", "no-alarm", "no-https-listener", "port-without-rule"]),
    ("shop", &["alarm-raised", "basic-health", "deploy-without-spare", "draining-cuts-websockets", "drift", "environment-health", "failing-target", "http-not-redirected", "managed-updates-off", "no-alarm", "no-healthy-target", "no-https-listener", "old-tls-policy", "server-errors", "websockets-without-stickiness"]),
    ("silent-failure", &["basic-health", "deploy-without-spare", "managed-updates-off", "no-alarm", "no-https-listener"]),
    ("still-yellow", &["deploy-without-spare", "environment-health", "managed-updates-off", "no-alarm", "no-https-listener"]),
    ("stuck-deploy", &["managed-updates-off", "no-alarm"]),
    ("stuck-status", &["managed-updates-off", "no-alarm", "no-https-listener", "stuck-update"]),
    ("throttled", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("traffic-splitting", &["managed-updates-off", "no-alarm"]),
    ("unreachable", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("unreadable", &["managed-updates-off", "no-alarm", "no-https-listener"]),
    ("upkeep", &["managed-updates-off", "newer-platform-version", "no-alarm", "no-https-listener", "previous-version-expires", "scheduled-action-outside-beanstalk"]),
    ("version-gone", &["managed-updates-off", "no-alarm", "no-https-listener", "running-version-deleted"]),
];

/// The embedded scenarios and those of the tests. The generated fleets are held by the sixty environments above: a thousand
/// would take minutes to be simulated.
fn scenarios() -> BTreeMap<String, Scenario> {
    let embedded = Scenario::names().into_iter().filter(|name| !name.starts_with("fleet-"));
    let embedded = embedded.map(|name| (name.to_owned(), Scenario::embedded(name).unwrap()));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "toml")).map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let scenario = Scenario::from_toml(&name, &text).unwrap();
        (name, scenario)
    });
    embedded.chain(files).collect()
}

#[tokio::test(start_paused = true)]
async fn each_scenario_raises_exactly_its_checks() {
    let mut wrong = Vec::new();
    let scenarios = scenarios();
    for (name, scenario) in &scenarios {
        let stage = Stage::of(scenario.clone()).without_faults();
        let found: BTreeSet<_> =
            diagnosed(&read(&stage).await).values().flat_map(|it| &it.findings).map(|it| it.check.id).collect();
        let expected: BTreeSet<_> =
            RAISED.iter().filter(|(of, _)| of == name).flat_map(|(_, checks)| *checks).copied().collect();
        if found != expected {
            wrong.push(format!("    (\"{name}\", &{:?}),", found.iter().collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
    assert!(RAISED.iter().all(|(name, _)| scenarios.contains_key(*name)));
}

/// A figure that follows from a seed and a name, the same each time.
fn chance(seed: u64, what: &impl std::fmt::Debug) -> u64 {
    let hash = format!("{seed} {what:?}")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash >> 7
}

/// The region with pieces of it missing, others turned upside down: what no AWS would answer, and what is half read.
fn shaken(whole: &Snapshot, seed: u64) -> Snapshot {
    let mut snapshot = whole.clone();
    let inventory = &mut snapshot.inventory;
    let out_of = 2 + seed % 7;
    let stays = |what: &dyn std::fmt::Debug| !chance(seed, &what).is_multiple_of(out_of);
    macro_rules! shake {
        ($($map:ident),+) => { $(inventory.$map.retain(|key, _| stays(&(stringify!($map), key)));)+ };
    }
    shake!(
        load_balancers,
        target_groups,
        tags,
        resources,
        auto_scaling_groups,
        security_groups,
        listeners,
        rules,
        targets,
        target_group_attributes,
        load_balancer_attributes,
        settings,
        environment_health,
        instances_health,
        instances,
        versions,
        applications,
        platform_versions,
        scheduled_actions,
        certificates
    );
    let states = [TargetState::Healthy, TargetState::Unhealthy, TargetState::Unused, TargetState::Other("odd".into())];
    for (key, target) in inventory.targets.iter_mut().flat_map(|(key, all)| all.iter_mut().map(move |it| (key, it))) {
        let chance = chance(seed, &(key, &target.id)) as usize;
        target.state = states[chance % states.len()].clone();
        target
            .description
            .clone_from(&[None, Some("[".into()), Some("[3".into()), Some("failed: [302]".into())][chance % 4]);
    }
    for group in inventory.target_groups.values_mut() {
        let chance = chance(seed, &group.key);
        group.port = [None, Some(i32::MAX), Some(-1), group.port][chance as usize % 4];
        group.health_check.interval = [None, Some(i32::MAX), Some(-5), Some(0)][chance as usize % 4];
        group.health_check.matcher.clone_from(&[None, Some("-".into()), Some("99999-".into())][chance as usize % 3]);
    }
    for settings in inventory.settings.values_mut() {
        let mangled = settings.options.iter().cloned().map(|mut option| {
            if chance(seed, &option) % 3 == 0 {
                let values = [None, Some("".into()), Some("-1".into()), Some("true,,".into())];
                option.value.clone_from(&values[seed as usize % 4]);
            }
            option
        });
        settings.options = mangled.collect();
    }
    for group in inventory.auto_scaling_groups.values_mut() {
        group.size = [(0, 0, 0), (i32::MIN, 0, i32::MAX), group.size][seed as usize % 3];
        group.grace_seconds = Some(-1);
    }
    snapshot.topology = link(&snapshot.inventory);
    snapshot
}

#[tokio::test(start_paused = true)]
async fn no_topology_makes_a_check_panic_and_findings_keep_their_order() {
    for scenario in ["shop", "hostile", "shared-alb"] {
        let Gathered { snapshot, poller, .. } = read(&Stage::new(scenario).without_faults()).await;
        let cadences = Cadences::new(&config::defaults());
        let checks = CheckSettings::new(&config::defaults());
        for seed in 0..200 {
            let shaken = shaken(&snapshot, seed);
            let (reads, now) = (&shaken.reads, shaken.moment);
            let poller = &poller;
            let freshness = Freshness { reads, poller, cadences: &cadences, lost: None, now, is_lasting: false };
            for key in shaken.inventory.environments.keys() {
                let inputs = checks.inputs(&shaken, &freshness, key).unwrap();
                let first = diagnose(&inputs);
                let identities =
                    |it: &Diagnosis| it.findings.iter().map(|it| (it.check.id, it.subject.clone())).collect::<Vec<_>>();
                assert!(first.findings.is_sorted_by_key(beanpole::diagnosis::Finding::severity), "{scenario} {seed}");
                assert_eq!(first, diagnose(&inputs), "{scenario} {seed}");
                let each: BTreeSet<_> = identities(&first).into_iter().collect();
                assert_eq!(each.len(), first.findings.len(), "{scenario} {seed}: {:?}", first.findings);
                let page = WhyPage::new(&inputs, WhyContext::default());
                assert!(page.headline.contains(" · "), "{scenario} {seed}: {}", page.headline);
            }
        }
    }
}
