//! Applications and their versions, as clients make and delete them.

use super::{Application, Bundle, Region};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::VersionSpec;

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
