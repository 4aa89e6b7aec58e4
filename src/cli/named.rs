//! The environment that a command is given by name or id, and the failure if there is none, or more than one.

use super::failure::Failure;
use super::problem::problems;
use super::reading::Reading;
use crate::mistakes::did_you_mean;
use crate::model::{Environment, Snapshot, api_reads, clean, counted};

/// Returns the environment of this name, else of this id, else of this CNAME. A living one goes before a terminated one.
///
/// # Errors
/// When several living environments have the name: then only an id is unambiguous.
pub fn named<'a>(known: &'a Snapshot, name: &str) -> Result<Option<&'a Environment>, Failure> {
    let inventory = &known.inventory;
    match inventory.living_environments_named(name).as_slice() {
        [only] => Ok(Some(only)),
        [] => {
            let all = || inventory.environments.values();
            let by_id = all().find(|it| *it.key.id == *name);
            let ended = || inventory.environment_named(name);
            // A CNAME is an environment's while it lives.
            let by_cname = || all().filter(|it| has_cname(it, name)).min_by_key(|it| (it.is_ending(), &it.key.id));
            Ok(by_id.or_else(ended).or_else(by_cname))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|it| &*it.key.id).collect();
            let what = format!(
                "{} are called `{}`: {}",
                counted(several.len(), "environment"),
                clean(name),
                clean(&ids.join(", "))
            );
            Err(Failure::usage(what).hint(format!("give the id of the one that is meant, as {}", clean(ids[0]))))
        }
    }
}

/// Returns whether this is an environment's CNAME, in any case and with or without the root's full stop.
fn has_cname(environment: &Environment, name: &str) -> bool {
    let host = name.strip_suffix('.').unwrap_or(name);
    environment.cname.as_deref().is_some_and(|cname| cname.eq_ignore_ascii_case(host))
}

/// Returns the failure for a missing environment; `None` if they could not all be listed, so that it may exist.
pub fn unknown(reading: &Reading, name: &str) -> Option<Failure> {
    let is_whole = reading.is_answered()
        && problems(reading)
            .iter()
            .all(|problem| problem.error.operation() != api_reads::DESCRIBE_ENVIRONMENTS.operation);
    if !is_whole {
        return None;
    }
    let environments = reading.environments();
    let meant = did_you_mean(name, environments.iter().map(|environment| &*environment.name));
    let what = format!("there is no environment `{}`{}", clean(name), clean(&meant));
    let hint = match environments.len() {
        0 => format!("DescribeEnvironments lists none in {}: are --region and --profile right?", region(reading)),
        number => format!("this region has {number}: beanpole ls"),
    };
    Some(Failure::usage(what).hint(hint))
}

fn region(reading: &Reading) -> &str {
    reading.region.as_deref().unwrap_or("this region")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::model::{Answer, Batch, Covers, EnvironmentStatus, Key, Moment, ScopeId};
    use crate::polling::{Cadences, plans};
    use crate::runtime::Gathered;

    fn reading(environments: &[(&str, &str, EnvironmentStatus)]) -> Reading {
        let config = config::defaults();
        let mut gathered = Gathered::nothing(&plans(&config), Moment::EPOCH);
        let environment = |(id, name, status): &(&str, &str, EnvironmentStatus)| {
            Environment::new(Key::new(ScopeId::default(), *id), name, "shop", status.clone())
        };
        let answer = Answer::Environments(environments.iter().map(environment).collect());
        gathered.snapshot.inventory.replace(Batch { covers: Covers::All, answer }, Moment::EPOCH);
        Reading::of(gathered, &Cadences::new(&config))
    }

    fn found(environments: &[(&str, &str, EnvironmentStatus)], name: &str) -> Result<Option<String>, String> {
        let reading = reading(environments);
        let found = named(reading.known(), name).map_err(|failure| failure.to_string())?;
        Ok(found.map(|it| it.key.id.to_string()))
    }

    #[test]
    fn a_living_environment_has_the_name_whatever_ended_before_it() {
        use EnvironmentStatus::{Ready, Terminated, Terminating, Updating};
        for ended in [Terminated, Terminating] {
            for (first, second) in [("e-1", "e-2"), ("e-2", "e-1")] {
                let both = [(first, "web", ended.clone()), (second, "web", Updating)];
                assert_eq!(found(&both, "web"), Ok(Some(second.to_owned())), "{ended:?}");
                assert_eq!(found(&both, first), Ok(Some(first.to_owned())), "by its id");
            }
        }
        let ended = [("e-1", "web", Terminated), ("e-2", "web", Terminating)];
        assert_eq!(found(&ended, "web"), Ok(Some("e-2".to_owned())), "what is still there of it");
        assert_eq!(found(&[("e-1", "web", Ready)], "shop"), Ok(None));
    }

    #[test]
    fn two_living_environments_of_one_name_are_told_apart_by_their_ids() {
        let two = [("e-2", "web", EnvironmentStatus::Ready), ("e-1", "web", EnvironmentStatus::Launching)];
        assert_eq!(found(&two, "web"), Err("2 environments are called `web`: e-1, e-2".to_owned()));
        assert_eq!(found(&two, "e-2"), Ok(Some("e-2".to_owned())));
        let failure = named(reading(&two).known(), "web").unwrap_err();
        assert_eq!(failure.status, super::super::failure::ExitStatus::Usage);
    }
}
