//! The table of metrics against AWS's list, written down a second time.

use std::collections::BTreeMap;

use beanpole::model::{Absence, Metric};

/// Dimension sets: `A` the load balancer, `B` that and target groups too, `C` target groups only, each with a zone or
/// without; `D` the load balancer without zones, `Z` the load balancer with a zone only. Then the statistics, the unit,
/// and what no value means: `0`, or `-` for a gap.
pub type Row = (char, &'static [&'static str], &'static str, char);

const SUM: &[&str] = &["Sum"];
const HOSTS: &[&str] = &["Minimum", "Average", "Maximum"];
const TIMES: &[&str] = &["Average", "p50", "p90", "p95", "p99"];

/// Metrics with the same row, as the guide groups them.
const LIST: &[(&str, Row)] = &[
    ("RequestCount", ('B', SUM, "Count", '0')),
    ("HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count", ('B', SUM, "Count", '0')),
    ("HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count", ('B', SUM, "Count", '0')),
    ("TargetResponseTime", ('B', TIMES, "Seconds", '-')),
    ("TargetConnectionErrorCount TargetTLSNegotiationErrorCount", ('B', SUM, "Count", '0')),
    ("UnhealthyRoutingRequestCount GrpcRequestCount", ('C', SUM, "Count", '0')),
    ("HealthyHostCount UnHealthyHostCount MitigatedHostCount", ('C', HOSTS, "Count", '-')),
    ("AnomalousHostCount", ('C', &["Minimum", "Maximum"], "Count", '-')),
    ("RequestCountPerTarget ActiveZonalShiftHostCount", ('C', SUM, "Count", '0')),
    ("HealthyStateDNS HealthyStateRouting", ('C', &["Maximum"], "Count", '-')),
    ("UnhealthyStateDNS UnhealthyStateRouting", ('C', &["Minimum"], "Count", '-')),
    ("BYoIPUtilPercentage", ('C', &["Average"], "Percent", '-')),
    ("IPv6RequestCount", ('A', SUM, "Count", '0')),
    ("HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count", ('A', SUM, "Count", '0')),
    ("HTTPCode_ELB_500_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count", ('A', SUM, "Count", '0')),
    ("HTTPCode_ELB_504_Count HTTP_Fixed_Response_Count", ('A', SUM, "Count", '0')),
    ("HTTP_Redirect_Count HTTP_Redirect_Url_Limit_Exceeded_Count", ('A', SUM, "Count", '0')),
    ("ActiveConnectionCount NewConnectionCount RejectedConnectionCount", ('A', SUM, "Count", '0')),
    ("ClientTLSNegotiationErrorCount", ('A', SUM, "Count", '0')),
    ("ProcessedBytes IPv6ProcessedBytes TargetControlProcessedBytes", ('A', SUM, "Bytes", '0')),
    ("NonStickyRequestCount AppCookieNonStickinessCount", ('A', SUM, "Count", '0')),
    ("DesyncMitigationMode_NonCompliant_Request_Count", ('A', SUM, "Count", '0')),
    ("DroppedInvalidHeaderRequestCount ForwardedInvalidHeaderRequestCount", ('Z', SUM, "Count", '0')),
    ("ELBAuthError ELBAuthFailure ELBAuthSuccess", ('A', SUM, "Count", '0')),
    ("ELBAuthRefreshTokenSuccess ELBAuthUserClaimsSizeExceeded", ('A', SUM, "Count", '0')),
    ("ELBAuthLatency", ('A', &["Average", "p50", "p99"], "Milliseconds", '-')),
    ("ConsumedLCUs ReservedLCUs RuleEvaluations", ('D', SUM, "Count", '0')),
    ("PeakLCUs", ('D', &["Maximum", "Sum"], "Count", '-')),
    ("CapacityUtilization", ('D', &["Maximum"], "Percent", '-')),
    ("LowReputationRequestsDenied LowReputationPacketsDropped", ('A', SUM, "Count", '0')),
    ("ExcessiveLowReputationPackets", ('A', SUM, "Count", '0')),
    ("TargetControlRequestCount TargetControlRequestRejectCount", ('A', SUM, "Count", '0')),
    ("TargetControlActiveChannelCount TargetControlNewChannelCount", ('A', SUM, "Count", '0')),
    ("TargetControlChannelErrorCount TargetControlWorkQueueLength", ('A', SUM, "Count", '0')),
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
        'Z' => !group && zone,
        other => panic!("{other}"),
    }
}

#[test]
fn the_table_is_the_list_of_the_guide() {
    let list = list();
    let table: BTreeMap<_, _> = Metric::ALL.iter().map(|metric| (metric.facts().name, metric.facts())).collect();
    assert_eq!(table.len(), Metric::ALL.len(), "a name is there twice");
    assert_eq!(list.keys().collect::<Vec<_>>(), table.keys().collect::<Vec<_>>());
    for (name, (letter, statistics, unit, absence)) in list {
        let facts = table[name];
        for (group, zone) in [(false, false), (false, true), (true, false), (true, true)] {
            let published = is_published(letter, group, zone);
            assert_eq!(facts.dimensions.has(group, zone), published, "{name} group {group} zone {zone}");
        }
        let mut reported: Vec<_> = facts.statistics.iter().map(|statistic| statistic.as_str()).collect();
        let mut wanted = statistics.to_vec();
        reported.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(reported, wanted, "{name}");
        assert_eq!(facts.unit.as_str(), unit, "{name}");
        assert_eq!(facts.absence == Absence::Zero, absence == '0', "{name} absent");
        assert_eq!(Metric::named(name).map(|metric| metric.facts().name), Some(name));
    }
}

#[test]
fn only_consumed_capacity_comes_half_an_hour_late() {
    let minutes = |metric: &Metric| (metric.delay().as_secs() / 60, metric.revised_for().as_secs() / 60);
    for metric in Metric::ALL {
        let (delay, revised) = minutes(metric);
        let late = metric.facts().name == "ConsumedLCUs";
        assert!(if late { delay > 30 && delay <= 40 } else { delay == 3 }, "{metric:?}: {delay}");
        assert!(revised >= delay + 5, "{metric:?} is read again for {revised} minutes");
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
