//! The environments one after the other, by name: each is diagnosed as soon as all that its checks read was read or has
//! failed, and printed at once.

use super::answer::DoctorAnswer;
use super::baseline::Baseline;
use super::diagnosed::Diagnosed;
use super::text;
use crate::app::CheckSettings;
use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::named::named;
use crate::cli::output;
use crate::cli::problem::problems;
use crate::cli::progress::Bar;
use crate::cli::reading::Reading;
use crate::cli::settings::Settings;
use crate::diagnosis::diagnose;
use crate::model::{Environment, Key, Reliability, Snapshot};
use crate::polling::{Cadences, Freshness, Poller, Question, wants};
use crate::runtime::terminal_width;

/// The examination under way.
pub struct Examination<'a> {
    settings: &'a Settings,
    baseline: Option<Baseline>,
    name: Option<&'a str>,
    bar: &'a Bar,
    cadences: Cadences,
    /// The environments that are still to be diagnosed, the next one last.
    waiting: Vec<Key<Environment>>,
    /// How many environments were known when these were put in order.
    known: usize,
    diagnosed: Vec<Diagnosed>,
    /// Why the results could not be printed.
    failure: Option<Failure>,
}

/// Returns the environments that are there, by name.
pub fn in_order(known: &Snapshot) -> Vec<Key<Environment>> {
    let mut all: Vec<_> = known.inventory.environments.values().filter(|it| !it.is_terminated()).collect();
    all.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    all.into_iter().map(|it| it.key.clone()).collect()
}

impl<'a> Examination<'a> {
    /// Nothing is examined yet.
    pub fn new(settings: &'a Settings, baseline: Option<Baseline>, name: Option<&'a str>, bar: &'a Bar) -> Self {
        let cadences = settings.pace().cadences;
        let (waiting, diagnosed) = (Vec::new(), Vec::new());
        Self { settings, baseline, name, bar, cadences, waiting, known: 0, diagnosed, failure: None }
    }

    /// Diagnoses the environments of which everything is known by now.
    pub fn observe(&mut self, known: &Snapshot, poller: &Poller) {
        if !known.is_base_tried() {
            return;
        }
        self.put_in_order(known);
        while let Some(next) = self.waiting.last().cloned() {
            let questions = [Question::Linked, Question::Checks(next.clone())];
            if !poller.are_settled(&wants(known, &self.cadences, &questions), &known.reads) {
                return;
            }
            self.waiting.pop();
            let (reads, cadences, now) = (&known.reads, &self.cadences, known.moment);
            let freshness = Freshness { reads, poller, cadences, lost: None, now, is_lasting: false };
            let diagnosed = self.diagnose(known, &freshness, &next);
            self.add(diagnosed);
        }
    }

    /// Diagnoses the rest, by what came of it.
    pub fn end(&mut self, reading: &Reading) {
        self.put_in_order(reading.known());
        while let Some(next) = self.waiting.pop() {
            let reliability: &dyn Reliability = &reading.freshness();
            let diagnosed = self.diagnose(reading.known(), reliability, &next);
            self.add(diagnosed);
        }
    }

    /// The answer.
    pub fn into_answer(self, reading: &Reading) -> Result<DoctorAnswer, Failure> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(DoctorAnswer::new(reading.is_answered().then_some(self.diagnosed), problems(reading))),
        }
    }

    /// An environment may appear while the others are read.
    fn put_in_order(&mut self, known: &Snapshot) {
        if self.known == known.inventory.environments.len() {
            return;
        }
        self.known = known.inventory.environments.len();
        let mut all = match self.name {
            Some(name) => named(known, name).ok().flatten().map(|it| it.key.clone()).into_iter().collect(),
            None => in_order(known),
        };
        all.retain(|key| !self.diagnosed.iter().any(|it| it.environment == *key));
        all.reverse();
        self.waiting = all;
    }

    fn add(&mut self, diagnosed: Option<Diagnosed>) {
        let Some(diagnosed) = diagnosed else { return };
        let text = match self.settings.format {
            Format::Table => Ok(text::page(&diagnosed, self.name.is_some(), terminal_width())),
            Format::Jsonl => diagnosed.lines(),
            Format::Json => Ok(String::new()),
        };
        if self.failure.is_none() {
            self.failure = text.and_then(|text| self.bar.aside(|| output::result(&text))).err();
        }
        self.diagnosed.push(diagnosed);
    }

    /// Diagnoses an environment; `None` if it is gone.
    fn diagnose(&self, known: &Snapshot, reliability: &dyn Reliability, key: &Key<Environment>) -> Option<Diagnosed> {
        let environment = known.environment(key)?;
        let checks = CheckSettings::new(&self.settings.config);
        let inputs = checks.inputs(known, reliability, key)?;
        let diagnosis = diagnose(&inputs).silence(&checks.silenced(&environment.name));
        Some(Diagnosed::of(environment, diagnosis, self.baseline.as_ref()))
    }
}
