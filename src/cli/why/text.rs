//! The why page for people: it fits 80 columns and 24 lines, whatever was found.
//!
//! Each section has the lines that it may take; what does not fit is counted, and `doctor` and `-o json` have all of it.

use jiff::tz::TimeZone;

use crate::app::Cut;
use crate::diagnosis::{Finding, Topic, WhyAction, WhyChange, WhyPage, WhyTarget};
use crate::model::{Environment, Moment, clean, span_words};
use crate::ui::{cut, width, wrap};

const COLUMNS: usize = 80;
const LINES: usize = 24;
/// What a section says begins here.
const INDENT: usize = 10;

/// Returns the page.
pub fn page(page: &WhyPage, environment: &Environment, (now, zone): (Moment, &TimeZone)) -> String {
    let mut lines = head(page);
    lines.extend(first(page));
    lines.extend(rest(page));
    let sections = [
        section(("Targets", INDENT), targets(page, now), 2),
        section(("Beanstalk", INDENT), page.causes.iter().map(ToString::to_string).collect(), 2),
        section(("Alarms", INDENT), alarms(page), 1),
        section(("Changed", INDENT), page.changes.iter().map(|it| changed(it, zone)).collect(), 3),
        section(("Do", 3), page.actions.iter().filter_map(|it| action(it, environment)).collect(), 3),
    ];
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        lines.extend(section);
    }
    lines.truncate(LINES);
    lines.iter().map(|line| cut(line, COLUMNS, Cut::End, "…").trim_end().to_owned() + "\n").collect()
}

/// The state in a line, then the headline on two lines at the most.
fn head(page: &WhyPage) -> Vec<String> {
    let version = page.version.as_deref().map(|label| format!(" · {}", clean(label))).unwrap_or_default();
    let counts = page.counts.map(|counts| format!(" · {}", counts.summary())).unwrap_or_default();
    let state = format!("{} · {}{version}{counts}", clean(&page.name), page.status.as_str());
    let mut lines = vec![state];
    lines.extend(shortened(&page.headline, COLUMNS, 2));
    lines
}

/// The first finding with what shows it and what to do, and the change that it follows.
fn first(page: &WhyPage) -> Vec<String> {
    let Some(finding) = page.findings.first() else { return Vec::new() };
    let mut lines = vec![format!("1 {}", named(finding))];
    lines.extend(finding.evidence.iter().take(2).map(|line| format!("  {line}")));
    if let Some(change) = page.trigger.and_then(|it| Some((page.changes.get(it.change)?, it.after))) {
        lines.push(format!("  began {} after: {}", span_words(change.1), change.0.what));
    }
    // What a target answered says more than the check's general advice.
    let answered = page.targets.first().filter(|it| finding.check.topic == Topic::Targets && !it.advice.is_empty());
    let advice = answered.map_or(finding.check.advice, |target| &target.advice);
    lines.extend(shortened(advice, COLUMNS - 2, 2).into_iter().map(|line| format!("  {line}")));
    lines
}

/// The other findings, a line each.
fn rest(page: &WhyPage) -> Vec<String> {
    const MOST: usize = 3;
    let others = page.findings.len().saturating_sub(1);
    let shown = if others > MOST { MOST - 1 } else { others };
    let one = |(place, finding): (usize, &Finding)| format!("{} {}", place + 2, named(finding));
    let mut lines: Vec<_> = page.findings.iter().skip(1).take(shown).enumerate().map(one).collect();
    if others > shown {
        lines.push(format!("  and {} more: beanpole doctor {}", others - shown, clean(&page.name)));
    }
    if !page.undecided.is_empty() {
        let reason = page.undecided.first().map(|it| it.why.to_string()).unwrap_or_default();
        lines.push(format!("  undecided: {} ({}: {reason})", page.undecided.len(), page.undecided[0].check.id));
    }
    lines
}

fn named(finding: &Finding) -> String {
    format!("{:<9}{} [{}]", finding.severity().as_str(), finding.summary, finding.check.id)
}

fn targets(page: &WhyPage, now: Moment) -> Vec<String> {
    let since = |(at, is_exact): (Moment, bool)| {
        format!(" for {}{}", if is_exact { "" } else { "≥" }, span_words(now.since(at)))
    };
    let one = |target: &WhyTarget| {
        let since = target.since.map(since).unwrap_or_default();
        format!("{} {}: {}{since}", target.id, target.state.as_str(), target.words)
    };
    page.targets.iter().map(one).collect()
}

fn alarms(page: &WhyPage) -> Vec<String> {
    match &page.alarms {
        None => vec!["not known".to_owned()],
        Some(alarms) if alarms.is_empty() => Vec::new(),
        Some(alarms) => {
            let names: Vec<_> = alarms.iter().map(|alarm| &*alarm.name).collect();
            vec![format!("in ALARM: {}", names.join(", "))]
        }
    }
}

fn changed(change: &WhyChange, zone: &TimeZone) -> String {
    let at = change.at.map(|at| at.0.to_zoned(zone.clone()).strftime("%m-%d %H:%M ").to_string());
    let by = match (&change.by, change.at) {
        (Some(by), _) => format!(" (by {})", clean(by.rsplit('/').next().unwrap_or(by))),
        (None, Some(_)) => " (not from this machine)".to_owned(),
        (None, None) => String::new(),
    };
    format!("{}{}{by}", at.unwrap_or_else(|| "live: ".to_owned()), change.what)
}

/// A command to copy: one that would be cut is left out.
fn action(action: &WhyAction, environment: &Environment) -> Option<String> {
    let command = clean(&action.command(environment)?).into_owned();
    (width(&command) <= COLUMNS - 3).then_some(command)
}

/// A section of so many lines at the most, the last of which counts what is left out.
fn section((title, indent): (&str, usize), entries: Vec<String>, most: usize) -> Vec<String> {
    let shown = if entries.len() > most { most - 1 } else { entries.len() }.max(1);
    let left = entries.len().saturating_sub(shown);
    let mut lines: Vec<_> = entries.into_iter().take(shown).collect();
    match lines.last_mut() {
        Some(last) if left > 0 && most == 1 => *last = format!("{last} and {left} more"),
        Some(_) if left > 0 => lines.push(format!("and {left} more")),
        _ => {}
    }
    let heads = std::iter::once(title).chain(std::iter::repeat(""));
    heads.zip(lines).map(|(head, line)| format!("{head:<indent$}{line}")).collect()
}

/// The text on so many lines at the most.
fn shortened(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, room);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} …………"), room, Cut::End, "…").into();
        }
    }
    lines
}
