//! A call that a step sends, and the rule by which it is found again if its answer is lost.

use std::sync::Arc;

use super::super::alarms::NewAlarm;
use super::super::bundle::NewVersion;
use super::super::calls::ApiCall;
use super::super::https;
use super::super::lost::LostWrite;
use super::super::modify::Modification;
use super::super::options::OptionEdits;
use super::super::request::Subject;
use super::super::rows::ChangeRows;
use super::super::swap::CnameSwap;
use crate::model::Moment;

/// A call of a step, and how it is found again.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// The call.
    pub call: ApiCall,
    /// How to find out its outcome if the answer is lost.
    pub look_up: LookUp,
}

/// The rule by which a call is found whose answer was lost.
#[derive(Clone, Debug, PartialEq)]
pub enum LookUp {
    /// It changes nothing, so there is nothing to find.
    Nothing,
    /// By the options, versions and events of the environment.
    Update(LostWrite),
    /// By these live values on the load balancer.
    Values(ChangeRows),
    /// By whether the instance of this id is still there.
    Instance(Arc<str>),
    /// By until when the rule of this name mutes.
    MuteRule {
        /// The rule's name.
        rule: Arc<str>,
        /// Until when it muted before; `None`: there was none.
        before: Option<Moment>,
        /// Until when it mutes if the call was taken.
        after: Option<Moment>,
    },
    /// By whether the alarm is there, as it was defined.
    Alarm {
        /// The alarm.
        alarm: Box<NewAlarm>,
        /// Whether it is there if the call was taken.
        is_there: bool,
    },
    /// By the CNAMEs of both environments, and their events.
    Swap(CnameSwap),
    /// By the object in S3.
    Object(NewVersion),
    /// By the version and where its bundle is.
    Version(NewVersion),
    /// By what the step of HTTPS makes or changes.
    Https(https::HttpsStep),
}

impl Sending {
    /// Whether it only asks.
    #[must_use]
    pub fn is_question(&self) -> bool {
        self.look_up == LookUp::Nothing
    }

    pub(in crate::change) fn of_alarm(alarm: &NewAlarm, call: ApiCall, is_there: bool) -> Self {
        Self { call, look_up: LookUp::Alarm { alarm: Box::new(alarm.clone()), is_there } }
    }

    /// Returns the calls that create a version, in order.
    pub(in crate::change) fn of_version(version: &NewVersion, subject: &Subject) -> Vec<Self> {
        vec![
            // The bucket is the same each time, and nothing of it would have to be found again.
            Self { call: NewVersion::storage_location(), look_up: LookUp::Nothing },
            Self { call: version.upload(), look_up: LookUp::Object(version.clone()) },
            Self { call: version.creation(&subject.application), look_up: LookUp::Version(version.clone()) },
        ]
    }

    pub(in crate::change) fn of(modification: &Modification, look_up: LookUp) -> Self {
        let look_up = if modification.writes() { look_up } else { LookUp::Nothing };
        Self { call: modification.call(), look_up }
    }

    /// Returns the calls for changed options: the question whether Beanstalk would take them, and the update.
    pub(in crate::change) fn of_options(edits: &OptionEdits, subject: &Subject) -> Vec<Self> {
        let question = edits.validation(subject).map(|call| Self { call, look_up: LookUp::Nothing });
        let look_up = LookUp::Update(LostWrite::Options(edits.targets()));
        question.into_iter().chain([Self { call: edits.update(&subject.key.id), look_up }]).collect()
    }

    /// Returns the calls for changed settings, in order: Beanstalk validates its part before anything is written.
    pub(in crate::change) fn from_rows(rows: &ChangeRows, subject: &Subject) -> Vec<Self> {
        let lost = LookUp::Update(LostWrite::Options(rows.option_targets()));
        let look_up =
            |it: &Modification| if it.is_update() { lost.clone() } else { LookUp::Values(rows.written_by(it)) };
        let all = rows.modifications(subject);
        all.iter().map(|modification| Self::of(modification, look_up(modification))).collect()
    }
}
