//! The confirmation of HTTPS, or of taking it back: every step, why it is dangerous, whom it serves.

use std::sync::Arc;

use super::confirm::{Button, Confirm, Ground, Intent, Line};
use crate::change::https::{Course, Direction, Proposal};
use crate::config::Role;
use crate::model::clean;

/// What is done once it is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// It begins, or goes on where it was.
    On,
    /// It goes on from a probe that failed.
    Past,
}

impl Confirm {
    /// A confirmation of what was proposed.
    #[must_use]
    pub fn of_proposal(ground: &Ground<'_>, proposal: Proposal) -> Self {
        let setup = &proposal.course.setup;
        let tried = format!("{}; tried as https://{}/", clean(&setup.certificate), clean(&setup.host));
        let mut lines = vec![(tried, Role::Title)];
        lines.extend(steps(&proposal.course));
        lines.push((String::new(), Role::Text));
        lines.extend(proposal.dangers.iter().map(|it| (format!("! {it}."), Role::Warning)));
        lines.push((format!("Serves: {}", proposal.serves), Role::Text));
        Self::with_course(ground, lines, proposal.course, Going::On)
    }

    /// A confirmation of going on with it, or of taking it back.
    #[must_use]
    pub fn of_course(ground: &Ground<'_>, course: Course) -> Self {
        let mut lines = steps(&course);
        lines.push((String::new(), Role::Text));
        if course.direction == Direction::Back {
            lines.push(("! clients that use HTTPS by now are cut off.".to_owned(), Role::Warning));
            let words = "What somebody else has changed since is a conflict, and stays.";
            lines.push((words.to_owned(), Role::Text));
        }
        Self::with_course(ground, lines, course, Going::On)
    }

    /// A confirmation of going on although the request over HTTPS failed.
    #[must_use]
    pub fn of_passing(ground: &Ground<'_>, course: Course) -> Self {
        let found = course.legs.iter().rev().find_map(|leg| leg.found.as_deref()).unwrap_or("it failed");
        let mut lines = vec![
            (format!("The request over HTTPS failed: {}", clean(found)), Role::Warning),
            ("! a redirect sends every client of port 80 to where none gets an answer.".to_owned(), Role::Warning),
            (String::new(), Role::Text),
        ];
        lines.extend(steps(&course).into_iter().skip(1));
        let mut confirm = Self::with_course(ground, lines, course, Going::Past);
        confirm.want_name(ground);
        confirm
    }

    fn with_course(ground: &Ground<'_>, mut lines: Vec<Line>, course: Course, going: Going) -> Self {
        let name = clean(&ground.environment.name).into_owned();
        let title = match (course.direction, going) {
            (Direction::Back, _) => format!("Take HTTPS of {name} back"),
            (Direction::There, Going::Past) => format!("HTTPS of {name}: go on without proof"),
            (Direction::There, Going::On) => format!("Set up HTTPS for {name}"),
        };
        let words = "Every step is recorded, and everything is read again before it. If this program ends on the way, it \
                     can be gone on with or taken back.";
        lines.push((words.to_owned(), Role::Dim));
        let calls = course.legs.iter().flat_map(|leg| course.calls(leg.step));
        let commands = calls.map(|call| call.command(ground.place)).collect();
        let wants_name = course.wants_name(false);
        let intent = Intent::Https(Box::new(course), going);
        let mut confirm = Self::new(ground, title, lines, Some(intent), commands, true);
        if wants_name {
            confirm.want_name(ground);
        }
        confirm
    }

    fn want_name(&mut self, ground: &Ground<'_>) {
        if self.wanted.is_none() {
            self.wanted = Some(Arc::clone(&ground.environment.name));
            self.button = Button::Name;
        }
    }
}

/// The steps with their calls.
fn steps(course: &Course) -> Vec<Line> {
    let mut lines = Vec::new();
    let ahead = course.legs.iter().filter(|leg| leg.progress != crate::change::Progress::Done);
    for (place, leg) in ahead.enumerate() {
        let operations: Vec<_> = course.calls(leg.step).iter().map(crate::change::ApiCall::operation).collect();
        let calls = if operations.is_empty() { String::new() } else { format!("   {}", operations.join(", ")) };
        lines.push((format!("{}  {}{calls}", place + 1, leg.step), Role::Text));
    }
    lines
}
