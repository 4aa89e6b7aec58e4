//! A progress bar on standard error, for commands that make many calls.
//!
//! How much there is to read comes to light while reading, so the bar's length grows.

use indicatif::{ProgressBar, ProgressStyle};

use crate::runtime::Progress;

/// A bar, or none. It shows only where standard error is a terminal.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// No bar, for what takes a moment.
    pub fn none() -> Self {
        Self(None)
    }

    /// A bar with these words before it.
    pub fn new(words: &'static str) -> Self {
        let bar = ProgressBar::new(0).with_message(words);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(Some(bar))
    }

    /// How far the reading is.
    pub fn set(&self, progress: Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.wanted as u64);
            bar.set_position(progress.done as u64);
        }
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
