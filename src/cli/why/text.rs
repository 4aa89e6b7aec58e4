//! The why page for people: it fits 80 columns and 24 lines, whatever was found. `doctor` and `-o json` have all of it.

use jiff::tz::TimeZone;

use crate::diagnosis::{WhyAction, WhyPage};
use crate::model::{Environment, Moment, clean};
use crate::ui::{WhyRoom, why_lines, width};

const COLUMNS: usize = 80;
const LINES: usize = 24;

/// Returns the page.
pub fn page(page: &WhyPage, environment: &Environment, (now, zone): (Moment, &TimeZone)) -> String {
    let version = page.version.as_deref().map(|label| format!(" · {}", clean(label))).unwrap_or_default();
    let counts = page.counts.map(|counts| format!(" · {}", counts.summary())).unwrap_or_default();
    let silenced = match page.silenced.len() {
        0 => String::new(),
        number => format!(" · {number} silenced"),
    };
    let state = format!("{} · {}{version}{counts}{silenced}\n", clean(&page.name), page.status.as_str());
    let room = WhyRoom {
        columns: COLUMNS,
        lines: LINES - 1,
        now,
        zone,
        actions: page.actions.iter().filter_map(|it| action(it, environment)).collect(),
        all: &format!("beanpole doctor {}", clean(&page.name)),
    };
    let lines = why_lines(page, &room).into_iter().map(|(line, _)| line + "\n");
    std::iter::once(state).chain(lines).collect()
}

/// A command to copy: one that would be cut is left out.
fn action(action: &WhyAction, environment: &Environment) -> Option<String> {
    let command = clean(&action.command(environment)?).into_owned();
    (width(&command) <= COLUMNS - 10).then_some(command)
}
