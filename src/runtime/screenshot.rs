//! A picture of the dashboard without a terminal: keys are typed, time passes, and the last frame is drawn as SVG.
//!
//! It is the same application with the same tasks and the same drawing as on a terminal; only the screen is in memory. On a
//! paused clock time passes at once.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::{Receiver, channel};

use super::clock::Clock;
use super::tasks::{TaskResult, Tasks};
use super::writes::WriteTasks;
use crate::app::{App, DashboardSetup, Effect, Message};
use crate::aws::{OpenFault, SessionOptions};
use crate::config::Chord;
use crate::polling::Pace;
use crate::ui::{Look, Paper, draw, svg};

/// Before the first key: enough to read a region and show it.
const FIRST: Duration = Duration::from_secs(6);
/// Between two keys: enough to read what the first one opened.
const BETWEEN_KEYS: Duration = Duration::from_secs(1);

/// What a picture is made of.
pub struct Screenshot {
    /// What the user chose.
    pub setup: DashboardSetup,
    /// What it looks like.
    pub look: Look,
    /// The colours used for the terminal's own.
    pub paper: Paper,
    /// Region, profile and endpoint.
    pub options: SessionOptions,
    /// Log and locks for its writes.
    pub pen: WriteTasks,
    /// The time.
    pub clock: Clock,
    /// The columns and rows of the screen.
    pub size: (u16, u16),
    /// The keys to type, a second apart.
    pub keys: Vec<Chord>,
    /// How long to wait after the last key.
    pub after: Duration,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NoScreenshot {
    /// There is no session to be had with these settings.
    #[error("no session can be opened")]
    Open(#[source] OpenFault),
    /// A key quit the dashboard.
    #[error("the keys quit the dashboard, so that there is no screen to draw")]
    Quit,
    /// A key hands the terminal over to another program.
    #[error("the keys hand the terminal over to another program, and there is no terminal")]
    HandOver,
}

impl Screenshot {
    /// Runs the dashboard and draws its last frame.
    ///
    /// # Errors
    /// If no session can be opened, or if a key quits the dashboard or hands the terminal over.
    pub async fn take(self) -> Result<String, NoScreenshot> {
        let pace = Pace { plans: self.setup.plans, cadences: self.setup.cadences };
        let (app, effects) = App::new(self.setup, self.clock.now());
        let (out, brought) = channel(64);
        let tasks = Tasks::new(self.options, (self.clock, pace), self.pen, out);
        let (look, clock, size) = (self.look, self.clock, self.size);
        let mut screen = Offscreen { app, look, clock, tasks, brought, size };
        screen.frame()?;
        screen.carry_out(effects)?;
        screen.pass(FIRST).await?;
        for chord in self.keys {
            screen.apply_message(Message::Pressed(chord))?;
            screen.pass(BETWEEN_KEYS).await?;
        }
        screen.pass(self.after).await?;
        let buffer = screen.frame()?;
        screen.tasks.abort();
        Ok(svg(&buffer, self.paper))
    }
}

/// The dashboard on a screen in memory.
struct Offscreen {
    app: App,
    look: Look,
    clock: Clock,
    tasks: Tasks,
    brought: Receiver<TaskResult>,
    size: (u16, u16),
}

impl Offscreen {
    /// Lets this much time pass, with everything that happens in it.
    async fn pass(&mut self, span: Duration) -> Result<(), NoScreenshot> {
        let end = self.clock.local().plus(span);
        loop {
            let left = end.since(self.clock.local());
            if left.is_zero() {
                return Ok(());
            }
            let now = self.clock.now();
            let wait = self.app.next_wake().map_or(left, |at| at.since(now).min(left));
            tokio::select! {
                biased;
                Some(brought) = self.brought.recv() => match brought {
                    TaskResult::Message(message) => self.apply_message(message)?,
                    TaskResult::FatalError(fault) => return Err(NoScreenshot::Open(fault)),
                },
                failed = self.tasks.ended() => {
                    if let Some(text) = failed {
                        self.apply_message(Message::Failed(text))?;
                    }
                }
                () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => self.apply_message(Message::TimePassed)?,
            }
            self.frame()?;
        }
    }

    fn apply_message(&mut self, message: Message) -> Result<(), NoScreenshot> {
        let effects = self.app.handle(message, self.clock.now());
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), NoScreenshot> {
        for effect in effects {
            match effect {
                Effect::Quit => return Err(NoScreenshot::Quit),
                Effect::HandOver(_) => return Err(NoScreenshot::HandOver),
                effect => self.tasks.start(self.app.state.snapshot().inventory.identity.as_ref(), effect),
            }
        }
        Ok(())
    }

    /// Draws the screen, again until what the drawing found out about room changes nothing more.
    fn frame(&mut self) -> Result<Buffer, NoScreenshot> {
        loop {
            let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
            let hit_map = draw(&self.app.state, &self.look, &mut buffer);
            if hit_map == self.app.state.terminal.hit_map {
                return Ok(buffer);
            }
            self.apply_message(Message::Drawn(hit_map))?;
        }
    }
}
