//! Where the last frame drew what can be selected or scrolled: what a click hits, and how many rows a page has.

use super::action::Action;
use super::screens::{Button, Level};

/// A part of the screen that has rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The rows of the Fleet.
    Fleet,
    /// The preview of the selected environment.
    Preview,
    /// The events of all environments.
    FleetEvents,
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
            Self::FleetEvents => Some(Level::FleetEvents),
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

/// What a click does on a part of the screen that is no row of a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// What the key of this action does.
    Do(Action),
    /// Sorts the Fleet by the column at this place of the table of its columns; the other way round, if it is so already.
    Sort(usize),
    /// A button of a confirmation.
    Button(Button),
    /// A line of a form, by its place.
    Line(usize),
    /// The border of the preview, which can be dragged.
    Border,
}

/// A part of the screen on which a click does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where it was drawn.
    pub area: Area,
    /// What the click does.
    pub click: Click,
}

/// The panes and spots of a frame; those that lie over others come later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitMap {
    panes: Vec<Hit>,
    spots: Vec<Spot>,
}

impl HitMap {
    /// A pane was drawn here.
    pub fn add(&mut self, pane: Pane, area: Area) {
        self.panes.push(Hit { pane, area, length: None });
    }

    /// A pane was drawn here that has so many rows.
    pub fn add_counted(&mut self, pane: Pane, area: Area, length: usize) {
        self.panes.push(Hit { pane, area, length: Some(length) });
    }

    /// All, those that lie over others last.
    pub fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.panes.iter()
    }

    /// Returns where a pane was drawn, if it was.
    #[must_use]
    pub fn area(&self, pane: Pane) -> Option<Area> {
        self.panes.iter().rev().find(|hit| hit.pane == pane).map(|hit| hit.area)
    }

    /// These were drawn, those that lie over others last.
    pub fn set_spots(&mut self, spots: Vec<Spot>) {
        self.spots = spots;
    }

    /// All spots, those that lie over others last.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// Returns what a click at this column and row does, if it is on a spot.
    #[must_use]
    pub fn click_at(&self, (x, y): (u16, u16)) -> Option<Click> {
        self.spots.iter().rev().find(|spot| spot.area.line_at(x, y).is_some()).map(|spot| spot.click)
    }

    /// Returns which line of a pane is at this place.
    #[must_use]
    pub fn line_at(&self, pane: Pane, x: u16, y: u16) -> Option<usize> {
        self.area(pane)?.line_at(x, y)
    }
}
