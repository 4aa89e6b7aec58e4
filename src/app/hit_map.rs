//! Where the last frame drew what can be selected or scrolled: what a click hits, and how many rows a page has.

use super::screens::Level;

/// A part of the screen that has rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The rows of the Fleet.
    Fleet,
    /// The preview of the selected environment.
    Preview,
    /// The tree of an environment.
    Tree,
    /// The rows of the Targets tab.
    Targets,
    /// The charts of the Metrics tab.
    Charts,
    /// The rows of the Settings tab.
    Settings,
    /// The rows of the Events tab.
    Events,
    /// The lanes of the Deploy screen.
    Lanes,
    /// The lines of the why page.
    Why,
    /// The rows of the Findings tab.
    Findings,
    /// The rows of the Alarms tab.
    Alarms,
    /// The lines of a probe.
    Probe,
    /// The text of a log.
    Log,
    /// The rows or the text of a dialog.
    Dialog,
    /// The rows of a list over the screen.
    List,
}

impl Pane {
    /// Returns the level of the screens that have it; `None` for the Fleet.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Fleet | Self::Preview => None,
            Self::Tree
            | Self::Targets
            | Self::Charts
            | Self::Settings
            | Self::Events
            | Self::Findings
            | Self::Alarms => Some(Level::Environment),
            Self::Why => Some(Level::Why),
            Self::Probe => Some(Level::Probe),
            Self::Lanes => Some(Level::Deploy),
            Self::Log => Some(Level::Logs),
            Self::Dialog => Some(Level::Dialog),
            Self::List => Some(Level::List),
        }
    }
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The column of the left edge.
    pub x: u16,
    /// The row of the first line.
    pub y: u16,
    /// How wide.
    pub width: u16,
    /// How many lines fit.
    pub height: u16,
}

impl Area {
    /// Returns which of its lines is at this place.
    #[must_use]
    pub fn line_at(&self, x: u16, y: u16) -> Option<usize> {
        let inside = (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y);
        inside.then(|| usize::from(y - self.y))
    }
}

/// A pane as it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub pane: Pane,
    /// Where its rows are.
    pub area: Area,
    /// The number of rows, including those that do not fit, where only the drawing knows it: a wrapped text, rows
    /// that match what is typed.
    pub length: Option<usize>,
}

/// The panes of a frame; those that lie over others come later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitMap(Vec<Hit>);

impl HitMap {
    /// A pane was drawn here.
    pub fn add(&mut self, pane: Pane, area: Area) {
        self.0.push(Hit { pane, area, length: None });
    }

    /// A pane was drawn here that has so many rows.
    pub fn add_counted(&mut self, pane: Pane, area: Area, length: usize) {
        self.0.push(Hit { pane, area, length: Some(length) });
    }

    /// All, those that lie over others last.
    pub fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.0.iter()
    }

    /// Returns where a pane was drawn, if it was.
    #[must_use]
    pub fn area(&self, pane: Pane) -> Option<Area> {
        self.0.iter().rev().find(|hit| hit.pane == pane).map(|hit| hit.area)
    }

    /// Returns which line of a pane is at this place.
    #[must_use]
    pub fn line_at(&self, pane: Pane, x: u16, y: u16) -> Option<usize> {
        self.area(pane)?.line_at(x, y)
    }
}
