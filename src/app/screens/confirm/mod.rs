//! The confirmation: before and after, the exact calls, what else is affected, what cannot be undone.

mod acting;
mod alarms;
mod button;
mod button_words;
mod https;
mod inputs;
mod instance_actions;
mod options;
mod planned;
mod swap;

use std::sync::Arc;

use tui_input::Input;

use crate::app::draft::Draft;
use crate::app::list::ListState;
use crate::app::message::ExternalCommand;
use crate::change::{ApiCall, EnvironmentState, Operation, PlanInputs, Serves, Work};
use crate::config::Role;
use crate::deploy::DeployPlan;
use crate::diagnosis::findings_before_deploy;
use crate::model::{Key, clean, counted};

pub use button::Button;
pub use inputs::ConfirmInputs;
use inputs::ConfirmLine;
pub use planned::route_words;

/// What is written once it is confirmed.
#[derive(Clone, Debug)]
pub enum Intent {
    /// An operation begins, or continues where it was.
    Operate(Box<Operation>),
    /// An operation continues after a probe that failed.
    Pass(Box<Operation>),
    /// Nothing is written: the terminal is handed over.
    HandOver(ExternalCommand),
}

/// A question whose answer writes.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What is going to happen.
    pub title: String,
    /// The details to know.
    pub lines: Vec<ConfirmLine>,
    /// What is written; `None` if it cannot be, for a reason that the lines show.
    pub intent: Option<Intent>,
    /// Why nothing can be written, if nothing can: a sentence without its full stop.
    pub obstacle: Option<String>,
    /// The draft, if the route can be chosen or the form reopened.
    pub draft: Option<Draft>,
    /// The operation of one step from which it was made, to make it again.
    pub made_of: Option<Operation>,
    /// The same as commands of the AWS CLI.
    pub commands: Vec<String>,
    /// Whether the environment is a production one.
    pub is_production: bool,
    /// What has to be typed: the environment's name in production, and the id of an instance that is terminated.
    pub wanted: Option<Arc<str>>,
    /// What is typed.
    pub typed: Input,
    /// The focused element.
    pub button: Button,
    /// The lines of its text, wrapped as the last frame did.
    pub text: ListState,
}

impl Confirm {
    /// A confirmation of an operation of one step.
    #[must_use]
    pub fn of_operation(inputs: &ConfirmInputs<'_>, operation: Operation) -> Self {
        let (title, mut lines) = described(inputs, &operation);
        let calls = operation.calls();
        lines.push((String::new(), Role::Text));
        lines.extend(call_lines(&calls));
        lines.push(serves(inputs, &operation));
        let commands = calls.iter().map(|call| call.command(inputs.place)).collect();
        let refusal = operation.objection();
        lines.extend(refusal.iter().map(|why| (format!("Refused: {why}."), Role::Bad)));
        let is_asked = operation.is_dangerous && refusal.is_none();
        let ended = operation.steps.iter().find_map(|step| match &step.work {
            Work::Replace { instance, .. } => Some(Arc::clone(instance)),
            _ => None,
        });
        let made_of = operation.clone();
        let intent = refusal.is_none().then(|| Intent::Operate(Box::new(operation)));
        let mut confirm = Self::new(inputs, title, lines, intent, commands, is_asked);
        confirm.obstacle = refusal.map(|why| why.to_string());
        confirm.made_of = Some(made_of);
        if let Some(instance) = ended.filter(|_| is_asked) {
            let name = confirm.wanted.take();
            confirm.wanted = Some(name.map_or(Arc::clone(&instance), |name| format!("{name} {instance}").into()));
            confirm.button = Button::Name;
        }
        confirm
    }

    /// Returns the confirmation for handing the terminal over to a session on an instance.
    #[must_use]
    pub fn of_session(inputs: &ConfirmInputs<'_>, instance: &str, external_command: ExternalCommand) -> Self {
        let title = format!("Session on {} of {}", clean(instance), clean(&inputs.environment.name));
        let lines = instance_actions::session_lines(&external_command);
        let commands = vec![external_command.text()];
        Self::new(inputs, title, lines, Some(Intent::HandOver(external_command)), commands, false)
    }

    /// A confirmation of a rollback.
    #[must_use]
    pub fn of_rollback(inputs: &ConfirmInputs<'_>, operation: Operation) -> Self {
        let state = EnvironmentState::from(inputs.environment);
        let name = clean(&inputs.environment.name).into_owned();
        let (from, to) = operation.versions().map_or((None, ""), |(from, to)| (from, &**to));
        let (from, to) = (from.map_or("?".into(), |from| clean(from)).into_owned(), clean(to).into_owned());
        let mut lines = vec![change(&from, &to)];
        let steps: &[&str] = if state.abortable {
            &["1  abort the update in progress", "2  wait until the environment is Ready", "3  deploy"]
        } else {
            &["1  wait until the environment is Ready", "2  deploy"]
        };
        for (place, step) in steps.iter().enumerate() {
            let last = place + 1 == steps.len();
            lines.push((if last { format!("{step} {to}") } else { (*step).to_owned() }, Role::Text));
        }
        lines.push((
            "Does not come back: settings that the new version's .ebextensions made, and whatever it did to a database."
                .into(),
            Role::Warning,
        ));
        lines.push((
            "If this program ends before the rollback does, it can be resumed: every step is recorded.".into(),
            Role::Dim,
        ));
        lines.push((String::new(), Role::Text));
        let operation = Operation { seen: state, ..operation };
        let calls = operation.calls();
        lines.extend(call_lines(&calls));
        lines.push(serves(inputs, &operation));
        let commands = calls.iter().map(|call| call.command(inputs.place)).collect();
        let intent = Some(Intent::Operate(Box::new(operation)));
        Self::new(inputs, format!("Roll {name} back to {to}"), lines, intent, commands, true)
    }

    pub(super) fn new(
        inputs: &ConfirmInputs<'_>,
        title: String,
        lines: Vec<ConfirmLine>,
        intent: Option<Intent>,
        commands: Vec<String>,
        dangerous: bool,
    ) -> Self {
        let wanted = (inputs.production && dangerous).then(|| Arc::clone(&inputs.environment.name));
        let button = if wanted.is_some() { Button::Name } else { Button::Cancel };
        let is_production = inputs.production;
        Self {
            title,
            lines,
            intent,
            obstacle: None,
            draft: None,
            made_of: None,
            commands,
            is_production,
            wanted,
            typed: Input::default(),
            button,
            text: ListState::default(),
        }
    }

    /// The environment's name as it was typed, if it was wanted.
    #[must_use]
    pub fn typed_name(&self) -> Option<Arc<str>> {
        // An instance's id may follow the environment's name, and is alone where no name is wanted.
        let word = self.typed.value().split_whitespace().next().unwrap_or_default();
        let names_it = match &self.intent {
            // By `elb` HTTPS requires the name everywhere.
            Some(Intent::Operate(it) | Intent::Pass(it)) => self.is_production || it.kind.asks(),
            _ => self.is_production,
        };
        (names_it && self.wanted.is_some()).then(|| word.into())
    }

    /// Returns whether the name was typed, if one is required.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.wanted.as_deref().is_none_or(|wanted| wanted == self.typed.value().trim())
    }

    /// Returns whether Apply would write.
    #[must_use]
    pub fn can_apply(&self) -> bool {
        self.intent.is_some() && self.is_named()
    }

    /// Replaces the confirmation on screen. What was typed is kept, and so is the button if the same would be written;
    /// whatever was not shown before has to be confirmed again. Returns whether that is so.
    pub fn replace(&mut self, old: &Self) -> bool {
        self.typed = old.typed.clone();
        self.text = old.text;
        let values = |it: &Self| it.lines.iter().filter(|(_, role)| *role == Role::Title).cloned().collect::<Vec<_>>();
        let is_other = self.obstacle != old.obstacle
            || self.wanted != old.wanted
            || self.commands != old.commands
            || values(self) != values(old);
        if !is_other {
            self.button = old.button;
        }
        is_other
    }

    /// The next button, in the order of the screen.
    pub fn turn(&mut self) {
        self.button = match (self.button, self.wanted.is_some()) {
            (Button::Cancel, _) => Button::Apply,
            (Button::Apply, true) => Button::Name,
            (Button::Name, _) | (Button::Apply, false) => Button::Cancel,
        };
    }
}

/// Returns the title and the details of an operation.
fn described(inputs: &ConfirmInputs<'_>, operation: &Operation) -> (String, Vec<ConfirmLine>) {
    let name = clean(&inputs.environment.name).into_owned();
    match operation.steps.first().map(|step| &step.work) {
        Some(Work::Deploy { version, .. }) => {
            (format!("Deploy {} to {name}", clean(version)), deploy_lines(inputs, version))
        }
        Some(Work::Abort) => (format!("Abort the update of {name}"), abort_lines()),
        Some(Work::Restart) => {
            (format!("Restart the application servers of {name}"), instance_actions::restart_lines(inputs))
        }
        Some(Work::Replace { instance, .. }) => {
            (format!("Replace {} of {name}", clean(instance)), instance_actions::replace_lines())
        }
        Some(Work::Scale { from, to }) => (format!("Scale {name}"), instance_actions::scale_lines(inputs, *from, *to)),
        Some(Work::Options(edits)) => options::described(inputs, operation.kind, edits),
        Some(Work::Mute { mute, .. }) => (format!("Mute the alarms of {name}"), alarms::mute_lines(mute)),
        Some(Work::Unmute { until, .. }) => (format!("Unmute the alarms of {name}"), alarms::unmute_lines(*until)),
        Some(Work::CreateAlarms { alarms }) => (format!("Create alarms of {name}"), alarms::created_lines(alarms)),
        Some(Work::DeleteAlarms { alarms }) => (format!("Delete alarms of {name}"), alarms::created_lines(alarms)),
        Some(Work::Swap(swap)) => {
            let other = clean(&swap.other.name).into_owned();
            (format!("Swap the CNAMEs of {name} and {other}"), swap::lines(inputs, swap))
        }
        Some(Work::CreateVersion(version)) => {
            let line = format!("{} to {}", counted(version.file.bytes, "byte"), clean(&version.location()));
            (format!("Create the version {}", clean(&version.label)), vec![(line, Role::Text)])
        }
        // Settings and HTTPS have confirmations of their own.
        Some(Work::Settings(_) | Work::Https { .. }) | None => (name, Vec::new()),
    }
}

fn change(before: &str, after: &str) -> ConfirmLine {
    (format!("version   {before}  →  {after}"), Role::Title)
}

pub(super) fn call_lines(calls: &[ApiCall]) -> Vec<ConfirmLine> {
    let lines = calls.iter().flat_map(ApiCall::lines);
    lines.map(|line| (clean(&line).into_owned(), Role::Dim)).collect()
}

fn deploy_lines(inputs: &ConfirmInputs<'_>, version: &Arc<str>) -> Vec<ConfirmLine> {
    let environment = inputs.environment;
    let before = environment.version.as_deref().map_or("none".into(), clean).into_owned();
    let after = clean(version).into_owned();
    let mut lines = vec![change(&before, &after)];
    if before == after {
        lines.push(("This version is deployed already: it is deployed once more.".into(), Role::Warning));
    }
    lines.extend(planned_lines(inputs, version));
    let well = environment.health_status.as_ref().is_none_or(|it| it.as_str() == "Ok" || it.as_str() == "Info");
    if !well {
        let health = environment.health_status.as_ref().map_or("not Ok", |it| it.as_str());
        lines.push((format!("The environment is {health} now: a deploy starts from there."), Role::Warning));
    }
    lines
}

/// Returns what the deploy is going to do, from what is live, and the findings that bear on it.
fn planned_lines(inputs: &ConfirmInputs<'_>, version: &Arc<str>) -> Vec<ConfirmLine> {
    let ConfirmInputs { snapshot, environment, reliability, .. } = *inputs;
    let application = Key::new(environment.key.scope, Arc::clone(&environment.application));
    let versions = snapshot.inventory.versions.get(&application).map(Vec::as_slice);
    let plan = DeployPlan::new(snapshot, environment, version, versions).lines().into_iter();
    let lines = plan.map(|line| (line.text, if line.is_warning { Role::Warning } else { Role::Text }));
    let findings = findings_before_deploy(snapshot, reliability, &environment.key).into_iter();
    lines.chain(findings.map(|finding| (format!("Finding: {finding}"), Role::Warning))).collect()
}

fn abort_lines() -> Vec<ConfirmLine> {
    vec![
        ("The update stops where it is.".into(), Role::Text),
        (
            "An application deployment is not undone: instances that have the new version keep it (mixed versions), \
             until a version is deployed to all. A settings update is rolled back."
                .into(),
            Role::Warning,
        ),
    ]
}

/// Returns the line that lists everything the load balancer serves.
fn serves(inputs: &ConfirmInputs<'_>, operation: &Operation) -> ConfirmLine {
    let ConfirmInputs { snapshot, environment, .. } = *inputs;
    let mut serves = PlanInputs { snapshot, environment }.serves();
    serves.environments.extend(operation.serves.iter().cloned());
    serves_line(&serves)
}

/// Returns the line that lists what is affected; more than one environment is highlighted.
pub(super) fn serves_line(serves: &Serves) -> ConfirmLine {
    let role = if serves.environments.len() + serves.unowned.len() > 1 { Role::Warning } else { Role::Text };
    (format!("Serves: {}", clean(&serves.to_string())), role)
}
