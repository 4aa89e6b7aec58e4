//! The program's own log: where it goes, and what may be in it.
//!
//! At any level, bodies of requests and answers are never in it: they hold environment properties, credentials and signed
//! URLs. What the SDK and its HTTP library write below the level of information does hold them, so only beanpole itself
//! writes there: its own lines contain operations, ids, sizes, durations, statuses and faults.

use std::path::Path;
use std::sync::Mutex;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, FilterFn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::failure::{ExitStatus, Failure};
use crate::aws::variable;
use crate::model::clean;
use crate::write::private_file;

/// The level if `BEANPOLE_LOG` is not set.
const USUAL: &str = "beanpole=info";

/// Writes the log to a file, if one is named. What is logged is set by `BEANPOLE_LOG`, as `beanpole=debug`.
pub fn open(path: Option<&str>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let wanted = variable("BEANPOLE_LOG");
    let wanted = wanted.as_deref().unwrap_or(USUAL);
    let filter = EnvFilter::try_new(wanted).map_err(|_| {
        Failure::usage(format!("BEANPOLE_LOG is `{}`, which says no level", clean(wanted)))
            .hint("give one from error to trace, or beanpole=LEVEL")
    })?;
    let file = private_file::append(Path::new(path), true).map_err(|error| Failure {
        status: ExitStatus::Usage,
        ..Failure::system(format!("the log file {path} cannot be written"), error)
    })?;
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    let bounded = filter.and(FilterFn::new(holds_no_bodies));
    let _ = tracing_subscriber::registry().with(lines.with_filter(bounded)).try_init();
    Ok(())
}

/// Whether a line is one of ours, or so general that it quotes nothing.
fn holds_no_bodies(line: &Metadata<'_>) -> bool {
    let is_ours = line.target() == "beanpole" || line.target().starts_with("beanpole::");
    is_ours || *line.level() <= Level::INFO
}
