//! `--scenario FILE` and `sim --speed N`: a scenario from a file, and a region whose time runs faster.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::run::{Ran, Region, beanpole, run};

const SMALL: &str = scenario!("one environment", environment!("web"));

fn sim(path: &Path) -> Ran {
    let mut command = beanpole();
    command.args(["sim", "--listen", "127.0.0.1:0", "--scenario"]).arg(path);
    run(command)
}

#[test]
fn a_file_is_served_by_its_path_or_by_a_name_that_ends_in_toml() {
    let folder = TempDir::new().unwrap();
    for name in ["region.toml", "region"] {
        let path = folder.path().join(name);
        fs::write(&path, SMALL).unwrap();
        let region = Region::simulated(path.to_str().unwrap());
        let listed = region.json(&["ls"]);
        assert_eq!(listed["items"][0]["environment"], "web", "{listed}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_one_line_and_a_usage_error() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), content).unwrap();
    };
    file("binary.toml", b"description = \"\xff\"\n");
    file("large.toml", &vec![b'#'; (4 << 20) + 1]);
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    let fifo = folder.path().join("fifo.toml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let cases = [
        (folder.path().join("missing.toml"), "there is no such file"),
        (folder.path().join("folder.toml"), "it is a directory, not a regular file"),
        (folder.path().join("binary.toml"), "it is not UTF-8 text (byte 16)"),
        (folder.path().join("large.toml"), "it is larger than 4 MiB"),
        (fifo, "it is a pipe, not a regular file"),
        (Path::new("/dev/zero").to_owned(), "it is a device, not a regular file"),
    ];
    for (path, words) in cases {
        let ran = sim(&path);
        let path = path.to_str().unwrap();
        assert_eq!(ran.status, Some(2), "{path}: {}", ran.err);
        assert_eq!(ran.err.trim_end(), format!("beanpole: the scenario {path} cannot be read: {words}"));
        assert!(ran.out.is_empty());
    }
}

#[test]
fn mistakes_of_a_file_have_its_path_line_and_column() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("wrong.toml");
    fs::write(&path, SMALL.replace("application", "aplication")).unwrap();
    let ran = sim(&path);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    let file = path.to_str().unwrap();
    assert!(ran.err.contains(&format!("{file}:2:1: `application` is missing")), "{}", ran.err);
    assert!(
        ran.err.contains(&format!("{file}:4:1: unknown key `aplication`, did you mean `application`?")),
        "{}",
        ran.err
    );
}

#[test]
fn a_speed_out_of_range_is_a_usage_error() {
    for speed in ["0", "1001", "-1", "fast", "1.5"] {
        let mut command = beanpole();
        command.args(["sim", "--listen", "127.0.0.1:0"]).arg(format!("--speed={speed}"));
        let ran = run(command);
        assert_eq!(ran.status, Some(2), "{speed}: {}", ran.err);
        assert!(ran.err.contains("--speed"), "{}", ran.err);
    }
}

/// What a region answers to a question, the headers too.
fn ask(address: &str, form: &str) -> String {
    let authority = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Length: {}\r\nAuthorization: AWS4-HMAC-SHA256 \
         Credential=A/20261123/eu-west-1/elasticbeanstalk/aws4_request\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The time in an HTTP date or in ISO 8601 that follows a text.
fn time_after(answer: &str, start: &str, end: &str) -> jiff::Timestamp {
    let (_, rest) = answer.split_once(start).unwrap_or_else(|| panic!("no {start} in {answer}"));
    let text = rest.split(end).next().unwrap();
    text.parse().unwrap_or_else(|_| jiff::fmt::rfc2822::parse(text).unwrap().timestamp())
}

#[test]
fn a_faster_region_lives_ahead_and_dates_its_answers_by_the_real_clock() {
    let region = Region::simulated_with(&["--scenario", "healthy", "--speed", "1000"]);
    // Enhanced health is refreshed every ten seconds of the region's time: a hundredth of a second here.
    let question = "Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName=alpha-web-prod&AttributeNames.member.1=RefreshedAt";
    super::run::until(|| {
        let answer = ask(&region.address, question);
        let refreshed = time_after(&answer, "<RefreshedAt>", "<");
        let (dated, now) = (time_after(&answer, "date: ", "\r\n"), jiff::Timestamp::now());
        assert!((now.as_second() - dated.as_second()).abs() <= 5, "{dated} is not {now}");
        (refreshed.as_second() - now.as_second() > 600).then_some(())
    });
    // Signatures are valid: a server that checks the date gives the same answers.
    assert!(region.json(&["ls"])["errors"].as_array().unwrap().is_empty());
}
