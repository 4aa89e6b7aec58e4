//! The table of operations: each that beanpole sends, sent as it is sent, to things that exist.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use beanpole::aws::apply::{Sent, send, validate};
use beanpole::aws::{fetch, log_tails, look, request_tails, versions_of};
use beanpole::change::https::{DefaultAction, Move};
use beanpole::change::{ApiCall, Modification, Mute, OptionName, Work, unmute};
use beanpole::model::{
    Answer, Ask, Batch, Covers, Fault, Key, Measure, Measured, Metric, MetricQuestion, Moment, Names, ScopeId, Seq,
    SeriesKey, Source, Statistic, TrafficSource, Window,
};

use super::breaking::Stage;

/// The rule that mutes.
pub const MUTED: &str = "beanpole-web";

/// Mutes the alarm that there is.
pub fn mute(from: Moment) -> ApiCall {
    let alarms = vec!["web-hosts".into()];
    Mute { rule: MUTED.into(), description: "a test".into(), alarms, from, minutes: 60 }.call()
}

const SCOPE: ScopeId = ScopeId(0);

/// How an operation ended.
#[derive(Debug)]
pub enum Ended {
    /// With an answer.
    Answered,
    /// A read failed.
    Fault(Arc<Fault>),
    /// A write did certainly not arrive.
    Refused(Arc<Fault>),
    /// A write may have arrived.
    Lost(Arc<Fault>),
}

type Sending<'a> = Pin<Box<dyn Future<Output = Ended> + 'a>>;

/// An operation.
pub struct Operation {
    /// Its IAM action.
    pub action: &'static str,
    /// Whether it changes something.
    pub writes: bool,
    /// Whether the body of its answer is empty.
    pub says_nothing: bool,
    /// Sends it.
    pub send: for<'a> fn(&'a Stage) -> Sending<'a>,
}

impl Operation {
    /// Its name, as AWS spells it.
    pub fn name(&self) -> &'static str {
        self.action.split_once(':').unwrap().1
    }
}

fn read<T>(answer: Result<T, Arc<Fault>>) -> Ended {
    answer.map_or_else(Ended::Fault, |_| Ended::Answered)
}

fn sent(sent: Sent) -> Ended {
    match sent {
        Sent::Accepted { .. } => Ended::Answered,
        Sent::Refused(fault) => Ended::Refused(fault),
        Sent::Lost(fault) => Ended::Lost(fault),
    }
}

/// Reads a source as the dashboard does.
async fn fetched(stage: &Stage, source: Source) -> Result<Batch, Arc<Fault>> {
    fetched_at_once(stage, vec![source]).await
}

/// Reads sources of one kind with one call.
pub async fn fetched_at_once(stage: &Stage, sources: Vec<Source>) -> Result<Batch, Arc<Fault>> {
    let (names, metrics) = match sources[0] {
        Source::Settings(_) => (Some(Names { application: "shop".into(), environment: "web".into() }), None),
        Source::Metrics(..) => (None, Some(question(stage))),
        _ => (None, None),
    };
    let ask = Ask { names, metrics, ..Ask::new(sources, Seq(1)) };
    fetch(&stage.session, ask, || stage.now()).await.result
}

fn question(stage: &Stage) -> MetricQuestion {
    let of = Measured { load_balancer: stage.things.load_balancer.clone(), target_group: None, zone: None };
    let series = vec![SeriesKey { metric: Metric::RequestCount, statistic: Statistic::Sum, of }];
    MetricQuestion { series, window: Window::ending(stage.now(), std::time::Duration::from_mins(15), 60) }
}

macro_rules! source {
    ($action:literal, $stage:ident, $source:expr) => {
        Operation {
            action: $action,
            writes: false,
            says_nothing: false,
            send: |$stage| Box::pin(async move { read(fetched($stage, $source).await) }),
        }
    };
}

macro_rules! call {
    ($action:literal, $stage:ident, $call:expr) => {
        Operation {
            action: $action,
            writes: false,
            says_nothing: false,
            send: |$stage| Box::pin(async move { read($call.await) }),
        }
    };
}

macro_rules! write {
    ($action:literal, $stage:ident, $call:expr) => {
        write!($action, $stage, $call, false)
    };
    ($action:literal, $stage:ident, $call:expr, $says_nothing:literal) => {
        Operation {
            action: $action,
            writes: true,
            says_nothing: $says_nothing,
            send: |$stage| Box::pin(async move { sent($call.await) }),
        }
    };
}

/// Sends a write.
async fn written(stage: &Stage, call: ApiCall) -> Sent {
    send(&stage.session, &call, &|| stage.now()).await
}

/// A write of an environment.
async fn performed(stage: &Stage, work: Work) -> Sent {
    written(stage, call_of(&stage.things.environment, work)).await
}

/// The call that does it.
fn call_of(environment: &beanpole::model::Environment, work: Work) -> ApiCall {
    let operation = beanpole::change::Operation::of(environment, work);
    operation.calls().into_iter().find(|call| call.write().changes).unwrap()
}

async fn modified(stage: &Stage, modification: Modification) -> Sent {
    written(stage, modification.call()).await
}

async fn moved(stage: &Stage, it: Move) -> Sent {
    written(stage, it.call()).await
}

async fn validated(stage: &Stage) -> Result<(), Arc<Fault>> {
    let set = option();
    let asked = Modification::Validate { application: "shop".into(), environment: "web".into(), set };
    validate(&stage.session, &asked.call(), &|| stage.now()).await
}

fn option() -> Vec<(OptionName, String)> {
    let namespace = "aws:elasticbeanstalk:environment:process:default".into();
    vec![(OptionName { namespace, name: "StickinessEnabled" }, "true".to_owned())]
}

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    source!("sts:GetCallerIdentity", stage, Source::Identity(SCOPE)),
    source!("elasticbeanstalk:DescribeEnvironments", stage, Source::Environments(SCOPE)),
    source!("elasticloadbalancing:DescribeLoadBalancers", stage, Source::LoadBalancers(SCOPE)),
    source!("elasticloadbalancing:DescribeTargetGroups", stage, Source::TargetGroups(SCOPE)),
    source!("elasticbeanstalk:DescribeEvents", stage, Source::Events(SCOPE)),
    source!("acm:ListCertificates", stage, Source::Certificates(SCOPE)),
    source!("elasticloadbalancing:DescribeTags", stage, Source::TargetGroupTags(stage.things.group.clone())),
    source!("elasticbeanstalk:DescribeEnvironmentResources", stage, Source::Resources(stage.key())),
    source!(
        "autoscaling:DescribeAutoScalingGroups",
        stage,
        Source::AutoScalingGroup(Key::new(SCOPE, stage.things.scaling.clone()))
    ),
    source!("elasticloadbalancing:DescribeListeners", stage, Source::Listeners(stage.things.load_balancer.clone())),
    source!("elasticloadbalancing:DescribeRules", stage, Source::Rules(stage.things.listener.clone())),
    source!("elasticloadbalancing:DescribeTargetHealth", stage, Source::TargetHealth(stage.things.group.clone())),
    source!(
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        stage,
        Source::TargetGroupAttributes(stage.things.group.clone())
    ),
    source!(
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        stage,
        Source::LoadBalancerAttributes(stage.things.load_balancer.clone())
    ),
    source!(
        "elasticloadbalancing:DescribeListenerAttributes",
        stage,
        Source::ListenerAttributes(stage.things.listener.clone())
    ),
    source!("elasticbeanstalk:DescribeConfigurationSettings", stage, Source::Settings(stage.key())),
    source!("elasticbeanstalk:DescribeEnvironmentHealth", stage, Source::EnvironmentHealth(stage.key())),
    source!("elasticbeanstalk:DescribeInstancesHealth", stage, Source::InstancesHealth(stage.key())),
    source!("ec2:DescribeInstances", stage, Source::Instance(Key::new(SCOPE, stage.things.instance.clone()))),
    source!("cloudwatch:GetMetricData", stage, Source::Metrics(stage.key(), Measure::Deploy)),
    call!("elasticbeanstalk:DescribeApplicationVersions", stage, versions_of(&stage.session, "shop", &|| stage.now())),
    call!(
        "elasticbeanstalk:RequestEnvironmentInfo",
        stage,
        request_tails(&stage.session, &stage.key(), || stage.now())
    ),
    call!("elasticbeanstalk:RetrieveEnvironmentInfo", stage, log_tails(&stage.session, &stage.key(), || stage.now())),
    call!("elasticbeanstalk:ValidateConfigurationSettings", stage, validated(stage)),
    call!(
        "ec2:DescribeSecurityGroups",
        stage,
        look::security_groups(&stage.session, &[], &"default".into(), &|| stage.now())
    ),
    call!("cloudwatch:DescribeAlarms", stage, look::alarms(&stage.session, &|| stage.now())),
    call!("cloudwatch:ListAlarmMuteRules", stage, look::mute_rules(&stage.session, "none", &|| stage.now())),
    call!("cloudwatch:GetAlarmMuteRule", stage, look::mute_rule(&stage.session, MUTED, &|| stage.now())),
    write!("cloudwatch:PutAlarmMuteRule", stage, written(stage, mute(stage.now())), true),
    write!("cloudwatch:DeleteAlarmMuteRule", stage, written(stage, unmute(MUTED)), true),
    call!("elasticloadbalancing:DescribeSSLPolicies", stage, look::tls_policies(&stage.session, &|| stage.now())),
    write!(
        "elasticbeanstalk:UpdateEnvironment",
        stage,
        performed(stage, Work::Deploy { version: "v2".into(), replaces: None })
    ),
    write!("elasticbeanstalk:RestartAppServer", stage, performed(stage, Work::Restart)),
    write!("elasticbeanstalk:AbortEnvironmentUpdate", stage, abort(stage)),
    write!("autoscaling:TerminateInstanceInAutoScalingGroup", stage, terminated(stage)),
    write!(
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        stage,
        modified(
            stage,
            Modification::TargetGroupAttributes(
                stage.things.group.id.clone(),
                vec![("stickiness.enabled", "true".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyTargetGroup",
        stage,
        modified(
            stage,
            Modification::TargetGroup(stage.things.group.id.clone(), vec![("HealthCheckPath", "/healthz".to_owned())])
        )
    ),
    write!(
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        stage,
        modified(
            stage,
            Modification::LoadBalancerAttributes(
                stage.things.load_balancer.id.clone(),
                vec![("idle_timeout.timeout_seconds", "90".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyListenerAttributes",
        stage,
        modified(
            stage,
            Modification::ListenerAttributes(
                stage.things.listener.id.clone(),
                vec![("routing.http.response.server.enabled", "false".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyListener",
        stage,
        moved(
            stage,
            Move::SetAction(stage.things.listener.id.clone(), DefaultAction::Redirect { status: "HTTP_301".into() })
        )
    ),
    write!("elasticloadbalancing:CreateListener", stage, create_listener(stage)),
    write!(
        "elasticloadbalancing:DeleteListener",
        stage,
        moved(stage, Move::DeleteListener(stage.things.listener.id.clone()))
    ),
    write!("elasticloadbalancing:CreateRule", stage, create_rule(stage)),
    write!(
        "elasticloadbalancing:ModifyRule",
        stage,
        moved(stage, Move::SetRule(stage.things.rule.clone(), "HTTP_301".into()))
    ),
    write!("elasticloadbalancing:DeleteRule", stage, moved(stage, Move::DeleteRule(stage.things.rule.clone()))),
    write!(
        "elasticloadbalancing:SetSecurityGroups",
        stage,
        moved(stage, Move::SetGroups(stage.things.load_balancer.id.clone(), vec![stage.things.security.clone()]))
    ),
    write!("ec2:CreateSecurityGroup", stage, create_group(stage)),
    write!("ec2:DeleteSecurityGroup", stage, moved(stage, Move::DeleteGroup(stage.things.unused.clone()))),
    write!(
        "ec2:AuthorizeSecurityGroupIngress",
        stage,
        moved(
            stage,
            Move::Authorize(stage.things.security.clone(), vec![TrafficSource::Ipv4("198.51.100.0/24".into())])
        )
    ),
    write!(
        "ec2:RevokeSecurityGroupIngress",
        stage,
        moved(stage, Move::Revoke(stage.things.unused.clone(), vec![TrafficSource::Ipv4("203.0.113.0/24".into())]))
    ),
];

async fn abort(stage: &Stage) -> Sent {
    written(stage, call_of(&stage.things.busy, Work::Abort)).await
}

async fn terminated(stage: &Stage) -> Sent {
    performed(stage, Work::Replace { instance: stage.things.instance.clone(), last_of: None }).await
}

async fn create_listener(stage: &Stage) -> Sent {
    let action = DefaultAction::Forward { groups: vec![(stage.things.plain_group.clone(), 1)], stickiness: None };
    let it = Move::CreateListener {
        load_balancer: stage.things.plain.clone(),
        certificate: stage.things.certificate.clone(),
        policy: "ELBSecurityPolicy-TLS13-1-2-2021-06".into(),
        action,
    };
    moved(stage, it).await
}

async fn create_rule(stage: &Stage) -> Sent {
    let listener = stage.things.listener.id.clone();
    moved(stage, Move::CreateRule { listener, priority: 8, status: "HTTP_301".into() }).await
}

async fn create_group(stage: &Stage) -> Sent {
    let it =
        Move::CreateGroup { name: "another".into(), description: "for a test".into(), vpc: stage.things.vpc.clone() };
    moved(stage, it).await
}

type Listed<'a> = Pin<Box<dyn Future<Output = (usize, Option<Arc<Fault>>)> + 'a>>;

/// A listing of several pages: how much came, and why not all.
async fn listed(stage: &Stage, source: Source) -> (usize, Option<Arc<Fault>>) {
    match fetched(stage, source).await {
        Ok(batch) => {
            let items = match batch.answer {
                Answer::Environments(items) => items.len(),
                Answer::LoadBalancers(items) => items.len(),
                Answer::TargetGroups(items) => items.len(),
                other => panic!("{other:?}"),
            };
            let Covers::Partial(fault) = batch.covers else { return (items, None) };
            (items, Some(fault))
        }
        Err(fault) => (0, Some(fault)),
    }
}

/// An action that lists, and how it is sent.
type Listing = (&'static str, for<'a> fn(&'a Stage) -> Listed<'a>);

/// What is listed on several pages.
pub const LISTINGS: &[Listing] = &[
    ("elasticloadbalancing:DescribeLoadBalancers", |stage| Box::pin(listed(stage, Source::LoadBalancers(SCOPE)))),
    ("elasticloadbalancing:DescribeTargetGroups", |stage| Box::pin(listed(stage, Source::TargetGroups(SCOPE)))),
];
