//! A session: the clients for one scope, cheap to clone.
//!
//! A session never changes. When credentials come back after they had expired, a new one is opened with the next
//! generation, and what the older one still brings is dropped by its number.

use std::path::PathBuf;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::clients::Clients;
use super::http;
use super::limit::limited;
use super::open_fault::OpenFault;
use super::s3_endpoint::Storage;
use super::server_clock::ServerClock;
use crate::model::{ScopeId, masked_url};

/// The options of a session: region, profile, endpoint and HTTP client.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// The scope that everything read is filed under.
    pub scope: ScopeId,
    /// 0 for the first session of a scope, one more for each that follows.
    pub generation: u64,
    /// A profile that was requested by name: then keys in the environment do not count, as with the AWS CLI's
    /// `--profile`. `None` is the default chain, `AWS_PROFILE` included.
    pub profile: Option<String>,
    /// A region instead of the configured one.
    pub region: Option<String>,
    /// An endpoint for all services, instead of AWS's own and of any that is configured.
    pub endpoint_url: Option<String>,
    /// Certificates to trust instead of the system's (`AWS_CA_BUNDLE`, which the SDK does not read).
    pub ca_bundle: Option<PathBuf>,
    /// The machine's clock; the system's if there is none.
    pub time_source: Option<SharedTimeSource>,
    /// What learns AWS's time from the answers.
    pub server_clock: ServerClock,
    /// What carries the requests; one of our own if there is none. The simulated region in process comes in here.
    pub http_client: Option<SharedHttpClient>,
    /// Whether the far side is simulated: then neither profiles nor environment are looked at, and the credentials
    /// are made up.
    pub simulated: bool,
}

/// The clients for one scope.
#[derive(Clone, Debug)]
pub struct Session {
    /// What its answers are filed under.
    pub scope: ScopeId,
    /// Which of the scope's sessions this is.
    pub generation: u64,
    /// The region that it talks to.
    pub region: Option<Arc<str>>,
    /// The endpoint that it talks to, if it is not AWS's own, without a password that it may hold.
    pub endpoint: Option<Arc<str>>,
    pub(super) clients: Arc<Clients>,
    /// The clock of this machine, by which requests are signed.
    pub(super) time_source: SharedTimeSource,
    /// The HTTP client, for requests that are no service's operation: a file behind a URL.
    pub(super) http: Option<SharedHttpClient>,
    /// Where S3 is, and as whom it is spoken to.
    pub(super) storage: Storage,
}

impl Session {
    /// A session with the simulated region: made-up credentials, nothing of the user's.
    #[must_use]
    pub fn simulated(
        http_client: SharedHttpClient,
        (time_source, server_clock): (SharedTimeSource, ServerClock),
        region: &str,
        scope: ScopeId,
        generation: u64,
    ) -> Self {
        let config = simulated_config(http_client, Some(time_source), region, None);
        Self::new(&config, server_clock, scope, generation)
    }

    pub(super) fn new(config: &SdkConfig, server_clock: ServerClock, scope: ScopeId, generation: u64) -> Self {
        let config = match config.http_client() {
            Some(client) => config.to_builder().http_client(limited(client)).build(),
            None => config.clone(),
        };
        Self {
            scope,
            generation,
            region: config.region().map(|region| region.as_ref().into()),
            endpoint: config.endpoint_url().map(|url| masked_url(url).into()),
            http: config.http_client(),
            time_source: config.time_source().unwrap_or_default(),
            storage: Storage::new(&config, server_clock),
            clients: Arc::new(Clients::new(&config, server_clock)),
        }
    }
}

/// Returns a configuration built by hand, for a simulated region.
pub(super) fn simulated_config(
    http_client: SharedHttpClient,
    time_source: Option<SharedTimeSource>,
    region: &str,
    endpoint_url: Option<String>,
) -> SdkConfig {
    let credentials = Credentials::new("AKIASIMULATEDREGION0", "simulated", None, None, "simulated");
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(time_source.unwrap_or_default())
        .http_client(http_client);
    if let Some(url) = endpoint_url {
        config = config.endpoint_url(url);
    }
    config.build()
}

/// Returns the client that was passed, or a new one.
pub(super) async fn http_client(options: &SessionOptions) -> Result<SharedHttpClient, OpenFault> {
    match options.http_client.clone() {
        Some(client) => Ok(client),
        None => http::client(options.ca_bundle.as_deref()).await,
    }
}
