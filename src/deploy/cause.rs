//! What Beanstalk's health causes mean for an update: the sentences of enhanced health, and of the events that report
//! a change of it.

/// The meaning of a cause for an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// The commands of a deployment failed on instances.
    CommandFailed,
    /// Instances run another version than the one that should run.
    WrongVersion,
    /// Requests are answered with 4xx: clients ask for what is not there.
    ClientErrors,
    /// Requests are answered with 5xx.
    ServerErrors,
}

/// The beginnings of the sentences, and their meanings.
const TEXTS: &[(&str, Cause)] = &[
    ("Command failed on ", Cause::CommandFailed),
    ("Command execution failed", Cause::CommandFailed),
    ("Application update failed", Cause::CommandFailed),
    ("Application deployment failed", Cause::CommandFailed),
    ("Incorrect application version", Cause::WrongVersion),
];

impl Cause {
    /// Returns the meaning of a sentence; `None` if it does not concern updates.
    pub(super) fn read(sentence: &str) -> Option<Self> {
        let sentence = sentence.trim_start();
        let known = TEXTS.iter().find(|(text, _)| sentence.starts_with(text)).map(|(_, cause)| *cause);
        // `20 % of the requests are erroring with HTTP 4xx`, `15% of requests are erroring`, `... to the ELB are failing`.
        let of_requests = || {
            let kinds = [("HTTP 4xx", Self::ClientErrors), ("HTTP 5xx", Self::ServerErrors)];
            let found = kinds.into_iter().find(|(code, _)| sentence.contains("requests") && sentence.contains(code));
            found.map(|(_, cause)| cause)
        };
        known.or_else(of_requests)
    }

    /// Whether it is about a share of the requests.
    pub(super) fn is_of_requests(self) -> bool {
        matches!(self, Self::ClientErrors | Self::ServerErrors)
    }
}

/// Returns the causes in an event that reports a change of health, without the sentence that reports the change.
pub(super) fn of_event(message: &str) -> impl Iterator<Item = &str> {
    message.split(". ").skip(1).map(|sentence| sentence.trim_end_matches('.')).filter(|sentence| !sentence.is_empty())
}

/// Returns the old and the new health of an event: `Environment health has transitioned from Ok to Info.`
pub(super) fn transition(message: &str) -> Option<(Option<&str>, &str)> {
    let rest = message.strip_prefix("Environment health has transitioned ")?;
    let (words, _) = rest.split_once('.')?;
    match words.strip_prefix("from ").and_then(|words| words.split_once(" to ")) {
        Some((from, to)) => Some((Some(from), to)),
        None => Some((None, words.strip_prefix("to ")?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_known_by_their_beginnings() {
        let reported = [
            ("Command failed on 1 out of 2 instances.", Some(Cause::CommandFailed)),
            ("Command failed on all instances.", Some(Cause::CommandFailed)),
            ("Command is executing on 3 out of 5 instances", None),
            (
                r#"Incorrect application version found on 2 out of 5 instances. Expected version "v1" (deployment 1)."#,
                Some(Cause::WrongVersion),
            ),
            (
                r#"Incorrect application version on environment instances. Expected version "v1" (deployment 1)."#,
                Some(Cause::WrongVersion),
            ),
            (
                r#"Incorrect application version "v2" (deployment 2). Expected version "v1" (deployment 1)."#,
                Some(Cause::WrongVersion),
            ),
            ("20% of the requests to the ELB are erroring with HTTP 4xx.", Some(Cause::ClientErrors)),
            ("15% of requests are erroring with HTTP 4xx", Some(Cause::ClientErrors)),
            ("100.0 % of the requests are failing with HTTP 5xx.", Some(Cause::ServerErrors)),
            ("Application update in progress on 1 out of 4 instances.", None),
            ("Application deployment completed 23 seconds ago and took 26 seconds", None),
            ("ELB health is failing or not available for all instances.", None),
            ("91 % of CPU is in use. 24 % in I/O wait", None),
        ];
        for (text, cause) in reported {
            assert_eq!(Cause::read(text), cause, "{text}");
        }
    }

    #[test]
    fn several_sentences_follow_each_other_in_an_event() {
        let message = "Environment health has transitioned from Info to Severe. 100.0 % of the requests are failing with HTTP 5xx. Command failed on all instances.";
        let causes: Vec<_> = of_event(message).collect();
        assert_eq!(causes, ["100.0 % of the requests are failing with HTTP 5xx", "Command failed on all instances"]);
        assert_eq!(transition(message), Some((Some("Info"), "Severe")));
        assert_eq!(transition("Environment health has transitioned to Severe. No data."), Some((None, "Severe")));
        assert_eq!(transition("Environment health has been set to RED"), None);
    }
}
