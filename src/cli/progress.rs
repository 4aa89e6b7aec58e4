//! How far a command is: a progress bar for those that make many calls, and a remark on what is waited for when it takes
//! longer than a moment.
//!
//! How much there is to read comes to light while reading, so the bar's length grows.

use std::cell::Cell;
use std::fmt::Display;
use std::pin::Pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

use super::output;
use crate::aws::UploadProgress;
use crate::runtime::{ReadProgress, Waiting};

/// How long nothing is printed.
const MOMENT: Duration = Duration::from_secs(3);
/// How often the line is repeated.
const AGAIN: Duration = Duration::from_secs(10);
/// How often the bar of an upload moves.
const TICK: Duration = Duration::from_millis(200);

/// A bar, or none. It shows only where standard error is a terminal.
pub struct Bar {
    bar: Option<ProgressBar>,
    /// When the next line is due.
    next: Cell<Duration>,
}

impl Bar {
    /// Returns no bar, for calls that are quick.
    pub fn none() -> Self {
        Self { bar: None, next: Cell::new(MOMENT) }
    }

    /// Returns a bar with this text before it.
    pub fn new(words: &'static str) -> Self {
        let bar = ProgressBar::new(0).with_message(words);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar: Some(bar), ..Self::none() }
    }

    /// How far the reading is.
    pub fn set(&self, progress: ReadProgress) {
        if let Some(bar) = &self.bar {
            bar.set_length(progress.wanted as u64);
            bar.set_position(progress.done as u64);
        }
        let Some(on) = progress.on.filter(|_| progress.elapsed >= self.next.get()) else { return };
        self.next.set(progress.elapsed + AGAIN);
        self.remark(&format!("beanpole: {} ({} of {} read)", words(on), progress.done, progress.wanted));
    }

    /// Does something with a remark on what it waits for, if it takes longer than a moment.
    pub async fn over<T>(&self, what: impl Display, mut work: Pin<Box<impl Future<Output = T> + ?Sized>>) -> T {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::time::sleep(MOMENT) => self.remark(&format!("beanpole: waiting for {what}")),
        }
        work.await
    }

    /// Prints something while the bar is off the screen.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn remark(&self, words: &str) {
        self.aside(|| output::remark(words));
    }
}

/// How far an upload is: a bar where standard error is a terminal, else a line every ten seconds.
pub struct UploadBar {
    bar: ProgressBar,
    total: u64,
}

impl UploadBar {
    /// Returns a bar for so many bytes, with this text before it.
    pub fn new(what: &str, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_message(format!("uploading {what}"));
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, total }
    }

    /// Shows how far it is while this is waited for.
    pub async fn over<T>(&self, uploads: &UploadProgress, mut work: Pin<Box<dyn Future<Output = T> + '_>>) -> T {
        let mut next = Instant::now() + MOMENT;
        let done = loop {
            tokio::select! {
                biased;
                done = &mut work => break done,
                () = tokio::time::sleep(TICK) => {
                    self.bar.set_position(uploads.bytes());
                    if self.bar.is_hidden() && Instant::now() >= next {
                        next += AGAIN;
                        let (sent, total) = (megabytes(uploads.bytes()), megabytes(self.total));
                        output::remark(&format!("beanpole: {sent} of {total} uploaded"));
                    }
                }
            }
        };
        self.bar.finish_and_clear();
        done
    }
}

fn words(on: Waiting) -> String {
    let Waiting { service, operation, is_slowed } = on;
    let why = if is_slowed { ", which is throttled" } else { "" };
    format!("waiting for {} {operation}{why}", service.title())
}

/// A size, for people.
pub fn megabytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{} kB", bytes.div_ceil(1 << 10))
    } else {
        format!("{:.1} MB", bytes as f64 / f64::from(1 << 20))
    }
}
