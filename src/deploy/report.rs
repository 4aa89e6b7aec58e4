//! The report of a watch in Markdown: what happened and what is to be thought of it, to be kept or pasted.

use std::fmt::Write;

use super::figures::Figures;
use super::watch::Watch;
use crate::model::{Moment, clean, span_words};

/// The report of a watch, finished or under way.
#[must_use]
pub fn markdown(watch: &Watch, now: Moment) -> String {
    let mut text = String::new();
    let verdict = watch.verdict();
    let _ = writeln!(text, "# {}: {}\n", clean(&watch.environment().name), clean(&watch.headline()));
    let _ = writeln!(text, "Verdict: **{}**\n", verdict.words());
    for reason in &verdict.reasons {
        let early = if reason.early { " (early)" } else { "" };
        let _ = writeln!(text, "- {}{early}", clean(&reason.words));
    }
    let _ = writeln!(text, "\n| | |\n|---|---|");
    let policy = watch.rollout().map_or_else(|| "not known".to_owned(), super::Rollout::words);
    let _ = writeln!(text, "| began | {} |", watch.started().0);
    let _ = writeln!(text, "| took | {} |", span_words(watch.elapsed(now)));
    let _ = writeln!(text, "| policy | {policy} |");
    let _ = writeln!(text, "| phase | {} |", watch.phase().words());
    figures(&mut text, &verdict.before, &verdict.after);
    phases(&mut text, watch);
    targets(&mut text, watch);
    events(&mut text, watch);
    text
}

fn figures(text: &mut String, before: &Figures, after: &Figures) {
    let _ = writeln!(text, "\n## Figures\n\n| | before | after |\n|---|---:|---:|");
    for (name, before, after) in Figures::rows(before, after) {
        let _ = writeln!(text, "| {name} | {before} | {after} |");
    }
}

fn phases(text: &mut String, watch: &Watch) {
    let _ = writeln!(text, "\n## Phases\n");
    for mark in &watch.course().marks {
        let batch = mark.batch.map_or_else(String::new, |batch| format!("batch {batch}, "));
        let _ = writeln!(text, "- {} {batch}{}", mark.at.0, mark.step.words());
    }
}

fn targets(text: &mut String, watch: &Watch) {
    let _ = writeln!(text, "\n## Targets\n");
    for lane in watch.lanes().iter() {
        let states: Vec<_> = lane.runs().map(|run| run.state.as_str()).collect();
        let version = watch.versions().label(&lane.target);
        let _ = writeln!(text, "- {} {}: {}", clean(&lane.target), clean(&version), states.join(" → "));
    }
}

fn events(text: &mut String, watch: &Watch) {
    let _ = writeln!(text, "\n## Events\n");
    for event in watch.events() {
        let _ = writeln!(text, "- {} {} {}", event.at.0, event.severity.as_str(), clean(&event.message));
    }
}
