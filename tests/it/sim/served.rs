//! The region behind a socket: bytes in, bytes out, and connections that break. Real sockets, so on the real clock.

use super::query;
use beanpole::sim::{Faults, Scenario, TransportFault, Unreachable, Window, World, serve};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a client of the given world reads until the connection ends.
async fn exchange(world: World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve::serve(listener, world, std::future::pending()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = query("sts", "Action=GetCallerIdentity&Version=2011-06-15");
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: {}\r\nContent-Length: {}\r\n\r\n",
        request.header("authorization").unwrap(),
        request.body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&request.body).await.unwrap();
    let mut answer = Vec::new();
    // The end of the connection, however it comes about, is what is waited for.
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.unwrap();
    server.abort();
    String::from_utf8(answer).unwrap()
}

fn world(faults: Faults) -> World {
    let world = World::new(Scenario::embedded("healthy").unwrap_or_else(|error| panic!("{error}")), || {
        jiff::Timestamp::from_second(super::START).unwrap()
    });
    world.set_faults(faults);
    world
}

fn unreachable(how: TransportFault) -> Faults {
    Faults { unreachable: vec![Unreachable { service: None, during: Window::default(), how }], ..Faults::none() }
}

#[tokio::test]
async fn a_request_over_a_socket_is_answered() {
    let answer = exchange(world(Faults::none())).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("date: Mon, 23 Nov 2026 14:00:00 GMT\r\n"), "the world's own clock: {answer}");
    assert!(answer.contains("x-amzn-requestid: "), "{answer}");
    assert!(answer.ends_with("</GetCallerIdentityResponse>"), "{answer}");
}

#[tokio::test]
async fn an_answer_that_is_cut_short_ends_in_the_middle_of_the_body() {
    let answer = exchange(world(unreachable(TransportFault::CutShort))).await;
    assert!(answer.contains("<GetCallerIdentityResult>"), "{answer}");
    assert!(!answer.contains("</GetCallerIdentityResponse>"), "{answer}");
}

#[tokio::test]
async fn a_refused_connection_is_closed_without_an_answer() {
    assert_eq!(exchange(world(unreachable(TransportFault::ConnectionRefused))).await, "");
}

#[tokio::test]
async fn serving_ends_when_it_is_reported_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    serve::serve(listener, world(Faults::none()), std::future::ready(())).await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
