//! Writes frames to the terminal from a separate thread, one at a time: a stalled reader blocks nothing else.

use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, channel};

/// A stalled reader must not keep us from ending: a frame gets this long to be written.
const LIMIT: Duration = Duration::from_secs(1);

/// Takes frames, one at a time.
#[derive(Debug)]
pub struct TerminalWriter {
    frames: Option<SyncSender<Vec<u8>>>,
    written: Receiver<io::Result<()>>,
    thread: Option<thread::JoinHandle<()>>,
    busy: bool,
}

impl TerminalWriter {
    /// Starts the thread.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub fn start() -> io::Result<Self> {
        let (frames, inbox) = sync_channel::<Vec<u8>>(1);
        let (report, written) = channel(1);
        let thread = thread::Builder::new().name("terminal".into()).spawn(move || {
            while let Ok(frame) = inbox.recv() {
                let mut out = io::stdout().lock();
                let result = out.write_all(&frame).and_then(|()| out.flush());
                drop(out);
                if report.blocking_send(result).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { frames: Some(frames), written, thread: Some(thread), busy: false })
    }

    /// Whether a frame is still being written: then there is no use in drawing the next.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Hands a frame over. Only when not busy.
    pub fn write(&mut self, frame: Vec<u8>) {
        if let Some(frames) = &self.frames {
            self.busy = frames.send(frame).is_ok();
        }
    }

    /// Waits until the frame under way is written; for ever if none is.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub async fn idle(&mut self) -> io::Result<()> {
        if !self.busy {
            return std::future::pending().await;
        }
        let result = self.written.recv().await;
        self.busy = false;
        result.unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))
    }

    /// Waits until nothing is being written, before the terminal is given back; whether that came in time.
    pub async fn drain(&mut self) -> bool {
        if self.busy {
            let _ = tokio::time::timeout(LIMIT, self.idle()).await;
        }
        !self.busy
    }
}

impl Drop for TerminalWriter {
    fn drop(&mut self) {
        self.frames = None;
        self.written.close();
        let Some(thread) = self.thread.take() else { return };
        // In a panic a frame may be under way: it is finished before anything else is written.
        let began = Instant::now();
        while !thread.is_finished() && began.elapsed() < LIMIT {
            thread::sleep(Duration::from_millis(1));
        }
    }
}
