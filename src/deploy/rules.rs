//! How a deploy is judged: the one table of signals and thresholds. The README's table is made of it.

use std::time::Duration;

/// Fewer requests after the update are not significant: the verdict is unclear.
pub const LEAST_REQUESTS: f64 = 100.0;

/// What a verdict may rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleSignal {
    /// Beanstalk's own result of the update, and which version runs in the end.
    Outcome,
    /// Targets with the new version fail the load balancer's checks.
    UnhealthyTargets,
    /// Beanstalk reports instances with the new version as unhealthy.
    IllInstances,
    /// Instances with the new version answer 5xx.
    InstanceErrors,
    /// Answers 5xx of targets.
    TargetErrors,
    /// Answers 5xx of the load balancer itself.
    ElbErrors,
    /// How long answers take.
    ResponseTime,
    /// Answers 4xx of targets.
    ClientErrors,
    /// How many targets are healthy.
    HealthyMinimum,
    /// Connections to targets that fail.
    ConnectionErrors,
    /// Connections of clients that are refused.
    RejectedConnections,
    /// Requests that no cookie led to a target.
    StrayRequests,
    /// What part of the requests the busiest instance gets.
    Shares,
    /// How much there is to judge by.
    Evidence,
}

impl RuleSignal {
    /// The word of the JSON lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::UnhealthyTargets => "unhealthy_targets",
            Self::IllInstances => "ill_instances",
            Self::InstanceErrors => "instance_errors",
            Self::TargetErrors => "target_errors",
            Self::ElbErrors => "elb_errors",
            Self::ResponseTime => "response_time",
            Self::ClientErrors => "client_errors",
            Self::HealthyMinimum => "healthy_minimum",
            Self::ConnectionErrors => "connection_errors",
            Self::RejectedConnections => "rejected_connections",
            Self::StrayRequests => "stray_requests",
            Self::Shares => "shares",
            Self::Evidence => "evidence",
        }
    }
}

/// When a signal is there, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Whatever the figures are.
    Decisive,
    /// Within a minute; until the load balancer's figures confirm it.
    Early,
    /// One to three minutes late; it confirms.
    Confirming,
}

impl Timing {
    /// A word for a table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decisive => "decides",
            Self::Early => "early",
            Self::Confirming => "confirms",
        }
    }
}

/// What makes a signal count against an update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// It happens.
    Happens,
    /// It lasts.
    Lasts {
        /// For at least so long, over at least two looks.
        least: Duration,
        /// For a target that was never healthy with the new version, which may still be starting.
        starting: Duration,
    },
    /// A share of the requests rises, and not by chance.
    Share {
        /// By at least so much of all requests, 0..1.
        rise: f64,
        /// To at least so many times what it was.
        times: f64,
        /// The minimum number of them.
        least: f64,
        /// By at least so many standard errors.
        deviation: f64,
    },
    /// The median over the minutes rises.
    Time {
        /// By at least so many seconds.
        rise: f64,
        /// To at least so many times what it was.
        times: f64,
        /// Over at least so many minutes.
        minutes: usize,
        /// In at least such a share of all pairs of a minute after with a minute before.
        dominance: f64,
    },
    /// Fewer healthy targets than the fewest before, of which some are unhealthy, and not only those of the batch.
    Hosts {
        /// For at least so many minutes in a row.
        minutes: usize,
    },
    /// A count rises.
    Count {
        /// By at least so many a minute.
        rise: f64,
        /// To at least so many times what it was.
        times: f64,
    },
}

/// A rule of the table.
#[derive(Clone, Copy, Debug)]
pub struct VerdictRule {
    /// Of what it is.
    pub signal: RuleSignal,
    /// What it is worth.
    pub timing: Timing,
    /// What is looked at, for users.
    pub what: &'static str,
    /// When it counts.
    pub test: Test,
    /// What it needs at least, in requests; 0 if it needs none.
    pub requests: f64,
}

/// The rules, in the order in which reasons are given.
pub const RULES: &[VerdictRule] = &[
    VerdictRule {
        signal: RuleSignal::Outcome,
        timing: Timing::Decisive,
        what: "the update failed, was reverted or ended \"but with errors\", or AWS says so in one of its events, a cause of its health or an instance's deployment; another version or deployment than the requested one runs, or several do; the environment was terminated",
        test: Test::Happens,
        requests: 0.0,
    },
    VerdictRule {
        signal: RuleSignal::UnhealthyTargets,
        timing: Timing::Early,
        what: "targets with the new version fail the load balancer's health check",
        test: Test::Lasts { least: Duration::from_secs(10), starting: Duration::from_secs(120) },
        requests: 0.0,
    },
    VerdictRule {
        signal: RuleSignal::IllInstances,
        timing: Timing::Early,
        what: "instances with the new version are Degraded or Severe in enhanced health",
        test: Test::Lasts { least: Duration::from_secs(20), starting: Duration::from_secs(20) },
        requests: 0.0,
    },
    VerdictRule {
        signal: RuleSignal::InstanceErrors,
        timing: Timing::Early,
        what: "answers 5xx of the instances with the new version in enhanced health, over a minute, against the other instances and the ten minutes before",
        test: Test::Share { rise: 0.02, times: 3.0, least: 5.0, deviation: 4.0 },
        requests: 30.0,
    },
    VerdictRule {
        signal: RuleSignal::TargetErrors,
        timing: Timing::Confirming,
        what: "answers 5xx of targets, as a share of the requests",
        test: Test::Share { rise: 0.005, times: 2.0, least: 5.0, deviation: 3.0 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::ElbErrors,
        timing: Timing::Confirming,
        what: "answers 5xx of the load balancer itself, as a share of the requests (not on a shared load balancer, where they are everybody's)",
        test: Test::Share { rise: 0.005, times: 2.0, least: 5.0, deviation: 3.0 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::ResponseTime,
        timing: Timing::Confirming,
        what: "the 99th percentile of the targets' response time, the median of the minutes",
        test: Test::Time { rise: 0.1, times: 1.5, minutes: 3, dominance: 0.9 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::HealthyMinimum,
        timing: Timing::Confirming,
        what: "healthy targets, against the fewest before; the batch under way may be missing",
        test: Test::Hosts { minutes: 3 },
        requests: 0.0,
    },
    VerdictRule {
        signal: RuleSignal::ClientErrors,
        timing: Timing::Confirming,
        what: "answers 4xx of targets, as a share of the requests",
        test: Test::Share { rise: 0.05, times: 1.5, least: 20.0, deviation: 3.0 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::ConnectionErrors,
        timing: Timing::Confirming,
        what: "connections to targets that failed, as a share of the requests",
        test: Test::Share { rise: 0.005, times: 2.0, least: 5.0, deviation: 3.0 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::RejectedConnections,
        timing: Timing::Confirming,
        what: "connections that the load balancer refused (not on a shared load balancer)",
        test: Test::Count { rise: 10.0, times: 2.0 },
        requests: LEAST_REQUESTS,
    },
];

/// The rules for changes of settings, beside the confirming ones of [`RULES`].
pub const CHANGE_RULES: &[VerdictRule] = &[
    VerdictRule {
        signal: RuleSignal::UnhealthyTargets,
        timing: Timing::Early,
        what: "targets that were healthy when it was written fail the load balancer's health check",
        test: Test::Happens,
        requests: 0.0,
    },
    VerdictRule {
        signal: RuleSignal::StrayRequests,
        timing: Timing::Confirming,
        what: "requests that no cookie led to a target (NonStickyRequestCount), as a share of the requests of the last three minutes; after a change of stickiness, unless it was off before",
        test: Test::Share { rise: 0.1, times: 2.0, least: 20.0, deviation: 3.0 },
        requests: LEAST_REQUESTS,
    },
    VerdictRule {
        signal: RuleSignal::Shares,
        timing: Timing::Early,
        what: "the busiest instance's part of the requests in enhanced health; after a change of stickiness",
        test: Test::Share { rise: 0.2, times: 1.5, least: 20.0, deviation: 4.0 },
        requests: LEAST_REQUESTS,
    },
];

/// The rule of a signal.
#[must_use]
pub fn rule(signal: RuleSignal) -> &'static VerdictRule {
    RULES.iter().chain(CHANGE_RULES).find(|rule| rule.signal == signal).unwrap_or(&RULES[0])
}

impl VerdictRule {
    /// Its threshold, for users.
    #[must_use]
    pub fn threshold(&self) -> String {
        match self.test {
            Test::Happens => "it happens".to_owned(),
            Test::Lasts { least, starting } if starting > least => {
                let (least, starting) = (least.as_secs(), starting.as_secs());
                format!("for {least} s or more, over two looks; {starting} s if it was never healthy before")
            }
            Test::Lasts { least, .. } => format!("for {} s or more, over two looks", least.as_secs()),
            Test::Share { rise, times, least, deviation } => {
                format!("+{} points and {times}× as many, {least} or more, {deviation} standard errors", rise * 100.0)
            }
            Test::Time { rise, times, minutes, .. } => {
                format!("+{} ms and {times}× as long, over {minutes} minutes or more", rise * 1000.0)
            }
            Test::Hosts { minutes } => format!("fewer, and some unhealthy, for {minutes} minutes"),
            Test::Count { rise, times } => format!("+{rise} a minute and {times}× as many"),
        }
    }

    /// What it needs at least, for users.
    #[must_use]
    pub fn sample(&self) -> String {
        if self.requests > 0.0 { format!("{} requests", self.requests) } else { "–".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_one_rule() {
        for rule in RULES {
            assert_eq!(RULES.iter().filter(|other| other.signal == rule.signal).count(), 1, "{:?}", rule.signal);
        }
        assert_eq!(RULES.len() + 3, 14, "all signals but the evidence itself and those of settings alone");
    }

    #[test]
    fn thresholds_are_reported_in_words() {
        assert_eq!(
            rule(RuleSignal::TargetErrors).threshold(),
            "+0.5 points and 2× as many, 5 or more, 3 standard errors"
        );
        assert_eq!(rule(RuleSignal::ResponseTime).threshold(), "+100 ms and 1.5× as long, over 3 minutes or more");
    }
}
