//! The byte stream that a probe speaks over, and what gives it one: TCP and TLS in production, a pipe into the simulated
//! region in the demo and in tests.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use super::exchange_error::ExchangeError;
use super::tls_report::TlsReport;

/// Bytes both ways.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// An open connection.
pub struct Connection {
    /// The plain text side.
    pub stream: Box<dyn ByteStream>,
    /// What was seen of TLS; `None` over plain HTTP.
    pub tls: Option<TlsReport>,
}

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// A host name or an IP address.
    pub address: Arc<str>,
    /// The port.
    pub port: u16,
    /// The name for SNI, which the certificate has to cover; `None` for plain HTTP.
    pub server_name: Option<Arc<str>>,
}

/// A connection that is being opened.
pub type Dialing = Pin<Box<dyn Future<Output = Result<Connection, ExchangeError>> + Send>>;

/// Opens connections.
#[derive(Clone)]
pub struct Dialer(Arc<dyn Fn(Destination) -> Dialing + Send + Sync>);

impl Dialer {
    /// Returns a dialer that opens each connection by this function.
    #[must_use]
    pub fn new(dial: impl Fn(Destination) -> Dialing + Send + Sync + 'static) -> Self {
        Self(Arc::new(dial))
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// When there is none, with the reason as far as it is known.
    pub async fn dial(&self, destination: &Destination) -> Result<Connection, ExchangeError> {
        (self.0)(destination.clone()).await
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Dialer")
    }
}
