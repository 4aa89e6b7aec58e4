//! An environment as all services report it, through the SDK, and its state at an instant.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_elasticbeanstalk::operation::RequestId;
use aws_sdk_elasticbeanstalk::types::{EnvironmentHealthAttribute, EnvironmentStatus, InstancesHealthAttribute};
use aws_sdk_elasticloadbalancingv2::types::{ForwardActionConfig, TargetGroupTuple};
use beanpole::sim::{Faults, Scenario, World};

use crate::sim::sdk::{config, world, world_of};

/// The services on one region, and the environment that is watched.
pub(super) struct Watch {
    pub(super) region: World,
    pub(super) name: &'static str,
    pub(super) beanstalk: aws_sdk_elasticbeanstalk::Client,
    pub(super) balancing: aws_sdk_elasticloadbalancingv2::Client,
    pub(super) scaling: aws_sdk_autoscaling::Client,
}

/// What is seen at an instant.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) status: String,
    pub(super) label: String,
    pub(super) abortable: bool,
    pub(super) health: String,
    pub(super) causes: Vec<String>,
    /// Versions and deployment states by instance.
    pub(super) instances: BTreeMap<String, (String, String)>,
    /// Requests and 5xx answers of ten seconds.
    pub(super) answers: (i32, i32),
    /// Target states by target group, the environment's own first.
    pub(super) targets: Vec<BTreeMap<String, String>>,
    /// Weights of the target groups in the last listener's default action.
    pub(super) weights: Vec<i32>,
    /// Instances by Auto Scaling group, the permanent one first.
    pub(super) groups: Vec<BTreeSet<String>>,
}

impl Seen {
    pub(super) fn targets_in(&self, state: &str) -> usize {
        self.targets.iter().flat_map(BTreeMap::values).filter(|known| *known == state).count()
    }

    pub(super) fn running(&self, label: &str) -> usize {
        self.instances.values().filter(|(version, state)| version == label && state == "Deployed").count()
    }
}

impl Watch {
    pub(super) fn new(scenario: &str, name: &'static str) -> Self {
        Self::on(world(scenario), name)
    }

    pub(super) fn of(scenario: Scenario, name: &'static str) -> Self {
        Self::on(world_of(scenario), name)
    }

    pub(super) fn on(region: World, name: &'static str) -> Self {
        region.set_faults(Faults::none());
        let config = config(&region);
        Self {
            name,
            beanstalk: aws_sdk_elasticbeanstalk::Client::new(&config),
            balancing: aws_sdk_elasticloadbalancingv2::Client::new(&config),
            scaling: aws_sdk_autoscaling::Client::new(&config),
            region,
        }
    }

    pub(super) async fn update(&self, version: &str) -> String {
        let call = self.beanstalk.update_environment().environment_name(self.name).version_label(version);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status().map(EnvironmentStatus::as_str), Some("Updating"));
        assert_eq!(answer.version_label(), Some(version));
        answer.request_id().unwrap().to_owned()
    }

    pub(super) async fn abort(&self) {
        self.beanstalk.abort_environment_update().environment_name(self.name).send().await.unwrap();
    }

    /// Looks every five seconds until the environment is ready, at most for a number of minutes.
    pub(super) async fn until_ready(&self, minutes: usize) -> Vec<Seen> {
        let mut all = vec![self.look().await];
        while all.last().is_some_and(|seen| seen.status != "Ready") {
            assert!(all.len() <= minutes * 12, "still {:?}", all.last());
            tokio::time::sleep(Duration::from_secs(5)).await;
            all.push(self.look().await);
        }
        all
    }

    pub(super) async fn look(&self) -> Seen {
        let mut seen = Seen::default();
        let found = self.beanstalk.describe_environments().environment_names(self.name).send().await.unwrap();
        let environment = &found.environments()[0];
        seen.status = environment.status().unwrap().as_str().to_owned();
        seen.label = environment.version_label().unwrap().to_owned();
        seen.abortable = environment.abortable_operation_in_progress().unwrap();
        let health = self
            .beanstalk
            .describe_environment_health()
            .environment_name(self.name)
            .attribute_names(EnvironmentHealthAttribute::All)
            .send()
            .await
            .unwrap();
        seen.health = health.health_status().unwrap().to_owned();
        seen.causes = health.causes().to_vec();
        self.look_at_instances(&mut seen).await;
        self.look_at_groups(&mut seen).await;
        seen
    }

    pub(super) async fn look_at_instances(&self, seen: &mut Seen) {
        let all = InstancesHealthAttribute::All;
        let call = self.beanstalk.describe_instances_health().environment_name(self.name).attribute_names(all);
        for instance in call.send().await.unwrap().instance_health_list() {
            let word = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let deployment = instance.deployment().map(|one| (word(one.version_label()), word(one.status())));
            seen.instances.insert(word(instance.instance_id()), deployment.unwrap_or_default());
            let metrics = instance.application_metrics().unwrap();
            seen.answers.0 += metrics.request_count();
            seen.answers.1 += metrics.status_codes().unwrap().status5xx().unwrap_or_default();
        }
    }

    pub(super) async fn look_at_groups(&self, seen: &mut Seen) {
        let call = self.beanstalk.describe_environment_resources().environment_name(self.name);
        let resources = call.send().await.unwrap().environment_resources.unwrap();
        for group in resources.auto_scaling_groups() {
            let call = self.scaling.describe_auto_scaling_groups().auto_scaling_group_names(group.name().unwrap());
            let found = call.send().await.unwrap();
            let ids = found.auto_scaling_groups()[0].instances().iter().filter_map(|one| one.instance_id());
            seen.groups.push(ids.map(str::to_owned).collect());
        }
        let balancer = resources.load_balancers()[0].name().unwrap();
        let groups = self.balancing.describe_target_groups().load_balancer_arn(balancer).send().await.unwrap();
        for group in groups.target_groups() {
            let arn = group.target_group_arn().unwrap();
            let tags = self.balancing.describe_tags().resource_arns(arn).send().await.unwrap();
            if tags.tag_descriptions()[0].tags()[0].value() != Some(self.name) {
                continue;
            }
            let health = self.balancing.describe_target_health().target_group_arn(arn).send().await.unwrap();
            let states = health.target_health_descriptions().iter().map(|one| {
                let state = one.target_health().and_then(|health| health.state()).unwrap();
                (one.target().and_then(|target| target.id()).unwrap().to_owned(), state.as_str().to_owned())
            });
            seen.targets.push(states.collect());
        }
        let listeners = self.balancing.describe_listeners().load_balancer_arn(balancer).send().await.unwrap();
        let forward = listeners.listeners().last().and_then(|one| one.default_actions()[0].forward_config().cloned());
        let shares = forward.iter().flat_map(ForwardActionConfig::target_groups);
        seen.weights = shares.filter_map(TargetGroupTuple::weight).collect();
    }

    /// The messages since the start, the oldest first.
    pub(super) async fn events(&self, request: Option<&str>) -> Vec<String> {
        let start = aws_smithy_types::DateTime::from_secs(crate::sim::START - 3_600);
        let call = self.beanstalk.describe_events().environment_name(self.name).start_time(start);
        let answer = call.set_request_id(request.map(str::to_owned)).send().await.unwrap();
        answer.events().iter().rev().filter_map(|event| event.message().map(str::to_owned)).collect()
    }
}

/// All of these texts, in this order, with anything between them.
pub(super) fn in_order(messages: &[String], texts: &[&str]) {
    let mut rest = messages.iter();
    for text in texts {
        assert!(rest.any(|message| message.contains(text)), "`{text}` is not in its place in {messages:#?}");
    }
}
