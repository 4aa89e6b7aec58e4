//! `freeze` and `thaw`: no write from this user's machine until it is lifted. They ask AWS nothing.

use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::arguments::Format;
use super::failure::Failure;
use super::output;
use super::settings::Settings;
use crate::change::Freeze;
use crate::model::clean;
use crate::write::{Lifted, NotFrozen};

/// The answer of both.
#[derive(Serialize)]
struct FreezeAnswer {
    /// The freeze that is in force now.
    frozen: Option<Freeze>,
    /// The one that it replaces, or that was lifted.
    replaced: Option<Freeze>,
    /// The file that every process reads.
    file: String,
    /// None: AWS is asked nothing.
    errors: Vec<()>,
}

/// Freezes every write from this user's machine, for this long or until it is lifted.
pub fn run(settings: &Settings, reason: &[String], until: Option<Duration>) -> Result<ExitCode, Failure> {
    let since = Timestamp::now();
    let end = until.map(|span| since.checked_add(span)).transpose();
    let end = end.map_err(|error| Failure::usage(format!("the freeze would end too late: {error}")))?;
    let reason = reason.join(" ");
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::usage("a freeze needs a reason, which is shown to everybody whom it stops"));
    }
    let freeze = Freeze { since: whole(since), until: end.map(whole), reason: clean(reason).into() };
    let log = Settings::audit_log()?;
    let replaced = log.freeze().freeze(&freeze).map_err(|error| failed(settings, "freeze", &error))?;
    if settings.format == Format::Table {
        if let Some(other) = &replaced {
            output::remark(&format!("beanpole: it replaces the freeze {}: {}", ending(settings, other), other.reason));
        }
        let words = format!("writes are frozen {}: {}\n", ending(settings, &freeze), freeze.reason);
        output::result(&words)?;
        return Ok(ExitCode::SUCCESS);
    }
    answer(settings, Some(freeze), replaced, &log.freeze().path().display().to_string())
}

/// Lifts the freeze.
pub fn thaw(settings: &Settings) -> Result<ExitCode, Failure> {
    let log = Settings::audit_log()?;
    let lifted = log.freeze().lift().map_err(|error| failed(settings, "thaw", &error))?;
    if settings.format == Format::Table {
        let words = match &lifted {
            Lifted::Nothing => "nothing was frozen".to_owned(),
            Lifted::Freeze(it) => format!("writes are not frozen any more: {}", it.reason),
            Lifted::Expired(it) => format!("the freeze had ended by itself: {}", it.reason),
            Lifted::Unreadable(why) => format!("writes are not frozen any more; the file could not be read ({why})"),
        };
        output::result(&format!("{}\n", clean(&words)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let replaced = match lifted {
        Lifted::Freeze(freeze) | Lifted::Expired(freeze) => Some(freeze),
        Lifted::Nothing | Lifted::Unreadable(_) => None,
    };
    answer(settings, None, replaced, &log.freeze().path().display().to_string())
}

fn answer(
    settings: &Settings,
    frozen: Option<Freeze>,
    replaced: Option<Freeze>,
    file: &str,
) -> Result<ExitCode, Failure> {
    let answer = FreezeAnswer { frozen, replaced, file: file.to_owned(), errors: Vec::new() };
    match settings.format {
        Format::Jsonl => output::json_line(&answer)?,
        Format::Json | Format::Table => output::json(&answer)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(settings: &Settings, what: &str, error: &NotFrozen) -> Failure {
    match error {
        NotFrozen::EndsLater(freeze) => {
            let words = format!("{what}: writes are frozen {}: {}", ending(settings, freeze), freeze.reason);
            Failure::refused(clean(&words)).hint("a freeze is not shortened by another one; to lift it: beanpole thaw")
        }
        NotFrozen::Busy(_) => Failure::refused(format!("{what}: {error}")).hint("try again"),
        NotFrozen::File { .. } => Failure::refused(clean(&format!("{what}: {error}")))
            .hint("until this file is mended or removed (beanpole thaw) nothing is written"),
    }
}

fn ending(settings: &Settings, freeze: &Freeze) -> String {
    freeze.end(&if settings.config.utc { TimeZone::UTC } else { TimeZone::system() })
}

/// A time without the part of a second.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
