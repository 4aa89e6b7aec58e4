//! Where S3 is, and as whom it is spoken to.

use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use http::Uri;

use super::endpoint;
use super::server_clock::ServerClock;

/// What a session needs for S3, beside its HTTP client.
#[derive(Clone, Debug)]
pub(super) struct Storage {
    /// An endpoint that is configured, with a password that it may hold.
    endpoint: Option<String>,
    pub(super) credentials: Option<SharedCredentialsProvider>,
    pub(super) server_clock: ServerClock,
}

/// Where the objects of a bucket are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Scheme and host, without a slash at the end.
    pub origin: String,
    /// What comes before the key's slash.
    pub path: String,
}

/// Beginnings of the names of regions outside of the usual partition, with what their hosts end in (the SDK's partition
/// data).
const SUFFIXES: &[(&str, &str)] = &[
    ("cn-", "amazonaws.com.cn"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-iso-", "c2s.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
    ("eusc-", "amazonaws.eu"),
];

impl Storage {
    pub(super) fn new(config: &SdkConfig, server_clock: ServerClock) -> Self {
        let endpoint = endpoint::configured(config, "S3");
        Self { endpoint, credentials: config.credentials_provider(), server_clock }
    }

    /// Where the objects of a bucket are.
    pub(super) fn origin(&self, region: &str, bucket: &str) -> Origin {
        let known = self.endpoint.as_deref().and_then(|url| url.parse::<Uri>().ok());
        let Some((authority, known)) = known.as_ref().and_then(|uri| Some((uri.authority()?, uri))) else {
            let suffix = SUFFIXES.iter().find(|(beginning, _)| region.starts_with(beginning));
            let suffix = suffix.map_or("amazonaws.com", |(_, suffix)| suffix);
            return Origin { origin: format!("https://{bucket}.s3.{region}.{suffix}"), path: String::new() };
        };
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        let origin = format!("{}://{host}", known.scheme_str().unwrap_or("https"));
        Origin { origin, path: format!("{}/{bucket}", known.path().trim_end_matches('/')) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_is_in_the_host_at_aws_and_in_the_path_elsewhere() {
        for (endpoint, region, origin, path) in [
            (None, "eu-west-1", "https://b.s3.eu-west-1.amazonaws.com", ""),
            (None, "cn-north-1", "https://b.s3.cn-north-1.amazonaws.com.cn", ""),
            (None, "us-isob-east-1", "https://b.s3.us-isob-east-1.sc2s.sgov.gov", ""),
            (Some("http://127.0.0.1:4599"), "eu-west-1", "http://127.0.0.1:4599", "/b"),
            (Some("http://me:secret@localhost:80/aws/"), "eu-west-1", "http://localhost:80", "/aws/b"),
        ] {
            let storage = Storage {
                endpoint: endpoint.map(str::to_owned),
                credentials: None,
                server_clock: ServerClock::of_its_own(),
            };
            let expected = Origin { origin: origin.to_owned(), path: path.to_owned() };
            assert_eq!(storage.origin(region, "b"), expected);
        }
    }
}
