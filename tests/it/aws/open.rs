//! Opening a session from a user's files and environment. Both belong to a process, so each case runs in one of its own:
//! this binary again, with `child` as its only test.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use beanpole::aws::{OpenFault, SessionOptions, fetch, open_session};
use beanpole::model::{Ask, Moment, ScopeId, Seq, Source};
use tempfile::TempDir;

const CONFIG: &str = r#"
[profile keys]
region = eu-west-1
aws_access_key_id = AKIAPROFILE
aws_secret_access_key = x
[profile bare]
aws_access_key_id = AKIAPROFILE
aws_secret_access_key = x
[profile corp]
region = eu-west-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
[profile vault]
region = eu-west-1
credential_process = sh -c 'echo run >> $HOME/runs; echo "{\"Version\":1,\"AccessKeyId\":\"AKIAVAULT\",\"SecretAccessKey\":\"x\"}"'
[profile sealed]
region = eu-west-1
credential_process = sh -c 'echo "the vault is sealed" >&2; exit 2'
[profile dangling]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/r
source_profile = nowhere
[profile device]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/r
source_profile = sealed
mfa_serial = arn:aws:iam::123456789012:mfa/me
"#;

/// Opens a session from the environment, asks who we are twice if there is an endpoint, and prints the result.
#[test]
#[ignore = "runs as a child of the other tests"]
fn child() {
    let variable = |name: &str| std::env::var(name).ok();
    let options = SessionOptions {
        profile: variable("TEST_PROFILE"),
        region: variable("TEST_REGION"),
        endpoint_url: variable("TEST_ENDPOINT"),
        ca_bundle: variable("TEST_CA_BUNDLE").map(Into::into),
        ..SessionOptions::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let reported = runtime.block_on(async {
        let opened = match open_session(options).await {
            Ok(opened) => opened,
            Err(OpenFault::UnknownProfile { name, known }) => return format!("no {name} among {}", known.join(" ")),
            Err(fault) => return fault.to_string(),
        };
        for source in [Source::Identity(ScopeId(0)), Source::Environments(ScopeId(0))] {
            let ask = Ask::new(vec![source], Seq(0));
            fetch(&opened.session, ask, || Moment::EPOCH).await;
        }
        format!("opened {:?} in {:?}", opened.profile, opened.session.region)
    });
    std::fs::write(variable("TEST_RESULT").unwrap(), reported).unwrap();
}

/// A home directory with profiles.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), CONFIG).unwrap();
        Self(home)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns the output of a child with these variables.
    fn open(&self, variables: &[(&str, &str)]) -> String {
        let result = self.path().join("result");
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "aws::open::child", "--ignored", "--quiet"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("TEST_RESULT", &result)
            .envs(variables.iter().copied())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        std::fs::read_to_string(result).unwrap()
    }
}

#[test]
fn a_profile_that_is_not_there_is_reported_with_those_that_are() {
    let home = Home::new();
    let reported = "no nope among bare corp dangling device keys sealed vault";
    assert_eq!(home.open(&[("TEST_PROFILE", "nope")]), reported);
    assert_eq!(home.open(&[("AWS_PROFILE", "nope")]), reported);
}

#[test]
fn a_missing_region_and_a_mistyped_one_are_told_apart() {
    let home = Home::new();
    assert_eq!(home.open(&[("TEST_PROFILE", "bare")]), "no region is configured");
    let reported = home.open(&[("TEST_PROFILE", "bare"), ("TEST_REGION", "Ireland")]);
    assert_eq!(reported, "Ireland is not the name of a region");
    let reported = home.open(&[("TEST_PROFILE", "keys"), ("TEST_ENDPOINT", "localhost:4566")]);
    assert!(reported.starts_with("endpoint_url `localhost:4566` is not an endpoint"), "{reported}");
}

#[test]
fn missing_credentials_say_how_to_get_some() {
    let home = Home::new();
    let reported = |profile: &str| home.open(&[("TEST_PROFILE", profile)]);
    assert!(reported("corp").ends_with("log in with: aws sso login --profile corp"), "{}", reported("corp"));
    assert!(reported("sealed").ends_with("ended with exit status: 2: the vault is sealed"), "{}", reported("sealed"));
    assert!(
        reported("device").contains("profile device wants a code from a device (mfa_serial)"),
        "{}",
        reported("device")
    );
    assert!(reported("dangling").contains("nowhere"), "{}", reported("dangling"));
    let none = home.open(&[("AWS_REGION", "eu-west-1")]);
    assert!(none.starts_with("there are no good credentials: none were found (environment: "), "{none}");
}

#[test]
fn a_useless_ca_bundle_is_reported_before_anything_is_sent() {
    let home = Home::new();
    let bundle = home.path().join(".aws/config").display().to_string();
    let reported = home.open(&[("TEST_PROFILE", "keys"), ("TEST_CA_BUNDLE", &bundle)]);
    assert!(reported.ends_with("(no line -----BEGIN CERTIFICATE-----)"), "{reported}");
    let reported = home.open(&[("TEST_PROFILE", "keys"), ("TEST_CA_BUNDLE", "/nowhere.pem")]);
    assert!(reported.contains("/nowhere.pem is of no use: "), "{reported}");
    // A certificate in its shape, of a version that there is not: the TLS library stops the program at it.
    let hollow = home.path().join("hollow.pem");
    let text = "-----BEGIN CERTIFICATE-----\nMBkwEqADAgEFAgEBMAAwADAAMAAwADAAAwEA\n-----END CERTIFICATE-----\n";
    std::fs::write(&hollow, text).unwrap();
    let reported = home.open(&[("TEST_PROFILE", "keys"), ("TEST_CA_BUNDLE", &hollow.display().to_string())]);
    assert!(reported.ends_with("the TLS library does not take one of its certificates"), "{reported}");
}

/// Accepts two requests, answers neither, and returns the access keys they were signed with.
fn keys_seen_by(listener: &TcpListener) -> Vec<String> {
    let one = || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.windows(4).any(|window| window == b"\r\n\r\n") {
            let mut part = [0; 4096];
            let length = stream.read(&mut part).unwrap();
            assert_ne!(length, 0, "the request ended within its headers");
            request.extend_from_slice(&part[..length]);
        }
        let answer = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).unwrap();
        let request = String::from_utf8_lossy(&request).into_owned();
        let (_, rest) = request.split_once("Credential=").unwrap();
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    (0..2).map(|_| one()).collect()
}

/// Opens a session at a listener; returns the child's output and the keys that were used.
fn open_and_listen(home: &Home, variables: &[(&str, &str)]) -> (String, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::scope(|scope| {
        let seen = scope.spawn(|| keys_seen_by(&listener));
        let reported = home.open(&[variables, &[("TEST_ENDPOINT", endpoint.as_str())]].concat());
        // A child that asked nothing must not leave us listening for ever.
        let _ended = [(); 2].map(|()| TcpStream::connect(listener.local_addr().unwrap()));
        (reported, seen.join().unwrap())
    })
}

#[test]
fn a_profile_that_was_named_counts_more_than_keys_in_the_environment() {
    let home = Home::new();
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT"), ("AWS_SECRET_ACCESS_KEY", "y"), ("AWS_PROFILE", "keys")];
    let (reported, seen) = open_and_listen(&home, &keys);
    assert_eq!(reported, "opened Some(\"keys\") in Some(\"eu-west-1\")");
    assert_eq!(seen, ["AKIAENVIRONMENT", "AKIAENVIRONMENT"]);
    let (_, seen) = open_and_listen(&home, &[&keys[..], &[("TEST_PROFILE", "keys")]].concat());
    assert_eq!(seen, ["AKIAPROFILE", "AKIAPROFILE"]);
}

#[test]
fn a_credential_process_runs_once() {
    let home = Home::new();
    let (_, seen) = open_and_listen(&home, &[("TEST_PROFILE", "vault")]);
    assert_eq!(seen, ["AKIAVAULT", "AKIAVAULT"]);
    assert_eq!(std::fs::read_to_string(home.path().join("runs")).unwrap(), "run\n");
}
