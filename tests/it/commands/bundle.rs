//! `deploy --bundle`: from a folder on this machine to a version that an environment runs, over HTTP.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use beanpole::sim::{Faults, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::run::Region;
use super::stage::Stage;
use crate::support::somebody;

const SCENARIO: &str = scenario!(
    "an application that gets a version",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1"),
    environment!("shop-prod", version = "v1"),
    environment!("busy", version = "v2", status = "Updating"),
);

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/bundle");
const BUCKET: &str = "elasticbeanstalk-eu-west-1-471108151234";

/// Beanstalk's clock runs faster, so that it has looked at a bundle soon.
fn stage() -> Stage {
    let region = Region::fast(Scenario::from_toml("test", SCENARIO).unwrap(), 10);
    region.world.as_ref().unwrap().set_faults(Faults::none());
    Stage { region, state: TempDir::new().unwrap() }
}

fn versions(stage: &Stage) -> String {
    somebody::ask(stage.world(), "elasticbeanstalk", "Action=DescribeApplicationVersions&Version=2010-12-01")
}

#[test]
fn a_folder_becomes_a_version_that_runs_and_is_read_back_byte_for_byte() {
    let stage = stage();
    let done = stage.json(&["deploy", "web", "v7", "--bundle", FOLDER, "--yes", "--timeout", "0"], 0);
    assert_eq!((&done["outcome"], &done["kind"]), (&json!("applied"), &json!("deploy")), "{done}");
    let bundle = &done["bundle"];
    assert_eq!((&bundle["path"], &bundle["files"], &bundle["bucket"]), (&json!(FOLDER), &json!(3), &json!(BUCKET)));
    let key = bundle["key"].as_str().unwrap();
    let sha256 = bundle["sha256"].as_str().unwrap();
    assert_eq!(key, format!("shop/v7-{}.zip", &sha256[..12]));
    let stored = somebody::object(stage.world(), BUCKET, key).unwrap();
    assert_eq!(json!(stored.len()), bundle["bytes"]);
    let mut archive = ZipArchive::new(Cursor::new(stored)).unwrap();
    let mut names = Vec::new();
    for place in 0..archive.len() {
        let (mut entry, mut content) = (archive.by_index(place).unwrap(), Vec::new());
        entry.read_to_end(&mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert_eq!(content, fs::read(Path::new(FOLDER).join(&name)).unwrap(), "{name}");
        names.push(name);
    }
    assert_eq!(names, ["lib/hello.js", "package.json", "server.js"]);
    let listed = versions(&stage);
    assert!(listed.contains("<VersionLabel>v7</VersionLabel>") && listed.contains(&format!("<S3Key>{key}</S3Key>")));
    let shown = stage.json(&["log"], 0);
    let kinds: Vec<_> = shown["items"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, ["deploy", "create_version"], "{shown}");
    // The same folder under the same label is the same version: it is only deployed.
    let puts = stage.region.count("PutObject");
    stage.region.pass(600);
    let again = stage.run(&["deploy", "web", "v7", "--bundle", FOLDER, "--yes", "--timeout", "0"]);
    assert_eq!(again.status, Some(0), "{}", again.err);
    assert!(again.err.contains("v7 was created from this very bundle already: it is only deployed"), "{}", again.err);
    assert_eq!((puts, stage.region.count("PutObject")), (1, 1));
}

#[test]
fn a_plan_names_every_call_and_sends_none() {
    let stage = stage();
    let plan = stage.json(&["deploy", "web", "v7", "--bundle", FOLDER, "--dry-run"], 0);
    let calls: Vec<_> = plan["calls"].as_array().unwrap().iter().map(|call| call["operation"].clone()).collect();
    assert_eq!(calls, ["CreateStorageLocation", "PutObject", "CreateApplicationVersion", "UpdateEnvironment"]);
    let keys: Vec<_> = plan["changes"].as_array().unwrap().iter().map(|change| change["key"].clone()).collect();
    assert_eq!(
        (keys, &plan["outcome"]),
        (vec![json!("application_version:v7"), json!("version_label")], &json!("planned"))
    );
    let text = stage.run(&["deploy", "web", "v7", "--bundle", FOLDER, "--dry-run"]);
    assert!(text.out.contains("aws s3api put-object --bucket elasticbeanstalk-eu-west-1-471108151234"), "{}", text.out);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_cannot_become_a_version_is_refused_before_anything_is_sent() {
    let (stage, files) = (stage(), TempDir::new().unwrap());
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("no.zip"), "no zip").unwrap();
    fs::create_dir_all(path("wrong/app")).unwrap();
    fs::write(path("wrong/app/server.js"), "listen()").unwrap();
    fs::create_dir_all(path("empty")).unwrap();
    let (no_zip, wrong, empty, gone) = (path("no.zip"), path("wrong"), path("empty"), path("gone"));
    let long = "v".repeat(101);
    for (arguments, status, words) in [
        (&["web", "v2", "--bundle", FOLDER, "--yes"][..], 7, "the application shop already has a version v2"),
        (&["busy", "v7", "--bundle", FOLDER, "--yes"], 7, "takes an update only while it is Ready"),
        (&["shop-prod", "v7", "--bundle", FOLDER, "--yes"], 7, "shop-prod is a production environment"),
        (&["web", "v7", "--bundle", FOLDER, "--yes", "--read-only"], 7, "writing is switched off"),
        (&["web", "v7", "--bundle", &no_zip, "--yes"], 2, "is no zip that can be read"),
        (&["web", "v7", "--bundle", &empty, "--yes"], 2, "has no file in it"),
        (&["web", "v7", "--bundle", &gone, "--yes"], 2, "cannot be read"),
        (&["web", "v7", "--bundle", &wrong, "--yes"], 7, "pack what is in that folder, not the folder"),
        (&["web", &long, "--bundle", FOLDER, "--yes"], 2, "is no label of a version"),
        (&["web", "a/b", "--bundle", FOLDER, "--yes"], 2, "is no label of a version"),
        (&["web", "--bundle", FOLDER, "--yes"], 2, "required"),
        (&["web", "v7", "--bundle", FOLDER], 2, "--yes"),
    ] {
        let ran = stage.run(&[&["deploy"], arguments].concat());
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(stage.writes(), 0);
    assert!(!versions(&stage).contains("v7"));
}

/// A bundle that Beanstalk finds no good is a version that nothing deploys.
#[test]
fn a_version_that_fails_its_processing_is_not_deployed_and_one_that_is_processed_says_so_in_a_line() {
    let (stage, files) = (stage(), TempDir::new().unwrap());
    // A zip behind something else is one for some programs only.
    let behind = files.path().join("behind.zip");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("app.js", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"listen()").unwrap();
    let zip = zip.finish().unwrap().into_inner();
    fs::write(&behind, [&b"#!/bin/sh\nunzip $0\n"[..], &zip].concat()).unwrap();
    let behind = behind.to_str().unwrap();
    let ran = stage.run(&["deploy", "web", "v7", "--bundle", behind, "--yes", "--timeout", "0"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains("Beanstalk finds the bundle of v7 no good (FAILED): nothing is deployed"), "{}", ran.err);
    assert_eq!(stage.region.count("UpdateEnvironment"), 0);
    let ran = stage.run(&["deploy", "web", "v8", "--bundle", FOLDER, "--yes", "--timeout", "0", "-o", "jsonl"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["type"], &lines[0]["status"]), (&json!("version"), &json!("PROCESSED")), "{}", ran.out);
    assert_eq!(lines[0]["bundle"]["files"], json!(3));
}
