//! A badge for each service. Healthy ones are dropped where there is little room; a failing service is the
//! last to go, with its word.

use super::pieces::{TextPiece, wide};
use crate::app::State;
use crate::config::{Role, SignSubject};
use crate::model::{Service, span_words};
use crate::polling::{ServiceCondition, condition, is_rare};
use crate::ui::canvas::Canvas;

/// The state of a service.
struct Badge {
    service: Service,
    /// The name of its sign.
    sign: &'static str,
    /// The word of its state; empty while it is healthy.
    word: &'static str,
    /// How old its last answer is.
    age: String,
}

/// Returns the badges, the calls of the last minute and their cost, as long as fits; `None` if a failing service
/// would have no room.
pub(super) fn fitting(canvas: &Canvas<'_>, state: &State, room: usize) -> Option<Vec<TextPiece>> {
    let badges = badges(state);
    let (rare, usual): (Vec<_>, Vec<_>) = badges.iter().partition(|badge| is_rare(badge.service));
    let long = |badge: &&Badge| long(canvas, badge);
    let short = |badge: &&Badge| short(canvas, badge);
    let usual_long: Vec<_> = usual.iter().map(long).collect();
    let calls = (format!("{}/min  ", state.poller().calls_a_minute(state.shown_at())), Role::Dim);
    // The rare ones are shown only when they fail.
    let rare_long: Vec<_> = rare.iter().map(long).collect();
    let costs: Vec<TextPiece> = [calls].into_iter().chain(cost(state)).collect();
    let lines = [[rare_long.clone(), costs, usual_long.clone()].concat(), [rare_long.clone(), usual_long].concat()];
    let all: Vec<_> = rare.into_iter().chain(usual).collect();
    let is_well = |badge: &&&Badge| badge.word.is_empty();
    let well = all.iter().filter(is_well).count();
    // Of the healthy ones, those on the left go first.
    let fewer = (0..=well).map(|gone| {
        let mut left = gone;
        let keeps = |badge: &&&Badge| {
            let goes = is_well(badge) && left > 0;
            left -= usize::from(goes);
            !goes
        };
        all.iter().filter(keeps).map(short).collect::<Vec<_>>()
    });
    lines.into_iter().chain(fewer).find(|line| wide(line) <= room)
}

/// Returns the failing services in the shortest form: their words.
pub(super) fn least(canvas: &Canvas<'_>, state: &State) -> Vec<TextPiece> {
    let mut groups: Vec<(&'static str, &'static str, Vec<&'static str>)> = Vec::new();
    for badge in badges(state).iter().filter(|badge| !badge.word.is_empty()) {
        match groups.iter_mut().find(|(_, word, _)| *word == badge.word) {
            Some((.., titles)) => titles.push(short_title(badge.service)),
            None => groups.push((badge.sign, badge.word, vec![short_title(badge.service)])),
        }
    }
    let piece = |(sign, word, titles): (&str, &str, Vec<&str>)| {
        let sign = canvas.glyphs().sign(SignSubject::Service, sign);
        (format!("{} {} {word}  ", titles.join(" "), sign.glyph), sign.role)
    };
    groups.into_iter().map(piece).collect()
}

fn long(canvas: &Canvas<'_>, badge: &Badge) -> TextPiece {
    let words = match (badge.word, badge.age.as_str()) {
        ("", age) => format!("{age:>3}"),
        (word, "") => word.to_owned(),
        (word, age) => format!("{word} {age}"),
    };
    piece(canvas, badge, badge.service.title(), &words)
}

fn short(canvas: &Canvas<'_>, badge: &Badge) -> TextPiece {
    let words = if badge.word.is_empty() { &badge.age } else { badge.word };
    piece(canvas, badge, short_title(badge.service), words)
}

fn piece(canvas: &Canvas<'_>, badge: &Badge, title: &str, words: &str) -> TextPiece {
    let sign = canvas.glyphs().sign(SignSubject::Service, badge.sign);
    let role = if sign.role == Role::Text { Role::Dim } else { sign.role };
    (format!("{title} {} {words}  ", sign.glyph), role)
}

/// Returns a service's short name; Beanstalk's users know it as `eb`.
fn short_title(service: Service) -> &'static str {
    match service {
        Service::Beanstalk => "EB",
        Service::CloudWatch => "CW",
        Service::AutoScaling => "ASG",
        service => service.title(),
    }
}

/// What the last hour of `CloudWatch` cost, and what it may cost.
fn cost(state: &State) -> Option<TextPiece> {
    let (spent, cap) = state.poller().cost_budget.dollars(state.shown_at());
    let role = if state.poller().cost_budget.is_short() { Role::Warning } else { Role::Dim };
    (cap > 0.0 && spent > 0.0).then(|| (format!("${spent:.2}/{cap:.2}h  "), role))
}

fn badges(state: &State) -> Vec<Badge> {
    Service::ALL.into_iter().filter_map(|service| badge(state, service)).collect()
}

fn badge(state: &State, service: Service) -> Option<Badge> {
    let of = state.poller().service(service);
    let age = of.answered_at.map(|at| state.shown_at().since(at));
    let ServiceCondition { sign, word } =
        condition(state.poller(), &state.snapshot().reads, service, state.shown_at())?;
    Some(Badge { service, sign, word, age: age.map_or(String::new(), span_words) })
}
