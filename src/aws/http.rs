//! The HTTP client of a session: one pool of connections and one trust store for all services and for logging in.
//!
//! The TLS provider is handed over explicitly, because with two in one program rustls fails at run time. The client is
//! wrapped so that the SDK's own validation, which builds a whole connector for every service's client and drops it
//! again, does nothing.

use std::path::Path;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, http_client_fn};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::files::{MOST_OF_SETTINGS, read_regular};
use super::open_fault::OpenFault;
use super::pem;
use super::presented_authority::PresentedAuthority;

/// Returns a client that trusts the system's certificates, or the bundle's instead.
pub(super) async fn client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, OpenFault> {
    let Some(path) = ca_bundle else {
        let pool = pool(context(TrustStore::default())?);
        return Ok(http_client_fn(move |settings, components| pool.http_connector(settings, components)));
    };
    let certificates = bundle(path)?;
    let trust = certificates.iter().cloned().fold(TrustStore::empty(), TrustStore::with_pem_certificate);
    let pool = pool(tried(path, context(trust)?).await?);
    let presented = PresentedAuthority::new(&certificates);
    Ok(http_client_fn(move |settings, components| {
        presented.beside(pool.http_connector(settings, components), settings.connect_timeout())
    }))
}

fn pool(tls: TlsContext) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| connector(&tls, settings, components))
}

fn connector(
    tls: &TlsContext,
    settings: Option<&HttpConnectorSettings>,
    components: Option<&RuntimeComponents>,
) -> Connector {
    let mut builder = Connector::builder()
        .tls_provider(Provider::rustls(CryptoMode::AwsLc))
        .tls_context(tls.clone())
        .proxy_config(ProxyConfig::from_env());
    builder.set_connector_settings(settings.cloned());
    builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
    builder.build()
}

fn context(trust: TrustStore) -> Result<TlsContext, OpenFault> {
    TlsContext::builder().with_trust_store(trust).build().map_err(|error| OpenFault::Other(error.to_string()))
}

/// The bundle, once the TLS library has taken it: it panics on a certificate that it does not like, which must not
/// happen in the middle of a call.
async fn tried(path: &Path, tls: TlsContext) -> Result<TlsContext, OpenFault> {
    let trial = tls.clone();
    let built = tokio::task::spawn_blocking(move || drop(connector(&trial, None, None))).await;
    let what = || "the TLS library does not take one of its certificates".to_owned();
    built.map(|()| tls).map_err(|_| OpenFault::CaBundle { path: path.to_owned(), what: what() })
}

/// The certificates of a bundle, each as PEM, which replace the system's as they do for the AWS CLI.
fn bundle(path: &Path) -> Result<Vec<Vec<u8>>, OpenFault> {
    let fault = |what: String| OpenFault::CaBundle { path: path.to_owned(), what };
    let file = read_regular(path, MOST_OF_SETTINGS).map_err(|error| fault(error.to_string()))?;
    pem::certificates(&file).map_err(|error| fault(error.to_string()))
}
