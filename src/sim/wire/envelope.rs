//! Puts an answer or a refusal into its protocol's envelope.
//!
//! `CloudWatch` was a query service once: its errors carry the query protocol's code in `x-amzn-query-error`, which
//! overrides the `__type` in the body; only refusals by the service's front end (credentials, permissions) have no such
//! header. UNVERIFIED for the latter, and so is the namespace of `__type`.

use super::cbor;
use super::document::{self, Value};
use super::refusal::Refusal;
use super::xml::Xml;
use crate::sim::service::{Protocol, Service};

/// What an operation answers, in its protocol's terms.
#[derive(Debug)]
pub enum Answer {
    /// The inside of `<OperationResult>`, or of the response itself in the ec2 protocol.
    Xml(Xml),
    /// An empty answer: no result element either.
    Nothing,
    Json(serde_json::Value),
    /// Of a service with several protocols.
    Tree(Value),
    /// Of S3, whose answers are what HTTP makes of them.
    Written(Written),
}

/// Status, headers and body, before date and request id are added.
#[derive(Debug)]
pub struct Written {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Who answers, and how.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    pub service: Option<Service>,
    pub protocol: Protocol,
    pub operation: &'a str,
    pub request_id: &'a str,
}

impl Envelope<'_> {
    pub fn answer(self, answer: Answer) -> Written {
        let body = match (answer, self.protocol) {
            (Answer::Written(written), _) => return written,
            (Answer::Tree(value), Protocol::Cbor) => cbor::encode(&value),
            (Answer::Tree(value), Protocol::Json) => document::to_json(&value).to_string().into_bytes(),
            (Answer::Tree(value), _) => {
                let mut inside = Xml::default();
                document::to_xml(&value, &mut inside);
                self.xml(&inside.into_string())
            }
            (Answer::Json(value), _) => value.to_string().into_bytes(),
            (Answer::Xml(inside), _) => self.xml(&inside.into_string()),
            (Answer::Nothing, Protocol::Cbor) => Vec::new(),
            (Answer::Nothing, Protocol::Json) => b"{}".to_vec(),
            (Answer::Nothing, _) => self.no_result(),
        };
        self.written(200, body)
    }

    fn space(self) -> &'static str {
        let unknown = "http://webservices.amazon.com/AWSFault/2005-15-09";
        self.service.map_or(unknown, |service| service.facts().space)
    }

    fn xml(self, inside: &str) -> Vec<u8> {
        let (operation, space) = (self.operation, self.space());
        let mut xml = Xml::default();
        if self.protocol == Protocol::Ec2 {
            xml.raw(DECLARATION).raw(&format!("<{operation}Response xmlns=\"{space}\">"));
            xml.text("requestId", self.request_id).raw(inside);
        } else {
            xml.raw(&format!("<{operation}Response xmlns=\"{space}\">"));
            xml.raw(&format!("<{operation}Result>{inside}</{operation}Result>")).within("ResponseMetadata", |xml| {
                xml.text("RequestId", self.request_id);
            });
        }
        xml.raw(&format!("</{operation}Response>"));
        xml.into_string().into_bytes()
    }

    fn no_result(self) -> Vec<u8> {
        let (operation, space) = (self.operation, self.space());
        let mut xml = Xml::default();
        xml.raw(&format!("<{operation}Response xmlns=\"{space}\">")).within("ResponseMetadata", |xml| {
            xml.text("RequestId", self.request_id);
        });
        xml.raw(&format!("</{operation}Response>"));
        xml.into_string().into_bytes()
    }

    pub fn refusal(self, refusal: &Refusal) -> Written {
        let body = match self.protocol {
            Protocol::Query => self.query_error(refusal),
            Protocol::Ec2 => self.ec2_error(refusal),
            // There is no body after HEAD.
            Protocol::Rest if self.operation.starts_with("Head") => Vec::new(),
            Protocol::Rest => self.rest_error(refusal),
            Protocol::Json | Protocol::Cbor => return self.typed_error(refusal),
        };
        self.written(refusal.status, body)
    }

    fn query_error(self, refusal: &Refusal) -> Vec<u8> {
        let mut xml = Xml::default();
        xml.raw(&format!("<ErrorResponse xmlns=\"{}\">", self.space()))
            .within("Error", |xml| {
                xml.text("Type", fault_of(refusal.status))
                    .text("Code", &refusal.code)
                    .text("Message", &refusal.message);
            })
            .text("RequestId", self.request_id)
            .raw("</ErrorResponse>");
        xml.into_string().into_bytes()
    }

    fn ec2_error(self, refusal: &Refusal) -> Vec<u8> {
        let mut xml = Xml::default();
        xml.raw(DECLARATION).within("Response", |xml| {
            xml.within("Errors", |xml| {
                xml.within("Error", |xml| {
                    xml.text("Code", &refusal.code).text("Message", &refusal.message);
                });
            })
            .text("RequestID", self.request_id);
        });
        xml.into_string().into_bytes()
    }

    fn rest_error(self, refusal: &Refusal) -> Vec<u8> {
        let mut xml = Xml::default();
        xml.raw(DECLARATION).within("Error", |xml| {
            xml.text("Code", &refusal.code).text("Message", &refusal.message).text("RequestId", self.request_id);
        });
        xml.into_string().into_bytes()
    }

    fn typed_error(self, refusal: &Refusal) -> Written {
        let was_query = self.service == Some(Service::CloudWatch);
        let front = refusal.code.ends_with("Exception");
        let kind = match (was_query, front) {
            (true, true) => format!("com.amazonaws.cloudwatch#{}", refusal.code),
            (true, false) => format!("com.amazonaws.cloudwatch#{}Exception", refusal.code),
            (false, _) => refusal.code.to_string(),
        };
        let error = document::map([("__type", kind.into()), ("message", refusal.message.as_str().into())]);
        let body = match self.protocol {
            Protocol::Cbor => cbor::encode(&error),
            _ => document::to_json(&error).to_string().into_bytes(),
        };
        let mut answer = self.written(refusal.status, body);
        if was_query && !front {
            answer.headers.push(("x-amzn-query-error", format!("{};{}", refusal.code, fault_of(refusal.status))));
        }
        answer
    }

    fn written(self, status: u16, body: Vec<u8>) -> Written {
        let content_type = match self.protocol {
            Protocol::Query => "text/xml",
            Protocol::Ec2 => "text/xml;charset=UTF-8",
            Protocol::Rest => "application/xml",
            Protocol::Json if self.service == Some(Service::CloudWatch) => "application/x-amz-json-1.0",
            Protocol::Json => "application/x-amz-json-1.1",
            Protocol::Cbor => "application/cbor",
        };
        let mut headers = vec![("content-type", content_type.to_owned())];
        if self.protocol == Protocol::Cbor {
            headers.push(("smithy-protocol", "rpc-v2-cbor".to_owned()));
        }
        Written { status, headers, body }
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Returns whose fault it is, in the query protocol's words.
fn fault_of(status: u16) -> &'static str {
    if status >= 500 { "Receiver" } else { "Sender" }
}
