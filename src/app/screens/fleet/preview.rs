//! The preview of the selected environment: whether there is one, on which row the cursor rests, and what is read for it.

use std::time::Duration;

use crate::model::{Chart, Environment, Key, Measure, Moment, Range};
use crate::polling::Question;

/// A cursor that has not moved for this long rests: only then something is read for the preview, so that going down the
/// Fleet costs nothing.
pub const RESTS_AFTER: Duration = Duration::from_millis(300);

/// The preview of the selected environment.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Whether the user wants it where there is room.
    pub is_on: bool,
    /// The rows that it was dragged to, or columns where it lies beside the table.
    pub size: Option<u16>,
    selected: Option<(Key<Environment>, Moment)>,
    rests: bool,
}

impl Preview {
    /// The charts of it: requests, and the errors of targets and of the load balancer, over an hour.
    pub const CHARTS: [Chart; 3] = [Chart::Requests, Chart::TargetErrors, Chart::ElbErrors];

    /// One on which no cursor rests yet.
    #[must_use]
    pub fn new(is_on: bool) -> Self {
        Self { is_on, size: None, selected: None, rests: false }
    }

    /// Returns what is read for one of its charts.
    #[must_use]
    pub fn measure(chart: Chart) -> Measure {
        Measure::Chart { chart, range: Range::Hour, zones: false }
    }

    /// Follows the selection. Returns whether what is read for it has changed.
    pub fn follow(&mut self, selected: Option<&Key<Environment>>, now: Moment) -> bool {
        let is_same = self.selected.as_ref().map(|(key, _)| key) == selected;
        if !is_same {
            self.selected = selected.map(|key| (key.clone(), now));
            return std::mem::take(&mut self.rests);
        }
        if let Some((_, since)) = &mut self.selected {
            // A clock that was set back must not make it wait.
            *since = now.min(*since);
        }
        let has_rested = self.rests_at().is_some_and(|at| at <= now);
        self.rests |= has_rested;
        has_rested
    }

    /// Returns when the cursor will rest; `None` if it does, or nothing is selected.
    #[must_use]
    pub fn rests_at(&self) -> Option<Moment> {
        let (_, since) = self.selected.as_ref().filter(|_| !self.rests)?;
        Some(since.plus(RESTS_AFTER))
    }

    /// Returns what is read for the environment on which the cursor rests.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let Some((key, _)) = self.selected.as_ref().filter(|_| self.rests && self.is_on) else { return Vec::new() };
        let measures = Self::CHARTS.map(Self::measure).to_vec();
        vec![Question::Tree(key.clone()), Question::Measures(key.clone(), measures)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn at(millis: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_millis(10_000 + millis))
    }

    #[test]
    fn nothing_is_read_for_a_row_that_the_cursor_only_passes() {
        let [one, other] = ["e-one", "e-other"].map(|id| Key::new(ScopeId(0), id));
        let mut preview = Preview::new(true);
        assert_eq!((preview.follow(None, at(0)), preview.rests_at()), (false, None));
        for (millis, key, differs, rests_at) in [
            (0, &one, false, Some(300)),
            (200, &one, false, Some(300)),
            (250, &other, false, Some(550)),
            (549, &other, false, Some(550)),
            (550, &other, true, None),
            (900, &other, false, None),
            (950, &one, true, Some(1250)),
            (1300, &one, true, None),
        ] {
            assert_eq!(preview.follow(Some(key), at(millis)), differs, "{millis}");
            assert_eq!(preview.rests_at(), rests_at.map(at), "{millis}");
            assert_eq!(preview.questions().is_empty(), rests_at.is_some(), "{millis}");
        }
        preview.is_on = false;
        assert_eq!(preview.questions(), []);
        assert!(preview.follow(None, at(2000)), "what was read for it is read no more");
    }

    #[test]
    fn a_clock_that_was_set_back_delays_nothing() {
        let key = Key::new(ScopeId(0), "e-one");
        let mut preview = Preview::new(true);
        preview.follow(Some(&key), at(9_000));
        assert!(!preview.follow(Some(&key), at(0)));
        assert_eq!(preview.rests_at(), Some(at(300)));
    }
}
