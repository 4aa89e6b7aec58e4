//! Which series a reading of `CloudWatch` asks for, and over which stretch.

use std::time::Duration;

use crate::deploy::series_needed;
use crate::model::{
    Chart, ChartLine, Environment, Front, Key, Measure, Metric, MetricQuestion, Metrics, Moment, SeriesKey, Set,
    Snapshot, Source, Statistic, Window, adds_up, with_front,
};

/// The figures of a row of the Fleet.
pub const ROW: [(Metric, Statistic); 5] = [
    (Metric::RequestCount, Statistic::Sum),
    (Metric::Target5xx, Statistic::Sum),
    (Metric::TargetResponseTime, Statistic::P99),
    (Metric::Elb5xx, Statistic::Sum),
    (Metric::Elb503, Statistic::Sum),
];

/// What the checks count, beside the figures of a row.
pub const CHECKED: [Metric; 8] = [
    Metric::RequestCount,
    Metric::Elb502,
    Metric::Elb504,
    Metric::RejectedConnections,
    Metric::TargetConnectionErrors,
    Metric::NonStickyRequests,
    Metric::UnhealthyRouting,
    Metric::ActiveConnections,
];

/// The series that a reading asks for, each once.
#[must_use]
pub fn series_of(snapshot: &Snapshot, environment: &Key<Environment>, measure: Measure) -> Vec<SeriesKey> {
    with_front(snapshot, environment, |front| match measure {
        Measure::Row | Measure::Coarse => {
            // What a shared load balancer produces itself belongs to no environment.
            let own = ROW.iter().filter(|(metric, _)| !front.shared || metric.facts().dimensions.has(true, false));
            own.flat_map(|(metric, statistic)| front.series(*metric, *statistic)).collect()
        }
        Measure::Chart { chart, zones, .. } => chart_series(&front, chart, zones),
        // What a shared load balancer counts itself belongs to no environment.
        Measure::Checks if front.shared => Vec::new(),
        Measure::Checks => CHECKED.iter().flat_map(|metric| front.series(*metric, Statistic::Sum)).collect(),
        Measure::Deploy => series_needed(front.load_balancer, front.groups, front.shared),
        Measure::All { .. } => all_series(&front),
    })
    .unwrap_or_default()
}

fn chart_series(front: &Front<'_>, chart: Chart, zones: bool) -> Vec<SeriesKey> {
    chart_lines(front, chart, zones).into_iter().flat_map(|(_, series)| series).collect()
}

/// Returns the lines of a chart, and the series of each: several where it is shown by target group, or by zone. A line for
/// each zone and statistic would be unreadable, so that by zone only the most important line is shown.
#[must_use]
pub fn chart_lines(front: &Front<'_>, chart: Chart, zones: bool) -> Vec<(ChartLine, Vec<SeriesKey>)> {
    if zones && let Some(line) = chart.lines().last() {
        let by_zone = front.series_by_zone(line.metric, line.statistic);
        if !by_zone.is_empty() {
            return vec![(*line, by_zone)];
        }
    }
    chart.lines().iter().map(|line| (*line, front.series(line.metric, line.statistic))).collect()
}

/// Every metric with every statistic that means something: of the load balancer, and of each target group; of each zone
/// where the metric exists only there.
fn all_series(front: &Front<'_>) -> Vec<SeriesKey> {
    let groups = front.groups.iter().map(|group| front.measured(Some(group), None));
    let whole: Vec<_> = std::iter::once(front.measured(None, None)).chain(groups).collect();
    let zones: Vec<_> = front.zones.iter().map(|zone| front.measured(None, Some(zone))).collect();
    let lines = Metric::ALL.iter().flat_map(|metric| metric.facts().statistics.iter().map(move |it| (*metric, *it)));
    let all = lines.flat_map(|(metric, statistic)| {
        let of = if adds_up(metric) { &zones } else { &whole };
        of.iter().map(move |of| SeriesKey { metric, statistic, of: of.clone() })
    });
    all.filter(SeriesKey::exists).collect()
}

/// What one call asks for these sources, which share a period: the series of all, each once, and as much of the past as
/// is not known yet or may still be revised.
#[must_use]
pub fn question(snapshot: &Snapshot, sources: &[Source], now: Moment) -> Option<MetricQuestion> {
    let mut series: Vec<SeriesKey> = Vec::new();
    let mut seen: Set<SeriesKey> = Set::default();
    let mut window: Option<Window> = None;
    for source in sources {
        let Source::Metrics(environment, measure) = source else { continue };
        let whole = Window::ending(now, measure.length(), measure.period());
        let own = series_of(snapshot, environment, *measure);
        let from =
            own.iter().map(|key| missing_from(&snapshot.inventory.metrics, key, whole)).min().unwrap_or(whole.from);
        let needed = Window { from, ..whole };
        window = Some(window.map_or(needed, |known| Window { from: known.from.min(needed.from), ..known }));
        series.extend(own.into_iter().filter(|key| seen.insert(key.clone())));
    }
    let window = window?;
    (!series.is_empty()).then_some(MetricQuestion { series, window })
}

/// From where on a series must be read: what is known and too old to be revised need not be.
fn missing_from(metrics: &Metrics, key: &SeriesKey, whole: Window) -> Moment {
    let known = metrics.get(key, whole.period).filter(|series| series.covers(whole.from));
    let until = known.map(crate::model::Series::until);
    until.map_or(whole.from, |until| {
        let settled = Window::ending(until.minus(key.metric.revised_for()), Duration::ZERO, whole.period).from;
        settled.clamp(whole.from, whole.until.minus(Duration::from_secs(u64::from(whole.period))))
    })
}
