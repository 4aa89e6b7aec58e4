//! Refuses an XML answer that is not whole. The SDK's reader stops at the first error between two elements and takes
//! what it has for the answer: half a list would be all there is.
//!
//! Only the nesting of elements is followed. What is in them is the SDK's business.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Looks at the answers of the services that speak XML.
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
        if read && !is_whole(body) { Err("the XML ends before its end".into()) } else { Ok(()) }
    }
}

/// Whether every element that is opened is closed, in order, and there is one at least.
fn is_whole(body: &[u8]) -> bool {
    let Ok(mut rest) = std::str::from_utf8(body) else { return false };
    let (mut open, mut any) = (Vec::new(), false);
    while let Some((_, markup)) = rest.split_once('<') {
        let Some((tag, after)) = next_tag(markup) else { return false };
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        any = true;
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name.trim_end()) => {}
            Some(_) => return false,
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_ascii_whitespace().next().unwrap_or_default()),
        }
    }
    any && open.is_empty()
}

/// What stands between the angle brackets, and what follows. Comments and quoted sections may hold brackets themselves.
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
    fn whole_answers_are_told_from_halves() {
        let whole = [
            "<?xml version=\"1.0\"?>\n<a xmlns=\"x\"><b/><c>1 &lt; 2</c ></a>\n",
            "<a><!-- <b> --><![CDATA[<c>]]><b x='/'></b></a>",
            "<a/>",
        ];
        for text in whole {
            assert!(is_whole(text.as_bytes()), "{text}");
        }
        for text in ["", "plain", "<a>", "<a><b></b>", "<a><b></a></b>", "<a></a", "</a>", "<a><!-- </a>", "<a></b>"] {
            assert!(!is_whole(text.as_bytes()), "{text}");
        }
        assert!(!is_whole(b"<a>\xff</a>"));
    }
}
