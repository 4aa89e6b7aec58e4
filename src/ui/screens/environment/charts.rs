//! The Metrics tab: a page of charts, of which only those on screen are read.

use std::time::Duration;

use ratatui::layout::Rect;

use super::tabs;
use crate::app::screens::environment::{EnvironmentView, group_title, without_metrics};
use crate::app::{Area, State};
use crate::config::Role;
use crate::model::{
    Balancer, Chart, ChartLine, ChartUnit, EnvironmentLink, FigureUnit, Front, Inventory, Key, Measure, Moment,
    PROVISIONAL, SeriesKey, Source, UPDATE_STARTS, Window, adds_up, clean, span_words, with_front,
};
use crate::polling::measures::chart_lines;
use crate::ui::canvas::Canvas;
use crate::ui::panes::message;
use crate::ui::series::series_role;
use crate::ui::split::split_top;
use crate::ui::text::width;
use crate::ui::widgets::chart;

/// Cells of the title of a folded chart: the longest fits, and their figures are below each other.
const FOLDED_TITLE: u16 = 35;
/// A chart older than this many of its periods shows its age.
const OLD: u32 = 5;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    let [line, room] = split_top(area, 1);
    let from = tabs::draw(canvas, line, view, true);
    tabs::remark(canvas, line, from, &remark(view), Role::Dim);
    let place = Area { x: room.x, y: room.y, width: room.width, height: room.height };
    let drawn = with_front(state.snapshot(), &view.key, |front| {
        let page = ChartsPage {
            state,
            view,
            front,
            window: view.charts.window(state.shown_at()),
            marks: updates(state, view),
        };
        view.charts.places().iter().for_each(|(chart, area)| page.draw(canvas, *chart, *area));
    });
    if drawn.is_none() {
        let balancer = state.snapshot().topology.link(&view.key).map_or(Balancer::Unknown, |link| link.balancer);
        let lines = [(without_metrics(balancer).to_owned(), Role::Dim)];
        message::draw(canvas, room, &lines);
    }
    place
}

fn remark(view: &EnvironmentView) -> String {
    let charts = &view.charts;
    let period = match charts.range.period() {
        60 => "minutes".to_owned(),
        3600 => "hours".to_owned(),
        period => format!("{} minutes", period / 60),
    };
    let zones = if charts.zones { " · by zone" } else { "" };
    let place =
        if charts.whole { String::new() } else { format!(" · {} of {}", charts.selected + 1, Chart::ALL.len()) };
    format!("{} in {period}{zones}{place}", charts.range.as_str())
}

/// Returns when updates began, for the time axis.
fn updates(state: &State, view: &EnvironmentView) -> Vec<(Moment, String)> {
    let Some(environment) = state.snapshot().inventory.environments.get(&view.key) else { return Vec::new() };
    let own =
        state.snapshot().inventory.events.iter().filter(|event| event.environment.as_ref() == Some(&environment.name));
    let starts = own.filter(|event| event.message.starts_with(UPDATE_STARTS));
    starts.map(|event| (event.at, event.version.as_deref().map(clean).unwrap_or_default().into_owned())).collect()
}

/// What all charts of the page have in common.
struct ChartsPage<'a> {
    state: &'a State,
    view: &'a EnvironmentView,
    front: Front<'a>,
    window: Window,
    marks: Vec<(Moment, String)>,
}

/// A line before it is drawn.
struct Prepared {
    name: String,
    role: Role,
    values: Vec<f64>,
    absence: crate::model::Absence,
    late: usize,
}

impl Prepared {
    fn is_zero(&self) -> bool {
        !self.values.iter().any(|value| *value > 0.0)
    }
}

impl ChartsPage<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>, chart: Chart, area: Area) {
        let charts = &self.view.charts;
        let lines = self.lines(chart);
        // Nothing touches the edges.
        let area = Rect { x: area.x + 1, y: area.y, width: area.width.saturating_sub(2), height: area.height };
        if area.height == 1 && charts.quiet.contains(&chart) && lines.iter().all(Prepared::is_zero) {
            return self.draw_folded(canvas, chart, area);
        }
        let lines: Vec<_> = lines
            .iter()
            .map(|it| {
                let Prepared { name, role, values, absence, late } = it;
                chart::DrawnLine { name, role: *role, values, absence: *absence, late: *late }
            })
            .collect();
        let marks: Vec<_> =
            self.marks.iter().map(|(at, label)| chart::TimeMark { at: *at, label, role: Role::Moving }).collect();
        let (title, note, empty) = (self.title(chart), self.note(chart), self.empty(chart));
        let picture = chart::Chart {
            title: &title,
            note: &note,
            unit: unit(chart),
            from: self.window.from,
            until: self.window.until,
            period: Duration::from_secs(u64::from(self.window.period)),
            lines: &lines,
            cursor: charts.cursor,
            marks: &marks,
            partial_from: Some(self.partial_from(chart)),
            empty: &empty,
            focused: charts.chart() == chart,
            time_zone: &self.state.setup.time_zone,
        };
        chart::draw(canvas, area, &picture);
    }

    /// Draws the line of a chart with nothing above zero.
    fn draw_folded(&self, canvas: &mut Canvas<'_>, chart: Chart, area: Rect) {
        let role = if self.view.charts.chart() == chart { Role::Accent } else { Role::Dim };
        let x = canvas.text(area.x, area.y, area.width, &self.title(chart), role).max(area.x + FOLDED_TITLE);
        let mut words = format!("  0   no value above 0 in {}", self.view.charts.range.as_str());
        // Whose figures they are and why they are not new is said where there is room.
        let note = self.notes(chart).join(", ");
        let room = usize::from(area.right().saturating_sub(x));
        if !note.is_empty() && width(&words) + width(&note) + 3 <= room {
            words = format!("{words} · {note}");
        }
        canvas.text(x, area.y, area.right().saturating_sub(x), &words, Role::Dim);
    }

    /// A period is whole if it had ended long enough ago when it was read.
    fn partial_from(&self, chart: Chart) -> Moment {
        let read = self.state.snapshot().reads.read_at(&self.source(chart));
        let known = read.map_or(self.state.shown_at(), |read| read.min(self.state.shown_at()));
        Window::ending(known.minus(PROVISIONAL), Duration::ZERO, self.window.period).from
    }

    /// Returns the title; the charts of a shared load balancer say so where nothing is cut off.
    fn title(&self, chart: Chart) -> String {
        let mut title = chart.title().to_owned();
        if self.is_of_all(chart) {
            title += " (shared)";
        }
        let mut names = chart.lines().iter().map(|line| line.metric.facts().classic);
        let first = names.next().flatten().filter(|_| self.view.charts.classic);
        if let Some(name) = first.filter(|first| names.all(|name| name == Some(*first))) {
            title = format!("{title} = {name}");
        }
        title
    }

    /// Returns whether it covers a whole load balancer that others use too.
    fn is_of_all(&self, chart: Chart) -> bool {
        self.front.shared && chart.lines().iter().all(|line| !line.metric.facts().dimensions.has(true, false))
    }

    fn source(&self, chart: Chart) -> Source {
        let charts = &self.view.charts;
        let measure = Measure::Chart { chart, range: charts.range, zones: charts.zones };
        Source::Metrics(self.view.key.clone(), measure)
    }

    fn lines(&self, chart: Chart) -> Vec<Prepared> {
        if self.state.snapshot().reads.read_at(&self.source(chart)).is_none() {
            return Vec::new();
        }
        let zones = self.view.charts.zones;
        let lines = chart_lines(&self.front, chart, zones);
        // What exists only by zone is one line all the same, unless the zones are what is looked at.
        let drawn: Vec<(&ChartLine, &[SeriesKey], bool)> = lines
            .iter()
            .flat_map(|(line, series)| {
                let together = if adds_up(line.metric) && !zones { series.len().max(1) } else { 1 };
                series.chunks(together).map(move |keys| (line, keys, series.len() > together))
            })
            .collect();
        let all = drawn.len();
        let prepare = |(place, (line, keys, several)): (usize, &(&ChartLine, &[SeriesKey], bool))| {
            let zone = keys.first().and_then(|key| key.of.zone.as_deref());
            let role = series_role(line.name, zone).unwrap_or_else(|| role(chart, place, all));
            self.prepare(chart, line, keys, role, *several)
        };
        drawn.iter().enumerate().map(prepare).collect()
    }

    /// The line of these series, added up.
    fn prepare(&self, chart: Chart, line: &ChartLine, keys: &[SeriesKey], role: Role, several: bool) -> Prepared {
        let mut values = Vec::new();
        self.state.snapshot().inventory.metrics.copy_sum(keys, self.window, &mut values);
        let factor = factor(chart, self.window.period);
        values.iter_mut().for_each(|value| *value *= factor);
        let name = match keys {
            [key] => self.name(chart, line, key, several),
            _ => self.line_name(chart, line).to_owned(),
        };
        let late = line.metric.delay().saturating_sub(PROVISIONAL).as_secs();
        let late = late.div_ceil(u64::from(self.window.period.max(1))) as usize;
        // That nothing goes wrong is no news; that nothing is healthy is.
        let line = Prepared { name, role, values, absence: line.metric.facts().absence, late };
        let role = if role != Role::Good && line.is_zero() { Role::Dim } else { role };
        Prepared { role, ..line }
    }

    /// Returns the line's own name; that of a Classic Load Balancer's metric if requested.
    fn line_name(&self, chart: Chart, line: &ChartLine) -> &'static str {
        if self.view.charts.classic
            && let Some(classic) = line.metric.facts().classic
            && chart.lines().iter().any(|other| other.metric != line.metric)
        {
            return classic.strip_prefix("HTTPCode_").unwrap_or(classic);
        }
        line.name
    }

    /// The line's own name, and its zone or target group where there are several.
    fn name(&self, chart: Chart, line: &ChartLine, key: &SeriesKey, several: bool) -> String {
        let name = self.line_name(chart, line);
        let part = match (&key.of.zone, &key.of.target_group) {
            // Within a region the last part distinguishes the zones.
            (Some(zone), _) => zone.rsplit('-').next().unwrap_or(zone).to_owned(),
            (None, Some(group)) if several => self.group_name(group),
            _ => return name.to_owned(),
        };
        format!("{part} {name}").trim_end().to_owned()
    }

    fn group_name(&self, group: &Key<crate::model::TargetGroup>) -> String {
        let inventory: &Inventory = &self.state.snapshot().inventory;
        let none = EnvironmentLink::default();
        let link = self.state.snapshot().topology.link(&self.view.key).unwrap_or(&none);
        clean(&group_title(inventory, link, &self.view.key, group)).into_owned()
    }

    /// Returns the note of a chart with lines: also their unit, after whose they are.
    fn note(&self, chart: Chart) -> String {
        let mut notes = self.notes(chart);
        if chart.unit() == ChartUnit::PerMinute {
            notes.insert(usize::from(self.is_of_all(chart)), "a minute".to_owned());
        }
        notes.join(", ")
    }

    /// Returns whose figures these are, if not the environment's alone, and why they are not new.
    fn notes(&self, chart: Chart) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_of_all(chart) {
            let sharers = self.state.snapshot().topology.environments_of(self.front.load_balancer).len();
            notes.push(format!("by {sharers}: of the whole load balancer"));
        }
        let late = chart.lines().iter().find(|line| line.metric.delay() > PROVISIONAL);
        notes.extend(late.map(|line| format!("{} comes {} min late", line.name, line.metric.delay().as_secs() / 60)));
        let reads = &self.state.snapshot().reads;
        let source = self.source(chart);
        if let Some(fault) = reads.fault(&source).filter(|_| reads.read_at(&source).is_some()) {
            notes.push(format!("not read: {}", fault.kind.word()));
        }
        let old = Duration::from_secs(u64::from(self.window.period)) * OLD;
        if let Some(age) = reads.read_at(&source).map(|at| self.state.shown_at().since(at)).filter(|age| *age > old) {
            notes.push(format!("{} old", span_words(age)));
        }
        notes
    }

    /// Returns the text that is shown in place of lines.
    fn empty(&self, chart: Chart) -> String {
        let reads = &self.state.snapshot().reads;
        let source = self.source(chart);
        match (reads.fault(&source), reads.read_at(&source)) {
            (Some(fault), None) => clean(&fault.advice()).into_owned(),
            (None, None) if self.state.setup.metrics_cap <= 0.0 => {
                "metrics are off: metrics.dollars_per_hour is 0".to_owned()
            }
            (None, None) if self.state.poller().cost_budget.is_short() => {
                "waits: the cap on what metrics may cost is used up for now".to_owned()
            }
            (None, None) => "reading …".to_owned(),
            (_, Some(_)) => match chart.unit() {
                ChartUnit::Seconds | ChartUnit::Milliseconds => "nothing was answered in this time".to_owned(),
                _ => "CloudWatch has no values of this time".to_owned(),
            },
        }
    }
}

/// Returns the factor that makes sums independent of the period: they are shown per second or per minute.
fn factor(chart: Chart, period: u32) -> f64 {
    let period = f64::from(period.max(1));
    match chart.unit() {
        ChartUnit::PerSecond | ChartUnit::BytesPerSecond => 1.0 / period,
        ChartUnit::PerMinute => 60.0 / period,
        ChartUnit::Milliseconds => 0.001,
        ChartUnit::Seconds | ChartUnit::Level | ChartUnit::Percent => 1.0,
    }
}

fn unit(chart: Chart) -> FigureUnit {
    match chart.unit() {
        ChartUnit::PerSecond => FigureUnit::PerSecond,
        ChartUnit::BytesPerSecond => FigureUnit::Bytes,
        ChartUnit::Seconds | ChartUnit::Milliseconds => FigureUnit::Seconds,
        ChartUnit::Percent => FigureUnit::Percent,
        ChartUnit::PerMinute | ChartUnit::Level => FigureUnit::Count,
    }
}

/// The role of what has no colour of its own: the last line lies on top and matters most; of errors it is red.
fn role(chart: Chart, place: usize, all: usize) -> Role {
    let errors = matches!(chart, Chart::TargetErrors | Chart::ElbErrors | Chart::FailedConnections);
    match all - 1 - place.min(all - 1) {
        0 if errors => Role::Bad,
        0 => Role::FirstSeries,
        1 => Role::SecondSeries,
        2 => Role::ThirdSeries,
        _ => Role::Dim,
    }
}
