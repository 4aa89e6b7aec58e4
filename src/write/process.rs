//! Which process is at an operation: its number, its host and when it started, for numbers are given again.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WriterProcess {
    /// Its number.
    pub id: u32,
    /// The name of its host; none if that is not known, or an earlier build wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// When it started, in clock ticks since the host did (`/proc/PID/stat`); none where there is no such file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<u64>,
}

impl WriterProcess {
    /// This process.
    pub(super) fn ours() -> Self {
        static OURS: LazyLock<WriterProcess> = LazyLock::new(|| {
            let id = std::process::id();
            WriterProcess { id, host: host(), started: started(id) }
        });
        OURS.clone()
    }

    /// The process of this number, as earlier builds recorded it.
    pub(super) fn numbered(id: u32) -> Self {
        Self { id, ..Self::default() }
    }

    /// Returns whether it runs on another host, where its state is unknown.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.host.is_some() && self.host != Self::ours().host
    }

    /// Whether it is still running, on this host.
    pub(super) fn is_running(&self) -> bool {
        let is_same = self.started.is_none_or(|started| self::started(self.id).is_none_or(|now| now == started));
        is_alive(self.id) && is_same
    }
}

#[cfg(unix)]
fn is_alive(id: u32) -> bool {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    id.is_some_and(|id| matches!(rustix::process::test_kill_process(id), Ok(()) | Err(rustix::io::Errno::PERM)))
}

#[cfg(not(unix))]
fn is_alive(id: u32) -> bool {
    id == std::process::id()
}

#[cfg(unix)]
fn host() -> Option<String> {
    Some(rustix::system::uname().nodename().to_string_lossy().into_owned()).filter(|name| !name.is_empty())
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// The 22nd field of `/proc/PID/stat` (proc(5)); the second, in parentheses, may hold spaces itself.
fn started(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_given_again_is_another_process() {
        let ours = WriterProcess::ours();
        assert!(ours.is_running() && !ours.is_elsewhere());
        assert!(WriterProcess::numbered(ours.id).is_running(), "earlier builds recorded the number alone");
        if let Some(started) = ours.started {
            assert!(!WriterProcess { started: Some(started + 1), ..ours.clone() }.is_running());
        }
        assert!(!WriterProcess::numbered(0x7fff_fff0).is_running());
        assert!(WriterProcess { host: Some("another".into()), ..ours }.is_elsewhere());
    }
}
