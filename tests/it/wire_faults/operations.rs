//! The table of operations: each that beanpole sends, sent as it is sent, to things that exist.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use beanpole::aws::apply::{Sent, validate};
use beanpole::aws::{log_tails, look, request_tails, versions_of};
use beanpole::change::https::{DefaultAction, Move};
use beanpole::change::{ApiCall, Modification, Mute, NewVersion, OptionName, Work, delete_alarm, unmute};
use beanpole::model::{
    Answer, Ask, Batch, Covers, Fault, Key, Measure, Measured, Metric, MetricQuestion, Moment, Names, Seq, SeriesKey,
    Source, Statistic, TrafficSource, Window,
};

use super::breaking::Breaking;
use crate::support::SCOPE;
use crate::support::alarm::on_health;

/// The rule that mutes.
pub const MUTED: &str = "beanpole-web";

/// Mutes the alarm that there is.
pub fn mute(from: Moment) -> ApiCall {
    let alarms = vec!["web-hosts".into()];
    Mute { rule: MUTED.into(), description: "a test".into(), alarms, from, minutes: 60 }.call()
}

/// How an operation ended.
#[derive(Debug)]
pub enum Ended {
    /// An answer.
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
    pub send: for<'a> fn(&'a Breaking) -> Sending<'a>,
}

impl Operation {
    /// Its name, as AWS spells it.
    pub fn name(&self) -> &'static str {
        match self.action {
            "s3:GetObject" => "HeadObject",
            action => action.split_once(':').unwrap().1,
        }
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
async fn fetched(on: &Breaking, source: Source) -> Result<Batch, Arc<Fault>> {
    fetched_at_once(on, vec![source]).await
}

/// Reads sources of one kind with one call.
pub async fn fetched_at_once(on: &Breaking, sources: Vec<Source>) -> Result<Batch, Arc<Fault>> {
    let (names, metrics) = match sources[0] {
        Source::Settings(_) | Source::OptionDescriptions(_) => {
            (Some(Names { application: "shop".into(), environment: "web".into() }), None)
        }
        Source::Metrics(..) => (None, Some(question(on))),
        _ => (None, None),
    };
    let ask = Ask { names, metrics, ..Ask::new(sources, Seq(1)) };
    on.stage.ask(ask).await.result
}

fn question(on: &Breaking) -> MetricQuestion {
    let of = Measured { load_balancer: on.things.load_balancer.clone(), target_group: None, zone: None };
    let series = vec![SeriesKey { metric: Metric::RequestCount, statistic: Statistic::Sum, of }];
    MetricQuestion { series, window: Window::ending(on.stage.now(), std::time::Duration::from_mins(15), 60) }
}

macro_rules! source {
    ($action:literal, $on:ident, $source:expr) => {
        Operation {
            action: $action,
            writes: false,
            says_nothing: false,
            send: |$on| Box::pin(async move { read(fetched($on, $source).await) }),
        }
    };
}

macro_rules! call {
    ($action:literal, $on:ident, $call:expr) => {
        Operation {
            action: $action,
            writes: false,
            says_nothing: false,
            send: |$on| Box::pin(async move { read($call.await) }),
        }
    };
}

macro_rules! call_that_says_nothing {
    ($action:literal, $on:ident, $call:expr) => {
        Operation { says_nothing: true, ..call!($action, $on, $call) }
    };
}

macro_rules! write {
    ($action:literal, $on:ident, $call:expr) => {
        write!($action, $on, $call, false)
    };
    ($action:literal, $on:ident, $call:expr, $says_nothing:literal) => {
        Operation {
            action: $action,
            writes: true,
            says_nothing: $says_nothing,
            send: |$on| Box::pin(async move { sent($call.await) }),
        }
    };
}

/// Sends a write.
async fn written(on: &Breaking, call: ApiCall) -> Sent {
    on.stage.send(&call).await
}

/// A write of an environment.
async fn performed(on: &Breaking, work: Work) -> Sent {
    written(on, call_of(&on.things.environment, work)).await
}

/// The call that does it.
fn call_of(environment: &beanpole::model::Environment, work: Work) -> ApiCall {
    let operation = beanpole::change::Operation::of(environment, work);
    operation.calls().into_iter().find(|call| call.write().changes).unwrap()
}

async fn modified(on: &Breaking, modification: Modification) -> Sent {
    written(on, modification.call()).await
}

async fn moved(on: &Breaking, it: Move) -> Sent {
    written(on, it.call()).await
}

async fn validated(on: &Breaking) -> Result<(), Arc<Fault>> {
    let set = option();
    let asked = Modification::Validate { application: "shop".into(), environment: "web".into(), set };
    validate(&on.stage.session, &asked.call(), &|| on.stage.now()).await
}

fn option() -> Vec<(OptionName, String)> {
    let namespace = "aws:elasticbeanstalk:environment:process:default".into();
    vec![(OptionName { namespace, name: "StickinessEnabled" }, "true".to_owned())]
}

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    source!("sts:GetCallerIdentity", on, Source::Identity(SCOPE)),
    source!("elasticbeanstalk:DescribeEnvironments", on, Source::Environments(SCOPE)),
    source!("elasticloadbalancing:DescribeLoadBalancers", on, Source::LoadBalancers(SCOPE)),
    source!("elasticloadbalancing:DescribeTargetGroups", on, Source::TargetGroups(SCOPE)),
    source!("elasticbeanstalk:DescribeEvents", on, Source::Events(SCOPE)),
    source!("acm:ListCertificates", on, Source::Certificates(SCOPE)),
    source!("elasticbeanstalk:DescribeApplications", on, Source::Applications(SCOPE)),
    source!("elasticbeanstalk:ListPlatformVersions", on, Source::PlatformVersions(SCOPE)),
    source!("autoscaling:DescribeScheduledActions", on, Source::ScheduledActions(SCOPE)),
    source!("elasticloadbalancing:DescribeTags", on, Source::TargetGroupTags(on.things.group.clone())),
    source!("elasticbeanstalk:DescribeEnvironmentResources", on, Source::Resources(on.key())),
    source!(
        "autoscaling:DescribeAutoScalingGroups",
        on,
        Source::AutoScalingGroup(Key::new(SCOPE, on.things.scaling.clone()))
    ),
    source!("elasticloadbalancing:DescribeListeners", on, Source::Listeners(on.things.load_balancer.clone())),
    source!("elasticloadbalancing:DescribeRules", on, Source::Rules(on.things.listener.clone())),
    source!("elasticloadbalancing:DescribeTargetHealth", on, Source::TargetHealth(on.things.group.clone())),
    source!(
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        on,
        Source::TargetGroupAttributes(on.things.group.clone())
    ),
    source!(
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        on,
        Source::LoadBalancerAttributes(on.things.load_balancer.clone())
    ),
    source!(
        "elasticloadbalancing:DescribeListenerAttributes",
        on,
        Source::ListenerAttributes(on.things.listener.clone())
    ),
    source!(
        "elasticloadbalancing:DescribeListenerCertificates",
        on,
        Source::ListenerCertificates(on.things.listener.clone())
    ),
    source!("elasticbeanstalk:DescribeConfigurationOptions", on, Source::OptionDescriptions(on.key())),
    source!("elasticbeanstalk:DescribeConfigurationSettings", on, Source::Settings(on.key())),
    source!("elasticbeanstalk:DescribeEnvironmentHealth", on, Source::EnvironmentHealth(on.key())),
    source!("elasticbeanstalk:DescribeInstancesHealth", on, Source::InstancesHealth(on.key())),
    source!("ec2:DescribeInstances", on, Source::Instance(Key::new(SCOPE, on.things.instance.clone()))),
    source!("cloudwatch:GetMetricData", on, Source::Metrics(on.key(), Measure::Deploy)),
    call!(
        "elasticbeanstalk:DescribeApplicationVersions",
        on,
        versions_of(&on.stage.session, "shop", &|| on.stage.now())
    ),
    call!(
        "elasticbeanstalk:RequestEnvironmentInfo",
        on,
        request_tails(&on.stage.session, &on.key(), || on.stage.now())
    ),
    call!("elasticbeanstalk:RetrieveEnvironmentInfo", on, log_tails(&on.stage.session, &on.key(), || on.stage.now())),
    call!("elasticbeanstalk:ValidateConfigurationSettings", on, validated(on)),
    call!(
        "ec2:DescribeSecurityGroups",
        on,
        look::security_groups(&on.stage.session, &[], &"default".into(), &|| on.stage.now())
    ),
    source!("cloudwatch:DescribeAlarms", on, Source::RaisedAlarms(SCOPE)),
    source!(
        "cloudwatch:DescribeAlarmHistory",
        on,
        Source::AlarmHistory(Key::new(SCOPE, "arn:aws:cloudwatch:eu-west-1:471108151234:alarm:web-hosts"))
    ),
    call!("cloudwatch:ListAlarmMuteRules", on, look::mute_rules(&on.stage.session, "none", &|| on.stage.now())),
    call!("cloudwatch:GetAlarmMuteRule", on, look::mute_rule(&on.stage.session, MUTED, &|| on.stage.now())),
    write!("cloudwatch:PutMetricAlarm", on, written(on, on_health("web").call()), true),
    write!("cloudwatch:DeleteAlarms", on, written(on, delete_alarm("web-hosts")), true),
    write!("cloudwatch:PutAlarmMuteRule", on, written(on, mute(on.stage.now())), true),
    write!("cloudwatch:DeleteAlarmMuteRule", on, written(on, unmute(MUTED)), true),
    call!("elasticloadbalancing:DescribeSSLPolicies", on, look::tls_policies(&on.stage.session, &|| on.stage.now())),
    write!(
        "elasticbeanstalk:UpdateEnvironment",
        on,
        performed(on, Work::Deploy { version: "v2".into(), replaces: None })
    ),
    write!("elasticbeanstalk:CreateStorageLocation", on, written(on, NewVersion::storage_location())),
    // Its answer is in headers alone.
    write!("s3:PutObject", on, written(on, on.things.version.upload()), true),
    call_that_says_nothing!("s3:GetObject", on, look::object(&on.stage.session, &on.things.stored, &|| on.stage.now())),
    write!("elasticbeanstalk:CreateApplicationVersion", on, written(on, on.things.version.creation("shop"))),
    write!("elasticbeanstalk:RestartAppServer", on, performed(on, Work::Restart)),
    write!("elasticbeanstalk:SwapEnvironmentCNAMEs", on, swapped(on)),
    write!("elasticbeanstalk:AbortEnvironmentUpdate", on, abort(on)),
    write!("autoscaling:TerminateInstanceInAutoScalingGroup", on, terminated(on)),
    write!(
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        on,
        modified(
            on,
            Modification::TargetGroupAttributes(
                on.things.group.id.clone(),
                vec![("stickiness.enabled", "true".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyTargetGroup",
        on,
        modified(
            on,
            Modification::TargetGroup(on.things.group.id.clone(), vec![("HealthCheckPath", "/healthz".to_owned())])
        )
    ),
    write!(
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        on,
        modified(
            on,
            Modification::LoadBalancerAttributes(
                on.things.load_balancer.id.clone(),
                vec![("idle_timeout.timeout_seconds", "90".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyListenerAttributes",
        on,
        modified(
            on,
            Modification::ListenerAttributes(
                on.things.listener.id.clone(),
                vec![("routing.http.response.server.enabled", "false".to_owned())]
            )
        )
    ),
    write!(
        "elasticloadbalancing:ModifyListener",
        on,
        moved(
            on,
            Move::SetAction(on.things.listener.id.clone(), DefaultAction::Redirect { status: "HTTP_301".into() })
        )
    ),
    write!("elasticloadbalancing:CreateListener", on, create_listener(on)),
    write!("elasticloadbalancing:DeleteListener", on, moved(on, Move::DeleteListener(on.things.listener.id.clone()))),
    write!("elasticloadbalancing:CreateRule", on, create_rule(on)),
    write!("elasticloadbalancing:ModifyRule", on, moved(on, Move::SetRule(on.things.rule.clone(), "HTTP_301".into()))),
    write!("elasticloadbalancing:DeleteRule", on, moved(on, Move::DeleteRule(on.things.rule.clone()))),
    write!(
        "elasticloadbalancing:SetSecurityGroups",
        on,
        moved(on, Move::SetGroups(on.things.load_balancer.id.clone(), vec![on.things.security.clone()]))
    ),
    write!("ec2:CreateSecurityGroup", on, create_group(on)),
    write!("ec2:DeleteSecurityGroup", on, moved(on, Move::DeleteGroup(on.things.unused.clone()))),
    write!(
        "ec2:AuthorizeSecurityGroupIngress",
        on,
        moved(on, Move::Authorize(on.things.security.clone(), vec![TrafficSource::Ipv4("198.51.100.0/24".into())]))
    ),
    write!(
        "ec2:RevokeSecurityGroupIngress",
        on,
        moved(on, Move::Revoke(on.things.unused.clone(), vec![TrafficSource::Ipv4("203.0.113.0/24".into())]))
    ),
];

async fn abort(on: &Breaking) -> Sent {
    written(on, call_of(&on.things.busy, Work::Abort)).await
}

async fn swapped(on: &Breaking) -> Sent {
    let operation = beanpole::change::Operation::swap(&on.things.environment, &on.things.green).unwrap();
    written(on, operation.calls().remove(0)).await
}

async fn terminated(on: &Breaking) -> Sent {
    performed(on, Work::Replace { instance: on.things.instance.clone(), last_of: None }).await
}

async fn create_listener(on: &Breaking) -> Sent {
    let action = DefaultAction::Forward { groups: vec![(on.things.plain_group.clone(), 1)], stickiness: None };
    let it = Move::CreateListener {
        load_balancer: on.things.plain.clone(),
        certificate: on.things.certificate.clone(),
        policy: "ELBSecurityPolicy-TLS13-1-2-2021-06".into(),
        action,
    };
    moved(on, it).await
}

async fn create_rule(on: &Breaking) -> Sent {
    let listener = on.things.listener.id.clone();
    moved(on, Move::CreateRule { listener, priority: 8, status: "HTTP_301".into() }).await
}

async fn create_group(on: &Breaking) -> Sent {
    let it = Move::CreateGroup { name: "another".into(), description: "for a test".into(), vpc: on.things.vpc.clone() };
    moved(on, it).await
}

type Listed<'a> = Pin<Box<dyn Future<Output = (usize, Option<Arc<Fault>>)> + 'a>>;

/// A listing of several pages: how much came, and why not all.
async fn listed(on: &Breaking, source: Source) -> (usize, Option<Arc<Fault>>) {
    match fetched(on, source).await {
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
type Listing = (&'static str, for<'a> fn(&'a Breaking) -> Listed<'a>);

/// What is listed on several pages.
pub const LISTINGS: &[Listing] = &[
    ("elasticloadbalancing:DescribeLoadBalancers", |on| Box::pin(listed(on, Source::LoadBalancers(SCOPE)))),
    ("elasticloadbalancing:DescribeTargetGroups", |on| Box::pin(listed(on, Source::TargetGroups(SCOPE)))),
];
