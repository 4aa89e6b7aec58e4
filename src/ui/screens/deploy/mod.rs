//! The Deploy screen: one clock for the phases, each target's life, what the users feel, and Beanstalk's events; and the
//! verdict, which is the question of the screen, at its top.

mod axis;
mod charts;
mod clock;
mod idle;
mod lanes;

use ratatui::layout::Rect;

use self::axis::Axis;
use self::charts::CHARTS;
use self::clock::clock;
use crate::app::screens::DeployView;
use crate::app::{Area, HitMap, Pane, State};
use crate::config::{Mark, Role};
use crate::deploy::{Leaning, Verdict, VerdictKind, VerdictReason, Watch};
use crate::model::{Environment, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TitlePlace, arrivals, less_and_less, message, title};
use crate::ui::screens::environment::timeline;
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::wrap;

/// The number of events that are always visible.
const EVENTS: u16 = 3;
/// A chart is not higher than this: its shape is seen at a glance.
const HIGHEST: u16 = 6;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &DeployView, hits: &mut HitMap) {
    let environment = state.snapshot().inventory.environments.get(&view.key);
    let watch = state.operations.deploys.watches.get(&view.key);
    let messages = message::choose(state, area, messages(state, environment));
    let [body, bottom] = split_bottom(area, message::height(&messages, area));
    message::draw(canvas, bottom, &messages);
    let Some(watch) = watch else {
        if let Some(environment) = environment {
            idle::draw(canvas, body, state, environment);
        }
        return;
    };
    let most = usize::from(body.height / 6).clamp(2, 6);
    let mut reasons = reasons(state, watch, usize::from(body.width.saturating_sub(2)), most);
    reasons.extend(arrivals::lines(canvas, state, &view.key).into_iter().take(usize::from(body.height / 4)));
    let [top, rest] = split_top(body, reasons.len() as u16);
    for ((line, role), y) in reasons.iter().zip(top.y..top.bottom()) {
        canvas.text(top.x + 1, y, top.width.saturating_sub(2), line, *role);
    }
    let room = draw_body(canvas, rest, state, view, watch);
    hits.add_counted(Pane::Lanes, room, watch.lanes().len());
}

fn draw_body(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &DeployView, watch: &Watch) -> Area {
    let axis = Axis::new(area, watch, state.shown_at());
    // Each chart has a row at least, then the lanes have theirs, then the charts grow.
    let least = 1 + CHARTS * if area.height > 24 { 2 } else { 1 };
    let wanted = (watch.lanes().len() as u16).max(1) + lanes::AROUND;
    let lanes_height = wanted.min(area.height.saturating_sub(least + EVENTS)).max(4);
    let [lanes_area, rest] = split_top(area, lanes_height);
    let room = lanes::draw(canvas, lanes_area, state, view, watch, &axis);
    let events = if rest.height > 24 { rest.height / 4 } else { EVENTS };
    let each = (rest.height.saturating_sub(events + 1) / CHARTS).clamp(1, HIGHEST);
    let [charts_area, events] = split_top(rest, 1 + CHARTS * each);
    charts::draw(canvas, charts_area, state, watch, &axis);
    draw_events(canvas, events, state, watch);
    room
}

/// Draws the title: the update and its phase, else what runs.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &DeployView) {
    let mut place = TitlePlace::of(state, &view.key, "Deploy");
    let Some(watch) = state.operations.deploys.watches.get(&view.key) else {
        let environment = state.snapshot().inventory.environments.get(&view.key);
        let pieces = environment.map(|it| idle::state_pieces(canvas.glyphs(), it)).unwrap_or_default();
        return title(canvas, area, &place, &less_and_less(&pieces, 1));
    };
    place.environment = clean(&watch.environment().name);
    let moving = if watch.ended().is_some() { "" } else { canvas.mark(Mark::Moving) };
    let phase = |words: String| (format!("{words} {moving}"), Role::Moving);
    let headline = (clean(&watch.headline()).into_owned(), Role::Text);
    let elapsed = (span_words(watch.elapsed(state.shown_at())), Role::Text);
    let policy = watch.rollout().map(|rollout| (rollout.words(), Role::Dim));
    let whole = [headline.clone(), phase(watch.phase().words())];
    // Where there is little room the policy goes first, then the time, then words of the phase: the versions and the
    // batch are never cut.
    let ways = [
        whole.iter().cloned().chain([elapsed.clone()]).chain(policy).collect::<Vec<_>>(),
        whole.iter().cloned().chain([elapsed]).collect(),
        whole.to_vec(),
        vec![headline, phase(watch.phase().short())],
    ];
    title(canvas, area, &place, &ways);
}

fn verdict_role(verdict: &Verdict) -> Role {
    match verdict.kind {
        VerdictKind::Worse | VerdictKind::Failed => Role::Bad,
        VerdictKind::Aborted | VerdictKind::Timeout => Role::Warning,
        VerdictKind::Better => Role::Good,
        VerdictKind::Same => Role::Text,
        VerdictKind::Unclear => Role::Dim,
    }
}

/// The verdict as a headline with the way out, then the other reasons, the weightiest first, in as many lines as they may
/// take; each whole or not at all.
fn reasons(state: &State, watch: &Watch, room: usize, most: usize) -> Vec<(String, Role)> {
    let verdict = watch.verdict();
    let version = watch.versions().requested.as_deref();
    let exit = state.rollback_offer(watch).map(|to| format!(". Rollback goes back to {}", clean(&to)));
    let early = verdict.reasons.iter().position(|reason| reason.early);
    let seen =
        early.and_then(|place| verdict.reasons[place].at).map(|at| format!("(early, seen {})", clock(state, at, true)));
    let headline = clean(&verdict.headline(version)).replacen("(early)", seen.as_deref().unwrap_or("(early)"), 1);
    let headline = headline + &exit.unwrap_or_default();
    let head = verdict_role(verdict);
    let mut lines: Vec<_> = wrap(&headline, room).into_iter().map(|line| (line, head)).collect();
    for (place, reason) in verdict.reasons.iter().enumerate() {
        // The headline may have its words already.
        if headline.contains(&*clean(&reason.words)) {
            continue;
        }
        let wrapped = wrap(&words(state, verdict, reason, early == Some(place)), room);
        if lines.len() + wrapped.len() > most {
            break;
        }
        let role = match reason.leaning {
            Leaning::Worse | Leaning::Better => Role::Text,
            Leaning::Unclear | Leaning::Note => Role::Dim,
        };
        lines.extend(wrapped.into_iter().map(|line| (line, role)));
    }
    lines
}

/// Returns a reason with its time. The meaning of "early" is explained once.
fn words(state: &State, verdict: &Verdict, reason: &VerdictReason, explain: bool) -> String {
    let seen = reason.at.map(|at| clock(state, at, true));
    let (from, until) = (verdict.after.from, verdict.after.until);
    let span = from.zip(until).filter(|_| reason.compares());
    let when = match (reason.early, seen, span) {
        (true, Some(at), _) if explain => {
            format!(" (early, seen {at}: the load balancer's figures confirm it in 1 to 3 minutes)")
        }
        (true, Some(at), _) => format!(" (early, seen {at})"),
        (true, None, _) => " (early)".to_owned(),
        (false, Some(at), _) => format!(" (since {at})"),
        (false, None, Some((from, until))) => {
            format!(" ({} to {})", clock(state, from, false), clock(state, until, false))
        }
        (false, None, None) => String::new(),
    };
    format!("{}{when}", clean(&reason.words))
}

/// The newest events, as many as fit, the newest last.
fn draw_events(canvas: &mut Canvas<'_>, area: Rect, state: &State, watch: &Watch) {
    let newest = watch.events().rev().take(usize::from(area.height));
    let mut events: Vec<_> = newest.collect();
    events.reverse();
    for (event, y) in events.into_iter().zip(area.y..area.bottom()) {
        timeline::draw_event(canvas, Rect { y, height: 1, ..area }, state, event, false);
    }
}

/// Returns what we are doing now, and the rest of the newest event's text that did not fit.
fn messages(state: &State, environment: Option<&Environment>) -> Vec<(String, Role)> {
    let mut messages = Vec::new();
    if let Some(operation) = &state.operations.deploys.rollback {
        let status = environment.map_or("not listed", |it| it.status.as_str());
        let to = operation.versions().map(|(_, to)| clean(to)).unwrap_or_default();
        let name = clean(&operation.subject.name);
        let words = format!("rolling back to {to} ({name}); the environment is {status}");
        messages.push((words, Role::Moving));
    }
    let stopped = state.screens.deploy().and_then(|view| state.operations.deploys.stopped.get(&view.key));
    messages.extend(stopped.map(|words| (clean(words).into_owned(), Role::Bad)));
    if let Some(writing) = &state.operations.writing {
        let since = span_words(state.shown_at().since(writing.since));
        messages.push((format!("{} … {since}", writing.what), Role::Moving));
    }
    if environment.is_none() {
        messages.push((
            "this environment is not listed any more: it was terminated, or may not be seen".into(),
            Role::Warning,
        ));
    }
    messages
}
