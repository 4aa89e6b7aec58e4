//! The Alarms tab: a line for each alarm; what it waits for, why it is so and what happened to it is in the messages below.

use ratatui::layout::Rect;

use super::tabs;
use crate::app::screens::environment::{AlarmRow, EnvironmentView};
use crate::app::{Area, Cut, State};
use crate::config::{Role, SignSubject};
use crate::model::{Alarm, AlarmEvent, AlarmState, Moment, Source, clean, counted, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::message::{self, MessageLine};
use crate::ui::split::split_top;
use crate::ui::text::{cut, width};

/// The columns of the state and of its age.
const STATE: u16 = 10;
const SINCE: u16 = 7;
/// How many events of an alarm are shown.
const EVENTS: usize = 4;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    let [line, rows] = split_top(area, 1);
    let from = tabs::draw(canvas, line, view, true);
    let reads = &state.snapshot().reads;
    let source = Source::Alarms(state.setup.scope);
    tabs::remark(canvas, line, from, &tabs::age(state, reads.read_at(&source)), Role::Dim);
    if view.alarms.rows.is_empty() {
        let words = match (reads.fault(&source), reads.read_at(&source)) {
            (Some(fault), _) => format!("alarms could not be read: {}", fault.advice()),
            (None, Some(_)) => "no alarm looks at this environment".to_owned(),
            (None, None) => "reading alarms …".to_owned(),
        };
        message::draw(canvas, rows, &[(words, Role::Dim)]);
    }
    let shown = view.alarms.rows.iter().enumerate().skip(view.alarms.list.scroll());
    for ((at, row), y) in shown.zip(rows.y..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        if at == view.alarms.list.selected() {
            canvas.tint(line, Role::Selected);
        }
        match row {
            AlarmRow::There(alarm) => draw_alarm(canvas, line, state.shown_at(), alarm),
            AlarmRow::Missing(name, _) => {
                let x = canvas.text_over(line.x + 1, y, 2 + STATE + SINCE, "  missing", Role::Dim);
                let x = x.max(line.x + 3 + STATE + SINCE);
                canvas.text_over(x, y, line.right().saturating_sub(x + 1), name, Role::Dim);
            }
        }
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

fn draw_alarm(canvas: &mut Canvas<'_>, line: Rect, now: Moment, alarm: &Alarm) {
    let sign = canvas.glyphs().sign(SignSubject::Alarm, alarm.state.as_str());
    canvas.text_over(line.x + 1, line.y, 1, sign.glyph, sign.role);
    let word = if alarm.state == AlarmState::InsufficientData { "no data" } else { alarm.state.as_str() };
    canvas.text_over(line.x + 3, line.y, STATE, word, sign.role);
    let since = alarm.since.map(|at| span_words(now.since(at))).unwrap_or_default();
    canvas.text_over(line.x + 3 + STATE, line.y, SINCE, &format!("{since:>6}"), Role::Dim);
    let x = line.x + 4 + STATE + SINCE;
    let notes = notes(alarm);
    let end = line.right().saturating_sub(width(&notes) as u16 + 1);
    let room = usize::from(end.saturating_sub(x + 1));
    let name = cut(&clean(&alarm.name), room, Cut::Middle, "…").into_owned();
    canvas.text_over(x, line.y, room as u16, &name, Role::Text);
    canvas.text_over(end, line.y, line.right().saturating_sub(end), &notes, Role::Dim);
}

/// Whether it does anything when it goes to ALARM.
fn notes(alarm: &Alarm) -> String {
    match alarm.actions.len() {
        0 => "notifies no one".to_owned(),
        _ if !alarm.actions_enabled => "actions off".to_owned(),
        _ if alarm.scales() => "scales".to_owned(),
        number => counted(number, "action"),
    }
}

/// What the selected alarm waits for, why it is in its state, and what happened to it.
pub fn explain(canvas: &Canvas<'_>, state: &State, view: &EnvironmentView) -> Vec<MessageLine> {
    match view.alarms.current() {
        Some(AlarmRow::There(alarm)) => of_alarm(state, alarm),
        Some(AlarmRow::Missing(name, summary)) => {
            let environment = state.snapshot().environment(&view.key).map_or("ENV", |it| &*it.name);
            vec![
                (format!("{}: {summary}", clean(name)), Role::Text),
                (canvas.keyed(&format!("beanpole alarms {} --recommended creates it", clean(environment))), Role::Dim),
            ]
        }
        None => Vec::new(),
    }
}

fn of_alarm(state: &State, alarm: &Alarm) -> Vec<MessageLine> {
    let mut lines = vec![(clean(&alarm.name).into_owned(), Role::Title)];
    lines.push((condition(alarm), Role::Text));
    lines.extend(alarm.reason.as_deref().map(|reason| (clean(reason).into_owned(), Role::Text)));
    let events = state.snapshot().inventory.alarm_history.get(&alarm.key).map_or(&[][..], Vec::as_slice);
    let zone = &state.setup.time_zone;
    let event = |event: &AlarmEvent| {
        let at =
            event.at.map_or_else(String::new, |at| at.0.to_zoned(zone.clone()).strftime("%m-%d %H:%M ").to_string());
        (format!("{at}{}", clean(&event.summary)), Role::Dim)
    };
    lines.extend(events.iter().take(EVENTS).map(event));
    lines
}

/// What it judges, and from where on it goes to ALARM.
fn condition(alarm: &Alarm) -> String {
    if let Some(rule) = &alarm.rule {
        return clean(rule).into_owned();
    }
    let metric = alarm.metrics.first();
    let what = metric.map_or_else(|| "an expression".to_owned(), |it| format!("{} of {}", it.statistic, it.name));
    let period = metric.map_or(60, |it| it.period);
    let Some(evaluation) = &alarm.evaluation else { return clean(&what).into_owned() };
    let from = evaluation.datapoints.unwrap_or(evaluation.periods);
    let periods = counted(usize::try_from(evaluation.periods).unwrap_or_default(), "period");
    let threshold = evaluation.threshold.map(|it| format!(" {it}")).unwrap_or_default();
    let missing = evaluation.missing.as_deref().unwrap_or("missing");
    let words = format!(
        "{what} {}{threshold}, {from} of {periods} of {period} s; missing data: {missing}",
        evaluation.comparison
    );
    clean(&words).into_owned()
}
