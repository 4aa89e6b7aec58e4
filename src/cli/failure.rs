//! Why a command failed, with the exit status of the contract.

use std::error::Error;
use std::fmt;

use crate::aws::{OpenFault, REGIONS};
use crate::mistakes::did_you_mean;
use crate::model::{Fault, FaultKind, ReadError};
use crate::runtime::Signal;

/// The exit statuses that other people's scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It worked, and the result is bad.
    Bad = 1,
    /// Wrong usage, or a name that does not exist.
    Usage = 2,
    /// No credentials, or expired ones.
    Credentials = 3,
    /// AWS refused.
    Denied = 4,
    /// AWS could not be reached, kept throttling, or answered nonsense.
    Unreachable = 5,
    /// What was to be changed differs from what was read; nothing was written.
    Conflict = 6,
    /// Beanpole refused, or the environment is not Ready.
    Refused = 7,
    /// Only a part was written, or the outcome is unknown.
    Unknown = 8,
    /// The terminal went away.
    HungUp = 129,
    /// Ctrl-C.
    Interrupted = 130,
    /// `kill`.
    Terminated = 143,
}

/// What failed, on what, and what to do.
#[derive(Debug)]
pub struct Failure {
    /// The status to exit with.
    pub status: ExitStatus,
    /// What failed, in a lower-case fragment.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The underlying error.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A mistake in usage.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { status: ExitStatus::Usage, what: what.into(), hint: None, source: None }
    }

    /// Beanpole refuses.
    pub fn refused(what: impl Into<String>) -> Self {
        Self { status: ExitStatus::Refused, ..Self::usage(what) }
    }

    /// Adds a hint of what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The terminal or the system failed us.
    pub fn system(what: impl Into<String>, source: impl Error + Send + Sync + 'static) -> Self {
        Self { status: ExitStatus::Unreachable, what: what.into(), hint: None, source: Some(Box::new(source)) }
    }

    /// A call failed.
    pub fn fault(fault: &Fault) -> Self {
        let status = status_of(fault.kind);
        Self { status, what: fault.sentence(), hint: Some(advice(fault)), source: None }
    }

    /// Something could not be read.
    pub fn unread(error: &ReadError) -> Self {
        let status = status_of(error.kind());
        Self { status, what: error.sentence(), hint: Some(advice_on_reading(error)), source: None }
    }

    /// A signal asks the program to end.
    pub fn signalled(signal: Signal) -> Self {
        let status = match signal {
            Signal::HangUp => ExitStatus::HungUp,
            Signal::Interrupt => ExitStatus::Interrupted,
            Signal::Terminate => ExitStatus::Terminated,
        };
        Self { status, what: "interrupted".into(), hint: None, source: None }
    }

    /// A session could not be opened.
    pub fn open(fault: &OpenFault) -> Self {
        match fault {
            OpenFault::Credentials(fault) => Self::fault(fault),
            OpenFault::UnknownProfile { name, known } => {
                let meant = did_you_mean(name, known.iter().map(String::as_str));
                let names = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Self::usage(format!("there is no profile `{name}`{meant}")).hint(format!("profiles here: {names}"))
            }
            OpenFault::BadRegion(name) => {
                Self::usage(format!("`{name}` is not the name of a region{}", region_meant(name)))
            }
            OpenFault::NoRegion { .. } => {
                Self::usage("no region is configured").hint("give --region, AWS_REGION, or a region in the profile")
            }
            _ => Self::usage(fault.to_string()),
        }
    }
}

/// The region that was meant; one that lacks its number means the first of its kind.
fn region_meant(name: &str) -> String {
    let meant = did_you_mean(name, REGIONS.iter().copied());
    if meant.is_empty() { did_you_mean(&format!("{name}-1"), REGIONS.iter().copied()) } else { meant }
}

/// Returns what to do about a fault that ends a command, which does not try again.
pub fn advice(fault: &Fault) -> String {
    match fault.kind {
        // Something other than AWS answered.
        FaultKind::Other if fault.details.is_some() => "check a proxy, the network and --endpoint-url".into(),
        FaultKind::Denied | FaultKind::Invalid => fault.advice(),
        kind => advice_by_kind(kind).into(),
    }
}

/// The same for what could not be read.
pub fn advice_on_reading(error: &ReadError) -> String {
    error.fault().map_or_else(|| advice_by_kind(error.kind()).to_owned(), |fault| advice(fault))
}

/// The same where only the kind is known.
pub fn advice_by_kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Throttled => "the account's allowance is used up: try again later",
        FaultKind::Expired => "log in again (aws sso login, or new keys)",
        FaultKind::NotFound => "it was deleted meanwhile",
        FaultKind::Network => "check the network, a proxy, the region and --endpoint-url",
        FaultKind::Other | FaultKind::Denied | FaultKind::Invalid => "try again; --log-file FILE records details",
    }
}

/// The status for a call that failed.
pub fn status_of(kind: FaultKind) -> ExitStatus {
    match kind {
        FaultKind::Expired => ExitStatus::Credentials,
        FaultKind::Denied => ExitStatus::Denied,
        FaultKind::Throttled | FaultKind::Network | FaultKind::Other | FaultKind::Invalid | FaultKind::NotFound => {
            ExitStatus::Unreachable
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        let mut source = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;

    const KINDS: [FaultKind; 7] = [
        FaultKind::Throttled,
        FaultKind::Denied,
        FaultKind::Expired,
        FaultKind::NotFound,
        FaultKind::Invalid,
        FaultKind::Network,
        FaultKind::Other,
    ];

    fn fault(kind: FaultKind) -> Fault {
        let (service, operation) = (Service::Elb, "DescribeTags");
        Fault { kind, service, operation, code: None, message: "no".into(), details: None, request_id: None }
    }

    #[test]
    fn each_kind_of_fault_has_its_status() {
        let statuses = KINDS.map(|kind| Failure::fault(&fault(kind)).status as i32);
        // Throttled, denied, expired, not found, invalid, network, other.
        assert_eq!(statuses, [5, 4, 3, 5, 5, 5, 5]);
    }

    #[test]
    fn each_kind_of_fault_says_what_failed_and_what_to_do() {
        let advice: std::collections::BTreeSet<_> = KINDS.iter().map(|kind| advice(&fault(*kind))).collect();
        assert_eq!(advice.len(), KINDS.len(), "{advice:?}");
        for kind in KINDS {
            let failure = Failure::fault(&fault(kind));
            assert!(failure.what.contains("no") && failure.hint.is_some(), "{failure:?}");
        }
        assert!(Failure::fault(&fault(FaultKind::Denied)).hint.unwrap().contains("elasticloadbalancing:DescribeTags"));
    }

    #[test]
    fn the_statuses_are_those_of_the_contract() {
        let all = [
            (ExitStatus::Bad, 1),
            (ExitStatus::Usage, 2),
            (ExitStatus::Credentials, 3),
            (ExitStatus::Denied, 4),
            (ExitStatus::Unreachable, 5),
            (ExitStatus::Conflict, 6),
            (ExitStatus::Refused, 7),
            (ExitStatus::Unknown, 8),
            (ExitStatus::HungUp, 129),
            (ExitStatus::Interrupted, 130),
            (ExitStatus::Terminated, 143),
        ];
        all.iter().for_each(|(status, number)| assert_eq!(*status as i32, *number));
        let signals = [Signal::HangUp, Signal::Interrupt, Signal::Terminate];
        assert_eq!(signals.map(|signal| Failure::signalled(signal).status as i32), [129, 130, 143]);
    }

    #[test]
    fn a_failure_is_reported_with_what_lies_behind_it() {
        let cause = std::io::Error::other("the disk is full");
        assert_eq!(Failure::system("the report", cause).to_string(), "the report: the disk is full");
        assert_eq!(Failure::usage("a").hint("b").to_string(), "a");
    }
}
