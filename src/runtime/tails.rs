//! The tails of an environment's logs: requested, awaited, and fetched from the files that the instances upload.
//!
//! The previous files are read first, because Beanstalk lists them for a while; no clock, ours or theirs,
//! has to be trusted to distinguish old from new.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::backoff::patiently;
use super::clock::Clock;
use super::reading::{Answered, Inquiry, Means, Reader, sleep_until};
use crate::aws::{LogFile, download_tail, log_tails, request_tails};
use crate::model::{Environment, Fault, FaultKind, Key, LogTail, Moment, Service, Tails};

/// How long the instances are waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PACE: Duration = Duration::from_secs(2);
/// Where it is not known which instances should answer: how long after the last answer no other is waited for.
const LULL: Duration = Duration::from_secs(10);

/// Asks the instances of an environment for the tails of their logs and waits for those that are wanted; for those that
/// answer, if it is not known which should. `progress` sees before each look what has come so far.
///
/// # Errors
/// When they could not even be asked.
pub async fn tails(
    means: Means<'_>,
    environment: &Key<Environment>,
    wanted: Option<&[Arc<str>]>,
    progress: impl FnMut(&Tails),
) -> Result<Tails, Arc<Fault>> {
    let list = |session, clock: Clock| {
        let environment = environment.clone();
        async move { log_tails(&session, &environment, || clock.now()).await }
    };
    let request = |session, clock: Clock| {
        let environment = environment.clone();
        async move { request_tails(&session, &environment, || clock.now()).await }
    };
    let before = patiently(means, Service::Beanstalk, list).await?;
    patiently(means, Service::Beanstalk, request).await?;
    let mut waiting = TailsWaiting::new(environment, wanted, before, progress, means.clock.now());
    Reader::new(means).until(&mut waiting).await;
    Ok(waiting.end())
}

/// The answer to a call.
enum TailsFound {
    Files(Result<Vec<LogFile>, Arc<Fault>>),
    Tail(Arc<str>, Result<LogTail, Arc<Fault>>),
}

/// The instances were asked, and are waited for.
struct TailsWaiting<'a, P> {
    environment: &'a Key<Environment>,
    wanted: Option<&'a [Arc<str>]>,
    /// What was there before.
    before: Vec<LogFile>,
    progress: P,
    tails: Tails,
    /// When the next look is due.
    due: Instant,
    /// No look begins after this.
    until: Moment,
    /// How many had answered at the last look.
    done: usize,
    last_answer: Option<Moment>,
}

impl<P: FnMut(&Tails)> Inquiry for TailsWaiting<'_, P> {
    type End = ();
    type Found = TailsFound;

    async fn judge(
        &mut self,
        reader: &mut Reader<TailsFound>,
        answered: Option<Answered<TailsFound>>,
    ) -> ControlFlow<()> {
        match answered {
            Some(Answered::Own(TailsFound::Files(files))) => self.take_files(reader, files),
            Some(Answered::Own(TailsFound::Tail(instance, tail))) => self.take_tail(instance, tail),
            Some(Answered::Planned(_)) | None => {
                if reader.is_idle() && Instant::now() >= self.due {
                    self.look(reader);
                }
                return ControlFlow::Continue(());
            }
        }
        if reader.is_idle() { self.look_ended(reader.clock.now()) } else { ControlFlow::Continue(()) }
    }

    fn longest_sleep(&self) -> Duration {
        sleep_until(self.due)
    }
}

impl<'a, P: FnMut(&Tails)> TailsWaiting<'a, P> {
    fn new(
        environment: &'a Key<Environment>,
        wanted: Option<&'a [Arc<str>]>,
        before: Vec<LogFile>,
        mut progress: P,
        now: Moment,
    ) -> Self {
        let (tails, due, until) = (Tails::default(), Instant::now() + PACE, now.plus(PATIENCE));
        progress(&tails);
        Self { environment, wanted, before, progress, tails, due, until, done: 0, last_answer: None }
    }

    /// Lists what the instances have handed in.
    fn look(&self, reader: &mut Reader<TailsFound>) {
        let (session, clock, environment) = (reader.session.clone(), reader.clock, self.environment.clone());
        reader.call(Some(Service::Beanstalk), async move {
            TailsFound::Files(log_tails(&session, &environment, || clock.now()).await)
        });
    }

    /// Fetches what is not there yet, all at once. What fails is tried again with the next look.
    fn take_files(&mut self, reader: &mut Reader<TailsFound>, files: Result<Vec<LogFile>, Arc<Fault>>) {
        self.due = Instant::now() + PACE;
        match files {
            Ok(files) => {
                self.tails.fault = None;
                for file in newest(&files, &self.before, self.wanted) {
                    if !self.tails.read.contains_key(&file.instance) {
                        fetch(reader, file.clone());
                    }
                }
            }
            Err(fault) if fault.kind == FaultKind::Throttled => self.due += PACE,
            Err(fault) => self.tails.fault = Some(fault),
        }
    }

    fn take_tail(&mut self, instance: Arc<str>, tail: Result<LogTail, Arc<Fault>>) {
        self.due = Instant::now() + PACE;
        match tail {
            Ok(tail) => {
                self.tails.failed.remove(&instance);
                self.tails.read.insert(instance, tail);
            }
            Err(fault) => {
                self.tails.failed.insert(instance, fault);
            }
        }
    }

    /// Whether there is another look after the one that has ended.
    fn look_ended(&mut self, now: Moment) -> ControlFlow<()> {
        let done = self.tails.read.len();
        if done > std::mem::replace(&mut self.done, done) {
            self.last_answer = Some(now);
        }
        let is_done = match self.wanted {
            Some(wanted) => wanted.iter().all(|instance| self.tails.read.contains_key(instance)),
            None => self.last_answer.is_some_and(|last| now.since(last) >= LULL),
        };
        if is_done || now >= self.until {
            return ControlFlow::Break(());
        }
        (self.progress)(&self.tails);
        ControlFlow::Continue(())
    }

    /// Returns the final result.
    fn end(self) -> Tails {
        let mut tails = self.tails;
        let is_missing =
            |instance: &&Arc<str>| !tails.read.contains_key(*instance) && !tails.failed.contains_key(*instance);
        tails.silent = self.wanted.unwrap_or_default().iter().filter(is_missing).cloned().collect();
        tails
    }
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

/// Fetches a tail, from where AWS's storage holds it: no budget of a service's is spent.
fn fetch(reader: &mut Reader<TailsFound>, file: LogFile) {
    let (session, clock) = (reader.session.clone(), reader.clock);
    reader.call(None, async move {
        let tail = download_tail(&session, &file, || clock.now()).await;
        TailsFound::Tail(file.instance, tail)
    });
}
