//! The Fleet's title: how many environments there are, how many need attention, and what is typed into the filter.

use ratatui::layout::Rect;

use crate::app::screens::{FilterField, FilterSubject};
use crate::app::{Action, Click, State};
use crate::config::{Mark, Role};
use crate::model::{DoubtCause, Reliability, Source};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TextPiece, wide};
use crate::ui::text::width;

/// How the number of load balancers without an environment ends.
const UNOWNED: &str = " unowned";

/// Draws the title, as much of it as fits: no figure is cut.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let mut pieces = Vec::new();
    for detail in Detail::LESS_AND_LESS {
        pieces = title_in(canvas, state, *detail);
        if wide(&pieces) <= usize::from(area.width) {
            break;
        }
    }
    let pieces: Vec<_> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    let end = canvas.pieces(area.x, area.y, area.width, &pieces);
    if let Some((words, _)) = pieces.last().filter(|(words, _)| words.ends_with(UNOWNED)) {
        let wide = width(words) as u16;
        canvas.spot(Rect { x: end.saturating_sub(wide), width: wide, ..area }, Click::Do(Action::Unowned));
    }
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
    if let Some(FilterField { input, subject: FilterSubject::Fleet }) = state.screens.get() {
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
            (format!("{unowned} load balancer{}{UNOWNED}", if unowned == 1 { "" } else { "s" }), Role::Dim),
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
