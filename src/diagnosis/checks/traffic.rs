//! Requests that are answered with errors.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::Service;

/// A share of errors that is bad, and one that is worth a look, in percent. AWS's advice on alarms is 1 % over five
/// minutes; this is one minute.
const BAD: f64 = 5.0;
const SOME: f64 = 1.0;
/// With fewer requests in a minute a share is not significant.
const LEAST: f64 = 20.0;

const MANY: Grade = Grade::new(FindingSeverity::Critical, "{} of the requests or more").at(Threshold::Percent(BAD));
const FEW: Grade = Grade::new(FindingSeverity::Warning, "{} of the requests or more").at(Threshold::Percent(SOME));

pub static ERRORS: Check = Check {
    id: "server-errors",
    topic: Topic::Traffic,
    inputs: &["Metrics"],
    grades: &[MANY, FEW],
    needs: "20 requests in the newest whole minute",
    sentence: "Requests are answered with 5xx.",
    explanation: "A 5xx of a target is the application's; 502, 503 and 504 of the load balancer mean that it got no \
                  usable answer from a target. On a shared load balancer only the targets' own are an environment's.",
    advice: "Compare the errors of the targets with those of the load balancer, then read the logs of the instances.",
};

pub fn errors(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(figures) = run.known(Service::CloudWatch, inputs.figures()) else { return };
    let Some(share) = figures.errors.filter(|_| figures.requests * 60.0 >= LEAST) else {
        return run.undecided(Why::TooLittle("too few requests in the newest minute"));
    };
    if let Some(grade) = grade_of_share(share) {
        let subject = FindingSubject::Environment(inputs.key().clone());
        let whose = if figures.targets_only { "of the targets' answers are 5xx" } else { "of the requests get a 5xx" };
        run.found(grade, subject, format!("{share:.1} % {whose}"), Vec::new());
    }
}

/// How bad a share of errors is, 0..=100.
fn grade_of_share(share: f64) -> Option<Grade> {
    [MANY, FEW].into_iter().find(|grade| matches!(grade.threshold, Some(Threshold::Percent(least)) if share >= least))
}

/// Returns how bad a share of errors is, 0..=100; `None` if it is usual.
#[must_use]
pub fn severity_of_errors(share: f64) -> Option<FindingSeverity> {
    grade_of_share(share).map(|grade| grade.severity)
}
