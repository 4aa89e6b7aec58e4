//! The answer of `why`.

use std::sync::Arc;

use serde::Serialize;

use crate::cli::findings::{FindingItem, UndecidedItem};
use crate::cli::problem::Problem;
use crate::diagnosis::{Finding, WhyAction, WhyAlarm, WhyChange, WhyPage, WhyTarget};
use crate::model::{Environment, Moment};

/// The whole answer. Nothing but `errors` is there if the environments could not be listed.
#[derive(Debug, Serialize)]
pub struct WhyAnswer<'a> {
    environment: Option<Arc<str>>,
    environment_id: Option<Arc<str>>,
    health: Option<Arc<str>>,
    status: Option<String>,
    version: Option<Arc<str>>,
    headline: Option<&'a str>,
    findings: Option<Vec<FindingItem>>,
    silenced: Option<Vec<FindingItem>>,
    undecided: Option<Vec<UndecidedItem>>,
    targets: Option<Vec<TargetItem<'a>>>,
    causes: Option<&'a [Arc<str>]>,
    alarms: Option<Vec<WhyAlarmItem<'a>>>,
    changes: Option<Vec<ChangeItem<'a>>>,
    /// The change after which it began, by its place in `changes`.
    trigger: Option<TriggerItem>,
    actions: Option<Vec<ActionItem>>,
    errors: &'a [Problem],
}

#[derive(Debug, Serialize)]
struct TargetItem<'a> {
    id: &'a str,
    port: Option<i32>,
    target_group: &'a str,
    state: String,
    reason: Option<&'a str>,
    message: &'a str,
    advice: &'a str,
    since: Option<String>,
    /// Whether it began then; else it may have lasted longer.
    since_exact: Option<bool>,
}

#[derive(Debug, Serialize)]
struct WhyAlarmItem<'a> {
    name: &'a str,
    since: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChangeItem<'a> {
    at: Option<String>,
    kind: &'static str,
    by: Option<&'a str>,
    what: &'a str,
}

#[derive(Debug, Serialize)]
struct TriggerItem {
    change: usize,
    seconds: u64,
}

#[derive(Debug, Serialize)]
struct ActionItem {
    action: &'static str,
    command: Option<String>,
}

impl<'a> WhyAnswer<'a> {
    /// The answer where the environments could not be listed.
    pub fn nothing(errors: &'a [Problem]) -> Self {
        Self {
            environment: None,
            environment_id: None,
            health: None,
            status: None,
            version: None,
            headline: None,
            findings: None,
            silenced: None,
            undecided: None,
            targets: None,
            causes: None,
            alarms: None,
            changes: None,
            trigger: None,
            actions: None,
            errors,
        }
    }

    /// Returns a page as an answer.
    pub fn new(page: &'a WhyPage, environment: &Environment, errors: &'a [Problem]) -> Self {
        let silenced = |(finding, reason): &(Finding, String)| FindingItem::new(finding, environment).silenced(reason);
        let action = |it: &WhyAction| ActionItem { action: it.as_str(), command: it.command(environment) };
        Self {
            environment: Some(Arc::clone(&page.name)),
            environment_id: Some(Arc::clone(&page.environment.id)),
            health: Some(Arc::clone(&page.health)),
            status: Some(page.status.as_str().to_owned()),
            version: page.version.clone(),
            headline: Some(&page.headline),
            findings: Some(page.findings.iter().map(|it| FindingItem::new(it, environment)).collect()),
            silenced: Some(page.silenced.iter().map(silenced).collect()),
            undecided: Some(page.undecided.iter().map(|it| UndecidedItem::new(it, environment)).collect()),
            targets: Some(page.targets.iter().map(TargetItem::from).collect()),
            causes: Some(&page.causes),
            alarms: page.alarms.as_ref().map(|alarms| alarms.iter().map(WhyAlarmItem::from).collect()),
            changes: Some(page.changes.iter().map(ChangeItem::from).collect()),
            trigger: page.trigger.map(|it| TriggerItem { change: it.change, seconds: it.after.as_secs() }),
            actions: Some(page.actions.iter().map(action).collect()),
            errors,
        }
    }
}

impl<'a> From<&'a WhyTarget> for TargetItem<'a> {
    fn from(it: &'a WhyTarget) -> Self {
        Self {
            id: &it.id,
            port: it.port,
            target_group: &it.target_group.id,
            state: it.state.as_str().to_owned(),
            reason: it.reason.as_deref(),
            message: &it.words,
            advice: &it.advice,
            since: it.since.map(|(at, _)| at.to_string()),
            since_exact: it.since.map(|(_, is_exact)| is_exact),
        }
    }
}

impl<'a> From<&'a WhyAlarm> for WhyAlarmItem<'a> {
    fn from(it: &'a WhyAlarm) -> Self {
        Self { name: &it.name, since: it.since.as_ref().map(Moment::to_string) }
    }
}

impl<'a> From<&'a WhyChange> for ChangeItem<'a> {
    fn from(it: &'a WhyChange) -> Self {
        let at = it.at.as_ref().map(Moment::to_string);
        Self { at, kind: it.kind.as_str(), by: it.by.as_deref(), what: &it.what }
    }
}
