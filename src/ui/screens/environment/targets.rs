//! The table of the Targets tab.

use ratatui::layout::Rect;

use crate::app::screens::environment::{EnvironmentView, Focus, TARGET_COLUMNS, TargetColumn, TargetRow};
use crate::app::{Area, State};
use crate::config::{Glyphs, Role, SignSubject};
use crate::diagnosis::{FindingSeverity, error_share, severity_of_errors};
use crate::model::{ApplicationMetrics, Balancer, HealthStatus, Moment, Source};
use crate::ui::canvas::Canvas;
use crate::ui::split::split_top;
use crate::ui::text::{width, wrap};
use crate::ui::widgets::{Grid, RowLook};

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    if area.height == 0 {
        return Area::default();
    }
    let focused = view.focus == Focus::Table;
    let [_, rows] = split_top(area, 1);
    if view.targets.is_empty() {
        nothing(canvas, area, state, view);
    } else {
        draw_rows(canvas, area, rows, state, view, focused);
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

fn draw_rows(canvas: &mut Canvas<'_>, table: Rect, rows: Rect, state: &State, view: &EnvironmentView, focused: bool) {
    let now = state.shown_at();
    let glyphs = canvas.glyphs();
    let visible = || view.targets.iter().enumerate().skip(view.table.scroll()).take(usize::from(rows.height));
    let mut text = String::new();
    let one_group = view.targets.windows(2).all(|pair| pair[0].group == pair[1].group);
    let columns: Vec<_> = TARGET_COLUMNS
        .iter()
        .enumerate()
        .filter(|(at, facts)| (*at == 0 || *at > view.left) && !(one_group && facts.column == TargetColumn::Group))
        .map(|(_, facts)| {
            let widest = view.targets.iter().map(|row| {
                text.clear();
                cell(glyphs, facts.column, row, now, &mut text);
                width(&text)
            });
            (facts, widest.max().unwrap_or(0))
        })
        .collect();
    let grid = Grid::new(table, columns);
    grid.header(canvas, None);
    for ((at, row), y) in visible().zip(rows.y..rows.bottom()) {
        let look = RowLook { selected: at == view.table.selected(), focused, bad: false };
        grid.row(canvas, y, look, &mut text, |column, out| (cell(glyphs, column, row, now, out), false));
    }
}

fn cell(glyphs: Glyphs, column: TargetColumn, row: &TargetRow, now: Moment, out: &mut String) -> Role {
    let state = glyphs.sign(SignSubject::Target, row.target.state.as_str());
    match column {
        TargetColumn::State => {
            out.push_str(state.glyph);
            out.push(' ');
            out.push_str(state.word);
            return state.role;
        }
        TargetColumn::Health => {
            (column.facts().text)(row, now, out);
            let status = row.health.as_ref().and_then(|it| it.status.as_ref()).map_or("", HealthStatus::as_str);
            return if status.is_empty() { Role::Dim } else { glyphs.sign(SignSubject::Health, status).role };
        }
        _ => (column.facts().text)(row, now, out),
    }
    match column {
        TargetColumn::Id | TargetColumn::Reason => state.role,
        TargetColumn::Errors if is_failing(row) => Role::Bad,
        TargetColumn::Zone | TargetColumn::Address | TargetColumn::Port | TargetColumn::Type => Role::Dim,
        _ if out == crate::app::NOTHING => Role::Dim,
        _ => Role::Text,
    }
}

/// Whether so many of its requests are answered with 5xx that it is bad.
fn is_failing(row: &TargetRow) -> bool {
    let share = |metrics: &ApplicationMetrics| {
        error_share(f64::from(metrics.status_codes?.status_5xx), f64::from(metrics.request_count))
    };
    let severity = row.metrics().and_then(share).and_then(severity_of_errors);
    severity == Some(FindingSeverity::Critical)
}

/// Shows why the table is empty.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) {
    let link = state.snapshot().topology.link(&view.key);
    let groups = link.map_or(&[][..], |link| link.groups.as_slice());
    let fault = groups.iter().find_map(|group| state.snapshot().reads.fault(&Source::TargetHealth(group.key.clone())));
    let words = match (fault, link.map(|link| link.balancer)) {
        (Some(fault), _) => format!("target health could not be read: {}", fault.advice()),
        (None, Some(Balancer::Worker)) => "the worker tier has no targets: its messages come from a queue".into(),
        (None, Some(Balancer::Single)) => "a single instance has no load balancer, and so no targets".into(),
        (None, Some(Balancer::Classic)) => "the instances of a Classic Load Balancer are not targets of ELBv2".into(),
        (None, Some(Balancer::Cluster)) => "environments on EKS are not supported".into(),
        (None, Some(Balancer::Unknown)) => "its load balancer is not known".into(),
        (None, _) if groups.is_empty() && !state.poller().is_waited_for(&state.snapshot().reads) => {
            "which target groups are this environment's is not known: no tag, Auto Scaling group or rule says so".into()
        }
        (None, _)
            if groups.iter().all(|group| state.snapshot().inventory.targets.contains_key(&group.key))
                && !groups.is_empty() =>
        {
            "no target is registered: requests are answered with 503".into()
        }
        _ => "reading targets …".to_owned(),
    };
    let room = area.width.saturating_sub(4);
    for (line, y) in wrap(&words, usize::from(room)).iter().zip(area.y + 1..area.bottom()) {
        canvas.text(area.x + 2, y, room, line, Role::Dim);
    }
}
