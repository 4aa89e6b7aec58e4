//! The table of metrics against AWS's list, written down a second time.

use std::collections::BTreeMap;

use beanpole::model::{Absence, Metric};

/// Dimension sets: `A` the load balancer, `B` that and target groups too, `C` target groups only, each with a zone or
/// without; `D` the load balancer without zones.
pub type Row = (char, &'static [&'static str], &'static str);

const HOSTS: &[&str] = &["Minimum", "Average", "Maximum"];
const TIMES: &[&str] = &["Average", "p50", "p90", "p95", "p99"];

/// Metrics with the same row, as the guide groups them.
const LIST: &[(&str, Row)] = &[
    ("RequestCount GrpcRequestCount IPv6RequestCount UnhealthyRoutingRequestCount", ('B', &["Sum"], "Count")),
    (
        "HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count",
        ('B', &["Sum"], "Count"),
    ),
    ("TargetResponseTime", ('B', TIMES, "Seconds")),
    ("TargetConnectionErrorCount TargetTLSNegotiationErrorCount", ('B', &["Sum"], "Count")),
    ("HealthyHostCount UnHealthyHostCount AnomalousHostCount MitigatedHostCount", ('C', HOSTS, "Count")),
    ("RequestCountPerTarget", ('C', &["Sum"], "Count")),
    ("HealthyStateDNS HealthyStateRouting UnhealthyStateDNS UnhealthyStateRouting", ('C', &["Minimum"], "Count")),
    ("HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count", ('A', &["Sum"], "Count")),
    (
        "HTTPCode_ELB_500_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count",
        ('A', &["Sum"], "Count"),
    ),
    ("HTTP_Redirect_Count HTTP_Redirect_Url_Limit_Exceeded_Count HTTP_Fixed_Response_Count", ('A', &["Sum"], "Count")),
    ("ActiveConnectionCount NewConnectionCount RejectedConnectionCount", ('A', &["Sum"], "Count")),
    ("ClientTLSNegotiationErrorCount", ('A', &["Sum"], "Count")),
    ("ProcessedBytes IPv6ProcessedBytes", ('A', &["Sum"], "Bytes")),
    ("NonStickyRequestCount DesyncMitigationMode_NonCompliant_Request_Count", ('A', &["Sum"], "Count")),
    ("DroppedInvalidHeaderRequestCount ForwardedInvalidHeaderRequestCount", ('A', &["Sum"], "Count")),
    ("ELBAuthError ELBAuthFailure ELBAuthSuccess", ('A', &["Sum"], "Count")),
    ("ELBAuthRefreshTokenSuccess ELBAuthUserClaimsSizeExceeded", ('A', &["Sum"], "Count")),
    ("ELBAuthLatency", ('A', &["Average", "p50", "p99"], "Milliseconds")),
    ("ConsumedLCUs ReservedLCUs RuleEvaluations", ('D', &["Sum"], "Count")),
    ("PeakLCUs", ('D', &["Maximum", "Sum"], "Count")),
    ("LowReputationRequestsDenied LowReputationPacketsDropped", ('A', &["Sum"], "Count")),
];

/// The list, by metric.
pub fn list() -> BTreeMap<&'static str, Row> {
    LIST.iter().flat_map(|(names, row)| names.split(' ').map(|name| (name, *row))).collect()
}

/// Whether a metric of this letter is published with these dimensions.
pub fn is_published(letter: char, group: bool, zone: bool) -> bool {
    match letter {
        'A' => !group,
        'B' => true,
        'C' => group,
        'D' => !group && !zone,
        other => panic!("{other}"),
    }
}

#[test]
fn the_table_is_the_list_of_the_guide() {
    let list = list();
    let table: BTreeMap<_, _> = Metric::ALL.iter().map(|metric| (metric.facts().name, metric.facts())).collect();
    assert_eq!(table.len(), Metric::ALL.len(), "a name is there twice");
    assert_eq!(list.keys().collect::<Vec<_>>(), table.keys().collect::<Vec<_>>());
    for (name, (letter, statistics, unit)) in list {
        let facts = table[name];
        for (group, zone) in [(false, false), (false, true), (true, false), (true, true)] {
            let published = is_published(letter, group, zone);
            assert_eq!(facts.dimensions.has(group, zone), published, "{name} group {group} zone {zone}");
        }
        let mut told: Vec<_> = facts.statistics.iter().map(|statistic| statistic.as_str()).collect();
        let mut wanted = statistics.to_vec();
        told.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{name}");
        assert_eq!(facts.unit.as_str(), unit, "{name}");
        assert_eq!(Metric::named(name).map(|metric| metric.facts().name), Some(name));
    }
}

#[test]
fn what_is_counted_is_zero_where_there_is_nothing_and_what_is_measured_is_not() {
    for metric in Metric::ALL {
        let facts = metric.facts();
        let counted = facts.statistics == [beanpole::model::Statistic::Sum] && facts.name != "ReservedLCUs";
        assert_eq!(facts.absence == Absence::Zero, counted, "{}", facts.name);
    }
}

#[test]
fn the_names_of_classic_load_balancers_are_theirs() {
    let classic = [
        ("RequestCount", "RequestCount"),
        ("TargetResponseTime", "Latency"),
        ("HTTPCode_Target_2XX_Count", "HTTPCode_Backend_2XX"),
        ("HTTPCode_Target_5XX_Count", "HTTPCode_Backend_5XX"),
        ("HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_4XX"),
        ("HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_5XX"),
        ("TargetConnectionErrorCount", "BackendConnectionErrors"),
        ("HealthyHostCount", "HealthyHostCount"),
        ("UnHealthyHostCount", "UnHealthyHostCount"),
        ("RejectedConnectionCount", "SpilloverCount"),
    ];
    for (name, classic) in classic {
        assert_eq!(Metric::named(name).unwrap().facts().classic, Some(classic), "{name}");
    }
}
