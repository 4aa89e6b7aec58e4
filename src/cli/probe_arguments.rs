//! What `probe` takes on the command line.

use std::time::Duration;

use clap::Args;

use super::since::span;
use crate::probe::{
    ConnectTo, FallbackChoice, FallbackProtocol, MOST_REQUESTS, Marker, ProbeOptions, parse_connect_to, parse_host,
    parse_origin, parse_path,
};

/// What `probe` takes.
#[derive(Debug, Args)]
pub struct ProbeArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// The path that is requested
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = parse_path)]
    pub path: String,
    /// The path of the WebSocket [default: the usual ones are tried]
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    pub websocket: Option<String>,
    /// The fallback that clients of the WebSocket use
    #[arg(long, value_name = "NAME", default_value = "auto", value_enum)]
    pub fallback: FallbackName,
    /// How many requests are sent with the newest cookie, and without one, 0 to 240; about four a second
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=i64::from(MOST_REQUESTS)))]
    pub requests: u16,
    /// What distinguishes one target from another in an answer: header:NAME, or body:REGEX
    #[arg(long, value_name = "WHERE", value_parser = Marker::parse)]
    pub marker: Option<Marker>,
    /// Hold a quiet WebSocket for so long, to see whether and by whom it is cut
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub idle: Option<Duration>,
    /// The host name to ask for, in place of the environment's CNAME
    #[arg(long, value_name = "NAME", value_parser = parse_host)]
    pub host: Option<String>,
    /// Where to connect to, in place of what DNS says: a host or an address, with :PORT if it is another; http:// or https://
    /// in front chooses the listener
    #[arg(long, value_name = "ADDR", value_parser = parse_connect_to)]
    pub connect_to: Option<ConnectTo>,
    /// Ask as a page of this origin does: http:// or https:// and a host name
    #[arg(long, value_name = "URL", value_parser = parse_origin)]
    pub origin: Option<String>,
}

impl ProbeArguments {
    /// Returns what is asked of the probe.
    pub fn options(&self) -> ProbeOptions {
        ProbeOptions {
            path: self.path.clone(),
            websocket: self.websocket.clone(),
            fallback: self.fallback.choice(),
            requests: self.requests,
            marker: self.marker.clone(),
            idle: self.idle,
            host: self.host.clone(),
            connect_to: self.connect_to.clone(),
            origin: self.origin.clone(),
        }
    }
}

/// The fallbacks by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lower")]
pub enum FallbackName {
    /// Whichever there is.
    Auto,
    /// Polling of Socket.IO.
    SocketIo,
    /// Polling of sockjs.
    SockJs,
}

impl FallbackName {
    /// Returns what it means to the probe.
    pub fn choice(self) -> FallbackChoice {
        match self {
            Self::Auto => FallbackChoice::Auto,
            Self::SocketIo => FallbackChoice::Only(FallbackProtocol::SocketIo),
            Self::SockJs => FallbackChoice::Only(FallbackProtocol::SockJs),
        }
    }
}
