//! Two environments side by side, before their CNAMEs are exchanged: what decides whether the one can take the place of the
//! other. What is not known is said, and never shown as none.

use std::sync::Arc;

use serde::Serialize;

use super::inputs::Inputs;
use super::values::health::health_of;
use super::values::stickiness::Stickiness;
use crate::model::{
    Environment, EnvironmentStatus, Key, Known, Reliability, Snapshot, Source, counted, duration_words, resource_name,
};

/// A fact of both environments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideRow {
    /// Which: `version`, `targets` ...
    pub what: &'static str,
    /// Of the first.
    pub a: String,
    /// Of the second.
    pub b: String,
}

impl SideRow {
    /// Whether both have the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.a == self.b
    }
}

/// The row of the CNAMEs.
pub const CNAME: &str = "CNAME";

/// How a fact of an environment is described.
type Describe = fn(&Inputs<'_>) -> String;

const ROWS: [(&str, Describe); 10] = [
    (CNAME, |it| text(it.environment.cname.as_ref())),
    ("version", |it| text(it.environment.version.as_ref())),
    ("status", |it| it.environment.status.as_str().to_owned()),
    ("health", |it| health_of(it.environment).0.to_string()),
    ("targets", targets),
    ("listeners", listeners),
    ("certificates", certificates),
    ("stickiness", |it| known(it.stickiness(), |it| stickiness(*it))),
    ("alarms in ALARM", alarms),
    ("drift", |it| {
        known(it.drift(), |drift| {
            let values = counted(drift.values, "value");
            if drift.is_unknown() { format!("{values}, and what could not be compared") } else { values }
        })
    }),
];

/// Returns the facts of two environments in the order of the screen; none of one that is not in the snapshot.
#[must_use]
pub fn side_by_side(
    snapshot: &Snapshot,
    reliability: &dyn Reliability,
    a: &Key<Environment>,
    b: &Key<Environment>,
) -> Vec<SideRow> {
    let sides = [a, b].map(|key| Inputs::new(snapshot, reliability, key));
    let [Some(first), Some(second)] = &sides else { return Vec::new() };
    ROWS.iter().map(|(what, describe)| SideRow { what, a: describe(first), b: describe(second) }).collect()
}

/// Returns what to know before the CNAMEs of these two are exchanged, beyond the comparison.
#[must_use]
pub fn swap_notes(snapshot: &Snapshot, a: &Environment, b: &Environment) -> Vec<String> {
    let (one, other) = (&a.name, &b.name);
    let mut notes = vec![
        format!(
            "DNS caches keep clients on the environment that they resolved: after the exchange {one} and {other} both serve for a while."
        ),
        format!(
            "Pipelines and scripts deploy by environment name, and the names stay: what deploys to {one} still deploys to {one}."
        ),
    ];
    let shared = |it: &&Environment| {
        let link = snapshot.link(&it.key);
        link.is_some_and(|link| link.balancer == crate::model::Balancer::ApplicationShared)
    };
    let names: Vec<_> = [a, b].into_iter().filter(shared).map(|it| &*it.name).collect();
    if !names.is_empty() {
        notes.push(format!(
            "The load balancer of {} is shared: its rules match the CNAME as host header, and whether Beanstalk changes them is \
             not known. They are read afterwards.",
            names.join(" and ")
        ));
    }
    let unhealthy = |it: &&Environment| it.status == EnvironmentStatus::Ready && health_of(it).1 < WELL;
    notes.extend([a, b].into_iter().filter(unhealthy).map(|it| format!("{} is {} now.", it.name, health_of(it).0)));
    notes
}

/// From this rank of health on nothing is wrong.
const WELL: u8 = 4;

fn text(value: Option<&Arc<str>>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn known<T>(value: &Known<T>, describe: impl FnOnce(&T) -> String) -> String {
    match value {
        Known::Absent => "none".to_owned(),
        Known::Pending => "not read".to_owned(),
        Known::Failed(kind) => format!("not read ({})", kind.as_str()),
        Known::Read(value) => describe(value),
    }
}

fn targets(it: &Inputs<'_>) -> String {
    known(it.targets(), |counts| {
        let draining = if counts.draining > 0 { format!(", {} draining", counts.draining) } else { String::new() };
        format!("{} of {} healthy{draining}", counts.healthy, counts.expected)
    })
}

fn stickiness(it: Stickiness) -> String {
    match it {
        Stickiness::Off => "off".to_owned(),
        Stickiness::LoadBalancerCookie(seconds) => format!("lb_cookie, {}", duration_words(seconds)),
        Stickiness::ApplicationCookie => "app_cookie".to_owned(),
        Stickiness::Mixed => "on for some target groups".to_owned(),
    }
}

fn listeners(it: &Inputs<'_>) -> String {
    let Some(key) = it.load_balancer() else { return "none".to_owned() };
    match it.inventory().listeners.get(key) {
        None => unread(it, &Source::Listeners(key.clone())),
        Some(listeners) => {
            let word = |text: Option<&Arc<str>>| text.map_or("?", |text| text).to_owned();
            let mut all: Vec<_> = listeners.iter().map(|it| (it.port, word(it.protocol.as_ref()))).collect();
            all.sort();
            let words = all.iter().map(|(port, protocol)| format!("{} {protocol}", port.unwrap_or_default()));
            none_or(&words.collect::<Vec<_>>())
        }
    }
}

fn certificates(it: &Inputs<'_>) -> String {
    let Some(key) = it.load_balancer() else { return "none".to_owned() };
    let Some(listeners) = it.inventory().listeners.get(key) else {
        return unread(it, &Source::Listeners(key.clone()));
    };
    let name = |arn: &Arc<str>| {
        let known = it.inventory().certificates.get(&Key::new(key.scope, Arc::clone(arn)));
        let domain = known.and_then(|it| it.domain.clone());
        domain.map_or_else(|| resource_name(arn).to_owned(), |domain| domain.to_string())
    };
    let mut names: Vec<_> = listeners.iter().flat_map(|listener| &listener.certificates).map(name).collect();
    names.sort();
    names.dedup();
    none_or(&names)
}

fn none_or(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn alarms(it: &Inputs<'_>) -> String {
    let source = Source::RaisedAlarms(it.snapshot.scope);
    if it.snapshot.reads.is_whole(&source) {
        return it.snapshot.raised_alarms(it.environment).len().to_string();
    }
    unread(it, &source)
}

fn unread(it: &Inputs<'_>, source: &Source) -> String {
    match it.snapshot.reads.fault(source) {
        Some(fault) => format!("not read ({})", fault.kind.as_str()),
        None => "not read".to_owned(),
    }
}
