//! What `probe` takes on the command line.

use std::time::Duration;

use clap::Args;

use super::since::span;
use crate::probe::{FallbackChoice, FallbackProtocol, Marker};

/// The most requests of a round: four a second, for at most a minute.
const MOST_REQUESTS: i64 = 240;

/// What `probe` takes.
#[derive(Debug, Args)]
pub struct ProbeArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// The path that is requested
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = path)]
    pub path: String,
    /// The path of the WebSocket [default: the usual ones are tried]
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub websocket: Option<String>,
    /// The fallback that clients of the WebSocket use
    #[arg(long, value_name = "NAME", default_value = "auto", value_enum)]
    pub fallback: FallbackName,
    /// How many requests are sent with the newest cookie, and without one, 0 to 240; four a second at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=MOST_REQUESTS))]
    pub requests: u16,
    /// What distinguishes one target from another in an answer: header:NAME, or body:REGEX
    #[arg(long, value_name = "WHERE", value_parser = Marker::parse)]
    pub marker: Option<Marker>,
    /// Hold a quiet WebSocket for so long, to see whether and by whom it is cut
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub idle: Option<Duration>,
    /// The host name to ask for, in place of the environment's CNAME
    #[arg(long, value_name = "NAME", value_parser = host)]
    pub host: Option<String>,
    /// Where to connect to, in place of what DNS says: a host or an address, with :PORT if it is another; http:// or https://
    /// in front chooses the listener
    #[arg(long, value_name = "ADDR", value_parser = connect_to)]
    pub connect_to: Option<ConnectTo>,
    /// Ask as a page of this origin does: http:// or https:// and a host name
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub origin: Option<String>,
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

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    /// A host name or an IP address.
    pub address: String,
    /// The port, if it is not the listener's.
    pub port: Option<u16>,
    /// Whether over TLS, if that was said.
    pub is_secure: Option<bool>,
}

fn path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if is_path { Ok(text.to_owned()) } else { Err("give a path such as /, percent-encoded where needed".to_owned()) }
}

fn host(text: &str) -> Result<String, String> {
    let is_host = !text.is_empty()
        && text.len() < 254
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if is_host { Ok(text.to_ascii_lowercase()) } else { Err("give a host name such as www.example.com".to_owned()) }
}

fn connect_to(text: &str) -> Result<ConnectTo, String> {
    let wrong = || "give a host or an address, as 192.0.2.1, web.example.com:8080 or https://[2001:db8::1]".to_owned();
    let (is_secure, rest) = match text.split_once("://") {
        Some(("http", rest)) => (Some(false), rest),
        Some(("https", rest)) => (Some(true), rest),
        Some(_) => return Err(wrong()),
        None => (None, text),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (address, port) = match rest.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((address, port))) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
            (address.to_owned(), port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        Some(_) => return Err(wrong()),
        None if rest.parse::<std::net::Ipv6Addr>().is_ok() => (rest.to_owned(), Some("")),
        None => {
            let (address, port) = rest.split_once(':').unwrap_or((rest, ""));
            (host(address).map_err(|_| wrong())?, Some(port))
        }
    };
    let port = match port.ok_or_else(wrong)? {
        "" => None,
        port => Some(port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?),
    };
    Ok(ConnectTo { address, port, is_secure })
}

fn origin(text: &str) -> Result<String, String> {
    let wrong = || "give an origin such as https://www.example.com".to_owned();
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let is_authority =
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    if is_authority && matches!(scheme, "http" | "https") { Ok(format!("{scheme}://{rest}")) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_port_or_a_scheme_or_neither() {
        let read = |text: &str| connect_to(text).map(|it| (it.address, it.port, it.is_secure)).ok();
        assert_eq!(read("192.0.2.1"), Some(("192.0.2.1".into(), None, None)));
        assert_eq!(read("http://web.example.com:8080/"), Some(("web.example.com".into(), Some(8080), Some(false))));
        assert_eq!(read("https://[2001:db8::1]:443"), Some(("2001:db8::1".into(), Some(443), Some(true))));
        assert_eq!(read("2001:db8::1"), Some(("2001:db8::1".into(), None, None)));
        assert_eq!(read("[::1]"), Some(("::1".into(), None, None)));
        for wrong in ["", ":80", "a:b", "a:0", "a:65536", "ftp://a", "[::1", "[a]:80", "[::1]80", "a/b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_goes_into_a_request_is_checked() {
        assert!(path("/a?b=%20").is_ok() && path("/").is_ok());
        for wrong in ["", "a", "/a b", "/a\r\nx: y", "/ä", "/a#b"] {
            assert!(path(wrong).is_err(), "{wrong}");
        }
        assert_eq!(host("WWW.example.com"), Ok("www.example.com".to_owned()));
        for wrong in ["", "a b", "a:80", "a/b", "a\n"] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
        assert_eq!(origin("https://a.example/"), Ok("https://a.example".to_owned()));
        for wrong in ["", "a.example", "ftp://a", "https://", "https://a/b", "https://a b"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
