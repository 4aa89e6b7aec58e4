//! What is read from `CloudWatch` together: a chart, a row's figures, a deployment's; and over which period.
//!
//! `CloudWatch` charges for each series in each call, so only what is on screen is read.

use std::time::Duration;

use super::{Metric, Statistic};

/// How far back a chart goes, and the period that fits it: never more than 720 points, and one that `CloudWatch` still
/// keeps (minutes for 15 days, five minutes for 63, hours for 455).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Range {
    /// 15 minutes.
    Minutes15,
    /// An hour.
    #[default]
    Hour,
    /// Three hours.
    Hours3,
    /// Twelve hours.
    Hours12,
    /// A day.
    Day,
    /// Three days.
    Days3,
    /// A week.
    Week,
    /// Two weeks.
    Weeks2,
}

impl Range {
    /// All, the shortest first.
    pub const ALL: [Self; 8] =
        [Self::Minutes15, Self::Hour, Self::Hours3, Self::Hours12, Self::Day, Self::Days3, Self::Week, Self::Weeks2];

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Duration {
        match self {
            Self::Minutes15 => Duration::from_mins(15),
            Self::Hour => Duration::from_hours(1),
            Self::Hours3 => Duration::from_hours(3),
            Self::Hours12 => Duration::from_hours(12),
            Self::Day => Duration::from_hours(24),
            Self::Days3 => Duration::from_hours(72),
            Self::Week => Duration::from_hours(168),
            Self::Weeks2 => Duration::from_hours(336),
        }
    }

    /// Its period, in seconds.
    #[must_use]
    pub fn period(self) -> u32 {
        match self {
            Self::Minutes15 | Self::Hour | Self::Hours3 | Self::Hours12 => 60,
            Self::Day => 300,
            Self::Days3 => 900,
            Self::Week => 1800,
            Self::Weeks2 => 3600,
        }
    }

    /// A few letters for a title.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutes15 => "15m",
            Self::Hour => "1h",
            Self::Hours3 => "3h",
            Self::Hours12 => "12h",
            Self::Day => "1d",
            Self::Days3 => "3d",
            Self::Week => "1w",
            Self::Weeks2 => "2w",
        }
    }

    /// The next longer one; the longest stays.
    #[must_use]
    pub fn longer(self) -> Self {
        Self::ALL.into_iter().find(|other| *other > self).unwrap_or(self)
    }

    /// The next shorter one; the shortest stays.
    #[must_use]
    pub fn shorter(self) -> Self {
        Self::ALL.into_iter().rev().find(|other| *other < self).unwrap_or(self)
    }
}

/// A line of a chart: a statistic of a metric, and its name in the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChartLine {
    /// Which metric.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Statistic,
    /// A word or two; empty for the only line of a chart.
    pub name: &'static str,
}

/// How the values of a chart are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartUnit {
    /// A sum over a period, shown per second.
    PerSecond,
    /// A sum over a period, shown per minute.
    PerMinute,
    /// A sum of bytes over a period, shown per second.
    BytesPerSecond,
    /// Times.
    Seconds,
    /// Times that arrive in milliseconds.
    Milliseconds,
    /// A number of things that are there.
    Level,
    /// A share, 0 to 100.
    Percent,
}

macro_rules! charts {
    ($($variant:ident $title:literal $unit:ident [$($metric:ident $statistic:ident $name:literal),+];)+) => {
        /// A chart of the Metrics tab: what belongs into one picture.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Chart {
            $(#[doc = $title] $variant,)+
        }

        impl Chart {
            /// Every chart, in the order of the tab: what users feel first.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its title.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Returns how its values are shown.
            #[must_use]
            pub fn unit(self) -> ChartUnit {
                match self { $(Self::$variant => ChartUnit::$unit,)+ }
            }

            /// Returns its lines; the most important one last, because it is drawn over the others.
            #[must_use]
            pub fn lines(self) -> &'static [ChartLine] {
                match self {
                    $(Self::$variant => &[$(ChartLine {
                        metric: Metric::$metric,
                        statistic: Statistic::$statistic,
                        name: $name,
                    }),+],)+
                }
            }
        }
    };
}

charts! {
    Requests "Requests" PerSecond [RequestCount Sum ""];
    TargetErrors "Errors made by targets" PerMinute [Target4xx Sum "4xx", Target5xx Sum "5xx"];
    ResponseTime "Response time" Seconds [TargetResponseTime P50 "p50", TargetResponseTime P90 "p90", TargetResponseTime P99 "p99"];
    ElbErrors "Errors made by the load balancer" PerMinute [Elb504 Sum "504", Elb503 Sum "503", Elb502 Sum "502", Elb500 Sum "500"];
    Hosts "Targets" Level [HealthyHosts Minimum "healthy", UnhealthyHosts Maximum "unhealthy"];
    Connections "Connections" PerMinute [ActiveConnections Sum "active", NewConnections Sum "new"];
    FailedConnections "Failed connections" PerMinute [ClientTlsErrors Sum "client TLS", TargetTlsErrors Sum "target TLS", TargetConnectionErrors Sum "targets", RejectedConnections Sum "rejected"];
    Stickiness "Stickiness and fail-open" PerMinute [NonStickyAppRequests Sum "app cookie", NonStickyRequests Sum "not sticky", UnhealthyRouting Sum "fail-open"];
    Answers "Answers that are no errors" PerSecond [Target3xx Sum "3xx", Target2xx Sum "2xx"];
    ClientErrors "Client errors, by the load balancer" PerMinute [Elb4xx Sum "4xx"];
    PerTarget "Requests for each target" PerSecond [RequestsPerTarget Sum ""];
    Actions "Redirects and fixed responses" PerMinute [Elb3xx Sum "3xx", FixedResponses Sum "fixed", RedirectsTooLong Sum "too long", Redirects Sum "redirects"];
    Bytes "Bytes" BytesPerSecond [OptimizerBytes Sum "optimizer", Ipv6ProcessedBytes Sum "IPv6", ProcessedBytes Sum "all"];
    Capacity "Capacity units" Level [ReservedLcus Sum "reserved", PeakLcus Maximum "peak", ConsumedLcus Sum "consumed"];
    CapacityInUse "Capacity in use" Percent [OwnAddresses Average "own IPs", CapacityUtilization Maximum "capacity"];
    Protocols "IPv6, gRPC, rules evaluated" PerMinute [RuleEvaluations Sum "rules", Ipv6Requests Sum "IPv6", GrpcRequests Sum "gRPC"];
    Invalid "Requests out of order" PerMinute [DesyncMitigation Sum "desync", ForwardedInvalidHeaders Sum "forwarded", DroppedInvalidHeaders Sum "dropped"];
    Anomalies "Anomalous targets" Level [MitigatedHosts Maximum "mitigated", AnomalousHosts Maximum "anomalous"];
    Zones "Zones by failover threshold" Level [HealthyStateDns Maximum "DNS ok", HealthyStateRouting Maximum "routing ok", UnhealthyStateDns Minimum "DNS bad", UnhealthyStateRouting Minimum "routing bad"];
    ZonalShift "Targets in a zonal shift" PerMinute [ZonalShiftHosts Sum ""];
    Authentication "Authentication" PerMinute [AuthSuccesses Sum "ok", AuthRefreshes Sum "refreshed", AuthClaimsTooLong Sum "too long", AuthFailures Sum "denied", AuthErrors Sum "errors"];
    AuthenticationTime "Time to authenticate" Milliseconds [AuthLatency P50 "p50", AuthLatency P99 "p99"];
    Reputation "Senders of low reputation" PerMinute [LowReputationExcess Sum "excess", LowReputationDropped Sum "dropped", LowReputationDenied Sum "denied"];
    Optimizer "Target optimizer" PerMinute [OptimizerQueue Sum "ready", OptimizerRequests Sum "requests", OptimizerRejected Sum "rejected"];
    OptimizerChannels "Channels of the target optimizer" PerMinute [OptimizerNewChannels Sum "new", OptimizerChannels Sum "open", OptimizerChannelErrors Sum "failed"];
}

/// What is read of an environment's load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// The figures of a row of the Fleet, with the minutes of a sparkline.
    Row,
    /// The same in one point of five minutes, for rows that are not on screen.
    Coarse,
    /// A chart of the Metrics tab.
    Chart {
        /// Which.
        chart: Chart,
        /// How far back.
        range: Range,
        /// Whether each zone has its own lines.
        zones: bool,
    },
    /// What a deploy is judged by.
    Deploy,
    /// What the checks read beside a row's figures: errors, refused connections, requests that lost their target.
    Checks,
    /// Every metric there is, minute by minute: what `beanpole metrics` prints.
    All {
        /// How far back, in seconds.
        seconds: u32,
        /// The period, in seconds.
        period: u32,
    },
}

/// How many minutes a row's sparkline shows.
const ROW: Duration = Duration::from_mins(20);
/// A deploy may take half an hour; ten minutes before it are the baseline.
const DEPLOY: Duration = Duration::from_mins(60);
/// A quarter of an hour counts, and the minutes that `CloudWatch` may still revise are left out.
const CHECKS: Duration = Duration::from_mins(25);

impl Measure {
    /// How far back it goes.
    #[must_use]
    pub fn length(self) -> Duration {
        match self {
            Self::Row => ROW,
            Self::Coarse => Duration::from_mins(10),
            Self::Chart { range, .. } => range.length(),
            Self::Deploy => DEPLOY,
            Self::Checks => CHECKS,
            Self::All { seconds, .. } => Duration::from_secs(u64::from(seconds)),
        }
    }

    /// The period, in seconds.
    #[must_use]
    pub fn period(self) -> u32 {
        match self {
            Self::Row | Self::Deploy => 60,
            Self::Coarse | Self::Checks => 300,
            Self::Chart { range, .. } => range.period(),
            Self::All { period, .. } => period,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Set;

    #[test]
    fn no_chart_has_more_points_than_a_series_keeps() {
        for range in Range::ALL {
            let points = range.length().as_secs() / u64::from(range.period());
            assert!((15..=720).contains(&points), "{range:?}: {points}");
        }
    }

    #[test]
    fn every_metric_is_on_a_chart_and_no_line_on_two() {
        let lines: Vec<_> = Chart::ALL.iter().flat_map(|chart| chart.lines()).collect();
        let once: Set<_> = lines.iter().map(|line| (line.metric, line.statistic)).collect();
        assert_eq!(lines.len(), once.len());
        // The sum of 5xx is the lines of its parts.
        for metric in Metric::ALL.iter().filter(|metric| **metric != Metric::Elb5xx) {
            assert!(lines.iter().any(|line| line.metric == *metric), "{metric:?} is on no chart");
        }
        for line in lines {
            assert!(line.metric.facts().statistics.contains(&line.statistic), "{line:?}");
        }
    }
}
