//! The program that a profile takes its credentials from (`credential_process`): bounded in time and size, and ended with
//! everything that it started when it is given up, or when we end.
//!
//! The SDK's own provider waits for ever and keeps all that is written. Programs run in a process group of their own, so
//! that all of it can be ended; they cannot ask at the terminal, which is ours.

use std::collections::BTreeSet;
use std::fmt;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::profiles::ProcessChain;

/// How long it may take: a little less than credentials in all, so that its own message is the one that is shown.
const PATIENCE: Duration = Duration::from_secs(55);
/// The most that it may write. Credentials are a few hundred bytes.
const MOST: usize = 64 << 10;
/// How much of its error output is shown, in characters.
const QUOTED: usize = 300;

/// The process groups of the programs that run.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Credentials from a program, and the roles that are assumed with them.
pub(super) struct Process {
    chain: ProcessChain,
    /// What a role is assumed over.
    config: SdkConfig,
    patience: Duration,
}

impl Process {
    pub(super) fn new(chain: ProcessChain, config: SdkConfig) -> Self {
        Self { chain, config, patience: PATIENCE }
    }

    async fn credentials(&self) -> provider::Result {
        let of = format!("the credential_process of profile {}", self.chain.profile);
        let failed = |why: String| CredentialsError::provider_error(format!("{of} {why}"));
        let written = run(&self.chain.command, self.patience).await.map_err(failed)?;
        let mut credentials = read(&written).map_err(failed)?;
        for role in self.chain.roles.iter().rev() {
            let mut builder = AssumeRoleProvider::builder(&*role.arn).configure(&self.config);
            if let Some(id) = &role.external_id {
                builder = builder.external_id(&**id);
            }
            if let Some(name) = &role.session_name {
                builder = builder.session_name(&**name);
            }
            credentials = builder.build_from_provider(credentials).await.provide_credentials().await?;
        }
        Ok(credentials)
    }
}

impl fmt::Debug for Process {
    /// Without the command, which may hold a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Process").field("profile", &self.chain.profile).finish_non_exhaustive()
    }
}

impl ProvideCredentials for Process {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

/// Returns what the program prints, or what is wrong with it.
async fn run(command: &str, patience: Duration) -> Result<Vec<u8>, String> {
    let mut shell = shell(command);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = shell.spawn().map_err(|error| format!("cannot be run: {error}"))?;
    let group = ProcessGroup::of(child.id());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (out, err) = tokio::try_join!(limited(out), limited(err))?;
        let status = child.wait().await.map_err(|error| format!("cannot be waited for: {error}"))?;
        Ok::<_, String>((status, out, err))
    };
    let seconds = patience.as_secs();
    let ended = tokio::time::timeout(patience, work).await;
    let (status, out, err) =
        ended.map_err(|_| format!("gave no credentials within {seconds} s (it cannot ask at the terminal)"))??;
    // What it left running behind it was meant to stay.
    group.release();
    if status.success() {
        return Ok(out);
    }
    let reported: String = String::from_utf8_lossy(&err).split_whitespace().collect::<Vec<_>>().join(" ");
    let reported: String = reported.chars().take(QUOTED).collect();
    Err(format!("ended with {status}: {reported}"))
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).process_group(0);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd.exe");
    shell.arg("/C").raw_arg(format!("\"{command}\""));
    shell
}

/// Reads to the end, which must come before there is too much.
async fn limited(from: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let most = MOST as u64 + 1;
        from.take(most).read_to_end(&mut bytes).await.map_err(|error| format!("cannot be read: {error}"))?;
    }
    if bytes.len() > MOST { Err(format!("wrote more than {} KiB", MOST >> 10)) } else { Ok(bytes) }
}

/// A process group, which is ended with this.
struct ProcessGroup {
    leader: Option<u32>,
    /// Ends the group if we are killed, so that nothing of ours can.
    watchdog: Option<Child>,
}

impl ProcessGroup {
    fn of(leader: Option<u32>) -> Self {
        if let Some(leader) = leader {
            RUNNING.lock().unwrap_or_else(PoisonError::into_inner).insert(leader);
        }
        Self { leader, watchdog: leader.and_then(watchdog) }
    }

    /// Marks it as ended.
    fn release(mut self) {
        self.forget();
    }

    fn forget(&mut self) -> Option<u32> {
        let leader = self.leader.take()?;
        // Before its standard input is closed, which it would take for our end.
        if let Some(watchdog) = &mut self.watchdog {
            let _ = watchdog.start_kill();
        }
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).remove(&leader);
        Some(leader)
    }
}

/// A shell that waits for the end of its standard input, which is ours to hold: however we end, the system closes it, and
/// then the group is ended. Where there can be none, the group is ended only if we live to do it.
#[cfg(unix)]
fn watchdog(leader: u32) -> Option<Child> {
    let mut shell = Command::new("sh");
    shell.args(["-c", "read -r _; kill -s KILL -- \"-$1\"", "beanpole", &leader.to_string()]).process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    shell.spawn().ok()
}

#[cfg(not(unix))]
fn watchdog(_: u32) -> Option<Child> {
    None
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if let Some(leader) = self.forget() {
            end(leader);
        }
    }
}

/// Ends the programs that still run. To be called before we exit, because nothing waits for what is dropped then.
pub fn end_credential_processes() {
    let running = std::mem::take(&mut *RUNNING.lock().unwrap_or_else(PoisonError::into_inner));
    running.into_iter().for_each(end);
}

#[cfg(unix)]
fn end(leader: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(leader) = Pid::from_raw(leader.cast_signed()) {
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(_: u32) {}

/// The credentials that it wrote. Nothing of it is quoted: what is wrong may be a secret.
fn read(written: &[u8]) -> Result<Credentials, String> {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(written).map_err(|_| "wrote something that is no JSON object".to_owned())?;
    let field = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let text = |name: &str| field(name).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
    let needed = |name: &str| text(name).map(str::to_owned).ok_or_else(|| format!("wrote no {name}"));
    if field("Version").and_then(serde_json::Value::as_i64) != Some(1) {
        return Err("wrote no Version 1".to_owned());
    }
    let expiry = text("Expiration").map(|text| {
        let at: Result<Timestamp, _> = text.parse();
        at.map(SystemTime::from).map_err(|_| "wrote an Expiration that is no time".to_owned())
    });
    let mut builder = Credentials::builder()
        .access_key_id(needed("AccessKeyId")?)
        .secret_access_key(needed("SecretAccessKey")?)
        .provider_name("CredentialProcess");
    builder.set_session_token(text("SessionToken").map(str::to_owned));
    builder.set_expiry(expiry.transpose()?);
    builder.set_account_id(text("AccountId").map(Into::into));
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_writes_is_read_by_names_in_any_case() {
        let written = br#"{"version": 1, "accesskeyid": "A", "SecretAccessKey": "s", "SessionToken": "t",
            "Expiration": "2026-11-27T10:00:00Z", "other": [1]}"#;
        let credentials = read(written).unwrap();
        assert_eq!((credentials.access_key_id(), credentials.session_token()), ("A", Some("t")));
        assert!(credentials.expiry().is_some());
    }

    #[test]
    fn what_is_wrong_is_reported_without_what_was_written() {
        let table: [(&[u8], &str); 5] = [
            (b"hunter2", "wrote something that is no JSON object"),
            (br#"{"AccessKeyId":"hunter2","SecretAccessKey":"hunter2"}"#, "wrote no Version 1"),
            (br#"{"Version":2}"#, "wrote no Version 1"),
            (br#"{"Version":1,"AccessKeyId":"hunter2"}"#, "wrote no SecretAccessKey"),
            (
                br#"{"Version":1,"AccessKeyId":"hunter2","SecretAccessKey":"hunter2","Expiration":"hunter2"}"#,
                "wrote an Expiration that is no time",
            ),
        ];
        for (written, words) in table {
            assert_eq!(read(written).unwrap_err(), words);
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn one_that_never_ends_or_floods_is_given_up_and_nothing_of_it_stays() {
        let folder = std::env::temp_dir().join(format!("beanpole-process-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let table = [("exec sleep 600", "no credentials within"), ("exec cat /dev/zero", "more than 64 KiB")];
        for (last, words) in table {
            // A child of its own, which writes down its number.
            let mark = folder.join("child");
            let command = format!("(echo $$ > {0}.sh; exec sleep 600) & echo $! > {0}; {last}", mark.display());
            let why = run(&command, Duration::from_secs(1)).await.unwrap_err();
            assert!(why.contains(words), "{why}");
            let child: i32 = std::fs::read_to_string(&mark).unwrap().trim().parse().unwrap();
            let is_there =
                || rustix::process::test_kill_process(rustix::process::Pid::from_raw(child).unwrap()).is_ok();
            let until = std::time::Instant::now() + Duration::from_secs(20);
            // Killed, it may still wait for its parent to collect its status.
            let is_dead = || {
                let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
                !is_there() || stat.contains(") Z ")
            };
            while !is_dead() {
                assert!(std::time::Instant::now() < until, "its child is still there");
                tokio::task::yield_now().await;
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
