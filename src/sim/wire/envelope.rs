//! Puts an answer or a refusal into its protocol's envelope.
//!
//! CBOR errors carry the query protocol's code in `x-amzn-query-error`, which overrides the `__type` in the body; only
//! refusals that come from the front of the service (credentials, permissions) have no such header. UNVERIFIED for the
//! latter, and so is the namespace of `__type`.

use super::cbor::{self, Value};
use super::refusal::Refusal;
use super::xml::Xml;
use crate::sim::service::{Protocol, Service};

/// What an operation answers, in its protocol's terms.
#[derive(Debug)]
pub(in crate::sim) enum Answer {
    /// The inside of `<OperationResult>`, or of the response itself in the ec2 protocol.
    Xml(Xml),
    Json(serde_json::Value),
    Cbor(Value),
}

/// Status, headers and body, before date and request id are added.
#[derive(Debug)]
pub(in crate::sim) struct Written {
    pub(in crate::sim) status: u16,
    pub(in crate::sim) headers: Vec<(&'static str, String)>,
    pub(in crate::sim) body: Vec<u8>,
}

pub(in crate::sim) fn answer(service: Service, operation: &str, request_id: &str, answer: Answer) -> Written {
    let space = service.facts().space;
    let (kind, body) = match answer {
        Answer::Cbor(value) => return written(200, Protocol::Cbor, value.encode()),
        Answer::Json(value) => (Protocol::Json, value.to_string()),
        Answer::Xml(inside) if service == Service::Ec2 => {
            (Protocol::Ec2, ec2(operation, space, request_id, &inside.into_string()))
        }
        Answer::Xml(inside) => (Protocol::Query, query(operation, space, request_id, &inside.into_string())),
    };
    written(200, kind, body.into_bytes())
}

fn query(operation: &str, space: &str, request_id: &str, inside: &str) -> String {
    let mut xml = Xml::default();
    xml.raw(&format!("<{operation}Response xmlns=\"{space}\">"))
        .within(&format!("{operation}Result"), |xml| {
            xml.raw(inside);
        })
        .within("ResponseMetadata", |xml| {
            xml.text("RequestId", request_id);
        })
        .raw(&format!("</{operation}Response>"));
    xml.into_string()
}

fn ec2(operation: &str, space: &str, request_id: &str, inside: &str) -> String {
    let mut xml = Xml::default();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .raw(&format!("<{operation}Response xmlns=\"{space}\">"))
        .text("requestId", request_id)
        .raw(inside)
        .raw(&format!("</{operation}Response>"));
    xml.into_string()
}

pub(in crate::sim) fn refusal(
    service: Option<Service>,
    protocol: Protocol,
    request_id: &str,
    refusal: &Refusal,
) -> Written {
    match protocol {
        Protocol::Query => query_error(service, request_id, refusal),
        Protocol::Ec2 => ec2_error(request_id, refusal),
        Protocol::Json => {
            let body = serde_json::json!({ "__type": refusal.code, "message": refusal.message });
            written(refusal.status, protocol, body.to_string().into_bytes())
        }
        Protocol::Cbor => cbor_error(refusal),
    }
}

fn query_error(service: Option<Service>, request_id: &str, refusal: &Refusal) -> Written {
    let space = service.map_or("http://webservices.amazon.com/AWSFault/2005-15-09", |service| service.facts().space);
    let mut xml = Xml::default();
    xml.raw(&format!("<ErrorResponse xmlns=\"{space}\">"))
        .within("Error", |xml| {
            xml.text("Type", fault_of(refusal.status)).text("Code", &refusal.code).text("Message", &refusal.message);
        })
        .text("RequestId", request_id)
        .raw("</ErrorResponse>");
    written(refusal.status, Protocol::Query, xml.into_string().into_bytes())
}

fn ec2_error(request_id: &str, refusal: &Refusal) -> Written {
    let mut xml = Xml::default();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").within("Response", |xml| {
        xml.within("Errors", |xml| {
            xml.within("Error", |xml| {
                xml.text("Code", &refusal.code).text("Message", &refusal.message);
            });
        })
        .text("RequestID", request_id);
    });
    written(refusal.status, Protocol::Ec2, xml.into_string().into_bytes())
}

fn cbor_error(refusal: &Refusal) -> Written {
    let front = refusal.code.ends_with("Exception");
    let suffix = if front { "" } else { "Exception" };
    let kind = format!("com.amazonaws.cloudwatch#{}{suffix}", refusal.code);
    let body = cbor::map([("__type", kind.into()), ("message", refusal.message.as_str().into())]).encode();
    let mut answer = written(refusal.status, Protocol::Cbor, body);
    if !front {
        answer.headers.push(("x-amzn-query-error", format!("{};{}", refusal.code, fault_of(refusal.status))));
    }
    answer
}

/// Whose fault it is, in the query protocol's words.
fn fault_of(status: u16) -> &'static str {
    if status >= 500 { "Receiver" } else { "Sender" }
}

fn written(status: u16, protocol: Protocol, body: Vec<u8>) -> Written {
    let headers = match protocol {
        Protocol::Query => vec![("content-type", "text/xml".to_owned())],
        Protocol::Ec2 => vec![("content-type", "text/xml;charset=UTF-8".to_owned())],
        Protocol::Json => vec![("content-type", "application/x-amz-json-1.1".to_owned())],
        Protocol::Cbor => {
            vec![("content-type", "application/cbor".to_owned()), ("smithy-protocol", "rpc-v2-cbor".to_owned())]
        }
    };
    Written { status, headers, body }
}
