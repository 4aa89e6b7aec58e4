//! A step of HTTPS, on the way there or back: what is to be seen of it, what is sent, and what it changes in words.

use std::sync::Arc;

use super::direction::Direction;
use super::moves::Move;
use super::setup::{DefaultAction, Setup, Stage, Step, redirect_words};
use super::site::HttpsInputs;
use super::stands::Stands;
use crate::change::lost::LostWrite;
use crate::change::modify::{Modification, OptionName};
use crate::change::operation::{LookUp, Sending, Verdict};
use crate::change::outcome::{Difference, Outcome, Refusal};
use crate::change::request::{OptionChange, Route, Subject, ValueChange};

/// A step on the way, with what it hangs on.
#[derive(Clone, Copy, Debug)]
pub struct Undertaking<'a> {
    /// What is set up.
    pub setup: &'a Setup,
    /// Of which environment.
    pub subject: &'a Subject,
    /// The step.
    pub step: Step,
    /// Which way.
    pub direction: Direction,
}

/// What a look at the world says of a step that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is so already.
    Done(Option<Arc<str>>),
    /// It is to be done.
    ToDo,
    /// Another client has changed what it hangs on.
    Conflict(Vec<Difference>),
}

impl Undertaking<'_> {
    fn is_there(&self) -> bool {
        self.direction == Direction::There
    }

    /// The id of what the step has made, where the answer with it was lost and it is seen now.
    #[must_use]
    pub fn unrecorded(&self, site: &HttpsInputs) -> Option<Arc<str>> {
        match self.setup.stands(self.step, site) {
            Stands::After(id) if !self.is_there() && self.setup.made(self.step).is_none() => id,
            _ => None,
        }
    }

    /// Whether the step may be sent, by what was read just before.
    #[must_use]
    pub fn verdict(&self, site: &HttpsInputs) -> Verdict {
        if let Some(refusal) = site.refusal() {
            let is_unproven = matches!(refusal, Refusal::NotProven { .. } | Refusal::NotRead { .. });
            let unread = site.missing.as_ref().filter(|_| is_unproven);
            return match (unread, &refusal) {
                (Some(fault), _) => Verdict::Stop(Outcome::Failed(Arc::clone(fault).into())),
                (None, Refusal::NotReady { .. }) => Verdict::Wait(refusal),
                (None, _) => Verdict::Stop(Outcome::Refused(refusal)),
            };
        }
        if let Some(differences) = self.listener_gone(site) {
            return Verdict::Stop(Outcome::Conflict(differences));
        }
        match self.look(site) {
            Look::Done(made) => Verdict::Done(made),
            Look::ToDo => Verdict::Pass,
            Look::Conflict(differences) => Verdict::Stop(Outcome::Conflict(differences)),
        }
    }

    /// What is wrong with the listener that the steps after it hang on: Beanstalk may have taken an update and rolled it
    /// back.
    fn listener_gone(&self, site: &HttpsInputs) -> Option<Vec<Difference>> {
        if !self.is_there() || self.step == Step::Listener {
            return None;
        }
        match (Undertaking { step: Step::Listener, ..*self }).look(site) {
            Look::Conflict(differences) => Some(differences),
            Look::ToDo if self.setup.stage(Step::Listener).is_some() => {
                let what = if self.setup.route == Route::Beanstalk { "made by the update" } else { "there" };
                Some(vec![Difference::new("listener on port 443", what, "none")])
            }
            _ => None,
        }
    }

    /// What a look at the world says of a step.
    #[must_use]
    pub fn look(&self, site: &HttpsInputs) -> Look {
        let step = self.step;
        match (self.direction, self.setup.stands(step, site)) {
            (_, Stands::Otherwise(differences)) => Look::Conflict(differences),
            (Direction::There, Stands::After(made)) => Look::Done(made),
            (Direction::Back, Stands::Before) => Look::Done(None),
            (Direction::Back, Stands::After(made)) => {
                let ours = self.setup.made(step);
                let is_made = matches!(step, Step::Listener | Step::Redirect) && made.is_some();
                let is_other = is_made && ours.is_some() && ours != made.as_ref();
                let word = |id: Option<&Arc<str>>| id.cloned().unwrap_or_else(|| "none".into());
                let what = if step == Step::Redirect { "rule of port 80" } else { "listener on port 443" };
                let other = || Difference::new(what, word(ours), word(made.as_ref()));
                if is_other { Look::Conflict(vec![other()]) } else { Look::ToDo }
            }
            (Direction::There, Stands::Before) if self.is_spared(site) => Look::Done(None),
            (Direction::There, Stands::Before) => {
                let outdated = self.setup.outdated(step, site);
                if outdated.is_empty() { Look::ToDo } else { Look::Conflict(outdated) }
            }
        }
    }

    /// Whether nothing has to be opened any more: Beanstalk may have done so with its listener.
    fn is_spared(&self, site: &HttpsInputs) -> bool {
        let is_for_group = matches!(self.step, Step::Group | Step::Rule | Step::Attach);
        is_for_group && self.setup.made(Step::Group).is_none() && self.setup.is_open(site)
    }

    /// What is sent for a step, in order. What is not known yet has a word in place of its id.
    #[must_use]
    pub fn sendings(&self) -> Vec<Sending> {
        let Some(stage) = self.setup.stage(self.step) else { return Vec::new() };
        let there = self.is_there();
        let one = |it: Move| vec![Sending { call: it.call(), look_up: LookUp::Https(self.step) }];
        let new_group = || self.setup.made(Step::Group).cloned().unwrap_or_else(|| "(the new group)".into());
        match stage {
            Stage::Probe => Vec::new(),
            Stage::Options { changes, .. } => self.options(changes),
            Stage::Listener { certificate, policy, action } if there => one(Move::CreateListener {
                load_balancer: Arc::clone(&self.setup.load_balancer),
                certificate: Arc::clone(certificate),
                policy: Arc::clone(policy),
                action: action.clone(),
            }),
            Stage::Listener { .. } => {
                let made = self.setup.made(Step::Listener).cloned();
                one(Move::DeleteListener(made.unwrap_or_else(|| "(the new listener)".into())))
            }
            Stage::Group { name, vpc, description } if there => {
                let (name, vpc, description) = (Arc::clone(name), Arc::clone(vpc), Arc::clone(description));
                one(Move::CreateGroup { name, description, vpc })
            }
            Stage::Group { .. } => one(Move::DeleteGroup(new_group())),
            Stage::Rule { group, sources } => {
                let group = group.clone().unwrap_or_else(new_group);
                one(if there { Move::Authorize } else { Move::Revoke }(group, sources.clone()))
            }
            Stage::Attach { before } => {
                let added = there.then(new_group);
                one(Move::SetGroups(
                    Arc::clone(&self.setup.load_balancer),
                    before.iter().cloned().chain(added).collect(),
                ))
            }
            Stage::Redirect { listener, before, after } => {
                let action: &DefaultAction = if there { after } else { before };
                one(Move::SetAction(Arc::clone(listener), action.clone()))
            }
            Stage::RedirectRule { status, before: Some(before), .. } => {
                let status = if there { status } else { &before.status };
                one(Move::SetRule(Arc::clone(&before.rule), Arc::clone(status)))
            }
            Stage::RedirectRule { listener, priority, status, .. } if there => one(Move::CreateRule {
                listener: Arc::clone(listener),
                priority: *priority,
                status: Arc::clone(status),
            }),
            Stage::RedirectRule { .. } => {
                let made = self.setup.made(Step::Redirect).cloned();
                one(Move::DeleteRule(made.unwrap_or_else(|| "(the new rule)".into())))
            }
        }
    }

    /// By what a step is found again whose answer was lost, if it is an update of the environment.
    #[must_use]
    pub fn lost(&self) -> Option<LostWrite> {
        let Some(Stage::Options { changes, .. }) = self.setup.stage(self.step) else { return None };
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

    /// What it changes; none if that is nothing.
    #[must_use]
    pub fn change(&self) -> Option<ValueChange> {
        let stage = self.setup.stage(self.step).filter(|_| self.step != Step::Probe)?;
        let sources = |sources: &[crate::model::TrafficSource]| {
            sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let (before, after) = match stage {
            Stage::Options { certificate, .. } | Stage::Listener { certificate, .. } => {
                (None, Some(format!("HTTPS with {certificate}")))
            }
            Stage::Group { name, .. } => (None, Some(name.to_string())),
            Stage::Rule { sources: open, .. } => (None, Some(sources(open))),
            Stage::Attach { before } => {
                (Some(before.join(", ")), Some(format!("{}, and the new one", before.join(", "))))
            }
            Stage::Probe => (None, None),
            Stage::Redirect { before, after, .. } => (Some(before.to_string()), Some(after.to_string())),
            Stage::RedirectRule { status, before, .. } => {
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
