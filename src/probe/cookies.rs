//! Cookies, as far as a probe needs them: the newest value of each name, kept for one run, and nothing of the user's.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::SET_COOKIE;

/// The most cookies that are kept, and the most bytes of one: browsers keep no more.
const MOST: usize = 50;
const LONGEST: usize = 4096;

/// A cookie as it was set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// `SameSite`, as it was spelled.
    pub same_site: Option<String>,
    /// Whether it is sent over TLS only.
    pub is_secure: bool,
}

impl SetCookie {
    /// Reads the value of a `Set-Cookie` header; `None` without a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || text.len() > LONGEST {
            return None;
        }
        let mut cookie = Self { name: name.to_owned(), value: value.to_owned(), ..Self::default() };
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "samesite" => cookie.same_site = Some(value.trim().to_owned()),
                "secure" => cookie.is_secure = true,
                _ => {}
            }
        }
        Some(cookie)
    }

    /// Reads all that an answer sets.
    pub fn all(headers: &HeaderMap) -> impl Iterator<Item = Self> {
        let texts = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        texts.filter_map(Self::parse)
    }
}

/// The cookies of a run.
#[derive(Clone, Debug, Default)]
pub struct CookieJar(BTreeMap<String, String>);

impl CookieJar {
    /// Keeps what an answer sets, in place of older values.
    pub fn keep(&mut self, headers: &HeaderMap) {
        for SetCookie { name, value, .. } in SetCookie::all(headers) {
            if self.0.len() < MOST || self.0.contains_key(&name) {
                self.0.insert(name, value);
            }
        }
    }

    /// Returns the value of the `Cookie` header; `None` without a cookie.
    #[must_use]
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Returns what a cookie is for, if a load balancer sets it.
#[must_use]
pub fn purpose(name: &str) -> Option<&'static str> {
    match name {
        "AWSALB" => Some("stickiness by the load balancer's cookie"),
        "AWSALBCORS" => Some("the same for requests from other sites"),
        "AWSALBTG" | "AWSALBTGCORS" => Some("stickiness to a target group"),
        "AWSELB" | "AWSELBCORS" => Some("stickiness of a Classic Load Balancer"),
        name if name.starts_with("AWSALBAPP-") => Some("stickiness by the application's cookie"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_in_any_case() {
        let cookie =
            SetCookie::parse("AWSALBCORS=a=b; Expires=Sat, 05 Dec 2026; Path=/; samesite=None; SECURE").unwrap();
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("AWSALBCORS", "a=b"));
        assert_eq!((cookie.same_site.as_deref(), cookie.is_secure), (Some("None"), true));
        assert_eq!(SetCookie::parse("=x"), None);
        assert_eq!(SetCookie::parse("x"), None);
        assert_eq!(SetCookie::parse(&format!("x={}", "y".repeat(LONGEST))), None);
    }

    #[test]
    fn the_newest_value_is_sent_and_the_jar_is_bounded() {
        let mut jar = CookieJar::default();
        assert_eq!(jar.header(), None);
        let mut headers = HeaderMap::new();
        for number in 0..2 * MOST {
            headers.append(SET_COOKIE, format!("c{number:03}=1").parse().unwrap());
        }
        headers.append(SET_COOKIE, "c000=2".parse().unwrap());
        jar.keep(&headers);
        let sent = jar.header().unwrap();
        assert!(sent.starts_with("c000=2; c001=1") && sent.matches(';').count() == MOST - 1, "{sent}");
    }

    #[test]
    fn the_load_balancers_cookies_are_known_by_name() {
        for name in ["AWSALB", "AWSALBCORS", "AWSALBAPP-0", "AWSALBTG", "AWSALBTGCORS", "AWSELB"] {
            assert!(purpose(name).is_some(), "{name}");
        }
        assert_eq!(purpose("session"), None);
    }
}
