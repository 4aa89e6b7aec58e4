//! A server that presents the certificate of an authority (`CA:TRUE`), which the bundle itself contains.
//!
//! OpenSSL, and by that the AWS CLI, accepts it; the SDK's TLS library refuses an authority as a server, and the SDK has no
//! way to tell it otherwise. So the SDK's own client is asked first, and where it refuses for this reason alone, a client
//! that accepts the bundle's own certificates sends the request: it was not sent before. Date and name must be right.
//! That client uses no proxy: where one is configured, the refusal stays.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// The words of the TLS library for an authority's certificate that a server presents.
const REFUSAL: &str = "CaUsedAsEndEntity";

/// The variables by which a proxy is configured.
const PROXIES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The certificates of a bundle, any of which a server may present itself.
#[derive(Clone)]
pub(super) struct PresentedAuthority {
    certificates: Arc<[CertificateDer<'static>]>,
    tls: Arc<OnceLock<Option<ClientConfig>>>,
}

impl PresentedAuthority {
    /// Of these certificates, each as PEM.
    pub fn new(certificates: &[Vec<u8>]) -> Self {
        let read = certificates.iter().filter_map(|pem| CertificateDer::from_pem_slice(pem).ok());
        Self { certificates: read.collect(), tls: Arc::default() }
    }

    /// Returns a connector that sends by the usual one, and by one of its own what that refuses for a certificate of the
    /// bundle.
    pub fn beside(&self, usual: SharedHttpConnector, connect_timeout: Option<Duration>) -> SharedHttpConnector {
        if PROXIES.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
            return usual;
        }
        let is_used = Arc::new(AtomicBool::new(false));
        SharedHttpConnector::new(Beside { usual, own: self.clone(), client: Arc::default(), connect_timeout, is_used })
    }

    /// The settings of TLS; `None` if no certificate of the bundle can be an anchor.
    fn tls(&self) -> Option<&ClientConfig> {
        self.tls.get_or_init(|| self.accepting().ok()).as_ref()
    }

    fn accepting(&self) -> Result<ClientConfig, Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.certificates.iter().cloned());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
        let usual = usual.map_err(|error| Error::General(error.to_string()))?;
        let verifier = Verifier { usual, accepted: Arc::clone(&self.certificates) };
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
    }
}

/// Verifies as usual, and accepts a certificate of the bundle that is refused for being an authority's and nothing else.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    accepted: Arc<[CertificateDer<'static>]>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.usual.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        // The dates are judged before this refusal (RFC 5280's order in webpki), the name after it.
        let is_authority = matches!(&verified, Err(error) if error.to_string().contains(REFUSAL));
        if is_authority && self.accepted.iter().any(|accepted| accepted == end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

type OwnClient = Client<HttpsConnector<TcpConnector>, SdkBody>;

/// Two connectors, of which the second is used once the first has refused an authority's certificate.
#[derive(Clone)]
struct Beside {
    usual: SharedHttpConnector,
    own: PresentedAuthority,
    client: Arc<OnceLock<Option<OwnClient>>>,
    connect_timeout: Option<Duration>,
    is_used: Arc<AtomicBool>,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside").field("usual", &self.usual).finish_non_exhaustive()
    }
}

impl HttpConnector for Beside {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move { this.send(request).await })
    }
}

impl Beside {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        if self.is_used.load(Ordering::Relaxed)
            && let Some(client) = self.client()
        {
            return send(client, request).await;
        }
        // A streamed body cannot be sent twice; nothing else is streamed before the region was read.
        let again = request.try_clone();
        let error = match self.usual.call(request).await {
            Err(error) if is_refusal(&error) => error,
            result => return result,
        };
        let (Some(again), Some(client)) = (again, self.client()) else { return Err(error) };
        let sent = send(client, again).await;
        if sent.is_ok() {
            self.is_used.store(true, Ordering::Relaxed);
        }
        sent
    }

    fn client(&self) -> Option<&OwnClient> {
        let made = || {
            let mut tcp = TcpConnector::new();
            tcp.enforce_http(false);
            tcp.set_connect_timeout(self.connect_timeout);
            let https = HttpsConnectorBuilder::new().with_tls_config(self.own.tls()?.clone());
            Some(Client::builder(TokioExecutor::new()).build(https.https_or_http().enable_http1().wrap_connector(tcp)))
        };
        self.client.get_or_init(made).as_ref()
    }
}

async fn send(client: &OwnClient, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let response = client.request(request).await.map_err(|error| ConnectorError::io(error.into()))?;
    let response = response.map(SdkBody::from_body_1_x);
    HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
}

/// Whether a server was refused for presenting an authority's certificate.
fn is_refusal(error: &ConnectorError) -> bool {
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    chain.into_iter().any(|error| error.to_string().contains(REFUSAL))
}
