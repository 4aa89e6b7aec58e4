//! Refuses an XML answer that is not whole, or not an answer. The SDK's reader stops at the first error between two
//! elements and takes what it has for the answer: half a list would be all there is. Of an operation without an answer it
//! does not look at the body at all: the page of a network that wants a login would be taken for "done".
//!
//! Only the nesting of elements and the name of the outermost are looked at. What is in them is the SDK's business.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Checks the answers of the services that use XML.
#[derive(Debug)]
pub(super) struct WholeXml;

#[dyn_dispatch_hint]
impl Intercept for WholeXml {
    fn name(&self) -> &'static str {
        "WholeXml"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let read = context.output_or_error().is_ok();
        let body = context.response().body().bytes().unwrap_or_default();
        match outermost(body) {
            _ if !read => Ok(()),
            None => Err("the XML ends before its end".into()),
            Some(name) if name.ends_with("Response") => Ok(()),
            Some(name) => Err(format!("it is a document of the type {name}").into()),
        }
    }
}

/// The name of the outermost element, if there is one and every element that is opened is closed, in order.
fn outermost(body: &[u8]) -> Option<&str> {
    let mut rest = std::str::from_utf8(body).ok()?;
    let (mut open, mut first) = (Vec::new(), None);
    while let Some((_, markup)) = rest.split_once('<') {
        let (tag, after) = next_tag(markup)?;
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        let name = tag.split(|character: char| character.is_ascii_whitespace() || character == '/').next();
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name.trim_end()) => {}
            Some(_) => return None,
            None => {
                first = first.or(name);
                if !tag.ends_with('/') {
                    open.push(name.unwrap_or_default());
                }
            }
        }
    }
    first.filter(|_| open.is_empty())
}

/// What is between the angle brackets, and what follows. Comments and quoted sections may hold brackets themselves.
fn next_tag(markup: &str) -> Option<(&str, &str)> {
    let end = match markup {
        _ if markup.starts_with("!--") => "-->",
        _ if markup.starts_with("![CDATA[") => "]]>",
        _ => ">",
    };
    markup.split_once(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_answers_are_reported_from_halves() {
        let whole = [
            "<?xml version=\"1.0\"?>\n<a xmlns=\"x\"><b/><c>1 &lt; 2</c ></a>\n",
            "<a><!-- <b> --><![CDATA[<c>]]><b x='/'></b></a>",
            "<a/>",
            "<!DOCTYPE html><a ><b\tx=\"1\"/></a>",
        ];
        for text in whole {
            assert_eq!(outermost(text.as_bytes()), Some("a"), "{text}");
        }
        for text in ["", "plain", "<a>", "<a><b></b>", "<a><b></a></b>", "<a></a", "</a>", "<a><!-- </a>", "<a></b>"] {
            assert_eq!(outermost(text.as_bytes()), None, "{text}");
        }
        assert_eq!(outermost(b"<a>\xff</a>"), None);
    }
}
