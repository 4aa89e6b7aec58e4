//! The signals that end the program, as one stream; and the one that stops it.

use std::io;

/// A signal that asks us to end, with the exit status that a shell expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C from outside.
    Interrupt,
    /// `kill`, or a shutdown.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

impl Signal {
    /// 128 and the signal's number.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// The signals, listened to.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// If handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            Some(()) = self.terminate.recv() => Signal::Terminate,
            Some(()) = self.hang_up.recv() => Signal::HangUp,
            Some(()) = self.interrupt.recv() => Signal::Interrupt,
            else => std::future::pending().await,
        }
    }
}

/// The signals, listened to.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// Never.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}

/// Stops this process as Ctrl-Z does; returns when the shell continues it.
#[cfg(unix)]
pub fn stop_until_continued() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
}

#[cfg(not(unix))]
pub fn stop_until_continued() {}

/// How long the loop may take to end after its window was closed.
const GRACE: std::time::Duration = std::time::Duration::from_secs(3);

/// Ends the program if its window was closed and the loop does not end: a terminal that is gone gives the end of input
/// again and again, and the reader of keys may go round in that for ever, with the loop in it. There is nothing to restore.
#[cfg(unix)]
pub async fn end_when_stuck() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hang_up) = signal(SignalKind::hangup()) else { return };
    hang_up.recv().await;
    tokio::time::sleep(GRACE).await;
    std::process::exit(i32::from(Signal::HangUp.status()));
}

/// There is no such signal here.
#[cfg(not(unix))]
pub async fn end_when_stuck() {
    std::future::pending::<()>().await;
}
