//! The screen of one environment: what it is, its tree, its targets.

mod alarms;
mod charts;
mod findings;
mod settings;
mod tabs;
mod targets;
pub(super) mod timeline;
mod tree;

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::screens::environment::{EnvironmentView, Focus, Tab, explain_target};
use crate::app::screens::fleet::was;
use crate::app::{Area, HitMap, ListState, Pane, State};
use crate::config::{Glyphs, Mark, Role, SignSubject};
use crate::diagnosis::Topic;
use crate::model::{Balancer, Environment, Evidence, HealthColour, HealthStatus, Source, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TextPiece, TitlePlace, arrivals, less_and_less, message, severity, title};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::width;

/// The width from which tree and table are side by side.
const WIDE: u16 = 110;
/// The height from which what does not change has a line of its own.
const HIGH: u16 = 26;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView, hits: &mut HitMap) {
    // An environment that was open and is gone is marked so; its last state stays visible.
    let environment = state.snapshot().inventory.environments.get(&view.key);
    let facts = environment.map(|it| facts(state, it)).unwrap_or_default();
    let has_line = environment.is_none() || area.height >= HIGH;
    let [line, rest] = split_top(area, u16::from(has_line));
    if environment.is_none() {
        let words = "this environment is not listed any more: it was terminated, or may not be seen; {back} goes back";
        let words = canvas.keyed(words);
        canvas.text(line.x + 1, line.y, line.width - 2, &words, Role::Warning);
    } else if has_line {
        canvas.text(line.x + 1, line.y, line.width - 2, &facts, Role::Dim);
    }
    let arrivals = arrivals::lines(canvas, state, &view.key);
    let explained = match view.tab {
        Tab::Findings => findings::explain(canvas, view),
        Tab::Alarms => alarms::explain(canvas, state, view),
        _ => Vec::new(),
    };
    let wanted =
        if explained.is_empty() { messages(state, view, canvas.glyphs(), rest.width, arrivals) } else { explained };
    let messages = message::choose(state, rest, wanted);
    let height = message::height(&messages, rest);
    let [body, bottom] = split_bottom(rest, height);
    message::draw(canvas, bottom, &messages);
    match view.tab {
        Tab::Metrics => {
            return hits.add(Pane::Charts, charts::draw(canvas, body, state, view));
        }
        Tab::Settings => {
            let area = settings::draw(canvas, body, state, view);
            draw_part(canvas, bottom, &view.settings.list, area);
            return hits.add(Pane::Settings, area);
        }
        Tab::Events => {
            return hits.add(Pane::Events, timeline::draw(canvas, body, state, view));
        }
        Tab::Alarms => {
            let area = alarms::draw(canvas, body, state, view);
            draw_part(canvas, bottom, &view.alarms.list, area);
            return hits.add(Pane::Alarms, area);
        }
        Tab::Findings => {
            let area = findings::draw(canvas, body, state, view);
            draw_part(canvas, bottom, &view.findings.list, area);
            return hits.add(Pane::Findings, area);
        }
        Tab::Targets => {}
    }
    let [line, body] = split_top(body, 1);
    tabs::draw(canvas, line, view, view.focus == Focus::Table);
    let (left, right) = panes(body, view);
    if left.x + left.width < right.x {
        canvas.vertical(left.right(), body.y, body.height);
    }
    let tree = tree::draw(canvas, left, view, if has_line { "" } else { &facts });
    let table = targets::draw(canvas, right, state, view);
    draw_part(canvas, bottom, &view.table, table);
    hits.add(Pane::Tree, tree);
    hits.add(Pane::Targets, table);
}

/// Draws which rows of a list are on screen, if they are not all, into the empty line below it.
fn draw_part(canvas: &mut Canvas<'_>, below: Rect, list: &ListState, area: Area) {
    let (shown, all) = (usize::from(area.height), list.length());
    if all <= shown || shown == 0 || below.height == 0 {
        return;
    }
    let end = (list.scroll() + shown).min(all);
    let above = if list.scroll() > 0 { canvas.mark(Mark::Ascending) } else { " " };
    let more = if end < all { canvas.mark(Mark::Descending) } else { " " };
    let words = format!("{}-{end} of {all} {above}{more}", list.scroll() + 1);
    let x = below.right().saturating_sub(width(&words) as u16 + 1);
    canvas.text(x, below.y, below.right().saturating_sub(x), &words, Role::Dim);
}

/// Side by side where there is room; else the tree above the table, each as high as it needs; where there is no room for
/// both, the one that has the keyboard.
fn panes(area: Rect, view: &EnvironmentView) -> (Rect, Rect) {
    if area.width >= WIDE {
        let width = tree::wanted_width(view).clamp(34, area.width * 2 / 5);
        let left = Rect { width, ..area };
        return (left, Rect { x: area.x + width + 1, width: area.width - width - 1, ..area });
    }
    if area.height < 9 {
        let none = Rect { height: 0, ..area };
        return if view.focus == Focus::Tree { (area, none) } else { (none, area) };
    }
    let wanted = view.targets.len() as u16 + 2;
    let table = wanted.clamp(4.min(area.height), (area.height / 2).max(4));
    let [left, right] = split_bottom(area, table);
    (left, right)
}

/// Draws the title: the tab, then the environment's state.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) {
    let place = TitlePlace::of(state, &view.key, view.tab.title());
    let environment = state.snapshot().inventory.environments.get(&view.key);
    let pieces = environment.map(|it| state_pieces(canvas.glyphs(), state, it)).unwrap_or_default();
    title(canvas, area, &place, &less_and_less(&pieces, 1));
}

/// Returns health, status, version and figures, each with its role.
fn state_pieces(glyphs: Glyphs, state: &State, environment: &Environment) -> Vec<TextPiece> {
    let name = health_name(environment);
    let health = glyphs.sign(SignSubject::Health, &name);
    let status = glyphs.sign(SignSubject::Status, environment.status.as_str());
    let doubt = state.fleet.row(&environment.key).and_then(|row| row.health_doubt.as_ref());
    let is_bad = matches!(health.role, Role::Bad | Role::Warning);
    // A health that cannot be read now is not shown as if it were.
    let shown = if doubt.is_some() && !is_bad { glyphs.sign(SignSubject::Health, "") } else { health };
    let mut words = format!("{} ", shown.glyph);
    was(doubt, state.shown_at(), &mut words, |out| out.push_str(health.word));
    let status_role = if doubt.is_some() { Role::Dim } else { status.role };
    let version = clean(environment.version.as_deref().unwrap_or("no version")).into_owned();
    let mut pieces =
        vec![(words, shown.role), (format!("{} {}", status.glyph, status.word), status_role), (version, Role::Text)];
    pieces.extend(health_figures(state, environment).map(|figures| (figures, Role::Dim)));
    pieces
}

/// Returns what does not change while one looks: how the load balancer is known, the CNAME, the platform.
fn facts(state: &State, environment: &Environment) -> String {
    let known = [&environment.cname, &environment.platform].into_iter().flatten();
    let mut facts: Vec<_> = known.map(|fact| clean(fact).into_owned()).collect();
    facts.insert(facts.len().min(1), linked_by(state, environment));
    facts.join(" · ")
}

/// The word of enhanced health, else the colour.
fn health_name(environment: &Environment) -> String {
    let enhanced = environment.health_status.as_ref().filter(|_| environment.has_enhanced_health());
    let basic = environment.health.as_ref().map(HealthColour::as_str);
    enhanced.map(HealthStatus::as_str).or(basic).unwrap_or("Unknown").to_owned()
}

/// Returns Beanstalk's own measurements: requests per second, and their age.
fn health_figures(state: &State, environment: &Environment) -> Option<String> {
    let source = Source::EnvironmentHealth(environment.key.clone());
    if let Some(fault) = state.snapshot().reads.fault(&source) {
        return Some(format!("enhanced health: {}", fault.kind.as_str()));
    }
    let metrics = state.snapshot().inventory.environment_health.get(&environment.key)?.metrics?;
    let age = state.snapshot().reads.read_at(&source).map_or(Duration::ZERO, |at| state.shown_at().since(at));
    let p99 = metrics.latency.p99.map_or(String::new(), |p99| format!("  p99 {:.0}ms", p99 * 1000.0));
    Some(format!("{:.0}/s{p99}  {} ago", metrics.requests_per_second(), span_words(age)))
}

fn linked_by(state: &State, environment: &Environment) -> String {
    let Some(link) = state.snapshot().topology.link(&environment.key) else { return "not linked yet".into() };
    let Some((_, evidence)) = &link.load_balancer else { return link.balancer.as_str().to_owned() };
    let words: Vec<_> = evidence.iter().map(evidence_words).collect();
    format!("{} by {}", evidence.strength().as_str(), words.join("+"))
}

fn evidence_words(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::TargetGroupTag => "tag",
        Evidence::Resources => "resources",
        Evidence::AutoScalingGroup => "ASG",
        Evidence::LoadBalancerTag => "ALB tag",
        Evidence::DnsName => "DNS",
        Evidence::HostRule => "rule",
        Evidence::OnlyEnvironment => "sole user",
    }
}

/// What cannot be read, then what the selected target's state means.
fn messages(
    state: &State,
    view: &EnvironmentView,
    glyphs: Glyphs,
    room: u16,
    arrivals: Vec<(String, Role)>,
) -> Vec<(String, Role)> {
    let mut messages = Vec::new();
    if view.tab == Tab::Events {
        let environment = state.snapshot().inventory.environments.get(&view.key);
        let events = environment.map(|it| view.timeline.events(&state.snapshot().inventory, it)).unwrap_or_default();
        let event = events.get(view.timeline.position(&events));
        messages.extend(event.and_then(|event| timeline::whole(event, room)));
    }
    if view.tab == Tab::Settings {
        let balancer = state.snapshot().topology.link(&view.key).map_or(Balancer::Unknown, |link| link.balancer);
        messages.extend(settings::explain(view, balancer));
    } else {
        messages.extend(arrivals);
    }
    if let Some(row) = view.selected_target().filter(|_| view.tab == Tab::Targets) {
        messages.extend(explain_target(row, &state.snapshot().inventory).into_iter().map(|line| (line, Role::Text)));
    }
    for finding in state.findings_about(&view.key, Topic::Linking) {
        messages.push((finding.summary.clone(), severity::role(glyphs, Some(finding.severity()), Role::Text)));
    }
    messages
}
