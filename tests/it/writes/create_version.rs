//! An application version is created: its bundle arrives whole and is compared before there is a version, whatever is lost.

use std::sync::Mutex;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use beanpole::aws::look;
use beanpole::change::{BundleFile, NewVersion, Operation, Outcome, Refusal, hexadecimal};
use beanpole::model::{ApplicationVersion, ObjectLocation, VersionStatus};
use tempfile::TempDir;

use super::stage::{Stage, somebody, wait};
use crate::support::operation;

const SCENARIO: &str = scenario!(
    "an application that gets a version",
    application!("shop", "v1"),
    environment!("web", version = "v1"),
    environment!("busy", version = "v1", status = "Updating"),
);

/// The beginning of a zip, and something that it might hold.
const CONTENT: &[u8] = b"PK\x03\x04 this is what is sent";

struct Bundle {
    _folder: TempDir,
    version: NewVersion,
}

fn bundle(label: &str) -> Bundle {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.zip");
    std::fs::write(&path, CONTENT).unwrap();
    let sha256 = sha256(CONTENT);
    let file = BundleFile { path: path.to_str().unwrap().into(), bytes: CONTENT.len() as u64, sha256: sha256.into() };
    let bucket = "elasticbeanstalk-eu-west-1-471108151234";
    Bundle { _folder: folder, version: NewVersion::new("shop", label, bucket, file) }
}

/// What goes wrong with a request to S3 or Beanstalk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Break {
    Nothing,
    /// The connection is reset in the middle of the upload.
    UploadCut,
    /// The upload arrives, and its answer is lost.
    UploadAnswerLost,
    /// Nothing moves any more.
    UploadStalls,
    /// What arrives is not what was sent.
    UploadSpoilt,
    /// S3 says that it has another checksum.
    OtherChecksum,
    /// S3 says that it has another size.
    OtherSize,
    /// The checksum may not be read.
    HeadDenied,
    /// The version is created, and the answer is lost.
    VersionAnswerLost,
    /// The request for the version is lost.
    VersionLost,
}

fn named(request: &HttpRequest) -> &'static str {
    match (request.method(), operation(request).as_str()) {
        ("PUT", _) => "PutObject",
        ("HEAD", _) => "HeadObject",
        (_, "CreateApplicationVersion") => "CreateApplicationVersion",
        _ => "",
    }
}

fn carry(it: Break, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
    let reset = || Err(ConnectorError::io(Box::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset))));
    let answer_of = |request| inner.call(request);
    match (it, named(&request)) {
        (Break::UploadCut, "PutObject") | (Break::VersionLost, "CreateApplicationVersion") => {
            HttpConnectorFuture::ready(reset())
        }
        (Break::UploadStalls, "PutObject") => HttpConnectorFuture::new(std::future::pending()),
        (Break::UploadAnswerLost, "PutObject") | (Break::VersionAnswerLost, "CreateApplicationVersion") => {
            let answer = answer_of(request);
            HttpConnectorFuture::new(async move {
                answer.await?;
                reset()
            })
        }
        (Break::UploadSpoilt, "PutObject") => {
            let spoilt = request.map(|_| aws_smithy_types::body::SdkBody::from("PK something else"));
            answer_of(spoilt)
        }
        (Break::OtherChecksum | Break::OtherSize, "HeadObject") => {
            let (header, value) = match it {
                Break::OtherSize => ("content-length", "7"),
                _ => ("x-amz-checksum-sha256", "AAAA"),
            };
            let answer = answer_of(request);
            HttpConnectorFuture::new(async move {
                let mut answer: HttpResponse = answer.await?;
                answer.headers_mut().insert(header, value);
                Ok(answer)
            })
        }
        (Break::HeadDenied, "HeadObject") => {
            let body = aws_smithy_types::body::SdkBody::empty();
            let mut answer = HttpResponse::new(403.try_into().unwrap(), body);
            answer.headers_mut().insert("x-amz-request-id", "r-1");
            HttpConnectorFuture::ready(Ok(answer))
        }
        _ => answer_of(request),
    }
}

/// A stage where this goes wrong.
fn stage(it: Break) -> Stage {
    let broken = Mutex::new(it);
    Stage::undisturbed(SCENARIO).between(move |request, inner| carry(*broken.lock().unwrap(), request, inner))
}

async fn version(stage: &Stage, label: &str) -> Option<ApplicationVersion> {
    look::application_version(&stage.session, "shop", label, &|| stage.now()).await.unwrap()
}

/// Whether the bundle is in the bucket, as another client sees it.
fn is_stored(stage: &Stage, new: &NewVersion) -> bool {
    stored(stage, new).is_some_and(|body| body == CONTENT)
}

fn stored(stage: &Stage, new: &NewVersion) -> Option<Vec<u8>> {
    somebody::object(&stage.world, &new.bucket, &new.key)
}

/// What the region was asked for, in order, without reads of the environment.
fn calls(stage: &Stage) -> Vec<String> {
    let calls = stage.world.calls().into_iter().map(|call| call.operation);
    calls.filter(|name| name != "DescribeEnvironments").collect()
}

#[tokio::test(start_paused = true)]
async fn a_bundle_is_put_compared_and_made_a_version_in_this_order() {
    let stage = stage(Break::Nothing);
    let bundle = bundle("v2");
    let operation = Operation::create_version(&stage.environment("web").await, bundle.version.clone());
    stage.world.clear_calls();
    let written = stage.perform(&operation).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    let order =
        ["DescribeApplicationVersions", "CreateStorageLocation", "PutObject", "HeadObject", "CreateApplicationVersion"];
    assert_eq!(calls(&stage), order);
    assert!(is_stored(&stage, &bundle.version));
    let at = ObjectLocation { bucket: bundle.version.bucket.clone(), key: bundle.version.key.clone() };
    let created = version(&stage, "v2").await.unwrap();
    assert_eq!((created.source, created.status), (Some(at), Some(VersionStatus::Processing)));
    wait(6).await;
    assert_eq!(version(&stage, "v2").await.unwrap().status, Some(VersionStatus::Processed));
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), ("create_version", Some("applied")));
    assert_eq!(entry.changes[0].key, "application_version:v2");
    // Once more it is there already: nothing is sent.
    stage.world.clear_calls();
    assert_eq!(stage.perform(&operation).await.outcome, Outcome::Unchanged);
    assert_eq!(calls(&stage), ["DescribeApplicationVersions"]);
}

/// What each fault comes to: the outcome, words of its reason, and whether an object and a version are left.
#[tokio::test(start_paused = true)]
async fn whatever_is_lost_there_is_a_version_only_of_what_arrived_whole() {
    let is_left = (true, false);
    for (it, outcome, words, left) in [
        (Break::UploadCut, "failed", "looked for afterwards, nothing of it was to be seen", (false, false)),
        (Break::UploadStalls, "failed", "gave no answer within 15 s", (false, false)),
        (Break::UploadSpoilt, "failed", "Value for x-amz-checksum-sha256 header is invalid", (false, false)),
        (Break::UploadAnswerLost, "applied", "", (true, true)),
        (Break::OtherChecksum, "partial", "has the SHA-256 AAAA, and", is_left),
        (Break::OtherSize, "partial", "has 7 bytes, and 25 were sent", is_left),
        (Break::HeadDenied, "partial", "is what was sent is not known, and no version was created", is_left),
        (Break::VersionAnswerLost, "applied", "", (true, true)),
        (Break::VersionLost, "partial", "looked for afterwards, nothing of it was to be seen", is_left),
    ] {
        let stage = stage(it);
        let bundle = bundle("v2");
        let operation = Operation::create_version(&stage.environment("web").await, bundle.version.clone());
        let written = stage.perform(&operation).await;
        let reason = written.outcome.reason().unwrap_or_default();
        assert_eq!(written.outcome.word(), outcome, "{it:?}: {reason}");
        assert!(reason.contains(words), "{it:?}: {reason}");
        let is_there = version(&stage, "v2").await.is_some();
        assert_eq!((is_stored(&stage, &bundle.version), is_there), left, "{it:?}: {reason}");
        let [entry] = stage.entries().try_into().unwrap();
        assert_eq!(entry.outcome.as_deref(), Some(outcome), "{it:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_label_that_exists_and_an_environment_that_is_not_ready_are_refused_before_anything_is_sent() {
    let stage = stage(Break::Nothing);
    for (environment, label, words) in [
        ("web", "v1", "the application shop already has a version v1"),
        ("busy", "v2", "the environment is Updating, and takes an update only while it is Ready"),
    ] {
        let bundle = bundle(label);
        let operation = Operation::create_version(&stage.environment(environment).await, bundle.version.clone());
        let written = stage.perform(&operation).await;
        let Outcome::Refused(refusal) = &written.outcome else { panic!("{written:?}") };
        assert!(matches!(refusal, Refusal::Unsuitable { .. } | Refusal::NotReady { .. }), "{refusal:?}");
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert_eq!(stored(&stage, &bundle.version), None);
    }
    // The bucket was looked into by the test alone.
    let is_read = |name: &str| name.starts_with("Describe") || name == "GetObject";
    assert!(stage.world.calls().iter().all(|call| is_read(&call.operation)), "{:?}", stage.world.calls());
}

/// A run that was killed after the upload, or after the version, is found again and recorded as what it came to.
#[tokio::test(start_paused = true)]
async fn what_an_earlier_process_began_is_looked_up_and_never_sent_again() {
    for (it, outcome) in [(Break::Nothing, "applied"), (Break::VersionLost, "partial"), (Break::UploadCut, "failed")] {
        let stage = stage(it);
        let bundle = bundle("v2");
        let operation = Operation::create_version(&stage.environment("web").await, bundle.version.clone());
        assert!(!stage.perform(&operation).await.outcome.word().is_empty());
        // The log of a process that ended before it could write how this ended.
        let text = std::fs::read_to_string(stage.path()).unwrap();
        let begun = text.lines().filter(|line| !line.contains("operation_ended")).collect::<Vec<_>>().join("\n") + "\n";
        std::fs::write(stage.path(), begun).unwrap();
        let [entry] = stage.entries().try_into().unwrap();
        assert_eq!(entry.outcome, None, "{text}");
        stage.world.clear_calls();
        let settled = stage.writer(&|| stage.now()).settle(&entry).await.unwrap();
        assert_eq!(settled.outcome.word(), outcome, "{it:?}: {:?}", settled.outcome);
        let calls = stage.world.calls();
        assert!(
            calls.iter().all(|call| call.operation.starts_with("Describe") || call.operation == "HeadObject"),
            "{calls:?}"
        );
    }
}

fn sha256(content: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hexadecimal(&Sha256::digest(content))
}
