//! How far a command is: a progress bar for those that make many calls, and a remark on what is waited for when it takes
//! longer than a moment.
//!
//! How much there is to read comes to light while reading, so the bar's length grows.

use std::cell::Cell;
use std::fmt::Display;
use std::pin::Pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::runtime::{ReadProgress, Waiting};

/// How long nothing is printed.
const MOMENT: Duration = Duration::from_secs(3);
/// How often the line is repeated.
const AGAIN: Duration = Duration::from_secs(10);

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

fn words(on: Waiting) -> String {
    let Waiting { service, operation, is_slowed } = on;
    let why = if is_slowed { ", which is throttled" } else { "" };
    format!("waiting for {} {operation}{why}", service.title())
}
