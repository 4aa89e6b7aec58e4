//! What distinguishes one target from another in an answer: a header, or a part of the body.

use std::fmt;

use regex_lite::Regex;

use super::client::ProbeAnswer;

/// The longest value that is kept.
const LONGEST: usize = 200;

/// Where an answer says which target it is from.
#[derive(Clone, Debug)]
pub enum Marker {
    /// In a header.
    Header(String),
    /// In the body: the first group of a regular expression, or what the whole of it matches.
    Body(Regex),
}

impl Marker {
    /// Reads `header:NAME` or `body:REGEX`.
    ///
    /// # Errors
    /// When it is neither, with what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("header", name)) if http::HeaderName::try_from(name).is_ok() => Ok(Self::Header(name.to_owned())),
            Some(("header", name)) => Err(format!("`{name}` is not the name of a header")),
            Some(("body", pattern)) if !pattern.is_empty() => Regex::new(pattern)
                .map(Self::Body)
                .map_err(|error| format!("`{pattern}` is not a regular expression: {error}")),
            _ => Err("give header:NAME or body:REGEX".to_owned()),
        }
    }

    /// Returns which target an answer is from, if it says so.
    #[must_use]
    pub fn of(&self, answer: &ProbeAnswer) -> Option<String> {
        let found = match self {
            Self::Header(name) => answer.header(name).map(str::to_owned),
            Self::Body(pattern) => {
                let text = answer.text();
                let groups = pattern.captures(&text)?;
                groups.get(1).or_else(|| groups.get(0)).map(|found| found.as_str().to_owned())
            }
        };
        found.filter(|text| !text.is_empty()).map(|text| text.chars().take(LONGEST).collect())
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(formatter, "header:{name}"),
            Self::Body(pattern) => write!(formatter, "body:{pattern}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::client::BodyEnd;

    fn answer(body: &str) -> ProbeAnswer {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-instance", "i-1".parse().unwrap());
        ProbeAnswer { status: 200, headers, body: body.into(), end: BodyEnd::Whole }
    }

    #[test]
    fn a_header_a_group_or_a_whole_match_marks_an_answer() {
        let of = |marker: &str, body: &str| Marker::parse(marker).unwrap().of(&answer(body));
        assert_eq!(of("header:X-Instance", ""), Some("i-1".to_owned()));
        assert_eq!(of("header:x-other", ""), None);
        assert_eq!(of("body:host=(\\w+)", "a host=web1 b"), Some("web1".to_owned()));
        assert_eq!(of("body:web\\d", "a host=web1 b"), Some("web1".to_owned()));
        assert_eq!(of("body:host=(\\w+)", "nothing"), None);
    }

    #[test]
    fn what_is_no_marker_is_said() {
        for wrong in ["", "header:", "header:a b", "body:", "body:(", "cookie:x", "x"] {
            assert!(Marker::parse(wrong).is_err(), "{wrong}");
        }
    }
}
