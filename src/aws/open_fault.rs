//! Why a session could not be opened.

use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::model::{Fault, masked_url};

/// The reason why a session could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenFault {
    /// There is no profile of this name.
    #[error("there is no profile {name}")]
    UnknownProfile {
        /// The name given by `--profile` or `AWS_PROFILE`.
        name: String,
        /// The profiles that there are.
        known: Vec<String>,
    },
    /// The files with the profiles are broken.
    #[error("the shared AWS configuration cannot be read: {0}")]
    Profiles(String),
    /// Neither flag, environment, profile nor instance name a region.
    #[error("no region is configured")]
    NoRegion {
        /// The profile that was taken.
        profile: Option<String>,
    },
    /// What was given is not the name of a region.
    #[error("{0} is not the name of a region")]
    BadRegion(String),
    /// What was given is not an endpoint.
    #[error(
        "{origin} `{}` is not an endpoint: it must begin with http:// or https:// and name a host",
        masked_url(url)
    )]
    BadEndpoint {
        /// The variable, flag or setting that gives it.
        origin: String,
        /// The whole of it.
        url: String,
    },
    /// The bundle of certificates is of no use.
    #[error("the CA bundle {} is of no use: {what}", path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There are no credentials, they are no longer valid, or their provider could not be reached or refused; see the
    /// fault's kind.
    #[error("there are no good credentials: {}", .0.message)]
    Credentials(Arc<Fault>),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
