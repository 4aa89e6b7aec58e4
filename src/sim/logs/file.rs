//! The tail of an instance's logs as a file in Beanstalk's bucket: its path, its signed URL, and how long it is there.

use crate::sim::physics::{View, noise};
use crate::sim::region::Environment;

/// Milliseconds for which the files are kept (API reference of `RetrieveEnvironmentInfo`).
pub(super) const KEPT: i64 = 15 * 60_000;

/// The tail of an instance's logs, as handed in once.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub environment: &'a Environment,
    /// The instance's place in the environment's pool.
    pub(super) place: usize,
    /// When it was handed in; milliseconds since the Unix epoch.
    pub at: i64,
}

impl File<'_> {
    pub fn instance<'a>(&self, view: View<'a>) -> &'a str {
        &view.region.pools[self.environment.pool].instances[self.place].id
    }

    /// The URL at which the file can be had, in the style of S3 that has the bucket in the path, so that what answers
    /// for the region can answer for the file too.
    pub fn url(&self, view: View<'_>, base: &str) -> String {
        let until = self.at + KEPT;
        let (path, signature) = (self.path(view), self.signature(view));
        format!("{base}{path}?AWSAccessKeyId=ASIASIMULATED0000000&Expires={}&Signature={signature}", until / 1000)
    }

    pub(super) fn path(&self, view: View<'_>) -> String {
        format!("{}{}/{}/TailLogs-{}.out", folder(view), self.environment.id, self.instance(view), self.at)
    }

    pub(super) fn signature(&self, view: View<'_>) -> String {
        noise::hex(view.region.seed, &self.path(view), 40)
    }
}

/// Beanstalk's own bucket, and the folder of the tails in it.
pub(super) fn folder(view: View<'_>) -> String {
    let region = view.region;
    format!("/elasticbeanstalk-{}-{}/resources/environments/logs/tail/", region.name, region.account)
}
