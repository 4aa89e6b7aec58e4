//! The figures of a stretch of minutes, summed up: what is shown before and after.

use serde::Serialize;

use super::minutes::{MINUTE, Minute};
use super::statistics::{Tally, median};
use super::time_json::maybe_time;
use crate::model::Moment;

/// The figures of a stretch of minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// When the first minute with figures begins.
    #[serde(serialize_with = "maybe_time")]
    pub from: Option<Moment>,
    /// When the last one ends.
    #[serde(serialize_with = "maybe_time")]
    pub until: Option<Moment>,
    /// How many minutes had figures.
    pub minutes: u32,
    /// Requests for which a target was chosen.
    pub requests: f64,
    /// A second.
    pub requests_per_second: f64,
    /// Answers 5xx of targets.
    pub target_5xx: f64,
    /// In percent of the requests.
    pub target_5xx_percent: f64,
    /// Answers 5xx of the load balancer itself.
    pub elb_5xx: f64,
    /// In percent of the requests.
    pub elb_5xx_percent: f64,
    /// 503 responses without a healthy target.
    pub elb_503: f64,
    /// Answers 4xx of targets, in percent of the requests.
    pub target_4xx_percent: f64,
    /// The median of the minutes' 99th percentiles, in seconds.
    pub p99_seconds: Option<f64>,
    /// The fewest healthy targets.
    pub healthy_minimum: Option<f64>,
    /// The most unhealthy targets.
    pub unhealthy_maximum: Option<f64>,
    /// Connections to targets that failed.
    pub connection_errors: f64,
    /// Connections of clients that were refused.
    pub rejected_connections: f64,
}

impl Minute {
    /// Requests, and those the load balancer had no target for.
    pub(super) fn asked(&self) -> f64 {
        self.requests.unwrap_or_default() + self.elb_503
    }

    pub(super) fn of_requests(&self, hits: f64) -> Tally {
        Tally { hits, of: self.requests.unwrap_or_default() }
    }
}

impl Figures {
    /// The figures of these minutes.
    pub(super) fn of<'a>(minutes: impl IntoIterator<Item = &'a Minute, IntoIter: Clone>) -> Self {
        let minutes = minutes.into_iter();
        let sum = |pick: fn(&Minute) -> f64| minutes.clone().map(pick).fold(0.0, |sum, it| sum + it);
        let (requests, asked) = (sum(|it| it.requests.unwrap_or_default()), sum(Minute::asked));
        let count = minutes.clone().filter(|it| it.requests.is_some()).count();
        let percent = |hits: f64, of: f64| Tally { hits, of }.share() * 100.0;
        let (target_5xx, elb_5xx) = (sum(|it| it.target_5xx), sum(|it| it.elb_5xx));
        let known = minutes.clone().filter(|it| it.requests.is_some());
        Self {
            from: known.clone().map(|it| it.at).min(),
            until: known.map(|it| it.at.plus(MINUTE)).max(),
            minutes: count as u32,
            requests,
            requests_per_second: if count > 0 { requests / (count as f64 * 60.0) } else { 0.0 },
            target_5xx,
            target_5xx_percent: percent(target_5xx, requests),
            elb_5xx,
            elb_5xx_percent: percent(elb_5xx, asked),
            elb_503: sum(|it| it.elb_503),
            target_4xx_percent: percent(sum(|it| it.target_4xx), requests),
            p99_seconds: median(minutes.clone().filter_map(|it| it.p99)),
            healthy_minimum: minutes.clone().filter_map(|it| it.healthy).min_by(f64::total_cmp),
            unhealthy_maximum: minutes.clone().filter_map(|it| it.unhealthy).max_by(f64::total_cmp),
            connection_errors: sum(|it| it.connection_errors),
            rejected_connections: sum(|it| it.rejected),
        }
    }

    /// The lines of a table of before and after: what it is, and the two.
    #[must_use]
    pub fn rows(before: &Self, after: &Self) -> Vec<(&'static str, String, String)> {
        ROWS.iter().map(|(name, pick)| (*name, pick(before), pick(after))).collect()
    }
}

/// A figure's name, and how it is written.
type MetricRow = (&'static str, fn(&Figures) -> String);

const ROWS: &[MetricRow] = &[
    ("minutes", |it| it.minutes.to_string()),
    ("requests/s", |it| format!("{:.1}", it.requests_per_second)),
    ("5xx of targets", |it| format!("{:.2} %", it.target_5xx_percent)),
    ("5xx of the balancer", |it| format!("{:.2} %", it.elb_5xx_percent)),
    ("4xx of targets", |it| format!("{:.2} %", it.target_4xx_percent)),
    ("p99", |it| it.p99_seconds.map_or_else(none, |seconds| format!("{:.0} ms", seconds * 1000.0))),
    ("healthy, at the least", |it| it.healthy_minimum.map_or_else(none, |count| format!("{count:.0}"))),
    ("failed connections", |it| format!("{:.0}", it.connection_errors)),
    ("refused connections", |it| format!("{:.0}", it.rejected_connections)),
];

fn none() -> String {
    "–".to_owned()
}
