//! Compares the minutes after with the minutes before, rule by rule.

use super::minutes::Minute;
use super::rules::{LEAST_REQUESTS, RULES, RuleSignal, Test, VerdictRule};
use super::statistics::{Tally, deviation, dispersion, dominance, median, percent};
use super::verdict::{Leaning, VerdictReason};
use crate::model::counted;

/// Minutes with fewer requests have no percentiles worth comparing.
const LEAST_OF_A_PERCENTILE: f64 = 20.0;

/// The minutes that are compared.
pub(super) struct MinutesComparison<'a> {
    /// The minutes before.
    pub before: &'a [Minute],
    /// The minutes with what was done.
    pub after: &'a [Minute],
    /// What was done, for the text.
    pub done: JudgedChange,
    /// Whether others use the load balancer too, so that its own errors cannot be attributed.
    pub shared: bool,
    /// How many targets may be out of service without anything being wrong.
    pub out_of_service: f64,
}

/// The change between the two stretches of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JudgedChange {
    /// An update that deployed a version.
    Update,
    /// An update that changed settings.
    Settings,
    /// Settings were changed.
    Change,
}

impl JudgedChange {
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

impl MinutesComparison<'_> {
    /// Returns the reasons for and against the update; and those that make it unclear.
    pub(super) fn reasons(&self) -> Vec<VerdictReason> {
        let lacks = self.lacks();
        let rules = RULES.iter().filter(|rule| lacks.is_none() || rule.requests == 0.0);
        let mut reasons: Vec<_> = rules.filter_map(|rule| self.reason(rule)).collect();
        reasons.extend(lacks.map(|words| VerdictReason::new(RuleSignal::Evidence, Leaning::Unclear, words)));
        reasons
    }

    /// Describes which data are not enough.
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

    fn reason(&self, rule: &VerdictRule) -> Option<VerdictReason> {
        let (leaning, words) = match (rule.signal, rule.test) {
            (RuleSignal::ElbErrors | RuleSignal::RejectedConnections, _) if self.shared => return None,
            (signal, Test::Share { .. }) => return self.share(signal, &Bounds::of(rule)?),
            (_, Test::Time { rise, times, minutes, dominance }) => self.time(rise, times, minutes, dominance)?,
            (_, Test::Hosts { minutes }) => self.hosts(minutes)?,
            (_, Test::Count { rise, times }) => self.rejected(rise, times)?,
            (_, Test::Happens | Test::Lasts { .. }) => return None,
        };
        Some(VerdictReason::new(rule.signal, leaning, words))
    }

    fn share(&self, signal: RuleSignal, bounds: &Bounds) -> Option<VerdictReason> {
        let (pick, what): (fn(&Minute) -> Tally, &str) = match signal {
            RuleSignal::TargetErrors => (|it| it.of_requests(it.target_5xx), "targets answer 5xx to"),
            RuleSignal::ElbErrors => {
                (|it| Tally { hits: it.elb_5xx, of: it.asked() }, "the load balancer itself answers 5xx to")
            }
            RuleSignal::ClientErrors => (|it| it.of_requests(it.target_4xx), "targets answer 4xx to"),
            RuleSignal::ConnectionErrors => {
                (|it| it.of_requests(it.connection_errors), "connections to targets fail for")
            }
            _ => return None,
        };
        let sum = |minutes: &[Minute]| minutes.iter().map(pick).fold(Tally::default(), Tally::plus);
        let (before, after) = (sum(self.before), sum(self.after));
        let spread = dispersion(self.before.iter().map(pick));
        let words = || {
            let (now, then) = (percent(after.share()), percent(before.share()));
            format!("{what} {now} of the requests ({:.0} of {:.0}), {then} before", after.hits, after.of)
        };
        // Fewer 4xx are no sign of a better version: clients cause them.
        let is_better = || signal != RuleSignal::ClientErrors && bounds.exceeds(after, before, spread);
        let leaning = match () {
            () if bounds.exceeds(before, after, spread) => Leaning::Worse,
            () if is_better() => Leaning::Better,
            () => return None,
        };
        let shares = Some((after.share(), before.share()));
        Some(VerdictReason { shares, ..VerdictReason::new(signal, leaning, words()) })
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

/// The bounds of [`Test::Share`].
pub(super) struct Bounds {
    rise: f64,
    times: f64,
    least: f64,
    deviation: f64,
}

impl Bounds {
    /// The bounds of a rule about shares.
    pub(super) fn of(rule: &VerdictRule) -> Option<Self> {
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

fn millis(seconds: f64) -> String {
    if seconds >= 10.0 { format!("{seconds:.1} s") } else { format!("{:.0} ms", seconds * 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Moment;

    const CALM: Minute = Minute {
        at: Moment::EPOCH,
        requests: Some(1000.0),
        target_5xx: 0.0,
        target_4xx: 0.0,
        elb_5xx: 0.0,
        elb_503: 0.0,
        connection_errors: 0.0,
        rejected: 0.0,
        p99: Some(0.2),
        healthy: Some(4.0),
        unhealthy: Some(0.0),
    };

    /// Returns the leaning and the text of each reason from comparing these minutes.
    fn said(before: &[Minute], after: &[Minute]) -> Vec<(Leaning, String)> {
        let comparison =
            MinutesComparison { before, after, done: JudgedChange::Update, shared: false, out_of_service: 1.0 };
        comparison.reasons().into_iter().map(|it| (it.leaning, it.words)).collect()
    }

    /// The only reason, of ten minutes like the one against these.
    fn reason(before: Minute, after: &[Minute]) -> Option<(Leaning, String)> {
        let mut said = said(&[before; 10], after);
        assert!(said.len() < 2, "{said:?}");
        said.pop()
    }

    fn words((leaning, words): (Leaning, &str)) -> (Leaning, String) {
        (leaning, words.to_owned())
    }

    #[test]
    fn a_share_is_worse_or_better_by_its_bounds() {
        use Leaning::{Better, Worse};
        let errors = |target_5xx: f64| Minute { target_5xx, ..CALM };
        for (before, after, expected) in [
            (0.0, 10.0, Some((Worse, "targets answer 5xx to 1.0 % of the requests (30 of 3000), 0.00 % before"))),
            (0.0, 4.0, None),
            (10.0, 0.0, Some((Better, "targets answer 5xx to 0.00 % of the requests (0 of 3000), 1.0 % before"))),
            (10.0, 15.0, None),
            (10.0, 25.0, Some((Worse, "targets answer 5xx to 2.5 % of the requests (75 of 3000), 1.0 % before"))),
        ] {
            assert_eq!(reason(errors(before), &[errors(after); 3]), expected.map(words), "{before} > {after}");
        }
        // Fewer 4xx are no sign of a better version.
        let clients = |target_4xx: f64| Minute { target_4xx, ..CALM };
        assert_eq!(reason(clients(500.0), &[clients(0.0); 3]), None);
        let (leaning, text) = reason(clients(10.0), &[clients(200.0); 3]).unwrap();
        assert!(leaning == Worse && text.starts_with("targets answer 4xx to 20 %"), "{text}");
        for (minute, expected) in [
            (
                Minute { connection_errors: 50.0, ..CALM },
                "connections to targets fail for 5.0 % of the requests (150 of 3000)",
            ),
            // Requests without a healthy target (503) count as well.
            (
                Minute { elb_5xx: 750.0, elb_503: 250.0, ..CALM },
                "the load balancer itself answers 5xx to 60 % of the requests (2250 of 3750)",
            ),
        ] {
            let (leaning, text) = reason(CALM, &[minute; 3]).unwrap();
            assert!(leaning == Worse && text.starts_with(expected), "{text}");
        }
    }

    /// A state: each minute before, those after, and the expected reason.
    type Times<'a> = (&'a str, Minute, Vec<Minute>, Option<(Leaning, String)>);

    #[test]
    fn times_are_compared_by_their_medians_where_they_hardly_overlap() {
        use Leaning::{Better, Worse};
        let slow = |p99: f64| Minute { p99: Some(p99), ..CALM };
        let few = Minute { requests: Some(19.0), ..slow(9.0) };
        let said = |now: &str, of: u32, then: &str| {
            format!("the 99th percentile of answers is {now} (of {of} requests), {then} before")
        };
        let rows: [Times<'_>; 9] = [
            ("slower", slow(0.2), vec![slow(0.5); 3], Some((Worse, said("500 ms", 3000, "200 ms")))),
            ("much slower", slow(0.2), vec![slow(12.34); 3], Some((Worse, said("12.3 s", 3000, "200 ms")))),
            ("faster", slow(0.5), vec![slow(0.2); 3], Some((Better, said("200 ms", 3000, "500 ms")))),
            ("by less than 100 ms", slow(0.1), vec![slow(0.19); 3], None),
            ("less than half as much again", slow(1.0), vec![slow(1.4); 3], None),
            ("two minutes", slow(0.2), vec![slow(0.5); 2], None),
            ("they overlap", slow(0.2), vec![slow(0.5), slow(0.5), slow(0.1)], None),
            ("nothing was measured", slow(0.2), vec![Minute { p99: None, ..CALM }; 3], None),
            ("of few requests", slow(0.2), vec![slow(0.2), slow(0.2), slow(0.2), few, few], None),
        ];
        for (state, before, after, expected) in rows {
            assert_eq!(reason(before, &after), expected, "{state}");
        }
    }

    #[test]
    fn hosts_that_stay_away_are_worse() {
        let hosts =
            |healthy: f64, unhealthy: f64| Minute { healthy: Some(healthy), unhealthy: Some(unhealthy), ..CALM };
        let unknown = Minute { healthy: None, ..CALM };
        let two = "2 healthy targets and 2 unhealthy, for 3 minutes; 4 healthy before";
        for (state, after, expected) in [
            ("two of four", vec![hosts(2.0, 2.0); 3], Some(two)),
            ("for two minutes", vec![hosts(4.0, 0.0), hosts(2.0, 2.0), hosts(2.0, 2.0)], None),
            (
                "for the newest three",
                vec![hosts(4.0, 0.0), hosts(2.0, 2.0), hosts(2.0, 2.0), hosts(2.0, 2.0)],
                Some(two),
            ),
            ("one may be out of service", vec![hosts(3.0, 1.0); 3], None),
            ("fewer, and none unhealthy", vec![hosts(2.0, 0.0); 3], None),
            ("not known", vec![unknown; 3], None),
            (
                "one",
                vec![hosts(1.0, 3.0); 3],
                Some("1 healthy target and 3 unhealthy, for 3 minutes; 4 healthy before"),
            ),
        ] {
            let found = reason(CALM, &after);
            assert_eq!(found, expected.map(|it| words((Leaning::Worse, it))), "{state}");
        }
    }

    #[test]
    fn refused_connections_are_counted_by_the_minute() {
        let refused = |rejected: f64| Minute { rejected, ..CALM };
        for (before, after, expected) in [
            (0.0, 10.0, Some("the load balancer refuses 10 connections a minute, 0 before")),
            (0.0, 9.0, None),
            (20.0, 39.0, None),
            (20.0, 40.0, Some("the load balancer refuses 40 connections a minute, 20 before")),
            (40.0, 0.0, None),
        ] {
            let found = reason(refused(before), &[refused(after); 3]);
            assert_eq!(found, expected.map(|it| words((Leaning::Worse, it))), "{before} > {after}");
        }
    }

    /// The minutes before, those after, what was done, and what is lacking, if anything is.
    type Lacks<'a> = (&'a [Minute], &'a [Minute], JudgedChange, Option<&'a str>);

    #[test]
    fn too_little_to_judge_by_is_said() {
        let quiet = |requests: f64| Minute { requests: Some(requests), ..CALM };
        let rows: [Lacks<'_>; 8] = [
            (&[], &[CALM], JudgedChange::Update, Some("no figures of the ten minutes before")),
            (&[CALM], &[], JudgedChange::Update, Some("no figures with the new version yet")),
            (&[CALM], &[], JudgedChange::Settings, Some("no figures with the new settings yet")),
            (&[CALM], &[], JudgedChange::Change, Some("no figures since the change yet")),
            (
                &[CALM],
                &[quiet(33.0); 3],
                JudgedChange::Update,
                Some("99 requests with the new version, fewer than 100"),
            ),
            (&[quiet(33.0); 3], &[CALM], JudgedChange::Update, Some("99 requests before the update, fewer than 100")),
            (&[quiet(1.0)], &[CALM], JudgedChange::Change, Some("1 request before the change, fewer than 100")),
            (&[quiet(100.0)], &[quiet(100.0)], JudgedChange::Update, None),
        ];
        for (before, after, done, expected) in rows {
            let comparison = MinutesComparison { before, after, done, shared: false, out_of_service: 0.0 };
            let reasons = comparison.reasons();
            let lacks = reasons.iter().find(|it| it.signal == RuleSignal::Evidence);
            assert_eq!(lacks.map(|it| (it.leaning, it.words.as_str())), expected.map(|it| (Leaning::Unclear, it)));
        }
        // On a shared load balancer its own errors may be another environment's.
        let bad = [Minute { elb_5xx: 500.0, rejected: 500.0, ..CALM }; 3];
        let shared = MinutesComparison {
            before: &[CALM; 10],
            after: &bad,
            done: JudgedChange::Update,
            shared: true,
            out_of_service: 0.0,
        };
        assert_eq!(shared.reasons(), []);
        assert_eq!(said(&[CALM; 10], &bad).len(), 2);
    }

    #[test]
    fn shares_have_the_digits_that_matter() {
        let words = [0.0, 0.000_12, 0.0099, 0.01, 0.0999, 0.1, 0.333, 1.0].map(percent);
        assert_eq!(words, ["0.00 %", "0.01 %", "0.99 %", "1.0 %", "10.0 %", "10 %", "33 %", "100 %"]);
        assert_eq!([0.0, 0.25, 9.999, 10.0, 12.34].map(millis), ["0 ms", "250 ms", "9999 ms", "10.0 s", "12.3 s"]);
    }
}
