//! Reads what a guard needs, and lets it decide whether the step may be sent.

use std::sync::Arc;

use super::backoff::Backoff;
use super::reading::{ReadScope, WriteReader, WriteReread};
use super::site::Depth;
use super::writer::JournalWriter;
use crate::aws::apply::validate;
use crate::aws::{look, versions_of};
use crate::change::https::HttpsInputs;
use crate::change::{
    ChangeRows, CnameSwap, Difference, EnvironmentState, Guard, HangsOn, InstanceLimits, Instances, LookUpVerdict,
    Operation, OperationError, OptionEdits, Outcome, Refusal, Subject, target_groups,
};
use crate::model::{ConfigurationSettings, Environment, Fault, Key, MuteRule, Names, ReadError, Source, api_reads};

/// The verdict of a guard, and what it is based on.
pub(super) struct Asked {
    pub verdict: LookUpVerdict,
    pub seen: GuardSeen,
}

/// What was read.
pub(super) enum GuardSeen {
    /// Nothing, or it could not be read.
    Nothing,
    /// The environment.
    Environment(Box<Environment>),
    /// What a change of settings depends on.
    Settings(Box<WriteReread>),
    /// What HTTPS depends on.
    HttpsInputs(Box<HttpsInputs>),
}

impl GuardSeen {
    pub(super) fn state(&self) -> Option<EnvironmentState> {
        match self {
            Self::Nothing => None,
            Self::Environment(environment) => Some(EnvironmentState::from(&**environment)),
            Self::Settings(reread) => Some(EnvironmentState::from(&reread.environment)),
            Self::HttpsInputs(site) => Some(EnvironmentState::from(&site.environment)),
        }
    }

    /// The live values of the settings that an operation changes.
    pub(super) fn values(&self, operation: &Operation) -> Vec<(String, Option<Arc<str>>)> {
        let Self::Settings(reread) = self else { return Vec::new() };
        operation.rows().map(|rows| rows.observe(&reread.basis())).unwrap_or_default()
    }
}

impl Asked {
    fn of(verdict: LookUpVerdict, seen: GuardSeen) -> Self {
        Self { verdict, seen }
    }

    fn failed(error: impl Into<OperationError>) -> Self {
        Self::of(LookUpVerdict::Stop(Outcome::Failed(error.into())), GuardSeen::Nothing)
    }

    fn gone(live: impl Into<Arc<str>>) -> Self {
        let difference = Difference::new("environment", live, "gone");
        Self::of(LookUpVerdict::Stop(Outcome::Conflict(vec![difference])), GuardSeen::Nothing)
    }

    /// Gives an operation the id of what one of its steps created, where the answer was lost.
    pub(super) fn complete(&self, operation: &mut Operation, place: usize) {
        let GuardSeen::HttpsInputs(site) = &self.seen else { return };
        let Some((step, id)) = operation.undertaking(place).and_then(|it| Some((it.step, it.unrecorded(site)?))) else {
            return;
        };
        if let Some(setup) = &mut operation.setup {
            setup.keep(step, id);
        }
    }
}

impl JournalWriter<'_> {
    /// Reads what the guard of a step asks for, and asks it.
    pub(super) async fn ask(&self, operation: &Operation, place: usize, guard: &Guard, backoff: &mut Backoff) -> Asked {
        match guard {
            Guard::AsSeen(hangs_on) => self.as_seen(operation, place, *hangs_on, backoff).await,
            Guard::Spared(instance) => match Box::pin(self.instances(&operation.subject.key, backoff)).await {
                Ok(instances) => Asked::of(operation.spared(instance, &instances), GuardSeen::Nothing),
                Err(fault) => Asked::failed(fault),
            },
            Guard::InstanceLimits { from, to } => self.sized(operation, (*from, *to), backoff).await,
            Guard::Options(edits) => self.options(operation, edits, backoff).await,
            Guard::Settings(rows) => Box::pin(self.settings(operation, rows)).await,
            Guard::Https { .. } => Box::pin(self.on_site(operation, place)).await,
            Guard::MuteRule { rule, until } => {
                match backoff.call(|| look::mute_rule(self.session, rule, self.now)).await {
                    Ok(live) => {
                        let now = live.filter(MuteRule::is_in_force).and_then(|rule| rule.until());
                        Asked::of(operation.mute_rule_as_seen(place, *until, now), GuardSeen::Nothing)
                    }
                    Err(fault) => Asked::failed(fault),
                }
            }
            Guard::Alarms(alarms) => {
                let names: Vec<_> = alarms.iter().map(|alarm| Arc::clone(&alarm.name)).collect();
                match backoff.call(|| look::alarms_named(self.session, &names, self.now)).await {
                    Ok(live) => Asked::of(operation.alarms_as_seen(place, alarms, &live), GuardSeen::Nothing),
                    Err(fault) => Asked::failed(fault),
                }
            }
            Guard::Cnames(swap) => self.cnames(operation, swap, backoff).await,
            Guard::NotYetEverywhere(label) => {
                let read = backoff.call(|| look::instances(self.session, &operation.subject.key, self.now)).await;
                Asked::of(operation.runs_everywhere(label, &read.unwrap_or_default()), GuardSeen::Nothing)
            }
            Guard::NoVersion(new) => {
                let (session, application) = (self.session, &operation.subject.application);
                match backoff.call(|| look::application_version(session, application, &new.label, self.now)).await {
                    Ok(known) => Asked::of(operation.no_version(new, known.as_ref()), GuardSeen::Nothing),
                    Err(fault) => Asked::failed(fault),
                }
            }
            Guard::VersionExists(label) => {
                let application = &operation.subject.application;
                let versions = backoff.call(|| versions_of(self.session, application, self.now)).await;
                let versions = versions.as_deref().map_err(|fault| &**fault);
                Asked::of(operation.version_exists(label, versions), GuardSeen::Nothing)
            }
        }
    }

    async fn as_seen(&self, operation: &Operation, place: usize, hangs_on: HangsOn, backoff: &mut Backoff) -> Asked {
        let key = &operation.subject.key;
        match backoff.call(|| look::environment(self.session, key, self.now)).await {
            Ok(Some(environment)) => {
                let verdict = operation.as_seen(place, hangs_on, &EnvironmentState::from(&environment));
                Asked::of(verdict, GuardSeen::Environment(Box::new(environment)))
            }
            Ok(None) => Asked::gone(operation.subject.name.clone()),
            Err(fault) => Asked::failed(fault),
        }
    }

    /// Whether both environments have the CNAMEs that were seen.
    async fn cnames(&self, operation: &Operation, swap: &CnameSwap, backoff: &mut Backoff) -> Asked {
        let mut both = Vec::new();
        for subject in [&operation.subject, &swap.other] {
            match backoff.call(|| look::environment(self.session, &subject.key, self.now)).await {
                Ok(Some(environment)) => both.push(environment),
                Ok(None) => return Asked::gone(subject.name.clone()),
                Err(fault) => return Asked::failed(fault),
            }
        }
        let [own, other] = both.as_slice() else { return Asked::failed(OperationError::Vanished) };
        let verdict = Operation::swappable(swap, own, other);
        Asked::of(verdict, GuardSeen::Environment(Box::new(own.clone())))
    }

    /// The instances of an environment as they are now.
    pub(super) async fn instances(
        &self,
        key: &Key<Environment>,
        backoff: &mut Backoff,
    ) -> Result<Instances, OperationError> {
        let mut reader = WriteReader::new(self, backoff);
        reader.read(vec![Source::Resources(key.clone())], None).await?;
        let names =
            reader.snapshot.inventory.resources.get(key).map(|it| it.auto_scaling_groups.clone()).unwrap_or_default();
        let groups = names.iter().map(|name| Source::AutoScalingGroup(Key::new(key.scope, Arc::clone(name))));
        reader.read(groups.collect(), None).await?;
        let groups: Vec<_> = reader.snapshot.inventory.auto_scaling_groups.values().cloned().collect();
        for group in target_groups(&groups) {
            reader.read(vec![Source::TargetHealth(group)], None).await?;
        }
        Instances::known(&reader.snapshot.inventory, key).ok_or(OperationError::Vanished)
    }

    async fn sized(
        &self,
        operation: &Operation,
        (from, to): (InstanceLimits, InstanceLimits),
        backoff: &mut Backoff,
    ) -> Asked {
        let verdict = match self.options_of(&operation.subject, backoff).await {
            Ok(Some(settings)) => Operation::sized(from, to, &settings),
            Ok(None) => return Asked::failed(OperationError::Vanished),
            Err(fault) => return Asked::failed(fault),
        };
        if verdict != LookUpVerdict::Pass {
            return Asked::of(verdict, GuardSeen::Nothing);
        }
        let question = operation.sizes_question(from, to);
        match backoff.call(|| validate(self.session, &question, self.now)).await {
            Ok(()) => Asked::of(LookUpVerdict::Pass, GuardSeen::Nothing),
            Err(fault) => Asked::failed(fault),
        }
    }

    /// Whether the options are as they were seen.
    async fn options(&self, operation: &Operation, edits: &OptionEdits, backoff: &mut Backoff) -> Asked {
        match self.options_of(&operation.subject, backoff).await {
            Ok(Some(settings)) => Asked::of(Operation::options_as_seen(edits, &settings), GuardSeen::Nothing),
            Ok(None) => Asked::failed(OperationError::Vanished),
            Err(fault) => Asked::failed(fault),
        }
    }

    /// The option settings of an environment as they are now; none if it is gone.
    pub(super) async fn options_of(
        &self,
        subject: &Subject,
        backoff: &mut Backoff,
    ) -> Result<Option<ConfigurationSettings>, Arc<Fault>> {
        let mut reader = WriteReader::new(self, backoff);
        let names = Names { application: Arc::clone(&subject.application), environment: Arc::clone(&subject.name) };
        reader.read(vec![Source::Settings(subject.key.clone())], Some(names)).await?;
        Ok(reader.snapshot.inventory.settings.get(&subject.key).cloned())
    }

    /// Whether the settings are as they were seen, and their objects proven.
    async fn settings(&self, operation: &Operation, rows: &ChangeRows) -> Asked {
        let reread = match self.read_again(&ReadScope::of(operation, rows), &mut Backoff::new()).await {
            Ok(Some(reread)) => reread,
            Ok(None) => return Asked::gone(operation.subject.name.clone()),
            Err(fault) => return Asked::failed(fault),
        };
        let verdict = unchanged(operation, rows, &reread);
        Asked::of(verdict, GuardSeen::Settings(Box::new(reread)))
    }

    async fn on_site(&self, operation: &Operation, place: usize) -> Asked {
        match Box::pin(self.site(&operation.subject, Depth::Step)).await {
            Ok(Some(site)) => {
                let verdict = operation.undertaking(place).map_or(LookUpVerdict::Pass, |it| it.verdict(&site));
                Asked::of(verdict, GuardSeen::HttpsInputs(Box::new(site)))
            }
            Ok(None) => Asked::gone("there"),
            Err(fault) => Asked::failed(fault),
        }
    }
}

/// Whether the settings may be written, by what was read just before.
fn unchanged(operation: &Operation, rows: &ChangeRows, reread: &WriteReread) -> LookUpVerdict {
    let basis = reread.basis();
    if rows.updates() && basis.settings().is_none() {
        return match reread.fault_of(api_reads::DESCRIBE_CONFIGURATION_SETTINGS.operation) {
            Some(fault) => LookUpVerdict::Stop(Outcome::Failed(Arc::clone(fault).into())),
            None => LookUpVerdict::Pass,
        };
    }
    let differences = rows.differences(&operation.seen, &basis);
    if !differences.is_empty() {
        return LookUpVerdict::Stop(Outcome::Conflict(differences));
    }
    let Some(refusal) = rows.objection(&basis) else { return LookUpVerdict::Pass };
    let unread = unread(&refusal, |operation| reread.fault_of(operation).cloned().map(ReadError::from));
    LookUpVerdict::Stop(unread.map_or(Outcome::Refused(refusal), Outcome::Failed))
}

/// Why what would prove something could not be read, if that is the refusal.
#[must_use]
pub fn unread(refusal: &Refusal, error_of: impl Fn(&str) -> Option<ReadError>) -> Option<OperationError> {
    let Refusal::NotRead { operation, .. } = refusal else { return None };
    Some(OperationError::Precondition { error: error_of(operation)?, unproven: refusal.to_string().into() })
}
