//! What may be quoted from an answer that is not one of AWS's.
//!
//! Its first words show who sent it, so they are quoted; but an answer that can hold secrets (environment properties,
//! credentials, presigned URLs) may be AWS's own and only broken, so of that only the shape is quoted.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::change::writes;
use crate::model::{Service, api_reads, counted, masked_url};

/// How much of an answer is quoted in a message, in characters.
const QUOTED: usize = 100;
/// How much of a page's title.
const TITLE: usize = 80;
/// How much of an answer is kept for the log on the screen, in characters.
const KEPT: usize = 4_000;

/// Operations of which an answer can hold what is secret: option values, source bundles' URLs, files behind a signature.
static SECRET: &[&str] = &[
    "CreateEnvironment",
    api_reads::DESCRIBE_APPLICATION_VERSIONS.operation,
    api_reads::DESCRIBE_CONFIGURATION_SETTINGS.operation,
    "GetObject",
    api_reads::REQUEST_ENVIRONMENT_INFO.operation,
    api_reads::RETRIEVE_ENVIRONMENT_INFO.operation,
    writes::UPDATE_ENVIRONMENT.operation,
    writes::VALIDATE_CONFIGURATION_SETTINGS.operation,
];

/// Whether an answer to this may hold secrets.
pub(super) fn may_hold_secrets(service: Service, operation: &str) -> bool {
    service == Service::Sts || SECRET.contains(&operation)
}

/// Where the answer sends us, if it is a redirect.
pub(super) fn redirect(raw: &HttpResponse) -> Option<String> {
    let target = raw.headers().get("location").filter(|target| !target.trim().is_empty());
    let is_one = (300..400).contains(&raw.status().as_u16());
    is_one.then(|| target.map_or_else(|| "nowhere".to_owned(), |target| cut(&masked_url(target), QUOTED)))
}

/// Returns the title of a web page, or its first words; `None` if the answer is no web page. An answer that may hold
/// secrets counts as one only if it begins as one: its content type is not enough.
pub(super) fn page(content: &str, body: &str, secret: bool) -> Option<String> {
    let lower = body.trim_start().get(..32.min(body.trim_start().len())).unwrap_or_default().to_ascii_lowercase();
    let is_page =
        (content.contains("html") && !secret) || lower.starts_with("<!doctype html") || lower.starts_with("<html");
    if !is_page {
        return None;
    }
    let title = between(body, "<title", "</title").map(words).filter(|title| !title.is_empty());
    let first = || words(between(body, "<body", "</body").unwrap_or(body));
    Some(cut(&title.unwrap_or_else(first), TITLE))
}

/// The beginning of an answer on one line; its shape if it may hold secrets, no more than that if it is no text.
pub(super) fn quoted(body: &str, secret: bool) -> String {
    match () {
        () if secret => shape(body),
        () if body.chars().any(is_no_text) => "binary data".to_owned(),
        () => cut(&one_line(body), QUOTED),
    }
}

/// What the log on the screen has of it, with a dot for each byte that is no text: nothing if it may hold secrets.
pub(super) fn kept(body: &str, secret: bool) -> Option<String> {
    let text = || body.chars().map(|it| if is_no_text(it) { '.' } else { it }).collect::<String>();
    (!secret).then(|| cut(&one_line(&text()), KEPT))
}

/// Whether the character is the mark of a byte that is not UTF-8, or one that moves a terminal's cursor.
fn is_no_text(character: char) -> bool {
    character == char::REPLACEMENT_CHARACTER || character.is_control() && !character.is_whitespace()
}

/// The names of an XML answer's elements without anything that is in them; of anything else the length.
fn shape(body: &str) -> String {
    let text = body.trim_start();
    if !text.starts_with('<') {
        return format!("{} of no XML", counted(body.len(), "byte"));
    }
    let mut shape = String::new();
    for piece in text.split('<').skip(1) {
        let (tag, inside) = piece.split_once('>').unwrap_or((piece, ""));
        let named = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | ':' | '-' | '.');
        let name: String = tag.strip_prefix('/').unwrap_or(tag).chars().take_while(|it| named(*it)).take(64).collect();
        if !name.is_empty() {
            shape.extend(["<", if tag.starts_with('/') { "/" } else { "" }, &name, ">"]);
        }
        if !inside.trim().is_empty() {
            shape.push('…');
        }
    }
    format!("{} ({})", cut(&shape, QUOTED), counted(body.len(), "byte"))
}

/// What lies between the end of the tag that begins with `open` and the one that begins with `close`.
fn between<'a>(body: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let lower = body.to_ascii_lowercase();
    let from = lower.find(open)?;
    let from = from + lower[from..].find('>')? + 1;
    let until = lower[from..].find(close).map_or(body.len(), |at| from + at);
    Some(&body[from..until])
}

/// The text of a piece of a page: no tags, scripts or styles.
fn words(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let lower = tag.to_ascii_lowercase();
        let unread = ["script", "style"].into_iter().find(|name| lower.starts_with(name));
        let after = match unread.map(|name| lower.find(&format!("</{name}"))) {
            Some(Some(end)) => &tag[end..],
            Some(None) => "",
            None => tag,
        };
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    let text = marks.iter().fold(text, |text, (mark, character)| text.replace(mark, character));
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, cut with a sign after so many characters.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_title_or_its_first_words() {
        let portal =
            "<!DOCTYPE html>\n<html><head><TITLE>\n Hotel &amp; Spa: log in </TITLE><style>p{}</style></head></html>";
        assert_eq!(page("", portal, false).as_deref(), Some("Hotel & Spa: log in"));
        let bare =
            "<html><head><script>var a = '<p>';</script></head><body class=x><h1>Please</h1> sign <b>in</b></body>";
        assert_eq!(page("text/html; charset=utf-8", bare, false).as_deref(), Some("Please sign in"));
        assert_eq!(page("text/html", &"long ".repeat(100), false).unwrap().chars().count(), TITLE + 1);
        assert_eq!(page("text/html", "", false), Some(String::new()));
        assert_eq!(page("text/xml", "<DescribeTagsResponse/>", false), None);
        assert_eq!(page("application/json", "{}", false), None);
        for broken in ["<html", "<html><title", "<html><title>x", "<html><script", "<!doctype html>é<ü"] {
            assert!(page("", broken, false).is_some(), "{broken}");
        }
    }

    #[test]
    fn of_what_can_be_secret_only_the_shape_is_quoted() {
        let answer = "<?xml version=\"1.0\"?>\n<Response xmlns=\"SECRET\"><Value>SECRET</Value><!-- SECRET --><Va";
        let shape = quoted(answer, true);
        assert!(shape.starts_with("<Response><Value>…</Value><Va> ("), "{shape}");
        let broken = [
            answer,
            "{\"Value\": \"SECRET\"}",
            "SECRET",
            "",
            "<a>SECRET",
            "<a SECRET",
            "<a b='SECRET'>",
            "<!SECRET>",
            "<a><![CDATA[SECRET]]></a>",
            "<a>é<",
        ];
        for body in broken {
            assert!(!quoted(body, true).contains("SECRET"), "{body}: {}", quoted(body, true));
            assert_eq!(kept(body, true), None);
        }
        assert_eq!(quoted("{\n \"a\": 1}", false), "{ \"a\": 1}");
    }

    #[test]
    fn what_is_no_text_is_not_quoted_and_has_dots_in_the_log() {
        for (body, log) in [("\u{fffd}aResults", ".aResults"), ("a\u{1b}[2J", "a.[2J"), ("\0", ".")] {
            assert_eq!(quoted(body, false), "binary data");
            assert_eq!(kept(body, false).as_deref(), Some(log));
        }
        assert_eq!(quoted("one\r\n\ttwo é", false), "one two é");
    }

    #[test]
    fn secrets_are_where_settings_credentials_and_files_are() {
        for operation in SECRET {
            assert!(may_hold_secrets(Service::Beanstalk, operation));
        }
        assert!(may_hold_secrets(Service::Sts, "GetCallerIdentity"));
        assert!(!may_hold_secrets(Service::Elb, "DescribeLoadBalancers"));
        assert_eq!(page("text/html", "<Response><Value>SECRET</Value>", true), None);
    }
}
