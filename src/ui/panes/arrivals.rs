//! The values that were written and whether they are live, a line for each.

use crate::app::State;
use crate::app::operations::edits::{Arrival, Awaited};
use crate::change::{DirectFate, DirectValue};
use crate::config::{Mark, Role};
use crate::model::{Environment, Key, clean};
use crate::ui::canvas::Canvas;

/// The values that were written to an environment: awaited, live, or not come.
pub fn lines(canvas: &Canvas<'_>, state: &State, environment: &Key<Environment>) -> Vec<(String, Role)> {
    let own = state.operations.edits.arriving.iter().filter(|it| it.environment == *environment);
    let values: Vec<_> = own.flat_map(|it| &it.values).collect();
    let reverted: Vec<_> = state.operations.edits.reverts.reported(environment).collect();
    let keys = values.iter().map(|value| &value.key).chain(reverted.iter().map(|(value, _)| &value.key));
    let wide = keys.map(String::len).max().unwrap_or(0);
    let lines = values.into_iter().map(|value| line(canvas, state, value, wide));
    lines.chain(reverted.into_iter().map(|(value, fate)| reverted_line(canvas, value, fate, wide))).collect()
}

/// A value that was written directly, after an update was reverted.
fn reverted_line(canvas: &Canvas<'_>, value: &DirectValue, fate: &DirectFate, wide: usize) -> (String, Role) {
    let (mark, words, role) = match fate {
        DirectFate::Gone(live) => {
            let live = clean(live.as_deref().unwrap_or("none")).into_owned();
            (Mark::Failed, format!("gone with the reverted update: {live} is live"), Role::Bad)
        }
        _ => (Mark::Unread, "could not be read after the reverted update".to_owned(), Role::Warning),
    };
    (format!("{:<wide$}  {}   {} {words}", value.key, clean(&value.value), canvas.mark(mark)), role)
}

fn line(canvas: &Canvas<'_>, state: &State, value: &Awaited, wide: usize) -> (String, Role) {
    let text = |value: Option<&str>| value.map_or("none".into(), clean).into_owned();
    let arrow = canvas.mark(Mark::Becomes);
    let change = format!("{} {arrow} {}", text(value.before.as_deref()), text(value.wanted.as_deref()));
    let time =
        |at: &crate::model::Moment| at.0.to_zoned(state.setup.time_zone.clone()).strftime("%H:%M:%S").to_string();
    let (mark, words, role) = match &value.arrival {
        Arrival::Awaited => (Mark::Moving, "not live yet".to_owned(), Role::Moving),
        Arrival::Live(at) => (Mark::Done, format!("live, seen {}", time(at)), Role::Good),
        Arrival::Missing(live, at) => {
            (Mark::Failed, format!("did not come: {} is live at {}", text(live.as_deref()), time(at)), Role::Bad)
        }
    };
    (format!("{:<wide$}  {change}   {} {words}", value.key, canvas.mark(mark)), role)
}
