//! The end of a watch for people: the verdict, its reasons, and the figures before and after.

use std::fmt::Write;

use crate::deploy::{Figures, Watch};
use crate::model::{Moment, clean, span_words};

/// Summarizes the result.
pub fn summary(watch: &Watch, now: Moment) -> String {
    let verdict = watch.verdict();
    let mut text = String::new();
    let took = span_words(watch.elapsed(now));
    let words = format!("{}  {}  took {took}", watch.environment().name, watch.headline());
    let _ = writeln!(text, "\n{}\nverdict  {}", clean(&words), verdict.words());
    for reason in &verdict.reasons {
        let early = if reason.early { " (early)" } else { "" };
        let _ = writeln!(text, "  {}{early}", clean(&reason.words));
    }
    if verdict.before.minutes > 0 || verdict.after.minutes > 0 {
        figures(&mut text, &verdict.before, &verdict.after);
    }
    text
}

/// The table of figures before and after.
pub fn figures(text: &mut String, before: &Figures, after: &Figures) {
    let _ = writeln!(text, "\n{:24}  {:>10}  {:>10}", "", "before", "after");
    for (name, before, after) in Figures::rows(before, after) {
        let _ = writeln!(text, "{name:24}  {before:>10}  {after:>10}");
    }
}
