//! An event as a line for people, and as an item for scripts.

use std::sync::Arc;

use serde::Serialize;

use crate::app::NOTHING;
use crate::cli::settings::Settings;
use crate::cli::times::{time_json, time_words};
use crate::model::{EnvironmentEvent, clean};
use crate::ui::width;

/// Cells of the widest severity.
const SEVERITY: usize = 8;

/// An event in the answer. The fields are a contract.
#[derive(Debug, Serialize)]
pub struct EventItem {
    at: String,
    severity: Arc<str>,
    environment: Option<Arc<str>>,
    version: Option<Arc<str>>,
    message: Arc<str>,
    request_id: Option<Arc<str>>,
}

impl EventItem {
    /// Returns the line of an event.
    pub fn new(event: &EnvironmentEvent) -> Self {
        Self {
            at: time_json(event.at),
            severity: event.severity.as_str().into(),
            environment: event.environment.clone(),
            version: event.version.clone(),
            message: Arc::clone(&event.message),
            request_id: event.request_id.clone(),
        }
    }
}

/// The heading: the columns have fixed widths, because lines that follow are not known yet.
/// With the environment's name in `name` cells, if it is of several.
pub fn heading(settings: &Settings, name: Option<usize>) -> String {
    let time = if settings.config.utc { 21 } else { 26 };
    let name = name.map_or_else(String::new, |cells| format!("{}  ", padded("ENVIRONMENT", cells)));
    format!("{:time$}  {:SEVERITY$}  {name}MESSAGE\n", "TIME", "SEVERITY")
}

fn padded(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))))
}

/// A line. Messages are never cut.
pub fn line(settings: &Settings, event: &EnvironmentEvent, name: Option<usize>) -> String {
    let severity = clean(event.severity.as_str()).into_owned();
    let of = clean(event.environment.as_deref().unwrap_or(NOTHING));
    let name = name.map_or_else(String::new, |cells| format!("{}  ", padded(&of, cells)));
    format!("{}  {severity:SEVERITY$}  {name}{}\n", time_words(settings, event.at), clean(&event.message))
}
