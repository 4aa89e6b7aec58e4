//! TLS by rustls, with the certificate reported rather than insisted on: a probe that stops at a bad certificate could
//! not say what is behind it. No credentials are ever sent over such a connection.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, RootCertStore, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificate::PresentedCertificate;
use super::exchange_error::ExchangeError;
use super::tls_report::{CertificateProblem, TlsReport};

/// What a connection is secured with.
#[derive(Clone, Debug)]
pub struct TlsTrust {
    roots: Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl TlsTrust {
    /// Returns the certificates that this machine trusts. It reads files.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self { roots: Arc::new(roots), provider: Arc::new(aws_lc_rs::default_provider()) }
    }

    /// Does the handshake, for this name and for HTTP/1.1 alone: a WebSocket is opened by no other version.
    pub(super) async fn secure(
        &self,
        stream: TcpStream,
        name: &str,
    ) -> Result<(TlsStream<TcpStream>, TlsReport), ExchangeError> {
        let server = ServerName::try_from(name.to_owned())
            .map_err(|_| ExchangeError::Tls(format!("`{name}` is no host name")))?;
        let recorder = Arc::new(Recorder { trust: self.clone(), seen: Mutex::default() });
        let config = self.config(Arc::clone(&recorder)).map_err(|error| ExchangeError::Tls(error.to_string()))?;
        let stream =
            TlsConnector::from(Arc::new(config)).connect(server, stream).await.map_err(|error| failed(&error))?;
        let (_, session) = stream.get_ref();
        let seen = recorder.seen.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let alpn = session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        let report = TlsReport { version: session.protocol_version().map(version), alpn, ..seen };
        Ok((stream, report))
    }

    fn config(&self, verifier: Arc<Recorder>) -> Result<ClientConfig, Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// What is wrong with a certificate for this name.
    fn problems(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        (name, now): (&ServerName<'_>, UnixTime),
        is_self_signed: bool,
    ) -> Vec<CertificateProblem> {
        let parsed = match ParsedCertificate::try_from(end_entity) {
            Ok(parsed) => parsed,
            Err(error) => return vec![CertificateProblem::Other(error.to_string())],
        };
        let algorithms = self.provider.signature_verification_algorithms.all;
        let chain = verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms);
        let chain = chain.err().map(|error| problem(error, is_self_signed));
        let name = verify_server_name(&parsed, name).err().map(|_| CertificateProblem::WrongName);
        chain.into_iter().chain(name).collect()
    }
}

fn problem(error: Error, is_self_signed: bool) -> CertificateProblem {
    let Error::InvalidCertificate(error) = error else { return CertificateProblem::Other(error.to_string()) };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateProblem::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertificateProblem::NotYetValid,
        CertificateError::UnknownIssuer if is_self_signed => CertificateProblem::SelfSigned,
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        other => CertificateProblem::Other(other.to_string()),
    }
}

fn version(version: ProtocolVersion) -> String {
    version.as_str().map_or_else(|| format!("{version:?}"), |name| name.replace('_', "."))
}

/// rustls' own words, which are inside of an I/O error.
fn failed(error: &io::Error) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ExchangeError::Tls("the connection was closed".to_owned()),
        io::ErrorKind::ConnectionReset => ExchangeError::Tls("the connection was reset".to_owned()),
        _ => ExchangeError::Tls(error.to_string()),
    }
}

/// Accepts every certificate, and records what is wrong with it. The handshake's signatures are verified all the same.
#[derive(Debug)]
struct Recorder {
    trust: TlsTrust,
    seen: Mutex<Option<TlsReport>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let presented = PresentedCertificate::parse(end_entity);
        let problems = self.trust.problems(end_entity, intermediates, (name, now), presented.is_self_signed);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(TlsReport::new(presented, problems));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.trust.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.trust.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.provider.signature_verification_algorithms.supported_schemes()
    }
}
