//! Live values beside Beanstalk's option settings, and evidence that disagrees.

use crate::change::drift;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::drifting::Drifting;
use crate::model::{Service, Source, clean};

const DRIFTING: Grade = Grade::new(FindingSeverity::Warning, "{} live value or more").at(Threshold::Count(1));
const DISAGREEING: Grade = Grade::new(FindingSeverity::Warning, "two pieces of evidence name different objects");

pub static DRIFT: Check = Check {
    id: "drift",
    topic: Topic::Drift,
    inputs: &["Settings", "TargetGroups", "TargetGroupAttributes", "LoadBalancerAttributes", "Listeners", "Rules"],
    grades: &[DRIFTING],
    needs: "the option settings, and the live values that they make",
    sentence: "A live value is not what its Beanstalk option says.",
    explanation: "It was changed directly. An update of the environment may put the option's value back, and a new \
                  environment from the same configuration would not have it.",
    advice: "Adopt the live value into Beanstalk, or put Beanstalk's value back.",
};

pub static LINKS: Check = Check {
    id: "link-disagreement",
    topic: Topic::Linking,
    inputs: &["LoadBalancers", "TargetGroupTags", "LoadBalancerTags", "Resources", "AutoScalingGroup"],
    grades: &[DISAGREEING],
    needs: "the lists of load balancers and target groups",
    sentence: "Tags, Beanstalk and the Auto Scaling group disagree about what belongs to the environment.",
    explanation: "A target group or a load balancer was replaced or shared by hand, or tags were copied. What is shown of \
                  the environment may be another's.",
    advice: "Compare the tags of the target group with the environment's id, and the Auto Scaling group's target groups.",
};

/// Returns how bad it is that live values differ; `None` if none does.
#[must_use]
pub fn severity_of_drift(drift: Drifting) -> Option<FindingSeverity> {
    (drift.values > 0).then_some(DRIFTING.severity)
}

pub fn drifting(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(drift) = run.known(Service::Elb, inputs.drift()) else { return };
    if severity_of_drift(drift).is_some() {
        let values = drift.values;
        let words = if values == 1 { "1 live value is" } else { &format!("{values} live values are") };
        let subject = FindingSubject::Environment(inputs.key().clone());
        run.found(DRIFTING, subject, format!("{words} not what Beanstalk's options say"), evidence(inputs, run));
    } else if drift.is_unknown() {
        run.undecided(Why::TooLittle("some live values could not be compared with their options"));
    }
}

/// Returns each value that differs; only where the evidence is shown, because it costs a comparison.
fn evidence(inputs: &Inputs<'_>, run: &CheckRun<'_>) -> Vec<String> {
    if !run.is_detailed() {
        return Vec::new();
    }
    drift(&inputs.basis()).into_iter().flatten().map(|drift| clean(&drift.sentence()).into_owned()).collect()
}

pub fn links(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let subject = inputs.link.load_balancer.as_ref().map_or_else(
        || FindingSubject::Environment(inputs.key().clone()),
        |(key, _)| FindingSubject::LoadBalancer(key.clone()),
    );
    let words: Vec<_> = inputs.link.disagreements.iter().map(|words| clean(words)).collect();
    if words.is_empty() {
        let scope = inputs.snapshot.scope;
        let lists = [Source::LoadBalancers(scope), Source::TargetGroups(scope)];
        run.doubted(lists.iter().find_map(|list| inputs.reliability.doubt(list)));
    } else {
        run.found(DISAGREEING, subject, words.join(" · "), Vec::new());
    }
}
