//! Alarms of `CloudWatch`: those in ALARM, those that can never fire, and those that are missing.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Source, clean, span_words};

const RAISED: Grade = Grade::new(FindingSeverity::Warning, "the state is ALARM").attention(2);

pub static RAISED_ALARM: Check = Check {
    id: "alarm-raised",
    topic: Topic::Alarms,
    inputs: &["RaisedAlarms"],
    grades: &[RAISED],
    needs: "the alarms in ALARM of the region",
    sentence: "An alarm of the environment is in ALARM.",
    explanation: "A CloudWatch alarm that looks at the environment, its load balancer, a target group or an instance has \
                  crossed its threshold. Alarms whose action is a scaling policy are left out: one of each pair is in \
                  ALARM whenever the load is low.",
    advice: "Read the reason of the alarm, then the targets and the metrics of the environment.",
};

pub fn raised_alarm(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    for alarm in inputs.snapshot.raised_alarms(inputs.environment) {
        let since = alarm.since.map_or(String::new(), |at| format!(" for {}", span_words(inputs.now().since(at))));
        let reason = alarm.reason.as_deref().map(|reason| clean(reason).into_owned());
        let subject = FindingSubject::Alarm(alarm.key.clone());
        run.found(
            RAISED,
            subject,
            format!("alarm {} is in ALARM{since}", clean(&alarm.name)),
            reason.into_iter().collect(),
        );
    }
    run.doubted(inputs.reliability.doubt(&Source::RaisedAlarms(inputs.snapshot.scope)));
}
