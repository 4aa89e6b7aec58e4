//! A simulated region behind a socket, whose clock a test can put forward.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use beanpole::sim::{Faults, Scenario, World, serve};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

/// A region that is served until this is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    ahead: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Served {
    /// Serves a scenario, which begins now, on a free port.
    pub fn new(scenario: &str) -> Self {
        Self::serving(scenario, 0, None)
    }

    /// The same with a clock that is so many seconds ahead of this machine's. Signatures that are five minutes off are
    /// refused, as AWS does.
    pub fn off(scenario: &str, seconds: i64) -> Self {
        Self::serving(scenario, seconds, Some(300))
    }

    fn serving(scenario: &str, off: i64, skew: Option<i64>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let ahead = Arc::new(AtomicU64::new(0));
        let hands = Arc::clone(&ahead);
        let off = SignedDuration::from_secs(off);
        let now = move || Timestamp::now() + off + Duration::from_secs(hands.load(Ordering::SeqCst));
        let world = World::new(Scenario::embedded(scenario).unwrap(), now);
        world.set_faults(Faults { skew, ..world.faults() });
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let listener = runtime.block_on(async { tokio::net::TcpListener::from_std(listener) }).unwrap();
            let stopped = async move { drop(stopped.await) };
            runtime.block_on(serve::serve(listener, world, stopped)).unwrap();
        });
        Self { address, ahead, stop: Some(stop), thread: Some(thread) }
    }

    /// The URL for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts the region's clock forward.
    pub fn pass(&self, time: Duration) {
        self.ahead.fetch_add(time.as_secs(), Ordering::SeqCst);
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
