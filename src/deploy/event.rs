//! The meaning of an event for an update: its sign, and the variable parts of its text.

use std::sync::Arc;

use super::sign::VerdictSign;
use super::texts::sign_of;
use crate::model::EnvironmentEvent;

/// The meaning of a message, with its variable parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventReading {
    /// Its sign.
    pub sign: VerdictSign,
    /// The number of the batch.
    pub batch: Option<u32>,
    /// The number of instances done, of how many; or the total, and the batch size.
    pub progress: Option<(u32, u32)>,
    /// On how many instances a command failed or did not end in time.
    pub failed: u32,
    /// The instances that it names.
    pub instances: Vec<Arc<str>>,
}

/// Returns the meaning of an event; `None` if its text is not known.
pub(super) fn read(event: &EnvironmentEvent) -> Option<EventReading> {
    let message = &*event.message;
    let sign = sign_of(message)?;
    let batch = message.strip_prefix("Batch ").and_then(first_number);
    let progress = match sign {
        VerdictSign::Progress => two_numbers(message, " of "),
        VerdictSign::ReplacingStarts => two_numbers(message, " in batches of "),
        _ => None,
    };
    let failed = if sign == VerdictSign::Progress { failed(message) } else { 0 };
    let sign = if failed > 0 { VerdictSign::SummaryFailed } else { sign };
    Some(EventReading { sign, batch, progress, failed, instances: instances(message) })
}

/// The numbers behind `Failed: ` and `TimedOut: ` in a summary, added up.
fn failed(message: &str) -> u32 {
    let Some((_, summary)) = message.split_once("Summary: [") else { return 0 };
    let counts = summary.split([',', ']']).filter_map(|part| {
        let (word, count) = part.trim().split_once(": ")?;
        matches!(word, "Failed" | "TimedOut").then(|| count.parse::<u32>().ok()).flatten()
    });
    counts.fold(0, u32::saturating_add)
}

/// The beginning of the update that is under way, given an environment's events, newest first; none if the last one that
/// is known has ended.
pub(super) fn open_start<'a>(mut events: impl Iterator<Item = &'a EnvironmentEvent>) -> Option<&'a EnvironmentEvent> {
    let ends = [
        VerdictSign::Completed,
        VerdictSign::CompletedWithErrors,
        VerdictSign::Failed,
        VerdictSign::Starting,
        VerdictSign::OtherOperation,
    ];
    let last =
        events.find_map(|it| read(it).filter(|reading| ends.contains(&reading.sign)).map(|reading| (it, reading)));
    last.filter(|(_, reading)| reading.sign == VerdictSign::Starting).map(|(event, _)| event)
}

/// An event that is kept, and its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub event: EnvironmentEvent,
    pub reading: Option<EventReading>,
}

impl Kept {
    pub(super) fn new(event: EnvironmentEvent) -> Self {
        Self { reading: read(&event), event }
    }

    /// Whether the update's course depends on it.
    pub(super) fn is_structure(&self) -> bool {
        let minor =
            [VerdictSign::Health, VerdictSign::InstanceAdded, VerdictSign::InstanceRemoved, VerdictSign::Progress];
        self.reading.as_ref().is_some_and(|reading| !minor.contains(&reading.sign))
    }
}

fn first_number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// Returns the first number of a text, and the first one after this piece of text.
fn two_numbers(text: &str, between: &str) -> Option<(u32, u32)> {
    let (one, other) = text.split_once(between)?;
    Some((first_number(one)?, first_number(other)?))
}

/// The instance ids in a text: `i-` and eight or more hexadecimal digits.
fn instances(message: &str) -> Vec<Arc<str>> {
    let words = message.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    let is_id = |word: &&str| {
        word.strip_prefix("i-").is_some_and(|hex| hex.len() >= 8 && hex.chars().all(|digit| digit.is_ascii_hexdigit()))
    };
    let mut found: Vec<Arc<str>> = words.filter(is_id).map(Into::into).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Moment;

    fn event(message: &str) -> EnvironmentEvent {
        EnvironmentEvent::new(Moment::EPOCH, message)
    }

    #[test]
    fn a_batch_is_reported_with_its_number_and_its_instances() {
        let message = "Batch 12: Starting application deployment on instance(s) [i-0c41aabb0011a7f22,i-0f02aabb].";
        let reading = read(&event(message)).unwrap();
        assert_eq!((reading.sign, reading.batch), (VerdictSign::BatchStarting, Some(12)));
        assert_eq!(reading.instances, ["i-0c41aabb0011a7f22".into(), Arc::from("i-0f02aabb")]);
    }

    #[test]
    fn a_command_that_is_done_is_not_a_batch_that_is_done() {
        let sign = |message| read(&event(message)).map(|reading| reading.sign);
        assert_eq!(
            sign("Batch 1: Completed application deployment command execution."),
            Some(VerdictSign::BatchCommandDone)
        );
        assert_eq!(sign("Batch 1: Completed application deployment."), Some(VerdictSign::BatchDone));
    }

    #[test]
    fn progress_is_two_numbers() {
        let reading = read(&event("Command execution completed on 1 of 12 instances in environment.")).unwrap();
        assert_eq!(reading.progress, Some((1, 12)));
    }

    #[test]
    fn rolled_back_and_but_with_errors_are_found_anywhere() {
        let sign = |message| read(&event(message)).map(|reading| reading.sign);
        assert_eq!(sign("The deployment failed and was rolled back."), Some(VerdictSign::Reverted));
        assert_eq!(sign("Deployment is complete but with errors."), Some(VerdictSign::CompletedWithErrors));
        assert_eq!(sign("Something new that AWS says since yesterday."), None);
    }
}
