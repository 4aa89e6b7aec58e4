//! Compares the minutes after with the minutes before, rule by rule.

use super::minutes::Minute;
use super::rules::{LEAST_REQUESTS, RULES, Rule, Signal, Test};
use super::statistics::{Tally, deviation, dispersion, dominance, median};
use super::verdict::{Leaning, Reason};
use crate::model::counted;

/// Minutes with fewer requests have no percentiles worth comparing.
const LEAST_OF_A_PERCENTILE: f64 = 20.0;

/// What is compared.
pub(super) struct Comparison<'a> {
    /// The minutes before.
    pub before: &'a [Minute],
    /// The minutes with what was done.
    pub after: &'a [Minute],
    /// What was done, for words.
    pub done: Done,
    /// Whether others use the load balancer too, so that its own errors are nobody's.
    pub shared: bool,
    /// How many targets may be out of service without anything being wrong.
    pub out_of_service: f64,
}

/// What two stretches of minutes lie on both sides of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// An update brought a version.
    Update,
    /// An update brought settings.
    Settings,
    /// Settings were changed.
    Change,
}

impl Done {
    fn before(self) -> &'static str {
        match self {
            Self::Update | Self::Settings => "before the update",
            Self::Change => "before the change",
        }
    }

    fn since(self) -> &'static str {
        match self {
            Self::Update => "with the new version",
            Self::Settings => "with the new settings",
            Self::Change => "since the change",
        }
    }
}

impl Comparison<'_> {
    /// What speaks for and against the update; and what keeps us from telling.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let lacks = self.lacks();
        let rules = RULES.iter().filter(|rule| lacks.is_none() || rule.requests == 0.0);
        let mut reasons: Vec<_> = rules.filter_map(|rule| self.reason(rule)).collect();
        reasons.extend(lacks.map(|words| Reason::new(Signal::Evidence, Leaning::Unclear, words)));
        reasons
    }

    /// What there is too little of.
    fn lacks(&self) -> Option<String> {
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => return Some("no figures of the ten minutes before".to_owned()),
            (_, true) => return Some(format!("no figures {} yet", self.done.since())),
            _ => {}
        }
        let requests = |minutes: &[Minute]| minutes.iter().map(Minute::asked).fold(0.0, |sum, it| sum + it);
        let few = |minutes: &[Minute]| (requests(minutes) < LEAST_REQUESTS).then(|| requests(minutes));
        if let Some(requests) = few(self.after) {
            let requests = counted(requests, "request");
            return Some(format!("{requests} {}, fewer than {LEAST_REQUESTS}", self.done.since()));
        }
        let words =
            |requests| format!("{} {}, fewer than {LEAST_REQUESTS}", counted(requests, "request"), self.done.before());
        few(self.before).map(words)
    }

    fn reason(&self, rule: &Rule) -> Option<Reason> {
        let (leaning, words) = match (rule.signal, rule.test) {
            (Signal::ElbErrors | Signal::RejectedConnections, _) if self.shared => return None,
            (signal, Test::Share { .. }) => self.share(signal, &Bounds::of(rule)?)?,
            (_, Test::Time { rise, times, minutes, dominance }) => self.time(rise, times, minutes, dominance)?,
            (_, Test::Hosts { minutes }) => self.hosts(minutes)?,
            (_, Test::Count { rise, times }) => self.rejected(rise, times)?,
            (_, Test::Happens | Test::Lasts { .. }) => return None,
        };
        Some(Reason::new(rule.signal, leaning, words))
    }

    fn share(&self, signal: Signal, bounds: &Bounds) -> Option<(Leaning, String)> {
        let (pick, what): (fn(&Minute) -> Tally, &str) = match signal {
            Signal::TargetErrors => (|it| it.of_requests(it.target_5xx), "targets answer 5xx to"),
            Signal::ElbErrors => {
                (|it| Tally { hits: it.elb_5xx, of: it.asked() }, "the load balancer itself answers 5xx to")
            }
            Signal::ClientErrors => (|it| it.of_requests(it.target_4xx), "targets answer 4xx to"),
            Signal::ConnectionErrors => (|it| it.of_requests(it.connection_errors), "connections to targets fail for"),
            _ => return None,
        };
        let sum = |minutes: &[Minute]| minutes.iter().map(pick).fold(Tally::default(), Tally::plus);
        let (before, after) = (sum(self.before), sum(self.after));
        let spread = dispersion(self.before.iter().map(pick));
        let words = || {
            let (now, then) = (percent(after.share()), percent(before.share()));
            format!("{what} {now} of the requests ({:.0} of {:.0}), {then} before", after.hits, after.of)
        };
        // Fewer 4xx are nobody's merit: it is the clients who make them.
        let is_better = || signal != Signal::ClientErrors && bounds.exceeds(after, before, spread);
        if bounds.exceeds(before, after, spread) {
            return Some((Leaning::Worse, words()));
        }
        is_better().then(|| (Leaning::Better, words()))
    }

    fn time(&self, rise: f64, times: f64, minutes: usize, least: f64) -> Option<(Leaning, String)> {
        // Of a few requests the 99th percentile is the slowest one.
        let has_enough = |it: &&Minute| it.asked() >= LEAST_OF_A_PERCENTILE;
        let times_of =
            |minutes: &[Minute]| -> Vec<f64> { minutes.iter().filter(has_enough).filter_map(|it| it.p99).collect() };
        let (before, after) = (times_of(self.before), times_of(self.after));
        let (then, now) = (median(before.iter().copied())?, median(after.iter().copied())?);
        if before.len() < minutes || after.len() < minutes {
            return None;
        }
        let exceeds = |low: f64, high: f64| high - low >= rise && high >= low * times;
        let of = self.after.iter().map(Minute::asked).fold(0.0, |sum, it| sum + it);
        let of = counted(format!("{of:.0}"), "request");
        let words = || format!("the 99th percentile of answers is {} (of {of}), {} before", millis(now), millis(then));
        if exceeds(then, now) && dominance(&before, &after) >= least {
            return Some((Leaning::Worse, words()));
        }
        (exceeds(now, then) && dominance(&after, &before) >= least).then(|| (Leaning::Better, words()))
    }

    fn hosts(&self, minutes: usize) -> Option<(Leaning, String)> {
        let before = self.before.iter().filter_map(|it| it.healthy).min_by(f64::total_cmp)?;
        let known: Vec<_> = self.after.iter().filter_map(|it| it.healthy.zip(it.unhealthy)).collect();
        let last = &known[known.len().checked_sub(minutes)?..];
        let is_low = |(healthy, unhealthy): &(f64, f64)| *healthy < before - self.out_of_service && *unhealthy >= 1.0;
        let (healthy, unhealthy) = last.last().copied().filter(|_| last.iter().all(is_low))?;
        let (healthy, minutes) = (counted(format!("{healthy:.0}"), "healthy target"), counted(minutes, "minute"));
        let words = format!("{healthy} and {unhealthy:.0} unhealthy, for {minutes}; {before:.0} healthy before");
        Some((Leaning::Worse, words))
    }

    fn rejected(&self, rise: f64, times: f64) -> Option<(Leaning, String)> {
        let rate = |minutes: &[Minute]| {
            let sum = minutes.iter().fold(0.0, |sum, it| sum + it.rejected);
            (!minutes.is_empty()).then(|| sum / minutes.len() as f64)
        };
        let (before, after) = (rate(self.before)?, rate(self.after)?);
        let is_more = after - before >= rise && after >= before * times;
        let refused = || counted(format!("{after:.0}"), "connection");
        let words = || format!("the load balancer refuses {} a minute, {before:.0} before", refused());
        is_more.then(|| (Leaning::Worse, words()))
    }
}

/// How much more is more: the bounds of [`Test::Share`].
pub(super) struct Bounds {
    rise: f64,
    times: f64,
    least: f64,
    deviation: f64,
}

impl Bounds {
    /// The bounds of a rule about shares.
    pub(super) fn of(rule: &Rule) -> Option<Self> {
        let Test::Share { rise, times, least, deviation } = rule.test else { return None };
        Some(Self { rise, times, least, deviation })
    }

    /// Whether `high` is above `low` by as much as the rule wants.
    pub(super) fn exceeds(&self, low: Tally, high: Tally, spread: f64) -> bool {
        // A hair less, so that a rise of exactly the bound counts.
        let rise = high.share() - low.share() >= self.rise - 1e-9;
        let times = high.share() >= low.share() * self.times - 1e-9;
        rise && times && high.hits >= self.least && deviation(low, high, spread) >= self.deviation
    }
}

/// A share in percent, with the digits that matter.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent >= 10.0 => format!("{percent:.0} %"),
        percent if percent >= 1.0 => format!("{percent:.1} %"),
        percent => format!("{percent:.2} %"),
    }
}

fn millis(seconds: f64) -> String {
    if seconds >= 10.0 { format!("{seconds:.1} s") } else { format!("{:.0} ms", seconds * 1000.0) }
}
