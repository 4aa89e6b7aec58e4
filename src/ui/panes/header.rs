//! The header: who and where, chips that no theme hides, how the services do, the clock.

use std::time::Duration;

use ratatui::layout::Rect;

use super::badges;
use super::pieces::{TextPiece, wide};
use crate::app::{Cut, SessionPhase, State};
use crate::change::Frozen;
use crate::config::Role;
use crate::model::{clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::text::{cut, width};

/// The most cells that the reason of a freeze takes.
const REASON: usize = 32;
/// Cells between who we are and how the services do.
const GAP: usize = 2;

/// Credentials that end within this are counted down.
const COUNTED: Duration = Duration::from_hours(1);
/// Credentials that end within this are worth a warning.
const SOON: Duration = Duration::from_mins(5);

/// Draws the header, and returns where the title of the screen has room: in its second line, before the clock.
pub fn header(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Rect {
    let (start, end) = (area.x + 1, area.right().saturating_sub(1));
    let room = usize::from(end.saturating_sub(start));
    let (identity, badges) = first_line(canvas, state, room);
    left(canvas, start, area.y, end - start, &identity);
    right_aligned(canvas, end, area.y, end - start, &badges);
    let clock = right_aligned(canvas, end, area.y + 1, area.width / 2, &clock(state));
    Rect { x: start, y: area.y + 1, width: clock.saturating_sub(start + 2), height: 1 }
}

/// Returns account and region, then the state of the services. Only a failing service takes the room of the former: it is
/// shown as long as there is room for anything.
fn first_line(canvas: &Canvas<'_>, state: &State, room: usize) -> (Vec<TextPiece>, Vec<TextPiece>) {
    let gap = |identity: &[TextPiece]| if identity.is_empty() { 0 } else { GAP };
    for (place, identity) in identities(state).into_iter().enumerate() {
        let left = room.saturating_sub(wide(&identity) + gap(&identity));
        let least = badges::least(canvas, state);
        if place == 0 || wide(&least) > left {
            if let Some(badges) = badges::fitting(canvas, state, left) {
                return (identity, badges);
            }
            continue;
        }
        return (identity, least);
    }
    (Vec::new(), badges::least(canvas, state))
}

fn left(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, pieces: &[TextPiece]) {
    let pieces: Vec<_> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.pieces(x, y, room, &pieces);
}

/// Writes pieces so that the last one ends at `end`; those that do not fit are left out from the left. Where they begin.
fn right_aligned(canvas: &mut Canvas<'_>, end: u16, y: u16, room: u16, pieces: &[TextPiece]) -> u16 {
    let mut x = end;
    for (text, role) in pieces.iter().rev() {
        let wide = width(text) as u16;
        if end.saturating_sub(x) + wide > room {
            break;
        }
        x -= wide;
        canvas.text(x, y, wide, text, *role);
    }
    x
}

/// Returns the name, the chips that nothing hides, then profile, account and region; and ever shorter forms.
fn identities(state: &State) -> Vec<Vec<TextPiece>> {
    let Some(frozen) = &state.operations.frozen else { return identities_with(state, None) };
    // The reason is given up last, for it says whom to ask.
    let chips = frozen_chips(state, frozen).into_iter();
    chips
        .flat_map(|chip| identities_with(state, Some(chip)).into_iter().filter(|it| !it.is_empty()))
        .chain([Vec::new()])
        .collect()
}

/// Returns the chip of a freeze, in ever shorter forms.
fn frozen_chips(state: &State, frozen: &Frozen) -> Vec<String> {
    let Frozen::By(freeze) = frozen else {
        return vec!["FROZEN: its file cannot be read".into(), "FROZEN?".into()];
    };
    let reason = cut(&clean(&freeze.reason), REASON, Cut::End, "...").into_owned();
    let zone = &state.setup.time_zone;
    let end = freeze.until.map_or_else(String::new, |until| {
        let (until, now) = (until.to_zoned(zone.clone()), state.now.0.to_zoned(zone.clone()));
        let is_today = until.date() == now.date();
        format!(" until {}", until.strftime(if is_today { "%H:%M" } else { "%m-%d %H:%M" }))
    });
    vec![format!("FROZEN{end}: {reason}"), format!("FROZEN{end}"), "FROZEN".into()]
}

fn identities_with(state: &State, frozen: Option<String>) -> Vec<Vec<TextPiece>> {
    let scope = state.setup.scopes.get(state.setup.scope).cloned().unwrap_or_default();
    let name: [TextPiece; 2] = [("beanpole".into(), Role::Title), ("  ".into(), Role::Text)];
    let mut chips: Vec<TextPiece> = Vec::new();
    let mut chip = |text: String| chips.extend([(format!(" {text} "), Role::Chip), ("  ".into(), Role::Text)]);
    if let Some(scenario) = &state.setup.simulated {
        chip(format!("SIMULATED {scenario}"));
    }
    if state.setup.read_only.is_everything() {
        chip("READ-ONLY".into());
    }
    if let Some(endpoint) = &scope.endpoint {
        chip(clean(endpoint).into_owned());
    }
    if let Some(words) = frozen {
        chip(words);
    }
    let mut words = Vec::new();
    if state.setup.simulated.is_none() {
        words
            .push(scope.profile.as_deref().map_or("default credentials".into(), |profile| clean(profile).into_owned()));
    }
    let account = state.snapshot().inventory.identity.as_ref().and_then(|it| it.account.clone());
    let region = state.session().facts.region.clone().or(scope.region);
    words.extend([account, region].into_iter().flatten().map(|word| clean(&word).into_owned()));
    // A profile whose name is one of production's is marked where it may be written to.
    let profile = scope.profile.as_deref().filter(|_| state.setup.simulated.is_none());
    let warns = profile.is_some_and(|name| state.setup.is_production(name)) && !state.setup.read_only.is_everything();
    let words = (0..=words.len()).map(|from| match words[from..].split_first() {
        Some((profile, rest)) if warns && from == 0 => {
            let rest = rest.iter().fold(String::new(), |all, word| all + " · " + word);
            vec![(format!(" {profile} "), Role::ChipDanger), (rest, Role::Text)]
        }
        _ => vec![(words[from..].join(" · "), Role::Text)],
    });
    let line = |words: Vec<TextPiece>| chips.iter().cloned().chain(words).collect::<Vec<_>>();
    let fewer: Vec<_> = words.map(line).collect();
    let whole = name.into_iter().chain(fewer[0].iter().cloned()).collect();
    [vec![whole], fewer, vec![Vec::new()]].concat()
}

fn clock(state: &State) -> Vec<TextPiece> {
    let mut pieces = Vec::new();
    if let Some((since, _)) = &state.paused {
        pieces.push((format!(" PAUSED since {} ", time(state, *since)), Role::Chip));
    }
    if let Some(left) = credentials_left(state) {
        let role = if left < SOON { Role::Warning } else { Role::Dim };
        pieces.push((format!("credentials {}   ", span_words(left)), role));
    }
    match &state.session().phase {
        SessionPhase::Opening(since) if state.now.since(*since) >= Duration::from_secs(1) => {
            let waited = span_words(state.now.since(*since));
            pieces.push((format!("looking for credentials {waited}   "), Role::Moving));
        }
        SessionPhase::Paused { retry_at, .. } => {
            let left = span_words(retry_at.since(state.now));
            pieces.push((format!("paused, tries again in {left}   "), Role::Bad));
        }
        _ => {}
    }
    if state.paused.is_none() {
        pieces.push((time(state, state.now), Role::Dim));
    }
    pieces
}

/// Returns how long the credentials are still good, if that is known and it is not long. Once their end has passed without a
/// failure they were renewed.
fn credentials_left(state: &State) -> Option<Duration> {
    let left = state.session().facts.expires_at.filter(|at| *at > state.now)?.since(state.now);
    (state.session().is_open() && left < COUNTED).then_some(left)
}

/// The time of day with its offset, as `14:03:22 +01:00`; `Z` for UTC.
fn time(state: &State, at: crate::model::Moment) -> String {
    let zoned = at.0.to_zoned(state.setup.time_zone.clone());
    if zoned.offset() == jiff::tz::Offset::UTC {
        zoned.strftime("%H:%M:%S Z").to_string()
    } else {
        zoned.strftime("%H:%M:%S %:z").to_string()
    }
}
