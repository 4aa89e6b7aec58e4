//! A step of HTTPS, set up or undone: its present state, its calls, and the description of its changes.

use std::sync::Arc;

use super::direction::Direction;
use super::moves::Move;
use super::setup::{DefaultAction, HttpsSetup, HttpsStage, HttpsStep, redirect_words};
use super::site::HttpsInputs;
use super::step_state::StepState;
use crate::change::lost::LostWrite;
use crate::change::modify::{Modification, OptionName};
use crate::change::operation::{LookUp, LookUpVerdict, Sending};
use crate::change::outcome::{Difference, Outcome, Refusal};
use crate::change::request::{OptionChange, Route, Subject, ValueChange};

/// A step, with what it depends on.
#[derive(Clone, Copy, Debug)]
pub struct Undertaking<'a> {
    /// What is set up.
    pub setup: &'a HttpsSetup,
    /// Of which environment.
    pub subject: &'a Subject,
    /// The step.
    pub step: HttpsStep,
    /// Which way.
    pub direction: Direction,
}

/// The present state of a step that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepLook {
    /// It is done already.
    Done(Option<Arc<str>>),
    /// It is to be done.
    ToDo,
    /// Another client has changed what it depends on.
    Conflict(Vec<Difference>),
}

impl Undertaking<'_> {
    fn is_there(&self) -> bool {
        self.direction == Direction::There
    }

    /// Returns the id of what the step has created, where the answer was lost and it is found now.
    #[must_use]
    pub fn unrecorded(&self, site: &HttpsInputs) -> Option<Arc<str>> {
        match self.setup.state_of(self.step, site) {
            StepState::After(id) if !self.is_there() && self.setup.made(self.step).is_none() => id,
            _ => None,
        }
    }

    /// Whether the step may be sent, by what was read just before.
    #[must_use]
    pub fn verdict(&self, site: &HttpsInputs) -> LookUpVerdict {
        if let Some(refusal) = site.refusal() {
            let is_unproven = matches!(refusal, Refusal::NotProven { .. } | Refusal::NotRead { .. });
            let unread = site.missing.as_ref().filter(|_| is_unproven);
            return match (unread, &refusal) {
                (Some(fault), _) => LookUpVerdict::Stop(Outcome::Failed(Arc::clone(fault).into())),
                (None, Refusal::NotReady { .. }) => LookUpVerdict::Wait(refusal),
                (None, _) => LookUpVerdict::Stop(Outcome::Refused(refusal)),
            };
        }
        if let Some(differences) = self.listener_gone(site) {
            return LookUpVerdict::Stop(Outcome::Conflict(differences));
        }
        match self.look(site) {
            StepLook::Done(made) => LookUpVerdict::Done(made),
            StepLook::ToDo => LookUpVerdict::Pass,
            StepLook::Conflict(differences) => LookUpVerdict::Stop(Outcome::Conflict(differences)),
        }
    }

    /// Returns what is wrong with the listener that later steps depend on: Beanstalk may have accepted an update and rolled
    /// it back.
    fn listener_gone(&self, site: &HttpsInputs) -> Option<Vec<Difference>> {
        if !self.is_there() || self.step == HttpsStep::Listener {
            return None;
        }
        match (Undertaking { step: HttpsStep::Listener, ..*self }).look(site) {
            StepLook::Conflict(differences) => Some(differences),
            StepLook::ToDo if self.setup.stage(HttpsStep::Listener).is_some() => {
                let what = if self.setup.route == Route::Beanstalk { "made by the update" } else { "there" };
                Some(vec![Difference::new("listener on port 443", what, "none")])
            }
            _ => None,
        }
    }

    /// Compares the present state with a step.
    #[must_use]
    pub fn look(&self, site: &HttpsInputs) -> StepLook {
        let step = self.step;
        match (self.direction, self.setup.state_of(step, site)) {
            (_, StepState::Otherwise(differences)) => StepLook::Conflict(differences),
            (Direction::There, StepState::After(made)) => StepLook::Done(made),
            (Direction::Back, StepState::Before) => StepLook::Done(None),
            (Direction::Back, StepState::After(made)) => {
                let ours = self.setup.made(step);
                let is_made = matches!(step, HttpsStep::Listener | HttpsStep::Redirect) && made.is_some();
                let is_other = is_made && ours.is_some() && ours != made.as_ref();
                let word = |id: Option<&Arc<str>>| id.cloned().unwrap_or_else(|| "none".into());
                let what = if step == HttpsStep::Redirect { "rule of port 80" } else { "listener on port 443" };
                let other = || Difference::new(what, word(ours), word(made.as_ref()));
                if is_other { StepLook::Conflict(vec![other()]) } else { StepLook::ToDo }
            }
            (Direction::There, StepState::Before) if self.is_spared(site) => StepLook::Done(None),
            (Direction::There, StepState::Before) => {
                let outdated = self.setup.outdated(step, site);
                if outdated.is_empty() { StepLook::ToDo } else { StepLook::Conflict(outdated) }
            }
        }
    }

    /// Whether nothing has to be opened any more: Beanstalk may have done so with its listener.
    fn is_spared(&self, site: &HttpsInputs) -> bool {
        let is_for_group = matches!(self.step, HttpsStep::Group | HttpsStep::Rule | HttpsStep::Attach);
        is_for_group && self.setup.made(HttpsStep::Group).is_none() && self.setup.is_open(site)
    }

    /// Returns the calls of a step, in order. Ids that are not known yet are placeholders.
    #[must_use]
    pub fn sendings(&self) -> Vec<Sending> {
        let Some(stage) = self.setup.stage(self.step) else { return Vec::new() };
        let there = self.is_there();
        let one = |it: Move| vec![Sending { call: it.call(), look_up: LookUp::Https(self.step) }];
        let new_group = || self.setup.made(HttpsStep::Group).cloned().unwrap_or_else(|| "(the new group)".into());
        match stage {
            HttpsStage::Probe => Vec::new(),
            HttpsStage::Options { changes, .. } => self.options(changes),
            HttpsStage::Listener { certificate, policy, action } if there => one(Move::CreateListener {
                load_balancer: Arc::clone(&self.setup.load_balancer),
                certificate: Arc::clone(certificate),
                policy: Arc::clone(policy),
                action: action.clone(),
            }),
            HttpsStage::Listener { .. } => {
                let made = self.setup.made(HttpsStep::Listener).cloned();
                one(Move::DeleteListener(made.unwrap_or_else(|| "(the new listener)".into())))
            }
            HttpsStage::Group { name, vpc, description } if there => {
                let (name, vpc, description) = (Arc::clone(name), Arc::clone(vpc), Arc::clone(description));
                one(Move::CreateGroup { name, description, vpc })
            }
            HttpsStage::Group { .. } => one(Move::DeleteGroup(new_group())),
            HttpsStage::Rule { group, sources } => {
                let group = group.clone().unwrap_or_else(new_group);
                one(if there { Move::Authorize } else { Move::Revoke }(group, sources.clone()))
            }
            HttpsStage::Attach { before } => {
                let added = there.then(new_group);
                one(Move::SetGroups(
                    Arc::clone(&self.setup.load_balancer),
                    before.iter().cloned().chain(added).collect(),
                ))
            }
            HttpsStage::Redirect { listener, before, after } => {
                let action: &DefaultAction = if there { after } else { before };
                one(Move::SetAction(Arc::clone(listener), action.clone()))
            }
            HttpsStage::RedirectRule { status, before: Some(before), .. } => {
                let status = if there { status } else { &before.status };
                one(Move::SetRule(Arc::clone(&before.rule), Arc::clone(status)))
            }
            HttpsStage::RedirectRule { listener, priority, status, .. } if there => one(Move::CreateRule {
                listener: Arc::clone(listener),
                priority: *priority,
                status: Arc::clone(status),
            }),
            HttpsStage::RedirectRule { .. } => {
                let made = self.setup.made(HttpsStep::Redirect).cloned();
                one(Move::DeleteRule(made.unwrap_or_else(|| "(the new rule)".into())))
            }
        }
    }

    /// Returns how to look up a step whose answer was lost, if it is an update of the environment.
    #[must_use]
    pub fn lost(&self) -> Option<LostWrite> {
        let Some(HttpsStage::Options { changes, .. }) = self.setup.stage(self.step) else { return None };
        Some(LostWrite::of_changes(changes, self.is_there()))
    }

    /// The options one way or the other: what was unset is unset again.
    fn options(&self, changes: &[OptionChange]) -> Vec<Sending> {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for change in changes {
            let Some(option) = option_name(change) else { continue };
            let wanted = if self.is_there() { &change.after } else { &change.before };
            match wanted {
                Some(value) => set.push((option, value.clone())),
                None => remove.push(option),
            }
        }
        let (application, environment) = (Arc::clone(&self.subject.application), Arc::clone(&self.subject.name));
        let validate = Modification::Validate { application, environment, set: set.clone() };
        let update = Modification::Update { environment: Arc::clone(&self.subject.key.id), set: set.clone(), remove };
        let asked = (!set.is_empty()).then_some(validate);
        let lost = LookUp::Update(LostWrite::of_changes(changes, self.is_there()));
        asked.into_iter().chain([update]).map(|call| Sending::of(&call, lost.clone())).collect()
    }

    /// Returns what it changes; `None` if that is nothing.
    #[must_use]
    pub fn change(&self) -> Option<ValueChange> {
        let stage = self.setup.stage(self.step).filter(|_| self.step != HttpsStep::Probe)?;
        let sources = |sources: &[crate::model::TrafficSource]| {
            sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let (before, after) = match stage {
            HttpsStage::Options { certificate, .. } | HttpsStage::Listener { certificate, .. } => {
                (None, Some(format!("HTTPS with {certificate}")))
            }
            HttpsStage::Group { name, .. } => (None, Some(name.to_string())),
            HttpsStage::Rule { sources: open, .. } => (None, Some(sources(open))),
            HttpsStage::Attach { before } => {
                (Some(before.join(", ")), Some(format!("{}, and the new one", before.join(", "))))
            }
            HttpsStage::Probe => (None, None),
            HttpsStage::Redirect { before, after, .. } => (Some(before.to_string()), Some(after.to_string())),
            HttpsStage::RedirectRule { status, before, .. } => {
                let before = before.as_ref().map(|before| redirect_words(&before.status));
                (before, Some(redirect_words(status)))
            }
        };
        let (before, after) = if self.is_there() { (before, after) } else { (after, before) };
        Some(ValueChange::new(&stage.step().to_string(), before, after))
    }
}

/// The options of a listener that the guide sets.
pub(super) const OPTIONS: [&str; 6] =
    ["ListenerEnabled", "Protocol", "SSLCertificateArns", "SSLPolicy", "DefaultProcess", "Rules"];

fn option_name(change: &OptionChange) -> Option<OptionName> {
    let name = OPTIONS.into_iter().find(|name| **name == change.name)?;
    Some(OptionName { namespace: change.namespace.as_str().into(), name })
}
