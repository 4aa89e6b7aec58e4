//! Why there are no credentials, and who answers in AWS's place: each with its status.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::run::{Ran, beanpole, run, until, wait};

/// The name of the file in which the token of a portal is kept: the SHA-1 of its session's name, or of its URL.
const SESSION: (&str, &str) = ("s", "a0f1490a20d0211c997b44bc357e1972deab8ae3");

fn home() -> TempDir {
    let home = TempDir::new().unwrap();
    let cache = home.path().join(".aws/sso/cache");
    fs::create_dir_all(&cache).unwrap();
    let token = "{\"startUrl\":\"https://corp.example/start\",\"region\":\"eu-west-1\",\"accessToken\":\"CANARY\",\
        \"expiresAt\":\"2099-01-01T00:00:00Z\"}";
    fs::write(cache.join(format!("{}.json", SESSION.1)), token).unwrap();
    let role = "sso_account_id = 123456789012\nsso_role_name = Dev\nregion = eu-west-1\n";
    let profiles = format!(
        "[profile corp]\nsso_session = {}\n{role}[sso-session s]\nsso_start_url = https://corp.example/start\n\
         sso_region = eu-west-1\n\
         [profile nologin]\nsso_start_url = https://never.example/start\nsso_region = eu-west-1\n{role}\
         [profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = keys\nregion = eu-west-1\n\
         [profile keys]\naws_access_key_id = AKIACANARY\naws_secret_access_key = CANARY\nregion = eu-west-1\n\
         [profile failing]\ncredential_process = /bin/false\nregion = eu-west-1\n\
         [profile absent]\ncredential_process = /nonexistent/program\nregion = eu-west-1\n\
         [profile babbling]\ncredential_process = echo CANARY\nregion = eu-west-1\n\
         [profile halved]\ncredential_process = echo '{{\"Version\":1,\"SecretAccessKey\":\"CANARY\"'\nregion = eu-west-1\n\
         [profile unversioned]\ncredential_process = echo '{{\"SecretAccessKey\":\"CANARY\",\"AccessKeyId\":\"CANARY\"}}'\n\
         region = eu-west-1\n",
        SESSION.0
    );
    fs::write(home.path().join(".aws/config"), profiles).unwrap();
    home
}

fn with_profile(home: &Path, profile: &str) -> Command {
    let mut command = beanpole();
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    // Nothing listens there: the network is down, as far as credentials are concerned.
    command.env("HOME", home).env("HTTPS_PROXY", "http://me:CANARY@127.0.0.1:9").env("PATH", "/usr/bin:/bin");
    command.args(["ls", "-o", "json", "--profile", profile]);
    command
}

#[test]
fn what_keeps_credentials_away_decides_the_status() {
    let home = home();
    let table = [
        ("corp", 5, "network", "could not be fetched"),
        ("role", 5, "network", "could not be fetched"),
        ("nologin", 3, "expired", "aws sso login --profile nologin"),
        ("failing", 3, "expired", "exit status: 1"),
        ("absent", 3, "expired", "not found"),
        ("babbling", 3, "expired", ""),
        ("halved", 3, "expired", ""),
        ("unversioned", 3, "expired", ""),
    ];
    for (profile, status, kind, words) in table {
        let ran = run(with_profile(home.path(), profile));
        assert_eq!(ran.status, Some(status), "{profile}: {}", ran.err);
        assert!(ran.err.contains(words), "{profile}: {}", ran.err);
        assert_eq!(ran.json()["errors"][0]["kind"], kind, "{profile}: {}", ran.out);
        assert_eq!(ran.err.contains("log in again"), status == 3, "{profile}: {}", ran.err);
        let text = ran.err.clone() + &ran.out;
        assert!(!text.contains("CANARY"), "{profile}: {text}");
    }
}

/// Answers every request with this, as a proxy or a login page in the way does.
fn in_the_way(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
                // A form follows its headers in one piece, near enough.
                while !read.windows(4).any(|it| it == b"\r\n\r\n") {
                    let more = stream.read(&mut buffer).unwrap_or(0);
                    if more == 0 {
                        return;
                    }
                    read.extend_from_slice(&buffer[..more]);
                }
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    format!("http://{address}")
}

fn through(answer: &'static str) -> Ran {
    let mut command = beanpole();
    command.env("AWS_ENDPOINT_URL", in_the_way(answer)).args(["ls"]);
    run(command)
}

#[test]
fn a_redirect_is_called_one_with_its_target() {
    let ran = through(
        "HTTP/1.1 302 Found\r\nLocation: https://login.corp.example/portal?next=CANARY\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n",
    );
    assert_eq!(ran.status, Some(5), "{}", ran.err);
    assert!(ran.err.contains("a redirect to https://login.corp.example/portal?…"), "{}", ran.err);
    assert!(!ran.err.contains("empty body") && !ran.err.contains("CANARY"), "{}", ran.err);
}

#[test]
fn the_page_of_a_captive_portal_is_one_line() {
    let ran = through(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<!DOCTYPE html>\n<html><head>\n\
         <title>Hotel WiFi</title>\n<style>body { color: red }</style></head>\n<body>\n<p>Welcome</p>\n</body></html>",
    );
    assert_eq!(ran.status, Some(5), "{}", ran.err);
    assert!(ran.err.contains("a web page \"Hotel WiFi\" (HTTP 200)"), "{}", ran.err);
    assert!(!ran.err.contains("color") && !ran.err.contains('<'), "{}", ran.err);
}

/// Killed, beanpole leaves nothing of a `credential_process` behind.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_gives_credentials_ends_when_beanpole_is_killed() {
    let home = home();
    let mark = home.path().join("number");
    let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600", mark.display());
    fs::write(home.path().join("waits.sh"), script).unwrap();
    let profile = format!("[profile waits]\ncredential_process = sh {}/waits.sh\n", home.path().display());
    let config = home.path().join(".aws/config");
    fs::write(&config, fs::read_to_string(&config).unwrap() + &profile).unwrap();
    let mut command = with_profile(home.path(), "waits");
    command.args(["--region", "eu-west-1"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let number = until(|| fs::read_to_string(&mark).ok());
    let stat = format!("/proc/{}/stat", number.trim());
    assert!(fs::metadata(&stat).is_ok(), "it runs");
    child.kill().unwrap();
    wait(&mut child);
    // Dead, it may still wait for its parent to collect its status.
    until(|| fs::read_to_string(&stat).map_or(Some(()), |stat| stat.contains(") Z ").then_some(())));
}
