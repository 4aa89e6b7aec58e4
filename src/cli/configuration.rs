//! `config`: where the user's own settings are, which are in effect, where each comes from, and which are wrong.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::arguments::{ConfigCommand, Format, Global};
use super::failure::Failure;
use super::output;
use super::settings::{Settings, configuration_path};
use crate::config::Settled;
use crate::model::{clean, masked_url};

/// A setting in the answer of `config show`.
#[derive(serde::Serialize)]
struct Shown<'a> {
    key: &'a str,
    value: String,
    origin: &'a str,
}

impl<'a> Shown<'a> {
    fn new(key: &'a str, settled: &'a Settled) -> Self {
        // The only one that may hold a password.
        let value = if key == "endpoint_url" { masked_url(&settled.value) } else { settled.value.as_str().into() };
        Self { key, value: value.into_owned(), origin: &settled.origin }
    }
}

/// Runs the command. All errors of a file are reported together by [`Settings::load`], whatever is asked.
pub fn run(global: &Global, command: ConfigCommand) -> Result<ExitCode, Failure> {
    let path = configuration_path(global.config.as_deref());
    let Some(path) = path else { return Err(Failure::usage("there is no directory for the configuration")) };
    match command {
        ConfigCommand::Path => {
            output::result(&format!("{}\n", path.display()))?;
            if !path.exists() {
                output::remark("there is no such file yet: the defaults are in force");
            }
        }
        ConfigCommand::Show => show(&Settings::load(global)?)?,
        ConfigCommand::Check => {
            Settings::load(global)?;
            output::result(&checked(&path))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn checked(path: &Path) -> String {
    let place = path.display();
    if path.exists() {
        format!("{place}: no mistakes\n")
    } else {
        format!("{place}: no such file; the defaults are in force\n")
    }
}

fn show(settings: &Settings) -> Result<(), Failure> {
    #[derive(serde::Serialize)]
    struct Answer<'a> {
        items: Vec<Shown<'a>>,
        errors: [(); 0],
    }
    let items: Vec<_> = settings.config.show().map(|(key, settled)| Shown::new(key, settled)).collect();
    match settings.format {
        Format::Table => {
            let mut text = String::new();
            for Shown { key, value, origin } in &items {
                let _ = writeln!(text, "{} = {}  # {}", clean(key), clean(value), clean(origin));
            }
            output::result(&text)
        }
        Format::Json => output::json(&Answer { items, errors: [] }),
        Format::Jsonl => {
            items.iter().try_for_each(output::json_line)?;
            output::json_line(&Answer { items: Vec::new(), errors: [] })
        }
    }
}
