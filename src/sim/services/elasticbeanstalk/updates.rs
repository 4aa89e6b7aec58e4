//! `UpdateEnvironment`, `AbortEnvironmentUpdate`, `RestartAppServer` and `SwapEnvironmentCNAMEs`: what changes the region.
//!
//! An operation here reads the region first and refuses, or returns the write to record; the region computes its effects.

use super::environments::describe;
use super::options;
use super::parameters::named;
use crate::sim::physics::{View, operation};
use crate::sim::region::{Configure, Environment, Region, Wanted, Write};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub fn update_environment(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let environment = living(view, form)?;
    let (settings, removed) = (options::asked(form), options::removed(form));
    if form.text("VersionLabel").is_none() && !(settings.is_empty() && removed.is_empty()) {
        return configure(region, moment, form, settings, removed);
    }
    let label = wanted_version(form)?;
    let application = view.region.application(&environment.application);
    if application.is_none_or(|application| application.version_at(label, view.time()).is_none()) {
        return Err(Refusal::parameter(format!("No Application Version named '{label}' found.")));
    }
    if application.and_then(|it| it.bundles.get(label)).is_some_and(|bundle| bundle.status(moment.now) == "FAILED") {
        let message = "Application version is unusable and cannot be used with an environment";
        return Err(Refusal::parameter(message));
    }
    ready(view, environment)?;
    let id = environment.id.clone();
    write(region, moment, &id, Wanted::Version { label: label.to_owned(), request_id: moment.request_id.to_owned() });
    let view = View { region, now: moment.now };
    let mut xml = Xml::default();
    if let Some(environment) = region.environment(&id) {
        // The answer contains the requested values; DescribeEnvironments does so only when they are deployed.
        describe(&mut xml, view, environment, &operation::of(view, environment), label);
    }
    Ok(Answer::Xml(xml))
}

fn ready(view: View<'_>, environment: &Environment) -> Result<(), Refusal> {
    if operation::of(view, environment).status == "Ready" {
        return Ok(());
    }
    let name = &environment.name;
    Err(Refusal::parameter(format!(
        "Environment named {name} is in an invalid state for this operation. Must be Ready."
    )))
}

/// An update of options.
fn configure(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
    settings: Vec<options::Asked>,
    removed: Vec<(String, String)>,
) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let environment = living(view, form)?;
    if let [wrong, ..] = options::wrong(environment, &settings).as_slice() {
        let message = format!("Configuration validation exception: {}", wrong.message);
        return Err(Refusal::bad_request("ConfigurationValidationException", message));
    }
    ready(view, environment)?;
    let (id, fails) = (environment.id.clone(), environment.updates_fail.clone());
    let set = settings.into_iter().map(|it| (it.namespace, it.name, Some(it.value)));
    let options = set.chain(removed.into_iter().map(|(namespace, name)| (namespace, name, None))).collect();
    let (at, request_id) = (moment.now - region.epoch, moment.request_id.to_owned());
    let order = Configure { at, request_id, options, fails, aborted: None, managed: false };
    write(region, moment, &id, Wanted::Options(order));
    let view = View { region, now: moment.now };
    let mut xml = Xml::default();
    if let Some(environment) = region.environment(&id) {
        let operation = operation::of(view, environment);
        describe(&mut xml, view, environment, &operation, operation.version());
    }
    Ok(Answer::Xml(xml))
}

/// The version that a request wants, if it wants nothing else.
fn wanted_version(form: &Form) -> Result<&str, Refusal> {
    let version = form.text("VersionLabel");
    if version.is_some() && form.text("TemplateName").is_some() {
        let message = "Attempting to update both the release and configuration is not allowed";
        return Err(Refusal::bad_request("InvalidParameterCombination", message));
    }
    let settings = ["OptionSettings", "OptionsToRemove"].iter().any(|list| !form.structures(list).is_empty());
    match version {
        Some(version) if !settings => Ok(version),
        _ => Err(Refusal::parameter("The simulated region updates nothing but the version label of an environment.")),
    }
}

pub fn abort_environment_update(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let environment = living(view, form)?;
    if !operation::of(view, environment).abortable {
        let name = &environment.name;
        // The text is seen in a public report (aws-elastic-beanstalk-cli-setup #144).
        return Err(Refusal::parameter(format!(
            "Environment named {name} is in an invalid state for this operation. Must be pending deployment."
        )));
    }
    let id = environment.id.clone();
    write(region, moment, &id, Wanted::Abort);
    Ok(Answer::Nothing)
}

/// The answer has no result element (API reference, `RestartAppServer`).
pub fn restart_app_server(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let environment = living(view, form)?;
    ready(view, environment)?;
    let id = environment.id.clone();
    write(region, moment, &id, Wanted::Restart { request_id: moment.request_id.to_owned() });
    Ok(Answer::Nothing)
}

/// The answer has no result element (API reference, `SwapEnvironmentCNAMEs`). That environments of different applications
/// are taken, and the texts of the refusals, are UNVERIFIED.
pub fn swap_environment_cnames(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let (source, destination) = (partner(view, form, "Source")?, partner(view, form, "Destination")?);
    if source.id == destination.id {
        return Err(Refusal::parameter("The source and the destination environment must be different."));
    }
    for environment in [source, destination] {
        if environment.cname.is_none() {
            return Err(Refusal::parameter(format!("Environment named {} has no CNAME.", environment.name)));
        }
        ready(view, environment)?;
    }
    let (id, other) = (source.id.clone(), region.environment_place(&destination.id));
    if let Some(other) = other {
        write(region, moment, &id, Wanted::Swap { other, request_id: moment.request_id.to_owned() });
    }
    Ok(Answer::Nothing)
}

/// One of the two environments of an exchange, by id or by name.
fn partner<'a>(view: View<'a>, form: &Form, which: &str) -> Result<&'a Environment, Refusal> {
    let (id, name) = (format!("{which}EnvironmentId"), format!("{which}EnvironmentName"));
    let Some((key, wanted)) = [&id, &name].into_iter().find_map(|key| Some((key, form.text(key)?))) else {
        let message = "Either an environment ID or an environment name must be specified.";
        return Err(Refusal::bad_request("MissingRequiredParameter", message));
    };
    let is_it = |it: &&Environment| if *key == id { it.id == wanted } else { it.name == wanted };
    let found = view.region.environment(wanted).filter(is_it).filter(|it| it.status != "Terminated");
    found.ok_or_else(|| Refusal::parameter(format!("No Environment found for {key} = '{wanted}'.")))
}

/// The environment of a request; one that is terminated is none any more.
fn living<'a>(view: View<'a>, form: &Form) -> Result<&'a Environment, Refusal> {
    let environment = named(view, form)?;
    if environment.status == "Terminated" {
        let name = &environment.name;
        return Err(Refusal::parameter(format!("No Environment found for EnvironmentName = '{name}'.")));
    }
    Ok(environment)
}

fn write(region: &mut Region, moment: Moment<'_>, environment: &str, what: Wanted) {
    if let Some(environment) = region.environment_place(environment) {
        region.write(Write { at: moment.now - region.epoch, environment, what });
    }
}
