//! Secrets are never repeated: environment properties, credentials, passwords in URLs and signed URLs are in no file, on
//! no output and in no answer, whatever goes wrong and however much is logged.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use beanpole::sim::{Broken, Faults};
use tempfile::TempDir;

use super::run::{Ran, Region, run};
use crate::support::scenarios::SECRETIVE;

/// What every secret of these tests holds.
const CANARY: &str = "CANARY";

/// Everything that reads, and what would write.
const COMMANDS: &[&[&str]] = &[
    &["ls"],
    &["ls", "--full"],
    &["find", "vault"],
    &["show", "vault-web"],
    &["export", "vault-web", "--dir", "project", "--all", "--dry-run", "--recipe", "websocket"],
    &["metrics", "vault-web"],
    &["events", "vault-web"],
    &["logs", "vault-web"],
    &["set", "vault-web", "deregistration_delay.timeout_seconds=30", "--dry-run"],
    &["scale", "vault-web", "1", "3", "--dry-run"],
    &["deploy", "vault-web", "v1", "--dry-run"],
    &["watch", "vault-web", "--timeout", "1s"],
    &["log"],
    &["undo", "--dry-run"],
];

/// Those that read what can be secret, for when something is wrong with it.
const READING_SECRETS: &[&[&str]] = &[
    &["ls", "--full"],
    &["show", "vault-web"],
    &["export", "vault-web", "--dir", "project", "--dry-run"],
    &["set", "vault-web", "deregistration_delay.timeout_seconds=30", "--dry-run"],
    &["scale", "vault-web", "1", "3", "--dry-run"],
    &["deploy", "vault-web", "v1", "--dry-run"],
];

/// Runs it with every secret there is, and everything logged.
fn secretive(region: &Region, folder: &Path, arguments: &[&str]) -> Ran {
    let with_password = region.address.replace("http://", "http://me:CANARY-password@");
    let mut command = region.command(arguments);
    command
        .env("AWS_ENDPOINT_URL", with_password)
        .env("AWS_ACCESS_KEY_ID", "AKIACANARY")
        .env("AWS_SECRET_ACCESS_KEY", "CANARY-secret")
        .env("AWS_SESSION_TOKEN", "CANARY-token")
        .env("HTTPS_PROXY", "http://me:CANARY-proxy@127.0.0.1:9")
        .env("BEANPOLE_LOG", "trace")
        .env("XDG_STATE_HOME", folder)
        .arg("--log-file")
        .arg(folder.join("log"));
    run(command)
}

fn assert_silent(ran: &Ran, folder: &Path, what: &str) {
    let said = |text: &str| text.lines().find(|line| line.contains(CANARY)).map(str::to_owned);
    assert_eq!(said(&ran.out), None, "{what}: standard output");
    assert_eq!(said(&ran.err), None, "{what}: standard error");
    assert_eq!(said(&fs::read_to_string(folder.join("log")).unwrap()), None, "{what}: the log");
    let changes = folder.join("beanpole/changes.jsonl");
    assert_eq!(said(&fs::read_to_string(changes).unwrap_or_default()), None, "{what}: the log of changes");
    // A signed URL is valid for every reader of the log.
    let log = fs::read_to_string(folder.join("log")).unwrap();
    for text in [&ran.out, &ran.err, &log] {
        assert!(!text.contains("Signature="), "{what}: a signed URL");
    }
}

#[test]
fn no_command_repeats_a_secret_whatever_goes_wrong() {
    let folder = TempDir::new().unwrap();
    let region = Region::written(SECRETIVE);
    let world = region.world.as_ref().unwrap();
    let broken = |kind: Broken| {
        let actions = [
            "elasticbeanstalk:DescribeConfigurationSettings",
            "elasticbeanstalk:DescribeApplicationVersions",
            "sts:GetCallerIdentity",
        ];
        let broken = actions.map(|action| (action.to_owned(), kind)).into();
        Faults { broken, throttle: BTreeMap::new(), ..world.faults() }
    };
    let none = Faults { throttle: BTreeMap::new(), broken: BTreeMap::new(), ..world.faults() };
    let denied = Faults { deny: vec!["elasticbeanstalk:*".into()], ..none.clone() };
    let cases = [
        ("well", none),
        ("denied", denied),
        ("a page", broken(Broken::Html)),
        ("cut", broken(Broken::Truncated)),
        ("JSON", broken(Broken::Json)),
    ];
    for (name, faults) in cases {
        world.set_faults(faults);
        for arguments in if name == "well" { COMMANDS } else { READING_SECRETS } {
            let formats: &[&[&str]] = if name == "well" { &[&[], &["-o", "json"]] } else { &[&["-o", "json"]] };
            for format in formats {
                let arguments: Vec<_> = arguments.iter().chain(*format).copied().collect();
                let ran = secretive(&region, folder.path(), &arguments);
                assert_silent(&ran, folder.path(), &format!("{name}: {arguments:?}"));
            }
        }
    }
    // All of that was logged: the log is not silent because it is empty.
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.lines().filter(|line| line.contains("operation=\"DescribeConfigurationSettings\"")).count() > 5);
}

#[test]
fn an_endpoint_that_cannot_be_is_reported_without_its_password() {
    let region = Region::new("healthy");
    for url in ["ftp://me:CANARY@host", "me:CANARY@host", "http://me:CANARY@", "http://me:CANARY@127.0.0.1:9"] {
        for way in ["flag", "BEANPOLE_ENDPOINT_URL", "AWS_ENDPOINT_URL"] {
            let mut command = region.command(["ls", "-o", "json"]);
            match way {
                "flag" => command.args(["--endpoint-url", url]),
                variable => command.env_remove("AWS_ENDPOINT_URL").env(variable, url),
            };
            let ran = run(command);
            assert!(ran.status == Some(2) || ran.status == Some(5), "{url} {way}: {:?} {}", ran.status, ran.err);
            assert!(!ran.err.contains(CANARY) && !ran.out.contains(CANARY), "{url} {way}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_write_leaves_no_secret_in_the_log_of_changes() {
    let folder = TempDir::new().unwrap();
    let region = Region::written(SECRETIVE);
    let arguments = ["set", "vault-web", "deregistration_delay.timeout_seconds=30", "--route", "elb", "--yes"];
    let ran = secretive(&region, folder.path(), &arguments);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_silent(&ran, folder.path(), "set");
    let changes = fs::read_to_string(folder.path().join("beanpole/changes.jsonl")).unwrap();
    assert!(changes.contains("http://***@127.0.0.1"), "{changes}");
    let ran = secretive(&region, folder.path(), &["undo", "--yes"]);
    assert_eq!(ran.status, Some(0), "the endpoint is known again: {}", ran.err);
}

#[test]
fn the_log_tells_each_request_and_is_its_owners_alone() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    fs::write(&log, "kept\n").unwrap();
    fs::set_permissions(&log, fs::Permissions::from_mode(0o644)).unwrap();
    let region = Region::new("healthy");
    let denied =
        Faults { deny: vec!["elasticloadbalancing:DescribeTags".into()], ..region.world.as_ref().unwrap().faults() };
    region.world.as_ref().unwrap().set_faults(denied);
    let ran = run_with_log(&region, &log, &["ls", "--full"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.starts_with("kept\n"), "{text}");
    let line = |operation: &str| {
        let wanted = format!("operation=\"{operation}\"");
        text.lines().find(|line| line.contains(&wanted)).unwrap_or_else(|| panic!("{operation}: {text}"))
    };
    let answered = line("DescribeEnvironments");
    assert!([" INFO ", "answered", "ms=", "request_id=\""].iter().all(|part| answered.contains(part)), "{answered}");
    let failed = line("DescribeTags");
    let parts = ["failed", "ms=", "status=403", "fault=\"denied\"", "code=\"AccessDenied\"", "request_id=\""];
    assert!(parts.iter().all(|part| failed.contains(part)), "{failed}");
}

fn run_with_log(region: &Region, log: &Path, arguments: &[&str]) -> Ran {
    let mut command = region.command(arguments);
    command.arg("--log-file").arg(log);
    run(command)
}

#[test]
fn a_log_file_that_is_no_regular_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let region = Region::new("healthy");
    let place = |name: &str| folder.path().join(name);
    fs::write(place("theirs"), "").unwrap();
    symlink(place("theirs"), place("link")).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, place("pipe"), rustix::fs::FileType::Fifo, rustix::fs::Mode::from(0o600), 0)
        .unwrap();
    let table = [
        (place("link"), "symbolic link"),
        (place("pipe"), "not a regular file"),
        ("/dev/zero".into(), "not a regular file"),
        (folder.path().to_path_buf(), "a directory"),
        (place("no/such/folder"), "No such file"),
    ];
    for (log, words) in table {
        let ran = run_with_log(&region, &log, &["ls"]);
        assert_eq!(ran.status, Some(2), "{}: {}", log.display(), ran.err);
        assert!(ran.err.contains(words), "{}: {}", log.display(), ran.err);
    }
    assert_eq!(fs::read(place("theirs")).unwrap(), b"");
    let mut command = region.command(["ls"]);
    command.env("BEANPOLE_LOG", "beanpole=loud").arg("--log-file").arg(place("log"));
    let ran = run(command);
    assert_eq!((ran.status, ran.err.contains("BEANPOLE_LOG")), (Some(2), true), "{}", ran.err);
}

/// A region, and a folder for the log of changes.
fn stage() -> (Region, TempDir) {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("beanpole")).unwrap();
    (Region::new("healthy"), folder)
}

fn with_state(region: &Region, folder: &TempDir, arguments: &[&str]) -> Ran {
    let mut command = region.command(arguments);
    command.env("XDG_STATE_HOME", OsString::from(folder.path()));
    run(command)
}

const WRITE: &[&str] = &[
    "set",
    "alpha-web-prod",
    "deregistration_delay.timeout_seconds=30",
    "--route",
    "elb",
    "--yes",
    "--confirm",
    "alpha-web-prod",
];

#[test]
fn a_log_of_changes_that_leads_elsewhere_is_neither_read_nor_written() {
    let (region, folder) = stage();
    let theirs = folder.path().join("theirs");
    fs::write(&theirs, "").unwrap();
    symlink(&theirs, folder.path().join("beanpole/changes.jsonl")).unwrap();
    let ran = with_state(&region, &folder, &["log"]);
    assert_eq!(ran.status, Some(5), "{}", ran.err);
    assert!(ran.err.contains("symbolic link"), "{}", ran.err);
    let ran = with_state(&region, &folder, WRITE);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("symbolic link"), "{}", ran.err);
    assert_eq!(fs::read(&theirs).unwrap(), b"");
    let writes = region.calls().into_iter().filter(|(operation, _)| operation.starts_with("Modify"));
    assert_eq!(writes.count(), 0);
}

#[test]
fn a_log_of_changes_that_others_could_write_is_mended() {
    let (region, folder) = stage();
    let log = folder.path().join("beanpole/changes.jsonl");
    fs::write(&log, "").unwrap();
    fs::set_permissions(&log, fs::Permissions::from_mode(0o666)).unwrap();
    let ran = with_state(&region, &folder, WRITE);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn of_a_long_log_the_newest_changes_are_read_and_any_can_be_undone() {
    let (region, folder) = stage();
    let ran = with_state(&region, &folder, WRITE);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let log = folder.path().join("beanpole/changes.jsonl");
    let first = fs::read_to_string(&log).unwrap();
    let id = first.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Changes of another environment, until the first is out of what is read.
    let others = first.replace(&id, "other").replace("alpha-web-prod", "other-web-prod").replace("e-", "x-");
    fs::write(&log, format!("{first}{}", others.repeat(3 * (4 << 20) / others.len()))).unwrap();
    let ran = with_state(&region, &folder, &["log", "-o", "json"]);
    let answer = ran.json();
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{}", answer["errors"]);
    assert!(ran.err.contains("older changes are not listed"), "{}", ran.err);
    assert!(answer["items"].as_array().unwrap().iter().all(|item| item["id"] != *id));
    let ran = with_state(&region, &folder, &["undo", &id, "--yes", "--confirm", "alpha-web-prod"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
}
