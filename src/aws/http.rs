//! The HTTP client of a session: one pool of connections and one trust store for all services and for logging in.
//!
//! The TLS provider is handed over explicitly, because with two in one program rustls fails at run time. The client is
//! wrapped so that the SDK's own validation, which builds a whole connector for every service's client and drops it
//! again, does nothing.

use std::path::Path;
use std::sync::Arc;

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::files::{MOST_OF_SETTINGS, read_regular};
use super::open_fault::OpenFault;
use super::pem;

/// Returns a client that trusts the system's certificates, or the bundle's instead.
pub(super) async fn client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, OpenFault> {
    let tls = match ca_bundle {
        Some(path) => tried(path, context(bundle(path)?)?).await?,
        None => context(TrustStore::default())?,
    };
    let pool =
        Builder::new().build_with_connector_fn(move |settings, components| connector(&tls, settings, components));
    Ok(http_client_fn(move |settings, components| pool.http_connector(settings, components)))
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

/// A client for looking at a load balancer as its own clients see it: it connects to the host of the URI, while the `Host`
/// header is the name that the certificate has to be good for and that the request asks for. No proxy, no session's trust:
/// neither is between a client and the load balancer. Each request has a connection of its own.
pub(super) fn outside() -> Result<SharedHttpClient, OpenFault> {
    let tls = context(TrustStore::default())?;
    Ok(http_client_fn(move |settings, components| {
        let (settings, sleep) = (settings.clone(), components.sleep_impl());
        SharedHttpConnector::new(Outside { tls: tls.clone(), settings, sleep })
    }))
}

/// Connects by the URI, and asks by the `Host` header.
#[derive(Debug)]
struct Outside {
    tls: TlsContext,
    settings: HttpConnectorSettings,
    sleep: Option<SharedAsyncSleep>,
}

impl HttpConnector for Outside {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let host = request.headers().get("host").map(str::to_owned);
        let at: http::Uri = match request.uri().parse() {
            Ok(uri) => uri,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(error)))),
        };
        let address: Arc<str> = at.host().unwrap_or_default().into();
        let asked = format!("https://{}{}", host.as_deref().unwrap_or(&address), at.path());
        if let Err(error) = request.set_uri(asked) {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(error))));
        }
        let mut builder = Connector::builder()
            .tls_provider(Provider::rustls(CryptoMode::AwsLc))
            .tls_context(self.tls.clone())
            .connector_settings(self.settings.clone());
        builder.set_sleep_impl(self.sleep.clone());
        let connector = builder.build_with_resolver(At(address));
        HttpConnectorFuture::new(async move { connector.call(request).await })
    }
}

/// Knows one address for every name.
#[derive(Clone, Debug)]
struct At(Arc<str>);

impl ResolveDns for At {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((&*self.0, 443)).await.map_err(ResolveDnsError::new)?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The certificates of a bundle, which replace the system's as they do for the AWS CLI.
fn bundle(path: &Path) -> Result<TrustStore, OpenFault> {
    let fault = |what: String| OpenFault::CaBundle { path: path.to_owned(), what };
    let file = read_regular(path, MOST_OF_SETTINGS).map_err(|error| fault(error.to_string()))?;
    let certificates = pem::certificates(&file).map_err(|error| fault(error.to_string()))?;
    let trust = certificates.into_iter().fold(TrustStore::empty(), TrustStore::with_pem_certificate);
    Ok(trust)
}
