//! The versions of an application: what can be deployed.

use std::sync::Arc;

use super::Moment;
use super::wire_enum::wire_enum;

wire_enum! {
    /// The processing of a version when it was created. Beanstalk's documentation spells the words in two ways; these
    /// are the ones of its answers.
    VersionStatus {
        /// It was not looked at when it was created, which most tools do not ask for; it is when it is deployed.
        Unprocessed = "UNPROCESSED",
        /// It was looked at and found good.
        Processed = "PROCESSED",
        /// It is being looked at.
        Processing = "PROCESSING",
        /// It is being built.
        Building = "BUILDING",
        /// It was looked at or built, and is no good.
        Failed = "FAILED",
    }
}

/// A version of an application (`DescribeApplicationVersions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationVersion {
    /// The application's name.
    pub application: Arc<str>,
    /// Its label, unique within the application.
    pub label: Arc<str>,
    /// When it was created.
    pub created: Option<Moment>,
    /// How far it was made ready.
    pub status: Option<VersionStatus>,
    /// Its description.
    pub description: Option<Arc<str>>,
    /// Where its bundle is in S3; none for the sample application and for what was built elsewhere.
    pub source: Option<ObjectLocation>,
}

/// Where an object is in S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLocation {
    /// The bucket's name.
    pub bucket: Arc<str>,
    /// The object's key.
    pub key: Arc<str>,
}

impl ApplicationVersion {
    /// Why a version of this status cannot be deployed.
    #[must_use]
    pub fn obstacle(status: Option<&VersionStatus>) -> Option<&'static str> {
        match status? {
            VersionStatus::Failed => Some("it was looked at when it was created, and is no good"),
            VersionStatus::Processing => Some("it is still being looked at"),
            VersionStatus::Building => Some("it is still being built"),
            _ => None,
        }
    }
}

impl VersionStatus {
    /// Whether Beanstalk would take it. What is unprocessed is taken: it is then looked at on the instances.
    #[must_use]
    pub fn is_deployable(&self) -> bool {
        !matches!(self, Self::Processing | Self::Building | Self::Failed)
    }
}
