//! Opens a session: configuration, then region, then credentials, each with a fault of its own.
//!
//! Credentials are resolved here once, alone and with a minute of time, since a login may have to be refreshed or a key
//! to be touched; the first calls then use them as they are.

use std::io::ErrorKind;
use std::sync::Arc;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileRegionProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::caught::caught;
use super::credentials::{CREDENTIALS_TIMEOUT, chain, resolve};
use super::kept::kept;
use super::open_fault::OpenFault;
use super::profiles::{loaded, names, profile_files};
use super::server_clock::Corrected;
use super::session::{Session, SessionOptions, http_client, simulated_config};
use super::{convert, endpoint, files, regions};
use crate::model::{Fault, FaultKind, Moment, api_reads};

/// An open session, and what the configuration turned out to be.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// The profile that was taken, from `--profile`, `AWS_PROFILE` or `default`; `None` if the files name none.
    pub profile: Option<Arc<str>>,
    /// When the credentials end, if they do.
    pub expires_at: Option<Moment>,
}

/// Opens a session: configuration first, then credentials separately, so that failures can be distinguished. No request
/// is sent to the services; that the credentials are accepted shows with the first call.
///
/// # Errors
/// When there is no profile of that name, no region, no usable CA bundle or no credentials.
pub async fn open_session(options: SessionOptions) -> Result<Opened, OpenFault> {
    caught(Box::pin(open_uncaught(options))).await.unwrap_or_else(|panic| {
        Err(OpenFault::Other(format!(
            "beanpole failed while it opened a session: {panic}; this is a bug, please report it"
        )))
    })
}

async fn open_uncaught(options: SessionOptions) -> Result<Opened, OpenFault> {
    check(&options)?;
    let http = http_client(&options).await?;
    if options.simulated {
        return Ok(simulated(options, http));
    }
    check_files()?;
    let profiles = loaded().await.map_err(OpenFault::Profiles)?;
    let profile = selected(&profiles, options.profile.as_deref())?;
    let config = configuration(&options, http, &profiles, profile.as_deref()).await;
    if config.region().is_none() {
        return Err(OpenFault::NoRegion { profile });
    }
    endpoint::check(&config)?;
    let credentials = resolve(&config, &profiles, profile.as_deref()).await.map_err(no_credentials)?;
    let expires_at = credentials.expiry().and_then(|expiry| convert::moment(Some(&expiry.into())));
    let config = kept(config, credentials, options.server_clock);
    let session = Session::new(&config, options.server_clock, options.scope, options.generation);
    Ok(Opened { session, profile: profile.map(Into::into), expires_at })
}

/// Checks what is known without reading any file.
fn check(options: &SessionOptions) -> Result<(), OpenFault> {
    if let Some(region) = options.region.as_deref().filter(|region| !regions::is_region_name(region)) {
        return Err(OpenFault::BadRegion(region.to_owned()));
    }
    match options.endpoint_url.as_deref() {
        Some(url) if !endpoint::is_endpoint(url) => {
            Err(OpenFault::BadEndpoint { origin: "endpoint_url".to_owned(), url: url.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Checks the files: the SDK would read a device without end. A pipe is read with a time limit; other problems with
/// a file are reported by the SDK itself.
fn check_files() -> Result<(), OpenFault> {
    for path in profile_files().into_iter().filter(|path| !files::is_pipe(path)) {
        match files::read_regular(&path, files::MOST_OF_SETTINGS) {
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::FileTooLarge) => {
                return Err(OpenFault::Profiles(format!("{}: {error}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

fn simulated(options: SessionOptions, http: SharedHttpClient) -> Opened {
    let region = options.region.as_deref().unwrap_or("eu-west-1");
    let config = simulated_config(http, options.time_source, region, options.endpoint_url);
    let session = Session::new(&config, options.server_clock, options.scope, options.generation);
    Opened { session, profile: None, expires_at: None }
}

/// Returns the selected profile, which must exist if it was requested by name. Without any file there is none.
fn selected(profiles: &ProfileSet, asked: Option<&str>) -> Result<Option<String>, OpenFault> {
    let name = asked.unwrap_or_else(|| profiles.selected_profile());
    if profiles.get_profile(name).is_some() {
        return Ok(Some(name.to_owned()));
    }
    if asked.is_none() && name == "default" {
        return Ok(None);
    }
    Err(OpenFault::UnknownProfile { name: name.to_owned(), known: names(profiles) })
}

async fn configuration(
    options: &SessionOptions,
    http: SharedHttpClient,
    profiles: &ProfileSet,
    profile: Option<&str>,
) -> SdkConfig {
    let version = BehaviorVersion::v2026_01_12();
    let mut loader = aws_config::defaults(version).http_client(http.clone());
    let provider = ProviderConfig::without_region()
        .with_behavior_version(Some(version))
        .with_retry_config(RetryConfig::standard())
        .with_http_client(http.clone())
        .with_time_source(corrected(options));
    if let Some(time_source) = options.time_source.clone() {
        loader = loader.time_source(time_source);
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(name) = profile {
        loader = loader.profile_name(name);
    }
    let region = match &options.region {
        Some(region) => Some(Region::new(region.clone())),
        None => region(&provider, profile).await,
    };
    let sts = role_config(options, http, region.clone());
    let provider = provider.with_region(region.clone());
    let credentials = chain(&provider, profiles, profile, (options.profile.is_some(), &sts));
    let identities = IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build();
    loader.region(region).credentials_provider(credentials).identity_cache(identities).load().await
}

/// Returns the time source for the credentials: a login's age is measured by AWS's clock.
fn corrected(options: &SessionOptions) -> SharedTimeSource {
    let local = options.time_source.clone().unwrap_or_default();
    SharedTimeSource::new(Corrected { local, server: options.server_clock })
}

/// What a role is assumed over.
fn role_config(options: &SessionOptions, http: SharedHttpClient, region: Option<Region>) -> SdkConfig {
    let mut builder = SdkConfig::builder();
    builder.set_region(region);
    builder
        .behavior_version(BehaviorVersion::v2026_01_12())
        .retry_config(RetryConfig::standard())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(corrected(options))
        .http_client(http)
        .build()
}

/// The region of the environment, the profile or the instance, in this order, as for the AWS CLI.
async fn region(provider: &ProviderConfig, profile: Option<&str>) -> Option<Region> {
    let of_profile = ProfileFileRegionProvider::builder().configure(provider);
    let of_profile = profile.into_iter().fold(of_profile, |builder, name| builder.profile_name(name));
    RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(of_profile.build())
        .or_else(ImdsRegionProvider::builder().configure(provider).build())
        .region()
        .await
}

fn no_credentials((kind, message): (FaultKind, String)) -> OpenFault {
    OpenFault::Credentials(Arc::new(Fault {
        kind,
        service: api_reads::GET_CALLER_IDENTITY.service,
        operation: api_reads::GET_CALLER_IDENTITY.operation,
        code: None,
        message: message.into(),
        details: None,
        request_id: None,
    }))
}
