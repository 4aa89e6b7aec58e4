//! The world behind a socket: HTTP/1.1 for any AWS SDK, every service on one port.
//!
//! A refused connection cannot be played by a server that listens: it is closed without an answer instead.

use super::front;
use super::wire::{Request, TransportFault};
use super::world::World;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use tokio::net::{TcpListener, TcpStream};

/// The most that a request may hold; AWS takes less.
const MOST: usize = 8 << 20;
/// The most that an object may hold: more than Beanstalk takes as a bundle.
const MOST_OF_OBJECT: usize = 600 << 20;

/// A connection that ends before the answer does.
#[derive(Debug, thiserror::Error)]
#[error("the simulated network failed")]
struct Broken;

type Body = http_body_util::combinators::BoxBody<Bytes, Broken>;

/// Serves until `shutdown` is done; connections that are open then are dropped.
///
/// # Errors
/// When the listener cannot accept connections any more.
pub async fn serve(listener: TcpListener, world: World, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let mut connections = tokio::task::JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(connection(stream, world.clone())); }
                Err(error) if is_transient(&error) => {}
                Err(error) => return Err(error),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// A client that went away between connecting and being accepted is no reason to stop.
fn is_transient(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

async fn connection(stream: TcpStream, world: World) {
    let service = service_fn(move |request| answer_any(request, world.clone()));
    let server = hyper::server::conn::http1::Builder::new();
    let ended = server.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the simulated region ended");
    }
}

/// A request for the host of a load balancer is one of its clients' own, on its listener for plain HTTP.
async fn answer_any(request: http::Request<Incoming>, world: World) -> Result<http::Response<Body>, Broken> {
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (name, port) = host.split_once(':').map_or((host, 80), |(name, port)| (name, port.parse().unwrap_or(80)));
    match world.arrive(name, port, None) {
        None => answer(request, world).await,
        Some(Ok(arrival)) => {
            let Ok(response) = front::client::answer(request, &world, &arrival).await;
            Ok(response.map(|body| body.map_err(|never: Infallible| match never {}).boxed()))
        }
        Some(Err(TransportFault::Timeout)) => std::future::pending().await,
        Some(Err(_)) => Err(Broken),
    }
}

async fn answer(request: http::Request<Incoming>, world: World) -> Result<http::Response<Body>, Broken> {
    let (head, body) = request.into_parts();
    let most = if head.method == http::Method::PUT { MOST_OF_OBJECT } else { MOST };
    let body = Limited::new(body, most).collect().await.map_err(|_| Broken)?.to_bytes();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let response = world.answer(&Request {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.to_vec(),
    });
    tokio::time::sleep(response.delay).await;
    let body = match response.fault {
        None => whole(response.body),
        Some(TransportFault::CutShort) => half(&response.body),
        Some(TransportFault::ConnectionRefused | TransportFault::ConnectionReset) => return Err(Broken),
        Some(TransportFault::Timeout) => std::future::pending().await,
    };
    let mut converted = http::Response::new(body);
    *converted.status_mut() = StatusCode::from_u16(response.status).map_err(|_| Broken)?;
    for (name, value) in &response.headers {
        let name = HeaderName::try_from(name).map_err(|_| Broken)?;
        let value = HeaderValue::try_from(value).map_err(|_| Broken)?;
        converted.headers_mut().insert(name, value);
    }
    Ok(converted)
}

fn whole(body: Vec<u8>) -> Body {
    Full::new(Bytes::from(body)).map_err(|never: Infallible| match never {}).boxed()
}

/// The first half of a body, and then an error that closes the connection.
fn half(body: &[u8]) -> Body {
    let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
    let body = Full::new(half).map_err(|never: Infallible| match never {});
    body.with_trailers(std::future::ready(Some(Err(Broken)))).boxed()
}
