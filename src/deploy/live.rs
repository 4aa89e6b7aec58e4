//! What enhanced health showed during an update: the instances' requests and errors within seconds, where the load
//! balancer's figures are minutes late, and how each instance was. Bounded, however long it is looked at.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::statistics::Tally;
use crate::model::{HealthStatus, InstanceHealth, Moment};

/// How many readings are kept: two hours of them, one every ten seconds.
const MOST_READINGS: usize = 720;
/// How many instances are kept.
const MOST_INSTANCES: usize = 1000;
/// How many healths are kept of an instance.
const MOST_RUNS: usize = 64;

/// What all instances together reported at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveFigures {
    /// When it was read.
    pub at: Moment,
    /// Requests a second.
    pub requests_per_second: f64,
    /// Which share of them was answered with 5xx, 0..=100; `None` without requests.
    pub errors_percent: Option<f64>,
}

/// A health that lasted from `from` until the next one.
#[derive(Clone, Debug, PartialEq)]
struct HealthRun {
    health: HealthStatus,
    from: Moment,
}

/// The readings of an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveCourse {
    figures: VecDeque<LiveFigures>,
    runs: BTreeMap<Arc<str>, VecDeque<HealthRun>>,
    errors: BTreeMap<Arc<str>, f64>,
}

impl LiveCourse {
    /// Returns the readings, oldest first.
    #[must_use]
    pub fn figures(&self) -> impl DoubleEndedIterator<Item = &LiveFigures> {
        self.figures.iter()
    }

    /// Returns the health of an instance at a moment; `None` if it was not known yet.
    #[must_use]
    pub fn health(&self, instance: &str, at: Moment) -> Option<&HealthStatus> {
        self.runs.get(instance)?.iter().rev().find(|run| run.from <= at).map(|run| &run.health)
    }

    /// Returns the share of an instance's requests that it answered with 5xx in the newest reading, 0..=100.
    #[must_use]
    pub fn errors_percent(&self, instance: &str) -> Option<f64> {
        self.errors.get(instance).copied()
    }

    /// Applies what the instances reported at `at`.
    pub(super) fn observe(&mut self, instances: &[InstanceHealth], at: Moment) {
        self.errors.clear();
        let (mut requests, mut all, mut has_figures) = (0.0, Tally::default(), false);
        for it in instances.iter().take(MOST_INSTANCES) {
            let id = &it.instance.id;
            if let Some(health) = &it.status {
                self.enter(id, health, at);
            }
            let Some(metrics) = &it.metrics else { continue };
            has_figures = true;
            requests += metrics.requests_per_second();
            let errors = metrics.status_codes.map_or(0, |codes| codes.status_5xx);
            let own = Tally { hits: f64::from(errors), of: f64::from(metrics.request_count) };
            all = all.plus(own);
            if own.of > 0.0 {
                self.errors.insert(Arc::clone(id), own.share() * 100.0);
            }
        }
        if has_figures {
            let errors_percent = (all.of > 0.0).then(|| all.share() * 100.0);
            self.figures.push_back(LiveFigures { at, requests_per_second: requests, errors_percent });
        }
        if self.figures.len() > MOST_READINGS {
            self.figures.pop_front();
        }
    }

    fn enter(&mut self, instance: &Arc<str>, health: &HealthStatus, at: Moment) {
        if !self.runs.contains_key(instance) && self.runs.len() >= MOST_INSTANCES {
            return;
        }
        let runs = self.runs.entry(Arc::clone(instance)).or_default();
        if runs.back().is_none_or(|run| run.health != *health) {
            runs.push_back(HealthRun { health: health.clone(), from: at });
        }
        if runs.len() > MOST_RUNS {
            runs.pop_front();
        }
    }
}
