//! The header: who and where, chips that no theme hides, how the services do, the clock.

use std::time::Duration;

use ratatui::layout::Rect;

use super::badges;
use super::pieces::{TextPiece, wide};
use crate::app::screens::FilterField;
use crate::app::{Cut, SessionPhase, State};
use crate::change::Frozen;
use crate::config::{Mark, Role};
use crate::model::{DoubtCause, Reliability, Source, clean, span_words};
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

pub fn header(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let (start, end) = (area.x + 1, area.right().saturating_sub(1));
    let room = usize::from(end.saturating_sub(start));
    let (identity, badges) = first_line(canvas, state, room);
    left(canvas, start, area.y, end - start, &identity);
    right_aligned(canvas, end, area.y, end - start, &badges);
    let clock = right_aligned(canvas, end, area.y + 1, area.width / 2, &clock(state));
    let room = clock.saturating_sub(start + 2);
    left(canvas, start, area.y + 1, room, &title(canvas, state, usize::from(room)));
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
    let words = (0..=words.len()).map(|from| words[from..].join(" · "));
    let line = |words: String| chips.iter().cloned().chain([(words, Role::Text)]).collect::<Vec<_>>();
    let fewer: Vec<_> = words.map(line).collect();
    let whole = name.into_iter().chain(fewer[0].iter().cloned()).collect();
    [vec![whole], fewer, vec![Vec::new()]].concat()
}

/// Returns the title at the top left, as long as fits: no figure is cut.
fn title(canvas: &Canvas<'_>, state: &State, room: usize) -> Vec<TextPiece> {
    let mut pieces = Vec::new();
    for detail in Detail::LESS_AND_LESS {
        pieces = title_in(canvas, state, *detail);
        if wide(&pieces) <= room {
            break;
        }
    }
    pieces
}

/// How detailed the title is.
#[derive(Clone, Copy)]
struct Detail {
    /// How many reasons are named for which it is unknown whether environments need attention.
    reasons: usize,
    /// Whether it names the screen.
    screen: bool,
    /// Whether it names what it counts.
    words: bool,
    /// Whether it shows what no environment owns.
    unowned: bool,
}

impl Detail {
    const LESS_AND_LESS: &[Self] = &[
        Self { reasons: 2, screen: true, words: true, unowned: true },
        Self { reasons: 2, screen: true, words: true, unowned: false },
        Self { reasons: 1, screen: true, words: true, unowned: false },
        Self { reasons: 1, screen: true, words: false, unowned: false },
        Self { reasons: 1, screen: false, words: false, unowned: false },
        Self { reasons: 0, screen: false, words: false, unowned: false },
    ];
}

fn title_in(canvas: &Canvas<'_>, state: &State, detail: Detail) -> Vec<TextPiece> {
    let gap = || ("   ".to_owned(), Role::Text);
    let screen = [("Fleet".to_owned(), Role::Title), gap()];
    let mut pieces: Vec<_> = screen.into_iter().filter(|_| detail.screen).chain([count(state, detail)]).collect();
    let filtered = !state.fleet.filter.is_empty() || state.fleet.attention;
    for piece in attention(state, detail) {
        pieces.extend([gap(), piece]);
    }
    if state.fleet.attention {
        pieces.extend([gap(), ("only what needs attention".into(), Role::Accent)]);
    }
    if let Some(FilterField { input }) = state.screens.get() {
        pieces.extend([gap(), (format!("/{}{}", input.value(), canvas.mark(Mark::Selected)), Role::Input)]);
    } else if !state.fleet.filter.is_empty() {
        pieces.extend([gap(), (format!("/{}", state.fleet.filter), Role::Accent)]);
    }
    // While the list of environments is incomplete, the owner of a load balancer is unknown.
    let is_whole = state.snapshot().reads.broke_off(&Source::Environments(state.setup.scope)).is_none();
    let unowned = if is_whole { state.snapshot().topology.unowned().len() } else { 0 };
    if unowned > 0 && !filtered && detail.unowned {
        pieces.extend([
            gap(),
            (format!("{unowned} load balancer{} unowned", if unowned == 1 { "" } else { "s" }), Role::Dim),
        ]);
    }
    pieces
}

/// How many environments there are, and how many of them are shown.
fn count(state: &State, detail: Detail) -> TextPiece {
    let total = state.fleet.total();
    let doubt = environments_doubt(state);
    if let Some(words) = doubt.clone().filter(|_| total == 0) {
        return (words, Role::Warning);
    }
    let filtered = !state.fleet.filter.is_empty() || state.fleet.attention;
    let count = if filtered { format!("{} of {total}", state.fleet.len()) } else { total.to_string() };
    let noun = match (detail.words, total) {
        (false, _) => "",
        (true, 1) => " environment",
        (true, _) => " environments",
    };
    (format!("{count}{noun}"), if doubt.is_some() { Role::Dim } else { Role::Text })
}

/// Returns why the number of environments is unknown.
fn environments_doubt(state: &State) -> Option<String> {
    let doubt = state.freshness().doubt(&Source::Environments(state.setup.scope))?;
    Some(match doubt.cause {
        DoubtCause::Unread => "environments not read yet".into(),
        _ => format!("environments unknown ({})", doubt.reason()),
    })
}

/// That there are more environments than were listed, and why those are not known; nothing if all were listed.
fn more_environments(state: &State) -> Option<String> {
    let source = Source::Environments(state.setup.scope);
    state.snapshot().reads.broke_off(&source)?;
    Some(format!("more unknown ({})", state.freshness().doubt(&source)?.reason()))
}

/// Returns how many environments need attention, and for how many that is unknown. That none does is shown only while
/// everything that was read is reliable.
fn attention(state: &State, detail: Detail) -> Vec<TextPiece> {
    let summary = state.fleet.summary();
    if state.fleet.total() == 0 {
        return Vec::new();
    }
    let more = more_environments(state);
    if summary.is_quiet() && more.is_none() {
        let reads = &state.snapshot().reads;
        let are_whole = state.snapshot().base().iter().all(|source| reads.broke_off(source).is_none());
        let is_sure = are_whole && reads.faults().is_empty() && state.session().lost().is_none();
        let words = if is_sure { "none needs attention" } else { "none known to need attention" };
        return vec![(words.into(), Role::Dim)];
    }
    let parts = [Some(summary.need_words()), Some(summary.unknown_words(detail.reasons)), more];
    let parts: Vec<_> = parts.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    vec![(parts.join(", "), Role::Warning)]
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
