//! A baseline: the findings of an earlier run, which this one's status does not follow.
//!
//! A finding that is worse than it was then is not in the baseline: what was accepted is not what there is now.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::aws::read_text;
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::findings::FindingIdentity;
use crate::diagnosis::{Finding, FindingSeverity};
use crate::model::Environment;

/// No answer of `doctor` is longer.
const MOST: u64 = 64 << 20;

/// The findings of an earlier run.
pub struct Baseline(BTreeMap<FindingIdentity, FindingSeverity>);

/// The answer of an earlier run, as far as it is read.
#[derive(Deserialize)]
struct Earlier {
    findings: Option<Vec<EarlierFinding>>,
}

/// A finding of an earlier run.
#[derive(Deserialize)]
struct EarlierFinding {
    #[serde(flatten)]
    identity: FindingIdentity,
    severity: String,
}

impl Baseline {
    /// Reads a file that `doctor -o json` wrote.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = read_text(path, MOST).map_err(|error| {
            let what = format!("the baseline {} cannot be read", path.display());
            Failure { status: ExitStatus::Usage, ..Failure::system(what, error) }
        })?;
        Self::parse(&text).map_err(|why| {
            Failure::usage(format!("{} is no baseline: {why}", path.display()))
                .hint("a baseline is what `beanpole doctor -o json` prints")
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let earlier: Earlier = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let findings = earlier.findings.ok_or("its environments could not be listed")?;
        let one = |it: EarlierFinding| {
            let severity = FindingSeverity::ALL.into_iter().find(|severity| severity.as_str() == it.severity);
            let severity = severity.ok_or_else(|| format!("`{}` is no severity", it.severity))?;
            Ok((it.identity, severity))
        };
        findings.into_iter().map(one).collect::<Result<_, String>>().map(Self)
    }

    /// Returns whether it has a finding, as bad as it is now or worse.
    pub fn has(&self, finding: &Finding, environment: &Environment) -> bool {
        let known = self.0.get(&FindingIdentity::new(finding, environment));
        known.is_some_and(|severity| *severity <= finding.severity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_of_doctor_is_no_baseline() {
        for (text, words) in [
            ("", "EOF"),
            ("[]", "expected struct"),
            ("{\"findings\": null}", "could not be listed"),
            ("{\"findings\": [{\"check\": \"drift\"}]}", "missing field"),
            (
                "{\"findings\": [{\"check\": \"a\", \"environment\": \"b\", \"subject\": \"c\", \"severity\": \"bad\"}]}",
                "`bad` is no severity",
            ),
        ] {
            let why = Baseline::parse(text).err().unwrap();
            assert!(why.contains(words), "{text}: {why}");
        }
        assert!(Baseline::parse("{\"findings\": [], \"errors\": []}").is_ok());
    }
}
