//! Requests over a pipe: how each kind of misbehaviour ends, and that nothing is sent faster than is promised. The clock
//! is paused, so that a timeout takes no time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant;

use crate::probe::client::ProbeRequest;
use crate::probe::*;

/// What a server does with a connection, once the request is there.
#[derive(Clone, Copy)]
enum Behaviour {
    Says(&'static str),
    Stalls,
    /// Answers so many requests, and stalls from then on.
    Tires(usize),
    Repeats(&'static str, &'static str),
    Drips(&'static str),
}

async fn serve(mut stream: DuplexStream, behaviour: Behaviour, requests: Arc<Mutex<Vec<(Instant, String)>>>) {
    let mut bytes = [0; 4096];
    let length = stream.read(&mut bytes).await.unwrap_or(0);
    let request = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push((Instant::now(), request));
        requests.len()
    };
    match behaviour {
        Behaviour::Says(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
        }
        Behaviour::Tires(after) if number <= after => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        }
        Behaviour::Stalls | Behaviour::Tires(_) => std::future::pending().await,
        Behaviour::Repeats(head, text) => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(text.as_bytes()).await.is_ok() {}
        }
        Behaviour::Drips(head) => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

struct Server {
    client: ProbeClient,
    requests: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Server {
    fn new(behaviour: Behaviour) -> Self {
        let requests = Arc::<Mutex<Vec<_>>>::default();
        let seen = Arc::clone(&requests);
        let dialer = Dialer::new(move |_| {
            let (near, far) = tokio::io::duplex(1024);
            tokio::spawn(serve(far, behaviour, Arc::clone(&seen)));
            Box::pin(std::future::ready(Ok(Connection { stream: Box::new(near), tls: None })))
        });
        let destination = Destination { address: "here".into(), port: 80, server_name: None };
        Self { client: ProbeClient::new(dialer, destination, "web.example.com".into()), requests }
    }

    async fn ask(&mut self) -> Result<ProbeAnswer, ExchangeError> {
        self.client.send(&ProbeRequest::get("/a?b=c"), None).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_what_it_should_be() {
    let mut server =
        Server::new(Behaviour::Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: AWSALB=1\r\n\r\nok"));
    let mut jar = CookieJar::default();
    for _ in 0..2 {
        let answer = server.client.send(&ProbeRequest::get("/a?b=c"), Some(&mut jar)).await.unwrap();
        assert_eq!((answer.status, &*answer.body, answer.end), (200, &b"ok"[..], BodyEnd::Whole));
    }
    let requests = server.requests.lock().unwrap();
    let [(_, first), (_, second)] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(first.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{first}");
    for line in ["host: web.example.com", "user-agent: beanpole-probe", "connection: close"] {
        assert!(first.to_ascii_lowercase().contains(&format!("{line}\r\n")), "{first}");
    }
    assert!(!first.contains("cookie") && second.contains("cookie: AWSALB=1\r\n"), "{first}{second}");
    assert_eq!(server.client.counts.statuses.get(&200), Some(&2));
    assert!(server.client.counts.cookies.contains("AWSALB"));
}

#[tokio::test(start_paused = true)]
async fn each_misbehaviour_ends_in_its_own_words() {
    let cases = [
        (Behaviour::Stalls, ExchangeError::NoAnswer(20)),
        (Behaviour::Says(""), ExchangeError::Closed),
        (Behaviour::Says("HTTP/1.1 200"), ExchangeError::Closed),
        (Behaviour::Drips("HTTP/1.1 200 OK\r\nX: "), ExchangeError::NoAnswer(20)),
        (
            Behaviour::Repeats("HTTP/1.1 200 OK\r\n", "X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
            ExchangeError::HeadTooLarge,
        ),
    ];
    for (behaviour, expected) in cases {
        assert_eq!(Server::new(behaviour).ask().await.err(), Some(expected));
    }
    for garbage in ["SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}", "HTTP/9.9 200 OK\r\n\r\n", "<html></html>\r\n\r\n"] {
        let error = Server::new(Behaviour::Says(garbage)).ask().await.unwrap_err();
        assert!(matches!(error, ExchangeError::NotHttp(_)), "{garbage}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_read_within_its_bounds() {
    let large = Behaviour::Repeats("HTTP/1.1 200 OK\r\n\r\n", "0123456789012345678901234567890123456789");
    let answer = Server::new(large).ask().await.unwrap();
    assert_eq!((answer.end, answer.body.len()), (BodyEnd::TooLarge, 256 << 10));
    let began = Instant::now();
    let answer = Server::new(Behaviour::Drips("HTTP/1.1 200 OK\r\n\r\n")).ask().await.unwrap();
    assert_eq!((answer.end, began.elapsed().as_secs()), (BodyEnd::Endless, 10));
    let answer = Server::new(Behaviour::Says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")).ask().await.unwrap();
    assert_eq!((answer.end, &*answer.body), (BodyEnd::Broken, &b"ok"[..]));
}

#[tokio::test(start_paused = true)]
async fn at_most_a_few_requests_are_sent_a_second() {
    let mut server = Server::new(Behaviour::Says("HTTP/1.1 204 No Content\r\n\r\n"));
    for _ in 0..21 {
        server.ask().await.unwrap();
    }
    let requests = server.requests.lock().unwrap();
    let times: Vec<_> = requests.iter().map(|(at, _)| *at).collect();
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(199), "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_request_without_an_answer_nothing_more_is_sent() {
    let server = Server::new(Behaviour::Stalls);
    let requests = Arc::clone(&server.requests);
    let seen = run(server.client.dialer(), &plan(10), |_, _| {}).await;
    assert_eq!(seen.first.err(), Some(ExchangeError::NoAnswer(20)));
    assert_eq!((requests.lock().unwrap().len(), seen.websocket), (1, None));
}

fn plan(requests: usize) -> ProbePlan {
    ProbePlan {
        destination: Destination { address: "here".into(), port: 80, server_name: None },
        host: "web.example.com".into(),
        authority: "web.example.com".into(),
        path: "/".into(),
        websocket: None,
        fallback: FallbackChoice::Auto,
        requests,
        marker: None,
        idle: None,
        origin: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_not_waited_for_forever() {
    for after in [1, 5, 30] {
        let server = Server::new(Behaviour::Tires(after));
        let began = Instant::now();
        let seen = run(server.client.dialer(), &plan(20), |_, _| {}).await;
        assert!(seen.first.is_ok());
        // Three timeouts in each part at most.
        let silent: usize = seen.counts.failures.values().sum();
        assert!((1..=8).contains(&silent), "{after}: {:?}", seen.counts);
        assert!(began.elapsed() < Duration::from_secs(200), "{after}: {:?}", began.elapsed());
    }
}
