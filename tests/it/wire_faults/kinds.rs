//! A source of each kind that is in the table, all of them in the simulated region.

use beanpole::model::{Key, Measure, Source};

use super::breaking::Breaking;
use crate::support::SCOPE;

/// One of each kind.
pub fn of_each_kind(on: &Breaking) -> Vec<Source> {
    let things = &on.things;
    let (environment, balancer, group) = (on.key(), things.load_balancer.clone(), things.group.clone());
    vec![
        Source::Identity(SCOPE),
        Source::Environments(SCOPE),
        Source::LoadBalancers(SCOPE),
        Source::TargetGroups(SCOPE),
        Source::Events(SCOPE),
        Source::History(environment.clone()),
        Source::Versions(Key::new(SCOPE, "shop")),
        Source::Applications(SCOPE),
        Source::PlatformVersions(SCOPE),
        Source::ScheduledActions(SCOPE),
        Source::Certificates(SCOPE),
        Source::RaisedAlarms(SCOPE),
        Source::Alarms(SCOPE),
        Source::AlarmHistory(Key::new(SCOPE, "arn:aws:cloudwatch:eu-west-1:471108151234:alarm:web-hosts")),
        Source::LoadBalancerTags(balancer.clone()),
        Source::TargetGroupTags(group.clone()),
        Source::Resources(environment.clone()),
        Source::AutoScalingGroup(Key::new(SCOPE, things.scaling.clone())),
        Source::SecurityGroup(Key::new(SCOPE, things.security.clone())),
        Source::Listeners(balancer.clone()),
        Source::Rules(things.listener.clone()),
        Source::TargetHealth(group.clone()),
        Source::TargetGroupAttributes(group),
        Source::LoadBalancerAttributes(balancer),
        Source::ListenerAttributes(things.listener.clone()),
        Source::ListenerCertificates(things.listener.clone()),
        Source::Settings(environment.clone()),
        Source::OptionDescriptions(environment.clone()),
        Source::EnvironmentHealth(environment.clone()),
        Source::InstancesHealth(environment.clone()),
        Source::Instance(Key::new(SCOPE, things.instance.clone())),
        Source::InstanceAt(Key::new(SCOPE, "10.0.0.1")),
        Source::Metrics(environment, Measure::Deploy),
    ]
}
