//! URLs as they may be shown and written down.
//!
//! No parser of URIs does it: what must be hidden may be in a text that is none, as with a password that is not escaped.

use std::borrow::Cow;

/// The URL without what it may hold in secret: a name and a password before its host, and its query, which signs a
/// presigned one. `http://***@proxy:3128`, `https://bucket/key?…`.
#[must_use]
pub fn masked_url(url: &str) -> Cow<'_, str> {
    let from = url.find("//").map_or(0, |at| at + 2);
    let (scheme, rest) = url.split_at(from);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = match rest[..end].rfind('@') {
        Some(at) => Some(at),
        // A password may contain any character, if it was not escaped: then its beginning is where a port would be.
        None if rest[..end].split_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err()) => rest.rfind('@'),
        None => None,
    };
    let (user, rest) = at.map_or(("", rest), |at| ("***@", &rest[at + 1..]));
    let (place, query) = match rest.find(['?', '#']) {
        Some(at) => (&rest[..at], "?…"),
        None => (rest, ""),
    };
    if user.is_empty() && query.is_empty() {
        return Cow::Borrowed(url);
    }
    Cow::Owned(format!("{scheme}{user}{place}{query}"))
}

#[cfg(test)]
mod tests {
    use super::masked_url;

    #[test]
    fn what_is_secret_in_a_url_is_not_shown() {
        let table = [
            ("http://127.0.0.1:4599", "http://127.0.0.1:4599"),
            ("https://elb.eu-west-1.amazonaws.com/path", "https://elb.eu-west-1.amazonaws.com/path"),
            ("http://me:SECRET@host:80/path", "http://***@host:80/path"),
            ("http://SECRET@host", "http://***@host"),
            ("http://me:SE/CR?E#T@host/a", "http://***@host/a"),
            ("me:SECRET@host", "***@host"),
            ("https://b.s3.amazonaws.com/k?X-Amz-Signature=SECRET", "https://b.s3.amazonaws.com/k?…"),
            ("https://b/k?a=SECRET@x&b=1", "https://b/k?…"),
            ("http://a@b:SECRET@host", "http://***@host"),
            ("http//me:SECRET@host", "http//***@host"),
            ("http://me:SECRET@", "http://***@"),
            ("http://host:1/a@b", "http://host:1/a@b"),
            ("http://host", "http://host"),
            ("https://b/k#SECRET", "https://b/k?…"),
            ("", ""),
        ];
        for (url, shown) in table {
            assert_eq!(masked_url(url), shown, "{url}");
            assert!(!masked_url(url).contains("SECRET"), "{url}");
        }
    }
}
