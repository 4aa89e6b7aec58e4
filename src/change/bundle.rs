//! A new application version: the bundle that it is made of, where it goes in S3, and the calls that create it.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::calls::ApiCall;
use super::outcome::Refusal;
use super::parameter::Parameter;
use super::request::ValueChange;
use super::writes;
use crate::model::{ApplicationVersion, counted};

/// The longest label that Beanstalk takes (`CreateApplicationVersion`, `VersionLabel`).
pub const MOST_OF_LABEL: usize = 100;

/// How many digits of the checksum a key has: enough that no two bundles of a label share one.
const DIGITS: usize = 12;

/// The file that is put into S3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// Its path.
    pub path: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits of lower case.
    pub sha256: Arc<str>,
}

/// An application version that is to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewVersion {
    /// Its label.
    pub label: Arc<str>,
    /// Its bundle.
    pub file: BundleFile,
    /// The bucket that Beanstalk has in the region.
    pub bucket: Arc<str>,
    /// The key of the bundle in it.
    pub key: Arc<str>,
}

/// An object of S3, as far as it can be compared with what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenObject {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 as S3 has it, in base64; none if S3 has none.
    pub sha256: Option<Arc<str>>,
}

/// Bytes as hexadecimal digits of lower case.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl NewVersion {
    /// A version of this label, of an application whose bundles are in this bucket.
    #[must_use]
    pub fn new(application: &str, label: &str, bucket: &str, file: BundleFile) -> Self {
        let digits: String = file.sha256.chars().take(DIGITS).collect();
        let key = format!("{application}/{label}-{digits}.zip").into();
        Self { label: label.into(), file, bucket: bucket.into(), key }
    }

    /// The bucket that Beanstalk has in a region for an account (Developer Guide, "Using Elastic Beanstalk with Amazon S3").
    #[must_use]
    pub fn bucket_in(region: &str, account: &str) -> String {
        format!("elasticbeanstalk-{region}-{account}")
    }

    /// Returns the same in the bucket that Beanstalk named.
    #[must_use]
    pub fn in_bucket(&self, bucket: Arc<str>) -> Self {
        Self { bucket, ..self.clone() }
    }

    /// Where the bundle goes, for people: `s3://bucket/key`.
    #[must_use]
    pub fn location(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    /// The checksum as S3 writes it: base64.
    #[must_use]
    pub fn checksum(&self) -> String {
        let digits = self.file.sha256.as_bytes();
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
        STANDARD.encode(digits.chunks(2).filter_map(byte).collect::<Vec<_>>())
    }

    /// Asks for the bucket.
    #[must_use]
    pub fn storage_location() -> ApiCall {
        ApiCall::new(&writes::CREATE_STORAGE_LOCATION, Vec::new())
    }

    /// Puts the bundle into the bucket.
    #[must_use]
    pub fn upload(&self) -> ApiCall {
        let parameters = vec![
            ("Bucket", Parameter::text(&*self.bucket)),
            ("Key", Parameter::text(&*self.key)),
            ("Body", Parameter::text(&*self.file.path)),
            ("ContentType", Parameter::text("application/zip")),
            ("ChecksumSHA256", Parameter::text(self.checksum())),
        ];
        ApiCall::new(&writes::PUT_OBJECT, parameters)
    }

    /// Creates the version of an application, and has Beanstalk look at its bundle.
    #[must_use]
    pub fn creation(&self, application: &str) -> ApiCall {
        let source = vec![("S3Bucket", Parameter::text(&*self.bucket)), ("S3Key", Parameter::text(&*self.key))];
        let parameters = vec![
            ("ApplicationName", Parameter::text(application)),
            ("VersionLabel", Parameter::text(&*self.label)),
            ("SourceBundle", Parameter::Structure(source)),
            ("Process", Parameter::Flag(true)),
        ];
        ApiCall::new(&writes::CREATE_APPLICATION_VERSION, parameters)
    }

    /// What changes: there is a version where there was none.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        vec![ValueChange::new(&format!("application_version:{}", self.label), None, Some(self.location()))]
    }

    /// Returns whether a version was made of this bundle: its key has the application, the label and the checksum.
    #[must_use]
    pub fn is_made_of(&self, version: &ApplicationVersion) -> bool {
        version.label == self.label && version.source.as_ref().is_some_and(|source| source.key == self.key)
    }

    /// Returns why an object is not what was sent, if it is not.
    #[must_use]
    pub fn difference(&self, seen: &SeenObject) -> Option<String> {
        let (location, bytes, checksum) = (self.location(), self.file.bytes, self.checksum());
        match &seen.sha256 {
            _ if seen.bytes != bytes => {
                Some(format!("{location} has {}, and {bytes} were sent", counted(seen.bytes, "byte")))
            }
            Some(other) if **other != *checksum => {
                Some(format!("{location} has the SHA-256 {other}, and {checksum} was sent"))
            }
            Some(_) => None,
            None => Some(format!("S3 has no SHA-256 of {location} to compare with what was sent")),
        }
    }

    /// The refusal of a label that another bundle has.
    #[must_use]
    pub fn label_is_taken(&self, known: &ApplicationVersion) -> Refusal {
        let status = known.status.as_ref().map(|status| format!(" ({})", status.as_str())).unwrap_or_default();
        let made_of = match &known.source {
            Some(source) => format!("made of s3://{}/{}", source.bucket, source.key),
            None => "made of another bundle".to_owned(),
        };
        let (application, label) = (&known.application, &self.label);
        let why = format!(
            "the application {application} already has a version {label}{status}, {made_of}: give this one another label"
        );
        Refusal::Unsuitable { why: why.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObjectLocation;

    /// The SHA-256 of `abc` (FIPS 180-4, appendix).
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const ABC_BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    fn version() -> NewVersion {
        let file = BundleFile { path: "/tmp/my app.zip".into(), bytes: 3, sha256: ABC.into() };
        NewVersion::new("shop", "v7", "elasticbeanstalk-eu-west-1-1", file)
    }

    #[test]
    fn a_bundle_is_put_under_its_label_and_checksum_and_made_a_version() {
        let commands: Vec<_> = [NewVersion::storage_location(), version().upload(), version().creation("shop")]
            .iter()
            .map(|call| {
                call.check().unwrap();
                call.command(&[])
            })
            .collect();
        assert_eq!(
            commands,
            [
                "aws elasticbeanstalk create-storage-location".to_owned(),
                format!(
                    "aws s3api put-object --bucket elasticbeanstalk-eu-west-1-1 --key shop/v7-ba7816bf8f01.zip --body \
                     '/tmp/my app.zip' --content-type application/zip --checksum-sha256 {ABC_BASE64}"
                ),
                "aws elasticbeanstalk create-application-version --application-name shop --version-label v7 \
                 --source-bundle S3Bucket=elasticbeanstalk-eu-west-1-1,S3Key=shop/v7-ba7816bf8f01.zip --process"
                    .to_owned(),
            ]
        );
        assert_eq!(NewVersion::bucket_in("eu-west-1", "1"), "elasticbeanstalk-eu-west-1-1");
    }

    #[test]
    fn an_object_is_what_was_sent_only_if_size_and_checksum_say_so() {
        let seen =
            |bytes, sha256: Option<&str>| version().difference(&SeenObject { bytes, sha256: sha256.map(Into::into) });
        assert_eq!(seen(3, Some(ABC_BASE64)), None);
        for (bytes, sha256, words) in [
            (2, Some(ABC_BASE64), "has 2 bytes, and 3 were sent"),
            (3, Some("AAAA"), "has the SHA-256 AAAA, and ungWv48B"),
            (3, None, "S3 has no SHA-256 of s3://elasticbeanstalk-eu-west-1-1/shop/v7-ba7816bf8f01.zip"),
        ] {
            let difference = seen(bytes, sha256).unwrap();
            assert!(difference.contains(words), "{difference}");
        }
    }

    #[test]
    fn only_the_same_bundle_under_the_same_label_is_the_same_version() {
        let of = |label: &str, key: Option<&str>| ApplicationVersion {
            application: "shop".into(),
            label: label.into(),
            created: None,
            status: Some(crate::model::VersionStatus::Processed),
            description: None,
            source: key.map(|key| ObjectLocation { bucket: "b".into(), key: key.into() }),
        };
        let own = "shop/v7-ba7816bf8f01.zip";
        assert!(version().is_made_of(&of("v7", Some(own))));
        for (label, key) in [("v6", Some(own)), ("v7", Some("shop/v7-000000000000.zip")), ("v7", None)] {
            assert!(!version().is_made_of(&of(label, key)), "{label} {key:?}");
        }
        let taken = version().label_is_taken(&of("v7", Some("other.zip"))).to_string();
        assert_eq!(
            taken,
            "the application shop already has a version v7 (PROCESSED), made of s3://b/other.zip: give this one another \
             label"
        );
    }
}
