//! Refuses an answer that is not CBOR. For an operation with an empty answer the SDK does not read the body: the
//! login page of a captive network would be taken for "done".
//!
//! The body of an answer is a map. An empty answer may have no body; then it has to name the protocol in its
//! header, as every answer in Smithy RPC v2 CBOR does.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Checks the answers of the services that use CBOR.
#[derive(Debug)]
pub(super) struct WholeCbor;

#[dyn_dispatch_hint]
impl Intercept for WholeCbor {
    fn name(&self) -> &'static str {
        "WholeCbor"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (read, answer) = (context.output_or_error().is_ok(), context.response());
        let is_named = answer.headers().get("smithy-protocol") == Some("rpc-v2-cbor");
        if !read || is_answer(answer.body().bytes().unwrap_or_default(), is_named) {
            Ok(())
        } else {
            Err("it is not an answer in CBOR".into())
        }
    }
}

/// The first byte of a map is of major type 5.
fn is_answer(body: &[u8], is_named: bool) -> bool {
    body.first().map_or(is_named, |first| first >> 5 == 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_reported_from_pages() {
        for (body, expected) in
            [(&b"\xa0"[..], true), (b"\xbf\xff", true), (b"<html>", false), (b"{}", false), (b"\x80", false)]
        {
            assert_eq!((is_answer(body, true), is_answer(body, false)), (expected, expected), "{body:?}");
        }
        assert!(is_answer(b"", true) && !is_answer(b"", false));
    }
}
