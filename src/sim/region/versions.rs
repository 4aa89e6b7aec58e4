//! Application versions that clients made: from a bundle in S3, which Beanstalk processes if it is asked to.

use super::{Application, Region};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::VersionSpec;

/// How long Beanstalk processes a bundle. UNVERIFIED.
const PROCESSING: i64 = 5_000;

/// What a client made a version from. A version without a bundle is the sample application.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    pub description: Option<String>,
    /// Bucket and key.
    pub source: Option<(String, String)>,
    /// When Beanstalk began to process it, if it was asked to; milliseconds since the Unix epoch.
    pub process_from: Option<i64>,
    /// Whether what is in S3 is an archive.
    pub is_archive: bool,
}

impl Bundle {
    /// The word of `ApplicationVersionDescription`.
    pub fn status(&self, now: i64) -> &'static str {
        match self.process_from {
            None => "UNPROCESSED",
            Some(from) if now < from + PROCESSING => "PROCESSING",
            Some(_) if self.is_archive || self.source.is_none() => "PROCESSED",
            Some(_) => "FAILED",
        }
    }
}

impl Region {
    /// The bucket that Beanstalk has in the region; it is there as soon as there is a version.
    pub fn storage_location(&self) -> String {
        format!("elasticbeanstalk-{}-{}", self.name, self.account)
    }

    pub fn add_application(&mut self, name: &str, description: Option<&str>, now: i64) {
        self.applications.push(Application {
            name: name.to_owned(),
            description: description.map(str::to_owned),
            created: now,
            versions: Vec::new(),
            versions_kept: None,
            versions_kept_days: None,
            bundles: std::collections::BTreeMap::new(),
        });
    }

    /// Adds a version to an application that is there.
    pub fn add_version(&mut self, application: &str, label: &str, bundle: Bundle, now: i64) {
        let Some(application) = self.applications.iter_mut().find(|one| one.name == application) else { return };
        application.versions.retain(|(version, _)| version.label != label);
        application.versions.push((VersionSpec::new(label), now));
        application.bundles.insert(label.to_owned(), bundle);
    }

    /// Deletes a version from now on.
    pub fn delete_version(&mut self, application: &str, label: &str, now: i64) {
        let time = Span(now - self.epoch);
        let Some(application) = self.applications.iter_mut().find(|one| one.name == application) else { return };
        let found = application.versions.iter_mut().find(|(version, _)| version.label == label);
        if let Some((version, _)) = found {
            version.deleted = Some(time);
        }
        application.bundles.remove(label);
    }
}
