//! How far the setup of HTTPS is, or its undoing.

use ratatui::layout::Rect;

use super::https_guide::message;
use crate::app::State;
use crate::app::operations::HttpsUnderWay;
use crate::change::{OperationKind, Step, StepProgress};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State) {
    let Some(it) = &state.operations.https.under_way else { return };
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

fn of_step(canvas: &Canvas<'_>, step: &Step, state: &State, it: &HttpsUnderWay) -> (&'static str, String, Role) {
    let is_next = it.operation.steps.iter().find(|other| other.progress != StepProgress::Done) == Some(step);
    let is_writing = is_next && it.goes_on && state.operations.writing.is_some();
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

fn hint(state: &State, it: &HttpsUnderWay) -> String {
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
