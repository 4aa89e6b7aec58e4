//! The screens, each drawn by the file of its name; its state is the module of that name in `app/screens`.

mod columns;
mod confirm;
mod conflict;
mod copy_menu;
mod deploy;
mod environment;
mod fleet;
mod fleet_events;
mod form;
mod help;
mod https_guide;
mod https_progress;
mod instance_limits;
mod intent_picker;
mod logs;
mod message_log;
mod option_form;
mod palette;
mod probe;
mod probe_form;
mod scope_picker;
mod silencing;
mod sort;
mod unowned;
mod versions;
mod waiting;
mod why;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::screens::Screen;
use crate::app::{HitMap, State};

pub use fleet::{draw as draw_fleet, draw_title as draw_fleet_title};
pub use why::{WhyRoom, why_lines};

/// Draws the title of a screen that fills the terminal.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, screen: &Screen) {
    match screen {
        Screen::FleetEvents(it) => fleet_events::draw_title(canvas, area, state, it),
        Screen::Environment(it) => environment::draw_title(canvas, area, state, it),
        Screen::Deploy(it) => deploy::draw_title(canvas, area, state, it),
        Screen::Why(it) => why::draw_title(canvas, area, state, it),
        Screen::Logs(it) => logs::draw_title(canvas, area, state, it),
        Screen::Probe(it) => probe::draw_title(canvas, area, state, it),
        // What lies over a screen has its title in its frame.
        _ => {}
    }
}

/// Draws a screen, or what lies over one, into the body of the terminal.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, screen: &Screen, hits: &mut HitMap) {
    match screen {
        Screen::FleetEvents(it) => fleet_events::draw(canvas, body, state, it, hits),
        Screen::Environment(it) => environment::draw(canvas, body, state, it, hits),
        Screen::Deploy(it) => deploy::draw(canvas, body, state, it, hits),
        Screen::Why(it) => why::draw(canvas, body, state, it, hits),
        Screen::Logs(it) => logs::draw(canvas, body, state, it, hits),
        Screen::Probe(it) => probe::draw(canvas, body, state, it, hits),
        Screen::ProbeForm(it) => probe_form::draw(canvas, body, it),
        Screen::Palette(it) => palette::draw(canvas, body, state, it, hits),
        Screen::InstanceLimits(it) => instance_limits::draw(canvas, body, it),
        Screen::Option(it) => option_form::draw(canvas, body, state, it),
        Screen::Silencing(it) => silencing::draw(canvas, body, state, it),
        Screen::Versions(it) => versions::draw(canvas, body, state, it, hits),
        Screen::Scope(it) => scope_picker::draw(canvas, body, state, it, hits),
        Screen::Intents(it) => intent_picker::draw(canvas, body, it, hits),
        Screen::Form(it) => form::draw(canvas, body, it, hits),
        Screen::Waiting(it) => waiting::draw(canvas, body, state, &it.title),
        Screen::RollbackCheck(it) => waiting::draw(canvas, body, state, &it.title),
        Screen::HttpsGuide(it) => https_guide::draw(canvas, body, it, hits),
        Screen::HttpsProgress(_) => https_progress::draw(canvas, body, state),
        Screen::Confirm(it) => confirm::draw(canvas, body, it, hits),
        Screen::CopyMenu(it) => copy_menu::draw(canvas, body, it, hits),
        Screen::Conflict(it) => conflict::draw(canvas, body, it),
        Screen::Help(it) => help::draw(canvas, body, state, it, hits),
        Screen::Unowned(it) => unowned::draw(canvas, body, state, it, hits),
        Screen::MessageLog(it) => message_log::draw(canvas, body, state, it, hits),
        Screen::Columns(it) => columns::draw(canvas, body, state, it, hits),
        Screen::Sort(it) => sort::draw(canvas, body, state, it, hits),
        // It is typed in the header.
        Screen::Filter(_) => {}
    }
}
