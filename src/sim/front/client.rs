//! Clients of the region's load balancers, over a byte stream: a pipe in the same process, or a socket.
//!
//! TLS is not spoken: over a pipe, the certificate that the listener would present is handed over beside the stream.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, sleep_until, timeout};

use super::visit::{Arrival, ClientRequest, OpenSocket, Visit};
use crate::sim::wire::TransportFault;
use crate::sim::wire::envelope::Written;
use crate::sim::world::World;

/// How much is on the way at once.
const PIPE: usize = 64 << 10;
/// The most that a request, or a frame, may hold.
const MOST: usize = 1 << 20;
/// How long a broken upgrade is waited for.
const UPGRADE: Duration = Duration::from_secs(10);

/// Opens a connection to a port of the load balancer of this name, for this name if over TLS. `None`: there is no such load
/// balancer.
#[must_use]
pub fn connect(
    world: &World,
    address: &str,
    port: u16,
    name: Option<&str>,
) -> Option<Result<(DuplexStream, Arrival), TransportFault>> {
    let arrival = match world.arrive(address, port, name)? {
        Ok(arrival) => arrival,
        Err(fault) => return Some(Err(fault)),
    };
    let (near, far) = tokio::io::duplex(PIPE);
    tokio::spawn(serve(far, world.clone(), arrival.clone()));
    Some(Ok((near, arrival)))
}

async fn serve(stream: DuplexStream, world: World, arrival: Arrival) {
    let service = service_fn(move |request| {
        let (world, arrival) = (world.clone(), arrival.clone());
        async move { answer(request, &world, &arrival).await }
    });
    let server = hyper::server::conn::http1::Builder::new();
    let ended = server.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to a simulated load balancer ended");
    }
}

/// Answers a request of a client.
pub(in crate::sim) async fn answer(
    mut request: Request<Incoming>,
    world: &World,
    arrival: &Arrival,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let asked = asked(&request, world);
    // What is sent means nothing to a simulated application.
    let _ = Limited::new(request.body_mut(), MOST).collect().await;
    Ok(match world.visit(arrival, &asked) {
        Visit::Answered(after, written) => {
            tokio::time::sleep(after).await;
            whole(written)
        }
        Visit::Switched(socket) => switched(request, &asked.websocket_key.unwrap_or_default(), socket),
    })
}

fn asked(request: &Request<Incoming>, world: &World) -> ClientRequest {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_upgrade = text("upgrade").is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"));
    ClientRequest {
        method: request.method().to_string(),
        path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        host: text("host").unwrap_or_default(),
        cookie: text("cookie").unwrap_or_default(),
        origin: text("origin"),
        websocket_key: text("sec-websocket-key").filter(|_| is_upgrade),
        number: world.next_request(),
    }
}

fn whole(written: Written) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(written.body)));
    *response.status_mut() = StatusCode::from_u16(written.status).unwrap_or(StatusCode::BAD_GATEWAY);
    append(response.headers_mut(), written.headers);
    response
}

fn append(headers: &mut HeaderMap, more: Vec<(&'static str, String)>) {
    for (name, value) in more {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.append(name, value);
        }
    }
}

/// Answers 101, and then speaks WebSocket.
fn switched(request: Request<Incoming>, key: &str, socket: OpenSocket) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let handshake = [
        ("upgrade", "websocket".to_owned()),
        ("connection", "upgrade".to_owned()),
        ("sec-websocket-accept", super::accept::accept(key)),
    ];
    append(response.headers_mut(), handshake.into());
    append(response.headers_mut(), socket.headers.clone());
    tokio::spawn(async move {
        if let Ok(Ok(stream)) = timeout(UPGRADE, hyper::upgrade::on(request)).await {
            // Whatever ends it, it is closed without a word, as a load balancer does.
            let _ = talk(TokioIo::new(stream), &socket).await;
        }
    });
    response
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, socket: &OpenSocket) -> io::Result<()> {
    if let Some(greeting) = &socket.greeting {
        send(&mut stream, 0x81, greeting.as_bytes()).await?;
    }
    let mut pings = socket.pings.map(|every| Instant::now() + every);
    loop {
        let cut = Instant::now() + socket.quiet;
        let next = pings.filter(|next| *next < cut);
        tokio::select! {
            frame = receive(&mut stream) => match frame? {
                (0x9, payload) => send(&mut stream, 0x8a, &payload).await?,
                (0x8, payload) => return send(&mut stream, 0x88, &payload).await,
                (0x1, payload) if socket.pings.is_none() => send(&mut stream, 0x81, &payload).await?,
                _ => {}
            },
            () = sleep_until(next.unwrap_or(cut)) => match (next, socket.pings) {
                (Some(next), Some(every)) => {
                    send(&mut stream, 0x81, b"2").await?;
                    pings = Some(next + every);
                }
                _ => return Ok(()),
            },
        }
    }
}

/// Reads a frame, which a client has masked: its opcode and its payload.
async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    let (first, second) = (stream.read_u8().await?, stream.read_u8().await?);
    let length = match second & 0x7f {
        126 => usize::from(stream.read_u16().await?),
        127 => usize::try_from(stream.read_u64().await?).unwrap_or(usize::MAX),
        short => usize::from(short),
    };
    if second & 0x80 == 0 || length > MOST {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).await?;
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await?;
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Ok((first & 0x0f, payload))
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), first: u8, payload: &[u8]) -> io::Result<()> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(short as u8),
        length => {
            bytes.push(126);
            bytes.extend((length.min(usize::from(u16::MAX)) as u16).to_be_bytes());
        }
    }
    bytes.extend(payload.iter().take(usize::from(u16::MAX)));
    stream.write_all(&bytes).await?;
    stream.flush().await
}
