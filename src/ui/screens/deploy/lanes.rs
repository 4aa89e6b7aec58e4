//! A lane for each target, on one time axis, with the phases below.

use ratatui::layout::Rect;

use super::axis::{Axis, ERRORS, HEALTH};
use crate::app::screens::DeployView;
use crate::app::{Area, Cut, State};
use crate::config::{Glyphs, Mark, Role, Sign, SignSubject};
use crate::deploy::{Lane, LaneState, PhaseStep, Watch};
use crate::model::{FigureUnit, HealthStatus, Moment, clean, figure};
use crate::ui::canvas::Canvas;
use crate::ui::text::{cut, width};

/// Rows around the lanes: the times above, the phases below.
pub const AROUND: u16 = 2;

/// Draws the lanes and returns their area.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &DeployView, watch: &Watch, axis: &Axis) -> Area {
    axis.draw_times(canvas, area.y, state);
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(AROUND), ..area };
    let lanes: Vec<_> = watch.lanes().iter().collect();
    if lanes.is_empty() {
        let link = state.snapshot().topology.link(&view.key);
        let has_groups = link.is_some_and(|link| !link.groups.is_empty());
        let words =
            if has_groups { "reading targets …" } else { "no target group is known to be this environment's" };
        canvas.text(area.x + 1, rows.y, area.width.saturating_sub(1), words, Role::Dim);
    }
    for (lane, y) in lanes.iter().skip(view.lanes.scroll()).zip(rows.y..rows.bottom()) {
        draw_lane(canvas, y, watch, lane, axis);
    }
    axis.draw_edge(canvas, rows.y, rows.height.min(lanes.len() as u16) + 1);
    let hidden = lanes.len().saturating_sub(usize::from(rows.height));
    let below = Rect { y: rows.bottom(), height: 1, ..area };
    if hidden > 0 {
        let words = format!("{} of {}", rows.height, lanes.len());
        canvas.text(below.x + 1, below.y, axis.names.1, &words, Role::Dim);
    }
    draw_phases(canvas, below.y, watch, axis);
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

fn draw_lane(canvas: &mut Canvas<'_>, y: u16, watch: &Watch, lane: &Lane, axis: &Axis) {
    let gone = lane.state() == LaneState::Gone;
    let (x, room) = axis.names;
    let name = clean(&lane.target);
    let name = cut(&name, usize::from(room), Cut::Middle, canvas.mark(Mark::Cut)).into_owned();
    let now = shown(canvas.glyphs(), watch, lane, lane.state(), axis.end);
    let role = if gone { Role::Dim } else { now.role };
    canvas.text(x, y, room, &name, role);
    for column in 0..axis.width {
        draw_cell(canvas, y, watch, lane, axis, column);
    }
    let (x, room) = axis.versions;
    let role = match watch.versions().is_updated(&lane.target) {
        Some(true) if !gone => Role::After,
        _ => Role::Dim,
    };
    // Out of the load balancer for its batch is not gone for good.
    let left = gone && !watch.versions().instances.iter().any(|it| it.instance == lane.target);
    let label = watch.versions().label(&lane.target);
    canvas.text(x, y, if left { 0 } else { room }, &clean(&label), role);
    draw_now(canvas, y, watch, lane, axis, if left { "gone" } else { now.word });
}

/// Draws how the target is now: its instance's health in a word, and the share of its requests that fail.
fn draw_now(canvas: &mut Canvas<'_>, y: u16, watch: &Watch, lane: &Lane, axis: &Axis, word: &str) {
    let sign = shown(canvas.glyphs(), watch, lane, lane.state(), axis.end);
    let role = if word == "gone" { Role::Dim } else { sign.role };
    let x = axis.beside();
    canvas.text(x, y, HEALTH - 1, word, role);
    let errors = watch.live().errors_percent(&lane.target).filter(|errors| *errors > 0.0 && word != "gone");
    if let Some(errors) = errors {
        let errors = figure(errors, FigureUnit::Percent);
        canvas.text(x + HEALTH + ERRORS - width(&errors) as u16, y, ERRORS, &errors, Role::Bad);
    }
}

fn draw_cell(canvas: &mut Canvas<'_>, y: u16, watch: &Watch, lane: &Lane, axis: &Axis, column: u16) {
    let (from, until) = axis.span(usize::from(column), 1);
    if from > axis.end {
        return;
    }
    let at = until.min(axis.end);
    // A state that lasted less than a column must not vanish: the worst in it is shown.
    let runs = lane.runs().filter(|run| run.from >= from && run.from <= at).map(|run| run.state);
    let Some(state) = runs.chain(lane.at(at)).max_by_key(|state| weight(*state)) else { return };
    let sign = shown(canvas.glyphs(), watch, lane, state, at);
    let is_well = state == LaneState::Healthy && sign.role == Role::Text;
    let role = if is_well && is_new(watch, lane, at) { Role::Good } else { sign.role };
    canvas.text(axis.x + column, y, 1, sign.glyph, role);
}

/// Returns the sign of a state at a moment. A target that passes its checks may be on an instance that is not well: the
/// health of the instance is shown in its place.
fn shown<'a>(glyphs: Glyphs, watch: &'a Watch, lane: &Lane, state: LaneState, at: Moment) -> Sign<'a> {
    let word = match state {
        LaneState::Registering | LaneState::Initial => "initial",
        LaneState::Healthy => "healthy",
        LaneState::Unhealthy => "unhealthy",
        LaneState::Draining => "draining",
        LaneState::Unused => "unused",
        LaneState::Unknown => "unavailable",
        LaneState::Gone => return Sign { glyph: " ", word: "out", role: Role::Dim },
    };
    let health = watch.live().health(&lane.target, at);
    let is_ill =
        |it: &&HealthStatus| matches!(it, HealthStatus::Warning | HealthStatus::Degraded | HealthStatus::Severe);
    match health {
        Some(it) if state == LaneState::Healthy && is_ill(&it) => glyphs.sign(SignSubject::Health, it.as_str()),
        Some(it) if state == LaneState::Healthy => {
            let health = glyphs.sign(SignSubject::Health, it.as_str());
            Sign { word: health.word, ..glyphs.sign(SignSubject::Target, word) }
        }
        _ => glyphs.sign(SignSubject::Target, word),
    }
}

/// Whether the target ran the new version then, as far as is known: since it came back healthy.
fn is_new(watch: &Watch, lane: &Lane, at: Moment) -> bool {
    if watch.versions().is_updated(&lane.target) != Some(true) {
        return false;
    }
    let out = lane.runs().rfind(|run| run.state != LaneState::Healthy && run.from >= watch.started());
    lane.is_new || out.is_some_and(|run| at >= run.from)
}

fn weight(state: LaneState) -> u8 {
    match state {
        LaneState::Unhealthy => 7,
        LaneState::Draining => 6,
        LaneState::Registering | LaneState::Initial => 5,
        LaneState::Unused => 4,
        LaneState::Unknown => 3,
        LaneState::Gone => 2,
        LaneState::Healthy => 1,
    }
}

/// Where each phase begins, and its name where there is room.
fn draw_phases(canvas: &mut Canvas<'_>, y: u16, watch: &Watch, axis: &Axis) {
    let marks: Vec<_> = watch.course().marks.iter().filter_map(|mark| Some((axis.column(mark.at)?, mark))).collect();
    let last = axis.column(axis.end).unwrap_or(axis.width.saturating_sub(1));
    for (place, (column, mark)) in marks.iter().enumerate() {
        let until = marks.get(place + 1).map_or(last + 1, |(next, _)| *next);
        let room = until.saturating_sub(*column);
        if room == 0 {
            continue;
        }
        let x = axis.x + column;
        canvas.text(x, y, 1, canvas.mark(Mark::Phase), Role::Dim);
        let words = match mark.batch {
            Some(batch) if matches!(mark.step, PhaseStep::Batch | PhaseStep::Replacing) => format!("batch {batch}"),
            _ => mark.step.as_str().replace('_', " "),
        };
        let line = canvas.mark(Mark::Horizontal);
        for column in 1..room {
            canvas.text(x + column, y, 1, line, Role::Border);
        }
        if usize::from(room) > width(&words) + 2 {
            canvas.text(x + 2, y, room - 2, &format!("{words} "), Role::Moving);
        }
    }
}
