//! Explains a target's state in sentences: the health check's request, the answer, and its meaning.

use std::fmt::Write;

use super::targets::TargetRow;
use crate::diagnosis::status_advice;
use crate::model::{HealthCheck, Inventory, TargetState, clean, counted};

/// Explains a target in a few short paragraphs; names from AWS are made safe to show.
#[must_use]
pub fn explain_target(row: &TargetRow, inventory: &Inventory) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(group) = inventory.target_groups.get(&row.group) {
        lines.push(state_words(row, &group.health_check));
    }
    if let Some(reason) = row.target.explained() {
        let code = row.target.status_codes().map_or("", status_advice);
        lines.push(format!("{}{}{code}", reason.long, if code.is_empty() { "" } else { " " }));
    } else if let Some(description) = &row.target.description {
        lines.push(clean(description).into_owned());
    }
    for cause in row.health.iter().flat_map(|health| &health.causes) {
        lines.push(format!("Beanstalk: “{}”", clean(cause)));
    }
    lines
}

fn state_words(row: &TargetRow, check: &HealthCheck) -> String {
    let mut words = format!("{}   ", clean(&row.target.id));
    let path = check.path.as_deref().unwrap_or("/");
    let port = match check.port.as_deref() {
        Some("traffic-port") | None => row.target.port.map_or("the traffic port".into(), |port| port.to_string()),
        Some(port) => port.to_owned(),
    };
    let asked = match check.protocol.as_deref() {
        Some("TCP") => format!("TCP connection to port {port}"),
        _ => format!("GET {} on port {port}", clean(path)),
    };
    let _ = match (&row.target.state, row.target.status_codes()) {
        (TargetState::Unhealthy, Some(codes)) => {
            let wanted = check.matcher.as_deref().unwrap_or("200");
            write!(words, "{asked} gave {}, wanted {}", clean(codes), clean(wanted))
        }
        _ => write!(words, "{asked}"),
    };
    if let (Some(interval), Some(out), Some(back)) =
        (check.interval, check.unhealthy_threshold, check.healthy_threshold)
    {
        let (out, back) = (counted(out, "failure"), counted(back, "pass"));
        let _ = write!(words, "; checked every {interval} s, out after {out}, back after {back}.");
    } else {
        words.push('.');
    }
    words
}
