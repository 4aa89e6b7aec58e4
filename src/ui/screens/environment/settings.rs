//! The Settings tab: what is live, what Beanstalk's option says, the default, the range.

use ratatui::layout::Rect;

use super::tabs;
use crate::app::operations::edits::{Arrival, Awaited};
use crate::app::screens::environment::{EnvironmentView, SettingsRow, SettingsShown, without_settings};
use crate::app::screens::{FilterField, FilterSubject};
use crate::app::{Area, Cut, NOTHING, State};
use crate::change::{Field, Fixed, Object};
use crate::config::{Mark, Role};
use crate::model::{Balancer, Environment, Key, Source, clean};
use crate::ui::canvas::Canvas;
use crate::ui::panes::message;
use crate::ui::split::split_top;
use crate::ui::text::{cut, width};

/// Cells between two columns.
const GAP: u16 = 2;
/// Cells to the left: the cursor, the mark of settings edited together, the mark of drift.
const MARGIN: u16 = 4;

/// How wide each column is; what does not fit is left out.
struct Columns {
    key: u16,
    live: u16,
    option: u16,
    default: u16,
    allowed: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        let (live, option) = if width < 110 { (16, 18) } else { (22, 24) };
        let default = if width < 100 { 0 } else { 14 };
        let taken = MARGIN + live + option + default + GAP * if default > 0 { 3 } else { 2 };
        let key = width.saturating_sub(taken + 1).clamp(20, 50);
        let rest = width.saturating_sub(taken + key + GAP + 1);
        Self { key, live, option, default, allowed: if rest >= 16 { rest } else { 0 } }
    }

    /// Each with its place, but for those that are left out.
    fn places(&self, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
        let mut x = area.x + MARGIN;
        let widths = [self.key, self.live, self.option, self.default, self.allowed];
        widths.into_iter().enumerate().filter(|(_, width)| *width > 0).map(move |(at, width)| {
            let place = Rect { x, width, height: 1, ..area };
            x += width + GAP;
            (at, place)
        })
    }
}

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    let [line, rest] = split_top(area, 1);
    let from = tabs::draw(canvas, line, view, true);
    // The longest that has room after the tabs.
    let room = usize::from(line.right().saturating_sub(from + 1));
    let mut remarks = remarks(view.settings.shown).into_iter().map(|words| canvas.keyed(words));
    let remark = remarks.find(|words| width(words) < room).unwrap_or_default();
    tabs::remark(canvas, line, from, &remark, Role::Dim);
    let [heading, rows] = split_top(rest, 1);
    let columns = Columns::of(area.width);
    for (at, place) in columns.places(heading) {
        let title = ["SETTING", "LIVE", "BEANSTALK OPTION", "DEFAULT", "ALLOWED"][at];
        match filter(canvas, state, view).filter(|_| at == 0) {
            Some((words, role)) => canvas.text(place.x, place.y, place.width, &words, role),
            None => canvas.text(place.x, place.y, place.width, title, Role::Heading),
        };
    }
    if view.settings.rows.is_empty() {
        nothing(canvas, rows, state, view);
    }
    let shown = view.settings.rows.iter().enumerate().skip(view.settings.list.scroll());
    for ((at, row), y) in shown.zip(rows.y..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        if at == view.settings.list.selected() {
            canvas.tint(line, Role::Selected);
            canvas.text_over(line.x, y, 1, canvas.mark(Mark::Selected), Role::Accent);
        }
        draw_row(canvas, line, state, view, &columns, row);
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

/// What is shown, and which keys show what else; in ever shorter forms.
fn remarks(shown: SettingsShown) -> [&'static str; 3] {
    match shown {
        SettingsShown::All => [
            "all · {differing} what differs · {drifted} what drifts",
            "{differing} what differs · {drifted} what drifts",
            "{differing} what differs",
        ],
        SettingsShown::Differing => ["what differs · {differing} shows all", "what differs", ""],
        SettingsShown::Drifted => ["what drifts · {drifted} shows all", "what drifts", ""],
    }
}

/// The words that are looked for, if there are any; while they are typed, with the cursor.
fn filter(canvas: &Canvas<'_>, state: &State, view: &EnvironmentView) -> Option<(String, Role)> {
    if let Some(FilterField { input, subject: FilterSubject::Settings }) = state.screens.get() {
        return Some((format!("/{}{}", input.value(), canvas.mark(Mark::Selected)), Role::Input));
    }
    let words = &view.settings.filter;
    (!words.is_empty()).then(|| (format!("/{}", clean(words)), Role::Accent))
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    line: Rect,
    state: &State,
    view: &EnvironmentView,
    columns: &Columns,
    row: &SettingsRow,
) {
    match row {
        SettingsRow::Title(title) => {
            canvas.text(line.x + 1, line.y, line.width.saturating_sub(2), title, Role::Title);
        }
        SettingsRow::Setting(field) => {
            if row.id().is_some_and(|id| view.settings.marked.contains(&id)) {
                canvas.text_over(line.x + 1, line.y, 1, canvas.mark(Mark::Chosen), Role::Accent);
            }
            if field.drifts() {
                canvas.text_over(line.x + 2, line.y, 1, canvas.mark(Mark::Drift), Role::Warning);
            }
            let awaited = awaited(state, &view.key, field);
            for (at, place) in columns.places(line) {
                let (text, role) = cell(canvas, at, state, field, awaited);
                put(canvas, place, &text, role, at == 0);
            }
        }
        SettingsRow::Fixed(_, fixed) => draw_fixed(canvas, line, columns, fixed),
        SettingsRow::Note { is_drift, text } => {
            let (mark, role) = if *is_drift { (Mark::Drift, Role::Warning) } else { (Mark::Unread, Role::Dim) };
            canvas.text_over(line.x + 2, line.y, 1, canvas.mark(mark), role);
            let place = Rect { x: line.x + MARGIN, width: line.width.saturating_sub(MARGIN + 1), ..line };
            put(canvas, place, &clean(text), role, false);
        }
    }
}

fn put(canvas: &mut Canvas<'_>, place: Rect, text: &str, role: Role, is_key: bool) {
    let how = if is_key { Cut::Middle } else { Cut::End };
    let fitting = cut(text, usize::from(place.width), how, canvas.mark(Mark::Cut)).into_owned();
    canvas.text_over(place.x, place.y, place.width, &fitting, role);
}

fn cell(canvas: &Canvas<'_>, at: usize, state: &State, field: &Field, awaited: Option<&Awaited>) -> (String, Role) {
    let quiet = if field.has_meaning { Role::Text } else { Role::Dim };
    match at {
        0 => (field.key.clone(), quiet),
        1 => match (awaited, &field.live) {
            (Some(awaited), live) => {
                let text = |value: Option<&str>| shown(value.unwrap_or_default());
                let arrow = canvas.mark(Mark::Becomes);
                (format!("{} {arrow} {}", text(live.as_deref()), text(awaited.wanted.as_deref())), Role::Pending)
            }
            (None, Some(live)) if field.drifts() => (spanned(field, live), Role::Warning),
            (None, Some(live)) => (spanned(field, live), quiet),
            (None, None) => unread(canvas, state, field),
        },
        2 => match &field.option {
            None => (NOTHING.into(), Role::Dim),
            Some(option) => match &option.value {
                Some(value) => (spanned(field, value), quiet),
                None => (format!("unset ({})", shown(option.default)), Role::Dim),
            },
        },
        3 => (shown(field.option.as_ref().map_or(field.facts.default, |option| option.default)), Role::Dim),
        _ => (field.facts.kind.allowed(), Role::Dim),
    }
}

fn unread(canvas: &Canvas<'_>, state: &State, field: &Field) -> (String, Role) {
    let of = |source: &Source| source.subject().is_some_and(|subject| subject == field.object.arn());
    let faults = state.snapshot().reads.faults();
    match faults.iter().find(|(source, ..)| of(source)) {
        Some((_, fault, _)) => (format!("{} {}", canvas.mark(Mark::Unread), fault.kind.word()), Role::Dim),
        None if state.poller().is_waited_for(&state.snapshot().reads) => ("…".into(), Role::Dim),
        None => (canvas.mark(Mark::Unread).into(), Role::Dim),
    }
}

/// A value; one in seconds with the span that it is.
fn spanned(field: &Field, value: &str) -> String {
    let span = field.facts.span(value).map(|span| format!(" ({span})"));
    shown(value) + &span.unwrap_or_default()
}

fn shown(value: &str) -> String {
    if value.is_empty() { "\"\"".into() } else { clean(value).into_owned() }
}

/// What was written to this setting and is not live yet.
fn awaited<'a>(state: &'a State, environment: &Key<Environment>, field: &Field) -> Option<&'a Awaited> {
    let own = state.operations.edits.arriving.iter().filter(|it| it.environment == *environment);
    own.flat_map(|it| &it.values)
        .find(|value| value.object == field.object && value.key == field.key && value.arrival == Arrival::Awaited)
}

fn draw_fixed(canvas: &mut Canvas<'_>, line: Rect, columns: &Columns, fixed: &Fixed) {
    let value = |value: &Option<std::sync::Arc<str>>| value.as_deref().map_or(NOTHING.to_owned(), shown);
    let cells =
        [fixed.facts.key.into(), value(&fixed.live), value(&fixed.option), NOTHING.into(), "not editable".into()];
    for (at, place) in columns.places(line) {
        put(canvas, place, &cells[at], Role::Dim, at == 0);
    }
}

/// Why there is nothing to see.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) {
    let balancer = state.snapshot().topology.link(&view.key).map(|link| link.balancer);
    let words = match balancer {
        Some(balancer) if !balancer.is_application() && !state.poller().is_waited_for(&state.snapshot().reads) => {
            without_settings(balancer).to_owned()
        }
        _ if !view.settings.filter.is_empty() => format!("no setting has {} in it", clean(&view.settings.filter)),
        _ if view.settings.shown == SettingsShown::Differing => {
            "everything is as its default, or its option, says".to_owned()
        }
        _ if view.settings.shown == SettingsShown::Drifted => {
            "nothing drifts: what is live is what Beanstalk's options say".to_owned()
        }
        _ => "reading settings …".to_owned(),
    };
    message::draw(canvas, area, &[(words, Role::Dim)]);
}

/// What there is to know about the selected row.
pub fn explain(view: &EnvironmentView, balancer: Balancer) -> Vec<(String, Role)> {
    let is_shared = balancer == Balancer::ApplicationShared;
    match view.settings.current() {
        Some(SettingsRow::Setting(field)) => explain_field(field, is_shared),
        Some(SettingsRow::Fixed(_, fixed)) => {
            vec![(
                format!("{}: {}. It cannot be edited: {}.", fixed.facts.key, fixed.facts.about, fixed.facts.why),
                Role::Text,
            )]
        }
        Some(SettingsRow::Note { text, .. }) => vec![(format!("{}.", clean(text)), Role::Text)],
        _ => Vec::new(),
    }
}

fn explain_field(field: &Field, is_shared: bool) -> Vec<(String, Role)> {
    let facts = field.facts;
    let mut messages = vec![(format!("{}: {}; {}.", field.key, facts.about, facts.kind.allowed()), Role::Text)];
    match (&field.option, facts.option) {
        (Some(option), _) => {
            let range = if option.kind == facts.kind {
                String::new()
            } else {
                format!(", which takes {}", option.kind.allowed())
            };
            messages.push((format!("Beanstalk's option is {} {}{range}.", option.namespace, option.name), Role::Dim));
        }
        (None, None) => {
            messages.push(("Beanstalk has no option for it: it is changed directly, and stays.".into(), Role::Dim));
        }
        (None, Some(option)) if is_shared && !matches!(field.object, Object::TargetGroup(_)) => {
            messages.push((
                format!("On a shared load balancer Beanstalk has no option {}: it is changed directly.", option.name),
                Role::Dim,
            ));
        }
        (None, Some(option)) => {
            messages.push((
                format!("Whether Beanstalk's option {} makes it is not known, or not clear.", option.name),
                Role::Dim,
            ));
        }
    }
    if field.drifts() {
        messages.push((
            "It drifts: < adopts the live value into Beanstalk, > puts the option's value back.".into(),
            Role::Warning,
        ));
    } else if !field.has_meaning {
        messages.push(("It has no effect as the target group is now.".into(), Role::Dim));
    }
    messages
}
