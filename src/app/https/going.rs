//! Starts the operation of the guide's answers, continues it, and ends it.

use std::sync::Arc;

use super::{Choosing, Guide, GuidePage, GuideStage, UnderWay};
use crate::app::application::App;
use crate::app::deploys::RequestedUpdate;
use crate::app::dialog::{Confirm, Dialog};
use crate::app::message::{Effect, Order};
use crate::app::state::State;
use crate::app::writing::Writing;
use crate::change::https::HttpsInputs;
use crate::change::{Confirmation, EnvironmentState, Next, Operation, Refusal, Subject, Written};
use crate::model::{Environment, Fault, Key, Source, clean};

impl App {
    /// Begins the guide for the environment at hand, or shows what is under way or was left.
    pub(in crate::app) fn open_https(&mut self) -> Vec<Effect> {
        let Ok(environment) = self.state.current_environment().cloned() else { return Vec::new() };
        let key = &environment.key;
        let is_here = |operation: &Operation| operation.subject.key == *key;
        if self.state.https.under_way.as_ref().is_some_and(|it| is_here(&it.operation)) {
            self.state.screens.open(Dialog::Progress);
            return Vec::new();
        }
        if let Some(place) = self.state.https.offered.iter().position(is_here) {
            let operation = self.state.https.offered.remove(place);
            self.state.https.under_way = Some(UnderWay { operation, goes_on: false, since: None });
            self.state.screens.open(Dialog::Progress);
            return Vec::new();
        }
        let guide = Guide { environment: key.clone(), name: Arc::clone(&environment.name), stage: GuideStage::Reading };
        self.state.screens.open(Dialog::Https(Box::new(guide)));
        vec![Effect::Survey(Subject::from(&environment))]
    }

    /// Enter, in the guide.
    pub(in crate::app) fn choose_in_guide(&mut self, mut guide: Box<Guide>) {
        let GuideStage::Choosing(choosing) = &mut guide.stage else {
            if matches!(guide.stage, GuideStage::Reading) {
                self.state.screens.open(Dialog::Https(guide));
            }
            return;
        };
        if choosing.page == GuidePage::Review
            && let Some(proposal) = choosing.proposal.clone()
        {
            return self.confirm_https(&guide.environment.clone(), |ground| Confirm::of_proposal(ground, proposal));
        }
        let chosen = choosing.choose();
        self.state.screens.open(Dialog::Https(guide));
        if let Err(why) = chosen {
            self.notify(why);
        }
    }

    fn confirm_https(
        &mut self,
        key: &Key<Environment>,
        make: impl FnOnce(&crate::app::dialog::ConfirmInputs<'_>) -> Confirm,
    ) {
        if let Some(environment) = self.state.snapshot().inventory.environments.get(key).cloned() {
            self.confirm(&environment, make);
        }
    }

    /// Shows a confirmed operation as it begins, or continues.
    pub(in crate::app) fn show_https(&mut self, operation: &Operation) {
        self.state.screens.open(Dialog::Progress);
        self.state.https.under_way = Some(UnderWay { operation: operation.clone(), goes_on: true, since: None });
    }

    /// A key on the screen that shows how far it is.
    pub(in crate::app) fn retry_https(&mut self) -> Vec<Effect> {
        let Some(it) = self.state.stopped_https() else { return Vec::new() };
        let mut operation = it.operation.clone();
        operation.retry();
        self.confirm_https(&operation.subject.key.clone(), |ground| Confirm::of_https(ground, operation));
        Vec::new()
    }

    /// Asks whether to go on although the probe failed.
    pub(in crate::app) fn pass_https(&mut self) {
        if let Some(it) = &self.state.https.under_way {
            let operation = it.operation.clone();
            self.confirm_https(&operation.subject.key.clone(), |ground| Confirm::of_passing(ground, operation));
        }
    }

    /// Asks whether to undo what was done so far.
    pub(in crate::app) fn take_https_back(&mut self) {
        if let Some(operation) = self.state.https_undo() {
            self.confirm_https(&operation.subject.key.clone(), |ground| Confirm::of_https(ground, operation));
        }
    }

    /// Leaves it as it is: nothing more is done, and that is recorded.
    pub(in crate::app) fn leave_https(&mut self) -> Vec<Effect> {
        let Some(it) = self.state.stopped_https() else { return Vec::new() };
        let operation = Box::new(it.operation.clone());
        self.state.https.under_way = None;
        drop(self.state.screens.take_dialog());
        let (standing, confirmation) = (operation.seen.clone(), Confirmation::default());
        vec![Effect::Operate { operation, order: Order::Leave, standing, confirmation }]
    }

    /// Forgets the finished setup once its screen is closed.
    pub(in crate::app) fn close_progress(&mut self) {
        if self.state.https.under_way.as_ref().is_some_and(|it| it.operation.has_finished()) {
            self.state.https.under_way = None;
        }
    }

    /// Beanpole refused to begin it, or to go on with it.
    pub(in crate::app) fn https_refused(&mut self, what: &str, refusal: &Refusal) {
        if let Some(it) = &mut self.state.https.under_way {
            it.goes_on = false;
        }
        // What never began is nothing to go on with.
        if self.state.https.under_way.as_ref().is_some_and(|it| it.operation.id.is_none()) {
            self.state.https.under_way = None;
            drop(self.state.screens.take_dialog());
        }
        self.say(format!("{what}: {refusal}"));
    }

    /// It is left; or why that could not be recorded.
    pub(in crate::app) fn https_left(&mut self, left: Result<(), Arc<str>>) {
        match left {
            Ok(()) => self.notify("it is left as it is; the log keeps how far it came"),
            Err(why) => self.say(format!("that it is left as it is could not be recorded: {why}")),
        }
    }

    /// Handles the answer that the HTTPS proposal is made from.
    pub(in crate::app) fn surveyed(
        &mut self,
        key: &Key<Environment>,
        site: Result<Option<Box<HttpsInputs>>, Arc<Fault>>,
    ) {
        let Some(Dialog::Https(guide)) = self.state.screens.dialog_mut() else { return };
        if guide.environment != *key || !matches!(guide.stage, GuideStage::Reading) {
            return;
        }
        let configured = self.state.setup.hostnames.get(&*guide.name).map(Vec::as_slice).unwrap_or_default();
        guide.stage = match site {
            Ok(Some(site)) => {
                let refused = site.refusal().map(|refusal| refusal.to_string());
                let choosing = Choosing::new(*site, configured, self.state.now);
                let obstacle = refused.or_else(|| choosing.obstacle().map(str::to_owned));
                obstacle.map_or_else(|| GuideStage::Choosing(Box::new(choosing)), GuideStage::Ended)
            }
            Ok(None) => GuideStage::Ended("the environment is gone".to_owned()),
            Err(fault) => GuideStage::Ended(fault.sentence()),
        };
    }

    /// It began, or a step of it has ended.
    pub(in crate::app) fn https_went_on(&mut self, operation: Operation, written: Option<&Written>) {
        let key = operation.subject.key.clone();
        if let Some(written) = written.filter(|written| !written.outcome.is_done()) {
            let reason = written.outcome.reason().unwrap_or_default();
            self.say(format!("HTTPS of {}: {reason}", clean(&operation.subject.name)));
        }
        let is_update =
            written.is_some_and(|it| it.observed.as_ref().is_some_and(|it| it.status.as_str() == "Updating"));
        if let Some(written) = written.filter(|_| is_update) {
            let request_id = written.request_ids.last().cloned();
            self.state.deploys.asked.insert(key.clone(), RequestedUpdate::new(None, request_id, written.at));
        }
        let goes_on = self.state.https.under_way.as_ref().is_none_or(|it| it.goes_on || written.is_none());
        let has_finished = operation.has_finished();
        let since = written.map(|it| it.at);
        self.state.https.under_way = Some(UnderWay { operation, goes_on: goes_on && !has_finished, since });
        if self.state.screens.dialog().is_none() {
            self.state.screens.open(Dialog::Progress);
        }
        self.expire_settings(&key);
        self.look_at(&key);
        self.plan();
    }

    /// Goes on as soon as the environment was read after the last step, and its status lets it.
    pub(in crate::app) fn advance_https(&mut self) -> Vec<Effect> {
        if self.state.writing.is_some() || self.state.paused.is_some() || !self.state.session().is_open() {
            return Vec::new();
        }
        let State { https, scopes, .. } = &mut self.state;
        let snapshot = &scopes.shown().snapshot;
        let Some(it) = https.under_way.as_mut().filter(|it| it.goes_on) else { return Vec::new() };
        let Some(environment) = snapshot.environment(&it.operation.subject.key) else { return Vec::new() };
        let read_at = snapshot.reads.read_at(&Source::Environments(it.operation.subject.key.scope));
        if it.since.is_some_and(|since| read_at.is_none_or(|at| at <= since)) {
            return Vec::new();
        }
        let standing = EnvironmentState::from(environment);
        match it.operation.next(&standing) {
            Next::Wait => Vec::new(),
            Next::Finished | Next::Stopped(..) => {
                it.goes_on = false;
                self.look_again();
                Vec::new()
            }
            Next::Do(_) | Next::LookUp(_) => {
                let operation = Box::new(it.operation.clone());
                let what = format!("HTTPS of {}", clean(&operation.subject.name));
                self.state.writing = Some(Writing::new(what, self.state.now));
                let confirmation = self.state.confirmation.clone().unwrap_or_default();
                vec![Effect::Operate { operation, order: Order::Advance, standing, confirmation }]
            }
        }
    }
}
