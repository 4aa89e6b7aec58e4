//! `--watch` of `set` and `undo`: watches the impact of a change, reports it as it is seen, and sums it up at the end.
//!
//! It ends as soon as the impact gets worse, so that the user can undo the change at once.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::arguments::{For, Format};
use super::change_report::ChangeReport;
use super::desk::Desk;
use super::failure::Failure;
use super::output;
use super::reading::Reading;
use super::reverted::{report_direct_changes, was_reverted};
use super::watch::summary::figures;
use crate::change::{Operation, Plan, Written};
use crate::deploy::{ImpactWatch, Leaning};
use crate::model::{Fault, clean};
use crate::runtime::{Clock, Means, follow_impact};

/// A change that was written and is watched now.
pub struct WatchedChange<'a> {
    /// Where calls are made from.
    pub desk: &'a Desk<'a>,
    /// The reading on which it was planned.
    pub reading: &'a Reading,
    /// The plan.
    pub plan: &'a Plan,
    /// How it ended.
    pub written: &'a Written,
}

impl WatchedChange<'_> {
    /// Watches it for as long as requested or as health checks need, and reports it; exit status 1 if it got worse.
    pub async fn keep(self, span: For, report: ChangeReport) -> Result<ExitCode, Failure> {
        let format = self.desk.settings.format;
        let Some(impact) = self.begun(span) else {
            report.report(format)?;
            output::remark("beanpole: no Application Load Balancer is known to be in front, so nothing can be watched");
            return Ok(ExitCode::SUCCESS);
        };
        if format == Format::Table {
            report.report(format)?;
        }
        let ended = self.followed(impact.clone()).await;
        // Whatever happened to the watch, the answer contains what was written.
        let (impact, fault) = match ended {
            Ok(impact) => (impact, None),
            Err(fault) => (impact, Some(fault)),
        };
        match format {
            Format::Table => output::result(&summary(&impact))?,
            Format::Json | Format::Jsonl => report.watched(impact.clone()).print(format)?,
        }
        let is_reverted = self.plan.updates() && self.reverted().await;
        match fault {
            Some(fault) => Err(Failure::fault(&fault).hint(self.way_back())),
            None if impact.is_worse() => {
                output::remark(&format!("beanpole: {}", impact.words(Desk::now())));
                output::remark(&self.way_back());
                Ok(ExitCode::FAILURE)
            }
            None if is_reverted => Ok(ExitCode::FAILURE),
            None => Ok(ExitCode::SUCCESS),
        }
    }

    /// Returns whether Beanstalk reverted the update of the change. If so, that is reported, and what was written directly
    /// before it is read again.
    async fn reverted(&self) -> bool {
        let name = &self.plan.subject.name;
        let Some(environment) = self.reading.known().inventory.environments.get(&self.plan.subject.key) else {
            return false;
        };
        let (is_reverted, words) = match was_reverted(self.desk, environment, self.written).await {
            Ok(false) => return false,
            Ok(true) => (true, "Beanstalk reverted the update, so the change is not live".to_owned()),
            Err(fault) => (false, format!("whether Beanstalk reverted the update is unknown: {}", fault.sentence())),
        };
        output::remark(&clean(&format!("beanpole: {name}: {words}")));
        if is_reverted {
            report_direct_changes(self.desk, environment).await;
        }
        is_reverted
    }

    fn begun(&self, span: For) -> Option<ImpactWatch> {
        let impact = ImpactWatch::begin(&Operation::from(self.plan), self.written, self.reading.known())?;
        Some(match span {
            For::So(span) => impact.lasting(span),
            For::AsNeeded => impact,
        })
    }

    async fn followed(&self, impact: ImpactWatch) -> Result<ImpactWatch, Arc<Fault>> {
        let pace = self.desk.settings.pace();
        let means = Means { session: &self.desk.session, clock: Clock::System, pace: &pace };
        let on = |impact: &ImpactWatch| {
            if impact.is_worse() {
                return ControlFlow::Break(());
            }
            self.report(impact);
            ControlFlow::Continue(())
        };
        Box::pin(follow_impact(means, impact, on)).await
    }

    /// Prints its state: for people only, JSON is printed at its end.
    fn report(&self, impact: &ImpactWatch) {
        if self.desk.settings.format != Format::Table {
            return;
        }
        let now = Desk::now();
        let zone = if self.desk.settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
        let time = now.0.to_zoned(zone).strftime("%H:%M:%S").to_string();
        output::remark(&format!("{time}  {}", impact.words(now)));
    }

    /// Returns what to do about it.
    fn way_back(&self) -> String {
        clean(&format!("to put it back: beanpole undo {}", self.written.id.as_deref().unwrap_or_default())).into_owned()
    }
}

/// Summarizes the result for people.
fn summary(impact: &ImpactWatch) -> String {
    let verdict = impact.verdict();
    let mut text = String::new();
    let word = match (impact.is_worse(), impact.is_over()) {
        (true, _) => "WORSE",
        (false, true) => "nothing got worse",
        (false, false) => "not known",
    };
    let _ = writeln!(text, "verdict  {word}");
    for reason in verdict.reasons.iter().filter(|reason| reason.leaning != Leaning::Unclear || !impact.is_worse()) {
        let early = if reason.early { " (early)" } else { "" };
        let _ = writeln!(text, "  {}{early}", clean(&reason.words));
    }
    if verdict.before.minutes > 0 || verdict.after.minutes > 0 {
        figures(&mut text, &verdict.before, &verdict.after);
    }
    text
}
