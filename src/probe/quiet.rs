//! How long a quiet WebSocket lives, and who cut it.
//!
//! Neither the load balancer nor nginx says goodbye: they close the connection. So a close frame is the application's,
//! and otherwise the time decides, as far as only one limit is near it.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::client::ProbeClient;
use super::frames::{Frame, Opcode};
use super::websocket::{Socket, WebsocketFailure, close, open};

/// nginx's `proxy_read_timeout`, unless it is configured otherwise.
pub const NGINX: Duration = Duration::from_secs(60);
/// How near a lifetime is to the limit that ended it.
const NEAR: Duration = Duration::from_secs(2);
/// What an application sends so soon after the handshake belongs to it.
const GREETING: Duration = Duration::from_secs(1);

/// What became of a quiet socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietReport {
    /// How long it was to live.
    pub watched: Duration,
    /// How long it was quiet at its end.
    pub quiet: Duration,
    /// How many times the application sent something meanwhile, which keeps it alive.
    pub heard: usize,
    /// How it ended; `None` if it lived.
    pub ending: Option<SocketEnding>,
}

/// How a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketEnding {
    /// By a close frame, with this code.
    Closed(Option<u16>),
    /// By the end of the connection.
    Cut,
}

/// Who ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutBy {
    /// The load balancer, at its idle timeout.
    LoadBalancer,
    /// nginx, at its read timeout.
    Nginx,
    /// One of the two, whose limits are too near to each other.
    Either,
    /// The application, by itself.
    Application,
    /// Something at a limit of its own.
    Unknown,
}

/// The limits that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuietLimits {
    /// The load balancer's idle timeout; `None` if it could not be read.
    pub load_balancer: Option<Duration>,
    /// nginx's read timeout; `None` if there is no nginx.
    pub nginx: Option<Duration>,
}

impl CutBy {
    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoadBalancer => "load_balancer",
            Self::Nginx => "nginx",
            Self::Either => "either",
            Self::Application => "application",
            Self::Unknown => "unknown",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::LoadBalancer => "the load balancer",
            Self::Nginx => "nginx on the instance",
            Self::Either => "the load balancer or nginx",
            Self::Application => "the application",
            Self::Unknown => "an unknown party",
        }
    }
}

impl QuietReport {
    /// Opens a socket at a path and stays quiet for so long.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn measure(
        client: &mut ProbeClient,
        (path, origin): (&str, &str),
        watched: Duration,
    ) -> Result<Self, WebsocketFailure> {
        let (_, mut socket) = open(client, path, origin).await?;
        let report = stay(&mut socket, path.contains("EIO="), watched).await;
        if report.ending.is_none() {
            close(&mut socket).await;
        }
        Ok(report)
    }

    /// Returns how long it lived: without anything being sent, if it was cut.
    #[must_use]
    pub fn lived(&self) -> Duration {
        if self.ending.is_some() { self.quiet } else { self.watched }
    }

    /// Returns who cut it; `None` if it lived.
    #[must_use]
    pub fn cut_by(&self, limits: QuietLimits) -> Option<CutBy> {
        let is_near = |limit: Option<Duration>| limit.is_some_and(|limit| limit.abs_diff(self.quiet) <= NEAR);
        Some(match self.ending? {
            SocketEnding::Closed(_) => CutBy::Application,
            SocketEnding::Cut => match (is_near(limits.load_balancer), is_near(limits.nginx)) {
                (true, false) => CutBy::LoadBalancer,
                (true, true) => CutBy::Either,
                // A load balancer whose limit is not known may have the same one.
                (false, true) if limits.load_balancer.is_some() => CutBy::Nginx,
                (false, _) => CutBy::Unknown,
            },
        })
    }
}

/// Sends nothing but what any client answers by itself: pongs, those of Engine.IO included.
async fn stay(socket: &mut Socket, is_engine: bool, watched: Duration) -> QuietReport {
    let began = Instant::now();
    let (mut last, mut heard) = (began, 0);
    loop {
        let ended = |ending| QuietReport { watched, quiet: last.elapsed(), heard, ending };
        let frame = match timeout_at(began + watched, Frame::read(socket)).await {
            Err(_) => return ended(None),
            Ok(Ok(None) | Err(_)) => return ended(Some(SocketEnding::Cut)),
            Ok(Ok(Some(frame))) if frame.opcode == Opcode::Close => {
                return ended(Some(SocketEnding::Closed(frame.close_code())));
            }
            Ok(Ok(Some(frame))) => frame,
        };
        last = Instant::now();
        heard += usize::from(began.elapsed() > GREETING);
        if let Some(answer) = answer(frame, is_engine) {
            // If it cannot be sent, the next read says so.
            let _ = answer.write(socket).await;
        }
    }
}

fn answer(frame: Frame, is_engine: bool) -> Option<Frame> {
    match frame {
        Frame { opcode: Opcode::Ping, payload } => Some(Frame { opcode: Opcode::Pong, payload }),
        Frame { opcode: Opcode::Text, payload } if is_engine && payload == b"2" => {
            Some(Frame { opcode: Opcode::Text, payload: b"3".to_vec() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_by(quiet: f64, ending: SocketEnding, load_balancer: Option<u64>, nginx: Option<u64>) -> Option<CutBy> {
        let seconds = |limit: Option<u64>| limit.map(Duration::from_secs);
        let (quiet, watched) = (Duration::from_secs_f64(quiet), Duration::from_secs(600));
        let report = QuietReport { watched, quiet, heard: 0, ending: Some(ending) };
        report.cut_by(QuietLimits { load_balancer: seconds(load_balancer), nginx: seconds(nginx) })
    }

    #[test]
    fn a_lifetime_near_exactly_one_limit_names_it() {
        let cut = |quiet, load_balancer, nginx| cut_by(quiet, SocketEnding::Cut, load_balancer, nginx).unwrap();
        assert_eq!(cut(60.3, Some(300), Some(60)), CutBy::Nginx);
        assert_eq!(cut(58.1, Some(60), Some(3600)), CutBy::LoadBalancer);
        assert_eq!(cut(61.9, Some(60), None), CutBy::LoadBalancer);
        assert_eq!(cut(62.1, Some(60), None), CutBy::Unknown);
        assert_eq!(cut(57.9, Some(60), None), CutBy::Unknown);
        assert_eq!(cut(60.0, Some(60), Some(60)), CutBy::Either);
        assert_eq!(cut(60.5, Some(61), Some(60)), CutBy::Either);
        assert_eq!(cut(5.0, Some(60), Some(60)), CutBy::Unknown);
        assert_eq!(cut(60.0, None, Some(60)), CutBy::Unknown);
        assert_eq!(cut(60.0, None, None), CutBy::Unknown);
    }

    #[test]
    fn a_close_frame_is_the_applications() {
        assert_eq!(cut_by(60.0, SocketEnding::Closed(Some(1000)), Some(60), Some(60)), Some(CutBy::Application));
        let alive = QuietReport { watched: NGINX, quiet: NGINX, heard: 0, ending: None };
        assert_eq!(alive.cut_by(QuietLimits::default()), None);
    }

    #[test]
    fn only_pings_are_answered() {
        let frame = |opcode, payload: &str| Frame { opcode, payload: payload.into() };
        assert_eq!(answer(frame(Opcode::Ping, "x"), false), Some(frame(Opcode::Pong, "x")));
        assert_eq!(answer(frame(Opcode::Text, "2"), true), Some(frame(Opcode::Text, "3")));
        assert_eq!(answer(frame(Opcode::Text, "2"), false), None);
        assert_eq!(answer(frame(Opcode::Text, "2x"), true), None);
    }
}
