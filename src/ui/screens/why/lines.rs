//! The lines of the why page, for the screen and for `beanpole why`: they fit the room that there is, whatever was found.
//!
//! Each section has at least a line or two, and more as far as there is room; what does not fit is counted.

use jiff::tz::TimeZone;

use crate::app::Cut;
use crate::config::Role;
use crate::diagnosis::{Finding, FindingSeverity, Topic, WhyChange, WhyPage, WhyTarget};
use crate::model::{Moment, clean, span_words};
use crate::ui::text::{cut, wrap};

/// What a section says begins in this column.
const INDENT: usize = 10;
/// The parts of the page that take as many lines as there are, in the order in which they get one more line each.
const PARTS: [Part; 8] = [
    Part { least: 2, most: 4 },
    Part { least: 1, most: 6 },
    Part { least: 1, most: 4 },
    Part { least: 2, most: 12 },
    Part { least: 1, most: 8 },
    Part { least: 2, most: 12 },
    Part { least: 1, most: 4 },
    Part { least: 1, most: 4 },
];
const ACTIONS: usize = 0;
const EVIDENCE: usize = 1;
const ADVICE: usize = 2;
const CHANGES: usize = 3;
const TARGETS: usize = 4;
const OTHERS: usize = 5;
const CAUSES: usize = 6;
const ALARMS: usize = 7;

/// How many lines a part of the page takes at least, and at most.
#[derive(Clone, Copy)]
struct Part {
    least: usize,
    most: usize,
}

/// A line and its role.
pub type WhyLine = (String, Role);

/// The room for the page, and what it needs to know of where it is shown.
#[derive(Clone, Debug)]
pub struct WhyRoom<'a> {
    /// How wide, in cells.
    pub columns: usize,
    /// How many lines.
    pub lines: usize,
    /// The moment that ages are counted to.
    pub now: Moment,
    /// The zone of clocks.
    pub zone: &'a TimeZone,
    /// What can be done, in the words of the place: keys, or commands.
    pub actions: Vec<String>,
    /// Where all findings are.
    pub all: &'a str,
}

/// Returns the page.
#[must_use]
pub fn why_lines(page: &WhyPage, room: &WhyRoom<'_>) -> Vec<WhyLine> {
    let advice = wrap(advice(page).unwrap_or_default(), room.columns.saturating_sub(2));
    let causes: Vec<_> = page.causes.iter().map(|cause| (cause.to_string(), Role::Text)).collect();
    let changes: Vec<_> = page.changes.iter().map(|it| (changed(it, room.zone), Role::Text)).collect();
    let actions: Vec<_> = room.actions.iter().map(|it| (it.clone(), Role::Text)).collect();
    let (targets, alarms) = (targets(page, room.now), alarms(page));
    let mut wanted = [0; PARTS.len()];
    wanted[ACTIONS] = actions.len();
    wanted[EVIDENCE] = page.findings.first().map_or(0, |finding| finding.evidence.len());
    wanted[ADVICE] = advice.len();
    wanted[CHANGES] = changes.len();
    wanted[TARGETS] = targets.len();
    let others: Vec<_> = others(page).collect();
    wanted[OTHERS] = others.len();
    wanted[CAUSES] = causes.len();
    wanted[ALARMS] = alarms.len();
    let mut lines = headline(page, room.columns);
    let first = usize::from(!page.findings.is_empty()) + usize::from(page.trigger.is_some());
    let fixed = lines.len() + first + usize::from(!page.undecided.is_empty());
    let most = allotted(&wanted, room.lines.saturating_sub(fixed));
    lines.extend(self::first(page, most[EVIDENCE], &shortened(advice, room.columns.saturating_sub(2), most[ADVICE])));
    lines.extend(rest(page, &others, room.all, most[OTHERS]));
    let sections = [
        section("Targets", targets, most[TARGETS]),
        section("Beanstalk", causes, most[CAUSES]),
        section("Alarms", alarms, most[ALARMS]),
        section("Changed", changes, most[CHANGES]),
        section("Do", actions, most[ACTIONS]),
    ];
    lines.extend(sections.into_iter().flatten());
    let fitted = |(text, role): WhyLine| (cut(&text, room.columns, Cut::End, "…").trim_end().to_owned(), role);
    lines.into_iter().take(room.lines).map(fitted).collect()
}

/// Returns how many lines each part gets, of which it wants so many: the least first, then one more in turn.
fn allotted(wanted: &[usize; PARTS.len()], lines: usize) -> [usize; PARTS.len()] {
    let mut most = PARTS.map(|part| part.least);
    let used =
        |most: &[usize; PARTS.len()]| wanted.iter().zip(most).map(|(wanted, most)| wanted.min(most)).sum::<usize>();
    loop {
        let before = most;
        for (at, part) in PARTS.iter().enumerate() {
            if most[at] < wanted[at].min(part.most) && used(&most) < lines {
                most[at] += 1;
            }
        }
        if most == before {
            return most;
        }
    }
}

/// Returns the role of what is so bad.
fn role(severity: Option<FindingSeverity>) -> Role {
    match severity {
        Some(FindingSeverity::Critical) => Role::Bad,
        Some(FindingSeverity::Warning) => Role::Warning,
        Some(FindingSeverity::Info) | None => Role::Text,
    }
}

/// The health and the likeliest cause, on two lines at the most.
fn headline(page: &WhyPage, columns: usize) -> Vec<WhyLine> {
    let worst = page.findings.iter().map(Finding::severity).min();
    let role = role(page.severity.or(worst));
    shortened(wrap(&page.headline, columns), columns, 2).into_iter().map(|line| (line, role)).collect()
}

/// Returns what to do about the first finding: what a target answered says more than the check's general advice.
fn advice(page: &WhyPage) -> Option<&str> {
    let finding = page.findings.first()?;
    let answered = page.targets.first().filter(|it| finding.check.topic == Topic::Targets && !it.advice.is_empty());
    Some(answered.map_or(finding.check.advice, |target| &target.advice))
}

/// The first finding with so many lines of what shows it, the change that it follows, and what to do.
fn first(page: &WhyPage, most: usize, advice: &[String]) -> Vec<WhyLine> {
    let Some(finding) = page.findings.first() else { return Vec::new() };
    let mut lines = vec![numbered(0, finding)];
    lines.extend(finding.evidence.iter().take(most).map(|line| (format!("  {line}"), Role::Text)));
    if let Some(change) = page.trigger.and_then(|it| Some((page.changes.get(it.change)?, it.after))) {
        lines.push((format!("  began {} after: {}", span_words(change.1), change.0.what), Role::Warning));
    }
    lines.extend(advice.iter().map(|line| (format!("  {line}"), Role::Dim)));
    lines
}

/// The findings after the first, without the bad health that the headline begins with.
fn others(page: &WhyPage) -> impl Iterator<Item = &Finding> {
    page.findings.iter().skip(1).filter(|finding| finding.check.topic != Topic::Health)
}

/// The other findings, a line each, on so many lines; and what could not be decided.
fn rest(page: &WhyPage, others: &[&Finding], all: &str, most: usize) -> Vec<WhyLine> {
    let shown = if others.len() > most { most - 1 } else { others.len() };
    let mut lines: Vec<_> = others.iter().take(shown).enumerate().map(|(at, it)| numbered(at + 1, it)).collect();
    if others.len() > shown {
        lines.push((format!("  and {} more: {all}", others.len() - shown), Role::Dim));
    }
    if let Some(first) = page.undecided.first() {
        let words = format!("  undecided: {} ({}: {})", page.undecided.len(), first.check.id, first.why);
        lines.push((words, Role::Dim));
    }
    lines
}

fn numbered(at: usize, finding: &Finding) -> WhyLine {
    let severity = finding.severity();
    let text = format!("{} {:<9}{} [{}]", at + 1, severity.as_str(), finding.summary, finding.check.id);
    (text, role(Some(severity)))
}

fn targets(page: &WhyPage, now: Moment) -> Vec<WhyLine> {
    let since = |(at, is_exact): (Moment, bool)| {
        format!(" for {}{}", if is_exact { "" } else { "≥" }, span_words(now.since(at)))
    };
    let one = |target: &WhyTarget| {
        let since = target.since.map(since).unwrap_or_default();
        (format!("{} {}: {}{since}", target.id, target.state.as_str(), target.words), Role::Text)
    };
    page.targets.iter().map(one).collect()
}

fn alarms(page: &WhyPage) -> Vec<WhyLine> {
    match &page.alarms {
        None => vec![("not known".to_owned(), Role::Dim)],
        Some(alarms) => alarms.iter().map(|alarm| (format!("in ALARM: {}", alarm.name), Role::Bad)).collect(),
    }
}

fn changed(change: &WhyChange, zone: &TimeZone) -> String {
    let at = change.at.map(|at| at.0.to_zoned(zone.clone()).strftime("%m-%d %H:%M ").to_string());
    let by = match (&change.by, change.at) {
        (Some(by), _) => format!(" (by {})", clean(by.rsplit('/').next().unwrap_or(by))),
        (None, Some(_)) if change.kind.is_deed() => " (not from this machine)".to_owned(),
        (None, _) => String::new(),
    };
    format!("{}{}{by}", at.unwrap_or_else(|| "live: ".to_owned()), change.what)
}

/// A section of so many lines at the most, the last of which counts what is left out.
fn section(title: &str, entries: Vec<WhyLine>, most: usize) -> Vec<WhyLine> {
    let shown = if entries.len() > most { most - 1 } else { entries.len() }.max(1);
    let left = entries.len().saturating_sub(shown);
    let mut lines: Vec<_> = entries.into_iter().take(shown).collect();
    match lines.last_mut() {
        Some((last, _)) if left > 0 && most == 1 => *last = format!("{last} and {left} more"),
        Some(_) if left > 0 => lines.push((format!("and {left} more"), Role::Dim)),
        _ => {}
    }
    let heads = std::iter::once(title).chain(std::iter::repeat(""));
    heads.zip(lines).map(|(head, (line, role))| (format!("{head:<INDENT$}{line}"), role)).collect()
}

/// The text on so many lines at the most.
fn shortened(mut lines: Vec<String>, room: usize, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} …………"), room, Cut::End, "…").into();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_takes_more_lines_than_there_are_and_each_has_its_least() {
        let many = [9; PARTS.len()];
        let least: usize = PARTS.iter().map(|part| part.least).sum();
        for lines in [0, least, 14, 17, 30, 200] {
            let most = allotted(&many, lines);
            let used: usize = most.iter().zip(&many).map(|(most, wanted)| most.min(wanted)).sum();
            assert!(used <= lines.max(least), "{lines}: {most:?}");
            assert!(most.iter().zip(&PARTS).all(|(most, part)| (part.least..=part.most).contains(most)), "{most:?}");
        }
        assert_eq!(allotted(&[0; PARTS.len()], 50), PARTS.map(|part| part.least));
    }
}
