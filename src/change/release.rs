//! The options that are taken off an environment, because a project's files set them: what is set through the API masks every
//! file until it is removed there.

use std::sync::Arc;

use super::draft::PlanMistake;
use super::field::{Field, PlanInputs};
use super::modify::OptionName;
use super::plan::Plan;
use super::request::Route;
use super::rows::{ChangeRow, OptionRow};

/// An option as a project's files set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledOption {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its value, if the files have a plain one.
    pub value: Option<String>,
}

/// The plan that takes options off an environment, and what it leaves.
#[derive(Clone, Debug)]
pub struct ReleasePlan {
    /// The plan; its rows say what each setting becomes by the file.
    pub plan: Plan,
    /// Options of the files that have a value in the environment and that beanpole does not write, as `namespace/option`.
    pub left: Vec<String>,
}

/// Plans to remove the options that both these files and the environment set.
///
/// # Errors
/// When the environment's options were not read, or none of the files' options has a value there.
pub fn release(basis: &PlanInputs<'_>, filed: &[FiledOption]) -> Result<ReleasePlan, PlanMistake> {
    let settings = basis.settings().ok_or_else(|| PlanMistake::Unread("the environment's options".to_owned()))?;
    let fields: Vec<_> = basis.objects().iter().flat_map(|object| basis.fields(object)).collect();
    let (mut rows, mut left) = (Vec::new(), Vec::new());
    for option in filed {
        if settings.get(&option.namespace, &option.name).is_none_or(str::is_empty) {
            continue;
        }
        let is_it = |field: &&Field| {
            field.option.as_ref().is_some_and(|it| *it.namespace == *option.namespace && it.name == option.name)
        };
        match fields.iter().find(is_it).and_then(|field| row(field, option)) {
            Some(row) => rows.push(row),
            None => left.push(format!("{}/{}", option.namespace, option.name)),
        }
    }
    if rows.is_empty() && left.is_empty() {
        return Err(PlanMistake::Nothing);
    }
    let mut plan = Plan::of(basis, Route::Beanstalk, rows, None);
    plan.dangers.push(
        "deploy the files first: an option that neither the environment nor the deployed version sets gets its default"
            .to_owned(),
    );
    Ok(ReleasePlan { plan, left })
}

/// What is done to a setting: its option is unset, and the file's value is to come of it.
fn row(field: &Field, filed: &FiledOption) -> Option<ChangeRow> {
    let option = field.option.as_ref()?;
    // A value that is a function of CloudFormation's is whatever it comes to.
    let wanted = match filed.value.as_deref() {
        Some(value) => Some(field.facts.option?.kind.accept(value)?.as_str().into()),
        None => field.live.clone(),
    };
    Some(ChangeRow {
        object: field.object.clone(),
        facts: field.facts,
        key: field.key.clone(),
        seen: field.live.clone(),
        wanted,
        elb: false,
        option: Some(OptionRow {
            option: OptionName { namespace: Arc::clone(&option.namespace), name: option.name },
            seen: option.value.clone(),
            wanted: None,
        }),
    })
}
