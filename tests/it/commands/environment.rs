//! What the environment and the user's files may hold: an empty variable is none, a malformed endpoint is a usage error,
//! and a file that is none can neither hang us nor fill the memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::run::{Ran, Region, beanpole, run};

fn ran(command: &mut Command) -> Ran {
    run(std::mem::replace(command, Command::new("true")))
}

/// A home whose default profile points at the region.
fn home(region: &Region) -> TempDir {
    let home = TempDir::new().unwrap();
    fs::create_dir(home.path().join(".aws")).unwrap();
    let config = format!("[default]\nregion = eu-west-1\nendpoint_url = {}\n", region.address);
    fs::write(home.path().join(".aws/config"), config).unwrap();
    home
}

/// The binary with that home, and keys from the environment.
fn at(home: &Path) -> Command {
    let mut command = beanpole();
    command.env("HOME", home).env_remove("AWS_CONFIG_FILE").env_remove("AWS_SHARED_CREDENTIALS_FILE");
    command
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let region = Region::new("shop");
    let home = home(&region);
    let cases: &[&[&str]] = &[
        &["AWS_ENDPOINT_URL"],
        &["AWS_ENDPOINT_URL_ELASTIC_BEANSTALK", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"],
        &["AWS_PROFILE"],
        &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
        &["AWS_REGION", "AWS_DEFAULT_REGION"],
        &["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
        &["AWS_CA_BUNDLE"],
        &["AWS_SESSION_TOKEN"],
        &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
        &["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
        &["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy"],
        &["BEANPOLE_ENDPOINT_URL", "BEANPOLE_PROFILE", "BEANPOLE_REGION", "BEANPOLE_LOG", "BEANPOLE_COLOR"],
        &["NO_COLOR"],
    ];
    for names in cases {
        let mut command = at(home.path());
        for name in *names {
            command.env(name, "");
        }
        let ran = ran(command.args(["ls", "-o", "json"]));
        assert_eq!(ran.status, Some(0), "{names:?}: {}", ran.err);
        assert_eq!(ran.json()["items"].as_array().unwrap().len(), 12, "{names:?}");
        assert_eq!(ran.err, "", "{names:?}");
    }
}

#[test]
fn one_that_is_not_empty_counts() {
    let region = Region::new("shop");
    let home = home(&region);
    let mut command = at(home.path());
    let ran = ran(command.env("AWS_ENDPOINT_URL_ELASTIC_BEANSTALK", "http://127.0.0.1:9").args(["ls"]));
    assert_eq!(ran.status, Some(5), "{}", ran.err);
    assert!(ran.err.contains("refused the connection"), "{}", ran.err);
}

/// The one line of a usage error.
fn assert_one_line(ran: &Ran, what: &str) {
    assert_eq!(ran.status, Some(2), "{what}: {}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{what}: {}", ran.err);
    assert!(ran.out.is_empty(), "{what}: {}", ran.out);
}

#[test]
fn an_endpoint_that_is_none_is_a_usage_error_in_one_line_without_its_password() {
    let region = Region::new("shop");
    let malformed = [
        "nonsense",
        "127.0.0.1:4599",
        "http://",
        "http:///path",
        "https//eu-west-1",
        "ftp://localhost",
        "http://local host",
        "http://localhost:99999",
        "http://localhost:port",
        "http://[::1",
        "http://me:hunter2@",
        "http//me:hunter2@localhost",
        "http://me:hunter2@localhost:port",
        "\u{1b}[31mhttp://x",
    ];
    for url in malformed {
        for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ELASTIC_BEANSTALK", "AWS_ENDPOINT_URL_STS"] {
            let what = format!("{name}={url}");
            let ran = ran(beanpole().env("AWS_ENDPOINT_URL", &region.address).env(name, url).args(["ls"]));
            assert_one_line(&ran, &what);
            assert!(ran.err.contains("is not an endpoint"), "{what}: {}", ran.err);
            assert!(!ran.err.contains("hunter2"), "{what}: {}", ran.err);
        }
        for named in [&["--endpoint-url", url][..], &[]] {
            let mut command = region.command(["ls"].iter().chain(named));
            if named.is_empty() {
                command.env("BEANPOLE_ENDPOINT_URL", url);
            }
            let ran = ran(&mut command);
            assert_one_line(&ran, url);
            assert!(!ran.err.contains("hunter2"), "{url}: {}", ran.err);
        }
        let home = home(&region);
        let config = format!("[default]\nregion = eu-west-1\nendpoint_url = {url}\n");
        fs::write(home.path().join(".aws/config"), config).unwrap();
        if !url.contains(' ') && !url.contains('\u{1b}') {
            assert_one_line(&ran(at(home.path()).arg("ls")), url);
        }
    }
}

#[test]
fn an_endpoint_that_nothing_uses_is_no_mistake() {
    let region = Region::new("shop");
    let ran = ran(region.command(["ls"]).env("AWS_ENDPOINT_URL_DYNAMODB", "nonsense"));
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let mut flagged = region.command(["ls", "--endpoint-url", &region.address]);
    let ran = self::ran(flagged.env("AWS_ENDPOINT_URL", "nonsense"));
    assert_eq!(ran.status, Some(0), "{}", ran.err);
}

/// What is no regular file, by name.
fn no_files(folder: &Path) -> Vec<PathBuf> {
    let fifo = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let directory = folder.join("directory");
    fs::create_dir(&directory).unwrap();
    let link = folder.join("link");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    vec![fifo, directory, link, PathBuf::from("/dev/zero"), PathBuf::from("/dev/stdin")]
}

#[test]
fn a_configuration_that_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    for path in no_files(folder.path()) {
        let ran = ran(beanpole().args(["ls", "--config"]).arg(&path));
        if path.ends_with("stdin") {
            // Standard input is /dev/null here, which is an empty file for every reader.
            continue;
        }
        assert_one_line(&ran, &path.display().to_string());
        assert!(ran.err.contains(&path.display().to_string()), "{}", ran.err);
    }
    let large = folder.path().join("large");
    fs::write(&large, "#".repeat(5 << 20)).unwrap();
    assert_one_line(&ran(beanpole().args(["ls", "--config"]).arg(&large)), "large");
    let region = Region::new("shop");
    assert_eq!(ran(&mut region.command(["ls", "--config", "/dev/null"])).status, Some(0));
}

#[test]
fn a_bundle_or_a_profile_that_is_no_file_is_refused() {
    let region = Region::new("shop");
    let folder = TempDir::new().unwrap();
    for path in no_files(folder.path()).into_iter().filter(|path| !path.ends_with("stdin")) {
        for name in ["AWS_CA_BUNDLE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            // A pipe may yet be written to, and is waited for: see below.
            if name != "AWS_CA_BUNDLE" && path.ends_with("fifo") {
                continue;
            }
            let ran = ran(region.command(["ls"]).env(name, &path));
            assert_one_line(&ran, &format!("{name}={}", path.display()));
        }
    }
    let ran = self::ran(region.command(["ls"]).env("AWS_CONFIG_FILE", folder.path().join("fifo")));
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("waiting for") && ran.err.contains("within 10 s"), "{}", ran.err);
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        assert_eq!(self::ran(region.command(["ls"]).env(name, "/dev/null")).status, Some(0), "{name}");
    }
}

#[test]
fn a_log_of_changes_that_is_no_file_is_refused_and_nothing_is_written() {
    let region = Region::new("shop");
    for which in 0..4 {
        let folder = TempDir::new().unwrap();
        let path = no_files(folder.path()).swap_remove(which);
        let state = folder.path().join("state");
        fs::create_dir_all(state.join("beanpole")).unwrap();
        let log = state.join("beanpole/changes.jsonl");
        if path.starts_with("/dev") {
            std::os::unix::fs::symlink(&path, &log).unwrap();
        } else {
            fs::rename(&path, &log).unwrap();
        }
        let ran = |arguments: &[&str]| self::ran(region.command(arguments).env("XDG_STATE_HOME", &state));
        let read = ran(&["log"]);
        assert_eq!(read.status, Some(5), "{}: {}", path.display(), read.err);
        assert_eq!(read.err.lines().count(), 1, "{}", read.err);
        region.world.as_ref().unwrap().clear_calls();
        let written = ran(&["restart", "shop-chat-prod", "--yes", "--confirm", "shop-chat-prod"]);
        assert_eq!(written.status, Some(7), "{}: {}", path.display(), written.err);
        assert!(region.calls().iter().all(|(name, _)| name != "RestartAppServer"), "{:?}", region.calls());
    }
}

/// A home with a profile that takes its credentials from this program.
fn with_process(region: &Region, command: &str) -> TempDir {
    let home = home(region);
    let config = fs::read_to_string(home.path().join(".aws/config")).unwrap();
    fs::write(home.path().join(".aws/config"), format!("{config}credential_process = {command}\n")).unwrap();
    home
}

/// The binary with that home and without keys.
fn by_process(home: &Path) -> Command {
    let mut command = at(home);
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command
}

#[test]
fn credentials_from_a_program_are_taken() {
    let region = Region::new("shop");
    let json = r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}"#;
    let home = with_process(&region, &format!("sh -c 'echo {}'", json.replace('"', "\\\"")));
    let ran = ran(by_process(home.path()).arg("ls"));
    assert_eq!(ran.status, Some(0), "{}", ran.err);
}

#[test]
fn a_program_that_floods_is_given_up() {
    let region = Region::new("shop");
    for command in ["cat /dev/zero", "sh -c 'cat /dev/zero >&2'"] {
        let home = with_process(&region, command);
        let ran = ran(by_process(home.path()).args(["ls", "-o", "jsonl"]));
        assert_eq!(ran.status, Some(3), "{command}: {}", ran.err);
        assert!(ran.err.contains("credential_process") && ran.err.contains("64 KiB"), "{}", ran.err);
        assert!(ran.out.lines().last().unwrap().contains("\"errors\":[{"), "{}", ran.out);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_never_ends_ends_with_us_and_its_children_too() {
    use super::run::{until, wait};
    let region = Region::new("shop");
    let home = with_process(&region, "sh -c 'sleep 86 & echo $! > $HOME/child; sleep 86'");
    let mut child = by_process(home.path()).arg("ls").stderr(std::process::Stdio::piped()).spawn().unwrap();
    let text = || fs::read_to_string(home.path().join("child")).ok();
    let number = until(|| text().filter(|text| text.ends_with('\n'))).trim().to_owned();
    // It has come so far that it waits: a signal is heard.
    let err = std::io::BufReader::new(child.stderr.take().unwrap());
    let line = std::io::BufRead::lines(err).next().unwrap().unwrap();
    assert!(line.contains("waiting for the credentials"), "{line}");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(wait(&mut child).code(), Some(143));
    let stat = || fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
    until(|| (stat().is_empty() || stat().contains(") Z ")).then_some(()));
}
