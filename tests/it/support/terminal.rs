//! The real binary in a pseudo-terminal, with its output on a screen that a test can read.
//!
//! Nothing here sleeps: output is fed until a condition holds, and a deadline that passes fails with the screen. As a
//! terminal does that knows synchronized updates, frames are shown whole: what lies between their beginning and their
//! end is held back until the end has come. It answers no question that the program might ask of it.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{InputModes, LocalModes, OutputModes};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// The binary under test.
pub const BEANPOLE: &str = env!("CARGO_BIN_EXE_beanpole");
/// Long enough for everything that should take an instant, on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);

const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";
/// What the dashboard switches on and must switch off: mouse, focus, alternate screen, bracketed paste, a whole frame.
const MODES: [u16; 9] = [1000, 1002, 1003, 1004, 1006, 1015, 1049, 2004, 2026];

/// Descriptors that are just being made must not be inherited by another test's child.
static SPAWNING: Mutex<()> = Mutex::new(());

/// A command that is given nothing of the environment of the tests: no AWS variables, a home of its own.
pub fn beanpole(home: &Path) -> Command {
    let mut command = Command::new(BEANPOLE);
    command.env_clear().envs(environment(home)).current_dir(home);
    command
}

fn environment(home: &Path) -> [(&'static str, String); 5] {
    [
        ("HOME", home.display().to_string()),
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("TERM", "xterm-256color".into()),
        ("LANG", "C.UTF-8".into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
    ]
}

/// A terminal before its program was started.
pub struct Start {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    size: (u16, u16),
    script: Option<String>,
    home: TempDir,
}

impl Start {
    /// Of `beanpole` with these arguments.
    pub fn of(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(ToString::to_string).collect(),
            variables: Vec::new(),
            size: (120, 40),
            script: None,
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// On a screen of this size.
    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    /// Sets a variable in its environment.
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// By a script of `sh`, in which `"$@"` is the program with its arguments.
    pub fn script(mut self, script: &str) -> Self {
        self.script = Some(script.into());
        self
    }

    /// Adds a file below its home.
    pub fn file(self, path: &str, text: &str) -> Self {
        write_file(&self.home.path().join(path), text);
        self
    }

    /// Starts it.
    pub fn start(self) -> Terminal {
        let guard = SPAWNING.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = native_pty_system().openpty(pty_size(self.size)).unwrap();
        let before = Modes::of(&*pair.master);
        let started = Instant::now();
        let child = pair.slave.spawn_command(self.command()).unwrap();
        drop(pair.slave);
        let (reading, chunks) = read(pair.master.try_clone_reader().unwrap());
        let keys = pair.master.take_writer().unwrap();
        drop(guard);
        let (width, height) = self.size;
        Terminal {
            parser: Parser::new(height, width, 0),
            held: Vec::new(),
            output: Vec::new(),
            fed_at: started,
            frames: 0,
            master: Some(pair.master),
            keys: Some(keys),
            child,
            chunks,
            reading,
            before,
            started,
            home: self.home,
        }
    }

    fn command(&self) -> CommandBuilder {
        let mut command = match &self.script {
            None => CommandBuilder::new(BEANPOLE),
            Some(script) => {
                let mut command = CommandBuilder::new("/bin/sh");
                command.args(["-c", script, "sh", BEANPOLE]);
                command
            }
        };
        command.args(&self.arguments);
        command.env_clear();
        command.cwd(self.home.path());
        environment(self.home.path()).into_iter().for_each(|(name, value)| command.env(name, value));
        self.variables.iter().for_each(|(name, value)| command.env(name, value));
        command
    }
}

pub fn write_file(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}

type Chunks = Receiver<(Instant, Vec<u8>)>;

/// What the reading thread looks at before it reads on.
#[derive(Default)]
struct Reading {
    gate: Mutex<()>,
    closed: AtomicBool,
}

/// Reads on a separate thread; the channel ends when no process has the terminal open any more.
fn read(mut reader: Box<dyn Read + Send>) -> (Arc<Reading>, Chunks) {
    let reading = Arc::new(Reading::default());
    let reported = Arc::clone(&reading);
    let (sender, chunks) = sync_channel(1 << 16);
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while !reported.closed.load(Ordering::SeqCst) {
            drop(reported.gate.lock());
            match reader.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                        break;
                    }
                }
            }
        }
    });
    (reading, chunks)
}

/// A window that can be made to read nothing.
pub struct Stalled(Arc<Reading>);

impl Stalled {
    /// Nothing is read while the guard lives.
    pub fn stop(&self) -> MutexGuard<'_, ()> {
        self.0.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the driver treats what is typed: cooked as a shell leaves it, or raw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modes {
    input: u32,
    output: u32,
    control: u32,
    local: u32,
    characters: Vec<u8>,
}

impl Modes {
    fn of(master: &dyn MasterPty) -> Self {
        let modes = master.get_termios().expect("the terminal has modes");
        Self {
            input: modes.input_flags.bits(),
            output: modes.output_flags.bits(),
            control: modes.control_flags.bits(),
            local: modes.local_flags.bits(),
            characters: modes.control_chars.to_vec(),
        }
    }

    /// Every key goes to the program as it is typed, and nothing is echoed or turned into a signal.
    pub fn is_raw(&self) -> bool {
        let local = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        let input = InputModes::ICRNL | InputModes::IXON;
        self.local & local.bits() == 0 && self.input & input.bits() == 0 && self.output & OutputModes::OPOST.bits() == 0
    }
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit status; 1 if a signal ended it.
    pub status: u32,
    /// The signal that ended it.
    pub signal: Option<String>,
}

/// A program in a terminal.
pub struct Terminal {
    parser: Parser,
    held: Vec<u8>,
    output: Vec<u8>,
    fed_at: Instant,
    frames: usize,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    chunks: Chunks,
    reading: Arc<Reading>,
    before: Modes,
    /// When it was started.
    pub started: Instant,
    home: TempDir,
}

impl Terminal {
    /// The screen as it is.
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// The text of the screen.
    pub fn text(&self) -> String {
        self.screen().contents()
    }

    /// A line of the screen.
    pub fn line(&self, y: u16) -> String {
        let (_, width) = self.screen().size();
        self.screen().rows(0, width).nth(usize::from(y)).unwrap_or_default()
    }

    /// The program's home.
    pub fn home(&self) -> PathBuf {
        self.home.path().to_path_buf()
    }

    /// Feeds output until a condition holds; when the frame came that fulfilled it.
    pub fn until(&mut self, what: &str, within: Duration, condition: impl Fn(&Screen) -> bool) -> Instant {
        let deadline = Instant::now() + within;
        loop {
            if condition(self.screen()) {
                return self.fed_at;
            }
            match self.chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((at, bytes)) => {
                    if self.apply_answer(&bytes, at, Some(&condition)) {
                        return self.fed_at;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("not within {within:?}: {what}\n{}", self.picture()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended ({:?}) before: {what}\n{}", self.child.try_wait(), self.picture())
                }
            }
        }
    }

    /// Whether the bell was rung: the character by itself, and not as the end of an operating system command.
    pub fn rang(&self) -> bool {
        let is_own = |text: &[u8]| !text.windows(2).any(|pair| pair == b"\x1b]");
        let mut texts = self.output.split(|byte| *byte == 7);
        // Behind the last bell there is none.
        texts.next_back();
        texts.any(is_own)
    }

    /// Feeds output until the screen shows this.
    pub fn until_says(&mut self, text: &str) -> Instant {
        self.until(text, SOON, |screen| screen.contents().contains(text))
    }

    /// Feeds output until the screen does not show this any more.
    pub fn until_silent(&mut self, text: &str) -> Instant {
        self.until(&format!("no more {text}"), SOON, |screen| !screen.contents().contains(text))
    }

    /// Feeds output for so long, whatever it is; returns how many bytes came.
    pub fn listen(&mut self, time: Duration) -> usize {
        let deadline = Instant::now() + time;
        let before = self.output.len();
        while let Ok((at, bytes)) = self.chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.apply_answer(&bytes, at, None);
        }
        self.output.len() - before
    }

    /// How many frames were drawn so far.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Everything that was written, as text.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// Applies bytes, frame by frame, until the condition holds; the rest is applied even then.
    fn apply_answer(&mut self, bytes: &[u8], at: Instant, condition: Option<&dyn Fn(&Screen) -> bool>) -> bool {
        self.output.extend_from_slice(bytes);
        self.held.extend_from_slice(bytes);
        let mut held = std::mem::take(&mut self.held);
        let mut holds = false;
        while !holds && let Some(end) = find(&held, END_FRAME) {
            let frame: Vec<u8> = held.drain(..end + END_FRAME.len()).collect();
            self.feed(&frame, at);
            self.frames += 1;
            holds = condition.is_some_and(|condition| condition(self.screen()));
        }
        // A frame that has begun is held back; so is what may be the first bytes of its beginning.
        let shown = if holds { 0 } else { find(&held, BEGIN_FRAME).unwrap_or_else(|| unsure(&held)) };
        let shown: Vec<u8> = held.drain(..shown).collect();
        self.feed(&shown, at);
        self.held = held;
        holds || condition.is_some_and(|condition| condition(self.screen()))
    }

    fn feed(&mut self, bytes: &[u8], at: Instant) {
        if !bytes.is_empty() {
            self.parser.process(bytes);
            self.fed_at = at;
        }
    }

    /// Types these characters.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let writer = self.keys.as_mut().expect("the terminal is there");
        writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("the terminal takes keys");
        self
    }

    /// Presses the left button of the mouse on a cell, counted from 0, and lets it go.
    pub fn click(&mut self, x: u16, y: u16) -> &mut Self {
        let (x, y) = (x + 1, y + 1);
        self.press(&format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"))
    }

    /// Pastes text, as a terminal does that knows bracketed paste.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.press(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.parser.screen_mut().set_size(height, width);
        self.master().resize(pty_size((width, height))).unwrap();
        self
    }

    /// A window that can be made to read nothing.
    pub fn stalled(&self) -> Stalled {
        Stalled(Arc::clone(&self.reading))
    }

    /// Closes the window: once something more is written, the program has no terminal any more.
    pub fn close(&mut self) {
        self.reading.closed.store(true, Ordering::SeqCst);
        self.keys = None;
        self.master = None;
    }

    /// The process that was started: the program, or the shell that started it.
    pub fn process(&self) -> Pid {
        Pid::from_raw(self.child.process_id().expect("it runs").cast_signed()).expect("it has an id")
    }

    /// The process that has the terminal: under a shell, its job in the foreground.
    pub fn foreground(&self) -> Pid {
        self.master().process_group_leader().and_then(Pid::from_raw).expect("somebody has the terminal")
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.process(), signal).unwrap();
    }

    /// How the driver treats keys now.
    pub fn modes(&self) -> Modes {
        Modes::of(self.master())
    }

    fn master(&self) -> &dyn MasterPty {
        self.master.as_deref().expect("the window is open")
    }

    /// Feeds output until the program has ended.
    pub fn ended(&mut self, within: Duration) -> Ended {
        let deadline = Instant::now() + within;
        loop {
            match self.chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((at, bytes)) => {
                    self.apply_answer(&bytes, at, None);
                }
                Err(RecvTimeoutError::Timeout) => panic!("it did not end within {within:?}\n{}", self.picture()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let rest = std::mem::take(&mut self.held);
        self.feed(&rest, Instant::now());
        self.exited(deadline)
    }

    /// How the program ended, read without its terminal.
    pub fn exited(&mut self, deadline: Instant) -> Ended {
        let status: ExitStatus = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("it runs on\n{}", self.picture()),
                None => thread::yield_now(),
            }
        };
        Ended { status: status.exit_code(), signal: status.signal().map(str::to_owned) }
    }

    /// The terminal is the dashboard's: raw, on the alternate screen, with the mouse.
    #[track_caller]
    pub fn assert_taken(&self) {
        assert!(self.modes().is_raw(), "{:?}", self.modes());
        assert!(self.screen().alternate_screen(), "{}", self.picture());
        assert!(self.screen().hide_cursor());
        assert!(self.screen().bracketed_paste());
        assert_ne!(self.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    }

    /// Asserts that the terminal is as it was before: its next user finds nothing changed.
    #[track_caller]
    pub fn assert_given_back(&self) {
        assert_eq!(self.modes(), self.before, "raw mode was left on");
        assert!(!self.screen().alternate_screen(), "the alternate screen was left on\n{}", self.picture());
        assert!(!self.screen().hide_cursor(), "the cursor was left hidden\n{}", self.picture());
        assert!(!self.screen().bracketed_paste(), "bracketed paste was left on");
        assert_eq!(self.screen().mouse_protocol_mode(), MouseProtocolMode::None, "the mouse was left on");
        for mode in MODES {
            assert!(!self.is_set(mode), "mode {mode} was left on");
        }
        assert!(!self.text().contains("Fleet"), "a frame was drawn on the main screen\n{}", self.picture());
    }

    /// Whether a private mode was set last, rather than reset.
    fn is_set(&self, mode: u16) -> bool {
        let last = |end: char| rfind(&self.output, format!("\x1b[?{mode}{end}").as_bytes());
        last('h') > last('l')
    }

    /// The screen in a frame, for messages.
    pub fn picture(&self) -> String {
        let (height, width) = self.screen().size();
        let mut picture = format!("screen of {width} by {height}:\n");
        for row in self.screen().rows(0, width) {
            let _ = writeln!(picture, "| {}", row.trim_end());
        }
        picture
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // A stopped job of a shell is killed with its group; the shell alone.
            if let Some(group) = self.master.as_ref().and_then(|master| master.process_group_leader()) {
                let _ = Pid::from_raw(group).map(|group| rustix::process::kill_process_group(group, Signal::KILL));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

/// Returns where a partial frame beginning starts at the end of the bytes, if there is one; else the end.
fn unsure(bytes: &[u8]) -> usize {
    let longest = (BEGIN_FRAME.len() - 1).min(bytes.len());
    let cut = (1..=longest).rev().find(|length| bytes.ends_with(&BEGIN_FRAME[..*length])).unwrap_or(0);
    bytes.len() - cut
}

/// A process as Linux sees it.
#[cfg(target_os = "linux")]
pub mod process {
    use std::time::Duration;

    use rustix::process::Pid;

    /// Returns the fields after the name in `/proc/PID/stat`.
    fn fields(process: Pid) -> Vec<String> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).unwrap();
        let (_, rest) = text.rsplit_once(')').expect("a name in brackets");
        rest.split_whitespace().map(str::to_owned).collect()
    }

    /// `R` runs, `S` sleeps, `T` is stopped.
    pub fn state(process: Pid) -> String {
        fields(process)[0].clone()
    }

    /// The time for which it had a processor, to a hundredth of a second.
    pub fn processor_time(process: Pid) -> Duration {
        let fields = fields(process);
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        // Linux reports user time in hundredths of a second, whatever its own clock.
        Duration::from_millis(ticks * 10)
    }
}
