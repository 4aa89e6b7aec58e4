//! The table of states: what AWS calls each, its glyph with and without Unicode, its word, and the role that colours it.
//!
//! The names are AWS's own, as text: this module depends on no other of ours, and AWS may send a name that is not in the
//! table. Such a name is shown as it is and gets the glyph of what is unknown.

use super::Role;

/// What has states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignSubject {
    /// The health of an environment or an instance, enhanced (`Ok`) or basic (`Green`).
    Health,
    /// The status of an environment.
    Status,
    /// The state of a target.
    Target,
    /// The state of a load balancer.
    LoadBalancer,
    /// The state of an alarm.
    Alarm,
    /// The severity of a finding.
    Finding,
    /// The severity of one of Beanstalk's events.
    Event,
    /// How reading from a service goes.
    Service,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignRow {
    pub subject: SignSubject,
    /// As AWS sends it.
    pub name: &'static str,
    pub unicode: &'static str,
    pub ascii: &'static str,
    pub word: &'static str,
    pub role: Role,
}

const fn row(
    subject: SignSubject,
    name: &'static str,
    unicode: &'static str,
    ascii: &'static str,
    word: &'static str,
    role: Role,
) -> SignRow {
    SignRow { subject, name, unicode, ascii, word, role }
}

/// The glyphs of a state that is not in the table.
pub(super) const UNKNOWN: [&str; 2] = ["◌", "?"];

#[rustfmt::skip]
pub(super) const SIGNS: &[SignRow] = {
    use Role::{Bad, Dim, Moving, Text, Warning};
    use SignSubject::{Alarm, Event, Finding, Health, LoadBalancer, Service, Status, Target};
    &[
        row(Health, "Ok",        "●", "o", "Ok",        Text),
        row(Health, "Info",      "◉", "i", "Info",      Text),
        row(Health, "Warning",   "◐", "!", "Warning",   Warning),
        row(Health, "Degraded",  "▲", "^", "Degraded",  Bad),
        row(Health, "Severe",    "✖", "x", "Severe",    Bad),
        row(Health, "Pending",   "◔", "~", "Pending",   Moving),
        row(Health, "NoData",    "◌", "?", "No data",   Dim),
        row(Health, "No Data",   "◌", "?", "No data",   Dim),
        row(Health, "Unknown",   "◌", "?", "Unknown",   Dim),
        row(Health, "Suspended", "■", "#", "Suspended", Bad),
        row(Health, "Green",     "●", "o", "Green",     Text),
        row(Health, "Yellow",    "◐", "!", "Yellow",    Warning),
        row(Health, "Red",       "✖", "x", "Red",       Bad),
        row(Health, "Grey",      "◌", "?", "Grey",      Dim),

        row(Status, "Ready",       "✓", "=", "Ready",       Text),
        row(Status, "Launching",   "↑", "+", "Launching",   Moving),
        row(Status, "Updating",    "»", "~", "Updating",    Moving),
        row(Status, "Aborting",    "«", "!", "Aborting",    Warning),
        row(Status, "LinkingFrom", "↔", "&", "Linking",     Moving),
        row(Status, "LinkingTo",   "↔", "&", "Linking",     Moving),
        row(Status, "Terminating", "⊖", "-", "Terminating", Warning),
        row(Status, "Terminated",  "⊘", "0", "Terminated",  Dim),

        row(Target, "healthy",            "●", "o", "healthy",            Text),
        row(Target, "initial",            "◔", "~", "initial",            Moving),
        row(Target, "unhealthy",          "✖", "x", "unhealthy",          Bad),
        row(Target, "unhealthy.draining", "▼", "X", "unhealthy draining", Bad),
        row(Target, "draining",           "↓", "v", "draining",           Moving),
        row(Target, "unused",             "·", ".", "unused",             Warning),
        row(Target, "unavailable",        "◇", "-", "unavailable",        Dim),

        row(LoadBalancer, "active",          "●", "o", "active",       Text),
        row(LoadBalancer, "provisioning",    "◔", "~", "provisioning", Moving),
        row(LoadBalancer, "active_impaired", "◐", "!", "impaired",     Warning),
        row(LoadBalancer, "failed",          "✖", "x", "failed",       Bad),

        row(Alarm, "OK",                "●", "o", "OK",      Text),
        row(Alarm, "ALARM",             "✖", "x", "ALARM",   Bad),
        row(Alarm, "INSUFFICIENT_DATA", "◌", "?", "no data", Dim),

        row(Finding, "critical", "✖", "x", "critical", Bad),
        row(Finding, "warning",  "◐", "!", "warning",  Warning),
        row(Finding, "info",     "·", ".", "info",     Text),

        row(Event, "TRACE", " ", " ", "TRACE", Dim),
        row(Event, "DEBUG", " ", " ", "DEBUG", Dim),
        row(Event, "INFO",  "·", ".", "INFO",  Text),
        row(Event, "WARN",  "◐", "!", "WARN",  Warning),
        row(Event, "ERROR", "✖", "x", "ERROR", Bad),
        row(Event, "FATAL", "■", "#", "FATAL", Bad),

        row(Service, "ok",        "●", "o", "ok",        Text),
        row(Service, "stale",     "◐", "!", "stale",     Dim),
        row(Service, "throttled", "◔", "~", "throttled", Warning),
        row(Service, "denied",    "✖", "x", "denied",    Bad),
        row(Service, "expired",   "■", "#", "expired",   Bad),
        row(Service, "failed",    "▲", "^", "failed",    Bad),
    ]
};
