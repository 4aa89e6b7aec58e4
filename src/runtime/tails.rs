//! The tails of an environment's logs: the instances are asked, waited for, and what they hand in is fetched.
//!
//! What they handed in before is known first, for Beanstalk keeps giving it for a while; neither clock, ours or theirs,
//! has to be trusted for telling old from new.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::patience::patiently;
use crate::aws::{LogFile, Session, download_tail, log_tails, request_tails};
use crate::model::{Environment, Fault, FaultKind, Key, Tails};

/// How long the instances are waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PACE: Duration = Duration::from_secs(2);
/// Where it is not known who should answer: how long after the last answer nobody else is waited for.
const LULL: Duration = Duration::from_secs(10);

/// Asks the instances of an environment for the tails of their logs and waits for those that are wanted; for whoever
/// answers, if it is not known who should. `progress` sees before each look what has come so far.
///
/// # Errors
/// When they could not even be asked.
pub async fn tails(
    session: &Session,
    clock: Clock,
    environment: &Key<Environment>,
    wanted: Option<&[Arc<str>]>,
    mut progress: impl FnMut(&Tails),
) -> Result<Tails, Arc<Fault>> {
    let now = || clock.now();
    let before = patiently(clock, || log_tails(session, environment, now)).await?;
    patiently(clock, || request_tails(session, environment, now)).await?;
    let mut tails = Tails::default();
    let until = clock.now().plus(PATIENCE);
    let mut last_answer = None;
    while clock.now() < until {
        let done = tails.read.len();
        progress(&tails);
        tokio::time::sleep(PACE).await;
        match log_tails(session, environment, now).await {
            Ok(files) => {
                tails.fault = None;
                fetch(&mut tails, session, clock, newest(&files, &before, wanted)).await;
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

/// Fetches what is not there yet, all at once. What fails is tried again with the next look.
async fn fetch(tails: &mut Tails, session: &Session, clock: Clock, files: Vec<&LogFile>) {
    let mut fetching = tokio::task::JoinSet::new();
    for file in files.into_iter().filter(|file| !tails.read.contains_key(&file.instance)) {
        let (session, file) = (session.clone(), file.clone());
        fetching.spawn(async move {
            let fetched = download_tail(&session, &file, || clock.now()).await;
            (file.instance, fetched)
        });
    }
    while let Some(ended) = fetching.join_next().await {
        match ended {
            Ok((instance, Ok(tail))) => {
                tails.failed.remove(&instance);
                tails.read.insert(instance, tail);
            }
            Ok((instance, Err(fault))) => {
                tails.failed.insert(instance, fault);
            }
            Err(_) => {}
        }
    }
}
