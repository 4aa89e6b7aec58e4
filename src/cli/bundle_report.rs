//! The bundle of a version that a command creates, as its answers have it.

use std::sync::Arc;

use serde::Serialize;

/// The bundle.
#[derive(Clone, Debug, Serialize)]
pub struct BundleReport {
    /// The file or folder that was named.
    pub path: String,
    /// How many files are in it.
    pub files: usize,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: Arc<str>,
    /// The bucket that it is put into.
    pub bucket: Arc<str>,
    /// Its key there.
    pub key: Arc<str>,
}
