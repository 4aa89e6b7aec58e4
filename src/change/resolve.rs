//! From keys and values, as the user types them, to edits of objects.

use super::draft::{Change, Edit, PlanMistake};
use super::field::{Object, PlanInputs};
use super::settings::{KeyMistake, Named, ObjectKind, find};
use crate::model::{Balancer, Key, TargetGroup};

/// The edits that these keys and values name; `group` is the target group that was chosen, if one was.
///
/// # Errors
/// When a key names nothing, or not clearly what.
pub fn resolve(
    basis: &PlanInputs<'_>,
    wishes: &[(String, String)],
    group: Option<&Key<TargetGroup>>,
) -> Result<Change, PlanMistake> {
    let edit = |(key, value): &(String, String)| {
        let Named { facts, port } = find(key).map_err(|mistake| reported(basis, key, mistake))?;
        let object = match facts.object {
            ObjectKind::TargetGroup => chosen(basis, group)?,
            ObjectKind::LoadBalancer => Object::LoadBalancer(
                basis.load_balancer().ok_or_else(|| PlanMistake::NoLoadBalancer(balancer(basis)))?.clone(),
            ),
            ObjectKind::Listener => listener(basis, port.unwrap_or_default())?,
        };
        Ok(Edit { object, facts, value: value.clone() })
    };
    wishes.iter().map(edit).collect()
}

fn reported(basis: &PlanInputs<'_>, key: &str, mistake: KeyMistake) -> PlanMistake {
    match mistake {
        KeyMistake::Unknown => PlanMistake::UnknownKey(key.to_owned()),
        KeyMistake::Ambiguous(key) => PlanMistake::AmbiguousKey(key),
        KeyMistake::WhichListener(key) => PlanMistake::WhichListener(key, ports(basis)),
        KeyMistake::Fixed(row) => PlanMistake::Fixed(row),
        KeyMistake::Option(facts) => PlanMistake::OptionName(key.to_owned(), facts),
        KeyMistake::NoPort => PlanMistake::NoPort(key.to_owned()),
        KeyMistake::NoKey(port) => PlanMistake::NoKey(port),
    }
}

fn balancer(basis: &PlanInputs<'_>) -> Balancer {
    basis.link().map_or(Balancer::Unknown, |link| link.balancer)
}

fn ports(basis: &PlanInputs<'_>) -> Vec<i32> {
    basis.listeners().iter().filter_map(|listener| listener.port).collect()
}

/// The target group that was chosen, or the only one.
fn chosen(basis: &PlanInputs<'_>, group: Option<&Key<TargetGroup>>) -> Result<Object, PlanMistake> {
    if let Some(key) = group {
        return Ok(Object::TargetGroup(key.clone()));
    }
    match basis.target_groups().as_slice() {
        [] => Err(PlanMistake::NoGroup(balancer(basis))),
        [only] => Ok(Object::TargetGroup(only.key.clone())),
        several => Err(PlanMistake::SeveralGroups(several.iter().map(|group| group.name.clone()).collect())),
    }
}

pub(super) fn listener(basis: &PlanInputs<'_>, port: i32) -> Result<Object, PlanMistake> {
    if basis.load_balancer().is_none() {
        return Err(PlanMistake::NoLoadBalancer(balancer(basis)));
    }
    let found = basis.listeners().iter().find(|listener| listener.port == Some(port));
    let found = found.ok_or_else(|| PlanMistake::NoListener(port, ports(basis)))?;
    Ok(Object::Listener(found.key.clone(), found.load_balancer.clone(), port))
}
