//! The checks over whole simulated regions: each region's known finding and nothing else, the same from one reading to the
//! next, and quick.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use beanpole::config;
use beanpole::diagnosis::{Diagnosis, FindingSeverity, checks, diagnose};
use beanpole::model::{Environment, Key, Snapshot};
use beanpole::polling::{Cadences, Freshness, Question};
use beanpole::runtime::Gathered;

use crate::support::{Stage, operation};

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
    let one = |key: &Key<Environment>| {
        let name = snapshot.environment(key).unwrap().name.to_string();
        (name, diagnose(snapshot, &freshness, key).unwrap())
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
    let throttled = stage.world.calls().iter().filter(|call| call.status != 200).count();
    assert_eq!(throttled, 0);
    assert_eq!(gathered.poller.calls(), requests.len() as u64);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    requests.iter().for_each(|(operation, _)| *counts.entry(operation).or_default() += 1);
    println!("60 environments: {} calls in {took:?}: {counts:?}", requests.len());
    assert!(requests.len() <= 620, "{} calls: {counts:?}", requests.len());
    assert!(took.as_secs() <= 200, "{took:?}");
    // What is not read no check can find, and what no check names is a call too many.
    let read: BTreeSet<_> = gathered.poller.wants.iter().map(|want| want.source.row().kind).collect();
    let named: BTreeSet<_> = checks().flat_map(|check| check.inputs).copied().collect();
    assert_eq!(read, named);
}
