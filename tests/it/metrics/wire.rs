//! What goes over the wire: every requested series exists, under exactly the dimensions that it has.

use std::collections::{BTreeMap, BTreeSet};

use beanpole::config;
use beanpole::model::{Chart, Environment, Key, Measure, Range, SeriesKey, Snapshot, with_front};
use beanpole::polling::measures::series_of;
use beanpole::polling::{Cadences, Question, wants};
use beanpole::runtime::Gathered;

use super::table::{is_published, list};
use crate::support::Stage;
use crate::support::spy::{Query, Spy};

/// What the simulated region publishes of any load balancer with traffic, so that an answer without it was asked wrongly.
const ALWAYS: &[&str] = &[
    "RequestCount",
    "HTTPCode_Target_2XX_Count",
    "TargetResponseTime",
    "HealthyHostCount",
    "UnHealthyHostCount",
    "RequestCountPerTarget",
    "HealthyStateDNS",
    "HealthyStateRouting",
    "UnhealthyStateDNS",
    "UnhealthyStateRouting",
    "AnomalousHostCount",
    "MitigatedHostCount",
    "ForwardedInvalidHeaderRequestCount",
    "ActiveConnectionCount",
    "NewConnectionCount",
    "ProcessedBytes",
    "ConsumedLCUs",
    "PeakLCUs",
];

/// Every way in which figures are read.
fn measures() -> Vec<Measure> {
    let charts = Chart::ALL.iter().flat_map(|chart| {
        let measure = |(range, zones)| Measure::Chart { chart: *chart, range, zones };
        [(Range::Hour, false), (Range::Hour, true), (Range::Day, true)].map(measure)
    });
    let others = [Measure::Row, Measure::Coarse, Measure::Deploy, Measure::All { seconds: 3600, period: 60 }];
    others.into_iter().chain(charts).collect()
}

/// Reads these of an environment, as a command does.
pub async fn read(stage: &Stage, name: &str, measures: &[Measure]) -> (Gathered, Key<Environment>) {
    let cadences = Cadences::new(&config::defaults());
    let questions = |known: &Snapshot| {
        let linked = vec![Question::Linked];
        let wants = wants(known, &cadences, &linked);
        let is_linked = known.is_base_tried() && wants.iter().all(|want| known.reads.is_tried(&want.source));
        let found = known.inventory.environment_named(name).filter(|_| is_linked);
        let asked = found.map(|it| Question::Measures(it.key.clone(), measures.to_vec()));
        linked.into_iter().chain(asked).collect()
    };
    let gathered = stage.gather(questions).await;
    let key = gathered.snapshot.inventory.environment_named(name).unwrap().key.clone();
    (gathered, key)
}

fn as_asked(key: &SeriesKey, period: u32) -> Query {
    Query {
        metric: key.metric.facts().name.to_owned(),
        statistic: key.statistic.as_str().to_owned(),
        period: i64::from(period),
        dimensions: key.of.dimensions().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}

/// Checks one query: a metric of the list, a meaningful statistic, a set of dimensions that is published.
fn check(query: &Query) {
    let Query { metric, statistic, dimensions, .. } = query;
    let list = list();
    let (letter, statistics, ..) = list.get(metric.as_str()).unwrap_or_else(|| panic!("no such metric: {metric}"));
    assert!(statistics.contains(&statistic.as_str()), "{metric} has no {statistic}");
    let has = |name: &str| dimensions.contains_key(name);
    assert!(has("LoadBalancer") && is_published(*letter, has("TargetGroup"), has("AvailabilityZone")), "{query:?}");
    let known = ["LoadBalancer", "TargetGroup", "AvailabilityZone"];
    assert!(dimensions.keys().all(|name| known.contains(&name.as_str())), "{query:?}");
    let is_tail = |value: &String, start: &str| value.starts_with(start) && value.split('/').count() == 3;
    let tail = |name: &str, start: &str| dimensions.get(name).is_none_or(|value| is_tail(value, start));
    assert!(tail("LoadBalancer", "app/") && tail("TargetGroup", "targetgroup/"), "{query:?}");
}

async fn every_series_exists(scenario: &str, environment: &str, groups: usize, shared: bool) {
    let (stage, spy) = Spy::on(Stage::new(scenario));
    let measures = measures();
    let (gathered, key) = read(&stage, environment, &measures).await;
    let inventory = &gathered.snapshot.inventory;
    with_front(&gathered.snapshot, &key, |front| {
        assert_eq!((front.groups.len(), front.shared), (groups, shared), "{environment}");
        assert!(front.zones.len() > 1);
    })
    .unwrap();
    let mut wanted: BTreeMap<Query, &Measure> = BTreeMap::new();
    for measure in &measures {
        let series = series_of(&gathered.snapshot, &key, *measure);
        assert!(!series.is_empty() || matches!(measure, Measure::Chart { .. }), "{measure:?}");
        for key in &series {
            assert!(key.exists(), "{measure:?} {key:?}");
            wanted.insert(as_asked(key, measure.period()), measure);
            let read = inventory.metrics.get(key, measure.period());
            let empty = read.is_none_or(|series| series.newest().is_none());
            // A load balancer may have a node in a zone in which its environment has no target.
            let is_lonely = key.of.zone.as_deref().is_some_and(|zone| zone.ends_with('c'));
            assert!(
                !empty || is_lonely || !ALWAYS.contains(&key.metric.facts().name),
                "{environment} {measure:?} {key:?}"
            );
        }
    }
    let calls = spy.take();
    let asked: BTreeSet<Query> = calls.iter().flat_map(|call| call.queries.iter().cloned()).collect();
    asked.iter().for_each(check);
    assert_eq!(asked, wanted.into_keys().collect());
    for call in &calls {
        let period = call.queries[0].period;
        assert!(call.queries.len() <= 500 && call.queries.iter().all(|query| query.period == period));
        assert!(call.from % period == 0 && call.until % period == 0, "{} {} {period}", call.from, call.until);
    }
}

#[tokio::test(start_paused = true)]
async fn every_series_of_a_load_balancer_of_its_own_exists() {
    every_series_exists("healthy", "alpha-web-prod", 1, false).await;
}

#[tokio::test(start_paused = true)]
async fn every_series_on_a_shared_load_balancer_exists() {
    every_series_exists("shared-alb", "ticket-web-prod", 1, true).await;
}

#[tokio::test(start_paused = true)]
async fn every_series_of_two_target_groups_exists() {
    every_series_exists("shop", "shop-ws-prod", 2, false).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_row_of_a_shared_load_balancer_asks_for_is_its_own() {
    let (stage, spy) = Spy::on(Stage::new("shared-alb"));
    read(&stage, "survey-api-prod", &[Measure::Row]).await;
    let asked: Vec<_> = spy.take().into_iter().flat_map(|call| call.queries).collect();
    assert!(!asked.is_empty() && asked.iter().all(|query| query.dimensions.contains_key("TargetGroup")), "{asked:?}");
}
