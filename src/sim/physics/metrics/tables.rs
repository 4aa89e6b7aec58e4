//! The metrics that are published, under which sets of dimensions, and what each is read from.
//!
//! Those that a region like this never has are left out, as they would never be published: `ELBAuth*`, Lambda, reserved
//! capacity, connections refused at the limit, TLS to the targets, the target optimizer, addresses of low reputation or of
//! the account's own pool.

use super::minute::Hosts;
use super::reported::{self, Reported, nonzero};
use super::statistic::Statistic;

/// How a metric follows from what was counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Read {
    /// Each event is a sample of 1.
    Events(fn(&Reported<'_>) -> Option<f64>),
    /// Each node reports its part.
    Amount(fn(&Reported<'_>) -> Option<f64>),
    /// Counted several times a minute, by every node.
    Hosts(fn(&Hosts) -> f64),
    /// A level that the load balancer as a whole reports.
    Level(fn(&Reported<'_>) -> Option<f64>),
    /// Requests per healthy target.
    PerTarget,
    /// The time that answers took.
    Time,
    /// Beanstalk's own `EnvironmentHealth`.
    Health,
}

/// Of the same kind; functions are not compared.
impl PartialEq for Read {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Sets of dimensions under which a metric is published, each with a zone and without but for the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    /// The load balancer, and no zone.
    Alone,
    /// The load balancer and a zone, never without.
    Zone,
    /// The load balancer.
    Balancer,
    /// As that, and with it target groups.
    Both,
    /// Target groups with their load balancer.
    Group,
    /// As that, and target groups by themselves.
    GroupAlone,
}

impl Under {
    /// Whether the load balancer's name is enough, with a zone or without.
    pub(super) fn has_balancers(self, zoned: bool) -> bool {
        match self {
            Self::Alone => !zoned,
            Self::Zone => zoned,
            Self::Balancer | Self::Both => true,
            Self::Group | Self::GroupAlone => false,
        }
    }

    pub(super) fn has_groups(self) -> bool {
        matches!(self, Self::Both | Self::Group | Self::GroupAlone)
    }
}

type Row = (&'static str, Under, Read);

/// The metrics of `AWS/ApplicationELB`.
pub(super) const APPLICATION: &[Row] = &[
    ("RequestCount", Under::Both, Read::Events(|minute| nonzero(minute.counts.requests))),
    ("HTTPCode_Target_2XX_Count", Under::Both, Read::Events(|minute| nonzero(minute.counts.answers[0]))),
    ("HTTPCode_Target_3XX_Count", Under::Both, Read::Events(|minute| nonzero(minute.counts.answers[1]))),
    ("HTTPCode_Target_4XX_Count", Under::Both, Read::Events(|minute| nonzero(minute.counts.answers[2]))),
    ("HTTPCode_Target_5XX_Count", Under::Both, Read::Events(|minute| nonzero(minute.counts.answers[3]))),
    ("TargetResponseTime", Under::Both, Read::Time),
    ("TargetConnectionErrorCount", Under::Both, Read::Events(|minute| nonzero(minute.counts.elb_502))),
    ("UnhealthyRoutingRequestCount", Under::Group, Read::Events(|minute| nonzero(minute.counts.fail_open))),
    ("HealthyHostCount", Under::Group, Read::Hosts(|hosts| hosts.healthy)),
    ("UnHealthyHostCount", Under::Group, Read::Hosts(|hosts| hosts.unhealthy)),
    ("RequestCountPerTarget", Under::GroupAlone, Read::PerTarget),
    ("GrpcRequestCount", Under::GroupAlone, Read::Events(reported::grpc)),
    // Anomalies are looked for by weighted random routing only, which Beanstalk does not switch on.
    ("AnomalousHostCount", Under::Group, Read::Hosts(|_| 0.0)),
    ("MitigatedHostCount", Under::Group, Read::Hosts(|_| 0.0)),
    // There is no zonal shift here.
    ("ActiveZonalShiftHostCount", Under::Group, Read::Hosts(|_| 0.0)),
    ("HealthyStateDNS", Under::Group, Read::Hosts(|hosts| hosts.healthy_zones)),
    ("HealthyStateRouting", Under::Group, Read::Hosts(|hosts| hosts.healthy_zones)),
    ("UnhealthyStateDNS", Under::Group, Read::Hosts(|hosts| hosts.unhealthy_zones)),
    ("UnhealthyStateRouting", Under::Group, Read::Hosts(|hosts| hosts.unhealthy_zones)),
    ("HTTPCode_ELB_3XX_Count", Under::Balancer, Read::Events(reported::redirects)),
    ("HTTPCode_ELB_4XX_Count", Under::Balancer, Read::Events(reported::client_errors)),
    ("HTTPCode_ELB_5XX_Count", Under::Balancer, Read::Events(reported::elb_errors)),
    ("HTTPCode_ELB_502_Count", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.elb_502))),
    ("HTTPCode_ELB_503_Count", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.elb_503))),
    ("HTTPCode_ELB_504_Count", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.elb_504))),
    ("HTTP_Redirect_Count", Under::Balancer, Read::Events(reported::redirects)),
    ("HTTP_Fixed_Response_Count", Under::Balancer, Read::Events(reported::fixed_responses)),
    ("ActiveConnectionCount", Under::Balancer, Read::Amount(reported::active_connections)),
    ("NewConnectionCount", Under::Balancer, Read::Amount(reported::new_connections)),
    ("ClientTLSNegotiationErrorCount", Under::Balancer, Read::Events(reported::tls_errors)),
    ("ProcessedBytes", Under::Balancer, Read::Amount(reported::bytes)),
    ("IPv6RequestCount", Under::Balancer, Read::Events(reported::ipv6_requests)),
    ("IPv6ProcessedBytes", Under::Balancer, Read::Amount(reported::ipv6_bytes)),
    ("AppCookieNonStickinessCount", Under::Balancer, Read::Events(reported::not_sticky_by_application)),
    ("NonStickyRequestCount", Under::Balancer, Read::Events(reported::not_sticky)),
    ("DesyncMitigationMode_NonCompliant_Request_Count", Under::Balancer, Read::Events(reported::not_compliant)),
    ("DroppedInvalidHeaderRequestCount", Under::Zone, Read::Events(reported::headers_dropped)),
    ("ForwardedInvalidHeaderRequestCount", Under::Zone, Read::Events(reported::headers_forwarded)),
    ("ConsumedLCUs", Under::Alone, Read::Amount(reported::capacity)),
    ("CapacityUtilization", Under::Alone, Read::Level(reported::utilization)),
    ("PeakLCUs", Under::Alone, Read::Amount(reported::peak_capacity)),
    ("RuleEvaluations", Under::Alone, Read::Amount(reported::rule_evaluations)),
];

/// The statistics that the guide gives a metric, where it has but these; what the others answer is UNVERIFIED (user guide,
/// `CloudWatch` metrics for your Application Load Balancer).
pub(super) fn statistics(metric: &str) -> Option<&'static [Statistic]> {
    Some(match metric {
        "RequestCountPerTarget" | "ActiveZonalShiftHostCount" => &[Statistic::Sum],
        "HealthyStateDNS" | "HealthyStateRouting" | "CapacityUtilization" => &[Statistic::Maximum],
        "UnhealthyStateDNS" | "UnhealthyStateRouting" => &[Statistic::Minimum],
        "AnomalousHostCount" => &[Statistic::Minimum, Statistic::Maximum],
        "MitigatedHostCount" => &[Statistic::Minimum, Statistic::Maximum, Statistic::Average],
        _ => return None,
    })
}

/// The metrics of `AWS/NetworkELB`.
pub(super) const NETWORK: &[Row] = &[
    ("HealthyHostCount", Under::Group, Read::Hosts(|hosts| hosts.healthy)),
    ("UnHealthyHostCount", Under::Group, Read::Hosts(|hosts| hosts.unhealthy)),
    ("ActiveFlowCount", Under::Balancer, Read::Amount(|minute| nonzero((minute.counts.requests * 0.5).round()))),
    ("NewFlowCount", Under::Balancer, Read::Amount(reported::new_connections)),
    ("ProcessedBytes", Under::Balancer, Read::Amount(reported::bytes)),
];

/// The metrics of `AWS/ELB`, for classic load balancers.
pub(super) const CLASSIC: &[Row] = &[
    ("RequestCount", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.requests))),
    ("Latency", Under::Balancer, Read::Time),
    ("HTTPCode_Backend_2XX", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.answers[0]))),
    ("HTTPCode_Backend_3XX", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.answers[1]))),
    ("HTTPCode_Backend_4XX", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.answers[2]))),
    ("HTTPCode_Backend_5XX", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.answers[3]))),
    ("HTTPCode_ELB_4XX", Under::Balancer, Read::Events(reported::client_errors)),
    ("HTTPCode_ELB_5XX", Under::Balancer, Read::Events(reported::elb_errors)),
    ("BackendConnectionErrors", Under::Balancer, Read::Events(|minute| nonzero(minute.counts.elb_502))),
    ("HealthyHostCount", Under::Balancer, Read::Hosts(|hosts| hosts.healthy)),
    ("UnHealthyHostCount", Under::Balancer, Read::Hosts(|hosts| hosts.unhealthy)),
];
