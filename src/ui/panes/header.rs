//! The header: who and where, chips that no theme hides, how the services do, the clock.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::{Phase, State};
use crate::config::{Mark, Role, Subject};
use crate::model::{FaultKind, Service, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

/// A service that did not answer for this long is told as stale; of `CloudWatch`, which is asked once a minute for what is
/// on screen and each five minutes for the rest, the other.
const STALE: Duration = Duration::from_secs(45);
const STALE_METRICS: Duration = Duration::from_secs(330);

/// An answer may come so much later than it is due.
const SLACK: Duration = Duration::from_secs(15);

type Piece = (String, Role);

pub fn header(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let (start, end) = (area.x + 1, area.right().saturating_sub(1));
    // Who and where come first: nobody may mistake the account. The badges take what is left.
    let identity = identity(state);
    let wide = identity.iter().map(|(text, _)| width(text)).sum::<usize>() as u16;
    left(canvas, start, area.y, end - start, &identity);
    let room = (end - start).saturating_sub(wide + 2);
    let fits = |pieces: &[Piece]| pieces.iter().map(|(text, _)| width(text)).sum::<usize>() <= usize::from(room);
    let mut badges = services(canvas, state, false);
    // The usual services stand last: the rare ones may go, then the calls and the cost, then the words.
    let usual = Service::ALL.into_iter().filter(|it| !is_rare(*it) && badge(state, *it).is_some()).count();
    if !fits(&badges[badges.len().saturating_sub(usual)..]) {
        badges = services(canvas, state, true);
    }
    right_aligned(canvas, end, area.y, room, &badges);
    let clock = right_aligned(canvas, end, area.y + 1, area.width / 2, &clock(state));
    left(canvas, start, area.y + 1, clock.saturating_sub(start + 2), &title(canvas, state));
}

fn left(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, pieces: &[Piece]) {
    let pieces: Vec<_> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.pieces(x, y, room, &pieces);
}

/// Writes pieces so that the last one ends at `end`; those that do not fit are left out from the left. Where they begin.
fn right_aligned(canvas: &mut Canvas<'_>, end: u16, y: u16, room: u16, pieces: &[Piece]) -> u16 {
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

/// The name, the chips that nothing hides, then profile, account and region.
fn identity(state: &State) -> Vec<Piece> {
    let scope = state.setup.scopes.get(state.setup.scope).cloned().unwrap_or_default();
    let mut pieces: Vec<Piece> = vec![("beanpole".into(), Role::Title), ("  ".into(), Role::Text)];
    let mut chip = |text: String| pieces.extend([(format!(" {text} "), Role::Chip), ("  ".into(), Role::Text)]);
    if let Some(scenario) = &state.setup.simulated {
        chip(format!("SIMULATED {scenario}"));
    }
    if state.setup.read_only {
        chip("READ-ONLY".into());
    }
    if let Some(endpoint) = &scope.endpoint {
        chip(clean(endpoint).into_owned());
    }
    let mut words = Vec::new();
    if state.setup.simulated.is_none() {
        words
            .push(scope.profile.as_deref().map_or("default credentials".into(), |profile| clean(profile).into_owned()));
    }
    let account = state.inventory.identity.as_ref().and_then(|it| it.account.clone());
    let region = state.session.facts.region.clone().or(scope.region);
    words.extend([account, region].into_iter().flatten().map(|word| clean(&word).into_owned()));
    pieces.push((words.join(" · "), Role::Text));
    pieces
}

/// A badge for each service that was asked, then the calls of the last minute. Where there is little room, signs and ages
/// alone: what a sign stands for is told in words above the keys.
fn services(canvas: &Canvas<'_>, state: &State, short: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Where there is no room for all, those on the left go first: the ones that matter most stand on the right.
    let (rare, usual): (Vec<_>, Vec<_>) = Service::ALL.into_iter().partition(|service| is_rare(*service));
    let rare_ones = rare.len();
    for (place, service) in rare.into_iter().chain(usual).enumerate() {
        if place == rare_ones && !short {
            pieces.push((format!("{}/min  ", state.poller.calls_a_minute(state.shown_at())), Role::Dim));
            pieces.extend(cost(state));
        }
        let Some((sign, mut words)) = badge(state, service) else { continue };
        if short {
            let age = state.poller.service(service).answered_at.map(|at| state.shown_at().since(at));
            words = age.map_or("–".into(), span_words);
        }
        let sign = canvas.glyphs().sign(Subject::Service, sign);
        let role = if sign.role == Role::Text { Role::Dim } else { sign.role };
        // Who runs Beanstalk knows it as `eb`.
        let title = match service {
            Service::Beanstalk if short => "EB",
            Service::CloudWatch if short => "CW",
            service => service.title(),
        };
        pieces.push((format!("{title} {} {words}  ", sign.glyph), role));
    }
    pieces
}

/// What the last hour of `CloudWatch` cost, and what it may cost.
fn cost(state: &State) -> Option<Piece> {
    let (spent, cap) = state.poller.purse.dollars(state.shown_at());
    let role = if state.poller.purse.is_short() { Role::Warning } else { Role::Dim };
    (cap > 0.0 && spent > 0.0).then(|| (format!("${spent:.2}/{cap:.2}h  "), role))
}

/// How a service does: the name of its sign, and words with the age of its last answer.
fn badge(state: &State, service: Service) -> Option<(&'static str, String)> {
    let of = state.poller.service(service);
    let now = state.shown_at();
    let age = of.answered_at.map(|at| now.since(at));
    let words = age.map_or(String::new(), span_words);
    if let Some(fault) = &of.failing {
        let sign = match fault.kind {
            FaultKind::Throttled => "throttled",
            FaultKind::Denied => "denied",
            FaultKind::Expired => "expired",
            _ => "failed",
        };
        let word = match fault.kind {
            FaultKind::Network => "unreachable",
            FaultKind::Other | FaultKind::Invalid | FaultKind::NotFound => "failing",
            _ => sign,
        };
        // One call that fails beside others that are answered is not the service's failure.
        if sign == "failed" && age.is_some_and(|age| age < STALE) {
            return Some(("stale", join("partly failing", &words)));
        }
        return Some((sign, join(word, &words)));
    }
    let age = age?;
    if of.denied > 0 {
        return Some(("stale", join("partly denied", &words)));
    }
    if state.poller.is_slowed(service) {
        return Some(("throttled", join("slowed", &words)));
    }
    if is_rare(service) {
        return None;
    }
    let least = if service == Service::CloudWatch { STALE_METRICS } else { STALE };
    // What is asked once a minute is not stale before that.
    let most = state.poller.cadence(service).map_or(least, |cadence| least.max(cadence + SLACK));
    Some(if age > most { ("stale", format!("stale {words}")) } else { ("ok", format!("{words:>3}")) })
}

/// Services that are asked once in a while have no age worth a badge as long as they answer.
fn is_rare(service: Service) -> bool {
    matches!(service, Service::Sts | Service::Acm | Service::Ec2 | Service::AutoScaling)
}

fn join(word: &str, age: &str) -> String {
    if age.is_empty() { word.to_owned() } else { format!("{word} {age}") }
}

/// The question of the screen, answered at the top left.
fn title(canvas: &Canvas<'_>, state: &State) -> Vec<Piece> {
    let gap = || ("   ".to_owned(), Role::Text);
    let total = state.fleet.total();
    let mut pieces = vec![("Fleet".to_owned(), Role::Title), gap()];
    let filtered = !state.fleet.filter.is_empty() || state.fleet.attention;
    let count = if filtered { format!("{} of {total}", state.fleet.len()) } else { total.to_string() };
    pieces.push((format!("{count} environment{}", if total == 1 { "" } else { "s" }), Role::Text));
    let ill = state.fleet.needing_attention();
    pieces.push(gap());
    pieces.push(match ill {
        0 if total > 0 => ("none needs attention".into(), Role::Dim),
        0 => (String::new(), Role::Text),
        1 => ("1 needs attention".into(), Role::Warning),
        _ => (format!("{ill} need attention"), Role::Warning),
    });
    if state.fleet.attention {
        pieces.extend([gap(), ("only what needs attention".into(), Role::Accent)]);
    }
    if let Some(input) = &state.typing {
        pieces.extend([gap(), (format!("/{}{}", input.value(), canvas.mark(Mark::Selected)), Role::Input)]);
    } else if !state.fleet.filter.is_empty() {
        pieces.extend([gap(), (format!("/{}", state.fleet.filter), Role::Accent)]);
    }
    let unowned = state.topology.unowned().len();
    if unowned > 0 && !filtered {
        pieces.extend([
            gap(),
            (format!("{unowned} load balancer{} unowned", if unowned == 1 { "" } else { "s" }), Role::Dim),
        ]);
    }
    pieces
}

fn clock(state: &State) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let Some((since, _)) = &state.frozen {
        pieces.push((format!(" FROZEN since {} ", time(state, *since)), Role::Chip));
    }
    match &state.session.phase {
        Phase::Opening(since) if state.now.since(*since) >= Duration::from_secs(1) => {
            let waited = span_words(state.now.since(*since));
            pieces.push((format!("looking for credentials {waited}   "), Role::Moving));
        }
        Phase::Paused { retry_at, .. } => {
            let left = span_words(retry_at.since(state.now));
            pieces.push((format!("paused, tries again in {left}   "), Role::Bad));
        }
        _ => {}
    }
    if state.frozen.is_none() {
        pieces.push((time(state, state.now), Role::Dim));
    }
    pieces
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
