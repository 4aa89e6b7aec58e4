//! Whether sticky clients load one instance more than the others.

use std::cmp::Reverse;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::stickiness::Stickiness;
use crate::model::{InstanceHealth, Service, Source, clean, counted};

/// So many requests within one report are enough for a share to mean something.
const LEAST: u64 = 600;
/// With fewer instances there is no typical one.
const INSTANCES: usize = 3;
/// How many times the typical instance the busiest has.
const TIMES: u64 = 2;

const SKEWED: Grade =
    Grade::new(FindingSeverity::Warning, "sticky, and the busiest instance has twice the median's requests or more");

pub static SKEW: Check = Check {
    id: "sticky-skew",
    topic: Topic::Stickiness,
    inputs: &["TargetGroupAttributes", "InstancesHealth"],
    grades: &[SKEWED],
    needs: "enhanced health with 600 requests in one report, about ten seconds, on three instances or more",
    sentence: "Sticky clients load one instance more than the others.",
    explanation: "A load balancer has no metric per target: these are the counts of the proxy on each instance. Heavy \
                  clients, or many behind one cookie jar, stay with their instance; a new instance gets new clients only.",
    advice: "Shorten stickiness.lb_cookie.duration_seconds, or spread the heavy clients.",
};

pub fn skew(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(stickiness) = run.known(Service::Elb, inputs.stickiness()) else { return };
    if stickiness == Stickiness::Off || inputs.targets().value().is_some_and(|it| (it.healthy as usize) < INSTANCES) {
        return;
    }
    let source = Source::InstancesHealth(inputs.key().clone());
    let Some(instances) = inputs.inventory().instances_health.get(inputs.key()) else {
        return run.doubted(inputs.reliability.doubt(&source));
    };
    if !inputs.reliability.is_recent(&source) {
        return run.doubted(inputs.reliability.doubt(&source));
    }
    let requests = |it: &'_ InstanceHealth| Some(u64::from(it.metrics?.request_count.max(0).unsigned_abs()));
    let mut counts: Vec<_> = instances.iter().filter_map(|it| Some((requests(it)?, it))).collect();
    counts.sort_by_key(|(requests, it)| (Reverse(*requests), it.instance.clone()));
    let all: u64 = counts.iter().map(|(requests, _)| requests).sum();
    if counts.len() < INSTANCES || all < LEAST {
        return run.undecided(Why::TooLittle("too few requests in the last report of the instances"));
    }
    let (median, (most, busiest)) = (counts[counts.len() / 2].0, counts[0]);
    if most >= TIMES * median.max(1) {
        let of = counted(counts.len() as u64, "instance");
        let id = clean(&busiest.instance.id);
        let all = counted(all, "request");
        let words = format!("{id} has {most} of {all}, the busiest of {of}, and the median is {median}");
        run.found(SKEWED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}
