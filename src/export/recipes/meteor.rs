//! The recipe `meteor`: a script that builds a Meteor application, puts what Beanstalk needs beside it, and deploys it.
//!
//! Meteor reads its settings from `METEOR_SETTINGS`, whose JSON is soon too long for an environment property: a preload
//! script reads it from a file of the bundle instead. The file itself is the project's own and never written here.

use super::output::RecipeOutput;
use super::site::RecipeSite;
use crate::export::file::ExportedFile;
use crate::export::platform::AmazonLinux;

const DEPLOY: &str = include_str!("meteor/deploy.sh");
const PRELOAD: &str = include_str!("meteor/settings-preload.js");
const PACKAGE: &str = include_str!("meteor/package.json");
/// What starts the server: with the settings read before Meteor looks for them.
const START: &str = "node --require ./settings-preload.js main.js";
/// Where the script looks for what it adds to a bundle.
const FOLDER: &str = "beanstalk";

pub(super) fn make(site: &RecipeSite<'_>) -> Result<RecipeOutput, String> {
    let environment = site.basis.environment;
    let region = site.region().ok_or("the environment's region is not known")?;
    let script = DEPLOY
        .replace("@APPLICATION@", &shell(&environment.application))
        .replace("@ENVIRONMENT@", &shell(&environment.name))
        .replace("@REGION@", &shell(region));
    let file = |name: &str, text: &str| ExportedFile::new(format!("{FOLDER}/{name}"), text);
    let mut output = RecipeOutput {
        files: vec![
            ExportedFile::script("deploy.sh", script),
            file("settings-preload.js", PRELOAD),
            file("package.json", PACKAGE),
        ],
        notes: vec![
            "set ROOT_URL, MONGO_URL and HTTP_FORWARDED_COUNT=2 (load balancer and nginx) as environment properties, not in \
             a file"
                .into(),
            "the settings file becomes a part of the application version in S3: who may read the bucket can read it".into(),
        ],
        ..RecipeOutput::default()
    };
    match site.platform.linux {
        Some(AmazonLinux::Later) => output.files.push(file("Procfile", &format!("web: {START}\n"))),
        Some(AmazonLinux::First) => output.files.push(ExportedFile::new(
            ".ebextensions/40-node-command.config",
            format!(
                "# Written by beanpole export. OLD: for Amazon Linux 1 only, which is retired. Later platforms read the \
                 Procfile.\noption_settings:\n  aws:elasticbeanstalk:container:nodejs:\n    NodeCommand: \"{START}\"\n"
            ),
        )),
        None => return Err("the platform is not Amazon Linux, or not known".into()),
    }
    Ok(output)
}

/// A word of a shell's.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
