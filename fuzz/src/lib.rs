//! The two ends of the wire, for the fuzz targets and for the suite's properties: bytes as a request to the simulated
//! region, and bytes as AWS's answer to us.

use std::fmt;
use std::sync::{Arc, LazyLock};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::{ServerClock, Session, SharedTimeSource, fetch};
use beanpole::model::{Ask, Moment, ScopeId, Seq, Source};
use beanpole::sim::{Faults, Request, Response, Scenario, World};

/// The moment at which the world stands.
const NOW: &str = "2026-11-23T14:00:00Z";

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let world = World::new(Scenario::embedded("shop").expect("a scenario"), || NOW.parse().expect("a time"));
    world.set_faults(Faults::none());
    world
});

/// Sends the simulated region a request with this body.
pub fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signed = "AWS4-HMAC-SHA256 Credential=A/20261123/eu-west-1/none/aws4_request";
    headers.push(("authorization".to_owned(), signed.to_owned()));
    WORLD.answer(&Request { method: "POST".to_owned(), path: path.to_owned(), headers, body: body.to_vec() })
}

/// Reads a source whose answer is this body, once as an answer and once as a refusal.
///
/// # Panics
/// When reading it does: [`fetch`] makes a fault of that.
pub fn answer(source: &Source, content: &'static str, body: &[u8]) {
    for status in [200, 400] {
        let client = SharedHttpClient::new(Fixed { status, content, body: Arc::from(body) });
        let session = Session::simulated(
            client,
            (SharedTimeSource::default(), ServerClock::of_its_own()),
            "eu-west-1",
            ScopeId(0),
            1,
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let ask = Ask::new(vec![source.clone()], Seq(1));
        let outcome = runtime.block_on(fetch(&session, ask, || Moment(NOW.parse().expect("a time"))));
        let fault = outcome.result.err();
        assert!(fault.is_none_or(|fault| !fault.message.contains("this is a bug")), "reading it panicked");
    }
}

/// Answers everything with one body.
#[derive(Clone)]
struct Fixed {
    status: u16,
    content: &'static str,
    body: Arc<[u8]>,
}

impl fmt::Debug for Fixed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Fixed")
    }
}

impl HttpClient for Fixed {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Fixed {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = StatusCode::try_from(self.status).expect("a status");
        let mut answer = HttpResponse::new(status, SdkBody::from(self.body.to_vec()));
        answer.headers_mut().insert("content-type", self.content);
        if self.content == "application/cbor" {
            answer.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
        }
        HttpConnectorFuture::ready(Ok(answer))
    }
}
