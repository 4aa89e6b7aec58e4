//! The footer: the keys that apply here and now, from the table of actions, as many as fit.

use ratatui::layout::Rect;

use crate::app::screens::environment::SettingsShown;
use crate::app::screens::{EnvironmentView, ProbeForm};
use crate::app::{ACTIONS, Action, ActionFacts, Click, Layer, State};
use crate::config::{Chord, Role};
use crate::deploy::{VerdictKind, Watch};
use crate::model::EnvironmentStatus;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

pub fn footer(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let layer = state.layer();
    let mut shown: Vec<&ActionFacts> = ACTIONS
        .iter()
        .filter(|facts| facts.footer.is_some() && facts.layers.contains(&layer))
        .filter(|facts| facts.action.availability(state).is_ok() && is_of_use(facts.action, state))
        .collect();
    shown.sort_by_key(|facts| (!matters(facts.action, state), facts.footer));
    let key =
        |facts: &ActionFacts| state.setup.keymap.chords(facts.action).first().map(Chord::to_string).unwrap_or_default();
    let wide = |facts: &ActionFacts| width(&key(facts)) + 1 + width(label(facts, state)) + 3;
    let room = usize::from(area.width.saturating_sub(2));
    // Help and quit stay as long as what matters now has room; the others go from the right.
    while shown.iter().map(|facts| wide(facts)).sum::<usize>() > room + 3 && shown.len() > 1 {
        let ordinary = shown.len().checked_sub(3).filter(|&at| !matters(shown[at].action, state));
        let last = shown.len() - 1;
        shown.remove(ordinary.unwrap_or(if last > 1 { last - 1 } else { last }));
    }
    // A click on the footer must not carry out what a confirmation asks.
    let is_asked = matches!(layer, Layer::Confirm | Layer::Name | Layer::Guide | Layer::Form);
    let mut x = area.x + 1;
    for facts in shown {
        let start = x;
        x = canvas.text(x, area.y, area.right().saturating_sub(x), &key(facts), Role::Key);
        x = canvas.text(x + 1, area.y, area.right().saturating_sub(x + 1), label(facts, state), Role::Dim);
        if !(is_asked && facts.action == Action::Open) {
            canvas.spot(Rect { x: start, width: x - start, ..area }, Click::Do(facts.action));
        }
        x += 3;
    }
}

/// Whether an action that can be done has something to be done to. On the why page of an environment at rest there is a
/// version to go back to only where an update that was followed, or an event, names one; the key looks into the log, too.
fn is_of_use(action: Action, state: &State) -> bool {
    let Ok(environment) = state.current_environment() else { return true };
    let is_at_rest = environment.status == EnvironmentStatus::Ready;
    let asks = action == Action::Rollback && state.layer() == Layer::Why && is_at_rest;
    !asks || state.known_version_before(environment).is_some()
}

/// Whether an action is what the moment asks for: a deploy that goes wrong is stopped or rolled back, one that is in
/// progress is looked at.
fn matters(action: Action, state: &State) -> bool {
    let is_bad = |watch: &Watch| matches!(watch.verdict().kind, VerdictKind::Worse | VerdictKind::Failed);
    match action {
        Action::SignIn => true,
        Action::Rollback | Action::Abort => state.watch_on_screen().is_some_and(is_bad),
        Action::DeployView => {
            let shown = state.screens.environment().map(|view| &view.key).or(state.fleet.selected.as_ref());
            shown.and_then(|key| state.operations.deploys.watches.get(key)).is_some_and(|watch| !watch.is_over())
        }
        _ => false,
    }
}

/// Whether the Settings tab is in front, and shows only some.
fn is_narrowed(view: &EnvironmentView, state: &State) -> bool {
    state.layer() == Layer::Settings && view.settings.is_narrowed()
}

fn shows(state: &State, shown: SettingsShown) -> bool {
    state.screens.environment().is_some_and(|view| view.settings.shown == shown)
}

fn label(facts: &ActionFacts, state: &State) -> &'static str {
    match facts.action {
        Action::Pause if state.paused.is_some() => "resume",
        Action::Attention if state.fleet.attention => "show all",
        Action::Open if state.layer() == Layer::Environment => "fold",
        Action::Refresh if state.layer() == Layer::Logs => "reload",
        Action::Open if state.layer() == Layer::Search => "keep",
        Action::Back if state.layer() == Layer::Search => "cancel",
        Action::Open if state.layer() == Layer::Text => "keep filter",
        Action::Open if state.screens.get::<ProbeForm>().is_some() && state.layer() == Layer::Form => "probe now",
        Action::Open if state.layer() == Layer::Form => "confirm…",
        Action::Open
            if matches!(state.layer(), Layer::List | Layer::Palette | Layer::Picker | Layer::Confirm | Layer::Name) =>
        {
            "choose"
        }
        Action::Back if state.screens.dialog().is_some() => "cancel",
        Action::Open if state.layer() == Layer::Metrics => "enlarge",
        Action::Open if state.layer() == Layer::Settings => "edit…",
        Action::Back if state.layer() == Layer::Text => "clear filter",
        Action::Back if state.layer() == Layer::Fleet => "show all",
        Action::Back if state.screens.environment().is_some_and(|view| is_narrowed(view, state)) => "show all",
        Action::Drifted if shows(state, SettingsShown::Drifted) => "show all",
        _ => facts.label,
    }
}
