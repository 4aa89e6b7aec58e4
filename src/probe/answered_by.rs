//! Who made an answer: the load balancer, nginx on the instance, or the application.
//!
//! The load balancer signs its own answers with `Server: awselb/2.0`, which an attribute of the listener can switch off:
//! then its error pages are known by their text, which lacks the line that nginx's have.

use http::HeaderMap;
use serde::Serialize;

/// Who made an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The load balancer itself: the request reached no target, or the target did not answer.
    LoadBalancer,
    /// nginx on the instance, by itself: the application did not answer.
    Nginx,
    /// The application.
    Application,
}

impl AnsweredBy {
    /// Returns who made an answer of this status.
    #[must_use]
    pub fn of(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let server = server(headers).unwrap_or_default().to_ascii_lowercase();
        if server.starts_with("awselb") {
            return Self::LoadBalancer;
        }
        if status < 300 {
            return Self::Application;
        }
        let page = String::from_utf8_lossy(&body[..body.len().min(2048)]).to_ascii_lowercase();
        if page.contains("<center>nginx") {
            return Self::Nginx;
        }
        let is_bare_page = page.contains(&format!("<center><h1>{status} ")) && !page.contains("<hr>");
        if is_bare_page && !server.starts_with("nginx") { Self::LoadBalancer } else { Self::Application }
    }

    /// Returns its name in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::LoadBalancer => "the load balancer",
            Self::Nginx => "nginx on the instance",
            Self::Application => "the application",
        }
    }
}

/// The `Server` header.
#[must_use]
pub fn server(headers: &HeaderMap) -> Option<&str> {
    headers.get("server")?.to_str().ok()
}

/// Returns whether an answer went through nginx, which puts its name on every one.
#[must_use]
pub fn is_through_nginx(headers: &HeaderMap) -> bool {
    server(headers).is_some_and(|server| server.to_ascii_lowercase().starts_with("nginx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, server: Option<&str>, body: &str) -> AnsweredBy {
        let mut headers = HeaderMap::new();
        if let Some(server) = server {
            headers.insert("server", server.parse().unwrap());
        }
        AnsweredBy::of(status, &headers, body.as_bytes())
    }

    #[test]
    fn each_is_known_by_its_header_or_its_page() {
        let bare = "<html>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>";
        let nginx = "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>";
        assert_eq!(of(502, Some("awselb/2.0"), ""), AnsweredBy::LoadBalancer);
        assert_eq!(of(502, None, bare), AnsweredBy::LoadBalancer);
        assert_eq!(of(502, Some("nginx"), nginx), AnsweredBy::Nginx);
        assert_eq!(of(404, Some("nginx"), "Cannot GET /"), AnsweredBy::Application);
        assert_eq!(of(404, Some("Express"), "Cannot GET /"), AnsweredBy::Application);
        assert_eq!(of(200, Some("nginx"), "<center>nginx"), AnsweredBy::Application);
        assert_eq!(of(502, None, "the application's own page"), AnsweredBy::Application);
    }
}
