//! The one table of an Application Load Balancer's metrics: under which dimensions each is published, which statistics
//! mean something, and what it means when there is none.
//!
//! `CloudWatch` matches dimensions exactly as a set: the wrong set is an empty series and no error, so that a wrong row
//! reads as a constant 0. (Application Load Balancers User Guide, `CloudWatch` metrics.) Not in the table: the metrics of
//! Lambda targets, which Beanstalk does not make.

use std::fmt;
use std::time::Duration;

/// A statistic, as `GetMetricData` takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Statistic {
    /// The sum of all values.
    Sum,
    /// Their mean.
    Average,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// The median.
    P50,
    /// 90 % are at most this.
    P90,
    /// 95 % are at most this.
    P95,
    /// 99 % are at most this.
    P99,
}

impl Statistic {
    /// AWS's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Minimum => "Minimum",
            Self::Maximum => "Maximum",
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
        }
    }
}

/// The sets of dimensions under which a metric is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DimensionSets {
    /// The load balancer, and the load balancer in a zone.
    LoadBalancer,
    /// As that, and each of both with a target group.
    LoadBalancerAndTargetGroup,
    /// Only with a target group.
    TargetGroup,
    /// The load balancer, without zones.
    LoadBalancerAlone,
    /// The load balancer in a zone, and never without one: the whole is the sum of its zones.
    LoadBalancerInZone,
}

impl DimensionSets {
    /// Whether the metric is published with or without a target group, with or without a zone.
    #[must_use]
    pub fn has(self, target_group: bool, zone: bool) -> bool {
        match self {
            Self::LoadBalancer => !target_group,
            Self::LoadBalancerAndTargetGroup => true,
            Self::TargetGroup => target_group,
            Self::LoadBalancerAlone => !target_group && !zone,
            Self::LoadBalancerInZone => !target_group && zone,
        }
    }
}

/// What it means that a period has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Nothing was counted: 0.
    Zero,
    /// Nothing was measured: a gap.
    Gap,
}

/// The unit of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Bytes.
    Bytes,
    /// Hundredths, 0 to 100.
    Percent,
}

impl Unit {
    /// AWS's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Seconds => "Seconds",
            Self::Milliseconds => "Milliseconds",
            Self::Bytes => "Bytes",
            Self::Percent => "Percent",
        }
    }
}

/// The facts of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricFacts {
    /// AWS's name.
    pub name: &'static str,
    /// The name of the nearest metric of a Classic Load Balancer (`AWS/ELB`).
    pub classic: Option<&'static str>,
    /// Where it is published.
    pub dimensions: DimensionSets,
    /// Which statistics mean something; the first is the one to show if there is room for one.
    pub statistics: &'static [Statistic],
    /// Its unit.
    pub unit: Unit,
    /// What no value means.
    pub absence: Absence,
    /// What it counts, in a few words.
    pub about: &'static str,
}

macro_rules! metrics {
    ($($variant:ident $name:literal $classic:expr, $dimensions:ident, $statistics:expr, $unit:ident, $absence:ident, $about:literal;)+) => {
        /// A metric of `AWS/ApplicationELB`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Metric {
            $(#[doc = $about] $variant,)+
        }

        impl Metric {
            /// Every metric, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns its facts.
            #[must_use]
            pub fn facts(self) -> &'static MetricFacts {
                const FACTS: &[MetricFacts] = &[$(MetricFacts {
                    name: $name,
                    classic: $classic,
                    dimensions: DimensionSets::$dimensions,
                    statistics: $statistics,
                    unit: Unit::$unit,
                    absence: Absence::$absence,
                    about: $about,
                },)+];
                &FACTS[self as usize]
            }
        }
    };
}

const SUM: &[Statistic] = &[Statistic::Sum];
const TIMES: &[Statistic] = &[Statistic::P99, Statistic::P90, Statistic::P50, Statistic::P95, Statistic::Average];
/// Never `Sum`: every node of the load balancer reports all hosts.
const HEALTHY: &[Statistic] = &[Statistic::Minimum, Statistic::Maximum, Statistic::Average];
const UNHEALTHY: &[Statistic] = &[Statistic::Maximum, Statistic::Minimum, Statistic::Average];
const ANOMALOUS: &[Statistic] = &[Statistic::Maximum, Statistic::Minimum];
const MOST: &[Statistic] = &[Statistic::Maximum];
const LEAST: &[Statistic] = &[Statistic::Minimum];
const PEAK: &[Statistic] = &[Statistic::Maximum, Statistic::Sum];

metrics! {
    RequestCount "RequestCount" Some("RequestCount"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "requests for which a target was chosen";
    Target2xx "HTTPCode_Target_2XX_Count" Some("HTTPCode_Backend_2XX"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "answers 2xx of targets";
    Target3xx "HTTPCode_Target_3XX_Count" Some("HTTPCode_Backend_3XX"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "answers 3xx of targets";
    Target4xx "HTTPCode_Target_4XX_Count" Some("HTTPCode_Backend_4XX"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "answers 4xx of targets";
    Target5xx "HTTPCode_Target_5XX_Count" Some("HTTPCode_Backend_5XX"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "answers 5xx of targets";
    TargetResponseTime "TargetResponseTime" Some("Latency"), LoadBalancerAndTargetGroup, TIMES, Seconds, Gap,
        "time until a target's answer begins";
    TargetConnectionErrors "TargetConnectionErrorCount" Some("BackendConnectionErrors"), LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "connections to targets that failed";
    TargetTlsErrors "TargetTLSNegotiationErrorCount" None, LoadBalancerAndTargetGroup, SUM, Count, Zero,
        "TLS sessions with targets that failed";
    UnhealthyRouting "UnhealthyRoutingRequestCount" None, TargetGroup, SUM, Count, Zero,
        "requests sent to unhealthy targets because none was healthy";
    GrpcRequests "GrpcRequestCount" None, TargetGroup, SUM, Count, Zero, "gRPC requests";
    Ipv6Requests "IPv6RequestCount" None, LoadBalancer, SUM, Count, Zero, "requests over IPv6";
    HealthyHosts "HealthyHostCount" Some("HealthyHostCount"), TargetGroup, HEALTHY, Count, Gap, "healthy targets";
    UnhealthyHosts "UnHealthyHostCount" Some("UnHealthyHostCount"), TargetGroup, UNHEALTHY, Count, Gap, "unhealthy targets";
    RequestsPerTarget "RequestCountPerTarget" None, TargetGroup, SUM, Count, Zero,
        "requests for each target (an average, whose only statistic is Sum)";
    AnomalousHosts "AnomalousHostCount" None, TargetGroup, ANOMALOUS, Count, Gap, "targets found anomalous";
    MitigatedHosts "MitigatedHostCount" None, TargetGroup, UNHEALTHY, Count, Gap, "targets that get less traffic because they are anomalous";
    HealthyStateDns "HealthyStateDNS" None, TargetGroup, MOST, Count, Gap, "zones that meet the DNS failover threshold";
    HealthyStateRouting "HealthyStateRouting" None, TargetGroup, MOST, Count, Gap, "zones that meet the routing failover threshold";
    UnhealthyStateDns "UnhealthyStateDNS" None, TargetGroup, LEAST, Count, Gap, "zones that miss the DNS failover threshold";
    UnhealthyStateRouting "UnhealthyStateRouting" None, TargetGroup, LEAST, Count, Gap, "zones that miss the routing failover threshold";
    ZonalShiftHosts "ActiveZonalShiftHostCount" None, TargetGroup, SUM, Count, Zero,
        "targets disabled by a zonal shift, once for each minute";
    OwnAddresses "BYoIPUtilPercentage" None, TargetGroup, &[Statistic::Average], Percent, Gap, "own IP addresses in use";
    Elb3xx "HTTPCode_ELB_3XX_Count" None, LoadBalancer, SUM, Count, Zero, "redirects by the load balancer itself";
    Elb4xx "HTTPCode_ELB_4XX_Count" Some("HTTPCode_ELB_4XX"), LoadBalancer, SUM, Count, Zero, "answers 4xx of the load balancer itself";
    Elb5xx "HTTPCode_ELB_5XX_Count" Some("HTTPCode_ELB_5XX"), LoadBalancer, SUM, Count, Zero, "answers 5xx of the load balancer itself";
    Elb500 "HTTPCode_ELB_500_Count" None, LoadBalancer, SUM, Count, Zero, "answers 500 of the load balancer itself";
    Elb502 "HTTPCode_ELB_502_Count" None, LoadBalancer, SUM, Count, Zero, "answers 502: a target closed or reset the connection";
    Elb503 "HTTPCode_ELB_503_Count" None, LoadBalancer, SUM, Count, Zero, "answers 503: no target was registered";
    Elb504 "HTTPCode_ELB_504_Count" None, LoadBalancer, SUM, Count, Zero, "answers 504: a target took too long";
    Redirects "HTTP_Redirect_Count" None, LoadBalancer, SUM, Count, Zero, "redirect actions that succeeded";
    RedirectsTooLong "HTTP_Redirect_Url_Limit_Exceeded_Count" None, LoadBalancer, SUM, Count, Zero, "redirects whose URL would be longer than 8 K";
    FixedResponses "HTTP_Fixed_Response_Count" None, LoadBalancer, SUM, Count, Zero, "fixed-response actions that succeeded";
    ActiveConnections "ActiveConnectionCount" Some("EstimatedALBActiveConnectionCount"), LoadBalancer, SUM, Count, Zero,
        "connections open with clients and targets";
    NewConnections "NewConnectionCount" Some("EstimatedALBNewConnectionCount"), LoadBalancer, SUM, Count, Zero,
        "connections opened with clients and targets";
    RejectedConnections "RejectedConnectionCount" Some("SpilloverCount"), LoadBalancer, SUM, Count, Zero,
        "connections refused because the load balancer had reached its most";
    ClientTlsErrors "ClientTLSNegotiationErrorCount" None, LoadBalancer, SUM, Count, Zero, "TLS sessions with clients that failed";
    ProcessedBytes "ProcessedBytes" Some("EstimatedProcessedBytes"), LoadBalancer, SUM, Bytes, Zero, "bytes processed";
    Ipv6ProcessedBytes "IPv6ProcessedBytes" None, LoadBalancer, SUM, Bytes, Zero, "bytes processed over IPv6";
    NonStickyRequests "NonStickyRequestCount" None, LoadBalancer, SUM, Count, Zero,
        "requests that got another target because the sticky one could not be used";
    NonStickyAppRequests "AppCookieNonStickinessCount" None, LoadBalancer, SUM, Count, Zero,
        "the same with the application's own cookie";
    DesyncMitigation "DesyncMitigationMode_NonCompliant_Request_Count" Some("DesyncMitigationMode_NonCompliant_Request_Count"),
        LoadBalancer, SUM, Count, Zero, "requests that do not comply with RFC 7230";
    DroppedInvalidHeaders "DroppedInvalidHeaderRequestCount" None, LoadBalancerInZone, SUM, Count, Zero, "requests of which invalid headers were removed";
    ForwardedInvalidHeaders "ForwardedInvalidHeaderRequestCount" None, LoadBalancerInZone, SUM, Count, Zero, "requests forwarded with invalid headers";
    AuthErrors "ELBAuthError" None, LoadBalancer, SUM, Count, Zero, "authentications that failed for an internal error";
    AuthFailures "ELBAuthFailure" None, LoadBalancer, SUM, Count, Zero, "authentications that the provider denied";
    AuthLatency "ELBAuthLatency" None, LoadBalancer, &[Statistic::P99, Statistic::P50, Statistic::Average], Milliseconds, Gap,
        "time to ask the identity provider";
    AuthSuccesses "ELBAuthSuccess" None, LoadBalancer, SUM, Count, Zero, "authentications that succeeded";
    AuthRefreshes "ELBAuthRefreshTokenSuccess" None, LoadBalancer, SUM, Count, Zero, "claims refreshed by a refresh token";
    AuthClaimsTooLong "ELBAuthUserClaimsSizeExceeded" None, LoadBalancer, SUM, Count, Zero, "claims of more than 11 K";
    ConsumedLcus "ConsumedLCUs" None, LoadBalancerAlone, SUM, Count, Zero, "capacity units used, which are paid for";
    PeakLcus "PeakLCUs" None, LoadBalancerAlone, PEAK, Count, Gap, "the most capacity units used at a time";
    ReservedLcus "ReservedLCUs" None, LoadBalancerAlone, SUM, Count, Zero, "capacity units reserved, an hour's in sixty parts";
    CapacityUtilization "CapacityUtilization" None, LoadBalancerAlone, MOST, Percent, Gap, "the share of the capacity in use";
    RuleEvaluations "RuleEvaluations" None, LoadBalancerAlone, SUM, Count, Zero,
        "rules evaluated: the free ten of a request are counted, the default rule is not";
    LowReputationDenied "LowReputationRequestsDenied" None, LoadBalancer, SUM, Count, Zero,
        "requests refused for their sender's reputation";
    LowReputationDropped "LowReputationPacketsDropped" None, LoadBalancer, SUM, Count, Zero,
        "packets dropped for their sender's reputation";
    LowReputationExcess "ExcessiveLowReputationPackets" None, LoadBalancer, SUM, Count, Zero,
        "packets that active blocking would have dropped for their sender's reputation";
    OptimizerRequests "TargetControlRequestCount" None, LoadBalancer, SUM, Count, Zero, "requests forwarded to the target optimizer's agents";
    OptimizerRejected "TargetControlRequestRejectCount" None, LoadBalancer, SUM, Count, Zero,
        "requests rejected because no target was ready for one";
    OptimizerChannels "TargetControlActiveChannelCount" None, LoadBalancer, SUM, Count, Zero, "control channels with the agents";
    OptimizerNewChannels "TargetControlNewChannelCount" None, LoadBalancer, SUM, Count, Zero, "control channels opened with the agents";
    OptimizerChannelErrors "TargetControlChannelErrorCount" None, LoadBalancer, SUM, Count, Zero, "control channels that failed";
    OptimizerQueue "TargetControlWorkQueueLength" None, LoadBalancer, SUM, Count, Zero, "requests that the agents are ready for";
    OptimizerBytes "TargetControlProcessedBytes" None, LoadBalancer, SUM, Bytes, Zero, "bytes to target groups with the target optimizer";
}

/// The namespace of all of them.
pub const NAMESPACE: &str = "AWS/ApplicationELB";

/// A minute is whole when it ended this long ago: until then `CloudWatch` may publish it late or revise it. (AWS gives no
/// figure in writing: UNVERIFIED.)
pub const PROVISIONAL: Duration = Duration::from_mins(3);

/// How long after its end a period of `ConsumedLCUs` may still be missing: it comes about half an hour late.
const LATE: Duration = Duration::from_mins(35);
/// How long after its end a period may still be published or revised. AWS gives no figure; users see one to three
/// minutes, and revisions within ten.
const REVISED: Duration = Duration::from_mins(10);

impl Metric {
    /// How long after its end a period may still be missing: until then no value means nothing.
    #[must_use]
    pub fn delay(self) -> Duration {
        if self == Self::ConsumedLcus { LATE } else { PROVISIONAL }
    }

    /// How long after its end a period is read again, because it may still come or be revised.
    #[must_use]
    pub fn revised_for(self) -> Duration {
        if self == Self::ConsumedLcus { LATE + REVISED } else { REVISED }
    }

    /// The metric of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.facts().name == name)
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().name)
    }
}
