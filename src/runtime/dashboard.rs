//! The loop: messages in, effects out, a frame when something changed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::EventStream;
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use futures_util::StreamExt;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::Instant;

use super::clipboard::Multiplexer;
use super::clock::Clock;
use super::external_command::{self, CommandEnd};
use super::input;
use super::signals::{Signal, Signals, end_when_stuck, stop_until_continued};
use super::tasks::{TaskResult, Tasks};
use super::terminal::{TerminalGuard, keep_panics};
use super::writer::TerminalWriter;
use super::writes::WriteTasks;
use crate::app::{App, DashboardSetup, Effect, ExternalCommand, HitMap, Message};
use crate::aws::{OpenFault, SessionOptions};
use crate::model::Moment;
use crate::polling::Pace;
use crate::ui::{Look, draw};

/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(16);
/// The most that is applied before a frame.
const DRAIN: (usize, Duration) = (256, Duration::from_millis(4));
/// Wall time that jumps by more than this against the monotonic clock means that the machine slept.
const JUMP: Duration = Duration::from_secs(5);

/// As good as never.
const LONG: Duration = Duration::from_secs(3600);

/// How the dashboard ended.
#[derive(Debug)]
pub enum Ending {
    /// The user quit.
    Quit,
    /// A signal ended it; the exit status that goes with it.
    Signalled(u8),
    /// There is no session to be had with these settings.
    Hopeless(OpenFault),
}

/// Faults of our own, for tests of how the terminal is left: a hidden switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TestFaults {
    /// Panic after the first frame.
    pub panic: bool,
}

/// What happened while the loop waited.
enum Event {
    Message(Message),
    Nothing,
    End(Ending),
}

/// What an effect asks of the loop itself.
enum Flow {
    On,
    Suspend,
    HandOver(ExternalCommand),
    End(Ending),
}

/// Where ratatui writes a frame, until the writer gets it.
#[derive(Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a dashboard needs to run.
pub struct DashboardStart {
    /// What the user chose.
    pub setup: DashboardSetup,
    /// What it looks like.
    pub look: Look,
    /// Region, profile and endpoint.
    pub options: SessionOptions,
    /// Log and locks for its writes.
    pub pen: WriteTasks,
    /// The time.
    pub clock: Clock,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Faults of our own.
    pub test_faults: TestFaults,
}

/// The dashboard on a terminal.
pub struct Dashboard {
    app: App,
    look: Look,
    clock: Clock,
    bytes: Bytes,
    terminal: Terminal<CrosstermBackend<Bytes>>,
    // In a panic they go in this order: the last frame is written before the terminal is given back.
    writer: TerminalWriter,
    taken: TerminalGuard,
    tasks: Tasks,
    brought: Receiver<TaskResult>,
    events: Option<EventStream>,
    dirty: bool,
    last_frame: Option<Instant>,
    next_change: Option<Moment>,
    beat: (Instant, Moment),
    test_faults: TestFaults,
}

impl Dashboard {
    /// Runs the dashboard until it ends. The terminal is given back in any case.
    ///
    /// # Errors
    /// If the terminal cannot be taken or is gone.
    pub async fn run(start: DashboardStart) -> io::Result<Ending> {
        keep_panics();
        let mut signals = Signals::listen()?;
        let watchdog = tokio::spawn(end_when_stuck());
        let now = start.clock.now();
        let pace = Pace { plans: start.setup.plans, cadences: start.setup.cadences };
        let (app, effects) = App::new(start.setup, now);
        let (out, brought) = channel(64);
        let bytes = Bytes::default();
        let mut dashboard = Self {
            app,
            look: start.look,
            clock: start.clock,
            taken: TerminalGuard::take(start.mouse)?,
            terminal: Terminal::new(CrosstermBackend::new(bytes.clone()))?,
            bytes,
            writer: TerminalWriter::start()?,
            tasks: Tasks::new(start.options, (start.clock, pace), start.pen, out),
            brought,
            events: Some(EventStream::new()),
            dirty: true,
            last_frame: None,
            next_change: None,
            beat: (Instant::now(), start.clock.local()),
            test_faults: start.test_faults,
        };
        dashboard.frame()?;
        dashboard.tasks.follow_freeze(dashboard.app.state.operations.frozen.clone());
        dashboard.carry_out(effects);
        let ending = dashboard.live(&mut signals).await.or_else(|error| {
            // A closed window raises a signal and fails the terminal itself; either may come first.
            if is_gone(&error) { Ok(Ending::Signalled(Signal::HangUp.status())) } else { Err(error) }
        });
        watchdog.abort();
        dashboard.tasks.abort();
        dashboard.give_back().await;
        ending
    }

    async fn live(&mut self, signals: &mut Signals) -> io::Result<Ending> {
        loop {
            let mut event = self.wait(signals).await?;
            let began = Instant::now();
            for _ in 0..DRAIN.0 {
                let flow = match event {
                    Event::End(ending) => return Ok(ending),
                    Event::Nothing => break,
                    Event::Message(message) => self.apply_message(message),
                };
                match flow {
                    Flow::On => {}
                    Flow::End(ending) => return Ok(ending),
                    Flow::Suspend => self.suspend().await?,
                    Flow::HandOver(external_command) => {
                        if let Some(ending) = self.hand_over(external_command, signals).await? {
                            return Ok(ending);
                        }
                    }
                }
                if began.elapsed() > DRAIN.1 {
                    break;
                }
                event = self.more().await?;
            }
            let now = self.clock.now();
            self.dirty |= self.app.take_changed() || self.next_change.is_some_and(|at| at <= now);
            if self.dirty && self.frame_wait().is_zero() && !self.writer.is_busy() {
                self.frame()?;
                self.check_flaws();
            }
        }
    }

    /// Waits for the next thing to happen: signals and input first.
    async fn wait(&mut self, signals: &mut Signals) -> io::Result<Event> {
        let sleep = self.sleep();
        let events = &mut self.events;
        let input = async {
            match events {
                Some(events) => events.next().await,
                None => std::future::pending().await,
            }
        };
        let event = tokio::select! {
            biased;
            signal = signals.next() => Event::End(Ending::Signalled(signal.status())),
            event = input => translate(event)?,
            written = self.writer.idle() => { written?; Event::Nothing }
            Some(brought) = self.brought.recv() => event_of(brought),
            failed = self.tasks.ended() => failed.map_or(Event::Nothing, |text| Event::Message(Message::Failed(text))),
            () = tokio::time::sleep(sleep) => Event::Message(Message::TimePassed),
        };
        if self.has_slept() {
            // Beside the event, not in its place: it may be the key or the signal that ends us.
            self.apply_message(Message::Woke);
        }
        Ok(event)
    }

    /// Returns what has happened already, input first. Input is polled with this task's waker, because the stream keeps
    /// the first one: with another, keys would wait until something else wakes the loop.
    async fn more(&mut self) -> io::Result<Event> {
        if let Some(events) = &mut self.events {
            let polled = std::future::poll_fn(|context| Poll::Ready(events.poll_next_unpin(context))).await;
            if let Poll::Ready(event) = polled {
                return translate(event);
            }
        }
        Ok(self.brought.try_recv().map_or(Event::Nothing, event_of))
    }

    fn apply_message(&mut self, message: Message) -> Flow {
        let effects = self.app.handle(message, self.clock.now());
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Flow {
        let mut flow = Flow::On;
        for effect in effects {
            match effect {
                Effect::Copy(text) => {
                    let multiplexer = Multiplexer::around(|name| std::env::var(name).ok());
                    let _ = queue!(self.bytes, Print(multiplexer.copy(&text)));
                    self.dirty = true;
                }
                Effect::Notify(notification) => self.notify(notification),
                Effect::HandOver(external_command) => flow = Flow::HandOver(external_command),
                Effect::Suspend => flow = Flow::Suspend,
                Effect::Quit => flow = Flow::End(Ending::Quit),
                effect => self.tasks.start(self.app.state.snapshot().inventory.identity.as_ref(), effect),
            }
        }
        self.tasks.watch_credentials(self.app.state.session().retry_at().is_some());
        flow
    }

    /// Rings the bell, and sends a notification with the place that it is about, as the configuration says.
    fn notify(&mut self, mut notification: serde_json::Map<String, serde_json::Value>) {
        let state = &self.app.state;
        let text = |text: Option<&str>| text.map_or(serde_json::Value::Null, Into::into);
        let identity = state.snapshot().inventory.identity.as_ref();
        notification.insert("account".to_owned(), text(identity.and_then(|it| it.account.as_deref())));
        notification.insert("region".to_owned(), text(state.session().facts.region.as_deref()));
        let settings = state.setup.config.notify.clone();
        if settings.bell {
            let _ = queue!(self.bytes, Print('\x07'));
            self.dirty = true;
        }
        self.tasks.notify(settings, notification);
    }

    /// Returns how long until something is due without a message.
    fn sleep(&self) -> Duration {
        let now = self.clock.now();
        let until = |at: Option<Moment>| at.map_or(LONG, |at| at.since(now));
        let frame = match (self.dirty, self.writer.is_busy()) {
            (true, false) => self.frame_wait(),
            (true, true) => LONG,
            (false, _) => until(self.next_change),
        };
        frame.min(until(self.app.next_wake()))
    }

    fn frame_wait(&self) -> Duration {
        self.last_frame.map_or(Duration::ZERO, |last| FRAME.saturating_sub(last.elapsed()))
    }

    /// Draws into memory and hands the bytes to the writer.
    fn frame(&mut self) -> io::Result<()> {
        self.dirty = false;
        queue!(self.bytes, BeginSynchronizedUpdate)?;
        let mut hit_map = HitMap::default();
        let (state, look) = (&self.app.state, &self.look);
        self.terminal.draw(|frame| hit_map = draw(state, look, frame.buffer_mut()))?;
        queue!(self.bytes, EndSynchronizedUpdate)?;
        self.writer.write(self.bytes.0.take());
        self.last_frame = Some(Instant::now());
        let effects = self.app.handle(Message::Drawn(hit_map), self.clock.now());
        self.carry_out(effects);
        self.dirty = self.app.take_changed();
        self.next_change = self.app.next_change();
        Ok(())
    }

    /// Whether the machine was asleep: wall time ran ahead of the monotonic clock.
    fn has_slept(&mut self) -> bool {
        let (instant, wall) = (Instant::now(), self.clock.local());
        let (was_instant, was_wall) = std::mem::replace(&mut self.beat, (instant, wall));
        wall.since(was_wall) > instant.duration_since(was_instant) + JUMP
    }

    /// Restores the terminal once the last frame is on it. Frames that are not read are dropped: a stalled window
    /// must not keep us from ending.
    async fn give_back(&mut self) {
        if !self.writer.drain().await {
            TerminalGuard::discard_output();
            if !self.writer.drain().await {
                return self.taken.give_back_modes();
            }
        }
        self.taken.give_back();
    }

    /// Hands the terminal back to the shell until it continues us.
    async fn suspend(&mut self) -> io::Result<()> {
        // A thread that still read keys would take the first ones after the pause from the stream that is made then.
        self.events = None;
        input::wait_until_free()?;
        self.give_back().await;
        stop_until_continued();
        self.take_again()
    }

    /// Hands the terminal over to a program until it ends; how we end, if we were asked to meanwhile.
    async fn hand_over(
        &mut self,
        external_command: ExternalCommand,
        signals: &mut Signals,
    ) -> io::Result<Option<Ending>> {
        let ended = if let Some(why) = external_command::missing(&external_command) {
            Err(why)
        } else {
            // Both would read the same keys: the one has to have stopped before the other begins.
            self.events = None;
            input::wait_until_free()?;
            self.give_back().await;
            let ended = external_command::run(&external_command, signals).await;
            self.take_again()?;
            match ended {
                CommandEnd::Over(ended) => ended,
                CommandEnd::Signalled(signal) => return Ok(Some(Ending::Signalled(signal.status()))),
            }
        };
        // Its effects need nothing more of the loop.
        self.apply_message(Message::HandedBack { external_command, ended });
        Ok(None)
    }

    /// Takes the terminal again, and draws it whole.
    fn take_again(&mut self) -> io::Result<()> {
        self.taken.again()?;
        self.events = Some(EventStream::new());
        // A new one draws everything. Clearing this one would ask the terminal where its cursor is, and wait.
        self.terminal = Terminal::new(CrosstermBackend::new(self.bytes.clone()))?;
        self.dirty = true;
        Ok(())
    }

    fn check_flaws(&self) {
        assert!(!self.test_faults.panic, "a panic was asked for by --panic");
    }
}

/// Returns whether the terminal is gone: a read from it or a write to it fails so (EIO where the window was closed).
fn is_gone(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe)
        || error.raw_os_error() == Some(EIO)
}

fn translate(event: Option<io::Result<crossterm::event::Event>>) -> io::Result<Event> {
    match event {
        Some(Ok(event)) => Ok(input::message(event).map_or(Event::Nothing, Event::Message)),
        Some(Err(error)) => Err(error),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn event_of(brought: TaskResult) -> Event {
    match brought {
        TaskResult::Message(message) => Event::Message(message),
        TaskResult::FatalError(fault) => Event::End(Ending::Hopeless(fault)),
    }
}
