//! Connections over the network: TCP, and TLS where there is a name for it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::exchange_error::ExchangeError;
use super::stream::{Connection, Destination, Dialer};
use super::tls::TlsTrust;

/// How long opening a TCP connection may take, the name's resolution included.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Returns a dialer over the network, which trusts what this machine trusts: that is read with the first connection that
/// needs it.
#[must_use]
pub fn over_network() -> Dialer {
    let trust = Arc::new(OnceCell::new());
    Dialer::new(move |destination| Box::pin(dial(destination, Arc::clone(&trust))))
}

async fn dial(destination: Destination, trust: Arc<OnceCell<TlsTrust>>) -> Result<Connection, ExchangeError> {
    let Destination { address, port, server_name } = destination;
    let connecting = timeout(CONNECT, connect(&address, port)).await;
    let stream = connecting.map_err(|_| ExchangeError::ConnectTimeout(CONNECT.as_secs()))??;
    // A frame is sent as it is written.
    let _ = stream.set_nodelay(true);
    let Some(name) = server_name else { return Ok(Connection { stream: Box::new(stream), tls: None }) };
    let trust = trust.get_or_try_init(|| spawn_blocking(TlsTrust::of_this_machine)).await;
    let trust = trust.map_err(|error| ExchangeError::Other(error.to_string()))?;
    let securing = timeout(HANDSHAKE, trust.secure(stream, &name)).await;
    let (stream, report) = securing.map_err(|_| ExchangeError::TlsTimeout(HANDSHAKE.as_secs()))??;
    Ok(Connection { stream: Box::new(stream), tls: Some(report) })
}

/// Connects to the first address that answers.
async fn connect(address: &str, port: u16) -> Result<TcpStream, ExchangeError> {
    let name = |reason: String| ExchangeError::Name { name: address.to_owned(), reason };
    let found = lookup_host((address, port)).await.map_err(|error| name(error.to_string()))?;
    let mut last = None;
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| name("no address".to_owned()), |error| unreached(&error)))
}

fn unreached(error: &io::Error) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ExchangeError::Refused,
        io::ErrorKind::TimedOut => ExchangeError::ConnectTimeout(CONNECT.as_secs()),
        _ => ExchangeError::Network(error.to_string()),
    }
}
