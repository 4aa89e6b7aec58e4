//! How far setting up HTTPS is, or taking it back, and what comes next.
//!
//! What to do follows from what is recorded of each step and how the environment stands, and from nothing else: so what was
//! interrupted, even with the program, is gone on with, or taken back, by reading its lines in the log.

use std::sync::Arc;

use super::moves::Move;
use super::setup::{DefaultAction, Setup, Stage, Step, redirect_words};
use super::site::Site;
use super::stands::Stands;
use crate::change::calls::ApiCall;
use crate::change::lost::LostWrite;
use crate::change::modify::{Modification, OptionName};
use crate::change::outcome::Difference;
use crate::change::request::{OptionChange, Route, Standing, Subject, ValueChange};
use crate::change::way_back::{Progress, UNSENT};
use crate::model::EnvironmentStatus;

/// The word of a probe that failed and was gone on from nevertheless.
pub const PASSED: &str = "passed";

/// Which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// HTTPS is set up.
    There,
    /// What was done is taken back, in reverse order.
    Back,
}

/// A step on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Which.
    pub step: Step,
    /// How far it is.
    pub progress: Progress,
    /// Whether things were so already, so that there is nothing of ours to take back.
    pub was_so: bool,
    /// What came of it, in words.
    pub found: Option<Arc<str>>,
}

/// HTTPS, under way or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its id in the log; given when it is set out on.
    pub id: Option<Arc<str>>,
    /// Of which environment.
    pub subject: Subject,
    /// What is set up.
    pub setup: Setup,
    /// Which way.
    pub direction: Direction,
    /// The steps, in the order in which they are done.
    pub legs: Vec<Leg>,
    /// The id of the change that it takes back.
    pub undoes: Option<Arc<str>>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This step.
    Do(Step),
    /// This step was begun and its end was lost: it has to be looked up first.
    LookUp(Step),
    /// Nothing, until the environment is Ready.
    Wait,
    /// It does not go on by itself: this step ended with this word.
    Stopped(Step, Arc<str>),
    /// Everything is done.
    Arrived,
}

/// Something to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// An update of the environment, or the question whether Beanstalk would take it.
    Options(Modification),
    /// A call to the load balancer or its security groups.
    Move(Move),
}

/// What a look at the world says of a step that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is so already.
    Done(Option<Arc<str>>),
    /// It is to be done.
    ToDo,
    /// Somebody has changed what it hangs on.
    Conflict(Vec<Difference>),
}

impl Course {
    /// Setting this up.
    #[must_use]
    pub fn new(subject: Subject, setup: Setup) -> Self {
        let legs = setup.stages.iter().map(|stage| Leg::new(stage.step())).collect();
        Self { id: None, subject, setup, direction: Direction::There, legs, undoes: None }
    }

    /// Taking back what was done, or may have been; none if there is nothing.
    #[must_use]
    pub fn back(&self) -> Option<Self> {
        let is_ours = |leg: &&Leg| match &leg.progress {
            Progress::Done => !leg.was_so,
            Progress::Begun => true,
            Progress::Ended(word) => **word == *"partial",
            Progress::Waiting => false,
        };
        let done = self.legs.iter().rev().filter(is_ours).filter(|leg| leg.step != Step::Probe);
        let legs: Vec<_> = done.map(|leg| Leg::new(leg.step)).collect();
        if legs.is_empty() || self.direction == Direction::Back {
            return None;
        }
        let (subject, setup) = (self.subject.clone(), self.setup.clone());
        Some(Self { id: None, subject, setup, direction: Direction::Back, legs, undoes: self.id.clone() })
    }

    /// The kind of change, a word of the log.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.direction {
            Direction::There => "https",
            Direction::Back => "https_back",
        }
    }

    /// Whether the environment's name has to be typed.
    #[must_use]
    pub fn wants_name(&self, is_production: bool) -> bool {
        let has_passed = self.legs.iter().any(|leg| leg.found.as_deref() == Some(PASSED));
        is_production || has_passed || (self.setup.route == Route::Elb && self.direction == Direction::There)
    }

    /// What to do, with the environment standing like this.
    #[must_use]
    pub fn next(&self, now: &Standing) -> Next {
        let Some(leg) = self.legs.iter().find(|leg| leg.progress != Progress::Done) else { return Next::Arrived };
        match &leg.progress {
            Progress::Ended(word) => Next::Stopped(leg.step, Arc::clone(word)),
            // While Beanstalk updates, nothing that it may be changing is looked at or touched.
            _ if now.status != EnvironmentStatus::Ready => Next::Wait,
            Progress::Begun => Next::LookUp(leg.step),
            _ => Next::Do(leg.step),
        }
    }

    /// Whether everything is done.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.legs.iter().all(|leg| leg.progress == Progress::Done)
    }

    /// Takes in how a step ended.
    pub fn record(&mut self, step: Step, word: &str, found: Option<Arc<str>>, made: Option<Arc<str>>) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.step == step) else { return };
        leg.progress = match word {
            "applied" | "unchanged" | PASSED => Progress::Done,
            UNSENT => Progress::Waiting,
            "unknown" | "begun" => Progress::Begun,
            other => Progress::Ended(other.into()),
        };
        leg.was_so = word == "unchanged";
        leg.found = if word == PASSED { Some(PASSED.into()) } else { found };
        if let Some(made) = made {
            self.setup.keep(step, made);
        }
    }

    /// A step that ended badly is to be tried again.
    pub fn retry(&mut self) {
        for leg in self.legs.iter_mut().filter(|leg| matches!(leg.progress, Progress::Ended(_))) {
            leg.progress = Progress::Waiting;
        }
    }

    /// Whether it stands still at a probe that failed, from which it may be gone on.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        let stopped = self.legs.iter().find(|leg| leg.progress != Progress::Done);
        stopped.is_some_and(|leg| leg.step == Step::Probe && matches!(leg.progress, Progress::Ended(_)))
    }

    /// The same with the id of what a step has made, where the answer with it was lost and it is seen now.
    #[must_use]
    pub fn knowing(&self, step: Step, site: &Site) -> Self {
        let mut course = self.clone();
        if self.direction == Direction::Back
            && self.setup.made(step).is_none()
            && let Stands::After(Some(id)) = self.setup.stands(step, site)
        {
            course.setup.keep(step, id);
        }
        course
    }

    /// What a look at the world says of a step.
    #[must_use]
    pub fn look(&self, step: Step, site: &Site) -> Look {
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
            (Direction::There, Stands::Before) if self.is_spared(step, site) => Look::Done(None),
            (Direction::There, Stands::Before) => {
                let outdated = self.setup.outdated(step, site);
                if outdated.is_empty() { Look::ToDo } else { Look::Conflict(outdated) }
            }
        }
    }

    /// Whether nothing has to be opened any more: Beanstalk may have done so with its listener.
    fn is_spared(&self, step: Step, site: &Site) -> bool {
        let is_for_group = matches!(step, Step::Group | Step::Rule | Step::Attach);
        is_for_group && self.setup.made(Step::Group).is_none() && self.setup.is_open(site)
    }

    /// What is sent for a step, in order. What is not known yet has a word in place of its id.
    #[must_use]
    pub fn sendings(&self, step: Step) -> Vec<Sending> {
        let Some(stage) = self.setup.stage(step) else { return Vec::new() };
        let there = self.direction == Direction::There;
        let one = |it: Move| vec![Sending::Move(it)];
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
    pub fn lost(&self, step: Step) -> Option<LostWrite> {
        let Some(Stage::Options { changes, .. }) = self.setup.stage(step) else { return None };
        Some(LostWrite::of_changes(changes, self.direction == Direction::There))
    }

    /// The options one way or the other: what was unset is unset again.
    fn options(&self, changes: &[OptionChange]) -> Vec<Sending> {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for change in changes {
            let Some(option) = option_name(change) else { continue };
            let wanted = if self.direction == Direction::There { &change.after } else { &change.before };
            match wanted {
                Some(value) => set.push((option, value.clone())),
                None => remove.push(option),
            }
        }
        let (application, environment) = (Arc::clone(&self.subject.application), Arc::clone(&self.subject.name));
        let validate = Modification::Validate { application, environment, set: set.clone() };
        let update = Modification::Update { environment: Arc::clone(&self.subject.key.id), set: set.clone(), remove };
        let asked = (!set.is_empty()).then_some(validate);
        asked.into_iter().chain([update]).map(Sending::Options).collect()
    }

    /// The calls of a step.
    #[must_use]
    pub fn calls(&self, step: Step) -> Vec<ApiCall> {
        self.sendings(step).iter().map(Sending::call).collect()
    }

    /// What it changes, as the log tells it.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let legs = self.legs.iter().filter(|leg| leg.step != Step::Probe);
        legs.filter_map(|leg| self.setup.stage(leg.step)).map(|stage| self.change(stage)).collect()
    }

    fn change(&self, stage: &Stage) -> ValueChange {
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
        let (before, after) = if self.direction == Direction::There { (before, after) } else { (after, before) };
        ValueChange::new(&stage.step().to_string(), before, after)
    }
}

impl Sending {
    /// The call.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        match self {
            Self::Options(modification) => modification.call(),
            Self::Move(it) => it.call(),
        }
    }
}

impl Leg {
    fn new(step: Step) -> Self {
        Self { step, progress: Progress::Waiting, was_so: false, found: None }
    }
}

/// The options of a listener that the guide sets.
pub(super) const OPTIONS: [&str; 6] =
    ["ListenerEnabled", "Protocol", "SSLCertificateArns", "SSLPolicy", "DefaultProcess", "Rules"];

fn option_name(change: &OptionChange) -> Option<OptionName> {
    let name = OPTIONS.into_iter().find(|name| **name == change.name)?;
    Some(OptionName { namespace: change.namespace.as_str().into(), name })
}
