//! Runs the binary, with nothing of the machine's own configuration in reach.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use beanpole::sim::{Faults, Scenario, World, serve};
use serde_json::Value;
use tempfile::TempDir;

/// No run may take longer; the slowest reads at AWS's pace for some seconds.
const DEADLINE: Duration = Duration::from_secs(60);

/// A region behind a socket: the binary's own `sim`, or a world of the test's.
pub struct Region {
    /// Its URL.
    pub address: String,
    child: Option<Child>,
    /// The world, if it is the test's own.
    pub world: Option<World>,
    /// How many seconds the world's clock is ahead.
    ahead: Arc<AtomicU64>,
}

impl Region {
    /// A scenario, served by `beanpole sim` as a user would.
    pub fn simulated(scenario: &str) -> Self {
        Self::simulated_with(&["--scenario", scenario])
    }

    /// The same with arguments of the test's own.
    pub fn simulated_with(arguments: &[&str]) -> Self {
        let mut child = beanpole()
            .args(["sim", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| Some(line.ok()?.split_once("http://")?.1.trim().to_owned())).unwrap();
        Self { address: format!("http://{address}"), child: Some(child), world: None, ahead: Arc::default() }
    }

    /// A scenario in this process, whose calls can be counted.
    pub fn of(scenario: Scenario) -> Self {
        Self::fast(scenario, 1)
    }

    /// The same with a clock that runs so many times as fast.
    pub fn fast(scenario: Scenario, speed: u32) -> Self {
        let ahead = Arc::<AtomicU64>::default();
        let (hands, start, began) = (Arc::clone(&ahead), jiff::Timestamp::now(), Instant::now());
        let passed = move || began.elapsed() * speed + Duration::from_secs(hands.load(Ordering::SeqCst));
        Self::served(World::new(scenario, move || start + passed()), ahead)
    }

    /// Returns a scenario in this process whose clock is so many seconds ahead, and which refuses signatures as AWS
    /// does: five minutes off are too many.
    pub fn off(scenario: Scenario, seconds: i64) -> Self {
        let ahead = jiff::SignedDuration::from_secs(seconds);
        let world = World::new(scenario, move || jiff::Timestamp::now() + ahead);
        world.set_faults(Faults { throttle: BTreeMap::new(), skew: Some(300), ..world.faults() });
        Self::served(world, Arc::default())
    }

    fn served(world: World, ahead: Arc<AtomicU64>) -> Self {
        let (reported, address) = channel::<SocketAddr>();
        let served = world.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                reported.send(listener.local_addr().unwrap()).unwrap();
                serve::serve(listener, served, std::future::pending()).await.unwrap();
            });
        });
        let address = address.recv().unwrap();
        Self { address: format!("http://{address}"), child: None, world: Some(world), ahead }
    }

    /// An embedded scenario in this process, which takes as many calls as a test makes.
    pub fn new(scenario: &str) -> Self {
        let region = Self::of(Scenario::embedded(scenario).unwrap());
        let world = region.world.as_ref().unwrap();
        world.set_faults(Faults { throttle: BTreeMap::new(), ..world.faults() });
        region
    }

    /// A scenario of the test's own in this process.
    pub fn written(text: &str) -> Self {
        Self::of(Scenario::from_toml("test", text).unwrap())
    }

    /// Puts the clock of the test's own world forward.
    pub fn pass(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        self.world.as_ref().unwrap().calls().iter().filter(|call| call.operation == operation).count()
    }

    /// Runs the binary against it.
    pub fn run<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Ran {
        run(self.command(arguments))
    }

    /// The same, with the answer as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments.iter().copied().chain(["-o", "json"]));
        ran.json()
    }

    /// The binary with these arguments, pointed at the region.
    pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Command {
        let mut command = beanpole();
        command.env("AWS_ENDPOINT_URL", &self.address).args(arguments);
        command
    }

    /// How often each operation was called.
    pub fn calls(&self) -> Vec<(String, usize)> {
        let mut calls = BTreeMap::new();
        for call in self.world.as_ref().unwrap().calls() {
            *calls.entry(call.operation).or_default() += 1;
        }
        calls.into_iter().collect()
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// How a run ended.
pub struct Ran {
    /// The exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// Returns the cells after an environment's name in its line of a listing.
    pub fn cells(&self, environment: &str) -> Vec<&str> {
        let mut lines = self.out.lines().map(str::split_whitespace);
        let found = lines.find_map(|mut words| (words.next() == Some(environment)).then_some(words));
        found.unwrap_or_else(|| panic!("no {environment} in {}", self.out)).collect()
    }
}

/// The binary in an environment of its own: made-up keys, a region, and no files.
pub fn beanpole() -> Command {
    let nowhere = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_beanpole"));
    command
        .env_clear()
        .env("HOME", nowhere.path())
        .env("AWS_CONFIG_FILE", nowhere.path().join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", nowhere.path().join("credentials"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIATEST")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1");
    command
}

/// Runs to the end, and holds what is true of every run: it ends in time, and never with a backtrace.
pub fn run(mut command: Command) -> Ran {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = (reader(child.stdout.take().unwrap()), reader(child.stderr.take().unwrap()));
    let (Ok(out), Ok(err)) = (out.recv_timeout(DEADLINE), err.recv_timeout(DEADLINE)) else {
        let _ = child.kill();
        panic!("{command:?} did not end");
    };
    let status = child.wait().unwrap();
    assert!(!err.contains("backtrace") && !err.contains("panicked") && !err.contains("bug"), "{err}");
    Ran { status: status.code(), out, err }
}

/// Reads to the end, on a thread of its own.
fn reader(mut from: impl Read + Send + 'static) -> Receiver<String> {
    let (sent, read) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        let _ = sent.send(text);
    });
    read
}

/// Waits for the end, which must come.
pub fn wait(child: &mut Child) -> ExitStatus {
    until(|| child.try_wait().unwrap())
}

/// Waits until there is something.
pub fn until<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(began.elapsed() < DEADLINE, "it did not happen");
        std::thread::yield_now();
    }
}

/// The names of an object's fields, in order.
pub fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().map(String::as_str).collect()
}

/// Whether the object has exactly these fields.
pub fn assert_fields(value: &Value, expected: &[&str]) {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let mut found = fields(value);
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// The item of an answer that is of this environment.
pub fn item<'a>(answer: &'a Value, environment: &str) -> &'a Value {
    let items = answer["items"].as_array().unwrap();
    items.iter().find(|item| item["environment"] == environment).unwrap_or_else(|| panic!("no {environment}"))
}
