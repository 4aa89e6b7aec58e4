//! What was written and how far it has come, a line for each value.

use crate::app::State;
use crate::app::settings::{Arrival, Awaited};
use crate::config::{Mark, Role};
use crate::model::{Environment, Key, clean};
use crate::ui::canvas::Canvas;

/// The values that were written to an environment: awaited, live, or not come.
pub fn lines(canvas: &Canvas<'_>, state: &State, environment: &Key<Environment>) -> Vec<(String, Role)> {
    let own = state.arriving.iter().filter(|it| it.environment == *environment);
    let values: Vec<_> = own.flat_map(crate::app::settings::Arriving::shown).collect();
    let wide = values.iter().map(|value| value.key.len()).max().unwrap_or(0);
    values.into_iter().map(|value| line(canvas, state, value, wide)).collect()
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
