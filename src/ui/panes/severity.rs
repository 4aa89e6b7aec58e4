//! The role of a finding's severity, as the table of signs has it.

use crate::config::{Glyphs, Role, SignSubject};
use crate::diagnosis::FindingSeverity;

/// Returns the role of a value that is so bad; `otherwise` where nothing is found.
pub fn role(glyphs: Glyphs, severity: Option<FindingSeverity>, otherwise: Role) -> Role {
    severity.map_or(otherwise, |severity| glyphs.sign(SignSubject::Finding, severity.as_str()).role)
}
