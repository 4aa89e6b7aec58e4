//! The user's intent for the settings of an environment, and the edit that follows from it.

use super::routes::{asked, turned};
use super::screens::Form;
use crate::change::{Change, Field, Past, Plan, PlanInputs, PlanMistake, Route, needs_egress, plan, undo};
use crate::model::{Environment, Key, TargetGroup, clean, counted};

/// What the user wants to change in the settings of an environment.
#[derive(Clone, Debug)]
pub enum EditIntent {
    /// Stickiness the other way round, on this target group, or on the only one.
    Stickiness(Option<Key<TargetGroup>>),
    /// The edits of a draft, planned again on what is live.
    Again(Box<Draft>),
    /// A change put back.
    Undo(Past),
    /// A restart of the application servers.
    Restart,
    /// Other sizes.
    Scale,
    /// Another value of any option.
    Option,
    /// An exchange of CNAMEs with this environment.
    Swap(Key<Environment>),
    /// A probe from outside, which changes nothing.
    Probe,
}

/// An edit that can be planned: what is to become of which settings, and by which routes it may go.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The environment.
    pub environment: Key<Environment>,
    /// What is going to happen, for the title of the confirmation.
    pub title: String,
    /// Its content.
    pub what: DraftContent,
    /// The routes that the user may choose among.
    pub routes: Vec<Route>,
    /// The one that is chosen.
    pub route: Route,
    /// The form that it was filled in on, to go back to.
    pub form: Option<Box<Form>>,
}

/// The content of a draft.
#[derive(Clone, Debug)]
pub enum DraftContent {
    /// New values.
    Edits(Change),
    /// The values from before a change.
    Undo(Past),
}

impl EditIntent {
    /// Whether it changes a port, so that it is planned on what the load balancer's security groups let out, too.
    #[must_use]
    pub fn changes_port(&self) -> bool {
        match self {
            Self::Again(draft) => draft.changes_port(),
            Self::Undo(past) => past_changes_port(past),
            Self::Stickiness(_) | Self::Restart | Self::Scale | Self::Option | Self::Swap(_) | Self::Probe => false,
        }
    }
}

fn past_changes_port(past: &Past) -> bool {
    past.changes.iter().any(|change| needs_egress(&change.key))
}

impl Draft {
    /// Whether it changes a port, so that it is planned on what the load balancer's security groups let out, too.
    #[must_use]
    pub fn changes_port(&self) -> bool {
        match &self.what {
            DraftContent::Edits(edits) => edits.iter().any(|edit| needs_egress(edit.facts.key)),
            DraftContent::Undo(past) => past_changes_port(past),
        }
    }

    /// A draft of new values, through Beanstalk if any of the settings has an option: what never can is not offered so.
    #[must_use]
    pub fn of_edits(environment: &Environment, title: String, edits: Change, fields: &[&Field]) -> Self {
        let has_option = fields.iter().any(|field| field.option.is_some());
        let route = if has_option { Route::Beanstalk } else { Route::Elb };
        let (what, routes) = (DraftContent::Edits(edits), Route::ALL.to_vec());
        Self { environment: environment.key.clone(), title, what, routes, route, form: None }
    }

    /// Returns the draft of a form; `None` while nothing is changed, or something is wrong.
    #[must_use]
    pub fn from_form(form: &Form, environment: &Environment) -> Option<Self> {
        let changed: Vec<_> = form.lines.iter().filter(|line| line.is_changed()).collect();
        let is_wrong = changed.iter().any(|line| line.mistake(form.route).is_some());
        if changed.is_empty() || is_wrong || form.objection.is_some() {
            return None;
        }
        let what = match changed.as_slice() {
            [only] => only.field.key.clone(),
            several => counted(several.len(), "setting"),
        };
        let title = format!("Change {what} of {}", clean(&environment.name));
        let fields: Vec<_> = changed.iter().map(|line| &line.field).collect();
        let draft = Draft::of_edits(environment, title, form.edits(), &fields);
        Some(Draft { route: form.route, form: Some(Box::new(form.clone())), ..draft })
    }

    /// A draft that can go one way only.
    #[must_use]
    pub fn by(environment: &Environment, title: String, what: DraftContent, route: Route) -> Self {
        Self { environment: environment.key.clone(), title, what, routes: vec![route], route, form: None }
    }

    /// Returns its plan on the present state.
    ///
    /// # Errors
    /// When it cannot be carried out.
    pub fn plan(&self, basis: &PlanInputs<'_>) -> Result<Plan, PlanMistake> {
        match &self.what {
            DraftContent::Undo(past) => undo(basis, past),
            DraftContent::Edits(edits) => plan(basis, edits, asked(self.route)),
        }
    }

    /// The next route, or the one before.
    pub fn turn(&mut self, forward: bool) {
        self.route = turned(&self.routes, self.route, forward);
    }
}
