//! What is asked of a probe, and how it is written.

use std::time::Duration;

use super::fallback::FallbackChoice;
use super::marker::Marker;

/// The most requests of a round: four a second, for at most a minute.
pub const MOST_REQUESTS: u16 = 240;

/// What is asked of a probe.
#[derive(Clone, Debug)]
pub struct ProbeOptions {
    /// The path that is requested.
    pub path: String,
    /// The path of the WebSocket; the usual ones are tried without it.
    pub websocket: Option<String>,
    /// The fallback that is looked for.
    pub fallback: FallbackChoice,
    /// How many requests are sent with the newest cookie, and without one; [`MOST_REQUESTS`] at most.
    pub requests: u16,
    /// What distinguishes one target from another.
    pub marker: Option<Marker>,
    /// How long a quiet WebSocket is held.
    pub idle: Option<Duration>,
    /// The host name to ask for, in place of the environment's.
    pub host: Option<String>,
    /// Where to connect to, in place of what DNS says.
    pub connect_to: Option<ConnectTo>,
    /// The origin of the page that asks.
    pub origin: Option<String>,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            websocket: None,
            fallback: FallbackChoice::Auto,
            requests: 10,
            marker: None,
            idle: None,
            host: None,
            connect_to: None,
            origin: None,
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

/// Reads a path, which goes into a request as it is.
///
/// # Errors
/// When it is none, with what to give.
pub fn parse_path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if is_path { Ok(text.to_owned()) } else { Err("give a path such as /, percent-encoded where needed".to_owned()) }
}

/// Reads a host name.
///
/// # Errors
/// When it is none, with what to give.
pub fn parse_host(text: &str) -> Result<String, String> {
    let is_host = !text.is_empty()
        && text.len() < 254
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if is_host { Ok(text.to_ascii_lowercase()) } else { Err("give a host name such as www.example.com".to_owned()) }
}

/// Reads where to connect to: a host or an address, with a port or a scheme or neither.
///
/// # Errors
/// When it is neither, with what to give.
pub fn parse_connect_to(text: &str) -> Result<ConnectTo, String> {
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
            (parse_host(address).map_err(|_| wrong())?, Some(port))
        }
    };
    let port = match port.ok_or_else(wrong)? {
        "" => None,
        port => Some(port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?),
    };
    Ok(ConnectTo { address, port, is_secure })
}

/// Reads an origin: a scheme and a host name.
///
/// # Errors
/// When it is none, with what to give.
pub fn parse_origin(text: &str) -> Result<String, String> {
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
        let read = |text: &str| parse_connect_to(text).map(|it| (it.address, it.port, it.is_secure)).ok();
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
        assert!(parse_path("/a?b=%20").is_ok() && parse_path("/").is_ok());
        for wrong in ["", "a", "/a b", "/a\r\nx: y", "/ä", "/a#b"] {
            assert!(parse_path(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_host("WWW.example.com"), Ok("www.example.com".to_owned()));
        for wrong in ["", "a b", "a:80", "a/b", "a\n"] {
            assert!(parse_host(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_origin("https://a.example/"), Ok("https://a.example".to_owned()));
        for wrong in ["", "a.example", "ftp://a", "https://", "https://a/b", "https://a b"] {
            assert!(parse_origin(wrong).is_err(), "{wrong}");
        }
    }
}
