//! Scheduled actions of an Auto Scaling group that Beanstalk did not make.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{AutoScalingGroup, Key, ScheduledAction, Source, clean, counted};

const FOREIGN: Grade = Grade::new(FindingSeverity::Warning, "one that no stack of Beanstalk made");

pub static FOREIGN_ACTIONS: Check = Check {
    id: "scheduled-action-outside-beanstalk",
    topic: Topic::AutoScaling,
    inputs: &["Resources", "ScheduledActions"],
    grades: &[FOREIGN],
    needs: "what Beanstalk made for the environment, and the scheduled actions of its Auto Scaling groups",
    sentence: "The Auto Scaling group has a scheduled action that Beanstalk does not know.",
    explanation: "Rolling updates of the configuration fail while it is there: \"Autoscaling rolling updates cannot be performed \
                  because scheduled action(s) are currently associated with this autoscaling group\". It also changes sizes \
                  that the environment's options do not show.",
    advice: "Delete it from the Auto Scaling group, and add it to the environment as options of aws:autoscaling:scheduledaction.",
};

pub fn foreign_actions(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(resources) = inputs.inventory().resources.get(inputs.key()) else {
        return run.doubted(inputs.reliability.doubt(&Source::Resources(inputs.key().clone())));
    };
    let scope = inputs.snapshot.scope;
    let names = resources.auto_scaling_groups.iter();
    let groups: Vec<Key<AutoScalingGroup>> = names.map(|name| Key::new(scope, name.clone())).collect();
    let actions = inputs.inventory().scheduled_actions.values();
    let foreign = actions.filter(|action| groups.contains(&action.group) && !action.is_of_beanstalk());
    let mut foreign: Vec<&ScheduledAction> = foreign.collect();
    foreign.sort_by(|one, other| one.name.cmp(&other.name));
    let Some(first) = foreign.first() else {
        return run.doubted(inputs.reliability.doubt(&Source::ScheduledActions(scope)));
    };
    let words = format!("{} outside Beanstalk: {}", counted(foreign.len(), "scheduled action"), clean(&first.name));
    run.found(FOREIGN, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}
