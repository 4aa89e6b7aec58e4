//! The checks over whole simulated regions: each region's known finding and nothing else, the same from one reading to the
//! next, and quick.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use beanpole::config;
use beanpole::diagnosis::{Diagnosis, FindingSeverity, diagnose};
use beanpole::model::{Environment, Key, Measure, Snapshot, Source};
use beanpole::polling::{Cadences, Freshness, Question};
use beanpole::runtime::Gathered;

use crate::support::Stage;

/// Reads all that the checks need, as a command would.
async fn read(stage: &Stage) -> Gathered {
    let questions = |known: &Snapshot| {
        let mut questions = vec![Question::Linked, Question::Proven];
        if known.is_base_tried() {
            let all: Vec<_> = known.inventory.environments.keys().cloned().collect();
            questions.push(Question::These(vec![Source::Certificates(known.scope)]));
            questions.push(Question::Options(all.clone()));
            for key in all {
                questions.push(Question::These(vec![Source::InstancesHealth(key.clone())]));
                questions.push(Question::Measures(key.clone(), vec![Measure::Row]));
                questions.push(Question::Tree(key));
            }
        }
        questions
    };
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
