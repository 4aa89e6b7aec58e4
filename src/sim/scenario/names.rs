//! The names that a scenario defines, and the checks that no single key can answer: references, doubles, targets that
//! are not there.
//!
//! Read straight from the parsed text, so that it works on a file that has other errors as well.

use super::schema::Thing;
use super::span::Span;
use crate::mistakes::{Mistakes, did_you_mean};
use crate::sim::region::{AlarmRule, Expression};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a scenario defines.
#[derive(Debug, Default)]
pub(super) struct Names {
    certificates: BTreeSet<String>,
    load_balancers: BTreeSet<String>,
    target_groups: BTreeSet<String>,
    environments: BTreeSet<String>,
}

impl Names {
    pub(super) fn read(root: &DeTable<'_>) -> Self {
        let keys = |list| tables(root, list).filter_map(|(_, table)| text(table, "key")).collect();
        let mut names = Self {
            certificates: keys("certificate"),
            load_balancers: keys("load_balancer"),
            target_groups: keys("target_group"),
            environments: BTreeSet::new(),
        };
        for (_, environment) in tables(root, "environment") {
            let Some(name) = text(environment, "name") else { continue };
            names.target_groups.extend(
                tables(environment, "process")
                    .filter_map(|(_, process)| text(process, "name"))
                    .map(|process| format!("{name}/{process}")),
            );
            names.target_groups.insert(name.clone());
            names.environments.insert(name);
        }
        names
    }

    pub(super) fn find(&self, thing: Thing, name: &str) -> Result<(), String> {
        let (known, what) = match thing {
            Thing::Certificate => (&self.certificates, "certificate"),
            Thing::LoadBalancer => (&self.load_balancers, "load balancer"),
            Thing::TargetGroup => (&self.target_groups, "target group or environment"),
            Thing::Environment => (&self.environments, "environment"),
            Thing::Object => return self.find_object(name),
        };
        if known.contains(name) {
            return Ok(());
        }
        let meant = did_you_mean(name, known.iter().map(String::as_str));
        Err(format!("there is no {what} `{}`{meant}", name.escape_debug()))
    }

    /// Target groups have the names of environments too.
    fn find_object(&self, name: &str) -> Result<(), String> {
        if self.load_balancers.contains(name) || self.target_groups.contains(name) {
            return Ok(());
        }
        let known = self.load_balancers.iter().chain(&self.target_groups).map(String::as_str);
        let meant = did_you_mean(name, known);
        Err(format!("there is no environment, load balancer or target group `{}`{meant}", name.escape_debug()))
    }
}

/// Checks that need more than one key.
pub(super) fn check(root: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    for (list, key) in [
        ("certificate", "key"),
        ("load_balancer", "key"),
        ("target_group", "key"),
        ("environment", "name"),
        ("environment", "id"),
        ("alarm", "name"),
        ("composite_alarm", "name"),
    ] {
        doubles(root, list, key, mistakes);
    }
    for (at, environment) in tables(root, "environment") {
        doubles(environment, "process", "name", mistakes);
        timeline(environment, "instances", 2, mistakes);
        shared(&at, environment, mistakes);
        listeners(root, environment, mistakes);
        balancer_zones(environment, mistakes);
    }
    for (_, group) in tables(root, "target_group") {
        timeline(group, "targets", 1, mistakes);
        by_hand(root, group, mistakes);
    }
    instances(root, mistakes);
    deploys(root, mistakes);
    for (list, key, is_valid) in [
        ("alarm", "expression", (|text| Expression::parse(text).is_some()) as fn(&str) -> bool),
        ("composite_alarm", "rule", |text| AlarmRule::parse(text).is_some()),
    ] {
        for (_, alarm) in tables(root, list) {
            if let (Some(written), Some(value)) = (text(alarm, key), alarm.get(key))
                && !is_valid(&written)
            {
                mistakes.add(&value.span(), format!("it is no {key} that is simulated"));
            }
        }
    }
    for (_, update) in tables(root, "update") {
        aborted_in_time(update, mistakes);
    }
    for (_, balancer) in tables(root, "load_balancer") {
        for (_, listener) in tables(balancer, "listener") {
            actions(listener, mistakes);
        }
    }
}

fn doubles(root: &DeTable<'_>, list: &str, key: &str, mistakes: &mut Mistakes<'_>) {
    let mut seen = BTreeSet::new();
    for (_, table) in tables(root, list) {
        let Some(value) = table.get(key) else { continue };
        let Some(name) = value.get_ref().as_str() else { continue };
        if !seen.insert(name.to_owned()) {
            mistakes.add(&value.span(), format!("`{}` is defined twice", name.escape_debug()));
        }
    }
}

/// The most instances that a region may have at its beginning.
const MOST_INSTANCES: i64 = 100_000;

fn instances(root: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let of = |list, key, default: i64| {
        tables(root, list).map(move |(at, table)| (at, table.get(key).and_then(whole).unwrap_or(default)))
    };
    let mut total = 0;
    for (at, count) in of("environment", "instances", 2).chain(of("target_group", "targets", 1)) {
        let before = total;
        total += count.clamp(0, MOST_INSTANCES);
        if before <= MOST_INSTANCES && total > MOST_INSTANCES {
            mistakes.add(&at, format!("there are more than {MOST_INSTANCES} instances up to here"));
        }
    }
}

/// A deploy needs a version of the environment's application, and is aborted only after it began.
fn deploys(root: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    for (_, deploy) in tables(root, "deploy") {
        aborted_in_time(deploy, mistakes);
        let (Some(value), Some(version)) = (deploy.get("version"), text(deploy, "version")) else { continue };
        let Some(environment) = text(deploy, "environment") else { continue };
        deleted_by_then(root, deploy, (&environment, &version), &value.span(), mistakes);
        let known = versions(root, &environment);
        if !known.is_empty() && !known.contains(&version) {
            let meant = did_you_mean(&version, known.iter().map(String::as_str));
            let message = format!("its application has no version `{}`{meant}", version.escape_debug());
            mistakes.add(&value.span(), message);
        }
    }
}

fn aborted_in_time(order: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    if let (Some(at), Some(aborted), Some(value)) = (span(order, "at"), span(order, "aborted"), order.get("aborted"))
        && aborted <= at
    {
        mistakes.add(&value.span(), "it can be aborted only after it began");
    }
}

/// Checks that no deployment uses a version that was deleted before.
fn deleted_by_then(
    root: &DeTable<'_>,
    deploy: &DeTable<'_>,
    (environment, version): (&str, &str),
    at: &Range<usize>,
    mistakes: &mut Mistakes<'_>,
) {
    let application = named(root, "environment", environment).and_then(|table| text(table, "application"));
    let Some(application) = application.and_then(|name| named(root, "application", &name)) else { return };
    let mut described = tables(application, "version").map(|(_, table)| table);
    let described = described.find(|table| text(table, "label").as_deref() == Some(version));
    let deleted = described.and_then(|table| span(table, "deleted"));
    if deleted.zip(span(deploy, "at")).is_some_and(|(deleted, begins)| deleted <= begins) {
        mistakes.add(at, format!("`{}` is deleted before this deploy begins", version.escape_debug()));
    }
}

/// The table of a list that has a name.
fn named<'t, 'i>(root: &'t DeTable<'i>, list: &str, name: &str) -> Option<&'t DeTable<'i>> {
    tables(root, list).map(|(_, table)| table).find(|table| text(table, "name").as_deref() == Some(name))
}

/// Rules can be missing only where the environment's listeners are.
fn listeners(root: &DeTable<'_>, environment: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let key = text(environment, "load_balancer");
    let written = |(_, balancer): &(Range<usize>, &DeTable<'_>)| key.is_some() && text(balancer, "key") == key;
    let ports: Vec<i64> = match tables(root, "load_balancer").find(written) {
        Some((_, balancer)) => {
            tables(balancer, "listener").filter_map(|(_, listener)| listener.get("port").and_then(whole)).collect()
        }
        None if environment.get("certificate").is_some() => vec![80, 443],
        None => vec![80],
    };
    let missing = environment.get("rules_missing_on").and_then(|value| value.get_ref().as_array());
    for port in missing.into_iter().flatten() {
        if let Some(number) = whole(port).filter(|number| !ports.contains(number)) {
            mistakes.add(&port.span(), format!("the load balancer has no listener on port {number}"));
        }
    }
}

/// Checks that only a load balancer of its own has the environment's zones.
fn balancer_zones(environment: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let Some(zones) = environment.get("load_balancer_zones") else { return };
    let kind = text(environment, "kind").unwrap_or_default();
    if environment.get("load_balancer").is_some() || matches!(kind.as_str(), "single" | "worker") {
        mistakes.add(&zones.span(), "only an environment with a load balancer of its own has `load_balancer_zones`");
    }
}

/// A target group of an environment's instances has no targets of its own.
fn by_hand(root: &DeTable<'_>, group: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let Some(environment) = text(group, "instances_of") else {
        if let Some(value) = group.get("instances") {
            mistakes.add(&value.span(), "`instances` needs `instances_of`");
        }
        return;
    };
    for key in ["targets", "zones", "timeline"] {
        if let Some(value) = group.get(key) {
            mistakes.add(&value.span(), format!("`{key}` cannot be combined with `instances_of`"));
        }
    }
    let Some(environment) = named(root, "environment", &environment) else { return };
    numbered(group.get("instances"), environment.get("instances").and_then(whole).unwrap_or(2), mistakes);
}

/// The versions that an environment can run; none if there is no such environment.
fn versions(root: &DeTable<'_>, environment: &str) -> BTreeSet<String> {
    let found = named(root, "environment", environment);
    let Some(application) = found.and_then(|table| text(table, "application")) else { return BTreeSet::new() };
    let mut known = BTreeSet::new();
    let is_it = |(_, table): &(Range<usize>, &DeTable<'_>)| text(table, "name").as_ref() == Some(&application);
    for (_, table) in tables(root, "application").filter(is_it) {
        let labels = table.get("versions").and_then(|value| value.get_ref().as_array());
        known.extend(labels.into_iter().flatten().filter_map(|label| label.get_ref().as_str().map(str::to_owned)));
        known.extend(tables(table, "version").filter_map(|(_, version)| text(version, "label")));
    }
    let own =
        tables(root, "environment").filter(|(_, table)| text(table, "application").as_ref() == Some(&application));
    known.extend(own.map(|(_, table)| text(table, "version").unwrap_or_else(|| "v1".to_owned())));
    known
}

/// A shared load balancer has to be named; what it serves is the environment's own business.
fn shared(at: &Range<usize>, environment: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let kind = text(environment, "kind").unwrap_or_default();
    let named = environment.get("load_balancer");
    match (kind.as_str(), named) {
        ("application_shared", None) => mistakes.add(at, "an application_shared environment needs a `load_balancer`"),
        ("single" | "worker", Some(balancer)) => {
            mistakes.add(&balancer.span(), format!("a {kind} environment has no load balancer"));
        }
        _ => {}
    }
}

/// Targets are numbered from 1; a repeated episode has to end before it begins again.
fn timeline(owner: &DeTable<'_>, count_key: &str, default_count: i64, mistakes: &mut Mistakes<'_>) {
    let count = owner.get(count_key).and_then(whole).unwrap_or(default_count);
    for (_, episode) in tables(owner, "timeline") {
        numbered(episode.get("targets"), count, mistakes);
        repetition(episode, mistakes);
    }
}

fn numbered(targets: Option<&Spanned<DeValue<'_>>>, count: i64, mistakes: &mut Mistakes<'_>) {
    for target in targets.and_then(|value| value.get_ref().as_array()).into_iter().flatten() {
        if whole(target).is_some_and(|number| number > count) {
            let there = if count == 1 { "is 1 target".to_owned() } else { format!("are {count} targets") };
            mistakes.add(&target.span(), format!("there {there}, counted from 1"));
        }
    }
}

fn repetition(episode: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let span = |key| span(episode, key);
    let Some(every) = episode.get("every") else { return };
    if text(episode, "becomes").as_deref() == Some("terminated") {
        mistakes.add(&every.span(), "what is terminated does not come back");
    } else if span("for").is_none_or(|lasts| span("every").is_some_and(|every| every <= lasts)) {
        mistakes.add(&every.span(), "`every` needs a `for` that is shorter");
    }
}

/// A listener's default and its rules do exactly one thing each.
fn actions(listener: &DeTable<'_>, mistakes: &mut Mistakes<'_>) {
    let rules = tables(listener, "rule").filter_map(|(_, rule)| rule.get("action"));
    for action in listener.get("default").into_iter().chain(rules) {
        let Some(table) = action.get_ref().as_table() else { continue };
        let kinds = ["forward", "split", "redirect", "fixed_response"];
        if kinds.iter().filter(|kind| table.get(**kind).is_some()).count() != 1 {
            mistakes.add(&action.span(), format!("expected exactly one of {}", kinds.join(", ")));
        }
    }
}

fn tables<'t, 'i>(
    owner: &'t DeTable<'i>,
    list: &str,
) -> impl Iterator<Item = (Range<usize>, &'t DeTable<'i>)> + use<'t, 'i> {
    owner
        .get(list)
        .and_then(|value| value.get_ref().as_array())
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((entry.span(), entry.get_ref().as_table()?)))
}

fn text(owner: &DeTable<'_>, key: &str) -> Option<String> {
    owner.get(key)?.get_ref().as_str().map(str::to_owned)
}

fn span(owner: &DeTable<'_>, key: &str) -> Option<Span> {
    text(owner, key).and_then(|text| Span::parse(&text).ok())
}

fn whole(value: &Spanned<DeValue<'_>>) -> Option<i64> {
    value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok())
}
