//! What is in a bundle, and how large one may be.

/// The largest bundle that Beanstalk takes, in bytes (Developer Guide, "Create an application source bundle": 500 MB).
pub const MOST_OF_BUNDLE: u64 = 500 << 20;

/// What is in a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The names of its files, with `/` between folders.
    pub names: Vec<String>,
    /// What `package.json` at its top holds, if there is one.
    pub package_json: Option<String>,
}
