//! `set`: changes settings of an environment's target group, load balancer or listeners.

use std::process::ExitCode;

use super::arguments::SetArguments;
use super::desk::{Desk, at_desk};
use super::failure::Failure;
use super::reading::Reading;
use super::set_options;
use super::settings::Settings;
use super::survey::{basis, failure, survey_to_change, unproven};
use crate::change::settings::{KeyMistake, find, keys};
use crate::change::{PlanInputs, PlanMistake, Route, plan, resolve};
use crate::mistakes::did_you_mean;
use crate::model::{Environment, Key, TargetGroup, clean};

/// Changes these settings.
pub fn run(settings: &Settings, arguments: &SetArguments) -> Result<ExitCode, Failure> {
    if set_options::are_options(arguments) {
        return set_options::run(settings, arguments);
    }
    if arguments.value_file.is_some() {
        return Err(Failure::usage("--value-file has the value of an environment property, and none is to be set"));
    }
    let wishes = arguments.values.iter().map(|text| wish(text)).collect::<Result<Vec<_>, _>>()?;
    let route = arguments.route.as_deref().and_then(Route::named);
    at_desk(settings, &arguments.environment, &arguments.write, async |desk: &Desk<'_>, environment: &Environment| {
        let keys: Vec<_> = wishes.iter().map(|(key, _)| key.as_str()).collect();
        let reading = survey_to_change(desk, environment, &keys).await;
        let basis = basis(&reading, environment);
        let group = arguments.target_group.as_deref().map(|name| group_named(&reading, &basis, name)).transpose()?;
        let plan = resolve(&basis, &wishes, group.as_ref()).and_then(|change| plan(&basis, &change, route));
        let plan = plan.map_err(|mistake| hinted(failure(&reading, &mistake), &mistake, &basis, arguments))?;
        desk.change(&plan, &reading, (&arguments.write, arguments.impact)).await
    })
}

/// Parses `KEY=VALUE`. Unknown keys are reported before AWS is called.
fn wish(text: &str) -> Result<(String, String), Failure> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Failure::usage(format!("`{}` is not KEY=VALUE", clean(text))));
    };
    let key = key.trim();
    let early = match find(key) {
        Err(KeyMistake::Option(facts)) => Some(PlanMistake::OptionName(key.to_owned(), facts)),
        Err(KeyMistake::NoPort) => Some(PlanMistake::NoPort(key.to_owned())),
        Err(KeyMistake::NoKey(port)) => Some(PlanMistake::NoKey(port)),
        _ => None,
    };
    if let Some(mistake) = early {
        return Err(Failure::usage(clean(&mistake.to_string())));
    }
    if let Err(KeyMistake::Unknown) = find(key) {
        let ports: Vec<i32> = key.split(':').nth(1).and_then(|port| port.parse().ok()).into_iter().collect();
        let known = keys(if ports.is_empty() { &[80, 443] } else { &ports });
        let meant = did_you_mean(key, known.iter().map(AsRef::as_ref));
        let what = format!("there is no setting `{}`{meant}", clean(key));
        return Err(Failure::usage(what).hint("beanpole show ENV lists the settings of an environment"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// The target group of this name or ARN, which has to be one of the environment's own.
fn group_named(reading: &Reading, basis: &PlanInputs<'_>, name: &str) -> Result<Key<TargetGroup>, Failure> {
    let is_meant = |group: &&TargetGroup| *group.name == *name || *group.key.id == *name;
    let own = basis.target_groups();
    if let Some(group) = own.iter().copied().find(is_meant) {
        return Ok(group.key.clone());
    }
    if basis.snapshot.inventory.target_groups.values().any(|group| is_meant(&group)) {
        let environment = &basis.environment.name;
        let what = clean(&format!("the target group {name} is not proven to be {environment}'s own")).into_owned();
        return Err(unproven(reading, what));
    }
    let meant = did_you_mean(name, own.iter().map(|group| &*group.name));
    let names: Vec<_> = own.iter().map(|group| &*group.name).collect();
    let what = format!("there is no target group `{}`{meant}", clean(name));
    Err(Failure::usage(what).hint(format!("the environment has: {}", clean(&names.join(", ")))))
}

/// What to do about it.
fn hinted(failure: Failure, mistake: &PlanMistake, basis: &PlanInputs<'_>, arguments: &SetArguments) -> Failure {
    let command = |more: &str| {
        let values = arguments.values.iter().map(|value| shell(value)).collect::<Vec<_>>().join(" ");
        let group = arguments.target_group.as_deref().map(|it| format!(" --target-group {it}")).unwrap_or_default();
        clean(&format!("beanpole set {} {values}{group} {more}", basis.environment.name)).into_owned()
    };
    match mistake {
        PlanMistake::NeedsElb(_) if failure.hint.is_none() => {
            failure.hint(format!("at once, on the load balancer itself: {}", command("--route elb")))
        }
        PlanMistake::SeveralGroups(names) => failure.hint(command(&format!("--target-group {}", names[0]))),
        _ => failure,
    }
}

/// As a shell takes it.
fn shell(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:@=,+".contains(it);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
