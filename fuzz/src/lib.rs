//! The two ends of the wire, for the fuzz targets and for the suite's properties: bytes as a request to the simulated
//! region, and bytes as AWS's answer to us.
//!
//! [`xml`], [`cbor`], [`json`] and [`form`] are what the targets of these names do with an input.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::{ServerClock, Session, SharedTimeSource, fetch};
use beanpole::model::{
    Ask, Key, Measure, Measured, Metric, MetricQuestion, Moment, Names, ScopeId, Seq, SeriesKey, Source, Statistic,
    Window,
};
use beanpole::sim::{Faults, Request, Response, Scenario, World};

/// The time in the region.
const NOW: &str = "2026-11-23T14:00:00Z";
/// Where the SDK sends what `CloudWatch` is asked.
pub const METRIC_DATA: &str = "/service/GraniteServiceVersion20100801/operation/GetMetricData";

const SCOPE: ScopeId = ScopeId(0);

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| Scenario::embedded("shop").expect("a scenario"));

/// XML: answers of the services that speak the query protocols. The first byte selects what is read, `a` for the first of
/// [`xml_sources`]; the rest is the answer.
pub fn xml(input: &[u8]) {
    let Some((first, body)) = input.split_first() else { return };
    let sources = xml_sources();
    answer(&sources[usize::from(first.wrapping_sub(b'a')) % sources.len()], body);
}

/// CBOR: a request to the simulated `CloudWatch`, and an answer of `CloudWatch`.
pub fn cbor(input: &[u8]) {
    request(&region(), METRIC_DATA, &[("content-type", "application/cbor")], input);
    answer(&metrics(), input);
}

/// JSON: requests to the simulated `CloudWatch` and ACM, and an answer of ACM.
pub fn json(input: &[u8]) {
    let region = region();
    for target in ["GraniteServiceVersion20100801.GetMetricData", "CertificateManager.ListCertificates"] {
        request(&region, "/", &[("x-amz-target", target)], input);
    }
    answer(&Source::Certificates(SCOPE), input);
}

/// A form: a request to the services that speak the query protocols, or to `CloudWatch` as it once did.
pub fn form(input: &[u8]) {
    request(&region(), "/", &[("content-type", "application/x-www-form-urlencoded")], input);
}

/// Everything that is read from XML.
pub fn xml_sources() -> Vec<Source> {
    let environment = || Key::new(SCOPE, "e-1");
    let (balancer, group, listener) =
        (|| Key::new(SCOPE, BALANCER), || Key::new(SCOPE, "group"), || Key::new(SCOPE, "l"));
    vec![
        Source::Environments(SCOPE),
        Source::Events(SCOPE),
        Source::History(environment()),
        Source::Resources(environment()),
        Source::Settings(environment()),
        Source::EnvironmentHealth(environment()),
        Source::InstancesHealth(environment()),
        Source::Versions(Key::new(SCOPE, "shop")),
        Source::LoadBalancers(SCOPE),
        Source::LoadBalancerTags(balancer()),
        Source::LoadBalancerAttributes(balancer()),
        Source::Listeners(balancer()),
        Source::Rules(listener()),
        Source::ListenerAttributes(listener()),
        Source::TargetGroups(SCOPE),
        Source::TargetHealth(group()),
        Source::TargetGroupAttributes(group()),
        Source::AutoScalingGroup(Key::new(SCOPE, "asg")),
        Source::Instance(Key::new(SCOPE, "i-1")),
        Source::Identity(SCOPE),
    ]
}

const BALANCER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:471108151234:loadbalancer/app/awseb--AWSEB-1/50dc6c495c0c9188";

/// What is read from CBOR.
pub fn metrics() -> Source {
    Source::Metrics(Key::new(SCOPE, "e-1"), Measure::Row)
}

fn ask(source: &Source) -> Ask {
    let of = Measured { load_balancer: Key::new(SCOPE, BALANCER), target_group: None, zone: None };
    let series = vec![SeriesKey { metric: Metric::RequestCount, statistic: Statistic::Sum, of }];
    let window = Window::ending(now(), Duration::from_secs(900), 60);
    Ask {
        names: Some(Names { application: "shop".into(), environment: "shop-web-prod".into() }),
        metrics: Some(MetricQuestion { series, window }),
        ..Ask::new(vec![source.clone()], Seq(1))
    }
}

fn now() -> Moment {
    Moment(NOW.parse().expect("a time"))
}

/// A region as it is before anything is written.
pub fn region() -> World {
    let region = World::new(SCENARIO.clone(), || now().0);
    region.set_faults(Faults::none());
    region
}

/// Sends a region a request with this body.
pub fn request(region: &World, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signed = "AWS4-HMAC-SHA256 Credential=A/20261123/eu-west-1/none/aws4_request";
    headers.push(("authorization".to_owned(), signed.to_owned()));
    region.answer(&Request { method: "POST".to_owned(), path: path.to_owned(), headers, body: body.to_vec() })
}

/// Reads a source whose answer is this body, once as an answer and once as a refusal.
///
/// # Panics
/// When reading it does: [`fetch`] makes a fault of that.
pub fn answer(source: &Source, body: &[u8]) {
    let content = match source {
        Source::Certificates(_) => "application/x-amz-json-1.1",
        Source::Metrics(..) => "application/cbor",
        _ => "text/xml",
    };
    for status in [200, 400] {
        let client = SharedHttpClient::new(Fixed { status, content, body: Arc::from(body) });
        let session =
            Session::simulated(client, (SharedTimeSource::default(), ServerClock::of_its_own()), "eu-west-1", SCOPE, 1);
        // Whatever is waited for, a refused call's next attempt, comes at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let outcome = runtime.expect("a runtime").block_on(fetch(&session, ask(source), now));
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
