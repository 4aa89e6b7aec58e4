//! Reports what happens while it happens: a line each for a pipeline, the few that matter for a person.

use std::ops::ControlFlow;

use jiff::tz::TimeZone;

use super::notification::VerdictNotifier;
use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::follow_arguments::OnWorse;
use crate::cli::output;
use crate::cli::settings::Settings;
use crate::deploy::{Happened, Happening, HarmResponse, LaneState, Verdict, VerdictKind, Watch};
use crate::model::{EnvironmentEvent, Moment, Severity, clean};

/// Reports what happens.
pub struct EventReport<'a> {
    settings: &'a Settings,
    on_worse: OnWorse,
    has_begun: bool,
    is_alarmed: bool,
    is_unheard: bool,
    last_verdict: Option<Moment>,
    failure: Option<Failure>,
    notifier: VerdictNotifier,
}

impl<'a> EventReport<'a> {
    /// Returns one that has reported nothing yet.
    pub fn new(settings: &'a Settings, on_worse: OnWorse, notifier: VerdictNotifier) -> Self {
        let (has_begun, is_alarmed, is_unheard) = (false, false, false);
        Self { settings, on_worse, has_begun, is_alarmed, is_unheard, last_verdict: None, failure: None, notifier }
    }

    /// Reports it; breaks when it is enough: there is no reader, or it is worse and the caller wants to end then.
    pub fn report(&mut self, watch: &Watch, news: Vec<Happened>) -> ControlFlow<()> {
        self.notifier.notify(watch, &news);
        match self.printed(watch, news) {
            Ok(is_heard) => self.is_unheard = !is_heard,
            Err(failure) => self.failure = Some(failure),
        }
        let is_harmful = match self.on_worse {
            OnWorse::Report => false,
            // While there is something to stop.
            OnWorse::Stop | OnWorse::Abort => watch.ended().is_none() && watch.is_harmful(),
            OnWorse::Rollback => matches!(watch.harm_response(), HarmResponse::RollBack { .. }),
        };
        let is_alarm = !self.is_alarmed && is_harmful;
        // A rollback that may have to be made does not depend on a reader.
        let is_unread = (self.failure.is_some() || self.is_unheard) && self.on_worse != OnWorse::Rollback;
        if is_unread || is_alarm {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Returns the failure that kept it from reporting.
    pub fn failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Waits until the user's program has ended; returns why it failed.
    pub async fn notified(&mut self) -> Vec<String> {
        self.notifier.finish().await
    }

    /// Returns whether there is no reader any more.
    pub fn is_unheard(&self) -> bool {
        self.is_unheard
    }

    /// Whether this is the first time that it was worse.
    pub fn is_first_alarm(&mut self) -> bool {
        !std::mem::replace(&mut self.is_alarmed, true)
    }

    /// When the verdict came that is the last one.
    pub fn last_verdict(&self) -> Option<Moment> {
        self.last_verdict
    }

    fn printed(&mut self, watch: &Watch, news: Vec<Happened>) -> Result<bool, Failure> {
        let (last, news): (Vec<_>, Vec<_>) = news.into_iter().partition(is_final);
        // The last line carries what could not be read, and is printed with it.
        self.last_verdict = last.first().map(|it| it.at).or(self.last_verdict);
        let text = match self.settings.format {
            Format::Json => String::new(),
            Format::Jsonl => output::json_lines(news.iter())?,
            Format::Table => self.heading(watch) + &news.iter().filter_map(|it| self.line(it)).collect::<String>(),
        };
        Ok(output::is_read() && output::stream(&text)?)
    }

    fn heading(&mut self, watch: &Watch) -> String {
        if std::mem::replace(&mut self.has_begun, true) {
            return String::new();
        }
        let (name, versions) = (&watch.environment().name, watch.headline());
        let text = format!("{name}  {versions}  began {}", self.time(watch.started()));
        format!("{}\n", clean(&text))
    }

    fn line(&self, happened: &Happened) -> Option<String> {
        let text = match &happened.what {
            Happening::Phase(phase) => phase.words(),
            Happening::Event(event) => format!("{}  {}", event.severity.as_str(), worth_telling(event)?.message),
            Happening::Target(change) => {
                let states = [Some(change.to), change.from];
                states.contains(&Some(LaneState::Unhealthy)).then_some(())?;
                let reason = change.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("{}  {}{reason}", change.target, change.to.as_str())
            }
            // Nothing is printed while nothing is known.
            Happening::Verdict(verdict) if verdict.kind == VerdictKind::Unclear => return None,
            Happening::Verdict(verdict) => verdict_words(verdict),
            Happening::Metrics(_) => return None,
        };
        let time = self.time(happened.at);
        let lines: Vec<_> = text.lines().map(|line| format!("{time}  {}", clean(line))).collect();
        Some(lines.join("\n") + "\n")
    }

    fn time(&self, at: Moment) -> String {
        let zone = if self.settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
        at.0.to_zoned(zone).strftime("%H:%M:%S").to_string()
    }
}

fn is_final(happened: &Happened) -> bool {
    matches!(&happened.what, Happening::Verdict(verdict) if verdict.is_final)
}

/// Returns an event unless it reports normal progress, which the phases show.
fn worth_telling(event: &EnvironmentEvent) -> Option<&EnvironmentEvent> {
    let is_calm = matches!(event.severity, Severity::Trace | Severity::Debug | Severity::Info);
    (!is_calm).then_some(event)
}

/// The verdict so far, and each reason on a line of its own.
fn verdict_words(verdict: &Verdict) -> String {
    let reasons = verdict.reasons.iter().map(|reason| format!("\n  {}", reason.words));
    verdict.words() + &reasons.collect::<String>()
}
