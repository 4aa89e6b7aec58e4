//! Who needs attention: by what is known, never by what could not be read, and whichever screens were open.

mod alarms;
mod counted;
mod healths;
mod mixed;
mod narrow;
mod outages;
mod pages;
mod since;

use beanpole::app::App;

use crate::support::Harness;

/// A dashboard on a scenario of the test's own.
fn on(text: &str) -> Harness {
    Harness::written(text)
}

/// The line that answers the Fleet's question.
fn title(harness: &mut Harness) -> String {
    harness.screen().lines().nth(1).unwrap().to_owned()
}

/// The line of an environment, as it is drawn.
fn line(harness: &mut Harness, name: &str) -> String {
    let screen = harness.screen();
    screen.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name}:\n{screen}")).to_owned()
}

/// Puts the cursor on the environment of this name.
fn select(app: &mut App, name: &str) {
    let fleet = &mut app.state.fleet;
    let place = fleet.iter().position(|line| &*line.row.name == name).unwrap();
    fleet.select_at(place);
}
