//! The plan of a deploy, read before the question is asked: as sentences, and as an object of the answer.

use std::sync::Arc;

use serde::Serialize;

use super::desk::Desk;
use super::reading::gather_more;
use crate::deploy::DeployPlan;
use crate::diagnosis::findings_before_deploy;
use crate::model::{ApplicationVersion, Environment};
use crate::polling::Question;

/// The plan, as the answer has it. What is not known is null.
#[derive(Clone, Debug, Serialize)]
pub struct DeployPlanReport {
    policy: Option<&'static str>,
    batches: Option<u32>,
    instances: Option<u32>,
    healthy: Option<u32>,
    healthy_at_worst: Option<u32>,
    ignores_health: Option<bool>,
    /// How long the last deploys took that ended well, newest first.
    took_seconds: Vec<u64>,
    /// How many of the last did not end well.
    ended_badly: usize,
    older_than_running: Option<bool>,
    /// How many of the last were rolled back from this machine.
    rolled_back: usize,
    /// Whether the version that runs could be deployed again.
    can_go_back: Option<bool>,
    findings: Vec<String>,
    /// All of it as sentences.
    lines: Vec<String>,
}

impl DeployPlanReport {
    /// Reads what the plan of a deploy depends on, and makes it.
    pub async fn read(
        desk: &Desk<'_>,
        environment: &Environment,
        version: &Arc<str>,
        versions: &[ApplicationVersion],
    ) -> Self {
        let key = environment.key.clone();
        let reading = gather_more(desk.settings, &desk.session, |_| {
            vec![Question::Linked, Question::Tree(key.clone()), Question::History(key.clone())]
        })
        .await;
        let known = reading.known();
        let environment = known.inventory.environments.get(&key).unwrap_or(environment);
        let (records, rollbacks) = desk.past_updates(&key).await;
        let plan = DeployPlan::new(known, environment, version, Some(versions));
        let plan = plan.with_past(known, environment, (&records, &rollbacks));
        Self::new(&plan, findings_before_deploy(known, &reading.freshness(), &key))
    }

    fn new(plan: &DeployPlan, findings: Vec<String>) -> Self {
        let lines =
            plan.lines().into_iter().map(|line| line.text).chain(findings.iter().map(|it| format!("Finding: {it}")));
        Self {
            policy: plan.rollout.map(|it| it.policy.as_str()),
            batches: plan.batches(),
            instances: plan.fleet.map(|it| it.instances),
            healthy: plan.fleet.map(|it| it.healthy),
            healthy_at_worst: plan.worst(),
            ignores_health: plan.rollout.map(|it| it.ignores_health),
            took_seconds: plan.past.took.iter().map(std::time::Duration::as_secs).collect(),
            ended_badly: plan.past.failed,
            rolled_back: plan.past.rolled_back,
            older_than_running: plan.candidate.is_older,
            can_go_back: plan.candidate.can_go_back,
            lines: lines.collect(),
            findings,
        }
    }

    /// Returns the plan as sentences.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}
