//! From an intent to a draft: what its plan depends on, and the confirmation of it.

use std::sync::Arc;

use super::State;
use crate::app::columns::NOTHING;
use crate::app::draft::{Draft, DraftContent, EditIntent};
use crate::app::response::Response;
use crate::app::screens::environment::{group_lines, object_title};
use crate::app::screens::{Confirm, ConfirmInputs, Form, IntentPicker, PendingIntent};
use crate::change::settings::find;
use crate::change::{CnameSwap, Edit, Field, Object, Operation, PlanInputs, Route, Work, adopt, put_back, resolve};
use crate::diagnosis::Fix;
use crate::model::{Environment, Key, Source, TargetGroup, clean, resource_name};
use crate::polling::{Question, wants};

/// The setting that `t` toggles.
const STICKINESS: &str = "stickiness.enabled";

impl State {
    /// Returns the snapshot on which edits of an environment are planned.
    #[must_use]
    pub fn plan_inputs<'a>(&'a self, environment: &'a Environment) -> PlanInputs<'a> {
        PlanInputs { snapshot: self.snapshot(), environment }
    }

    /// Makes a confirmation about an environment.
    pub(in crate::app) fn confirmation(
        &self,
        environment: &Environment,
        make: impl FnOnce(&ConfirmInputs<'_>) -> Confirm,
    ) -> Confirm {
        let scope = self.setup.scopes.get(self.setup.scope).cloned().unwrap_or_default();
        let region = self.session().facts.region.clone().or(scope.region);
        let named = [("profile", scope.profile), ("region", region), ("endpoint-url", scope.endpoint)];
        let place: Vec<_> = named.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        let production = self.setup.is_production(&environment.name);
        let (snapshot, reliability) = (self.snapshot(), &self.freshness());
        make(&ConfirmInputs { snapshot, reliability, environment, production, place: &place })
    }

    /// Opens a confirmation about an environment.
    pub(in crate::app) fn confirm(
        &self,
        environment: &Environment,
        make: impl FnOnce(&ConfirmInputs<'_>) -> Confirm,
    ) -> Response {
        Response::open(self.confirmation(environment, make))
    }

    /// The same for an environment by its key, if it is listed.
    pub(in crate::app) fn confirm_of(
        &self,
        environment: &Key<Environment>,
        make: impl FnOnce(&ConfirmInputs<'_>) -> Confirm,
    ) -> Response {
        let environment = self.snapshot().inventory.environments.get(environment);
        environment.map_or_else(Response::none, |environment| self.confirm(environment, make))
    }

    /// Returns the sources of an environment's settings and of the owners of its objects.
    pub(in crate::app) fn sources_of_settings(&self, key: &Key<Environment>) -> Vec<Source> {
        self.sources_of(&[Question::Settings(key.clone())])
    }

    /// Returns the sources that answer these questions, as far as they are known by now.
    pub(in crate::app) fn sources_of(&self, questions: &[Question]) -> Vec<Source> {
        wants(self.snapshot(), &self.setup.cadences, questions).into_iter().map(|want| want.source).collect()
    }

    /// The security groups of an environment's load balancer.
    pub(in crate::app) fn security_groups(&self, key: &Key<Environment>) -> Vec<Source> {
        let environment = self.snapshot().inventory.environments.get(key);
        environment.map(|environment| self.plan_inputs(environment).security_groups()).unwrap_or_default()
    }

    /// Returns the environments with which the CNAME of this one can be exchanged, by name.
    pub(in crate::app) fn swap_partners(&self, environment: &Environment) -> Vec<&Environment> {
        let all = self.snapshot().inventory.environments.values();
        let is_possible = |it: &&Environment| !it.is_ending() && CnameSwap::new(environment, it).is_ok();
        let mut partners: Vec<_> = all.filter(is_possible).collect();
        partners.sort_by_key(|it| (&it.name, &it.key));
        partners
    }

    /// Asks with which environment CNAMEs are exchanged.
    pub(in crate::app) fn pick_swap(&self, environment: &Environment) -> Response {
        let words = |it: &Environment| {
            let (name, cname) = (clean(&it.name), it.cname.as_deref().map(clean).unwrap_or_default());
            format!("{name}  {}  {}  {cname}", it.version.as_deref().map_or(NOTHING.into(), clean), it.status.as_str())
        };
        let partners = self.swap_partners(environment).into_iter();
        let choices = partners.map(|it| (words(it), EditIntent::Swap(it.key.clone()))).collect();
        let name = clean(&environment.name);
        let titles = (format!("Swap the CNAME of {name} with"), format!("Swap the CNAME of {name}"));
        Response::open(IntentPicker::new(environment.key.clone(), titles, choices))
    }

    /// Asks for an exchange of CNAMEs. Of the two, the name of the production environment is typed.
    pub(in crate::app) fn ask_swap(&self, environment: &Environment, other: &Key<Environment>) -> Response {
        let Some(other) = self.snapshot().inventory.environments.get(other) else {
            return Response::notice("the other environment is not listed any more");
        };
        let is_production = |it: &Environment| self.setup.is_production(&it.name);
        let is_turned = is_production(other) && !is_production(environment);
        let (own, other) = if is_turned { (other, environment) } else { (environment, other) };
        match Operation::swap(own, other) {
            Ok(operation) => self.confirm(own, |inputs| Confirm::of_operation(inputs, operation)),
            Err(refusal) => Response::notice(clean(&refusal.to_string()).into_owned()),
        }
    }

    /// Asks for a restart of the application servers.
    pub(in crate::app) fn ask_restart(&self, environment: &Environment) -> Response {
        let operation = Operation::of(environment, Work::Restart);
        self.confirm(environment, |inputs| Confirm::of_operation(inputs, operation))
    }

    /// Stickiness the other way round, as far as it is clear where.
    pub(in crate::app) fn draft_stickiness(
        &self,
        environment: &Environment,
        group: Option<&Key<TargetGroup>>,
    ) -> Response {
        let inputs = self.plan_inputs(environment);
        let groups = inputs.target_groups();
        let key = match (group, groups.as_slice()) {
            (Some(key), _) => key.clone(),
            (None, [only]) => only.key.clone(),
            (None, []) => {
                return Response::notice(format!("no target group of {} is known", clean(&environment.name)));
            }
            (None, several) => {
                let keys = several.iter().map(|group| group.key.clone()).collect();
                return self.pick_group(environment, keys);
            }
        };
        let Ok(named) = find(STICKINESS) else { return Response::none() };
        let field = inputs.field(&Object::TargetGroup(key), named.facts);
        let Some(live) = field.live.clone() else {
            return Response::notice(self.why_unread(environment, &field));
        };
        let value = (&*live != "true").to_string();
        let word = if value == "true" { "on" } else { "off" };
        let title = format!("Stickiness {word}: {} of {}", resource_name(field.object.arn()), clean(&environment.name));
        let edits = vec![Edit { object: field.object.clone(), facts: field.facts, value }];
        self.confirm_draft(Draft::of_edits(environment, title, edits, &[&field]))
    }

    /// Opens the picker: nothing is written to a group that the user has not chosen.
    fn pick_group(&self, environment: &Environment, keys: Vec<Key<TargetGroup>>) -> Response {
        let lines = group_lines(self.snapshot(), environment, &keys);
        let choices =
            lines.into_iter().zip(keys).map(|(line, key)| (line, EditIntent::Stickiness(Some(key)))).collect();
        let name = clean(&environment.name);
        let titles = (format!("Which target group of {name}"), format!("Stickiness of {name}"));
        Response::open(IntentPicker::new(environment.key.clone(), titles, choices))
    }

    /// Why a value is not known.
    fn why_unread(&self, environment: &Environment, field: &Field) -> String {
        let known = self.snapshot().reads.faults();
        let of = |subject: Option<&Arc<str>>| {
            subject.is_some_and(|it| it == field.object.arn() || *it == environment.key.id)
        };
        let fault = known.iter().find(|(source, ..)| of(source.subject()));
        let why = fault.map_or(String::new(), |(_, fault, _)| format!(": {}", fault.sentence()));
        format!("{} is not read{why}", field.key)
    }

    /// Plans a draft on what was read; `None` while something is not read that it is planned on.
    pub(in crate::app) fn planned(&self, environment: &Environment, draft: Draft) -> Option<Confirm> {
        let groups = if draft.changes_port() { self.security_groups(&draft.environment) } else { Vec::new() };
        if !groups.iter().all(|source| self.snapshot().reads.is_tried(source)) {
            return None;
        }
        let plan = draft.plan(&self.plan_inputs(environment));
        Some(self.confirmation(environment, |inputs| Confirm::of_draft(inputs, draft, plan)))
    }

    /// Asks whether a draft should be carried out, once all is read that it is planned on.
    pub(in crate::app) fn confirm_draft(&self, draft: Draft) -> Response {
        let Some(environment) = self.snapshot().inventory.environments.get(&draft.environment) else {
            return Response::none();
        };
        match self.planned(environment, draft.clone()) {
            Some(confirm) => Response::open(confirm),
            None => PendingIntent::wait(environment, draft.title.clone(), EditIntent::Again(Box::new(draft))),
        }
    }

    /// Opens the form for these settings, which belong to objects of one environment.
    pub(in crate::app) fn fill_in(&self, environment: &Environment, fields: Vec<Field>, at: usize) -> Response {
        if let Some(field) = fields.iter().find(|field| field.live.is_none()) {
            return Response::notice(self.why_unread(environment, field));
        }
        let inputs = self.plan_inputs(environment);
        let of = |field: Field| (object_title(&inputs, &field.object), field);
        let mut form = Form::new(environment, fields.into_iter().map(of).collect(), at);
        form.check_in(self);
        Response::open(form)
    }

    /// The change that would end a finding, by the route that keeps it.
    pub(in crate::app) fn draft_fix(&self, environment: &Environment, fix: &Fix) -> Response {
        let Fix::Setting { target_group, key, value } = fix else { return Response::none() };
        let inputs = self.plan_inputs(environment);
        let edits = match resolve(&inputs, &[(key.clone(), value.clone())], target_group.as_ref()) {
            Ok(edits) => edits,
            Err(mistake) => return Response::notice(clean(&mistake.to_string()).into_owned()),
        };
        let fields: Vec<_> = edits.iter().map(|edit| inputs.field(&edit.object, edit.facts)).collect();
        let title = format!("Change {key} of {}", clean(&environment.name));
        self.confirm_draft(Draft::of_edits(environment, title, edits, &fields.iter().collect::<Vec<_>>()))
    }

    /// Drift that is kept: the live value becomes the option's.
    pub(in crate::app) fn draft_adoption(&self, environment: &Environment, fields: &[Field]) -> Response {
        let title = format!("Adopt what is live into Beanstalk: {}", clean(&environment.name));
        self.confirm_draft(Draft::by(environment, title, DraftContent::Edits(adopt(fields)), Route::Beanstalk))
    }

    /// Drift that is put back: the option's value becomes live.
    pub(in crate::app) fn draft_put_back(&self, environment: &Environment, fields: &[Field]) -> Response {
        let title = format!("Put Beanstalk's values back: {}", clean(&environment.name));
        self.confirm_draft(Draft::by(environment, title, DraftContent::Edits(put_back(fields)), Route::Elb))
    }
}
