//! A URL as it may be shown: one may carry a password.

use std::borrow::Cow;

/// The URL without the name and the password that may precede its host: `http://***@host/`.
///
/// It need not be a good one: whatever precedes the last `@` of its first part is left out.
#[must_use]
pub fn masked_url(url: &str) -> Cow<'_, str> {
    let from = url.find("//").map_or(0, |slashes| slashes + 2);
    let end = url[from..].find(['/', '?', '#']).map_or(url.len(), |end| from + end);
    match url[from..end].rfind('@') {
        Some(at) => Cow::Owned(format!("{}***{}", &url[..from], &url[from + at..])),
        None => Cow::Borrowed(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_left_out_and_nothing_else() {
        let table = [
            ("http://me:secret@host:1/path", "http://***@host:1/path"),
            ("http://me@host", "http://***@host"),
            ("http://a@b:c@host", "http://***@host"),
            ("http//me:secret@host", "http//***@host"),
            ("me:secret@host", "***@host"),
            ("http://me:secret@", "http://***@"),
            ("http://host:1/a@b", "http://host:1/a@b"),
            ("http://host", "http://host"),
            ("", ""),
        ];
        for (url, masked) in table {
            assert_eq!(masked_url(url), masked);
        }
    }
}
