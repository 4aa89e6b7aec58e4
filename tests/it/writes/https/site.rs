//! An environment without HTTPS, what is set up for it, and what is to be seen of it before and after.

use beanpole::change::https::{Candidate, Choice, HttpsInputs, Redirecting, candidates, in_order};
use beanpole::change::{Confirmation, Next, Operation, OperationKind, Outcome, Refusal, Route, Subject, Written};

use super::super::stage::{Stage, wait};
use crate::support::somebody;

/// An environment with an ALB of its own, one with rules on port 80, one on a shared ALB, a worker.
pub const SCENARIO: &str = scenario!(
    "what HTTPS is set up for",
    certificate!("wild", "*.shop.example", algorithm = "EC_prime256v1"),
    certificate!("old", "www.shop.example", status = "EXPIRED", expires = "-3d"),
    certificate!("other", "other.example"),
    application!("shop", "v1", "v2"),
    environment!("web"),
    environment!("done", certificate = "wild"),
    load_balancer!("edge", listener = [{ port = 80, default = { fixed_response = 404 } }]),
    shared_environment!("one", "edge"),
    shared_environment!("two", "edge"),
    environment!("jobs", kind = "worker"),
);

/// Sends a request over the wire, by which another client changes something; returns the answer's body.
pub fn ask(stage: &Stage, service: &str, body: &str) -> String {
    somebody::ask(&stage.world, service, body)
}

pub async fn survey(stage: &Stage, name: &str) -> HttpsInputs {
    let subject = Subject::from(&stage.environment(name).await);
    let now = || stage.now();
    stage.writer(&now).survey(&subject).await.unwrap().unwrap()
}

/// The certificates for these host names, the best first.
pub fn judged(stage: &Stage, site: &HttpsInputs, hosts: &[&str]) -> Vec<Candidate> {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    candidates(site.snapshot.inventory.certificates.values(), &site.host_names(&hosts), stage.now())
}

pub fn choice(stage: &Stage, site: &HttpsInputs, route: Route, redirecting: Redirecting) -> Choice {
    let certificate = judged(stage, site, &["www.shop.example"]).remove(0);
    let policy = in_order(site.policies.clone()).remove(0);
    Choice { certificate, policy, redirecting, route }
}

pub async fn course(stage: &Stage, name: &str, route: Route, redirecting: Redirecting) -> Operation {
    let site = survey(stage, name).await;
    site.propose(&choice(stage, &site, route, redirecting)).unwrap().operation
}

pub fn typed(course: &Operation) -> Confirmation {
    Confirmation { typed: Some(course.subject.name.clone()), ..Confirmation::default() }
}

pub async fn set_out(stage: &Stage, course: Operation) -> Result<Operation, Refusal> {
    let now = || stage.now();
    let confirmation = typed(&course);
    stage.writer(&now).begin(course, &confirmation).await
}

/// Continues until it is done or does not move any more.
pub async fn go_on(stage: &Stage, course: &mut Operation) -> Vec<Written> {
    let mut steps = Vec::new();
    for _ in 0..100 {
        let observed = stage.state(&course.subject.name).await;
        if matches!(course.next(&observed), Next::Finished | Next::Stopped(..)) {
            return steps;
        }
        let now = || stage.now();
        let confirmation = typed(course);
        steps.extend(stage.writer(&now).advance(course, &observed, &confirmation).await);
        wait(10).await;
    }
    panic!("it never arrived: {course:?}");
}

/// Takes it back.
pub async fn take_back(stage: &Stage, course: &Operation) -> Operation {
    let mut back = set_out(stage, course.back().expect("there is something to take back")).await.unwrap();
    assert_eq!(back.kind, OperationKind::HttpsBack);
    let steps = go_on(stage, &mut back).await;
    assert!(back.has_finished(), "{back:?}");
    assert!(steps.iter().all(|step| step.outcome.is_done()), "{steps:?}");
    // By Beanstalk the last step is an update, which takes its minute.
    wait(120).await;
    back
}

/// The steps with how they ended.
pub fn ended(course: &Operation, steps: &[Written]) -> Vec<String> {
    let outcome = |outcome: &Outcome| {
        outcome.reason().map_or(outcome.word().to_owned(), |why| format!("{}: {why}", outcome.word()))
    };
    course
        .steps
        .iter()
        .zip(steps)
        .map(|(step, written)| format!("{} {}", step.work, outcome(&written.outcome)))
        .collect()
}

/// Everything that setting up HTTPS changes, as it is to be seen now.
pub async fn seen(stage: &Stage, name: &str) -> String {
    let site = survey(stage, name).await;
    let mut lines = Vec::new();
    for listener in site.listener(80).into_iter().chain(site.listener(443)) {
        let action = beanpole::change::https::DefaultAction::of(&listener.default_actions).unwrap();
        let certificates = listener.certificates.len();
        lines.push(format!(
            "{:?} {:?} {:?} {certificates} {action}",
            listener.port, listener.protocol, listener.ssl_policy
        ));
        let rules = site.snapshot.inventory.rules[&listener.key].iter().filter(|rule| !rule.conditions.is_empty());
        lines.extend(rules.map(|rule| {
            let action = beanpole::change::https::DefaultAction::of(&rule.actions).unwrap();
            format!("{:?} rule {:?} {:?} {action}", listener.port, rule.priority, rule.conditions[0].values)
        }));
    }
    let attached = &site.load_balancer().unwrap().security_groups;
    lines.push(format!("attached {attached:?}"));
    lines.extend(site.groups.iter().map(|group| format!("{} {:?}", group.name, group.ingress)));
    let options = &site.snapshot.inventory.settings[&site.environment.key].options;
    let set = options.iter().filter(|it| it.value.is_some() && it.namespace.starts_with("aws:elbv2:listener:"));
    lines.extend(set.map(|it| format!("{}/{} {:?}", it.namespace, it.name, it.value)));
    lines.join("\n")
}
