//! `export --release`: takes off the environment what a project's files set, through the one engine of all writes. What is set
//! through the API masks every file until it is removed there.

use std::path::Path;
use std::process::ExitCode;

use super::check::project_files;
use crate::change::{FiledOption, PlanMistake, release};
use crate::cli::arguments::ImpactArguments;
use crate::cli::desk::{Desk, at_desk};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::settings::Settings;
use crate::cli::survey::{basis, failure, survey};
use crate::cli::write_arguments::WriteArguments;
use crate::export::check::filed_options;
use crate::model::{Environment, clean};

/// Removes from an environment the options that the files of a folder set.
pub(super) fn run(
    settings: &Settings,
    name: &str,
    folder: &Path,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let filed = filed_options(&project_files(folder)?);
    if filed.is_empty() {
        let what = format!("no file in {}/.ebextensions sets an option that can be released", folder.display());
        return Err(Failure::usage(what).hint("beanpole export ENV --dir DIR writes such files"));
    }
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        Box::pin(take_off(desk, environment, &filed, arguments)).await
    })
}

async fn take_off(
    desk: &Desk<'_>,
    environment: &Environment,
    filed: &[FiledOption],
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let reading = survey(desk, environment).await;
    let release = match release(&basis(&reading, environment), filed) {
        Ok(release) => release,
        Err(PlanMistake::Nothing) => {
            output::remark("beanpole: none of the files' options has a value in the environment: nothing masks them");
            return Ok(ExitCode::SUCCESS);
        }
        Err(mistake) => return Err(failure(&reading, &mistake)),
    };
    if !release.left.is_empty() {
        output::remark(
            "beanpole: these options have values in the environment too, and beanpole does not remove them:",
        );
        release.left.iter().for_each(|option| output::remark(&format!("  {}", clean(option))));
        output::remark(&format!("  {}", clean(&command(environment, &release.left))));
    }
    if release.plan.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    desk.change(&release.plan, &reading, (arguments, ImpactArguments { watch: None })).await
}

/// What removes them by the AWS CLI.
fn command(environment: &Environment, options: &[String]) -> String {
    let option = |it: &String| {
        let (namespace, name) = it.rsplit_once('/').unwrap_or(("", it));
        format!("Namespace={namespace},OptionName={name}")
    };
    let options: Vec<_> = options.iter().map(option).collect();
    let name = &environment.name;
    format!(
        "aws elasticbeanstalk update-environment --environment-name {name} --options-to-remove {}",
        options.join(" ")
    )
}
