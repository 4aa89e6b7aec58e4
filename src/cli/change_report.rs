//! The output of `set` and `undo`: what a change of settings would do or did, as one object or as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::arguments::Format;
use super::desk::Desk;
use super::failure::Failure;
use super::output;
use super::problem::{ErrorLine, problems};
use super::reading::Reading;
use super::report::{call_lines, failed};
use super::served::Served;
use super::table::{self, ColumnShape};
use crate::change::{ApiCall, Difference, Outcome, Plan, Refusal, ValueChange, Written};
use crate::deploy::ImpactWatch;
use crate::model::{clean, load_balancer_name, resource_name};
use crate::runtime::terminal_width;

/// The report of a change of settings.
#[derive(Debug, Serialize)]
pub struct ChangeReport {
    environment: Arc<str>,
    environment_id: Arc<str>,
    application: Arc<str>,
    target_group: Option<String>,
    load_balancer: Option<String>,
    kind: &'static str,
    route: &'static str,
    changes: Vec<ValueChange>,
    calls: Vec<ApiCall>,
    commands: Vec<String>,
    serves: Served,
    dangerous: bool,
    dangers: Vec<String>,
    warnings: Vec<String>,
    /// Not diagnosed: null, which is not none.
    findings_added: Option<Vec<String>>,
    findings_removed: Option<Vec<String>>,
    refused: Option<String>,
    id: Option<Arc<str>>,
    undoes: Option<Arc<str>>,
    outcome: &'static str,
    message: Option<String>,
    conflicts: Vec<Clash>,
    observed: Option<BTreeMap<String, Option<Arc<str>>>>,
    request_ids: Vec<Arc<str>>,
    /// What was seen afterwards; null if it was not watched.
    watch: Option<ImpactWatch>,
    errors: Vec<ErrorLine>,
    /// The remarks on what is live now, a sentence each.
    #[serde(skip)]
    now: Vec<String>,
}

/// A value that is no longer what was seen.
#[derive(Debug, Serialize)]
struct Clash {
    key: Arc<str>,
    seen: Arc<str>,
    live: Arc<str>,
    wanted: Option<Arc<str>>,
}

impl From<&Difference> for Clash {
    fn from(it: &Difference) -> Self {
        let Difference { key, seen, live, wanted } = it.clone();
        Self { key, seen, live, wanted }
    }
}

impl ChangeReport {
    /// Returns the report of what would be done; `refusal` is why it would not.
    pub fn planned(desk: &Desk<'_>, reading: &Reading, plan: &Plan, refusal: Option<&Refusal>) -> Self {
        let calls = plan.calls();
        let outcome = match refusal {
            Some(_) => "refused",
            None if plan.is_empty() => "unchanged",
            None => "planned",
        };
        Self {
            environment: Arc::clone(&plan.subject.name),
            environment_id: Arc::clone(&plan.subject.key.id),
            application: Arc::clone(&plan.subject.application),
            target_group: plan.target_group.as_ref().map(|key| resource_name(&key.id).to_owned()),
            load_balancer: plan.load_balancer.as_ref().map(|key| load_balancer_name(&key.id).to_owned()),
            kind: plan.kind(),
            route: plan.route.as_str(),
            changes: plan.changes(),
            commands: calls.iter().map(|call| call.command(&desk.place())).collect(),
            calls,
            serves: Served::from(&plan.serves),
            dangerous: plan.is_dangerous(),
            dangers: plan.dangers.clone(),
            warnings: plan.warnings.clone(),
            findings_added: None,
            findings_removed: None,
            refused: refusal.map(ToString::to_string),
            id: None,
            undoes: plan.undoes.clone(),
            outcome,
            message: plan.is_empty().then(|| nothing(plan)),
            conflicts: Vec::new(),
            observed: None,
            request_ids: Vec::new(),
            watch: None,
            errors: problems(reading).iter().map(ErrorLine::from).collect(),
            now: Vec::new(),
        }
    }

    /// Adds a note.
    pub fn with_note(mut self, note: Option<String>) -> Self {
        self.warnings.extend(note);
        self
    }

    /// Returns the report of what was done.
    pub fn of(desk: &Desk<'_>, reading: &Reading, plan: &Plan, written: &Written) -> Self {
        let refusal = if let Outcome::Refused(refusal) = &written.outcome { Some(refusal) } else { None };
        let mut report = Self::planned(desk, reading, plan, refusal);
        report.id.clone_from(&written.id);
        report.outcome = written.outcome.word();
        report.message = written.outcome.reason().or(report.message);
        report.request_ids.clone_from(&written.request_ids);
        if let Outcome::Conflict(differences) = &written.outcome {
            report.conflicts = differences.iter().map(Clash::from).collect();
        }
        report.observed = (!written.values.is_empty()).then(|| written.values.iter().cloned().collect());
        report.now = plan.overwritten(&written.values).iter().map(ToString::to_string).collect();
        let unseen = written.unseen.as_ref();
        report.now.extend(unseen.map(|fault| format!("what is live now could not be read: {}", fault.sentence())));
        report.errors.extend(failed(written));
        report
    }

    /// Adds the impact that was seen afterwards.
    pub fn watched(self, impact: ImpactWatch) -> Self {
        Self { watch: Some(impact), ..self }
    }

    /// Prints it as an object, if JSON is requested.
    pub fn print(&self, format: Format) -> Result<(), Failure> {
        match format {
            Format::Table => Ok(()),
            Format::Json => output::json(self),
            Format::Jsonl => output::json_line(self),
        }
    }

    /// Prints what was done, as an object or as text.
    pub fn report(&self, format: Format) -> Result<(), Failure> {
        if format != Format::Table {
            return self.print(format);
        }
        match self.outcome {
            "applied" => output::result(&format!("{}{}{}", self.table(), self.present(), self.ending())),
            "unchanged" => output::result(&format!("{}\n", self.message.clone().unwrap_or_default())),
            _ => Ok(()),
        }
    }

    /// Describes the live values, where they are not the written ones.
    fn present(&self) -> String {
        self.now.iter().fold(String::new(), |text, words| text + &clean(words) + "\n")
    }

    /// Describes what happens next, and how to undo it.
    fn ending(&self) -> String {
        let id = self.id.as_deref().unwrap_or_default();
        let name = &self.environment;
        let lasting = match self.route {
            "elb" => "written to the load balancer".to_owned(),
            "both" => "written to the load balancer; Beanstalk updates the environment".to_owned(),
            _ => format!("Beanstalk updates the environment: beanpole show {name} shows when it is live"),
        };
        clean(&format!("{lasting}. To put it back: beanpole undo {id}")).into_owned() + "\n"
    }

    /// Returns the plan as text.
    pub fn plan(&self) -> String {
        let mut text = self.table();
        text.push_str(&call_lines(&self.calls, &self.commands));
        text.push_str(&self.circumstances());
        if self.outcome == "unchanged" {
            let _ = writeln!(text, "{}", self.message.clone().unwrap_or_default());
        }
        text
    }

    /// Returns the question before it is written.
    pub fn question(&self, whereabouts: &str) -> String {
        let kind = if self.undoes.is_some() { "put back" } else { "set" };
        let what = format!("{kind} on {} ({whereabouts}), route {}", self.environment, self.route);
        format!("{}\n{}", clean(&what), self.plan().trim_end())
    }

    fn circumstances(&self) -> String {
        let mut text = String::new();
        let serves: Vec<_> = self.serves.environments.iter().map(ToString::to_string).collect();
        let unowned = self
            .serves
            .unowned_target_groups
            .iter()
            .map(|name| format!("target group {name} (not owned by an environment)"));
        let serves: Vec<_> = serves.into_iter().chain(unowned).collect();
        let _ = writeln!(text, "serves   {}", clean(&serves.join(", ")));
        for danger in &self.dangers {
            let _ = writeln!(text, "danger   {}", clean(danger));
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "note     {}", clean(warning));
        }
        text
    }

    fn table(&self) -> String {
        const SHAPES: [ColumnShape; 4] = [
            ColumnShape::text("KEY"),
            ColumnShape::text("BEFORE"),
            ColumnShape::text("AFTER"),
            ColumnShape::text("OPTION"),
        ];
        let value = |value: &Option<String>| match value.as_deref() {
            None => "unset".to_owned(),
            Some("") => "\"\"".to_owned(),
            Some(value) => value.to_owned(),
        };
        let option = |change: &ValueChange| {
            let option = change.option.as_ref();
            option.map(|it| format!("{}: {} -> {}", it.name, value(&it.before), value(&it.after))).unwrap_or_default()
        };
        let cells = |it: &ValueChange| vec![it.key.clone(), value(&it.before), value(&it.after), option(it)];
        let rows: Vec<_> = self.changes.iter().map(cells).collect();
        table::lines(&SHAPES, &rows, terminal_width())
    }
}

/// Why there is nothing to do.
fn nothing(plan: &Plan) -> String {
    let is_live = plan.rows.iter().all(|row| row.seen == row.wanted);
    let name = &plan.subject.name;
    if is_live {
        return clean(&format!("{name}: it is so already, so nothing is called")).into_owned();
    }
    let reported = "the options have these values already, so Beanstalk would do nothing and nothing is called; to write them over \
                what is live: --route elb";
    clean(&format!("{name}: {reported}")).into_owned()
}
