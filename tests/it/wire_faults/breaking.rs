//! A simulated region, objects in it that operations are sent to, and a wire between them that breaks on demand.
//!
//! What a broken wire answers is written here, apart from the simulated region, as AWS and what is before it write it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::apply::Sent;
use beanpole::change::https::Move;
use beanpole::change::{BundleFile, NewVersion, hexadecimal};
use beanpole::model::{Answer, Environment, Key, Listener, LoadBalancer, ObjectLocation, Source, TargetGroup};
use beanpole::sim::{Faults, Policy, World};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use jiff::Timestamp;
use minicbor::Encoder;
use sha2::{Digest, Sha256};

use super::operations::mute;
use crate::support::scenarios::EVERYTHING;
use crate::support::{SCOPE, Stage, somebody};

/// How the wire breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Nothing listens.
    NoConnection,
    /// The connection is reset before the request arrives.
    ResetBefore,
    /// The request arrives, and the connection is reset before its answer.
    ResetAfter,
    /// 500, in AWS's form, before the operation.
    Internal,
    /// 503, in AWS's form.
    Unavailable,
    /// 400: too many requests.
    Throttled,
    /// 503: too many requests, in EC2's form.
    ThrottledWith503,
    /// A permission is missing.
    Denied,
    /// The credentials have expired.
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

    /// Returns the error in place of an answer, if it is in AWS's form: status, code and message.
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

/// What operations are sent to.
pub struct Things {
    pub environment: Environment,
    pub busy: Environment,
    /// Another Ready environment of the application.
    pub green: Environment,
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
    /// A security group that is in use, and one that is not and admits a source on 443.
    pub security: Arc<str>,
    pub unused: Arc<str>,
    pub vpc: Arc<str>,
    /// A version that is not created yet; its bundle is in the bucket already.
    pub version: NewVersion,
    pub stored: ObjectLocation,
}

/// A stage with these things on it, and a wire that breaks.
pub struct Breaking {
    pub stage: Stage,
    pub things: Things,
    wire: Arc<Wire>,
}

impl Breaking {
    /// Returns a region with one of each object that an operation needs.
    pub async fn new() -> Self {
        Self::on(EVERYTHING).await
    }

    /// Returns a region so large that its listings have several pages.
    pub async fn large() -> Self {
        Self::on(&format!("{EVERYTHING}{}", section!("fleet", environments = 600))).await
    }

    async fn on(text: &str) -> Self {
        let wire = Arc::<Wire>::default();
        let broken = Arc::clone(&wire);
        let stage = Stage::written(text);
        let clock = stage.clock;
        let stage = stage.between(move |request, inner| broken.carry(request, inner, clock.now().0));
        stage.world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        let things = Things::find(&stage).await;
        Self { stage, things, wire }
    }

    pub fn key(&self) -> Key<Environment> {
        self.things.environment.key.clone()
    }

    /// Breaks the wire like this from now on, or repairs it; requests are counted again.
    pub fn breaks(&self, broken: Option<Broken>) {
        self.wire.set(broken, 1);
    }

    /// The wire breaks from this request on.
    pub fn breaks_from(&self, request: u32, broken: Broken) {
        self.wire.set(Some(broken), request);
    }

    /// What it sends to the region until its result is there, each call as the IAM action that it needs.
    pub async fn calls<T>(&self, sending: impl Future<Output = T>) -> (T, Vec<String>) {
        self.stage.world.clear_calls();
        let result = sending.await;
        let calls = self.stage.world.calls();
        (result, calls.iter().map(|call| format!("{}:{}", call.service, call.operation)).collect())
    }

    /// How many requests were sent since it was last set.
    pub fn requests(&self) -> u32 {
        self.wire.sent.load(Ordering::Relaxed)
    }

    /// Whether one of them arrived.
    pub fn arrived(&self) -> bool {
        self.wire.arrived.load(Ordering::Relaxed) > 0
    }
}

impl Things {
    async fn find(stage: &Stage) -> Self {
        let Answer::Environments(environments) = stage.answer(Source::Environments(SCOPE)).await else { panic!() };
        let Answer::LoadBalancers(balancers) = stage.answer(Source::LoadBalancers(SCOPE)).await else { panic!() };
        let Answer::TargetGroups(groups) = stage.answer(Source::TargetGroups(SCOPE)).await else { panic!() };
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
        let Answer::Listeners(_, listeners) = stage.answer(Source::Listeners(balancer.key.clone())).await else {
            panic!()
        };
        let Answer::Resources(resources) = stage.answer(Source::Resources(environment.key.clone())).await else {
            panic!()
        };
        let Answer::Certificates(certificates) = stage.answer(Source::Certificates(SCOPE)).await else { panic!() };
        let secure = listeners.iter().find(|listener| listener.port == Some(443)).unwrap_or(&listeners[0]);
        let (security, unused, vpc) = groups_of(&stage.world, &balancer);
        let rule = Move::CreateRule { listener: secure.key.id.clone(), priority: 7, status: "HTTP_302".into() };
        let sent = stage.send(&rule.call()).await;
        let Sent::Accepted { made: Some(rule), .. } = sent else { panic!("{sent:?}") };
        let sent = stage.send(&mute(stage.now())).await;
        assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
        let version = new_version();
        for call in [NewVersion::storage_location(), version.upload()] {
            let sent = stage.send(&call).await;
            assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
        }
        Self {
            stored: ObjectLocation { bucket: version.bucket.clone(), key: version.key.clone() },
            version,
            busy: named("busy"),
            green: named("plain"),
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

/// A version whose bundle is a file of this project: S3 does not look at what it is.
fn new_version() -> NewVersion {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT");
    let content = std::fs::read(path).unwrap();
    let sha256 = hexadecimal(&Sha256::digest(&content));
    let file = BundleFile { path: path.into(), bytes: content.len() as u64, sha256: sha256.into() };
    NewVersion::new("shop", "v9", "elasticbeanstalk-eu-west-1-471108151234", file)
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
struct Wire {
    broken: Mutex<(Option<Broken>, u32)>,
    sent: AtomicU32,
    arrived: AtomicU32,
}

impl Wire {
    fn set(&self, broken: Option<Broken>, from: u32) {
        *self.broken.lock().unwrap() = (broken, from);
        self.sent.store(0, Ordering::Relaxed);
        self.arrived.store(0, Ordering::Relaxed);
    }

    /// The fault of the next request, which is counted.
    fn next(&self) -> Option<Broken> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let (broken, from) = *self.broken.lock().unwrap();
        broken.filter(|_| number >= from)
    }

    /// Carries a request, or what is left of it; `now` is what a refusal is dated.
    fn carry(&self, request: HttpRequest, inner: &SharedHttpConnector, now: Timestamp) -> HttpConnectorFuture {
        let Some(broken) = self.next() else { return inner.call(request) };
        let service = service(&request);
        let io = |kind| ConnectorError::io(Box::new(std::io::Error::from(kind)));
        let reset = move || io(std::io::ErrorKind::ConnectionReset);
        if let Some((status, code, message)) = broken.refusal(&service) {
            let answer = refused(&service, status, code, message, now);
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
        self.arrived.fetch_add(1, Ordering::Relaxed);
        let answer = inner.call(request);
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

/// Returns the signing name of the request's service.
fn service(request: &HttpRequest) -> String {
    let authorization = request.headers().get("authorization").unwrap_or_default();
    authorization.split('/').nth(3).unwrap_or_default().to_owned()
}

/// Returns a refusal in the form and the protocol of a service.
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
