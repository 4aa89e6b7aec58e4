//! One read: from the requested sources to an answer or a fault.
//!
//! All sources of one read are of one kind, as many as [`Source::most_in_a_call`] allows; the first decides what is
//! called.

use std::sync::Arc;

use super::call::Call;
use super::caught::caught;
use super::session::Session;
use super::{
    acm, alarms, applications, autoscaling, beanstalk, cloudwatch, ec2, elb, health, options, routing, security, sts,
    versions,
};
use crate::model::{Ask, Batch, Fault, FaultKind, Moment, ReadOutcome, Service, Source};

/// Reads the sources from AWS. A panic on the way is a fault like any other, so that the caller does not wait for ever.
pub async fn fetch(session: &Session, ask: Ask, now: impl Fn() -> Moment + Send + Sync) -> ReadOutcome {
    let (service, operation) =
        ask.sources.first().map_or((Service::Sts, "nothing"), |source| (source.service(), source.operation()));
    let mut call = Call::new(session, service, operation, &now);
    let result = match caught(Box::pin(read(&mut call, &ask))).await {
        Ok(result) => result,
        Err(panic) => {
            let message =
                format!("beanpole failed while it read {operation}: {panic}; this is a bug, please report it");
            Err(call.fault(FaultKind::Other, message))
        }
    };
    let requests = call.requests;
    ReadOutcome { sources: ask.sources, seq: ask.seq, at: now(), requests, result }
}

async fn read(call: &mut Call<'_>, ask: &Ask) -> Result<Batch, Arc<Fault>> {
    let sources = ask.sources.as_slice();
    let Some(first) = sources.first() else {
        return Err(call.fault(FaultKind::Invalid, "nothing was asked for"));
    };
    match first {
        Source::Identity(_) => sts::identity(call).await,
        Source::Environments(_) => beanstalk::environments(call).await,
        Source::Events(_) => beanstalk::events(call, ask.since).await,
        Source::History(environment) => beanstalk::history(call, environment).await,
        Source::Resources(environment) => beanstalk::resources(call, environment).await,
        Source::Settings(environment) => beanstalk::settings(call, environment, ask.names.as_ref()).await,
        Source::OptionDescriptions(environment) => options::descriptions(call, environment, ask.names.as_ref()).await,
        Source::EnvironmentHealth(environment) => health::environment(call, environment).await,
        Source::InstancesHealth(environment) => health::instances(call, environment).await,
        Source::LoadBalancers(_) => elb::load_balancers(call).await,
        Source::TargetGroups(_) => elb::target_groups(call).await,
        Source::TargetHealth(group) => elb::target_health(call, group).await,
        Source::TargetGroupAttributes(group) => elb::target_group_attributes(call, group).await,
        Source::LoadBalancerAttributes(balancer) => elb::load_balancer_attributes(call, balancer).await,
        Source::ListenerCertificates(listener) => routing::listener_certificates(call, listener).await,
        Source::ListenerAttributes(listener) => routing::listener_attributes(call, listener).await,
        Source::LoadBalancerTags(_) | Source::TargetGroupTags(_) => elb::tags(call, &ids(sources)).await,
        Source::Listeners(balancer) => routing::listeners(call, balancer).await,
        Source::Rules(listener) => routing::rules(call, listener).await,
        Source::AutoScalingGroup(_) => autoscaling::groups(call, &ids(sources)).await,
        Source::SecurityGroup(_) => security::described(call, &ids(sources)).await,
        Source::Instance(_) => ec2::instances(call, "instance-id", &ids(sources)).await,
        Source::InstanceAt(_) => ec2::instances(call, "private-ip-address", &ids(sources)).await,
        Source::Versions(application) => versions::versions(call, application).await,
        Source::RaisedAlarms(_) => alarms::raised(call).await,
        Source::Alarms(_) => alarms::all(call).await,
        Source::AlarmHistory(alarm) => alarms::history(call, alarm).await,
        Source::Applications(_) => applications::applications(call).await,
        Source::PlatformVersions(_) => applications::recommended_platforms(call).await,
        Source::ScheduledActions(_) => autoscaling::scheduled_actions(call).await,
        Source::Certificates(_) => acm::certificates(call).await,
        Source::Metrics(..) => cloudwatch::metric_data(call, ask.metrics.as_ref()).await,
    }
}

/// The ids of sources that are read several in a call.
fn ids(sources: &[Source]) -> Vec<Arc<str>> {
    sources.iter().filter_map(Source::subject).cloned().collect()
}
