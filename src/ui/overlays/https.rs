//! The guide to HTTPS: what it asks, and how far it is.

use ratatui::layout::Rect;

use super::frame::{area_of, dialog, select};
use crate::app::https::{Choosing, Guide, GuidePage, GuideStage};
use crate::app::{HitMap, Pane, State, https::UnderWay};
use crate::change::{OperationKind, Step, StepProgress};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::text::wrap;

const WIDE: u16 = 92;

/// Draws the guide's page.
pub fn guide(canvas: &mut Canvas<'_>, body: Rect, guide: &Guide, hits: &mut HitMap) {
    let title = format!("HTTPS for {}", clean(&guide.name));
    let choosing = match &guide.stage {
        GuideStage::Choosing(choosing) => choosing,
        GuideStage::Reading => {
            message(
                canvas,
                body,
                &title,
                &[("reading certificates, listeners and security groups …".to_owned(), Role::Dim)],
            );
            return;
        }
        GuideStage::Ended(why) => {
            let lines = [(why.clone(), Role::Warning), (canvas.keyed("{back} closes"), Role::Dim)];
            message(canvas, body, &title, &lines);
            return;
        }
    };
    page(canvas, body, &title, choosing, hits);
}

fn page(canvas: &mut Canvas<'_>, body: Rect, title: &str, choosing: &Choosing, hits: &mut HitMap) {
    let room = WIDE.min(body.width.saturating_sub(4));
    let lines: Vec<_> = match choosing.page {
        GuidePage::Review => wrapped(&choosing.lines(), room),
        _ => choosing.lines(),
    };
    let question = wrap(&canvas.keyed(&choosing.question()), usize::from(room));
    let above = question.len() as u16 + 1;
    let inside = dialog(canvas, body, title, room, lines.len() + usize::from(above) + 1);
    for (text, y) in question.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, text, Role::Title);
    }
    let list = Rect { y: inside.y + above, height: inside.height.saturating_sub(above + 1), ..inside };
    hits.add_counted(Pane::Dialog, area_of(list), lines.len());
    let is_review = choosing.page == GuidePage::Review;
    let first = choosing.rows().scroll();
    for ((at, (text, role)), y) in lines.iter().enumerate().skip(first).zip(list.y..list.bottom()) {
        if at == choosing.rows().selected() && !is_review {
            select(canvas, Rect { y, height: 1, ..list });
        }
        canvas.text_over(list.x, y, list.width, text, *role);
    }
    let more = if is_review && first + usize::from(list.height) < lines.len() { "{down} more   " } else { "" };
    let hint = canvas.keyed(&format!("{more}{{open}} next   {{back}} back"));
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

/// Draws the progress.
pub fn progress(canvas: &mut Canvas<'_>, body: Rect, state: &State, it: &UnderWay) {
    let operation = &it.operation;
    let name = clean(&operation.subject.name);
    let title = match operation.kind {
        OperationKind::HttpsBack => format!("Taking HTTPS of {name} back"),
        _ => format!("HTTPS for {name}"),
    };
    let mut lines = Vec::new();
    for step in &operation.steps {
        let (mark, word, role) = of_step(canvas, step, state, it);
        lines.push((format!("{mark} {:<36} {word}", step.work.to_string()), role));
        if let Some(found) = step.found.as_deref().filter(|_| !step.is_passed()) {
            lines.push((format!("    {}", clean(found)), Role::Text));
        }
    }
    lines.push((String::new(), Role::Text));
    lines.push((hint(state, it), Role::Dim));
    message(canvas, body, &title, &lines);
}

fn of_step(canvas: &Canvas<'_>, step: &Step, state: &State, it: &UnderWay) -> (&'static str, String, Role) {
    let is_next = it.operation.steps.iter().find(|other| other.progress != StepProgress::Done) == Some(step);
    let is_writing = is_next && it.goes_on && state.writing.is_some();
    match &step.progress {
        StepProgress::Done if step.is_passed() => {
            (canvas.mark(Mark::Failed), "failed, continued anyway".to_owned(), Role::Warning)
        }
        StepProgress::Done if step.was_so => (canvas.mark(Mark::Done), "so already".to_owned(), Role::Good),
        StepProgress::Done => (canvas.mark(Mark::Done), "done".to_owned(), Role::Good),
        StepProgress::Ended(word) => (canvas.mark(Mark::Failed), word.to_string(), Role::Bad),
        _ if is_writing && step.work.is_probe() => (canvas.mark(Mark::Moving), "asking …".to_owned(), Role::Moving),
        _ if is_writing => (canvas.mark(Mark::Moving), "writing …".to_owned(), Role::Moving),
        _ if is_next && it.goes_on => {
            (canvas.mark(Mark::Moving), "waiting until the environment is Ready".to_owned(), Role::Moving)
        }
        StepProgress::Begun => (canvas.mark(Mark::Unread), "begun; its end is not known".to_owned(), Role::Warning),
        StepProgress::Waiting => (" ", "to do".to_owned(), Role::Dim),
    }
}

fn hint(state: &State, it: &UnderWay) -> String {
    let operation = &it.operation;
    let back = if operation.back().is_some() { "{undo} take back   " } else { "" };
    let sentence = match () {
        () if operation.has_finished() => format!("all is done   {back}{{back}} closes"),
        () if it.goes_on && state.paused.is_some() => "the screen is paused: {pause} goes on".to_owned(),
        () if it.goes_on => "it goes on by itself; {back} closes, {https} shows it again".to_owned(),
        () if operation.may_pass().is_some() => {
            format!(
                "{{retry}} again   {{continue-anyway}} continue anyway   {back}{{stop-here}} stop here   {{back}} closes"
            )
        }
        () => format!("{{retry}} go on   {back}{{stop-here}} stop here   {{back}} closes"),
    };
    state.setup.keymap.resolve(&sentence)
}

fn message(canvas: &mut Canvas<'_>, body: Rect, title: &str, lines: &[(String, Role)]) {
    let room = WIDE.min(body.width.saturating_sub(4));
    let lines = wrapped(lines, room);
    let inside = dialog(canvas, body, title, room, lines.len());
    for ((text, role), y) in lines.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, text, *role);
    }
}

/// Wraps lines that are too long; continuation lines are indented to the text.
fn wrapped(lines: &[(String, Role)], room: u16) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    for (text, role) in lines {
        let indent = text.len() - text.trim_start().len();
        let pieces = wrap(text.trim_start(), usize::from(room).saturating_sub(indent));
        out.extend(pieces.into_iter().map(|piece| (format!("{:indent$}{piece}", ""), *role)));
    }
    out
}
