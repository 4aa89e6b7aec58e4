//! `set NAMESPACE:OPTION=VALUE`: changes any option of an environment, checked by Beanstalk's own description of it.

use std::process::ExitCode;

use super::arguments::{Format, SetArguments};
use super::desk::{Asking, Carried, Desk, at_desk};
use super::failure::Failure;
use super::follow_arguments::FollowArguments;
use super::hidden_value;
use super::output;
use super::reading::{Reading, gather_more};
use super::report::Report;
use super::scale;
use super::settings::Settings;
use super::survey::{basis, failure, unread};
use super::watch::{Attendance, goes_on};
use crate::change::{
    HiddenValue, Operation, OptionEdits, OptionMistake, OptionPath, OptionRequest, OptionWish, Outcome, PROPERTIES,
    PlanInputs, Route, WishedValue, Work, check_property, effects, plan, replaced_by, request_options,
};
use crate::deploy::Watch;
use crate::mistakes::did_you_mean;
use crate::model::{Environment, Key, OptionDescriptions, Snapshot, Source, clean, counted};
use crate::polling::Question;
use crate::write::gate;

/// Whether these are options, by their namespaces.
pub fn are_options(arguments: &SetArguments) -> bool {
    let is_option = |text: &String| OptionPath::parse(text.split('=').next().unwrap_or_default()).is_some();
    !arguments.unset.is_empty() || arguments.values.iter().any(is_option)
}

/// Changes these options.
pub fn run(settings: &Settings, arguments: &SetArguments) -> Result<ExitCode, Failure> {
    let wishes = wishes(arguments)?;
    at_desk(settings, &arguments.environment, &arguments.write, async |desk: &Desk<'_>, environment: &Environment| {
        let reading = survey_options(desk, environment).await;
        let basis = basis(&reading, environment);
        let options = basis.settings().ok_or_else(|| unread(&reading, "settings"))?;
        let known = basis.snapshot.inventory.option_descriptions.get(&environment.key);
        let known = known.ok_or_else(|| unread(&reading, "configuration options"))?;
        // Mistakes are reported before a value is asked for.
        let request =
            request_options(&basis, options, known, &wishes).map_err(|mistake| named_nearly(&mistake, known))?;
        match request {
            OptionRequest::Settings(change) => {
                let plan = plan(&basis, &change, Some(Route::Beanstalk));
                let plan = plan.map_err(|mistake| failure(&reading, &mistake))?;
                desk.change(&plan, &reading, (&arguments.write, arguments.impact)).await
            }
            OptionRequest::Scale { from, to } => {
                let groups = scale::groups(basis.snapshot, environment);
                scale::change_sizes(desk, (environment, options), &groups, (from, to), &arguments.write).await
            }
            OptionRequest::Options(edits) => {
                let operation = Operation::of(environment, Work::Options(edits.clone()));
                let refusal = gate(&operation, &desk.confirmation(&operation, &arguments.write));
                // What is refused whatever the value is needs none.
                if refusal.is_some_and(|refusal| refusal.is_protection()) {
                    return change(desk, (&basis, environment), edits, arguments).await;
                }
                let typed = values(&wishes, arguments).await?;
                let OptionRequest::Options(edits) =
                    request_options(&basis, options, known, &typed).map_err(|mistake| mistaken(&mistake))?
                else {
                    return Ok(ExitCode::FAILURE);
                };
                change(desk, (&basis, environment), edits, arguments).await
            }
        }
    })
}

/// Reads the options, what Beanstalk says about them, and the objects that some of them make.
async fn survey_options(desk: &Desk<'_>, environment: &Environment) -> Reading {
    let key: &Key<Environment> = &environment.key;
    let questions = |known: &Snapshot| {
        // Options are read by the environment's name, which is read with the environment.
        let is_named = known.inventory.environments.contains_key(key);
        let described = is_named.then(|| Question::These(vec![Source::OptionDescriptions(key.clone())]));
        [Question::Linked, Question::Settings(key.clone())].into_iter().chain(described).collect()
    };
    gather_more(desk.settings, &desk.session, questions).await
}

/// Carries the change out, and follows its update if that is requested.
async fn change(
    desk: &Desk<'_>,
    (basis, environment): (&PlanInputs<'_>, &Environment),
    edits: OptionEdits,
    arguments: &SetArguments,
) -> Result<ExitCode, Failure> {
    let name = &environment.name;
    let changes = edits.changes().into_iter().map(|change| {
        let value = |value: Option<String>| value.unwrap_or_else(|| "unset".to_owned());
        format!("{}: {} -> {}", change.key, value(change.before), value(change.after))
    });
    let changes: Vec<_> = changes.collect();
    let count = counted(edits.edits.len(), "option");
    let question = format!("change {count} of {name} ({}): {}", desk.whereabouts(), changes.join("; "));
    let notes = effects(&edits, basis.settings());
    let asking = Asking { question, notes, ..Asking::default() };
    let results = [
        format!("{name}: Beanstalk changes {count} in an update of the environment"),
        format!("how it goes: beanpole watch {name}"),
    ];
    let operation = Operation::of(environment, Work::Options(edits));
    let Some(_) = arguments.impact.watch else {
        return desk.act(&operation, &asking, &arguments.write, &results).await;
    };
    let written = match desk.carry_out(&operation, &asking, &arguments.write).await? {
        Carried::Over(status) => return Ok(status),
        Carried::Done(written) => written,
    };
    let report = Report::of(desk, &operation, &asking, &written);
    let is_applied = written.outcome == Outcome::Applied;
    match desk.settings.format {
        Format::Table => output::remark(&format!("beanpole: {}", clean(&results[0]))),
        // The object of the change has what was seen, and comes at the end.
        Format::Json if is_applied => {}
        format => report.print(format)?,
    }
    if !is_applied {
        return Ok(ExitCode::SUCCESS);
    }
    let follow = FollowArguments::reporting();
    let attendance =
        Attendance { desk, environment, follow: &follow, write: &arguments.write, undone: None, change: Some(&report) };
    let watch = Watch::begin(environment, None, written.request_ids.first().cloned(), written.at).of_settings();
    let followed = Box::pin(attendance.attend(Some(watch))).await;
    followed.map_err(|failure| goes_on(failure, name))
}

/// Parses what is wanted. A value of a property is refused, whatever it is: it could be read on the command line.
fn wishes(arguments: &SetArguments) -> Result<Vec<OptionWish>, Failure> {
    let set = arguments.values.iter().map(|text| set(text));
    let unset = arguments.unset.iter().map(|text| {
        let path = named(text)?;
        Ok(OptionWish { path, value: WishedValue::Unset })
    });
    let wishes = set.chain(unset).collect::<Result<Vec<_>, Failure>>()?;
    if let Some(why) = wishes.iter().find_map(|wish| Some((replaced_by(&wish.path)?, &wish.path))) {
        let (why, path) = (why.0, why.1.clone());
        return Err(mistaken(&OptionMistake::Replaces { path, why }));
    }
    let hidden = wishes.iter().filter(|wish| matches!(wish.value, WishedValue::Hidden(_)));
    match (arguments.value_file.is_some(), hidden.count()) {
        (true, 1) | (false, 0) => Ok(wishes),
        (true, 0) => {
            Err(Failure::usage("--value-file has the value of an environment property, and none is to be set"))
        }
        (true, _) => {
            Err(Failure::usage("--value-file has the value of one environment property, and several are to be set"))
        }
        (false, _) if arguments.write.dry_run => Ok(wishes),
        (false, _) => hidden_value::check_terminal().map(|()| wishes),
    }
}

fn set(text: &str) -> Result<OptionWish, Failure> {
    let (path, value) = text.split_once('=').map_or((text, None), |(path, value)| (path, Some(value)));
    let path = named(path)?;
    if path.is_property() {
        check_property(&path.name, None).map_err(|mistake| mistaken(&mistake))?;
        if value.is_some_and(|value| !value.is_empty()) {
            let what = "the value of an environment property is not taken from the command line, where every user of this \
                        machine can read it, and the shell keeps it";
            let hint = format!("{PROPERTIES}:{}= asks for it; --value-file FILE reads it", path.name);
            return Err(Failure::usage(what).hint(clean(&hint)));
        }
        return Ok(OptionWish { path, value: WishedValue::Hidden(HiddenValue::unknown()) });
    }
    match value {
        Some("") => {
            let hint = format!("to remove it from the environment: --unset {path}");
            Err(Failure::usage(clean(&format!("{path} takes no empty value"))).hint(clean(&hint)))
        }
        Some(value) => Ok(OptionWish { path, value: WishedValue::Shown(value.to_owned()) }),
        None => Err(Failure::usage(clean(&format!("`{path}` is not NAMESPACE:OPTION=VALUE")))),
    }
}

/// The option of this name. A key of another form is a setting, which is not changed together with options.
fn named(text: &str) -> Result<OptionPath, Failure> {
    OptionPath::parse(text).ok_or_else(|| {
        let what = format!("`{}` is not NAMESPACE:OPTION", clean(text));
        Failure::usage(what).hint("settings and options are changed by separate commands")
    })
}

/// The same wishes with the values of properties: from the file, or typed. A dry run needs none.
async fn values(wishes: &[OptionWish], arguments: &SetArguments) -> Result<Vec<OptionWish>, Failure> {
    let mut all = Vec::new();
    for wish in wishes {
        let is_asked = matches!(wish.value, WishedValue::Hidden(_));
        let value = match &arguments.value_file {
            Some(path) if is_asked => Some(hidden_value::from_file(path)?),
            None if is_asked && !arguments.write.dry_run => {
                let what = format!("the value of {}", wish.path.name);
                Some(hidden_value::typed(&clean(&what)).await?)
            }
            _ => None,
        };
        let value = value.map_or_else(|| wish.value.clone(), |text| WishedValue::Hidden(HiddenValue::new(&text)));
        all.push(OptionWish { path: wish.path.clone(), value });
    }
    Ok(all)
}

fn mistaken(mistake: &OptionMistake) -> Failure {
    match mistake {
        OptionMistake::Replaces { .. } | OptionMistake::NoObject(_) => Failure::refused(clean(&mistake.to_string())),
        _ => Failure::usage(clean(&mistake.to_string()).into_owned()),
    }
}

/// The same; of an option that is not there with the nearest name.
fn named_nearly(mistake: &OptionMistake, known: &OptionDescriptions) -> Failure {
    let OptionMistake::Unknown(path) = mistake else { return mistaken(mistake) };
    let names: Vec<_> = known.options.iter().map(|option| format!("{}:{}", option.namespace, option.name)).collect();
    let meant = did_you_mean(&path.to_string(), names.iter().map(String::as_str));
    let failure = mistaken(mistake);
    Failure { what: format!("{}{}", failure.what, clean(&meant)), ..failure }
}
