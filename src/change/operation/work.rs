//! The work of a step: one row for each kind of write, with its guards, its calls, its look-up if the answer is lost,
//! and the description of its changes.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::alarms::{NewAlarm, delete_alarm};
use super::super::bundle::NewVersion;
use super::super::calls::ApiCall;
use super::super::https::{self, Direction, HttpsSetup, Undertaking};
use super::super::lost::LostWrite;
use super::super::mute::{Mute, unmute};
use super::super::options::OptionEdits;
use super::super::outcome::Refusal;
use super::super::parameter::Parameter;
use super::super::request::{EnvironmentState, Subject, ValueChange};
use super::super::rows::ChangeRows;
use super::super::scale::InstanceLimits;
use super::super::swap::CnameSwap;
use super::super::writes;
use super::guard::{Guard, HangsOn};
use super::sending::{LookUp, Sending};
use crate::model::{EnvironmentStatus, Moment};

/// The work of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// An application version is deployed: an update of the environment.
    Deploy {
        /// The version's label.
        version: Arc<str>,
        /// The version that it replaces, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<Arc<str>>,
    },
    /// The update in progress is stopped where it is.
    Abort,
    /// The application servers are restarted, on every instance.
    Restart,
    /// An instance is terminated, and the Auto Scaling group launches another in its place.
    Replace {
        /// The instance's id.
        instance: Arc<str>,
        /// The target group of which the instance was the last healthy target, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_of: Option<Arc<str>>,
    },
    /// The limits of the number of instances: an update of the environment.
    Scale {
        /// As it was seen.
        from: InstanceLimits,
        /// As it is to be.
        to: InstanceLimits,
    },
    /// Settings are changed: on the load balancer, by an update of the environment, or both.
    Settings(ChangeRows),
    /// Options that are no settings of the table: an update of the environment.
    Options(OptionEdits),
    /// The actions of alarms are muted for a time, by a rule that AWS expires.
    Mute {
        /// The rule.
        #[serde(flatten)]
        mute: Mute,
        /// Until when the rule mutes that this one replaces, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<Moment>,
    },
    /// A rule that mutes alarms is deleted.
    Unmute {
        /// The rule's name.
        rule: Arc<str>,
        /// Until when it was seen to mute.
        until: Moment,
    },
    /// Alarms are created.
    CreateAlarms {
        /// The alarms.
        alarms: Vec<NewAlarm>,
    },
    /// Alarms are deleted, if they are still what they were created as.
    DeleteAlarms {
        /// The alarms.
        alarms: Vec<NewAlarm>,
    },
    /// The CNAMEs of the environment and of another one are exchanged.
    Swap(CnameSwap),
    /// An application version is created: its bundle is put into S3 first.
    CreateVersion(NewVersion),
    /// A step of HTTPS; what it changes is in the operation's [`HttpsSetup`].
    Https {
        /// Which.
        step: https::HttpsStep,
        /// Whether it is set up or undone.
        direction: Direction,
    },
}

/// What the calls of a step depend on, besides the step itself.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The environment.
    pub subject: &'a Subject,
    /// Its status and version when it was decided.
    pub seen: &'a EnvironmentState,
    /// What is set up, of HTTPS.
    pub setup: Option<&'a HttpsSetup>,
}

impl<'a> Surroundings<'a> {
    /// The step of HTTPS; none if the operation is about something else.
    pub(in crate::change) fn https(self, step: https::HttpsStep, direction: Direction) -> Option<Undertaking<'a>> {
        Some(Undertaking { setup: self.setup?, subject: self.subject, step, direction })
    }
}

impl Work {
    /// The step's name in the journal.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deploy { .. } => "deploy",
            Self::Abort => "abort",
            Self::Restart => "restart",
            Self::Replace { .. } => "replace",
            Self::Scale { .. } => "scale",
            Self::Settings(_) => "settings",
            Self::Options(_) => "options",
            Self::Mute { .. } => "mute",
            Self::Unmute { .. } => "unmute",
            Self::CreateAlarms { .. } => "create_alarms",
            Self::DeleteAlarms { .. } => "delete_alarms",
            Self::Swap(_) => "swap",
            Self::CreateVersion(_) => "create_version",
            Self::Https { step, .. } => step.as_str(),
        }
    }

    /// Whether it is a request to the environment, as a client sends it.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Https { step: https::HttpsStep::Probe, .. })
    }

    /// Whether its call is found by this rule.
    #[must_use]
    pub fn is_found_by(&self, look_up: &LookUp) -> bool {
        matches!((self, look_up), (Self::Https { step, .. }, LookUp::Https(found)) if step == found)
    }

    /// Returns whether production requires typing the environment's name, as far as the work itself decides that.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        match self {
            Self::Deploy { .. } | Self::Abort | Self::Replace { .. } | Self::Swap(_) | Self::Https { .. } => true,
            // What is dangerous about settings is found when they are planned.
            Self::Restart
            | Self::Settings(_)
            | Self::Mute { .. }
            | Self::Unmute { .. }
            | Self::CreateAlarms { .. }
            | Self::DeleteAlarms { .. }
            // No environment runs it yet.
            | Self::CreateVersion(_) => false,
            // Fewer instances than there are: some will be terminated.
            Self::Scale { from, to } => to.max < from.max,
            Self::Options(edits) => edits.is_dangerous(),
        }
    }

    /// The environments that it changes besides the operation's own, by name.
    #[must_use]
    pub fn others(&self) -> Vec<Arc<str>> {
        match self {
            Self::Swap(swap) => vec![Arc::clone(&swap.other.name)],
            _ => Vec::new(),
        }
    }

    /// Whether it would change nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        match self {
            Self::Scale { from, to } => from == to,
            Self::Settings(rows) => rows.is_idle(),
            Self::Options(edits) => edits.is_idle(),
            _ => false,
        }
    }

    /// Returns why it is impossible for an environment in this status; its guards check what needs more than the status.
    #[must_use]
    pub fn objection(&self, state: &EnvironmentState) -> Option<Refusal> {
        let status = || state.status.clone();
        match self {
            Self::Abort if state.abortable => None,
            Self::Abort => Some(Refusal::NothingToAbort { status: status() }),
            Self::Settings(_)
            | Self::Https { .. }
            | Self::Mute { .. }
            | Self::Unmute { .. }
            | Self::CreateAlarms { .. }
            | Self::DeleteAlarms { .. } => None,
            _ if state.status != EnvironmentStatus::Ready => Some(Refusal::NotReady { status: status() }),
            Self::Replace { instance, last_of: Some(of) } => {
                Some(Refusal::LastHealthy { instance: Arc::clone(instance), of: Arc::clone(of) })
            }
            Self::Deploy { .. }
            | Self::Restart
            | Self::Replace { .. }
            | Self::Scale { .. }
            | Self::Options(_)
            | Self::Swap(_)
            | Self::CreateVersion(_) => None,
        }
    }

    /// What is read and asked just before it is sent, in this order.
    #[must_use]
    pub fn guards(&self) -> Vec<Guard> {
        match self {
            Self::Deploy { .. } => vec![Guard::AsSeen(HangsOn::Version)],
            Self::Abort => vec![Guard::AsSeen(HangsOn::Abortable)],
            Self::Restart => vec![Guard::AsSeen(HangsOn::Status)],
            Self::Swap(swap) => vec![Guard::AsSeen(HangsOn::Status), Guard::Cnames(swap.clone())],
            Self::CreateVersion(version) => {
                vec![Guard::AsSeen(HangsOn::Status), Guard::NoVersion(version.clone())]
            }
            Self::Replace { instance, .. } => {
                vec![Guard::AsSeen(HangsOn::Status), Guard::Spared(Arc::clone(instance))]
            }
            Self::Scale { from, to } => {
                vec![Guard::AsSeen(HangsOn::Status), Guard::InstanceLimits { from: *from, to: *to }]
            }
            Self::Settings(rows) => vec![Guard::Settings(rows.clone())],
            Self::Options(edits) => vec![Guard::AsSeen(HangsOn::Status), Guard::Options(edits.clone())],
            Self::Mute { mute, replaces } => {
                vec![Guard::MuteRule { rule: Arc::clone(&mute.rule), until: *replaces }]
            }
            Self::Unmute { rule, until } => vec![Guard::MuteRule { rule: Arc::clone(rule), until: Some(*until) }],
            Self::CreateAlarms { alarms } | Self::DeleteAlarms { alarms } => vec![Guard::Alarms(alarms.clone())],
            Self::Https { step: https::HttpsStep::Probe, .. } => Vec::new(),
            Self::Https { step, direction } => vec![Guard::Https { step: *step, direction: *direction }],
        }
    }

    /// What is sent, in this order.
    #[must_use]
    pub fn sendings(&self, around: Surroundings<'_>) -> Vec<Sending> {
        let id = ("EnvironmentId", Parameter::text(&*around.subject.key.id));
        let update = |write, parameters, lost| {
            vec![Sending { call: ApiCall::new(write, parameters), look_up: LookUp::Update(lost) }]
        };
        match self {
            Self::Deploy { version, .. } => {
                let lost = LostWrite::Version { wanted: Arc::clone(version), before: around.seen.version.clone() };
                let version = ("VersionLabel", Parameter::text(&**version));
                update(&writes::UPDATE_ENVIRONMENT, vec![id, version], lost)
            }
            Self::Abort => update(&writes::ABORT_ENVIRONMENT_UPDATE, vec![id], LostWrite::Abort),
            Self::Restart => update(&writes::RESTART_APP_SERVER, vec![id], LostWrite::Restart),
            Self::Swap(swap) => {
                let source = ("SourceEnvironmentId", Parameter::text(&*around.subject.key.id));
                let destination = ("DestinationEnvironmentId", Parameter::text(&*swap.other.key.id));
                let call = ApiCall::new(&writes::SWAP_ENVIRONMENT_CNAMES, vec![source, destination]);
                vec![Sending { call, look_up: LookUp::Swap(swap.clone()) }]
            }
            Self::CreateVersion(version) => Sending::of_version(version, around.subject),
            Self::Replace { instance, .. } => {
                vec![Sending { call: termination(instance), look_up: LookUp::Instance(Arc::clone(instance)) }]
            }
            Self::Scale { from, to } => {
                let look_up = LookUp::Update(LostWrite::Options(from.targets(*to)));
                vec![Sending::of(&to.update(*from, &around.subject.key.id), look_up)]
            }
            Self::Settings(rows) => Sending::from_rows(rows, around.subject),
            Self::Options(edits) => Sending::of_options(edits, around.subject),
            Self::Mute { mute, replaces } => {
                let (rule, before, after) = (Arc::clone(&mute.rule), *replaces, Some(mute.until()));
                vec![Sending { call: mute.call(), look_up: LookUp::MuteRule { rule, before, after } }]
            }
            Self::Unmute { rule, until } => {
                let look_up = LookUp::MuteRule { rule: Arc::clone(rule), before: Some(*until), after: None };
                vec![Sending { call: unmute(rule), look_up }]
            }
            Self::CreateAlarms { alarms } => {
                alarms.iter().map(|alarm| Sending::of_alarm(alarm, alarm.call(), true)).collect()
            }
            Self::DeleteAlarms { alarms } => {
                alarms.iter().map(|alarm| Sending::of_alarm(alarm, delete_alarm(&alarm.name), false)).collect()
            }
            Self::Https { step, direction } => {
                around.https(*step, *direction).map(|it| it.sendings()).unwrap_or_default()
            }
        }
    }

    /// The values that change.
    #[must_use]
    pub fn changes(&self, around: Surroundings<'_>) -> Vec<ValueChange> {
        let text = |value: &str| Some(value.to_owned());
        match self {
            Self::Deploy { version, replaces } => {
                vec![ValueChange::new("version_label", replaces.as_deref().map(str::to_owned), text(version))]
            }
            Self::Abort => {
                let after = text(EnvironmentStatus::Aborting.as_str());
                vec![ValueChange::new("status", text(around.seen.status.as_str()), after)]
            }
            Self::Restart => Vec::new(),
            Self::Swap(swap) => {
                let change = |name: &str, before: &str, after: &str| {
                    ValueChange::new(&format!("cname:{name}"), text(before), text(after))
                };
                vec![
                    change(&around.subject.name, &swap.own_cname, &swap.other_cname),
                    change(&swap.other.name, &swap.other_cname, &swap.own_cname),
                ]
            }
            Self::CreateVersion(version) => version.changes(),
            Self::Replace { instance, .. } => vec![ValueChange::new("instance", text(instance), None)],
            Self::Scale { from, to } => from.changes(*to),
            Self::Settings(rows) => rows.changes(),
            Self::Options(edits) => edits.changes(),
            Self::Mute { mute, replaces } => {
                let before = replaces.as_ref().map(Moment::to_string);
                vec![ValueChange::new("alarms_muted_until", before, Some(mute.until().to_string()))]
            }
            Self::Unmute { until, .. } => {
                vec![ValueChange::new("alarms_muted_until", Some(until.to_string()), None)]
            }
            Self::CreateAlarms { alarms } => {
                let created = |alarm: &NewAlarm| alarm_change(alarm, None, Some(alarm.summary()));
                alarms.iter().map(created).collect()
            }
            Self::DeleteAlarms { alarms } => {
                let deleted = |alarm: &NewAlarm| alarm_change(alarm, Some(alarm.summary()), None);
                alarms.iter().map(deleted).collect()
            }
            Self::Https { step, direction } => {
                around.https(*step, *direction).and_then(|it| it.change()).into_iter().collect()
            }
        }
    }
}

impl fmt::Display for Work {
    /// Writes the description of the step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Https { step, .. } => step.fmt(f),
            _ => f.write_str(self.name()),
        }
    }
}

fn alarm_change(alarm: &NewAlarm, before: Option<String>, after: Option<String>) -> ValueChange {
    ValueChange::new(&format!("alarm:{}", alarm.name), before, after)
}

/// The Auto Scaling group keeps its size, so that it launches another instance.
fn termination(instance: &str) -> ApiCall {
    let instance = ("InstanceId", Parameter::text(instance));
    let stays = ("ShouldDecrementDesiredCapacity", Parameter::Flag(false));
    ApiCall::new(&writes::TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP, vec![instance, stays])
}
