//! `find`: what a name, an id, an address or an ARN belongs to.

mod fuzzy;
mod hits;
mod plan;
mod query;
mod wildcard;

use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use self::hits::{FindHit, hits};
use self::query::Query;
pub use self::wildcard::matches_pattern;
use super::answer::{CommandAnswer, conclude};
use super::arguments::Format;
use super::facts::{LoadBalancerFacts, group_name};
use super::failure::{ExitStatus, Failure};
use super::output;
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use super::table::{self, ColumnShape};
use crate::app::{Cut, NOTHING};
use crate::mistakes::did_you_mean;
use crate::model::Snapshot;
use crate::model::{Balancer, Key, Listener, LoadBalancer, TargetGroup, clean, counted, region_of, serves};
use crate::runtime::terminal_width;

/// A hit in the answer.
#[derive(Debug, Serialize)]
struct FindItem {
    matched: &'static str,
    value: Arc<str>,
    score: f64,
    environment: Option<Arc<str>>,
    environment_id: Option<Arc<str>>,
    load_balancer: Option<LoadBalancerFacts>,
    listeners: Option<Vec<ListenerFacts>>,
    target_groups: Vec<GroupName>,
}

#[derive(Debug, Serialize)]
struct ListenerFacts {
    arn: Arc<str>,
    protocol: Option<Arc<str>>,
    port: Option<i32>,
}

#[derive(Debug, Serialize)]
struct GroupName {
    name: Arc<str>,
    arn: Arc<str>,
}

/// Finds what the text belongs to.
pub fn run(settings: &Settings, text: &str) -> Result<ExitCode, Failure> {
    let query = Query::new(text);
    if query.as_str().is_empty() {
        return Err(Failure::usage("there is nothing to look for").hint("give a name, an id, an address or an ARN"));
    }
    let reading = read(settings, &Bar::none(), |known| plan::questions(known, &query))?;
    let known = reading.known();
    let items: Vec<_> = hits(known, &query).iter().map(|hit| item(known, hit)).collect();
    let is_found = !items.is_empty();
    let is_answered = is_found || plan::is_decided(known, &query);
    let answer = CommandAnswer { items: is_answered.then_some(items), reading: &reading };
    match settings.format {
        Format::Table if is_found => output::result(&table(answer.items.as_deref().unwrap_or_default()))?,
        Format::Table => {}
        Format::Json => output::json(&answer)?,
        Format::Jsonl => answer.lines()?,
    }
    let status = conclude(settings, &reading, is_answered);
    if is_found || !is_answered {
        return Ok(status);
    }
    Err(nothing(&reading, &query))
}

fn item(known: &Snapshot, hit: &FindHit) -> FindItem {
    let environment = hit.place.environment.as_ref().and_then(|key| known.inventory.environments.get(key));
    let load_balancer = hit.place.load_balancer.as_ref();
    let listeners = match load_balancer {
        None => Some(Vec::new()),
        Some(key) => listeners(known, hit, key),
    };
    FindItem {
        matched: hit.matched,
        value: Arc::clone(&hit.value),
        score: hit.score,
        environment: environment.map(|it| Arc::clone(&it.name)),
        environment_id: environment.map(|it| Arc::clone(&it.key.id)),
        load_balancer: load_balancer.map(|key| LoadBalancerFacts::new(known, key)),
        listeners,
        target_groups: groups(known, hit),
    }
}

/// The listeners that lead to the environment, or all of a load balancer that no environment owns; `None` while that is
/// unknown. On its own load balancer those that redirect belong to it too: its clients come by them.
fn listeners(known: &Snapshot, hit: &FindHit, load_balancer: &Key<LoadBalancer>) -> Option<Vec<ListenerFacts>> {
    let listeners = known.inventory.listeners.get(load_balancer)?.iter();
    let link = hit.place.environment.as_ref().and_then(|key| known.topology.link(key));
    let is_shown = |listener: &Listener| match link {
        None => Some(true),
        Some(link) if link.balancer == Balancer::Application && listener.redirects() => Some(true),
        Some(link) => serves(&known.inventory, link, listener),
    };
    let shown = listeners.map(|listener| Some((listener, is_shown(listener)?))).collect::<Option<Vec<_>>>()?;
    let facts =
        |it: &Listener| ListenerFacts { arn: Arc::clone(&it.key.id), protocol: it.protocol.clone(), port: it.port };
    Some(shown.into_iter().filter(|(_, is_shown)| *is_shown).map(|(listener, _)| facts(listener)).collect())
}

/// Returns the environment's own groups, or those on a load balancer without an environment; and the one that was hit.
fn groups(known: &Snapshot, hit: &FindHit) -> Vec<GroupName> {
    let place = &hit.place;
    let mut keys: Vec<Key<TargetGroup>> = match (&place.environment, &place.load_balancer) {
        (Some(environment), _) => {
            let linked = known.topology.link(environment).map_or(&[][..], |link| &link.groups);
            linked.iter().map(|linked| linked.key.clone()).collect()
        }
        (None, Some(load_balancer)) => known.topology.groups_on(load_balancer).to_vec(),
        (None, None) => Vec::new(),
    };
    keys.extend(place.groups.iter().filter(|hit| !keys.contains(hit)).cloned().collect::<Vec<_>>());
    keys.iter().map(|key| GroupName { name: group_name(known, key), arn: Arc::clone(&key.id) }).collect()
}

fn table(items: &[FindItem]) -> String {
    const SHAPES: [ColumnShape; 7] = [
        ColumnShape::figure("SCORE"),
        ColumnShape::text("MATCHED"),
        ColumnShape { cut: Cut::Middle, least: 12, ..ColumnShape::text("VALUE") },
        ColumnShape::text("ENVIRONMENT"),
        ColumnShape::text("ALB"),
        ColumnShape::text("LISTENERS"),
        ColumnShape { cut: Cut::End, least: 13, ..ColumnShape::text("TARGET GROUPS") },
    ];
    let rows: Vec<_> = items.iter().map(cells).collect();
    table::lines(&SHAPES, &rows, terminal_width())
}

fn cells(item: &FindItem) -> Vec<String> {
    let or_nothing = |text: Option<&str>| text.unwrap_or(NOTHING).to_owned();
    let list = |words: Vec<String>| if words.is_empty() { NOTHING.to_owned() } else { words.join(", ") };
    let listener = |it: &ListenerFacts| {
        let port = it.port.map_or("?".to_owned(), |port| port.to_string());
        format!(":{port} {}", it.protocol.as_deref().unwrap_or("?"))
    };
    vec![
        format!("{:.2}", item.score),
        item.matched.to_owned(),
        item.value.to_string(),
        or_nothing(item.environment.as_deref()),
        or_nothing(item.load_balancer.as_ref().map(LoadBalancerFacts::name)),
        item.listeners.as_ref().map_or("?".to_owned(), |it| list(it.iter().map(listener).collect())),
        list(item.target_groups.iter().map(|group| group.name.to_string()).collect()),
    ]
}

/// Nothing matches: what is near, or why it may be looked for in vain here.
fn nothing(reading: &Reading, query: &Query) -> Failure {
    let inventory = &reading.gathered.snapshot.inventory;
    let names = inventory.environments.values().map(|it| &*it.name);
    let names = names.chain(inventory.load_balancers.values().map(|it| &*it.name));
    let meant = did_you_mean(query.as_str(), names);
    let here = reading.region.as_deref().unwrap_or("this region");
    let hint = match region_of(query.as_str()) {
        Some(region) if Some(region) != reading.region.as_deref() => {
            format!("this ARN is of {region}: beanpole --region {region} find …")
        }
        _ => format!(
            "{} and {} were looked at",
            counted(inventory.environments.len(), "environment"),
            counted(inventory.load_balancers.len(), "load balancer")
        ),
    };
    let what = format!("nothing in {} matches `{}`{}", clean(here), clean(query.as_str()), clean(&meant));
    Failure { status: ExitStatus::Bad, what, hint: Some(clean(&hint).into_owned()), source: None }
}
