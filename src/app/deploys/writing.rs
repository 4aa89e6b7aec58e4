//! From a confirmation to a write and back: what is under way, and what came of it.

use std::sync::Arc;

use super::super::action::Action;
use super::super::application::App;
use super::super::dialog::{Confirm, Intent};
use super::super::message::{Effect, WentBack};
use super::super::settings::Draft;
use super::super::state::State;
use super::Asked;
use crate::change::{Consent, Next, Outcome, Progress, Request, Standing, Step, WayBack, Write, Written};
use crate::model::{Moment, Source, clean};

/// A write that is under way.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What, in a few words.
    pub what: String,
    /// Since when.
    pub since: Moment,
    /// What it was planned from, to come back to it.
    pub draft: Option<Draft>,
    /// Whether the user was told that leaving now leaves it to itself.
    pub warned: bool,
}

impl App {
    /// Writes what was confirmed.
    pub(in crate::app) fn apply(&mut self, confirm: Confirm) -> Vec<Effect> {
        // An instance's id may follow the environment's name, and stands alone where no name is wanted.
        let words = confirm.typed.value().split_whitespace().next().unwrap_or_default();
        // By `elb` HTTPS wants the name anywhere.
        let is_name = confirm.is_production || matches!(confirm.intent, Some(Intent::Https(..)));
        let typed = (is_name && confirm.wanted.is_some()).then(|| words.into());
        let Some(intent) = confirm.intent else { return Vec::new() };
        if let Intent::HandOver(errand) = intent {
            return vec![Effect::HandOver(errand)];
        }
        let key = match &intent {
            Intent::Write(request) => request.subject.key.clone(),
            Intent::Back(way, _) => way.subject.key.clone(),
            Intent::Change(plan) => plan.subject.key.clone(),
            Intent::Https(course, _) => course.subject.key.clone(),
            Intent::HandOver(_) => return Vec::new(),
        };
        // Something else is done now: what stopped before is answered.
        self.state.deploys.stopped.remove(&key);
        let name = self.state.inventory.environments.get(&key).map(|it| it.name.to_string()).unwrap_or_default();
        let consent =
            Consent { read_only: self.state.setup.read_only, production: self.state.setup.is_production(&name), typed };
        let (since, draft) = (self.state.now, confirm.draft);
        self.state.writing = Some(Writing { what: confirm.title, since, draft, warned: false });
        self.state.consent = Some(consent.clone());
        match intent {
            Intent::HandOver(_) => Vec::new(),
            Intent::Change(plan) => {
                self.await_values(&plan);
                vec![Effect::Change { plan, consent }]
            }
            Intent::Https(course, going) => self.go(course, going, consent),
            Intent::Write(request) => vec![Effect::Write { request, consent }],
            // It was set out on before, and interrupted.
            Intent::Back(way, _) if way.id.is_some() => {
                self.state.writing = None;
                self.state.deploys.offered.retain(|it| it.id != way.id);
                self.state.deploys.way = Some(way);
                self.plan();
                Vec::new()
            }
            Intent::Back(way, standing) => vec![Effect::SetOut { way, standing, consent }],
        }
    }

    /// A write has ended.
    pub(in crate::app) fn wrote(&mut self, request: &Request, written: &Written) -> Vec<Effect> {
        let what = self.state.writing.take().map(|writing| writing.what).unwrap_or_default();
        self.tell(&what, written);
        if written.outcome.is_done() || matches!(written.outcome, Outcome::Unknown(_)) {
            self.expect(request, written, None);
        }
        self.look_at(&request.subject.key);
        Vec::new()
    }

    /// A step of the way back has ended, or it was set out on.
    pub(in crate::app) fn went_back(&mut self, went: WentBack) -> Vec<Effect> {
        let what = self.state.writing.take().map(|writing| writing.what).unwrap_or_default();
        match went {
            WentBack::Refused(key, refusal) => {
                self.state.deploys.way = None;
                self.stop_rollback(&key, format!("{what} did not begin, and nothing was aborted: {refusal}."));
            }
            WentBack::On(way, written) => {
                if let Some(written) = &written {
                    self.tell(&what, written);
                    self.expect_way(&way, written);
                    self.state.deploys.reason = written.outcome.reason();
                }
                self.look_at(&way.subject.key);
                self.state.deploys.way = Some(way);
            }
        }
        self.plan();
        Vec::new()
    }

    /// Goes on with the way back as soon as the environment stands so that it can.
    pub(in crate::app) fn advance_way(&mut self) -> Vec<Effect> {
        if self.state.writing.is_some() || self.state.frozen.is_some() || !self.state.session.is_open() {
            return Vec::new();
        }
        let Some(way) = self.state.deploys.way.clone() else { return Vec::new() };
        let Some(environment) = self.state.inventory.environments.get(&way.subject.key) else { return Vec::new() };
        let standing = Standing::from(environment);
        match way.next(&standing) {
            Next::Wait => Vec::new(),
            Next::Arrived => {
                self.state.deploys.way = None;
                Vec::new()
            }
            Next::Stranded(step, word) => {
                let why = self.state.deploys.reason.take().unwrap_or_else(|| word.to_string());
                self.state.deploys.way = None;
                self.stop_rollback(&way.subject.key, self.stopped_words(&way, step, &why));
                Vec::new()
            }
            Next::Write(..) | Next::LookUp(..) => {
                let consent = self.state.consent.clone().unwrap_or_default();
                let what = format!("Rollback of {} to {}", way.subject.name, way.to);
                self.state.writing = Some(Writing { what, since: self.state.now, draft: None, warned: false });
                vec![Effect::Advance { way, standing, consent }]
            }
        }
    }

    /// What is said of a rollback that cannot go on by itself: where it stopped, what is now, and what can be done.
    fn stopped_words(&self, way: &WayBack, step: Step, why: &str) -> String {
        let (name, to) = (clean(&way.subject.name), clean(&way.to));
        let what = match step {
            Step::Abort => "the abort failed, and the update goes on",
            Step::Deploy if way.abort == Progress::Done => {
                "the update before was aborted, and the deploy failed: instances may run different versions"
            }
            Step::Deploy => "the deploy failed",
        };
        let (deploys, again) = (self.state.key_name(Action::DeployVersion), self.state.key_name(Action::GoBack));
        format!("Rollback of {name} to {to} stopped: {what} ({why}). {again} tries again, {deploys} chooses a version.")
    }

    /// What our own write brings about is followed under its own request; `removes`: as the end of a rollback.
    fn expect(&mut self, request: &Request, written: &Written, removes: Option<Arc<str>>) {
        let version = match &request.write {
            Write::Deploy { version } => Some(version.clone()),
            Write::Scale { .. } => None,
            // No updates, or none of ours.
            Write::Abort | Write::Restart | Write::Replace { .. } => return,
        };
        let key = request.subject.key.clone();
        let (request_id, previous) = (written.request_ids.first().cloned(), self.state.deploys.previous(&key));
        let asked = Asked { version, request_id, at: written.at, removes, previous };
        // What was followed before is over: this is another update.
        self.state.deploys.watches.remove(&key);
        self.state.deploys.asked.insert(key, asked);
    }

    fn expect_way(&mut self, way: &WayBack, written: &Written) {
        if way.deploy == crate::change::Progress::Done {
            let standing = written.observed.clone();
            let now = standing.unwrap_or(Standing {
                status: crate::model::EnvironmentStatus::Updating,
                version: None,
                abortable: false,
            });
            let removes = Some(way.from.clone().unwrap_or_else(|| "?".into()));
            self.expect(&way.request(Step::Deploy, &now), written, removes);
        }
    }

    /// The environment is looked at again at once.
    pub(in crate::app) fn look_at(&mut self, key: &crate::model::Key<crate::model::Environment>) {
        let scope = self.state.setup.scope;
        self.state.poller.expire(&Source::Environments(scope));
        self.state.poller.expire(&Source::Events(scope));
        self.state.poller.expire(&Source::Settings(key.clone()));
    }

    pub(in crate::app) fn tell(&mut self, what: &str, written: &Written) {
        let words = match written.outcome.reason() {
            None => format!("{what}: {}", written.outcome.word()),
            Some(reason) => format!("{what}: {} — {reason}", written.outcome.word()),
        };
        self.say(words);
        if let Some(why) = &written.unrecorded {
            self.say(format!("the end of this change is not in the log: {why}"));
        }
    }
}

impl State {
    /// Whether a write is under way.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.writing.is_some()
    }
}
