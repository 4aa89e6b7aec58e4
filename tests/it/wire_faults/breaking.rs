//! A simulated region, things in it that operations are sent to, and a wire between them that breaks as it is told.
//!
//! What a broken wire answers is written here, apart from the simulated region, as AWS and what stands before it write it.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::apply::{Sent, send};
use beanpole::aws::{ServerClock, Session, SharedHttpClient, SharedTimeSource, fetch};
use beanpole::change::https::Move;
use beanpole::model::{
    Answer, Ask, Environment, Key, Listener, LoadBalancer, Moment, ScopeId, Seq, Source, TargetGroup,
};
use beanpole::sim::{Faults, Policy, Scenario, World, in_process};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use jiff::Timestamp;
use minicbor::Encoder;
use tokio::time::Instant;

use super::operations::mute;
use crate::support::scenarios::EVERYTHING;
use crate::support::somebody;

const SCOPE: ScopeId = ScopeId(0);

/// How the wire breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Nothing listens.
    NoConnection,
    /// The connection is reset before the request arrives.
    ResetBefore,
    /// The request arrives, and the connection is reset before its answer.
    ResetAfter,
    /// 500, in AWS's words, before it is done.
    Internal,
    /// 503, in AWS's words.
    Unavailable,
    /// 400: too many requests.
    Throttled,
    /// 503: too many requests, as EC2 says it.
    ThrottledWith503,
    /// A permission is missing.
    Denied,
    /// The credentials are no longer good.
    Expired,
    /// 200, and nothing.
    Empty,
    /// 200, and the first half of the answer.
    Cut,
    /// 200, and a page for people.
    Html,
    /// 302, to a page for people.
    Redirect,
    /// The answer, under another content type.
    WrongContentType,
    /// Never an answer.
    Stall,
    /// The head of an answer, and never its body.
    StallWithin,
}

/// All of them.
pub const FAULTS: &[Broken] = &[
    Broken::NoConnection,
    Broken::ResetBefore,
    Broken::ResetAfter,
    Broken::Internal,
    Broken::Unavailable,
    Broken::Throttled,
    Broken::ThrottledWith503,
    Broken::Denied,
    Broken::Expired,
    Broken::Empty,
    Broken::Cut,
    Broken::Html,
    Broken::Redirect,
    Broken::WrongContentType,
    Broken::Stall,
    Broken::StallWithin,
];

impl Broken {
    /// Whether the region gets the request.
    pub fn arrives(self) -> bool {
        matches!(
            self,
            Self::ResetAfter | Self::Empty | Self::Cut | Self::Html | Self::WrongContentType | Self::StallWithin
        )
    }

    /// What is said in place of an answer, if it is said in AWS's words: status, code and message.
    fn refusal(self, service: &str) -> Option<(u16, &'static str, &'static str)> {
        let is_json = matches!(service, "acm" | "monitoring");
        let either = |query, json| if is_json { json } else { query };
        let forbidden = if is_json { 400 } else { 403 };
        Some(match self {
            Self::Internal => (500, either("InternalFailure", "InternalServiceError"), "Something went wrong."),
            Self::Unavailable => (503, "ServiceUnavailable", "The service is unavailable. Please try again shortly."),
            Self::Throttled => (400, either("Throttling", "ThrottlingException"), "Rate exceeded"),
            Self::ThrottledWith503 => (503, "RequestLimitExceeded", "Request limit exceeded."),
            Self::Denied => (forbidden, either("AccessDenied", "AccessDeniedException"), "User: x is not authorized"),
            Self::Expired => (
                forbidden,
                either("ExpiredToken", "ExpiredTokenException"),
                "The security token included in the request is expired",
            ),
            _ => return None,
        })
    }
}

/// The time of the test: a fixed beginning, and tokio's clock from there.
#[derive(Clone, Copy, Debug)]
struct Clock(Instant);

impl Clock {
    fn now(self) -> Timestamp {
        Timestamp::from_second(1_795_442_400).unwrap().checked_add(self.0.elapsed()).unwrap()
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        Clock::now(*self).into()
    }
}

/// What operations are sent to.
pub struct Things {
    pub environment: Environment,
    pub busy: Environment,
    pub load_balancer: Key<LoadBalancer>,
    pub group: Key<TargetGroup>,
    pub listener: Key<Listener>,
    /// A rule of that listener.
    pub rule: Arc<str>,
    pub scaling: Arc<str>,
    pub instance: Arc<str>,
    pub certificate: Arc<str>,
    /// A load balancer without HTTPS, and its target group.
    pub plain: Arc<str>,
    pub plain_group: Arc<str>,
    /// A security group that is in use, and one that is not and lets somebody in on 443.
    pub security: Arc<str>,
    pub unused: Arc<str>,
    pub vpc: Arc<str>,
}

/// A region, what is in it, and the wire to it.
pub struct Stage {
    pub session: Session,
    pub things: Things,
    clock: Clock,
    wire: Wire,
}

impl Stage {
    /// With each thing that there is an operation for.
    pub async fn new() -> Self {
        Self::of(EVERYTHING).await
    }

    /// With so much that it is listed on several pages.
    pub async fn large() -> Self {
        Self::of(&format!("{EVERYTHING}[fleet]\nenvironments = 600\n")).await
    }

    async fn of(text: &str) -> Self {
        let scenario = Scenario::from_toml("wire", text).unwrap();
        let clock = Clock(Instant::now());
        let world = World::new(scenario, move || clock.now());
        world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        let wire = Wire { world: world.clone(), clock, state: Arc::default() };
        let session = Session::simulated(
            wire.client(),
            (SharedTimeSource::new(clock), ServerClock::of_its_own()),
            "eu-west-1",
            SCOPE,
            0,
        );
        let things = Things::find(&session, &world, clock).await;
        Self { session, things, clock, wire }
    }

    pub fn now(&self) -> Moment {
        Moment(self.clock.now())
    }

    pub fn key(&self) -> Key<Environment> {
        self.things.environment.key.clone()
    }

    /// The wire breaks like this from now on, or works; requests are counted anew.
    pub fn breaks(&self, broken: Option<Broken>) {
        self.wire.set(broken, 1);
    }

    /// The wire breaks from this request on.
    pub fn breaks_from(&self, request: u32, broken: Broken) {
        self.wire.set(Some(broken), request);
    }

    /// What it sends to the region until its result is there, each call as the IAM action that it needs.
    pub async fn calls<T>(&self, sending: impl Future<Output = T>) -> (T, Vec<String>) {
        self.wire.world.clear_calls();
        let result = sending.await;
        let calls = self.wire.world.calls();
        (result, calls.iter().map(|call| format!("{}:{}", call.service, call.operation)).collect())
    }

    /// How many requests were sent since it was last set.
    pub fn requests(&self) -> u32 {
        self.wire.state.sent.load(Ordering::Relaxed)
    }

    /// Whether one of them arrived.
    pub fn arrived(&self) -> bool {
        self.wire.state.arrived.load(Ordering::Relaxed) > 0
    }
}

impl Things {
    async fn find(session: &Session, world: &World, clock: Clock) -> Self {
        let read = async |source: Source| {
            let ask = Ask::new(vec![source], Seq(0));
            fetch(session, ask, || Moment(clock.now())).await.result.unwrap().answer
        };
        let Answer::Environments(environments) = read(Source::Environments(SCOPE)).await else { panic!() };
        let Answer::LoadBalancers(balancers) = read(Source::LoadBalancers(SCOPE)).await else { panic!() };
        let Answer::TargetGroups(groups) = read(Source::TargetGroups(SCOPE)).await else { panic!() };
        let named = |name: &str| environments.iter().find(|it| &*it.name == name).unwrap().clone();
        let in_front = |environment: &Environment| {
            let url = environment.endpoint_url.clone().unwrap();
            let is_it = |it: &&LoadBalancer| it.dns_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&url));
            balancers.iter().find(is_it).unwrap().clone()
        };
        let behind = |balancer: &LoadBalancer| {
            groups.iter().find(|group| group.load_balancers.contains(&balancer.key)).unwrap().key.clone()
        };
        let environment = named("web");
        let (balancer, without) = (in_front(&environment), in_front(&named("plain")));
        let Answer::Listeners(_, listeners) = read(Source::Listeners(balancer.key.clone())).await else { panic!() };
        let Answer::Resources(resources) = read(Source::Resources(environment.key.clone())).await else { panic!() };
        let Answer::Certificates(certificates) = read(Source::Certificates(SCOPE)).await else { panic!() };
        let secure = listeners.iter().find(|listener| listener.port == Some(443)).unwrap_or(&listeners[0]);
        let (security, unused, vpc) = groups_of(world, &balancer);
        let rule = Move::CreateRule { listener: secure.key.id.clone(), priority: 7, status: "HTTP_302".into() };
        let sent = send(session, &rule.call(), &|| Moment(clock.now())).await;
        let Sent::Accepted { made: Some(rule), .. } = sent else { panic!("{sent:?}") };
        let sent = send(session, &mute(Moment(clock.now())), &|| Moment(clock.now())).await;
        assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
        Self {
            busy: named("busy"),
            group: behind(&balancer),
            listener: secure.key.clone(),
            rule,
            scaling: resources.auto_scaling_groups[0].clone(),
            instance: resources.instances[0].clone(),
            certificate: certificates[0].key.id.clone(),
            plain_group: behind(&without).id,
            plain: without.key.id,
            load_balancer: balancer.key,
            environment,
            security,
            unused,
            vpc,
        }
    }
}

/// A security group of a load balancer, another that nothing carries, and their VPC.
fn groups_of(world: &World, balancer: &LoadBalancer) -> (Arc<str>, Arc<str>, Arc<str>) {
    let (security, vpc) = (balancer.security_groups[0].clone(), balancer.vpc.clone().unwrap());
    let create = format!(
        "Action=CreateSecurityGroup&Version=2016-11-15&GroupName=unused&GroupDescription=for+a+test&VpcId={vpc}"
    );
    let made = somebody::ask(world, "ec2", &create);
    let unused = somebody::between(&made, "groupId").to_owned();
    let open = format!(
        "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId={unused}&IpPermissions.1.IpProtocol=tcp\
         &IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443&IpPermissions.1.IpRanges.1.CidrIp=203.0.113.0/24"
    );
    assert!(somebody::ask(world, "ec2", &open).contains("<return>true</return>"));
    (security, unused.into(), vpc)
}

/// What the wire does and has seen.
#[derive(Debug, Default)]
struct State {
    broken: Mutex<(Option<Broken>, u32)>,
    sent: AtomicU32,
    arrived: AtomicU32,
}

/// The wire to a region.
#[derive(Clone)]
struct Wire {
    world: World,
    clock: Clock,
    state: Arc<State>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    fn client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    fn set(&self, broken: Option<Broken>, from: u32) {
        *self.state.broken.lock().unwrap() = (broken, from);
        self.state.sent.store(0, Ordering::Relaxed);
        self.state.arrived.store(0, Ordering::Relaxed);
    }

    /// The fault of the next request, which is counted.
    fn next(&self) -> Option<Broken> {
        let number = self.state.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let (broken, from) = *self.state.broken.lock().unwrap();
        broken.filter(|_| number >= from)
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = in_process::http_client(self.world.clone()).http_connector(settings, parts);
        SharedHttpConnector::new(Connector { wire: self.clone(), inner })
    }
}

#[derive(Debug)]
struct Connector {
    wire: Wire,
    inner: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(broken) = self.wire.next() else { return self.inner.call(request) };
        let service = service(&request);
        let io = |kind| ConnectorError::io(Box::new(std::io::Error::from(kind)));
        let reset = move || io(std::io::ErrorKind::ConnectionReset);
        if let Some((status, code, message)) = broken.refusal(&service) {
            let answer = refused(&service, status, code, message, self.wire.clock.now());
            return HttpConnectorFuture::ready(Ok(answer));
        }
        match broken {
            Broken::NoConnection => {
                let refused = io(std::io::ErrorKind::ConnectionRefused).never_connected();
                return HttpConnectorFuture::ready(Err(refused));
            }
            Broken::ResetBefore => return HttpConnectorFuture::ready(Err(reset())),
            Broken::Stall => return HttpConnectorFuture::new(std::future::pending()),
            Broken::Redirect => {
                let mut answer = page(302);
                answer.headers_mut().insert("location", "https://login.example/");
                return HttpConnectorFuture::ready(Ok(answer));
            }
            _ => {}
        }
        self.wire.state.arrived.fetch_add(1, Ordering::Relaxed);
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            assert_eq!(answer.status().as_u16(), 200, "{:?}", answer.body());
            Ok(match broken {
                Broken::ResetAfter => return Err(reset()),
                Broken::Empty => with_body(&answer, SdkBody::empty()),
                Broken::Cut => {
                    let whole = answer.body().bytes().unwrap();
                    with_body(&answer, SdkBody::from(&whole[..whole.len() / 2]))
                }
                Broken::Html => page(200),
                Broken::StallWithin => {
                    let never = stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
                    with_body(&answer, SdkBody::from_body_1_x(StreamBody::new(never)))
                }
                _ => {
                    let mut other = with_body(&answer, SdkBody::from(answer.body().bytes().unwrap()));
                    other.headers_mut().insert("content-type", "text/plain");
                    other
                }
            })
        })
    }
}

/// The same answer with another body.
fn with_body(answer: &HttpResponse, body: SdkBody) -> HttpResponse {
    let mut other = HttpResponse::new(answer.status(), body);
    *other.headers_mut() = answer.headers().clone();
    other
}

/// A page of a proxy or of a network that wants a login.
fn page(status: u16) -> HttpResponse {
    let text = "<!DOCTYPE html>\n<html>\n<head><title>Sign in</title></head>\n<body>Sign in</body>\n</html>\n";
    let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(text));
    answer.headers_mut().insert("content-type", "text/html");
    answer
}

/// The signing name of the service that is asked.
fn service(request: &HttpRequest) -> String {
    let authorization = request.headers().get("authorization").unwrap_or_default();
    authorization.split('/').nth(3).unwrap_or_default().to_owned()
}

/// A refusal in the words and the protocol of a service.
fn refused(service: &str, status: u16, code: &str, message: &str, now: Timestamp) -> HttpResponse {
    let (content, body) = match service {
        "ec2" => (
            "text/xml;charset=UTF-8",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{message}\
                 </Message></Error></Errors><RequestID>r-1</RequestID></Response>"
            )
            .into_bytes(),
        ),
        "acm" => (
            "application/x-amz-json-1.1",
            format!("{{\"__type\":\"{code}\",\"message\":\"{message}\"}}").into_bytes(),
        ),
        "monitoring" => {
            let mut encoder = Encoder::new(Vec::new());
            let kind = format!("com.amazonaws.cloudwatch#{code}");
            encoder.map(2).unwrap().str("__type").unwrap().str(&kind).unwrap();
            encoder.str("message").unwrap().str(message).unwrap();
            ("application/cbor", encoder.into_writer())
        }
        _ => (
            "text/xml",
            format!(
                "<ErrorResponse xmlns=\"http://webservices.amazon.com/\"><Error><Type>Sender</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
            )
            .into_bytes(),
        ),
    };
    let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
    answer.headers_mut().insert("content-type", content);
    if service == "monitoring" {
        answer.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
    }
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    answer.headers_mut().insert("date", date);
    answer
}
