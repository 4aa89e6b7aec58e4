//! From an intent to a draft: it waits until everything is read that its plan depends on.

use std::sync::Arc;

use super::{Draft, DraftContent, EditIntent};
use crate::app::application::App;
use crate::app::dialog::{Confirm, Conflict, Dialog, Form, GroupPicker, PendingIntent};
use crate::change::settings::find;
use crate::change::{Edit, Field, Object, PlanInputs, Route, adopt, put_back};
use crate::model::{Environment, Key, Source, TargetGroup, clean, resource_name};
use crate::polling::{Question, wants};

/// The setting that `t` toggles.
const STICKINESS: &str = "stickiness.enabled";

impl App {
    /// Returns the snapshot on which edits of an environment are planned.
    pub(in crate::app) fn basis<'a>(&'a self, environment: &'a Environment) -> PlanInputs<'a> {
        PlanInputs { snapshot: self.state.snapshot(), environment }
    }

    /// Starts an edit; the user is asked nothing before everything is read that it depends on.
    pub(in crate::app) fn wish(&mut self, environment: &Environment, title: String, wish: EditIntent) {
        let waiting = PendingIntent { environment: environment.key.clone(), title, wish };
        self.state.screens.open(Dialog::Waiting(Box::new(waiting)));
        self.plan();
        self.end_waiting();
    }

    /// Goes on with what was waited for, once it is read.
    pub(in crate::app) fn end_waiting(&mut self) {
        let Some(Dialog::Waiting(waiting)) = self.state.screens.dialog() else { return };
        if !self.is_settled(waiting) {
            return;
        }
        let Some(Dialog::Waiting(waiting)) = self.state.screens.take_dialog() else { return };
        self.look_again();
        let Some(environment) = self.state.snapshot().inventory.environments.get(&waiting.environment).cloned() else {
            return self.notify("this environment is not listed any more");
        };
        match waiting.wish {
            EditIntent::Stickiness(group) => self.draft_stickiness(&environment, group.as_ref()),
            EditIntent::Restart => self.ask_restart(&environment),
            EditIntent::Scale => self.fill_in_sizes(&environment),
            EditIntent::Again(draft) => self.confirm_draft(*draft),
            EditIntent::Undo(past) => {
                let route = past.route;
                self.confirm_draft(Draft::by(&environment, waiting.title, DraftContent::Undo(past), route));
            }
        }
        self.plan();
    }

    /// Returns the sources of an environment's settings and of the owners of its objects.
    pub(in crate::app) fn sources_of_settings(&self, key: &Key<Environment>) -> Vec<Source> {
        let wanted = wants(self.state.snapshot(), &self.state.setup.cadences, &[Question::Settings(key.clone())]);
        wanted.into_iter().map(|want| want.source).collect()
    }

    /// Whether everything was read that a plan needs, or cannot be.
    fn is_settled(&self, waiting: &PendingIntent) -> bool {
        let (known, request_log) = (self.state.snapshot(), &self.state.poller().request_log);
        let mut wanted = self.sources_of_settings(&waiting.environment);
        if waiting.wish.changes_port() {
            wanted.extend(self.security_groups(&waiting.environment));
        }
        // A toggle touches no listener.
        let is_toggle = matches!(waiting.wish, EditIntent::Stickiness(_));
        wanted.retain(|source| !(is_toggle && matches!(source, Source::ListenerAttributes(_))));
        // What a write of ours has just overtaken is no ground to plan on.
        let is_read = |source| known.reads.is_tried(source) && !request_log.is_expired(source);
        known.is_base_tried() && wanted.iter().all(is_read)
    }

    /// Stickiness the other way round, as far as it is clear where.
    fn draft_stickiness(&mut self, environment: &Environment, group: Option<&Key<TargetGroup>>) {
        let basis = self.basis(environment);
        let groups = basis.target_groups();
        let key = match (group, groups.as_slice()) {
            (Some(key), _) => key.clone(),
            (None, [only]) => only.key.clone(),
            (None, []) => {
                let words = format!("no target group of {} is known", clean(&environment.name));
                return self.notify(words);
            }
            (None, several) => {
                let keys = several.iter().map(|group| group.key.clone()).collect();
                return self.pick_group(environment, keys);
            }
        };
        let Ok(named) = find(STICKINESS) else { return };
        let field = basis.field(&Object::TargetGroup(key), named.facts);
        let Some(live) = field.live.clone() else {
            return self.notify(self.unread(environment, &field));
        };
        let value = (&*live != "true").to_string();
        let word = if value == "true" { "on" } else { "off" };
        let title = format!("Stickiness {word}: {} of {}", resource_name(field.object.arn()), clean(&environment.name));
        let edits = vec![Edit { object: field.object.clone(), facts: field.facts, value }];
        self.confirm_draft(Draft::of_edits(environment, title, edits, &[&field]));
    }

    /// Opens the picker: nothing is written to a group that the user has not chosen.
    fn pick_group(&mut self, environment: &Environment, keys: Vec<Key<TargetGroup>>) {
        let basis = self.basis(environment);
        let title = |key: &Key<TargetGroup>| super::object_title(&basis, &Object::TargetGroup(key.clone()));
        let choices = keys.into_iter().map(|key| (title(&key), key)).collect();
        let picker = GroupPicker::new(environment.key.clone(), Arc::clone(&environment.name), choices);
        self.state.screens.open(Dialog::Groups(picker));
    }

    /// Why a value is not known.
    fn unread(&self, environment: &Environment, field: &Field) -> String {
        let known = self.state.snapshot().reads.faults();
        let of = |subject: Option<&Arc<str>>| {
            subject.is_some_and(|it| it == field.object.arn() || *it == environment.key.id)
        };
        let fault = known.iter().find(|(source, ..)| of(source.subject()));
        let why = fault.map_or(String::new(), |(_, fault, _)| format!(": {}", fault.sentence()));
        format!("{} is not read{why}", field.key)
    }

    /// The security groups of an environment's load balancer.
    fn security_groups(&self, key: &Key<Environment>) -> Vec<Source> {
        let environment = self.state.snapshot().inventory.environments.get(key);
        environment.map(|environment| self.basis(environment).security_groups()).unwrap_or_default()
    }

    /// Asks whether a draft should be carried out, once all is read that it is planned on.
    pub(in crate::app) fn confirm_draft(&mut self, draft: Draft) {
        let Some(environment) = self.state.snapshot().inventory.environments.get(&draft.environment).cloned() else {
            return;
        };
        let groups = if draft.changes_port() { self.security_groups(&draft.environment) } else { Vec::new() };
        if !groups.iter().all(|source| self.state.snapshot().reads.is_tried(source)) {
            let title = draft.title.clone();
            return self.wish(&environment, title, EditIntent::Again(Box::new(draft)));
        }
        let plan = draft.plan(&self.basis(&environment));
        self.confirm(&environment, |ground| Confirm::of_draft(ground, draft, plan));
    }

    /// Opens the form for these settings, which belong to objects of one environment.
    pub(in crate::app) fn fill_in(&mut self, environment: &Environment, fields: Vec<Field>, at: usize) {
        if let Some(field) = fields.iter().find(|field| field.live.is_none()) {
            return self.notify(self.unread(environment, field));
        }
        self.state.screens.open(Dialog::Form(Box::new(Form::new(environment, fields, at))));
        self.check_form();
    }

    /// Drift that is kept: the live value becomes the option's.
    pub(in crate::app) fn draft_adoption(&mut self, environment: &Environment, fields: &[Field]) {
        let title = format!("Adopt what is live into Beanstalk: {}", clean(&environment.name));
        self.confirm_draft(Draft::by(environment, title, DraftContent::Edits(adopt(fields)), Route::Beanstalk));
    }

    /// Drift that is put back: the option's value becomes live.
    pub(in crate::app) fn draft_put_back(&mut self, environment: &Environment, fields: &[Field]) {
        let title = format!("Put Beanstalk's values back: {}", clean(&environment.name));
        self.confirm_draft(Draft::by(environment, title, DraftContent::Edits(put_back(fields)), Route::Elb));
    }

    /// Makes a confirmation from a conflict, planned on what is live now.
    pub(in crate::app) fn look_anew(&mut self, conflict: Conflict) {
        let Conflict { draft, .. } = conflict;
        // A change that was overtaken is not put back by looking again.
        if matches!(draft.what, DraftContent::Undo(_)) {
            return;
        }
        let Some(environment) = self.state.snapshot().inventory.environments.get(&draft.environment).cloned() else {
            return;
        };
        let (key, title) = (environment.key.clone(), draft.title.clone());
        let waiting = PendingIntent { environment: key, title, wish: EditIntent::Again(Box::new(draft)) };
        self.expire_settings(&environment.key);
        self.state.screens.open(Dialog::Waiting(Box::new(waiting)));
        self.plan();
    }
}
