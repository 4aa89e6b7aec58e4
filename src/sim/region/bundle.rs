//! What a client made an application version from: a bundle in S3, which Beanstalk processes if it is asked to.

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
