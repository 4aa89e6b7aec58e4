//! What the guide's answers set going, how it goes on, and how it ends.

use std::sync::Arc;

use super::{Choosing, Guide, HttpsAsked, HttpsTold, Page, Stage, UnderWay};
use crate::app::application::App;
use crate::app::deploys::{Asked, Writing};
use crate::app::dialog::{Confirm, Dialog, Going};
use crate::app::message::Effect;
use crate::change::https::{Course, Next};
use crate::change::{Consent, Standing, Subject, Written};
use crate::model::{Environment, Fault, Key, Source, clean};

impl App {
    /// Begins the guide for the environment at hand, or shows what is under way or was left.
    pub(in crate::app) fn open_https(&mut self) -> Vec<Effect> {
        let Some(environment) = self.environment_at_hand() else { return Vec::new() };
        let key = &environment.key;
        let is_here = |course: &Course| course.subject.key == *key;
        if self.state.https.under_way.as_ref().is_some_and(|it| is_here(&it.course)) {
            self.state.dialog = Some(Dialog::Progress);
            return Vec::new();
        }
        if self.is_refused() {
            return Vec::new();
        }
        if let Some(other) = &self.state.https.under_way {
            let words = format!("HTTPS of {} is under way; one at a time", clean(&other.course.subject.name));
            self.notify(words);
            return Vec::new();
        }
        if let Some(place) = self.state.https.offered.iter().position(is_here) {
            let course = self.state.https.offered.remove(place);
            self.state.https.under_way = Some(UnderWay { course, goes_on: false, since: None });
            self.state.dialog = Some(Dialog::Progress);
            return Vec::new();
        }
        let guide = Guide { environment: key.clone(), name: Arc::clone(&environment.name), stage: Stage::Reading };
        self.state.dialog = Some(Dialog::Https(Box::new(guide)));
        vec![Effect::Https(HttpsAsked::Survey(Subject::from(&environment)))]
    }

    /// Enter, in the guide.
    pub(in crate::app) fn choose_in_guide(&mut self, mut guide: Box<Guide>) {
        let Stage::Choosing(choosing) = &mut guide.stage else {
            if matches!(guide.stage, Stage::Reading) {
                self.state.dialog = Some(Dialog::Https(guide));
            }
            return;
        };
        if choosing.page == Page::Review
            && let Some(proposal) = choosing.proposal.clone()
        {
            return self.confirm_course(&guide.environment.clone(), |ground| Confirm::of_proposal(ground, proposal));
        }
        let chosen = choosing.choose();
        self.state.dialog = Some(Dialog::Https(guide));
        if let Err(why) = chosen {
            self.notify(why);
        }
    }

    fn confirm_course(
        &mut self,
        key: &Key<Environment>,
        make: impl FnOnce(&crate::app::dialog::Ground<'_>) -> Confirm,
    ) {
        if let Some(environment) = self.state.inventory.environments.get(key).cloned() {
            self.confirm(&environment, make);
        }
    }

    /// What was confirmed begins, or goes on.
    pub(in crate::app) fn go(&mut self, course: Box<Course>, going: Going, consent: Consent) -> Vec<Effect> {
        self.state.dialog = Some(Dialog::Progress);
        let under_way = UnderWay { course: (*course).clone(), goes_on: true, since: None };
        self.state.https.under_way = Some(under_way);
        match going {
            Going::Past => vec![Effect::Https(HttpsAsked::Pass(course, consent))],
            Going::On if course.id.is_none() => vec![Effect::Https(HttpsAsked::SetOut(course, consent))],
            Going::On => {
                self.state.writing = None;
                Vec::new()
            }
        }
    }

    /// A key on the screen that shows how far it is.
    pub(in crate::app) fn retry_https(&mut self) -> Vec<Effect> {
        let Some(it) = self.state.https.under_way.as_ref().filter(|it| !it.goes_on && !it.course.has_arrived()) else {
            return Vec::new();
        };
        let mut course = it.course.clone();
        course.retry();
        self.confirm_course(&course.subject.key.clone(), |ground| Confirm::of_course(ground, course));
        Vec::new()
    }

    /// Asks whether to go on although the probe failed.
    pub(in crate::app) fn pass_https(&mut self) {
        match &self.state.https.under_way {
            Some(it) if it.course.may_pass() => {
                let course = it.course.clone();
                self.confirm_course(&course.subject.key.clone(), |ground| Confirm::of_passing(ground, course));
            }
            _ => self.notify("there is no failed request to go on from"),
        }
    }

    /// Asks whether to take back what was done so far.
    pub(in crate::app) fn take_https_back(&mut self) {
        let back = self.state.https.under_way.as_ref().filter(|it| !it.goes_on).and_then(|it| it.course.back());
        match back {
            Some(course) => {
                self.confirm_course(&course.subject.key.clone(), |ground| Confirm::of_course(ground, course));
            }
            None => self.notify("there is nothing to take back"),
        }
    }

    /// Leaves it as it is: nothing more is done, and that is recorded.
    pub(in crate::app) fn leave_https(&mut self) -> Vec<Effect> {
        let Some(it) = self.state.https.under_way.as_ref().filter(|it| !it.goes_on && !it.course.has_arrived()) else {
            return Vec::new();
        };
        let course = Box::new(it.course.clone());
        self.state.https.under_way = None;
        self.state.dialog = None;
        vec![Effect::Https(HttpsAsked::Leave(course))]
    }

    /// What was done is over when nobody looks at it any more.
    pub(in crate::app) fn close_progress(&mut self) {
        if self.state.https.under_way.as_ref().is_some_and(|it| it.course.has_arrived()) {
            self.state.https.under_way = None;
        }
    }

    /// Something came of what was asked.
    pub(in crate::app) fn https_told(&mut self, told: HttpsTold) -> Vec<Effect> {
        match told {
            HttpsTold::Surveyed(key, site) => self.surveyed(&key, site),
            HttpsTold::On(course, written) => self.course_went_on(*course, written.as_ref()),
            HttpsTold::Undo(course) => {
                if let Some(back) = course.back() {
                    self.confirm_course(&course.subject.key, |ground| Confirm::of_course(ground, back));
                }
            }
            HttpsTold::Refused(refusal) => {
                let what = self.state.writing.take().map(|writing| writing.what).unwrap_or_default();
                if let Some(it) = &mut self.state.https.under_way {
                    it.goes_on = false;
                }
                // What never began is nothing to go on with.
                if self.state.https.under_way.as_ref().is_some_and(|it| it.course.id.is_none()) {
                    self.state.https.under_way = None;
                    self.state.dialog = None;
                }
                self.say(format!("{what}: {refusal}"));
            }
            HttpsTold::Left(Ok(())) => self.notify("it is left as it is; the log keeps how far it came"),
            HttpsTold::Left(Err(why)) => self.say(format!("that it is left as it is could not be recorded: {why}")),
        }
        Vec::new()
    }

    fn surveyed(&mut self, key: &Key<Environment>, site: Result<Option<Box<crate::change::https::Site>>, Arc<Fault>>) {
        let Some(Dialog::Https(guide)) = &mut self.state.dialog else { return };
        if guide.environment != *key || !matches!(guide.stage, Stage::Reading) {
            return;
        }
        let configured = self.state.setup.hostnames.get(&*guide.name).map(Vec::as_slice).unwrap_or_default();
        guide.stage = match site {
            Ok(Some(site)) => {
                let refused = site.refusal().map(|refusal| refusal.to_string());
                let choosing = Choosing::new(*site, configured, self.state.now);
                let obstacle = refused.or_else(|| choosing.obstacle().map(str::to_owned));
                obstacle.map_or_else(|| Stage::Choosing(Box::new(choosing)), Stage::Ended)
            }
            Ok(None) => Stage::Ended("the environment is gone".to_owned()),
            Err(fault) => Stage::Ended(fault.sentence()),
        };
    }

    fn course_went_on(&mut self, course: Course, written: Option<&Written>) {
        self.state.writing = None;
        let key = course.subject.key.clone();
        if let Some(written) = written.filter(|written| !written.outcome.is_done()) {
            let reason = written.outcome.reason().unwrap_or_default();
            self.say(format!("HTTPS of {}: {reason}", clean(&course.subject.name)));
        }
        let is_update =
            written.is_some_and(|it| it.observed.as_ref().is_some_and(|it| it.status.as_str() == "Updating"));
        if let Some(written) = written.filter(|_| is_update) {
            let request_id = written.request_ids.last().cloned();
            self.state.deploys.asked.insert(key.clone(), Asked::new(None, request_id, written.at));
        }
        let goes_on = self.state.https.under_way.as_ref().is_none_or(|it| it.goes_on || written.is_none());
        let has_arrived = course.has_arrived();
        let since = written.map(|it| it.at);
        self.state.https.under_way = Some(UnderWay { course, goes_on: goes_on && !has_arrived, since });
        if self.state.dialog.is_none() {
            self.state.dialog = Some(Dialog::Progress);
        }
        self.expire_settings(&key);
        self.look_at(&key);
        self.plan();
    }

    /// Goes on as soon as the environment was read after the last step, and stands so that it can.
    pub(in crate::app) fn advance_https(&mut self) -> Vec<Effect> {
        if self.state.writing.is_some() || self.state.frozen.is_some() || !self.state.session.is_open() {
            return Vec::new();
        }
        let Some(it) = self.state.https.under_way.as_mut().filter(|it| it.goes_on) else { return Vec::new() };
        let Some(environment) = self.state.inventory.environments.get(&it.course.subject.key) else {
            return Vec::new();
        };
        let source = Source::Environments(it.course.subject.key.scope);
        let read_at = self.state.poller.ledger.read_at(&source);
        if it.since.is_some_and(|since| read_at.is_none_or(|at| at <= since)) {
            return Vec::new();
        }
        let standing = Standing::from(environment);
        match it.course.next(&standing) {
            Next::Wait => Vec::new(),
            Next::Arrived | Next::Stopped(..) => {
                it.goes_on = false;
                self.look_again();
                Vec::new()
            }
            Next::Do(_) | Next::LookUp(_) => {
                let course = it.course.clone();
                let what = format!("HTTPS of {}", clean(&course.subject.name));
                self.state.writing = Some(Writing { what, since: self.state.now, draft: None, warned: false });
                let consent = self.state.consent.clone().unwrap_or_default();
                vec![Effect::Https(HttpsAsked::Advance(Box::new(course), standing, consent))]
            }
        }
    }
}
