//! `deploy --bundle`: creates an application version from a zip or a folder before it is deployed.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::arguments::Format;
use super::asking::Asking;
use super::bundle_report::BundleReport;
use super::desk::Desk;
use super::failure::{ExitStatus, Failure};
use super::output;
use super::progress::{Bar, UploadBar, megabytes};
use super::report::{Report, conclude};
use crate::aws::{UploadProgress, look};
use crate::bundle::{Bundle, BundleError, Startup, startup};
use crate::change::{Confirmation, MOST_OF_LABEL, NewVersion, Operation, Outcome};
use crate::model::{ApplicationVersion, Environment, VersionStatus, clean, counted};
use crate::write::JournalWriter;

/// How often Beanstalk is asked how far it is with a bundle, and for how long.
const PAUSE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_mins(10);

/// A version that is to be created from a bundle.
#[derive(Debug)]
pub struct BundledVersion {
    /// What creates it.
    pub creation: Operation,
    /// What is to be known of it before, in sentences.
    pub notes: Vec<String>,
    report: BundleReport,
    version: NewVersion,
    /// Deletes what was packed when it goes.
    _bundle: Bundle,
}

/// A line of a pipeline: the version is there.
#[derive(Serialize)]
struct VersionLine<'a> {
    r#type: &'static str,
    at: String,
    environment: &'a str,
    application: &'a str,
    version: &'a str,
    status: &'a str,
    bundle: &'a BundleReport,
}

impl BundledVersion {
    /// Reads and checks a bundle, and what it would become. Nothing is sent.
    pub async fn prepare(
        desk: &Desk<'_>,
        environment: &Environment,
        label: &str,
        path: &Path,
        versions: &[ApplicationVersion],
    ) -> Result<Self, Failure> {
        check_label(label)?;
        let bundle = opened(path).await?;
        let platform = environment.platform.as_deref().or(environment.platform_arn.as_deref());
        let mut notes = bundle.remarks.clone();
        match startup(platform, &bundle.content) {
            Startup::Found => {}
            Startup::Doubtful(why) => notes.push(why),
            Startup::Nothing(why) => {
                let what = format!("{} would start nothing on {}: {why}", path.display(), environment.name);
                return Err(Failure::refused(clean(&what)));
            }
        }
        let (region, account) = (desk.session.region.as_deref().unwrap_or_default(), desk.caller().account);
        let bucket = NewVersion::bucket_in(region, account.as_deref().unwrap_or("ACCOUNT"));
        let version = NewVersion::new(&environment.application, label, &bucket, bundle.file.clone());
        match versions.iter().find(|known| *known.label == *label) {
            Some(known) if version.is_made_of(known) => {
                notes.push(format!("{label} was created from this very bundle already: it is only deployed"));
            }
            Some(known) => return Err(Failure::refused(clean(&version.label_is_taken(known).to_string()))),
            None => {}
        }
        let report = BundleReport {
            path: path.display().to_string(),
            files: bundle.content.names.len(),
            bytes: bundle.file.bytes,
            sha256: Arc::clone(&bundle.file.sha256),
            bucket: Arc::clone(&version.bucket),
            key: Arc::clone(&version.key),
        };
        let creation = Operation::create_version(environment, version.clone());
        Ok(Self { creation, notes, report, version, _bundle: bundle })
    }

    /// The bundle, for an answer.
    pub fn report(&self) -> &BundleReport {
        &self.report
    }

    /// The version as it will be, for a plan of its deploy.
    pub fn future(&self, environment: &Environment) -> ApplicationVersion {
        ApplicationVersion {
            application: Arc::clone(&environment.application),
            label: Arc::clone(&self.version.label),
            created: Some(Desk::now()),
            status: None,
            description: None,
            source: None,
        }
    }

    /// What it is made of, in a few words.
    pub fn summary(&self) -> String {
        let BundleReport { path, files, bytes, .. } = &self.report;
        format!("{path} ({}, {})", megabytes(*bytes), counted(*files, "file"))
    }

    /// Creates it and waits until Beanstalk has looked at it; the status to exit with if that fails.
    pub async fn create(
        &self,
        desk: &Desk<'_>,
        asking: &Asking,
        confirmation: &Confirmation,
    ) -> Result<Option<ExitCode>, Failure> {
        let (operation, uploads) = (&self.creation, UploadProgress::default());
        let (name, label) = (&operation.subject.name, &self.version.label);
        let bar = UploadBar::new(&self.report.path, self.report.bytes);
        let what = format!("{} {label}", operation.kind.as_str());
        let write = async |writer: &JournalWriter<'_>| writer.perform(operation, confirmation).await;
        let written = desk.write_watched(what, &uploads, async |work| bar.over(&uploads, work).await, write).await?;
        if !written.outcome.is_done() {
            Report::of(desk, operation, asking, &written).print(desk.settings.format)?;
            return Ok(Some(conclude(operation.kind.as_str(), name, &written)));
        }
        if written.outcome == Outcome::Applied {
            let words = format!("beanpole: the version {label} was created from {}", self.version.location());
            output::remark(&clean(&words));
        }
        self.processed(desk).await
    }

    /// Waits until Beanstalk has looked at the bundle.
    async fn processed(&self, desk: &Desk<'_>) -> Result<Option<ExitCode>, Failure> {
        let (application, label) = (&self.creation.subject.application, &self.version.label);
        let began = Instant::now();
        loop {
            let read = look::application_version(&desk.session, application, label, &Desk::now).await;
            let status = match read {
                Ok(Some(version)) => version.status,
                Ok(None) => None,
                // What passes is no reason to leave the version undeployed.
                Err(fault) if fault.passes() && began.elapsed() < PATIENCE => Some(VersionStatus::Processing),
                Err(fault) => return Err(Failure::fault(&fault)),
            };
            match status {
                Some(VersionStatus::Processing | VersionStatus::Building) if began.elapsed() < PATIENCE => {
                    sleep(PAUSE).await;
                }
                Some(status) if status.is_deployable() => {
                    self.print(desk, status.as_str())?;
                    return Ok(None);
                }
                status => return Ok(Some(self.unprocessed(status.as_ref()))),
            }
        }
    }

    fn print(&self, desk: &Desk<'_>, status: &str) -> Result<(), Failure> {
        let subject = &self.creation.subject;
        let line = VersionLine {
            r#type: "version",
            at: Desk::now().to_string(),
            environment: &subject.name,
            application: &subject.application,
            version: &self.version.label,
            status,
            bundle: &self.report,
        };
        if desk.settings.format == Format::Jsonl { output::json_line(&line) } else { Ok(()) }
    }

    /// Reports that the version is there and cannot be deployed.
    fn unprocessed(&self, status: Option<&VersionStatus>) -> ExitCode {
        let (label, name) = (&self.version.label, &self.creation.subject.name);
        let (status, what) = match status {
            Some(VersionStatus::Failed) => (
                ExitStatus::Bad,
                format!("Beanstalk finds the bundle of {label} no good (FAILED): nothing is deployed"),
            ),
            Some(status) => {
                let word = status.as_str();
                let minutes = PATIENCE.as_secs() / 60;
                (ExitStatus::Unknown, format!("{label} is still {word} after {minutes} min: nothing is deployed"))
            }
            None => (ExitStatus::Unknown, format!("{label} was created and is gone again: nothing is deployed")),
        };
        let hint = format!("the version is kept: beanpole versions {name}; why: beanpole events {name}");
        output::failure(&Failure { status, what: clean(&what).into(), hint: Some(clean(&hint).into()), source: None })
    }
}

/// Reads a bundle, or packs a folder, beside the runtime.
async fn opened(path: &Path) -> Result<Bundle, Failure> {
    let owned: PathBuf = path.to_owned();
    let open = tokio::task::spawn_blocking(move || Bundle::open(&owned));
    let opened = Bar::none().over(format!("{} to be read", path.display()), Box::pin(open)).await;
    let opened = opened.map_err(|error| Failure::system("the bundle could not be read", error))?;
    opened.map_err(|error| match &error {
        BundleError::Unwritten(_) => Failure::refused(clean(&error.to_string())),
        _ => Failure::usage(clean(&error.to_string())),
    })
}

fn check_label(label: &str) -> Result<(), Failure> {
    let length = label.chars().count();
    if length == 0 || length > MOST_OF_LABEL || label.contains('/') {
        let what = format!("`{label}` is no label of a version: it has 1 to {MOST_OF_LABEL} characters, and no `/`");
        return Err(Failure::usage(clean(&what)));
    }
    Ok(())
}
