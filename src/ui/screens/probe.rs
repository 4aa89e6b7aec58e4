//! The screen of a probe: each part with what was seen, and then what follows from it.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::screens::ProbeView;
use crate::app::screens::probe::{ProbeEnd, ProbeRun};
use crate::app::{Area, HitMap, Pane, State};
use crate::config::{Glyphs, Role, SignSubject};
use crate::model::{Moment, PROBE_COUNTS_FOR, ProbeFinding, clean, span_words};
use crate::probe::{ProbePart, rows};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TitlePlace, less_and_less, message, title};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::{width, wrap};

/// The column of what was seen.
const NAMES: usize = 15;
/// The column of what was found.
const SIGNS: usize = 12;

/// A line: its pieces, one after the other.
type Pieces = Vec<(String, Role)>;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &ProbeView, hits: &mut HitMap) {
    let messages = message::choose(state, area, Vec::new());
    let [body, bottom] = split_bottom(area, if messages.is_empty() { 0 } else { message::height(&messages, area) });
    message::draw(canvas, bottom, &messages);
    let Some(run) = state.probes.of(&view.key) else {
        let words = canvas.keyed("This environment was not probed yet. {probe} asks what to probe.");
        return message::draw(canvas, body, &[(words, Role::Dim)]);
    };
    let [line, body] = split_top(body, 1);
    let columns = body.width.saturating_sub(2);
    let (words, role) = how_far(run, state.now);
    canvas.text(line.x + 1, line.y, columns, &canvas.keyed(&words), role);
    let lines = lines(canvas.glyphs(), run, state.now, usize::from(columns));
    for (pieces, y) in lines.iter().skip(view.rows.scroll()).zip(body.y..body.bottom()) {
        let pieces: Vec<_> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
        canvas.pieces(body.x + 1, y, columns, &pieces);
    }
    let rows = Area { x: body.x, y: body.y, width: body.width, height: body.height };
    hits.add_counted(Pane::Probe, rows, lines.len());
}

/// Draws the title: what was probed.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &ProbeView) {
    let place = TitlePlace::of(state, &view.key, "Probe");
    let url = state.probes.of(&view.key).map(|run| (clean(&run.target.url).into_owned(), Role::Text));
    title(canvas, area, &place, &less_and_less(&Vec::from_iter(url), 0));
}

/// How far it is, or how it ended and how long ago.
fn how_far(run: &ProbeRun, now: Moment) -> (String, Role) {
    let ago = |at: Moment| span_words(Duration::from_secs(now.since(at).as_secs()));
    match run.end {
        None => {
            let part = run.part.unwrap_or(ProbePart::First);
            (format!("probing {} · for {} · {{cancel-probe}} cancels", part.describe(), ago(run.began)), Role::Accent)
        }
        Some((at, ProbeEnd::Cancelled)) => {
            (format!("cancelled {} ago; what it had seen until then:", ago(at)), Role::Warning)
        }
        Some((at, _)) if now.since(at) > PROBE_COUNTS_FOR => {
            let words = format!("probed {} ago: too old for the checks to count it · {{probe}} probes again", ago(at));
            (words, Role::Warning)
        }
        Some((at, _)) => {
            let counts = PROBE_COUNTS_FOR.as_secs() / 60;
            (
                format!("probed {} ago · the checks count it for {counts} min · {{probe}} probes again", ago(at)),
                Role::Dim,
            )
        }
    }
}

/// Everything below the title.
fn lines(glyphs: Glyphs, run: &ProbeRun, now: Moment, room: usize) -> Vec<Pieces> {
    let mut lines = Vec::new();
    for part in ProbePart::ALL.into_iter().filter(|part| part.is_in(&run.target.plan)) {
        put_part(&mut lines, run, part, now, room);
    }
    lines.push(Vec::new());
    match run.end {
        None => lines.push(vec![("What follows from it is said at the end.".to_owned(), Role::Dim)]),
        Some((_, ProbeEnd::Cancelled)) => {
            lines.push(vec![("Nothing follows from a probe that was cancelled.".to_owned(), Role::Dim)]);
        }
        Some((_, ProbeEnd::Unreachable)) => put_unreachable(&mut lines, run, room),
        Some((_, ProbeEnd::Complete)) if run.findings.is_empty() => {
            lines.push(vec![("Nothing is wrong with what was probed.".to_owned(), Role::Good)]);
        }
        Some((_, ProbeEnd::Complete)) => {
            run.findings.iter().for_each(|finding| put_finding(&mut lines, glyphs, finding, room));
        }
    }
    lines
}

/// What was seen in a part, or that it is under way, still to come, or left out.
fn put_part(lines: &mut Vec<Pieces>, run: &ProbeRun, part: ProbePart, now: Moment, room: usize) {
    let place = |part: ProbePart| ProbePart::ALL.iter().position(|it| *it == part);
    let is_at = run.is_under_way() && run.part.unwrap_or(ProbePart::First) == part;
    let is_over = match run.end {
        Some((_, ProbeEnd::Cancelled)) | None => place(part) < place(run.part.unwrap_or(ProbePart::First)),
        Some(_) => true,
    };
    let status = |words: String, role| (part.name(), words, role);
    let mut shown: Vec<_> = if is_over {
        let seen = rows(&run.target, &run.seen).into_iter().filter(|row| row.part == part);
        seen.map(|row| (row.name, row.value, Role::Text)).collect()
    } else {
        Vec::new()
    };
    if shown.is_empty() {
        shown.push(match (is_at, run.is_under_way(), is_over) {
            (true, ..) => status(under_way(run, part, now), Role::Accent),
            (_, true, false) => status("to come".to_owned(), Role::Dim),
            (_, false, false) => status("not tried".to_owned(), Role::Dim),
            (.., true) => status(nothing(run, part).to_owned(), Role::Dim),
        });
    }
    for (name, value, role) in shown {
        put(lines, (name, NAMES), (Role::Dim, role), &value, room);
    }
}

fn under_way(run: &ProbeRun, part: ProbePart, now: Moment) -> String {
    match (part, run.target.plan.idle) {
        (ProbePart::Quiet, Some(idle)) => format!("quiet, for {} …", span_words(idle)),
        _ => format!("… {} s", now.since(run.began).as_secs()),
    }
}

/// Why there is nothing to show of a part that is over.
fn nothing(run: &ProbeRun, part: ProbePart) -> &'static str {
    match (&run.seen.first, part) {
        (Err(_), _) => "not tried: the first request was not answered",
        (Ok(_), ProbePart::Websocket) => "none on the usual paths",
        (Ok(_), ProbePart::Fallback) => "no polling of Socket.IO or SockJS",
        (Ok(_), ProbePart::Quiet) => "not tried: no WebSocket was opened",
        (Ok(_), _) => "nothing seen",
    }
}

fn put_unreachable(lines: &mut Vec<Pieces>, run: &ProbeRun, room: usize) {
    let Some(error) = run.seen.unreachable() else { return };
    let (words, role) = if run.target.is_internal {
        (format!("Undecided: the load balancer is internal, and not reached from here ({error})."), Role::Warning)
    } else {
        (format!("Not reached: {error}."), Role::Bad)
    };
    put(lines, ("", 0), (role, role), &words, room);
    put(lines, ("", 0), (Role::Dim, Role::Dim), error.advice(), room);
}

fn put_finding(lines: &mut Vec<Pieces>, glyphs: Glyphs, finding: &ProbeFinding, room: usize) {
    let sign = glyphs.sign(SignSubject::Finding, finding.severity.as_str());
    let (name, role) = (format!("{} {}", sign.glyph, sign.word), sign.role);
    put(lines, (&name, SIGNS), (role, Role::Text), &finding.message, room);
    finding.evidence.iter().for_each(|evidence| put(lines, ("", SIGNS + 2), (role, Role::Dim), evidence, room));
    if !finding.fix.is_empty() {
        put(lines, ("            fix:", SIGNS + 5), (Role::Dim, Role::Text), &finding.fix, room);
    }
}

/// Adds a value beside its name, on as many lines as it needs.
fn put(
    lines: &mut Vec<Pieces>,
    (name, indent): (&str, usize),
    (of_name, of_value): (Role, Role),
    value: &str,
    room: usize,
) {
    for (number, line) in wrap(&clean(value), room.saturating_sub(indent).max(20)).into_iter().enumerate() {
        let head = if number == 0 { name } else { "" };
        let gap = " ".repeat(indent.saturating_sub(width(head)));
        lines.push(vec![(format!("{head}{gap}"), of_name), (line, of_value)]);
    }
}
