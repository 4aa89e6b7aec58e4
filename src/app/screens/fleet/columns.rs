//! The Fleet's columns: one table that feeds the header, the widths, the cells, the sorting, the configuration and
//! `ls --columns`.

use std::cmp::{Ordering, Reverse};
use std::fmt::Write;
use std::time::Duration;

use super::row::FleetRow;
use crate::app::columns::{NOTHING, columns, last_if_none, write_option};
use crate::diagnosis::{Drifting, FindingSeverity, FindingTally, OpenChecks, RowFigures, Stickiness, TREND, Tls};
use crate::model::{Balancer, Doubt, FigureUnit, Known, Moment, Strength, duration_words, figure, span_words};

columns! {
    /// A column of the Fleet.
    Column COLUMNS of FleetRow;
    Health "health" "HEALTH" (10, 20) Left Never 0 "the environment's health, by Beanstalk; `was` and how long ago where it cannot be read now"
        health, |a, b| a.rank().cmp(&b.rank());
    Name "name" "ENVIRONMENT" (18, 40) Left Middle 0 "the environment's name"
        |row, _, out| out.push_str(&row.name), |a, b| a.name.cmp(&b.name);
    Application "application" "APPLICATION" (8, 20) Left End 8 "the application it belongs to"
        |row, _, out| out.push_str(&row.application), |a, b| a.application.cmp(&b.application);
    Version "version" "VERSION" (7, 18) Left Middle 4 "the version that Beanstalk calls deployed"
        |row, _, out| version(row, out), |a, b| a.version.cmp(&b.version);
    Status "status" "STATUS" (11, 13) Left Never 2 "the environment's operational status"
        |row, _, out| out.push_str(row.status.as_str()), |a, b| a.status.as_str().cmp(b.status.as_str());
    Balancer "balancer" "KIND" (11, 18) Left End 7 "the tier and the kind of load balancer"
        |row, _, out| out.push_str(row.balancer.as_str()), |a, b| a.balancer.cmp(&b.balancer);
    LoadBalancer "alb" "ALB" (13, 32) Left Start 1 "the load balancer's name; ~ where the link is only proposed, /2 where two share it"
        |row, _, out| load_balancer(row, out), |a, b| last_if_none(a.load_balancer.as_ref(), b.load_balancer.as_ref());
    Targets "targets" "TARGETS" (8, 20) Right Never 1 "healthy targets of those expected; draining in addition; `was` and how long ago where they cannot be read now"
        targets, |a, b| share(a).total_cmp(&share(b));
    Stickiness "sticky" "STICKY" (6, 6) Right Never 4 "how long a client stays with its target, by cookie"
        |row, _, out| stickiness(&row.stickiness, out), |a, b| sticky_rank(a).cmp(&sticky_rank(b));
    Drift "drift" "DRIFT" (5, 8) Right Never 6 "live values that are not what their option or default says"
        |row, _, out| drift(&row.drift, out), |a, b| drifting(b).cmp(&drifting(a));
    Findings "findings" "FINDINGS" (8, 10) Right Never 7 "findings of the worst severity that there is; + where more is to be read, ? where something cannot be"
        |row, _, out| findings(&row.findings, out), |a, b| found(a).cmp(&found(b));
    Alarms "alarms" "ALARMS" (6, 11) Right Never 7 "alarms of CloudWatch in ALARM; `was` where they cannot be read now"
        alarms, |a, b| b.alarms.value().cmp(&a.alarms.value());
    Tls "tls" "HTTPS" (8, 9) Right Never 5 "the HTTPS port that leads to it, and its certificate's days"
        |row, now, out| tls(&row.tls, now, out), |a, b| expiry(a).cmp(&expiry(b));
    Requests "requests" "REQ/S" (6, 7) Right Never 3 "requests a second in the newest whole minute; ~ where it is an average over five"
        |row, _, out| requests(&row.figures, out), |a, b| by_figure(a, b, |it| Some(it.requests));
    Trend "trend" "10 MIN" (10, 10) Left Never 5 "requests over the last ten minutes"
        |row, _, out| trend(&row.figures, out), |a, b| by_figure(a, b, |it| Some(it.requests));
    Errors "5xx" "5XX" (6, 7) Right Never 2 "the share of requests answered with 5xx, by targets and load balancer; t where only the targets' are known, because the load balancer is shared"
        |row, _, out| errors(&row.figures, out), |a, b| by_figure(a, b, |it| it.errors);
    P99 "p99" "P99" (6, 6) Right Never 3 "the time within which 99 % of the answers began"
        |row, _, out| p99(&row.figures, out), |a, b| by_figure(a, b, |it| it.p99);
    Event "event" "EVENT" (6, 6) Right Never 6 "time since the last Beanstalk event"
        |row, now, out| age(row.last_event, now, out), |a, b| newest(a).cmp(&newest(b));
    Groups "groups" "TARGET GROUPS" (13, 48) Left End 11 "its target groups by name; ~ where that is only proposed"
        |row, _, out| groups(row, out), |a, b| a.groups.cmp(&b.groups);
    Platform "platform" "PLATFORM" (12, 40) Left End 9 "the platform"
        |row, _, out| write_option(out, row.platform.as_deref()), |a, b| a.platform.cmp(&b.platform);
    Cname "cname" "CNAME" (12, 60) Left Middle 10 "the environment's host name"
        |row, _, out| write_option(out, row.cname.as_deref()), |a, b| a.cname.cmp(&b.cname);
}

impl Column {
    /// The column of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        COLUMNS.iter().find(|facts| facts.name == name).map(|facts| facts.column)
    }

    /// All names, in order.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        COLUMNS.iter().map(|facts| facts.name).collect()
    }

    /// Appends the text of its cell.
    pub fn write(self, row: &FleetRow, now: Moment, out: &mut String) {
        (self.facts().text)(row, now, out);
    }

    /// Compares two rows by this column.
    #[must_use]
    pub fn compare(self, one: &FleetRow, other: &FleetRow) -> Ordering {
        (self.facts().compare)(one, other)
    }
}

/// `v102→v103` while instances run another one than Beanstalk calls deployed.
fn version(row: &FleetRow, out: &mut String) {
    write_option(out, row.version.as_deref());
    if let Some(arriving) = &row.arriving {
        out.push('→');
        out.push_str(arriving);
    }
}

fn load_balancer(row: &FleetRow, out: &mut String) {
    match (&row.load_balancer, row.balancer) {
        (None, Balancer::Unknown) => out.push_str(NOTHING),
        (None, balancer) => out.push_str(balancer.as_str()),
        (Some(name), balancer) => {
            if row.strength == Some(Strength::Proposed) {
                out.push('~');
            }
            out.push_str(name);
            if balancer == Balancer::ApplicationShared {
                let _ = write!(out, " /{}", row.sharers);
            }
        }
    }
}

fn groups(row: &FleetRow, out: &mut String) {
    for (place, (name, strength)) in row.groups.iter().enumerate() {
        let separator = if place > 0 { ", " } else { "" };
        let sign = if *strength == Strength::Proposed { "~" } else { "" };
        let _ = write!(out, "{separator}{sign}{name}");
    }
    if row.groups.is_empty() {
        out.push_str(NOTHING);
    }
}

/// Writes a cell whose value could not be read.
fn missing<T>(known: &Known<T>, out: &mut String) {
    match known {
        Known::Failed(kind) => {
            let _ = write!(out, "? {}", kind.word());
        }
        Known::Pending => out.push('…'),
        _ => out.push_str(NOTHING),
    }
}

/// The health as it was last read; that it was is part of the text.
fn health(row: &FleetRow, now: Moment, out: &mut String) {
    was(row.health_doubt.as_ref(), now, out, |out| out.push_str(&row.health));
}

fn targets(row: &FleetRow, now: Moment, out: &mut String) {
    let Known::Read(counts) = &row.targets else { return missing(&row.targets, out) };
    was(row.targets_doubt.as_ref(), now, out, |out| {
        let _ = write!(out, "{counts}");
    });
}

/// A value, and if it cannot be relied on, that it is of the past, and how long ago.
pub fn was(doubt: Option<&Doubt>, now: Moment, out: &mut String, value: impl FnOnce(&mut String)) {
    let Some(doubt) = doubt else { return value(out) };
    out.push_str("was ");
    value(out);
    // What is younger than a minute needs no age to be understood.
    if let Some(at) = doubt.read_at.filter(|at| now.since(*at) >= Duration::from_secs(60)) {
        out.push(' ');
        age(Some(at), now, out);
    }
}

fn share(row: &FleetRow) -> f64 {
    row.targets.value().map_or(2.0, |counts| f64::from(counts.healthy) / f64::from(counts.expected.max(1)))
}

fn stickiness(known: &Known<Stickiness>, out: &mut String) {
    match known {
        Known::Read(Stickiness::Off) => out.push_str("off"),
        Known::Read(Stickiness::LoadBalancerCookie(seconds)) => out.push_str(&duration_words(*seconds)),
        Known::Read(Stickiness::ApplicationCookie) => out.push_str("app"),
        Known::Read(Stickiness::Mixed) => out.push_str("mixed"),
        missing_one => missing(missing_one, out),
    }
}

fn drift(known: &Known<Drifting>, out: &mut String) {
    let Known::Read(drift) = known else { return missing(known, out) };
    match drift.values {
        0 => out.push('0'),
        count => {
            let _ = write!(out, "≠{count}");
        }
    }
    if drift.unknown > 0 {
        out.push_str(" ?");
    }
}

fn drifting(row: &FleetRow) -> Option<(usize, usize)> {
    row.drift.value().map(|drift| (drift.values, drift.unknown))
}

fn sticky_rank(row: &FleetRow) -> u64 {
    match row.stickiness.value() {
        Some(Stickiness::Off) => 0,
        Some(Stickiness::Mixed) => 1,
        Some(Stickiness::LoadBalancerCookie(seconds)) => 2 + seconds,
        Some(Stickiness::ApplicationCookie) => u64::MAX - 1,
        None => u64::MAX,
    }
}

fn tls(known: &Known<Option<Tls>>, now: Moment, out: &mut String) {
    match known {
        Known::Read(None) => out.push_str("off"),
        Known::Read(Some(tls)) => {
            let _ = write!(out, "{}", tls.port);
            if let Some(not_after) = tls.not_after {
                if not_after <= now {
                    out.push_str(" gone");
                } else if days_left(not_after, now) < 1000 {
                    let _ = write!(out, " {}d", days_left(not_after, now));
                }
            }
        }
        missing_one => missing(missing_one, out),
    }
}

/// How many findings have the worst severity, and whether there may be more.
fn findings(tally: &FindingTally, out: &mut String) {
    let Some((severity, count)) = tally.worst() else {
        return out.push_str(match tally.open {
            OpenChecks::None => "0",
            OpenChecks::Unread => "…",
            OpenChecks::Unknown => "?",
        });
    };
    let word = match severity {
        FindingSeverity::Critical => "crit",
        FindingSeverity::Warning => "warn",
        FindingSeverity::Info => "info",
    };
    let more = match tally.open {
        OpenChecks::None => "",
        OpenChecks::Unread => "+",
        OpenChecks::Unknown => " ?",
    };
    let _ = write!(out, "{count} {word}{more}");
}

/// The worst first, then what is not known, then those without one.
fn found(row: &FleetRow) -> (bool, Option<FindingSeverity>, Reverse<usize>, Reverse<OpenChecks>) {
    let (severity, count) = row.findings.worst().unzip();
    (severity.is_none(), severity, Reverse(count.unwrap_or_default()), Reverse(row.findings.open))
}

fn alarms(row: &FleetRow, now: Moment, out: &mut String) {
    let Known::Read(count) = row.alarms else { return no_figure(&row.alarms, out) };
    was(row.alarms_doubt.as_ref(), now, out, |out| {
        let _ = write!(out, "{count}");
    });
}

/// The greatest first, and last what has none.
fn by_figure(one: &FleetRow, other: &FleetRow, figure: fn(&RowFigures) -> Option<f64>) -> Ordering {
    let of = |row: &FleetRow| row.figures.value().and_then(figure).unwrap_or(-1.0);
    of(other).total_cmp(&of(one))
}

fn requests(known: &Known<RowFigures>, out: &mut String) {
    let Known::Read(figures) = known else { return no_figure(known, out) };
    if figures.coarse {
        out.push('~');
    }
    out.push_str(&figure(figures.requests, FigureUnit::Count));
}

/// Writes a placeholder as wide as the figure's four columns; the line below the table shows what failed.
fn no_figure<T>(known: &Known<T>, out: &mut String) {
    out.push_str(match known {
        Known::Failed(_) => "?",
        Known::Pending => "…",
        _ => NOTHING,
    });
}

/// The room of the sparkline that the screen draws: there is nothing to read in it.
fn trend(known: &Known<RowFigures>, out: &mut String) {
    match known {
        Known::Read(_) => out.extend(std::iter::repeat_n(' ', TREND)),
        known => no_figure(known, out),
    }
}

fn errors(known: &Known<RowFigures>, out: &mut String) {
    let Known::Read(figures) = known else { return no_figure(known, out) };
    match figures.errors {
        None => out.push_str(NOTHING),
        Some(share) => {
            let digits = if share < 10.0 { 2 } else { 1 };
            let _ = write!(out, "{share:.digits$}%");
            if figures.targets_only {
                out.push('t');
            }
        }
    }
}

fn p99(known: &Known<RowFigures>, out: &mut String) {
    let Known::Read(figures) = known else { return no_figure(known, out) };
    match figures.p99 {
        None => out.push_str(NOTHING),
        Some(seconds) => out.push_str(&figure(seconds, FigureUnit::Seconds)),
    }
}

/// The newest first, and last what has none.
fn newest(row: &FleetRow) -> (bool, Option<Reverse<Moment>>) {
    (row.last_event.is_none(), row.last_event.map(Reverse))
}

fn days_left(not_after: Moment, now: Moment) -> u64 {
    not_after.since(now).as_secs() / 86_400
}

fn expiry(row: &FleetRow) -> (u8, Option<Moment>) {
    match row.tls.value() {
        Some(Some(tls)) => (0, tls.not_after),
        Some(None) => (1, None),
        None => (2, None),
    }
}

/// Writes an age, in minutes from the first minute on: seconds in a table only flicker.
fn age(at: Option<Moment>, now: Moment, out: &mut String) {
    match at.map(|at| now.since(at)) {
        None => out.push_str(NOTHING),
        Some(age) if age < Duration::from_secs(60) => out.push_str("<1m"),
        Some(age) if age < Duration::from_secs(3600) => {
            let _ = write!(out, "{}m", age.as_secs() / 60);
        }
        Some(age) => out.push_str(&span_words(age)),
    }
}
