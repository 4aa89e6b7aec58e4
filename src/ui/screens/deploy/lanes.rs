//! A lane for each target, on one time axis, with the phases below.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::screens::DeployView;
use crate::app::{Area, State};
use crate::config::{Glyphs, Mark, Role, SignSubject};
use crate::deploy::{Lane, LaneState, PhaseStep, Watch};
use crate::model::{Moment, clean};
use crate::ui::canvas::Canvas;
use crate::ui::text::{cut, width};

/// Rows around the lanes: the times above, the phases below.
pub const AROUND: u16 = 2;
/// The target's id.
const NAME: u16 = 20;
/// Steps of the axis, in seconds: the first with which everything fits.
const STEPS: [u64; 9] = [2, 5, 10, 15, 30, 60, 120, 300, 900];
/// Before the update so much is shown.
const BEFORE: Duration = Duration::from_secs(60);

/// The axis that lanes and phases share.
struct Axis {
    x: u16,
    width: u16,
    from: Moment,
    step: u64,
}

impl Axis {
    fn new(area: Rect, name: u16, version: u16, watch: &Watch, now: Moment) -> Self {
        let x = area.x + name;
        let room = area.width.saturating_sub(name + version).max(10);
        let from = watch.started().minus(BEFORE);
        let span = now.since(from).as_secs() + 1;
        let step = STEPS.into_iter().find(|step| span <= step * u64::from(room)).unwrap_or(3600);
        // A step's beginning, so that a column keeps its content as time passes.
        let from = Moment(
            jiff::Timestamp::from_second(from.0.as_second().div_euclid(step as i64) * step as i64).unwrap_or(from.0),
        );
        Self { x, width: room, from, step }
    }

    /// The time that a column ends with.
    fn at(&self, column: u16) -> Moment {
        self.from
            .plus(Duration::from_secs(self.step * (u64::from(column) + 1)).saturating_sub(Duration::from_millis(1)))
    }

    fn column(&self, at: Moment) -> Option<u16> {
        (at >= self.from).then(|| (at.since(self.from).as_secs() / self.step) as u16).filter(|it| *it < self.width)
    }
}

/// Draws the lanes and returns their area.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &DeployView, watch: &Watch) -> Area {
    let now = state.shown_at();
    let version = watch.lanes().iter().map(|lane| width(&watch.versions().label(&lane.target))).max().unwrap_or(0);
    let version = (version as u16 + 2).min(16);
    let end = watch.ended().map_or(now, |ended| now.min(ended.plus(BEFORE)));
    let name = NAME.min(area.width / 4);
    let axis = Axis::new(area, name, version, watch, end);
    draw_times(canvas, area, state, &axis);
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
        draw_lane(canvas, Rect { y, height: 1, ..rows }, watch, lane, &axis, end);
    }
    let hidden = lanes.len().saturating_sub(usize::from(rows.height));
    let below = Rect { y: rows.bottom(), height: 1, ..area };
    if hidden > 0 {
        canvas.text(below.x + 1, below.y, name, &format!("{} of {}", rows.height, lanes.len()), Role::Dim);
    }
    draw_phases(canvas, below, watch, &axis, end);
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

/// Round times, as far apart as their digits need.
fn draw_times(canvas: &mut Canvas<'_>, area: Rect, state: &State, axis: &Axis) {
    canvas.text(area.x + 1, area.y, 8, "TARGET", Role::Heading);
    let round =
        [60, 120, 300, 600, 900, 1800, 3600, 7200].into_iter().find(|round| round / axis.step >= 9).unwrap_or(14_400);
    let mut at = Moment(
        jiff::Timestamp::from_second((axis.from.0.as_second().div_euclid(round as i64) + 1) * round as i64)
            .unwrap_or(axis.from.0),
    );
    while let Some(column) = axis.column(at) {
        let time = at.0.to_zoned(state.setup.time_zone.clone()).strftime("%H:%M").to_string();
        if column + 5 <= axis.width {
            canvas.text(axis.x + column, area.y, 5, &time, Role::Dim);
        }
        at = at.plus(Duration::from_secs(round));
    }
}

fn draw_lane(canvas: &mut Canvas<'_>, area: Rect, watch: &Watch, lane: &Lane, axis: &Axis, end: Moment) {
    let gone = lane.state() == LaneState::Gone;
    let glyphs = canvas.glyphs();
    let name = cut(
        &clean(&lane.target),
        usize::from(axis.x - area.x).saturating_sub(2),
        crate::app::Cut::Middle,
        canvas.mark(Mark::Cut),
    )
    .into_owned();
    let now = sign(glyphs, lane.state());
    let role = if gone {
        Role::Dim
    } else if lane.state() == LaneState::Healthy {
        Role::Text
    } else {
        now.1
    };
    canvas.text(area.x + 1, area.y, axis.x - area.x - 1, &name, role);
    for column in 0..axis.width {
        let at = axis.at(column).min(end);
        if axis.at(column).since(end) >= Duration::from_secs(axis.step) {
            break;
        }
        // A state that lasted less than a column must not vanish: the worst in it is shown.
        let from = axis.at(column).minus(Duration::from_secs(axis.step));
        let runs = lane.runs().filter(|run| run.from > from && run.from <= at).map(|run| run.state);
        let shown = runs.chain(lane.at(at)).max_by_key(|state| weight(*state));
        let Some(state) = shown else { continue };
        let (glyph, role) = sign(glyphs, state);
        let role = if state == LaneState::Healthy && is_new(watch, lane, at) { Role::Good } else { role };
        canvas.text(axis.x + column, area.y, 1, glyph, role);
    }
    let label = watch.versions().label(&lane.target);
    let x = axis.x + axis.width + 1;
    let role = match watch.versions().is_updated(&lane.target) {
        Some(true) => Role::After,
        _ => Role::Dim,
    };
    // Out of the load balancer for its batch is not gone for good.
    let left = gone && !watch.versions().instances.iter().any(|it| it.instance == lane.target);
    let label = if left { "gone".to_owned() } else { clean(&label).into_owned() };
    canvas.text(x, area.y, area.right().saturating_sub(x), &label, if gone { Role::Dim } else { role });
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

fn sign(glyphs: Glyphs, state: LaneState) -> (&'static str, Role) {
    let word = match state {
        LaneState::Registering | LaneState::Initial => "initial",
        LaneState::Healthy => "healthy",
        LaneState::Unhealthy => "unhealthy",
        LaneState::Draining => "draining",
        LaneState::Unused => "unused",
        LaneState::Unknown => "unavailable",
        LaneState::Gone => return (" ", Role::Dim),
    };
    let sign = glyphs.sign(SignSubject::Target, word);
    (sign.glyph, sign.role)
}

/// Where each phase begins, and its name where there is room.
fn draw_phases(canvas: &mut Canvas<'_>, area: Rect, watch: &Watch, axis: &Axis, end: Moment) {
    let marks: Vec<_> = watch.course().marks.iter().filter_map(|mark| Some((axis.column(mark.at)?, mark))).collect();
    let last = axis.column(end).unwrap_or(axis.width.saturating_sub(1));
    for (place, (column, mark)) in marks.iter().enumerate() {
        let until = marks.get(place + 1).map_or(last + 1, |(next, _)| *next);
        let room = until.saturating_sub(*column);
        if room == 0 {
            continue;
        }
        let (x, y) = (axis.x + column, area.y);
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
