//! What a deploy is going to do, from what is live: said before it is confirmed. What is not known is said, too.

mod past;
mod worst;

use std::sync::Arc;
use std::time::Duration;

pub use past::PastDeploys;
pub use worst::FleetBefore;

use super::policy::{Policy, Rollout};
use crate::change::{PastRollback, UpdateRecord};
use crate::model::{
    ApplicationVersion, Environment, EnvironmentLink, HealthStatus, Key, Snapshot, Strength, TargetGroup, TargetState,
    clean, counted, duration_words,
};

/// The attribute of a target group that says how long a target is drained, in seconds.
const DRAINING: &str = "deregistration_delay.timeout_seconds";
/// The longest interval of a health check, taken where it is not known.
const LONGEST_INTERVAL: Duration = Duration::from_secs(300);

/// What a deploy of a version is going to do.
#[derive(Clone, Debug, PartialEq)]
pub struct DeployPlan {
    /// The version.
    pub version: Arc<str>,
    /// How it is rolled out; none while the option settings are not read.
    pub rollout: Option<Rollout>,
    /// The instances before it; none while they are not known.
    pub fleet: Option<FleetBefore>,
    /// Whether it is known how long targets are drained.
    pub knows_draining: bool,
    /// How long the last deploys took.
    pub past: PastDeploys,
    /// The place of the version among those of the application.
    pub candidate: CandidateVersion,
}

/// How a version and the one that runs compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateVersion {
    /// The version that runs.
    pub running: Option<Arc<str>>,
    /// Whether the candidate was created before the one that runs; none if that is not known.
    pub is_older: Option<bool>,
    /// Whether the version that runs can be deployed again, for a rollback; none if that is not known.
    pub can_go_back: Option<bool>,
}

/// A line of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// The text.
    pub text: String,
    /// Whether it is a reason to think again.
    pub is_warning: bool,
}

impl DeployPlan {
    /// Makes the plan of a deploy from what was read; `versions` are those of the application, if they were.
    #[must_use]
    pub fn new(
        snapshot: &Snapshot,
        environment: &Environment,
        version: &Arc<str>,
        versions: Option<&[ApplicationVersion]>,
    ) -> Self {
        let inventory = &snapshot.inventory;
        let groups = own_groups(snapshot, &environment.key);
        Self {
            version: Arc::clone(version),
            rollout: inventory.settings.get(&environment.key).map(Rollout::of),
            fleet: fleet(snapshot, environment, groups.as_deref()),
            knows_draining: groups.is_some_and(|groups| groups.iter().all(|it| draining(snapshot, it).is_some())),
            past: PastDeploys::from_events(environment, inventory.events.iter()),
            candidate: CandidateVersion::new(environment, version, versions),
        }
    }

    /// The same, with what our own journal has of past updates beside the events.
    #[must_use]
    pub fn with_past(
        self,
        snapshot: &Snapshot,
        environment: &Environment,
        (records, rollbacks): (&[UpdateRecord], &[PastRollback]),
    ) -> Self {
        let past = PastDeploys::new(environment, snapshot.inventory.events.iter(), (records, rollbacks));
        Self { past, ..self }
    }

    /// How many instances serve at the worst moment, if that is known.
    #[must_use]
    pub fn worst(&self) -> Option<u32> {
        Some(self.fleet?.worst(self.rollout.as_ref()?))
    }

    /// In how many batches it goes, if it goes in batches and that is known.
    #[must_use]
    pub fn batches(&self) -> Option<u32> {
        self.rollout?.batches_of(self.fleet?.instances)
    }

    /// Returns the plan in sentences without full stops, the policy first.
    #[must_use]
    pub fn lines(&self) -> Vec<PlanLine> {
        let text = |text: String| PlanLine { text, is_warning: false };
        let mut lines = vec![text(self.policy())];
        lines.push(self.healthy());
        lines.extend(self.drains().map(text));
        lines.push(text(self.past.words()));
        if self.rollout.is_some_and(|it| it.ignores_health) {
            let words = "IgnoreHealthCheck is on: Beanstalk goes on although instances are not healthy";
            lines.push(PlanLine { text: words.to_owned(), is_warning: true });
        }
        lines.extend(self.candidate.lines(&self.version));
        lines
    }

    fn policy(&self) -> String {
        let Some(rollout) = &self.rollout else {
            return "How it will be rolled out is not known: the settings are not read".into();
        };
        let batches = match (self.batches(), rollout.policy) {
            (Some(batches), _) => format!(", in {}", counted(batches, "batch")),
            (None, Policy::Rolling | Policy::RollingWithAdditionalBatch) => {
                ", in how many batches is not known".to_owned()
            }
            (None, _) => String::new(),
        };
        format!("{}{batches}", rollout.words())
    }

    fn healthy(&self) -> PlanLine {
        let Some(fleet) = self.fleet else {
            let text = "How many instances serve is not known, now and at the worst moment".to_owned();
            return PlanLine { text, is_warning: true };
        };
        let now = format!("{} of {} healthy now", fleet.healthy, counted(fleet.instances, "instance"));
        let Some(worst) = self.worst() else {
            return PlanLine { text: format!("{now}; at the worst moment not known"), is_warning: true };
        };
        let why = if self.rollout.is_some_and(|it| it.policy == Policy::AllAtOnce) {
            ": for some seconds no instance may serve"
        } else {
            ""
        };
        let is_warning = worst * 2 < fleet.instances || fleet.healthy < fleet.instances;
        PlanLine { text: format!("{now}, {worst} at the worst moment{why}"), is_warning }
    }

    fn drains(&self) -> Option<String> {
        let (fleet, rollout) = (self.fleet?, self.rollout.as_ref()?);
        let (times, all) = fleet.drains(rollout)?;
        if !self.knows_draining {
            return Some("How long targets are drained is not known".to_owned());
        }
        let each = duration_words(fleet.draining.as_secs());
        Some(if times == 1 {
            format!("Targets are drained for up to {each}")
        } else {
            let batches = counted(times, "batch");
            format!("Targets are drained for up to {each} in each of {batches}: {}s", all.as_secs())
        })
    }
}

impl CandidateVersion {
    fn new(environment: &Environment, version: &Arc<str>, versions: Option<&[ApplicationVersion]>) -> Self {
        let Some(running) = environment.version.clone() else { return Self::default() };
        let find = |label: &Arc<str>| versions?.iter().find(|it| it.label == *label);
        let created = |label: &Arc<str>| find(label)?.created;
        let is_older = created(version).zip(created(&running)).map(|(ours, theirs)| ours < theirs);
        let is_there = |_| find(&running).is_some_and(|it| ApplicationVersion::obstacle(it.status.as_ref()).is_none());
        Self { can_go_back: versions.map(is_there), is_older, running: Some(running) }
    }

    fn lines(&self, version: &Arc<str>) -> Vec<PlanLine> {
        let Some(running) = self.running.as_ref().filter(|running| *running != version) else { return Vec::new() };
        let running = clean(running);
        let mut lines = Vec::new();
        if self.is_older == Some(true) {
            let text = format!("This version is older than the one that runs, {running}");
            lines.push(PlanLine { text, is_warning: true });
        }
        lines.push(match self.can_go_back {
            Some(true) => PlanLine { text: format!("A rollback would deploy {running} again"), is_warning: false },
            Some(false) => {
                let text = format!("No way back: {running} is not among the application's versions any more");
                PlanLine { text, is_warning: true }
            }
            None => {
                let text = format!("Whether {running} could be deployed again is not known");
                PlanLine { text, is_warning: true }
            }
        });
        lines
    }
}

/// The target groups that are proven to be the environment's; none while its place is not known.
fn own_groups(snapshot: &Snapshot, environment: &Key<Environment>) -> Option<Vec<Key<TargetGroup>>> {
    let link: &EnvironmentLink = snapshot.topology.link(environment)?;
    let proven = link.groups.iter().filter(|group| group.evidence.strength() == Strength::Proven);
    Some(proven.map(|group| group.key.clone()).collect())
}

fn draining(snapshot: &Snapshot, group: &Key<TargetGroup>) -> Option<Duration> {
    let seconds = snapshot.inventory.target_group_attributes.get(group)?.get(DRAINING)?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// The instances as they are: by the targets of the environment's own groups, or by Beanstalk's health where it has none.
fn fleet(snapshot: &Snapshot, environment: &Environment, groups: Option<&[Key<TargetGroup>]>) -> Option<FleetBefore> {
    let (groups, inventory) = (groups?, &snapshot.inventory);
    if groups.is_empty() {
        let instances = inventory.instances_health.get(&environment.key)?;
        let is_well = |status: &HealthStatus| matches!(status.as_str(), "Ok" | "Info");
        let well = instances.iter().filter(|it| it.status.as_ref().is_some_and(is_well)).count();
        return Some(FleetBefore {
            instances: u32::try_from(instances.len()).ok()?,
            healthy: u32::try_from(well).ok()?,
            draining: Duration::ZERO,
            interval: Duration::ZERO,
            is_balanced: false,
        });
    }
    let targets = groups.iter().map(|group| inventory.targets.get(group)).collect::<Option<Vec<_>>>()?;
    let mut ids: Vec<_> =
        targets.iter().copied().flatten().filter(|it| it.state != TargetState::Draining).map(|it| &it.id).collect();
    ids.sort();
    ids.dedup();
    // A target that fails in one group fails for some of the requests.
    let is_healthy = |id: &&&Arc<str>| {
        let mut own =
            targets.iter().copied().flatten().filter(|it| it.id == ***id && it.state != TargetState::Draining);
        own.all(|it| it.state == TargetState::Healthy)
    };
    let interval = |group: &Key<TargetGroup>| {
        let seconds = inventory.target_groups.get(group)?.health_check.interval?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    };
    Some(FleetBefore {
        instances: u32::try_from(ids.len()).ok()?,
        healthy: u32::try_from(ids.iter().filter(is_healthy).count()).ok()?,
        draining: groups.iter().filter_map(|group| draining(snapshot, group)).max().unwrap_or_default(),
        interval: groups.iter().map(|group| interval(group).unwrap_or(LONGEST_INTERVAL)).max().unwrap_or_default(),
        is_balanced: true,
    })
}
