//! Which series a reading of figures asks for, and from when on.

use super::region::{Region, SCOPE, balancer, group, key, minute};
use crate::model::{
    Answer, Balancer, Chart, Measure, Metric, MetricAnswer, Range, SeriesKey, Source, Window, with_front,
};
use crate::polling::measures::{chart_lines, question, series_of};

/// A series in short: the metric, of which target group, in which zone.
fn short(series: &SeriesKey) -> String {
    let group = series.of.target_group.as_ref().map(|it| format!(" of {}", it.id.split('/').nth(1).unwrap()));
    let zone = series.of.zone.as_ref().map(|it| format!(" in {it}"));
    let (group, zone) = (group.unwrap_or_default(), zone.unwrap_or_default());
    format!("{:?} {}{group}{zone}", series.metric, series.statistic.as_str())
}

fn chart(chart: Chart, zones: bool) -> Measure {
    Measure::Chart { chart, range: Range::Hour, zones }
}

#[test]
fn an_environment_is_measured_as_a_whole_or_on_a_shared_balancer_by_its_groups() {
    let region = Region::tagged();
    let series = |name: &str, measure: Measure| -> Vec<String> {
        series_of(&region.snapshot, &key(name), measure).iter().map(short).collect()
    };
    let row = [
        "RequestCount Sum",
        "HTTPCode_Target_5XX_Count Sum",
        "TargetResponseTime p99",
        "HTTPCode_ELB_5XX_Count Sum",
        "HTTPCode_ELB_503_Count Sum",
    ];
    let in_zones = ["a", "b"].map(|zone| format!("DroppedInvalidHeaderRequestCount Sum in {zone}"));
    let rows: [(&str, Measure, &[&str]); 13] = [
        ("web", Measure::Row, &row),
        ("web", Measure::Coarse, &row),
        (
            "shop",
            Measure::Row,
            &[
                "RequestCount Sum of shop-1",
                "HTTPCode_Target_5XX_Count Sum of shop-1",
                "TargetResponseTime p99 of shop-1",
            ],
        ),
        ("tcp", Measure::Row, &[]),
        ("lone", Measure::Row, &[]),
        ("web", chart(Chart::Requests, false), &["RequestCount Sum"]),
        ("shop", chart(Chart::Requests, false), &["RequestCount Sum of shop-1"]),
        // What exists only with a group, or only for the whole.
        ("web", chart(Chart::PerTarget, false), &["RequestCountPerTarget Sum of web-1"]),
        ("shop", chart(Chart::ClientErrors, false), &["HTTPCode_ELB_4XX_Count Sum"]),
        ("web", chart(Chart::TargetErrors, false), &["HTTPCode_Target_4XX_Count Sum", "HTTPCode_Target_5XX_Count Sum"]),
        // By zone only the line that matters most.
        (
            "web",
            chart(Chart::TargetErrors, true),
            &["HTTPCode_Target_5XX_Count Sum in a", "HTTPCode_Target_5XX_Count Sum in b"],
        ),
        (
            "shop",
            chart(Chart::TargetErrors, true),
            &["HTTPCode_Target_5XX_Count Sum of shop-1 in a", "HTTPCode_Target_5XX_Count Sum of shop-1 in b"],
        ),
        // A metric without zones is shown without them.
        (
            "web",
            chart(Chart::PerTarget, true),
            &["RequestCountPerTarget Sum of web-1 in a", "RequestCountPerTarget Sum of web-1 in b"],
        ),
    ];
    for (name, measure, expected) in rows {
        assert_eq!(series(name, measure), expected, "{name}: {measure:?}");
    }
    let invalid = series("web", chart(Chart::Invalid, false));
    assert!(in_zones.iter().all(|it| invalid.contains(it)), "a metric that exists only by zone: {invalid:?}");
}

#[test]
fn all_are_asked_for_once_where_they_exist() {
    let region = Region::tagged();
    let all = series_of(&region.snapshot, &key("web"), Measure::All { seconds: 60, period: 60 });
    let mut expected = Vec::new();
    for metric in Metric::ALL {
        let has = |group: bool, zone: bool| metric.facts().dimensions.has(group, zone);
        for statistic in metric.facts().statistics {
            let name = format!("{metric:?} {}", statistic.as_str());
            if has(false, false) {
                expected.push(name.clone());
            }
            if has(true, false) {
                expected.push(format!("{name} of web-1"));
            }
            if has(false, true) && !has(false, false) {
                expected.extend(["a", "b"].map(|zone| format!("{name} in {zone}")));
            }
        }
    }
    assert_eq!(all.iter().map(short).collect::<Vec<_>>(), expected);
    assert!(all.iter().all(SeriesKey::exists));
}

#[test]
fn what_is_in_front_of_an_environment() {
    let mut region = Region::listed();
    region.tag("web-1", Some("web"));
    region.tag("shop-1", Some("shop"));
    region.tag("chat-1", None);
    let front = |name: &str| {
        with_front(&region.snapshot, &key(name), |front| {
            (front.load_balancer.clone(), front.groups.to_vec(), front.zones.len(), front.shared)
        })
    };
    assert_eq!(front("web"), Some((balancer("awseb-web"), vec![group("web-1")], 2, false)));
    assert_eq!(front("shop"), Some((balancer("common"), vec![group("shop-1")], 2, true)));
    assert_eq!(front("chat"), None, "without a group of its own nothing there is known to be its");
    assert_eq!(front("tcp"), None, "an NLB has other metrics");
    assert_eq!(region.snapshot.link(&key("tcp")).map(|it| it.balancer), Some(Balancer::Network));
    let line = with_front(&region.snapshot, &key("web"), |front| {
        chart_lines(&front, Chart::TargetErrors, true)
            .into_iter()
            .map(|(line, series)| (line.name, series.len()))
            .collect()
    });
    assert_eq!(line, Some(vec![("5xx", 2)]), "by zone one line, with the name that it has in the legend");
}

/// An answer to what `Measure::Row` asks of an environment, over these minutes.
fn answer(region: &mut Region, name: &str, minutes: std::ops::Range<u64>) {
    let keys = series_of(&region.snapshot, &key(name), Measure::Row);
    let window = Window { period: 60, from: minute(minutes.start), until: minute(minutes.end) };
    let points = |_: &SeriesKey| minutes.clone().map(|it| (minute(it), 1.0)).collect();
    let series = keys.iter().map(|key| (key.clone(), points(key))).collect();
    region.put(Answer::Metrics(MetricAnswer { window, series }));
}

#[test]
fn what_is_known_and_too_old_to_be_revised_is_not_asked_for_again() {
    let row = |name: &str| Source::Metrics(key(name), Measure::Row);
    let asked = |region: &Region, sources: &[Source]| {
        let question = question(&region.snapshot, sources, minute(100));
        question.map(|it| {
            let minutes = |at: crate::model::Moment| at.since(minute(0)).as_secs() / 60;
            (it.series.len(), minutes(it.window.from), minutes(it.window.until))
        })
    };
    let mut region = Region::tagged();
    assert_eq!(asked(&region, &[row("web")]), Some((5, 81, 101)), "twenty minutes, the running one included");
    answer(&mut region, "web", 81..100);
    // Known until minute 100, and revised for ten minutes.
    assert_eq!(asked(&region, &[row("web")]), Some((5, 90, 101)));
    // A second environment of which nothing is known widens the stretch for both.
    assert_eq!(asked(&region, &[row("web"), row("shop")]), Some((8, 81, 101)));
    assert_eq!(asked(&region, &[row("shop"), row("web")]), Some((8, 81, 101)));
    assert_eq!(asked(&region, &[row("web"), row("web")]).unwrap().0, 5, "each series once");
    // A series that does not reach back far enough is requested as a whole; so is one that is long out of date.
    let mut later = Region::tagged();
    answer(&mut later, "web", 90..100);
    assert_eq!(asked(&later, &[row("web")]), Some((5, 81, 101)));
    // Never less than the running minute, should a clock have gone back.
    let mut ahead = Region::tagged();
    answer(&mut ahead, "web", 60..140);
    assert_eq!(asked(&ahead, &[row("web")]), Some((5, 100, 101)));
    for nothing in [vec![], vec![Source::Environments(SCOPE)], vec![row("tcp")]] {
        assert_eq!(asked(&region, &nothing), None, "{nothing:?}");
    }
}
