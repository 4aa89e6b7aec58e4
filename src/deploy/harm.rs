//! Whether an update that is followed has to be rolled back without anybody's decision.
//!
//! Only confirmed harm counts: the load balancer's figures, or the failure of the update itself. A rollback, a change of
//! settings or of the platform is never rolled back, and neither is an update after which someone has acted.

use std::sync::Arc;

use super::phase::{PhaseStep, UpdateKind};
use super::verdict::VerdictKind;
use super::watch::Watch;

/// What the harm of an update calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HarmResponse {
    /// Nothing: there is no harm, or it is not confirmed.
    Nothing,
    /// Its end is waited for: Beanstalk itself is taking the update back.
    Wait,
    /// Nothing by itself, for this reason.
    LeftToPerson(&'static str),
    /// A rollback.
    RollBack {
        /// The version that does harm.
        from: Arc<str>,
        /// The version that ran before.
        to: Arc<str>,
    },
}

impl Watch {
    /// Returns whether it did harm that is confirmed.
    #[must_use]
    pub fn is_harmful(&self) -> bool {
        let verdict = self.verdict();
        (verdict.kind == VerdictKind::Worse && !verdict.early) || verdict.kind == VerdictKind::Failed
    }

    /// Returns what its harm calls for, as far as the update itself shows that.
    #[must_use]
    pub fn harm_response(&self) -> HarmResponse {
        let versions = self.versions();
        let changed = versions.before.clone().zip(versions.requested.clone()).filter(|(before, after)| before != after);
        match changed {
            _ if !self.is_harmful() => HarmResponse::Nothing,
            _ if self.status.gone.is_some() => HarmResponse::LeftToPerson("the environment was terminated"),
            _ if self.removes().is_some() => HarmResponse::LeftToPerson("it is a rollback itself"),
            _ if matches!(self.kind(), UpdateKind::Settings | UpdateKind::Platform) => {
                HarmResponse::LeftToPerson("it changes settings or the platform, and no version")
            }
            _ if self.next().is_some() => HarmResponse::LeftToPerson("another update began after it"),
            _ if self.ended().is_none() && self.phase().step == PhaseStep::RollingBack => HarmResponse::Wait,
            Some((to, from)) => HarmResponse::RollBack { from, to },
            None if versions.requested.is_some() && versions.before.is_some() => {
                HarmResponse::LeftToPerson("it deploys the version again that ran before")
            }
            None => HarmResponse::LeftToPerson("which version ran before is not known"),
        }
    }
}
