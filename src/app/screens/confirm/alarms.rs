//! The confirmation of muting alarms: which, until when, and what that leaves out.

use super::inputs::ConfirmLine;
use crate::change::{Mute, NewAlarm};
use crate::config::Role;
use crate::model::{Moment, clean, counted};

/// How many alarms are named; the others are counted.
const NAMED: usize = 8;

pub(super) fn mute_lines(mute: &Mute) -> Vec<ConfirmLine> {
    let count = counted(mute.alarms.len(), "alarm");
    let mut lines = vec![(format!("{count} muted until {}", mute.until()), Role::Title)];
    lines.extend(mute.alarms.iter().take(NAMED).map(|name| (format!("  {}", clean(name)), Role::Text)));
    if let Some(more) = mute.alarms.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push((format!("  and {more} more"), Role::Text));
    }
    let words = "While they are muted, they change their state and send nothing. AWS ends it by itself; an alarm that is \
                 in ALARM then sends.";
    lines.push((words.to_owned(), Role::Warning));
    lines
}

pub(super) fn unmute_lines(until: Moment) -> Vec<ConfirmLine> {
    vec![
        (format!("muted until {until}; not any more"), Role::Title),
        ("An alarm that is in ALARM notifies at once.".to_owned(), Role::Text),
    ]
}

pub(super) fn created_lines(alarms: &[NewAlarm]) -> Vec<ConfirmLine> {
    let line = |alarm: &NewAlarm| (format!("  {}: {}", clean(&alarm.name), clean(&alarm.summary())), Role::Text);
    let title = (counted(alarms.len(), "alarm"), Role::Title);
    std::iter::once(title).chain(alarms.iter().map(line)).collect()
}
