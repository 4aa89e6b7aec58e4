//! Which credentials a session uses, and why there are none.
//!
//! The order is the SDK's own, with two differences, because a dashboard must never show another account than the one that
//! was named. A profile that was requested by name (`--profile`) goes before keys in the environment, as it does
//! for the AWS CLI. And a profile that exists but is broken is a fault; the SDK would continue with the instance's role.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::process::Process;
use super::profiles::{Login, login, process_chain};
use super::unanswered::{credentials_kind, credentials_message, credentials_words};
use crate::model::{FaultKind, api_reads, clean};

/// How long credentials may take: long enough for a browser or a key that must be touched.
pub(super) const CREDENTIALS_TIMEOUT: Duration = Duration::from_mins(1);

/// Returns the providers of credentials, in order.
///
/// `profile` is given only if the files contain it; `by_name`: the user requested it.
pub(super) fn chain(
    provider: &ProviderConfig,
    profiles: &ProfileSet,
    profile: Option<&str>,
    (by_name, sts): (bool, &SdkConfig),
) -> CredentialsProviderChain {
    let environment = EnvironmentVariableCredentialsProvider::new();
    let of_profile = |name: &str| match process_chain(profiles, name) {
        Some(chain) => OfProfile::Process(Process::new(chain, sts.clone())),
        None => {
            OfProfile::File(ProfileFileCredentialsProvider::builder().configure(provider).profile_name(name).build())
        }
    };
    let chain = match profile {
        Some(name) if by_name => CredentialsProviderChain::first_try("profile", of_profile(name)),
        Some(name) => {
            CredentialsProviderChain::first_try("environment", environment).or_else("profile", of_profile(name))
        }
        None => CredentialsProviderChain::first_try("environment", environment),
    };
    let chain = if by_name {
        chain
    } else {
        chain.or_else("web identity", WebIdentityTokenCredentialsProvider::builder().configure(provider).build())
    };
    chain
        .or_else("container", EcsCredentialsProvider::builder().configure(provider).build())
        .or_else("instance", OfInstance(ImdsCredentialsProvider::builder().configure(provider).build()))
}

/// The credentials of a profile. One that names no credentials at all leaves them to who comes next in the chain.
#[derive(Debug)]
enum OfProfile {
    /// From a program, by way of roles perhaps.
    Process(Process),
    /// From everything else that the SDK knows.
    File(ProfileFileCredentialsProvider),
}

impl OfProfile {
    async fn credentials(&self) -> provider::Result {
        let result = match self {
            Self::Process(process) => process.provide_credentials().await,
            Self::File(file) => file.provide_credentials().await,
        };
        match result {
            Err(error @ CredentialsError::CredentialsNotLoaded(_)) if error.source().is_some() => {
                Err(CredentialsError::invalid_configuration(credentials_words(&error)))
            }
            result => result,
        }
    }
}

impl ProvideCredentials for OfProfile {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

/// The credentials of the instance's role. It is the last provider, and most users for whom it fails are on no instance: so
/// its failure is reported with those of the others.
#[derive(Debug)]
struct OfInstance(ImdsCredentialsProvider);

impl OfInstance {
    async fn credentials(&self) -> provider::Result {
        let result = self.0.provide_credentials().await;
        result.map_err(|error| CredentialsError::not_loaded(credentials_words(&error)))
    }
}

impl ProvideCredentials for OfInstance {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt()
    }
}

/// Returns the credentials, or the kind of their fault and its message.
pub(super) async fn resolve(
    config: &SdkConfig,
    profiles: &ProfileSet,
    profile: Option<&str>,
) -> Result<Credentials, (FaultKind, String)> {
    let none = |words: &str| (FaultKind::Expired, words.to_owned());
    let Some(provider) = config.credentials_provider() else { return Err(none("none are configured")) };
    let began = tokio::time::Instant::now();
    let result = tokio::time::timeout(CREDENTIALS_TIMEOUT, provider.provide_credentials()).await;
    let ms = began.elapsed().as_millis() as u64;
    let (kind, words) = match result {
        Ok(Ok(credentials)) => {
            tracing::info!(ms, "credentials came");
            return Ok(credentials);
        }
        Ok(Err(error)) => (credentials_kind(&error), credentials_words(&error)),
        Err(_) => none(&format!("none came within {} s", CREDENTIALS_TIMEOUT.as_secs())),
    };
    tracing::info!(ms, fault = kind.as_str(), message = &*clean(&words), "credentials failed");
    let way = profile.and_then(|name| Some((name, login(profiles, name)?)));
    match way {
        Some((name, way)) if kind == FaultKind::Expired => Err((kind, format!("{words}; {}", hint(name, &way)))),
        _ => Err((kind, credentials_message(kind, api_reads::GET_CALLER_IDENTITY.operation, &words))),
    }
}

/// What would help with a profile that is logged in to.
fn hint(profile: &str, way: &Login<'_>) -> String {
    match way {
        Login::Mfa(name) => format!(
            "profile {name} wants a code from a device (mfa_serial), which cannot be asked for here: use a profile with \
             temporary credentials or with a credential_process"
        ),
        Login::Sso => format!("log in with: aws sso login --profile {profile}"),
        Login::Console => format!("log in with: aws login --profile {profile}"),
    }
}
