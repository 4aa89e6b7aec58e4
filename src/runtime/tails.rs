//! The tails of an environment's logs: the instances are asked, waited for, and what they hand in is fetched.
//!
//! What they handed in before is known first, for Beanstalk keeps giving it for a while; neither clock, ours or theirs,
//! has to be trusted for telling old from new.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::gather::Progress;
use super::patience::patiently;
use crate::aws::{LogFile, LogTail, Session, download_tail, log_tails, request_tails};
use crate::model::{Environment, Fault, FaultKind, Key};

/// How long the instances are waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PACE: Duration = Duration::from_secs(2);
/// Where it is not known who should answer: how long after the last answer nobody else is waited for.
const LULL: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Debug, Default)]
pub struct Tails {
    /// The tails, by instance.
    pub read: BTreeMap<Arc<str>, LogTail>,
    /// Tails that are there and could not be fetched.
    pub failed: BTreeMap<Arc<str>, Arc<Fault>>,
    /// Who was waited for in vain.
    pub silent: Vec<Arc<str>>,
    /// Why nothing more could be learnt in the end, if that is so.
    pub fault: Option<Arc<Fault>>,
}

/// Asks the instances of an environment for the tails of their logs and waits for those that are wanted; for whoever
/// answers, if it is not known who should.
///
/// # Errors
/// When they could not even be asked.
pub async fn tails(
    session: &Session,
    clock: Clock,
    environment: &Key<Environment>,
    wanted: Option<&[Arc<str>]>,
    mut progress: impl FnMut(Progress),
) -> Result<Tails, Arc<Fault>> {
    let now = || clock.now();
    let before = patiently(clock, async || log_tails(session, environment, now).await).await?;
    patiently(clock, async || request_tails(session, environment, now).await).await?;
    let mut tails = Tails::default();
    let until = clock.now().plus(PATIENCE);
    let mut last_answer = None;
    while clock.now() < until {
        let done = tails.read.len();
        progress(Progress { done, wanted: wanted.map_or(done + 1, <[_]>::len) });
        tokio::time::sleep(PACE).await;
        match log_tails(session, environment, now).await {
            Ok(files) => {
                tails.fault = None;
                tails.fetch(session, clock, newest(&files, &before, wanted)).await;
            }
            Err(fault) if fault.kind == FaultKind::Throttled => tokio::time::sleep(PACE).await,
            Err(fault) => tails.fault = Some(fault),
        }
        if tails.read.len() > done {
            last_answer = Some(clock.now());
        }
        let is_done = match wanted {
            Some(wanted) => wanted.iter().all(|instance| tails.read.contains_key(instance)),
            None => last_answer.is_some_and(|last| clock.now().since(last) >= LULL),
        };
        if is_done {
            break;
        }
    }
    let missing = |instance: &&Arc<str>| !tails.read.contains_key(*instance) && !tails.failed.contains_key(*instance);
    tails.silent = wanted.unwrap_or_default().iter().filter(missing).cloned().collect();
    Ok(tails)
}

/// The newest file of each instance that is wanted, of those that were not there before.
fn newest<'a>(files: &'a [LogFile], before: &[LogFile], wanted: Option<&[Arc<str>]>) -> Vec<&'a LogFile> {
    let is_new = |file: &LogFile| !before.iter().any(|known| known.instance == file.instance && known.at == file.at);
    let is_wanted = |file: &LogFile| wanted.is_none_or(|wanted| wanted.contains(&file.instance));
    let mut found: BTreeMap<&str, &LogFile> = BTreeMap::new();
    for file in files.iter().filter(|file| is_new(file) && is_wanted(file)) {
        let newer = found.get(&*file.instance).is_none_or(|known| known.at < file.at);
        if newer {
            found.insert(&file.instance, file);
        }
    }
    found.into_values().collect()
}

impl Tails {
    /// Fetches what is not there yet, all at once. What fails is tried again with the next look.
    async fn fetch(&mut self, session: &Session, clock: Clock, files: Vec<&LogFile>) {
        let mut fetching = tokio::task::JoinSet::new();
        for file in files.into_iter().filter(|file| !self.read.contains_key(&file.instance)) {
            let (session, file) = (session.clone(), file.clone());
            fetching.spawn(async move {
                let fetched = download_tail(&session, &file, || clock.now()).await;
                (file.instance, fetched)
            });
        }
        while let Some(ended) = fetching.join_next().await {
            match ended {
                Ok((instance, Ok(tail))) => {
                    self.failed.remove(&instance);
                    self.read.insert(instance, tail);
                }
                Ok((instance, Err(fault))) => {
                    self.failed.insert(instance, fault);
                }
                Err(_) => {}
            }
        }
    }
}
