//! The dashboard's logs: requested from the instances, shown as they arrive, and saved on demand.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::reading::Means;
use super::tails::tails;
use super::writes::{WriteTasks, create, safe};
use crate::app::Message;
use crate::app::screens::logs::LogsAnswer;
use crate::model::{Environment, Key, LogTail, Tails};

/// Requests the logs of an environment's instances. `report` is called with what has arrived each time that it is more; the
/// return value is the complete answer.
pub async fn ask_logs(
    means: Means<'_>,
    environment: Key<Environment>,
    wanted: Option<Vec<Arc<str>>>,
    send: impl Fn(Message),
) -> Message {
    let mut before = 0;
    let progress = |tails: &Tails| {
        let come = tails.read.len() + tails.failed.len();
        if std::mem::replace(&mut before, come) != come {
            send(reported(&environment, Ok(tails.clone()), false));
        }
    };
    let ended = tails(means, &environment, wanted.as_deref(), progress).await;
    reported(&environment, ended, true)
}

fn reported(environment: &Key<Environment>, tails: Result<Tails, Arc<crate::model::Fault>>, is_over: bool) -> Message {
    Message::Logs(LogsAnswer { environment: environment.clone(), tails, is_over })
}

impl WriteTasks {
    /// Saves logs, a file for each instance, never over a file that is there.
    pub async fn save_logs(&self, name: Arc<str>, logs: Vec<LogTail>) -> Message {
        let folder = self.reports.clone();
        let saved = tokio::task::spawn_blocking(move || save(&folder, &name, &logs)).await;
        Message::LogsSaved(match saved {
            Ok(Ok(files)) => Ok(files),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(error.to_string()),
        })
    }
}

/// Saves them; the first file's path, and how many more.
fn save(folder: &Path, name: &str, logs: &[LogTail]) -> io::Result<String> {
    let mut first = None;
    for log in logs {
        let stamp = log.at.map(|at| at.0.strftime("-%Y%m%dT%H%M%SZ").to_string()).unwrap_or_default();
        let stem = format!("beanpole-{}-{}{stamp}", safe(name), safe(&log.instance));
        let path = save_one(folder, &stem, &log.text)?;
        first.get_or_insert(path);
    }
    let more = logs.len().saturating_sub(1);
    let first = first.unwrap_or_default();
    Ok(if more == 0 { first } else { format!("{first} and {more} more") })
}

fn save_one(folder: &Path, stem: &str, text: &str) -> io::Result<String> {
    for number in 0..100 {
        let tail = if number == 0 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{stem}{tail}.log"));
        match create(&path, text) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
            Ok(()) => return Ok(path.display().to_string()),
        }
    }
    Err(io::Error::other("there are a hundred files of this log already"))
}
