//! The Alarms tab: the alarms that look at the environment, those in ALARM first, then what is recommended and missing.

use crate::app::list::ListState;
use crate::change::{RecommendedAlarm, missing_alarms};
use crate::model::{Alarm, AlarmState, Environment, EnvironmentAlarms, Key, Snapshot, Source};

/// A row of the tab.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmRow {
    /// An alarm.
    There(Box<Alarm>),
    /// A recommended alarm that does not exist: its name, and what it looks at.
    Missing(String, String),
}

/// The Alarms tab's state.
#[derive(Clone, Debug, Default)]
pub struct AlarmsView {
    /// The rows.
    pub rows: Vec<AlarmRow>,
    /// The same as a list.
    pub list: ListState,
}

impl AlarmsView {
    /// Applies what was read; the selection stays on its alarm. Nothing is called missing before all alarms were read.
    pub fn update(&mut self, snapshot: &Snapshot, environment: &Key<Environment>) {
        let Some(environment) = snapshot.environment(environment) else { return };
        let selected = self.selected().map(|alarm| alarm.key.clone());
        let mut alarms: Vec<Alarm> = snapshot.alarms(environment).into_iter().cloned().collect();
        alarms.sort_by_key(|alarm| rank(&alarm.state));
        let is_whole = snapshot.reads.is_whole(&Source::Alarms(snapshot.scope));
        let missing = if is_whole { missing(snapshot, environment, &alarms) } else { Vec::new() };
        self.rows = alarms.into_iter().map(|alarm| AlarmRow::There(Box::new(alarm))).chain(missing).collect();
        self.list.resize(self.rows.len());
        let is_it = |row: &AlarmRow| matches!(row, AlarmRow::There(alarm) if Some(&alarm.key) == selected.as_ref());
        let place = selected.as_ref().and_then(|_| self.rows.iter().position(is_it));
        self.list.select(place.unwrap_or(self.list.selected()));
    }

    /// The selected row.
    #[must_use]
    pub fn current(&self) -> Option<&AlarmRow> {
        self.rows.get(self.list.selected())
    }

    /// The selected alarm.
    #[must_use]
    pub fn selected(&self) -> Option<&Alarm> {
        if let Some(AlarmRow::There(alarm)) = self.current() { Some(alarm) } else { None }
    }
}

/// What is in ALARM comes first, then what has no data.
fn rank(state: &AlarmState) -> u8 {
    match state {
        AlarmState::Alarm => 0,
        AlarmState::InsufficientData => 1,
        _ => 2,
    }
}

fn missing(snapshot: &Snapshot, environment: &Environment, alarms: &[Alarm]) -> Vec<AlarmRow> {
    let subjects = snapshot.alarm_subjects(environment);
    let found = EnvironmentAlarms { alarms: alarms.to_vec(), subjects, ..EnvironmentAlarms::default() };
    let row = |it: RecommendedAlarm| {
        AlarmRow::Missing(it.alarm.name.to_string(), format!("{}: {}", it.why, it.alarm.summary()))
    };
    missing_alarms(environment, &found).into_iter().map(row).collect()
}
