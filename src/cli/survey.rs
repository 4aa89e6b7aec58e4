//! What a change of settings is planned on: the environment's objects with their values, its options, and proof.

use super::desk::Desk;
use super::failure::{Failure, Status};
use super::problem::{decisive, problems};
use super::reading::{Reading, gather_more};
use crate::app::polling::{Known, Question};
use crate::aws::look;
use crate::change::{Basis, Mistake};
use crate::model::{Environment, Key, Source, clean};

/// Reads it; the listeners' attributes only where they are asked for, as they are a call each.
pub async fn survey(desk: &Desk<'_>, environment: &Environment, with_listeners: bool) -> Result<Reading, Failure> {
    let key = &environment.key;
    let mut reading = gather_more(desk.settings, &desk.session, |known| questions(known, key)).await;
    if with_listeners {
        let listeners = reading.gathered.inventory.listeners.values().flatten().map(|it| it.key.clone());
        for key in listeners.collect::<Vec<_>>() {
            let attributes = look::listener_attributes(&desk.session, &key, &Desk::now).await;
            let attributes = attributes.map_err(|fault| Failure::fault(&fault))?;
            reading.gathered.inventory.listener_attributes.insert(key, attributes);
        }
    }
    Ok(reading)
}

fn questions(known: &Known<'_>, key: &Key<Environment>) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    if known.is_base_tried() {
        questions.push(Question::These(sources(known, key)));
    }
    questions
}

fn sources(known: &Known<'_>, key: &Key<Environment>) -> Vec<Source> {
    let mut sources = vec![Source::Settings(key.clone()), Source::Resources(key.clone())];
    let resources = known.inventory.resources.get(key);
    for name in resources.into_iter().flat_map(|it| &it.auto_scaling_groups) {
        sources.push(Source::AutoScalingGroup(Key::new(known.scope, name.clone())));
    }
    let Some(link) = known.topology.link(key) else { return sources };
    for group in &link.groups {
        sources.extend([Source::TargetGroupTags(group.key.clone()), Source::TargetGroupAttributes(group.key.clone())]);
    }
    let Some((balancer, _)) = &link.load_balancer else { return sources };
    sources.extend([
        Source::LoadBalancerTags(balancer.clone()),
        Source::LoadBalancerAttributes(balancer.clone()),
        Source::Listeners(balancer.clone()),
    ]);
    let listeners = known.inventory.listeners.get(balancer).into_iter().flatten();
    sources.extend(listeners.map(|listener| Source::Rules(listener.key.clone())));
    sources
}

/// What was read, as plans are made on it.
pub fn basis<'a>(reading: &'a Reading, environment: &'a Environment) -> Basis<'a> {
    let known = reading.known();
    // As it was read last: its status counts.
    let environment = known.inventory.environments.get(&environment.key).unwrap_or(environment);
    Basis { inventory: known.inventory, topology: known.topology, environment }
}

/// A change that cannot be planned; where something could not be read, that is why.
pub fn failure(reading: &Reading, mistake: &Mistake) -> Failure {
    let is_blind =
        matches!(mistake, Mistake::Unread(_) | Mistake::NoGroup | Mistake::NoLoadBalancer | Mistake::NeedsElb(_));
    let problems = problems(reading);
    if let Some(problem) = decisive(&problems).filter(|_| is_blind) {
        return Failure::fault(&problem.fault);
    }
    let what = clean(&mistake.to_string()).into_owned();
    match mistake {
        Mistake::NotUndoable(_) => Failure::refused(what),
        _ => Failure::usage(what),
    }
}

/// A part of the environment could not be read; why, if that is known.
pub fn unread(reading: &Reading, what: &str) -> Failure {
    let problems = problems(reading);
    match decisive(&problems) {
        Some(problem) => Failure::fault(&problem.fault),
        None => {
            let what = format!("the {what} of the environment could not be read");
            Failure { status: Status::Unreachable, ..Failure::usage(what) }
        }
    }
}
