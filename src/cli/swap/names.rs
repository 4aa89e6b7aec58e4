//! What the CNAMEs of two environments answer, once they are exchanged: one request to each.

use std::sync::Arc;

use serde::Serialize;

use crate::cli::desk::Desk;
use crate::model::{Environment, Snapshot, clean};
use crate::probe::{AnsweredBy, ConnectTo, ProbeOptions, ProbeTarget, first_answer};

/// What a request to an environment's CNAME brought.
#[derive(Clone, Debug, Serialize)]
pub struct NameProbe {
    /// The environment that has the CNAME now.
    environment: Arc<str>,
    /// What was requested.
    url: String,
    /// The status of the answer; none if there was none.
    status: Option<u16>,
    /// Who made the answer.
    answered_by: Option<AnsweredBy>,
    /// Why there is none.
    failure: Option<String>,
}

/// Sends one request to each name. What has no address is left out.
pub(super) async fn probe_names(
    desk: &Desk<'_>,
    known: &Snapshot,
    environments: [&Environment; 2],
    connect_to: Option<&ConnectTo>,
) -> Vec<NameProbe> {
    let options = ProbeOptions { requests: 0, connect_to: connect_to.cloned(), ..ProbeOptions::default() };
    let mut probes = Vec::new();
    for it in environments {
        // The CNAME is the one that it was read with afterwards.
        let Some(environment) = known.inventory.environments.get(&it.key) else { continue };
        let Some(target) = ProbeTarget::new(known, environment, &options) else { continue };
        let seen = first_answer(desk.settings.dialer.clone(), &target.plan).await;
        let first = seen.as_ref().ok();
        probes.push(NameProbe {
            environment: target.environment,
            url: target.url,
            status: first.map(|answer| answer.status),
            answered_by: first.map(|answer| answer.by),
            failure: seen.as_ref().err().map(|error| clean(&error.to_string()).into_owned()),
        });
    }
    probes
}

impl NameProbe {
    /// Returns it as a line for people.
    pub(super) fn line(&self) -> String {
        let (url, name) = (&self.url, &self.environment);
        if let (Some(status), Some(by)) = (self.status, self.answered_by) {
            let warning = if status >= 500 { "WARNING: " } else { "" };
            format!("{warning}{url} (now {name}): answered with {status} by {}", by.describe())
        } else {
            let why = self.failure.as_deref().unwrap_or_default();
            format!("{url} (now {name}): not known what it answers, nothing was reached from here: {why}")
        }
    }
}
