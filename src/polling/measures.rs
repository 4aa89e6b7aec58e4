//! Which series a reading of `CloudWatch` asks for, and over which stretch.
//!
//! On a load balancer of its own an environment is measured as a whole; on a shared one by its target groups, for the
//! load balancer's own figures are everybody's. What the load balancer makes itself exists only for the whole of it.

use std::time::Duration;

use crate::deploy::series_needed;
use crate::model::{
    Balancer, Chart, ChartLine, DimensionSets, Environment, Key, LoadBalancer, Measure, Measured, Metric,
    MetricQuestion, Metrics, Moment, SeriesKey, Set, Snapshot, Source, Statistic, TargetGroup, Window,
};

/// What is measured in front of an environment.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    /// The load balancer.
    pub load_balancer: &'a Key<LoadBalancer>,
    /// The environment's own target groups.
    pub groups: &'a [Key<TargetGroup>],
    /// The load balancer's zones.
    pub zones: &'a [std::sync::Arc<str>],
    /// Whether others use the load balancer too.
    pub shared: bool,
}

impl Front<'_> {
    fn of(&self, group: Option<&Key<TargetGroup>>, zone: Option<&std::sync::Arc<str>>) -> Measured {
        Measured { load_balancer: self.load_balancer.clone(), target_group: group.cloned(), zone: zone.cloned() }
    }

    /// The series of one statistic that describe this environment, as its chart shows them: of the whole load balancer
    /// where it is the environment's own, of each target group where it is shared or the metric exists only with one, and
    /// of each zone where the metric exists only there (see [`adds_up`]).
    #[must_use]
    pub fn series(&self, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        if adds_up(metric) { self.series_by_zone(metric, statistic) } else { self.series_in(None, metric, statistic) }
    }

    /// The same, zone by zone.
    #[must_use]
    pub fn series_by_zone(&self, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        self.zones.iter().flat_map(|zone| self.series_in(Some(zone), metric, statistic)).collect()
    }

    fn series_in(&self, zone: Option<&std::sync::Arc<str>>, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        let whole = SeriesKey { metric, statistic, of: self.of(None, zone) };
        let groups = self.groups.iter().map(|group| SeriesKey { metric, statistic, of: self.of(Some(group), zone) });
        let groups: Vec<_> = groups.filter(SeriesKey::exists).collect();
        let by_group = !groups.is_empty() && (self.shared || !whole.exists());
        if by_group { groups } else { vec![whole].into_iter().filter(SeriesKey::exists).collect() }
    }
}

/// Whether a metric exists only zone by zone, so that the whole is the sum of its series.
#[must_use]
pub fn adds_up(metric: Metric) -> bool {
    metric.facts().dimensions == DimensionSets::LoadBalancerInZone
}

/// The figures of a row of the Fleet.
pub const ROW: [(Metric, Statistic); 5] = [
    (Metric::RequestCount, Statistic::Sum),
    (Metric::Target5xx, Statistic::Sum),
    (Metric::TargetResponseTime, Statistic::P99),
    (Metric::Elb5xx, Statistic::Sum),
    (Metric::Elb503, Statistic::Sum),
];

/// What is in front of an environment, by what is known; `None` without an Application Load Balancer.
pub fn with_front<T>(
    snapshot: &Snapshot,
    environment: &Key<Environment>,
    then: impl FnOnce(Front<'_>) -> T,
) -> Option<T> {
    let Snapshot { inventory, topology, .. } = snapshot;
    let link = topology.link(environment).filter(|link| link.balancer.is_application())?;
    let (load_balancer, _) = link.load_balancer.as_ref()?;
    let groups: Vec<_> = link.groups.iter().map(|group| group.key.clone()).collect();
    let zones = inventory.load_balancers.get(load_balancer).map_or(&[][..], |it| it.zones.as_slice());
    let shared = link.balancer == Balancer::ApplicationShared || topology.environments_of(load_balancer).len() > 1;
    // On a shared load balancer without a group that is known to be the environment's, nothing is known to be its own.
    if shared && groups.is_empty() {
        return None;
    }
    Some(then(Front { load_balancer, groups: &groups, zones, shared }))
}

/// The series that a reading asks for, each once.
#[must_use]
pub fn series_of(snapshot: &Snapshot, environment: &Key<Environment>, measure: Measure) -> Vec<SeriesKey> {
    with_front(snapshot, environment, |front| match measure {
        Measure::Row | Measure::Coarse => {
            // What the load balancer makes itself is nobody's on a shared one.
            let own = ROW.iter().filter(|(metric, _)| !front.shared || metric.facts().dimensions.has(true, false));
            own.flat_map(|(metric, statistic)| front.series(*metric, *statistic)).collect()
        }
        Measure::Chart { chart, zones, .. } => chart_series(&front, chart, zones),
        Measure::Deploy => series_needed(front.load_balancer, front.groups, front.shared),
        Measure::All { .. } => all_series(&front),
    })
    .unwrap_or_default()
}

fn chart_series(front: &Front<'_>, chart: Chart, zones: bool) -> Vec<SeriesKey> {
    chart_lines(front, chart, zones).into_iter().flat_map(|(_, series)| series).collect()
}

/// The lines of a chart, and the series of each: several where it is told by target group, or by zone. A line for each
/// zone and each statistic would be a thicket, so that by zone only the line that matters most is shown.
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
    let groups = front.groups.iter().map(|group| front.of(Some(group), None));
    let whole: Vec<_> = std::iter::once(front.of(None, None)).chain(groups).collect();
    let zones: Vec<_> = front.zones.iter().map(|zone| front.of(None, Some(zone))).collect();
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
