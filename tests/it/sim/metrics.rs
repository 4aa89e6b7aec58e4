//! `CloudWatch` of the simulated region: minutes that come late and are revised, exact dimension sets, statistics.

use super::{Turned, element, query, text};
use beanpole::sim::Faults;
use serde_json::{Value, json};

/// 14:00 on the wall; the tests look at minutes around it.
const START: i64 = super::START;

/// A region, and what its first load balancer is called in metrics.
struct Watched {
    turned: Turned,
    balancer: String,
    group: String,
}

impl Watched {
    fn new(scenario: &str, environment: &str) -> Self {
        Self::of(Turned::new(scenario), environment)
    }

    fn of(turned: Turned, environment: &str) -> Self {
        turned.world.set_faults(Faults::none());
        let named = format!("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName={environment}");
        let resources = turned.eb(&named);
        let balancer = element(element(&resources, "LoadBalancers"), "Name").to_owned();
        let groups = turned.elb(&format!("Action=DescribeTargetGroups&Version=2015-12-01&LoadBalancerArn={balancer}"));
        let group = element(&groups, "TargetGroupArn").rsplit(':').next().unwrap().to_owned();
        let balancer = balancer.split_once(":loadbalancer/").map_or(balancer.clone(), |(_, tail)| tail.to_owned());
        Self { turned, balancer, group }
    }

    fn sets(&self) -> [Vec<(&'static str, &str)>; 6] {
        let (balancer, group) = (("LoadBalancer", self.balancer.as_str()), ("TargetGroup", self.group.as_str()));
        let zone = ("AvailabilityZone", "eu-west-1a");
        [
            vec![balancer],
            vec![zone, balancer],
            vec![balancer, group],
            vec![zone, balancer, group],
            vec![group],
            vec![zone, group],
        ]
    }

    /// The points of a series from one time to another (seconds from the start), oldest first, when asked at a time.
    fn read(&self, at: i64, wanted: &Wanted<'_>, from: i64, until: i64) -> Vec<(i64, f64)> {
        self.turned.at(at);
        let dimensions: Vec<Value> =
            wanted.dimensions.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
        let body = json!({
            "MetricDataQueries": [{"Id": "m", "MetricStat": {
                "Metric": {"Namespace": wanted.namespace, "MetricName": wanted.metric, "Dimensions": dimensions},
                "Period": wanted.period, "Stat": wanted.statistic,
            }}],
            "StartTime": START + from, "EndTime": START + until, "ScanBy": "TimestampAscending",
        });
        let mut request = query("monitoring", &body.to_string());
        request.headers.push(("X-Amz-Target".into(), "GraniteServiceVersion20100801.GetMetricData".into()));
        let answer: Value = serde_json::from_str(&text(&self.turned.world.answer(&request))).unwrap();
        let result = &answer["MetricDataResults"][0];
        assert_eq!(result["StatusCode"], "Complete", "{answer}");
        let numbers = |name: &str| result[name].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
        let (times, values): (Vec<f64>, Vec<f64>) = (numbers("Timestamps"), numbers("Values"));
        times.into_iter().map(|time| time as i64 - START).zip(values).collect()
    }

    /// Returns one old minute, which does not change any more; `None`: it was not published.
    fn settled(&self, metric: &str, statistic: &str, dimensions: &[(&'static str, &str)]) -> Option<f64> {
        let wanted = Wanted { metric, statistic, dimensions, ..Wanted::default() };
        self.read(0, &wanted, -2_700, -2_640).first().map(|(_, value)| *value)
    }
}

struct Wanted<'a> {
    namespace: &'a str,
    metric: &'a str,
    statistic: &'a str,
    period: i64,
    dimensions: &'a [(&'static str, &'a str)],
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self { namespace: "AWS/ApplicationELB", metric: "RequestCount", statistic: "Sum", period: 60, dimensions: &[] }
    }
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= other.abs() * 1e-9
}

// ------------------------------------------------------------------------------------------------- late and revised

/// Returns the values of one minute (the first of the scenario), second by second after its end.
fn history(watched: &Watched, wanted: &Wanted<'_>) -> Vec<(i64, f64)> {
    let mut seen: Vec<(i64, f64)> = Vec::new();
    for second in 0..320 {
        for (_, value) in watched.read(60 + second, wanted, 0, 60) {
            if seen.last().is_none_or(|(_, last)| !near(value, *last)) {
                seen.push((second, value));
            }
        }
    }
    seen
}

#[test]
fn a_minute_comes_late_in_part_and_is_revised_once() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    let mut delays = Vec::new();
    for (metric, set) in
        [("RequestCount", 0), ("RequestCount", 2), ("HTTPCode_Target_2XX_Count", 0), ("ProcessedBytes", 0)]
    {
        let seen = history(&watched, &Wanted { metric, dimensions: &sets[set], ..Wanted::default() });
        let [(first, part), (revised, whole)] = seen[..] else { panic!("{metric}: {seen:?}") };
        assert!((60..=180).contains(&first), "{metric} came after {first} s");
        assert!((20..=121).contains(&(revised - first)), "{metric} was revised after {} s", revised - first);
        assert!((0.6..0.96).contains(&(part / whole)), "{metric}: {part} of {whole}");
        delays.push(first);
    }
    delays.dedup();
    assert_eq!(delays.len(), 4, "each series has a delay of its own: {delays:?}");
}

#[test]
fn host_counts_and_percentiles_are_late_too_and_only_times_change() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    let hosts = Wanted { metric: "HealthyHostCount", statistic: "Minimum", dimensions: &sets[2], ..Wanted::default() };
    let seen = history(&watched, &hosts);
    let [(first, count)] = seen[..] else { panic!("{seen:?}") };
    assert!((60..=180).contains(&first) && near(count, 3.0), "{seen:?}");
    let p99 = Wanted { metric: "TargetResponseTime", statistic: "p99", dimensions: &sets[0], ..Wanted::default() };
    let seen = history(&watched, &p99);
    let [(first, early), (_, late)] = seen[..] else { panic!("{seen:?}") };
    assert!((60..=180).contains(&first) && (0.93..1.07).contains(&(early / late)), "{seen:?}");
}

#[test]
fn going_back_in_time_shows_what_was_known_then() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    let wanted = Wanted { dimensions: &sets[0], ..Wanted::default() };
    let at = |second| watched.read(second, &wanted, -600, second);
    let (early, late) = (at(150), at(600));
    assert_eq!(early, at(150));
    assert!(early.len() < late.len() && late.len() < 20, "{} then {}", early.len(), late.len());
}

#[test]
fn longer_periods_hold_what_has_been_published_so_far() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    for period in [300, 3600] {
        let coarse = Wanted { period, dimensions: &sets[0], ..Wanted::default() };
        let fine = Wanted { period: 60, ..coarse };
        let growing: Vec<f64> = [120, 240, 360, 480, 900]
            .into_iter()
            .map(|at| {
                let sum: f64 = watched.read(at, &fine, 0, period).iter().map(|(_, value)| value).sum();
                let whole: f64 = watched.read(at, &coarse, 0, period).iter().map(|(_, value)| value).sum();
                assert!(near(whole, sum), "period {period} at {at}: {whole} is not {sum}");
                whole
            })
            .collect();
        assert!(growing.is_sorted() && growing[4] > growing[1], "{growing:?}");
    }
}

// --------------------------------------------------------------------------------------------------- dimension sets

/// Under which of the six sets a metric of a busy load balancer has a value.
fn answered(watched: &Watched, metric: &str, statistic: &str) -> [bool; 6] {
    watched.sets().map(|set| watched.settled(metric, statistic, &set).is_some())
}

#[test]
fn metrics_answer_to_their_own_sets_of_dimensions_only() {
    // {LB}, {AZ,LB}, {LB,TG}, {AZ,LB,TG}, {TG}, {AZ,TG}
    let a = [true, true, false, false, false, false];
    let b = [true, true, true, true, false, false];
    let c = [false, false, true, true, false, false];
    let d = [true, false, false, false, false, false];
    let watched = Watched::new("healthy", "alpha-web-prod");
    let expected = [
        ("RequestCount", "Sum", b),
        ("HTTPCode_Target_2XX_Count", "Sum", b),
        ("TargetResponseTime", "p99.9", b),
        ("HealthyHostCount", "Average", c),
        ("UnHealthyHostCount", "Maximum", c),
        ("RequestCountPerTarget", "Sum", [false, false, true, true, true, true]),
        ("AnomalousHostCount", "Maximum", c),
        ("MitigatedHostCount", "Maximum", c),
        ("ActiveZonalShiftHostCount", "Sum", c),
        ("HealthyStateDNS", "Maximum", c),
        ("HealthyStateRouting", "Maximum", c),
        ("UnhealthyStateDNS", "Minimum", c),
        ("UnhealthyStateRouting", "Minimum", c),
        ("HTTPCode_ELB_3XX_Count", "Sum", a),
        ("HTTP_Redirect_Count", "Sum", a),
        ("ActiveConnectionCount", "Sum", a),
        ("NewConnectionCount", "Sum", a),
        ("ProcessedBytes", "Sum", a),
        ("NonStickyRequestCount", "Sum", a),
        ("ForwardedInvalidHeaderRequestCount", "Sum", [false, true, false, false, false, false]),
        ("CapacityUtilization", "Maximum", d),
        ("ConsumedLCUs", "Sum", d),
        ("PeakLCUs", "Maximum", d),
        // Its listeners have their default rules only, which do not count.
        ("RuleEvaluations", "Sum", [false; 6]),
        ("UnhealthyHostCount", "Maximum", [false; 6]),
        ("SurgeQueueLength", "Maximum", [false; 6]),
        ("RejectedConnectionCount", "Sum", [false; 6]),
    ];
    for (metric, statistic, sets) in expected {
        assert_eq!(answered(&watched, metric, statistic), sets, "{metric}");
    }
}

/// Two targets that both fail, behind a load balancer with IPv6 addresses, in a group that uses gRPC.
const SPECIAL: &str = scenario!(
    "what an ordinary load balancer never reports",
    environment!(
        "web", instances = 2, traffic = { peak = 200.0 },
        options = { "aws:elbv2:loadbalancer/IpAddressType" = "dualstack" },
        process = [
            { name = "default", protocol_version = "GRPC" },
            { name = "chat", port = 8080, protocol_version = "GRPC", paths = ["/chat/*"] },
        ],
        timeline = [{ at = "-2h", targets = [1, 2], becomes = "failing" }],
    ),
    environment!("bare", instances = 0),
);

#[test]
fn metrics_of_a_special_load_balancer_have_their_own_sets_too() {
    let watched = Watched::of(Turned::written(SPECIAL), "web");
    let (a, c) = ([true, true, false, false, false, false], [false, false, true, true, false, false]);
    let expected = [
        ("UnhealthyRoutingRequestCount", "Sum", c),
        ("GrpcRequestCount", "Sum", [false, false, true, true, true, true]),
        ("IPv6RequestCount", "Sum", a),
        ("IPv6ProcessedBytes", "Sum", a),
        ("RuleEvaluations", "Sum", [true, false, false, false, false, false]),
    ];
    for (metric, statistic, sets) in expected {
        assert_eq!(answered(&watched, metric, statistic), sets, "{metric}");
    }
    // A query for a set that does not exist has no datapoint, rather than a zero.
    assert_eq!(watched.settled("UnhealthyRoutingRequestCount", "Sum", &watched.sets()[0]), None);
}

#[test]
fn hosts_are_counted_only_where_a_target_is_registered() {
    let bare = Watched::of(Turned::written(SPECIAL), "bare");
    assert_eq!(bare.settled("HealthyHostCount", "Average", &bare.sets()[2]), None);
    let web = Watched::of(Turned::written(SPECIAL), "web");
    assert_eq!(web.settled("HealthyHostCount", "Average", &web.sets()[2]), Some(0.0));
    assert_eq!(web.settled("UnHealthyHostCount", "Maximum", &web.sets()[2]), Some(2.0));
}

#[test]
fn anomalous_hosts_have_no_average_and_mitigated_ones_do() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let of = |metric, statistic| watched.settled(metric, statistic, &watched.sets()[2]);
    assert_eq!(["Minimum", "Maximum", "Average"].map(|it| of("AnomalousHostCount", it)), [Some(0.0), Some(0.0), None]);
    assert_eq!(["Minimum", "Maximum", "Average"].map(|it| of("MitigatedHostCount", it)), [Some(0.0); 3]);
}

/// The user guide gives these one statistic each: how many zones meet a threshold at the most, or miss it at the least.
#[test]
fn states_of_zones_have_the_one_statistic_that_the_guide_gives_them() {
    const ALL: [&str; 6] = ["Minimum", "Maximum", "Average", "Sum", "SampleCount", "p99"];
    let watched = Watched::new("healthy", "alpha-web-prod");
    for (metric, set, only) in [
        ("HealthyStateDNS", 2, "Maximum"),
        ("HealthyStateRouting", 2, "Maximum"),
        ("UnhealthyStateDNS", 2, "Minimum"),
        ("UnhealthyStateRouting", 2, "Minimum"),
        ("RequestCountPerTarget", 2, "Sum"),
        ("ActiveZonalShiftHostCount", 2, "Sum"),
    ] {
        let answered: Vec<_> =
            ALL.into_iter().filter(|it| watched.settled(metric, it, &watched.sets()[set]).is_some()).collect();
        assert_eq!(answered, [only], "{metric}");
    }
}

#[test]
fn capacity_units_come_half_an_hour_late() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    let seen = |metric, age: i64| {
        let wanted = Wanted { metric, dimensions: &sets[0], ..Wanted::default() };
        !watched.read(60 + age * 60, &wanted, 0, 60).is_empty()
    };
    assert_eq!([29, 30, 35].map(|minutes| seen("ConsumedLCUs", minutes)), [false, false, true]);
    assert!(seen("ProcessedBytes", 5), "the others do not");
}

#[test]
fn a_foreign_group_or_an_unknown_zone_is_an_empty_series() {
    let watched = Watched::new("shop", "shop-chat-prod");
    let other = Watched::new("shop", "shop-web-prod");
    let balancer = ("LoadBalancer", watched.balancer.as_str());
    assert!(watched.settled("RequestCount", "Sum", &[balancer, ("TargetGroup", &watched.group)]).is_some());
    assert_eq!(watched.settled("RequestCount", "Sum", &[balancer, ("TargetGroup", &other.group)]), None);
    assert_eq!(watched.settled("RequestCount", "Sum", &[balancer, ("AvailabilityZone", "euw1-az1")]), None);
    assert_eq!(watched.settled("RequestCount", "Sum", &[("LoadBalancerName", "legacy-portal")]), None);
    assert_eq!(watched.settled("RequestCount", "Sum", &[]), None);
    let classic = Wanted { namespace: "AWS/ELB", dimensions: &[balancer], ..Wanted::default() };
    assert_eq!(watched.read(0, &classic, -900, -600), []);
}

#[test]
fn what_is_zero_is_absent_or_zero_as_the_metric_means_it() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    for metric in ["HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_503_Count", "UnhealthyRoutingRequestCount"] {
        assert_eq!(watched.settled(metric, "Sum", &sets[0]), None, "{metric}");
    }
    assert_eq!(watched.settled("UnHealthyHostCount", "Maximum", &sets[2]), Some(0.0));
    assert_eq!(watched.settled("AnomalousHostCount", "Maximum", &sets[2]), Some(0.0));
    let plain = Watched::new("healthy", "alpha-api-prod");
    assert_eq!(plain.settled("NonStickyRequestCount", "Sum", &plain.sets()[0]), None, "stickiness is off there");
}

// ------------------------------------------------------------------------------------------------------- statistics

#[test]
fn each_statistic_says_what_it_says_at_cloudwatch() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let sets = watched.sets();
    let of = |metric, statistic, set: usize| watched.settled(metric, statistic, &sets[set]);
    let requests = of("RequestCount", "Sum", 0).unwrap();
    assert!((1_000.0..3_000.0).contains(&requests), "{requests}");
    assert_eq!(of("RequestCount", "SampleCount", 0), Some(requests), "every request is a sample");
    for statistic in ["Average", "Minimum", "Maximum"] {
        assert_eq!(of("RequestCount", statistic, 0), Some(1.0), "{statistic}");
        assert_eq!(of("HealthyHostCount", statistic, 2), Some(3.0), "{statistic}");
        assert_eq!(of("RequestCountPerTarget", statistic, 2), None, "{statistic}: only its Sum means anything");
    }
    assert_eq!(of("HealthyHostCount", "SampleCount", 2), Some(9.0), "three nodes that look three times");
    let per_target = of("RequestCountPerTarget", "Sum", 2).unwrap();
    assert!(near(per_target, of("RequestCount", "Sum", 2).unwrap() / 3.0));
    let rising = ["Minimum", "p10", "p50", "p90", "p95", "p99", "p99.9", "Maximum"];
    let times: Vec<f64> = rising.iter().map(|statistic| of("TargetResponseTime", statistic, 0).unwrap()).collect();
    assert!(times.is_sorted_by(|less, more| less < more), "{times:?}");
    let (sum, count) =
        (of("TargetResponseTime", "Sum", 0).unwrap(), of("TargetResponseTime", "SampleCount", 0).unwrap());
    assert!(near(of("TargetResponseTime", "Average", 0).unwrap(), sum / count));
}

#[test]
fn zones_add_up_to_their_load_balancer() {
    let watched = Watched::new("healthy", "alpha-web-prod");
    let zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    let part = |zone| {
        let dimensions = [("AvailabilityZone", zone), ("LoadBalancer", watched.balancer.as_str())];
        watched.settled("RequestCount", "Sum", &dimensions).unwrap()
    };
    let sum: f64 = zones.into_iter().map(part).sum();
    assert!(near(sum, watched.settled("RequestCount", "Sum", &watched.sets()[0]).unwrap()), "{sum}");
}

#[test]
fn the_busiest_load_balancer_of_the_demo_shows_errors_and_redirects() {
    let watched = Watched::new("shop", "shop-chat-prod");
    let sets = watched.sets();
    for metric in ["HTTPCode_Target_4XX_Count", "HTTPCode_ELB_4XX_Count", "HTTP_Redirect_Count"] {
        assert!(watched.settled(metric, "Sum", &sets[0]).is_some(), "{metric}");
    }
}
