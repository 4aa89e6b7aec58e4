//! The Deploy screen while no update is in progress: what runs where, how the last update ended, and what could be
//! deployed.

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::app::State;
use crate::app::screens::VersionPicker;
use crate::config::{Glyphs, Role, SignSubject};
use crate::deploy::LastUpdate;
use crate::model::{ApplicationVersion, Environment, InstanceHealth, Source, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::TextPiece;
use crate::ui::screens::environment::timeline;
use crate::ui::screens::versions::draw_version;
use crate::ui::split::split_top;
use crate::ui::text::width;

/// A line of a part: its pieces.
type PartLine = Vec<(String, Role)>;

/// Draws it: as much of each part as there is room for.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, environment: &Environment) {
    let mut rest = part(canvas, area, "Instances by version", &instances(canvas, state, environment));
    rest = part(canvas, rest, "Last update", &last_update(state, environment));
    let most = usize::from(rest.height / 2).saturating_sub(1).clamp(3, 12);
    rest = versions(canvas, rest, state, environment, most);
    events(canvas, rest, state, environment);
}

/// Returns what runs, for the title.
pub fn state_pieces(glyphs: Glyphs, environment: &Environment) -> Vec<TextPiece> {
    let status = glyphs.sign(SignSubject::Status, environment.status.as_str());
    vec![
        (clean(environment.version.as_deref().unwrap_or("no version")).into_owned(), Role::Text),
        (format!("{} {}", status.glyph, status.word), status.role),
        ("no update is in progress".to_owned(), Role::Dim),
    ]
}

/// Draws a heading and its lines, each wrapped, and returns what is left below.
fn part(canvas: &mut Canvas<'_>, area: Rect, heading: &str, lines: &[PartLine]) -> Rect {
    if area.height < 3 {
        return Rect { height: 0, ..area };
    }
    canvas.text(area.x + 1, area.y, area.width.saturating_sub(2), heading, Role::Heading);
    let mut y = area.y + 1;
    for line in lines {
        if y >= area.bottom() {
            break;
        }
        let pieces: Vec<_> = line.iter().map(|(text, role)| (text.as_str(), *role)).collect();
        canvas.pieces(area.x + 3, y, area.width.saturating_sub(4), &pieces);
        y += 1;
    }
    split_top(area, y + 1 - area.y)[1]
}

/// Returns a line for each version that runs: on how many instances, by which deployment, how they are.
fn instances(canvas: &Canvas<'_>, state: &State, environment: &Environment) -> Vec<PartLine> {
    let source = Source::InstancesHealth(environment.key.clone());
    if !environment.has_enhanced_health() {
        return vec![vec![("with basic health no instance reports its version".to_owned(), Role::Dim)]];
    }
    if let Some(fault) = state.snapshot().reads.fault(&source) {
        return vec![vec![(format!("could not be read: {}", fault.kind.word()), Role::Warning)]];
    }
    let Some(all) = state.snapshot().inventory.instances_health.get(&environment.key) else {
        return vec![vec![("reading instances …".to_owned(), Role::Dim)]];
    };
    let mut by: BTreeMap<Option<Arc<str>>, Vec<&InstanceHealth>> = BTreeMap::new();
    for it in all {
        by.entry(it.deployment.as_ref().and_then(|it| it.version.clone())).or_default().push(it);
    }
    let mut groups: Vec<_> = by.into_iter().collect();
    groups.sort_by_key(|(_, instances)| std::cmp::Reverse(instances.len()));
    let wide = groups.iter().map(|(version, _)| label(version.as_ref()).len()).max().unwrap_or(0);
    groups
        .iter()
        .map(|(version, own)| line_of(canvas, state, &format!("{:<wide$}", label(version.as_ref())), own))
        .collect()
}

fn label(version: Option<&Arc<str>>) -> String {
    version.map_or_else(|| "not reported".to_owned(), |it| clean(it).into_owned())
}

fn line_of(canvas: &Canvas<'_>, state: &State, label: &str, own: &[&InstanceHealth]) -> PartLine {
    let count = format!("   {:>3} {}", own.len(), if own.len() == 1 { "instance " } else { "instances" });
    let newest = own.iter().filter_map(|it| it.deployment.as_ref()).max_by_key(|it| it.id);
    let number = newest.and_then(|it| it.id).map(|id| format!("   deployment {id}")).unwrap_or_default();
    let ago = newest.and_then(|it| it.at).map(|at| state.shown_at().since(at));
    let ago = ago.map(|ago| format!(", {} ago", span_words(ago))).unwrap_or_default();
    let mut healths: BTreeMap<&str, usize> = BTreeMap::new();
    for it in own {
        *healths.entry(it.status.as_ref().map_or("", |it| it.as_str())).or_default() += 1;
    }
    let mut line = vec![(label.to_owned(), Role::Text), (count, Role::Text), (number + &ago, Role::Dim)];
    for (health, count) in healths {
        let sign = canvas.glyphs().sign(SignSubject::Health, health);
        line.push((format!("   {} {} {count}", sign.glyph, sign.word), sign.role));
    }
    line
}

/// Returns how the last update went, as its events show it: it was not followed here, so that it has no verdict.
fn last_update(state: &State, environment: &Environment) -> Vec<PartLine> {
    let source = Source::History(environment.key.clone());
    let events = state.snapshot().inventory.events.iter();
    let Some(last) = LastUpdate::from_events(environment, events) else {
        let words = match (state.snapshot().reads.fault(&source), state.snapshot().reads.read_at(&source)) {
            (Some(fault), _) => format!("events could not be read: {}", fault.kind.word()),
            (None, Some(_)) => "the events show none; Beanstalk keeps them for six weeks".to_owned(),
            (None, None) => "reading events …".to_owned(),
        };
        return vec![vec![(words, Role::Dim)]];
    };
    let (ended, is_well) = last.ended;
    let ago = span_words(state.shown_at().since(ended));
    let when = format!("   {ago} ago");
    let took = last.took().map(|took| format!("   took {}", span_words(took))).unwrap_or_default();
    let role = if is_well { Role::Text } else { Role::Bad };
    let verdict = "no verdict: it was not followed here, so that nothing is compared with before".to_owned();
    vec![vec![(last.words(), role), (when + &took, Role::Dim)], vec![(verdict, Role::Dim)]]
}

/// Draws the newest versions, and returns what is left below.
fn versions(canvas: &mut Canvas<'_>, area: Rect, state: &State, environment: &Environment, most: usize) -> Rect {
    let picker = VersionPicker::new(environment);
    let shown = picker.shown(&state.snapshot().inventory);
    let Some(shown) = shown else {
        let fault = state.snapshot().reads.fault(&picker.source());
        let words = fault.map_or_else(|| "reading versions …".to_owned(), |it| format!("? {}", it.kind.word()));
        return part(canvas, area, "Newest versions", &[vec![(words, Role::Dim)]]);
    };
    let heading = match shown.len() {
        count if count > most => format!("Newest versions   {most} of {count}"),
        _ => "Versions".to_owned(),
    };
    let rows = shown.len().min(most);
    let below = part(canvas, area, &heading, &vec![Vec::new(); rows]);
    let label = |it: &&ApplicationVersion| width(&clean(&it.label));
    let label = shown.iter().take(most).map(label).max().unwrap_or(0).min(36) as u16;
    let lines = Rect { x: area.x + 3, y: area.y + 1, width: area.width.saturating_sub(4), height: 1 };
    for (version, y) in shown.iter().take(most).zip(lines.y..area.bottom()) {
        let is_running = environment.version.as_ref() == Some(&version.label);
        draw_version(canvas, Rect { y, ..lines }, state, version, label, is_running);
    }
    below
}

/// Draws the newest events in what room is left, the newest last.
fn events(canvas: &mut Canvas<'_>, area: Rect, state: &State, environment: &Environment) {
    if area.height < 3 {
        return;
    }
    canvas.text(area.x + 1, area.y, area.width.saturating_sub(2), "Events", Role::Heading);
    let own = state.snapshot().inventory.events.iter().filter(|it| it.environment.as_ref() == Some(&environment.name));
    let mut newest: Vec<_> = own.take(usize::from(area.height - 1)).collect();
    newest.reverse();
    for (event, y) in newest.into_iter().zip(area.y + 1..area.bottom()) {
        timeline::draw_event(canvas, Rect { x: area.x + 1, y, height: 1, width: area.width - 1 }, state, event, false);
    }
}
