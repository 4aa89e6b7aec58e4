//! Whether clients stay with their target.

use super::listening::with_rules;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::stickiness::{Stickiness, stickiness_of};
use crate::model::{EnvironmentStatus, Rule, RuleAction, Service, Source, clean, counted, resource_name};

const MIXED: Grade = Grade::new(FindingSeverity::Warning, "the target groups of one environment differ");

pub static MIXED_STICKINESS: Check = Check {
    id: "mixed-stickiness",
    topic: Topic::Stickiness,
    inputs: &["TargetGroups", "TargetGroupTags", "TargetGroupAttributes"],
    grades: &[MIXED],
    needs: "the attributes of all its target groups",
    sentence: "The target groups of one environment differ in their stickiness.",
    explanation: "A client stays with its target for some paths and not for others, or for different times. That is right \
                  only where the processes need it differently.",
    advice: "Set the stickiness of each process to what it needs.",
};

const NEEDED: Grade = Grade::new(FindingSeverity::Warning, "sticky, and cross-zone load balancing is off");
const UNGUIDED: Grade =
    Grade::new(FindingSeverity::Warning, "{} groups or more with a weight above 0, a sticky one of its own among them")
        .at(Threshold::Count(MOST_GROUPS));

/// From so many groups on a client may be sent to another one.
const MOST_GROUPS: u64 = 2;

pub static STICKY_WITHOUT_CROSS_ZONE: Check = Check {
    id: "sticky-without-cross-zone",
    topic: Topic::Stickiness,
    inputs: &["TargetGroups", "TargetGroupTags", "TargetGroupAttributes"],
    grades: &[NEEDED],
    needs: "the attributes of its target groups",
    sentence: "A target group is sticky while cross-zone load balancing is off.",
    explanation: "A client's next request may reach a node of the load balancer in another zone, which cannot send it to \
                  the target that the cookie names.",
    advice: "Set load_balancing.cross_zone.enabled of the target group to true, or to the load balancer's own.",
};

pub static WEIGHTED_WITHOUT_STICKINESS: Check = Check {
    id: "weighted-without-group-stickiness",
    topic: Topic::Stickiness,
    inputs: &["Environments", "Listeners", "Rules", "TargetGroupAttributes"],
    grades: &[UNGUIDED],
    needs: "the rules of its listeners, and the attributes of the groups that they weigh",
    sentence: "A rule divides requests among several target groups, and clients do not stay with one.",
    explanation: "The cookie of a target group holds a client at a target of that group only; each request is first sent to a \
                  group by its weight. A client of a sticky group changes to another group and loses its target.",
    advice: "Switch on the stickiness of the rule's forward action, or send all requests to one group.",
};

pub fn mixed_stickiness(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(stickiness) = run.known(Service::Elb, inputs.stickiness()) else { return };
    if severity_of_stickiness(stickiness).is_some() {
        let words = "its target groups differ in their stickiness";
        run.found(MIXED, FindingSubject::Environment(inputs.key().clone()), words.into(), Vec::new());
    }
}

/// Returns the severity of an environment's stickiness alone; `None` if it is fine.
#[must_use]
pub fn severity_of_stickiness(stickiness: Stickiness) -> Option<FindingSeverity> {
    (stickiness == Stickiness::Mixed).then_some(MIXED.severity)
}

pub fn sticky_without_cross_zone(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    run.doubted(inputs.targets_doubt().filter(|_| inputs.proven().next().is_none()));
    for group in inputs.proven() {
        let Some(attributes) = inputs.inventory().target_group_attributes.get(&group.key) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetGroupAttributes(group.key.clone())));
            continue;
        };
        let is_off = attributes.get("load_balancing.cross_zone.enabled").is_some_and(|value| &**value == "false");
        if is_off && stickiness_of(attributes) != Stickiness::Off {
            let words =
                format!("{} is sticky, and cross-zone load balancing is off", clean(resource_name(&group.key.id)));
            let fix = Fix::of_group(&group.key, "load_balancing.cross_zone.enabled", "use_load_balancer_configuration");
            run.found_with_fix(NEEDED, FindingSubject::TargetGroup(group.key.clone()), words, fix);
        }
    }
}

/// Beanstalk itself divides requests like this while it splits traffic, so that an update in progress is no finding.
pub fn weighted_without_stickiness(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.status != EnvironmentStatus::Ready {
        return;
    }
    for (_, rules) in with_rules(inputs, run) {
        rules.iter().for_each(|rule| weighted(inputs, run, rule));
    }
}

fn weighted(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, rule: &Rule) {
    for action in &rule.actions {
        let RuleAction::Forward { groups, group_stickiness: None } = action else { continue };
        let weighed: Vec<_> = groups.iter().filter(|group| group.weight > 0).map(|group| &group.target_group).collect();
        let own: Vec<_> =
            weighed.iter().filter(|group| inputs.link.groups.iter().any(|it| it.key == ***group)).collect();
        if (weighed.len() as u64) < MOST_GROUPS || own.is_empty() {
            continue;
        }
        let known: Vec<_> = own.iter().map(|group| inputs.inventory().target_group_attributes.get(**group)).collect();
        if known.iter().flatten().any(|attributes| stickiness_of(attributes) != Stickiness::Off) {
            let words = format!(
                "a rule divides requests among {}, and clients do not stay with one",
                counted(weighed.len(), "target group")
            );
            run.found(UNGUIDED, FindingSubject::Rule(rule.key.clone()), words, Vec::new());
        } else if let Some(place) = known.iter().position(Option::is_none) {
            run.doubted(inputs.reliability.doubt(&Source::TargetGroupAttributes((**own[place]).clone())));
        }
    }
}
