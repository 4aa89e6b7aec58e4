//! What a page of another origin may do: the preflight, which browsers send without a cookie, and the cookie that the
//! load balancer sets for other sites.

use http::HeaderMap;

use super::client::{ProbeAnswer, ProbeClient, ProbeRequest};
use super::cookies::SetCookie;

/// What a page of another origin is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginReport {
    /// The origin.
    pub origin: String,
    /// The path that was requested.
    pub path: String,
    /// The status of the preflight; `None` without an answer.
    pub preflight: Option<u16>,
    /// What the preflight allows.
    pub preflight_allows: Allowed,
    /// What the answer itself allows.
    pub allows: Allowed,
    /// Whether the answer set `AWSALB`.
    pub is_sticky: bool,
    /// `AWSALBCORS`, if it was set.
    pub cross_site_cookie: Option<SetCookie>,
}

/// What the headers of an answer allow to another origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// `Access-Control-Allow-Origin`.
    pub origin: Option<String>,
    /// Whether `Access-Control-Allow-Credentials` is `true`.
    pub credentials: bool,
}

impl OriginReport {
    /// Sends a preflight, and then a request of that origin.
    pub async fn measure(client: &mut ProbeClient, origin: &str, path: &str) -> Self {
        let preflight = ProbeRequest::options(path)
            .with("origin", origin)
            .with("access-control-request-method", "POST")
            .with("access-control-request-headers", "content-type");
        let preflight = client.send(&preflight, None).await.ok();
        let answer = client.send(&ProbeRequest::get(path).with("origin", origin), None).await.ok();
        let cookies: Vec<_> = answer.iter().flat_map(|answer| SetCookie::all(&answer.headers)).collect();
        Self {
            origin: origin.to_owned(),
            path: path.to_owned(),
            preflight: preflight.as_ref().map(|answer| answer.status),
            preflight_allows: allowed(preflight.as_ref()),
            allows: allowed(answer.as_ref()),
            is_sticky: cookies.iter().any(|cookie| cookie.name == "AWSALB"),
            cross_site_cookie: cookies.into_iter().find(|cookie| cookie.name == "AWSALBCORS"),
        }
    }
}

fn allowed(answer: Option<&ProbeAnswer>) -> Allowed {
    answer.map(|answer| Allowed::of(&answer.headers)).unwrap_or_default()
}

impl Allowed {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            origin: text("access-control-allow-origin").map(str::to_owned),
            credentials: text("access-control-allow-credentials") == Some("true"),
        }
    }

    /// Returns whether this origin is allowed.
    #[must_use]
    pub fn covers(&self, origin: &str) -> bool {
        self.origin.as_deref().is_some_and(|allowed| allowed == "*" || allowed == origin)
    }

    /// Returns whether the answer contradicts itself: every origin, with credentials. No browser accepts that.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.credentials && self.origin.as_deref() == Some("*")
    }
}
