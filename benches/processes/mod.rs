//! What the real binary costs in a process of its own: resident memory, and a paused view.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const BINARY: &str = env!("CARGO_BIN_EXE_beanpole");

/// Serves `fleet-1000` from one process, shows it in another, and measures the latter.
pub fn measure() {
    let (mut region, endpoint) = serve();
    let size = PtySize { rows: 60, cols: 200, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(BINARY);
    for (name, value) in [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "AKIASIMULATEDREGION0"),
        ("AWS_SECRET_ACCESS_KEY", "simulated"),
        ("AWS_REGION", "eu-west-1"),
        ("TERM", "xterm-256color"),
    ] {
        command.env(name, value);
    }
    let mut client = pty.slave.spawn_command(command).unwrap();
    let pid = client.process_id().unwrap();
    let output = read(pty.master.try_clone_reader().unwrap());
    let mut screen = vt100::Parser::new(60, 200, 0);
    until(&output, &mut screen, |text| text.contains("1000 environments"));
    // Until the details of the rows on screen are there, and a while longer: what it weighs in use.
    let mut writer = pty.master.take_writer().unwrap();
    let settled = Instant::now() + Duration::from_secs(30);
    while Instant::now() < settled {
        if let Ok(bytes) = output.recv_timeout(Duration::from_millis(200)) {
            screen.process(&bytes);
        }
    }
    println!("{:<34} {:>7.1} MiB   wanted: under 80 MiB", "resident memory, fleet-1000", resident(pid));
    std::io::Write::write_all(&mut writer, b"f").unwrap();
    until(&output, &mut screen, |text| text.contains("PAUSED"));
    let quiet = Duration::from_secs(10);
    let (before, began, mut bytes) = (processor(pid), Instant::now(), 0);
    while began.elapsed() < quiet {
        bytes += output.recv_timeout(Duration::from_millis(100)).map_or(0, |bytes| bytes.len());
    }
    let used = processor(pid).saturating_sub(before);
    let share = used.as_secs_f64() / quiet.as_secs_f64() * 100.0;
    println!("{:<34} {bytes:>7} bytes, {share:.2} % of a core   wanted: none, under 1 %", "paused for 10 s");
    let _ = client.kill();
    let _ = region.kill();
}

fn serve() -> (Child, String) {
    let mut child = Command::new(BINARY)
        .args(["sim", "--listen", "127.0.0.1:0", "--scenario", "fleet-1000"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let endpoint = line.split_whitespace().last().unwrap().to_owned();
    (child, endpoint)
}

fn read(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65536];
        while let Ok(count) = reader.read(&mut bytes) {
            if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

fn until(output: &Receiver<Vec<u8>>, screen: &mut vt100::Parser, holds: impl Fn(&str) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds(&screen.screen().contents()) {
        assert!(Instant::now() < deadline, "never came:\n{}", screen.screen().contents());
        if let Ok(bytes) = output.recv_timeout(Duration::from_millis(200)) {
            screen.process(&bytes);
        }
    }
}

/// Resident memory in MiB (`VmRSS` of `/proc`).
fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Processor time used, from the clock ticks of `/proc`; a hundred a second on Linux.
fn processor(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<u64> =
        stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|it| it.parse().unwrap()).collect();
    Duration::from_millis(fields.iter().sum::<u64>() * 10)
}
