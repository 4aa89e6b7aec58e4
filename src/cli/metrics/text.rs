//! `metrics` for people: the figures in the order of the charts, each series a line with its trend.
//!
//! Newest, least and greatest are of whole periods; what is newer may still change, and is `~` in the trend.

use crate::app::Cut;
use crate::app::screens::environment::group_title;
use crate::cli::reading::Reading;
use crate::cli::settings::Settings;
use crate::cli::table::{self, ColumnShape};
use crate::cli::times::time_words;
use crate::config::{Glyphs, Mark};
use crate::model::Snapshot;
use crate::model::{
    Absence, Chart, Environment, EnvironmentLink, FigureUnit, Front, Measure, Measured, Metric, Moment, SeriesKey,
    Statistic, Unit, Window, adds_up, clean, duration_words, figure, load_balancer_name, with_front,
};
use crate::runtime::terminal_width;

/// The widest trend, the narrowest, and what the other columns take.
const TREND: (usize, usize, usize) = (30, 10, 90);
/// Marks values in a trend that may still change.
const MAY_CHANGE: &str = "~";

/// The whole page.
pub fn page(settings: &Settings, reading: &Reading, environment: &Environment, measure: Measure) -> String {
    let known = reading.known();
    let page = with_front(known, &environment.key, |front| {
        let window = Window::ending(reading.known().moment, measure.length(), measure.period());
        let page = MetricsPage {
            known,
            environment,
            front,
            window,
            at: reading.known().moment,
            glyphs: settings.config.glyphs(),
        };
        page.head(settings, measure) + &page.table() + &page.silent()
    });
    page.unwrap_or_default()
}

struct MetricsPage<'a> {
    known: &'a Snapshot,
    environment: &'a Environment,
    front: Front<'a>,
    window: Window,
    at: Moment,
    glyphs: Glyphs,
}

impl MetricsPage<'_> {
    fn head(&self, settings: &Settings, measure: Measure) -> String {
        let (name, balancer) = (&self.environment.name, load_balancer_name(&self.front.load_balancer.id));
        let length = duration_words(measure.length().as_secs());
        let period = duration_words(u64::from(measure.period()));
        let until = time_words(settings, self.at);
        let line = format!("{name}  {balancer}  {length} until {until}, in periods of {period}; ~ may still change");
        clean(&line).into_owned() + "\n"
    }

    /// The series with values, chart by chart.
    fn table(&self) -> String {
        let room = terminal_width();
        let trend = room.map_or(TREND.0, |room| room.saturating_sub(TREND.2).clamp(TREND.1, TREND.0));
        let (mut rows, mut titles) = (Vec::new(), Vec::new());
        for chart in Chart::ALL {
            let of_chart: Vec<_> = metrics_of(*chart).into_iter().flat_map(|metric| self.reported(metric)).collect();
            titles.extend(of_chart.first().map(|_| (rows.len(), chart.title())));
            rows.extend(of_chart.into_iter().map(|(key, values)| self.row(&key, values, trend)));
        }
        if rows.is_empty() {
            return String::new();
        }
        let text = table::lines(&shapes(), &rows, room);
        let mut out = String::new();
        for (number, line) in text.lines().enumerate() {
            let title = titles.iter().find(|(at, _)| number == at + 1);
            out.extend(title.map(|(_, title)| format!("\n{title}\n")));
            out.push_str(if number == 0 { "\n" } else { "" });
            out.push_str(line);
            out.push('\n');
        }
        out
    }

    /// Returns the series of a metric that have values, each with those of the window. The only target group of an unshared
    /// load balancer would repeat its series; what exists only by zone is added up.
    fn reported(&self, metric: Metric) -> Vec<(SeriesKey, Vec<f64>)> {
        let statistics = metric.facts().statistics.iter();
        let keys = statistics.flat_map(|statistic| self.keys(metric, *statistic));
        let read = keys.map(|key| {
            let parts = if adds_up(metric) { self.front.series(metric, key.statistic) } else { vec![key.clone()] };
            let mut values = Vec::new();
            self.known.inventory.metrics.copy_sum(&parts, self.window, &mut values);
            (key, values)
        });
        read.filter(|(_, values)| values.iter().any(|value| !value.is_nan())).collect()
    }

    fn keys(&self, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        let load_balancer = self.front.load_balancer;
        let of = |target_group| {
            let of = Measured { load_balancer: load_balancer.clone(), target_group, zone: None };
            SeriesKey { metric, statistic, of }
        };
        let repeats = !self.front.shared && self.front.groups.len() == 1 && of(None).exists();
        let groups = self.front.groups.iter().filter(|_| !repeats).map(|group| of(Some(group.clone())));
        let shown = |key: &SeriesKey| key.exists() || adds_up(metric) && key.of.target_group.is_none();
        std::iter::once(of(None)).chain(groups).filter(shown).collect()
    }

    fn row(&self, key: &SeriesKey, mut values: Vec<f64>, trend: usize) -> Vec<String> {
        let facts = key.metric.facts();
        let whole = self.whole(key.metric).min(values.len());
        if facts.absence == Absence::Zero {
            values[..whole].iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = 0.0);
        }
        let (whole, values) = (&values[..whole], &values);
        let known = || whole.iter().copied().filter(|value| !value.is_nan());
        let figures = [known().next_back(), known().reduce(f64::min), known().reduce(f64::max)];
        let words = figures.map(|value| {
            value.map_or_else(|| self.glyphs.mark(Mark::Absent).to_owned(), |it| reported(it, facts.unit))
        });
        let [newest, least, most] = words;
        let statistic = key.statistic.as_str().to_owned();
        let trend = self.trend(values, key, trend);
        vec![facts.name.to_owned(), self.of(key), statistic, trend, newest, least, most, facts.unit.as_str().to_owned()]
    }

    /// Returns how many periods of a metric are complete.
    fn whole(&self, metric: Metric) -> usize {
        let until = self.at.minus(metric.delay());
        (until.since(self.window.from).as_secs() / u64::from(self.window.period)) as usize
    }

    /// A cell shows the highest of as many periods as it must hold; of a minimum the lowest.
    fn trend(&self, values: &[f64], key: &SeriesKey, room: usize) -> String {
        let each = values.len().div_ceil(room.max(1)).max(1);
        let top = values.iter().copied().filter(|value| !value.is_nan()).fold(0.0, f64::max);
        let whole = self.whole(key.metric);
        let extreme = if key.statistic == Statistic::Minimum { f64::min } else { f64::max };
        let cell = |(place, values): (usize, &[f64])| {
            let outermost = values.iter().copied().fold(f64::NAN, extreme);
            let is_whole = place * each + values.len() <= whole;
            if is_whole { self.glyphs.level(if top > 0.0 { outermost / top } else { outermost }) } else { MAY_CHANGE }
        };
        values.chunks(each).enumerate().map(cell).collect()
    }

    /// Returns the subject of a series.
    fn of(&self, key: &SeriesKey) -> String {
        match &key.of.target_group {
            None if self.front.shared => "load balancer (shared)".to_owned(),
            None => "load balancer".to_owned(),
            Some(group) => {
                let Snapshot { inventory, topology, .. } = self.known;
                let link = topology.link(&self.environment.key).cloned().unwrap_or_else(EnvironmentLink::default);
                group_title(inventory, &link, &self.environment.key, group)
            }
        }
    }

    /// The metrics without any value, in one line.
    fn silent(&self) -> String {
        let silent = Metric::ALL.iter().filter(|metric| self.reported(**metric).is_empty());
        let names: Vec<_> = silent.map(|metric| metric.facts().name).collect();
        if names.is_empty() { String::new() } else { format!("\nNo value in this time: {}\n", names.join(", ")) }
    }
}

/// Returns the metrics of a chart, the most important first. The sum of the load balancer's 5xx is with its parts.
fn metrics_of(chart: Chart) -> Vec<Metric> {
    let mut metrics: Vec<_> = if chart == Chart::ElbErrors { vec![Metric::Elb5xx] } else { Vec::new() };
    for line in chart.lines().iter().rev() {
        if !metrics.contains(&line.metric) {
            metrics.push(line.metric);
        }
    }
    metrics
}

fn shapes() -> [ColumnShape; 8] {
    let cut = |title, least| ColumnShape { cut: Cut::End, least, ..ColumnShape::text(title) };
    [
        cut("METRIC", 20),
        cut("OF", 8),
        ColumnShape::text("STATISTIC"),
        ColumnShape::text("TREND"),
        ColumnShape::figure("NEWEST"),
        ColumnShape::figure("LEAST"),
        ColumnShape::figure("MOST"),
        ColumnShape::text("UNIT"),
    ]
}

fn reported(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => figure(value, FigureUnit::Count),
        Unit::Seconds => figure(value, FigureUnit::Seconds),
        Unit::Milliseconds => figure(value / 1000.0, FigureUnit::Seconds),
        Unit::Bytes => figure(value, FigureUnit::Bytes),
        Unit::Percent => figure(value, FigureUnit::Percent),
    }
}
