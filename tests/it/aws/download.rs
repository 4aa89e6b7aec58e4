//! Files behind URLs: which are accepted, which are not, and the messages. The server is a connector of the test's own,
//! because no well-behaved region sends such things.

use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::{ServerClock, Session, download_tail, log_tails};
use beanpole::model::{Fault, FaultKind, Key, Moment, ScopeId};

/// Beanstalk points at this URL, and there is this answer.
#[derive(Clone, Debug)]
struct Bucket {
    url: &'static str,
    status: u16,
    bytes: usize,
}

impl HttpClient for Bucket {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Bucket {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert!(request.method() == "POST" || request.headers().get("authorization").is_none(), "nobody else's keys");
        let (status, body) = match request.method() {
            "POST" => (200, answer(self.url).into_bytes()),
            _ => (self.status, vec![b'x'; self.bytes]),
        };
        HttpConnectorFuture::ready(Ok(HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))))
    }
}

fn answer(url: &str) -> String {
    format!(
        "<RetrieveEnvironmentInfoResponse><RetrieveEnvironmentInfoResult><EnvironmentInfo><member>\
         <InfoType>tail</InfoType><Ec2InstanceId>i-1</Ec2InstanceId><Message>{url}</Message></member>\
         </EnvironmentInfo></RetrieveEnvironmentInfoResult></RetrieveEnvironmentInfoResponse>"
    )
}

/// How many bytes came, or why none.
async fn fetched(url: &'static str, status: u16, bytes: usize) -> Result<usize, Fault> {
    let http = SharedHttpClient::new(Bucket { url, status, bytes });
    let session =
        Session::simulated(http, (SharedTimeSource::default(), ServerClock::of_its_own()), "eu-west-1", ScopeId(0), 1);
    let now = || Moment::EPOCH;
    let files = log_tails(&session, &Key::new(ScopeId(0), "e-1"), now).await.unwrap();
    let tail = download_tail(&session, &files[0], now).await;
    tail.map(|tail| tail.text.len()).map_err(|fault| (*fault).clone())
}

const URL: &str = "https://bucket.s3.eu-west-1.amazonaws.com/tail.out?Signature=secret";

#[tokio::test]
async fn a_file_may_be_large_and_not_endless() {
    assert_eq!(fetched(URL, 200, 8 << 20).await, Ok(8 << 20));
    let fault = fetched(URL, 200, (8 << 20) + 1).await.unwrap_err();
    assert_eq!(&*fault.message, "the file from bucket.s3.eu-west-1.amazonaws.com is larger than 8 MiB");
}

#[tokio::test]
async fn a_bucket_that_gives_nothing_is_reported_without_the_secret() {
    let table = [
        (403, FaultKind::NotFound, "expired"),
        (404, FaultKind::NotFound, "not there any more"),
        (503, FaultKind::Throttled, "slow down"),
        (307, FaultKind::Other, "elsewhere"),
        (500, FaultKind::Other, "HTTP 500"),
    ];
    for (status, kind, words) in table {
        let fault = fetched(URL, status, 10).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{status}");
        assert!(fault.message.contains(words) && !fault.message.contains("secret"), "{}", fault.message);
    }
}

#[tokio::test]
async fn an_address_that_aws_would_not_name_is_not_asked() {
    for url in ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "no URL at all"] {
        let fault = fetched(url, 200, 10).await.unwrap_err();
        assert!(fault.message.contains("neither HTTPS nor the endpoint"), "{}", fault.message);
    }
}
