//! The course of an update of options: accepted, a minute of Updating, and the live values that it overwrites.
//!
//! Only what an option changes is overwritten, and nothing if the option has its value already. Whether the siblings of an
//! option that changed are reset with it is UNVERIFIED, so the scenario decides it (`resets_siblings`).

use super::event::Event;
use super::overrides::{Configured, On, Override};
use super::track::Deploy;
use super::write::Configure;
use super::{Environment, OptionSetting, Region};

/// The resource of the environment's stack that could not be changed, and why.
struct Failure {
    resource: String,
    reason: String,
}

/// When the live values change, and when the update is over, after it began (milliseconds).
pub(super) const LANDS: i64 = 38_000;
const LASTS: i64 = 52_000;

/// Options of a process: the key of the live value, and Beanstalk's default.
const PROCESS: &[(&str, &str, &str)] = &[
    ("DeregistrationDelay", "deregistration_delay.timeout_seconds", "20"),
    ("HealthCheckInterval", "health_check.interval", "15"),
    ("HealthCheckPath", "health_check.path", "/"),
    ("HealthCheckTimeout", "health_check.timeout", "5"),
    ("HealthyThresholdCount", "health_check.healthy_threshold", "3"),
    ("UnhealthyThresholdCount", "health_check.unhealthy_threshold", "5"),
    ("MatcherHTTPCode", "health_check.matcher", "200"),
    ("StickinessEnabled", "stickiness.enabled", "false"),
    ("StickinessLBCookieDuration", "stickiness.lb_cookie.duration_seconds", "86400"),
    ("StickinessType", "stickiness.type", "lb_cookie"),
];

const BALANCER: &[(&str, &str, &str)] = &[
    ("IdleTimeout", "idle_timeout.timeout_seconds", "60"),
    ("AccessLogsS3Enabled", "access_logs.s3.enabled", "false"),
    ("AccessLogsS3Bucket", "access_logs.s3.bucket", ""),
    ("AccessLogsS3Prefix", "access_logs.s3.prefix", ""),
];

/// The namespace of the Auto Scaling group's options.
pub(super) const SCALING: &str = "aws:autoscaling:asg";

const SIZES: &[(&str, &str, &str)] = &[("MinSize", "MinSize", "1"), ("MaxSize", "MaxSize", "4")];

const LISTENER: &[(&str, &str, &str)] =
    &[("SSLPolicy", "policy", "ELBSecurityPolicy-2016-08"), ("SSLCertificateArns", "certificate", "")];

impl Region {
    /// Computes the course of an update of options that may run.
    pub(super) fn configure(&self, place: usize, order: &Configure, aborted: Option<i64>) -> (Configured, Deploy) {
        let environment = &self.environments[place];
        let lands = order.at + LANDS;
        let aborted = aborted.filter(|at| (order.at..lands).contains(at));
        let ended = aborted.map_or(order.at + LASTS, |at| at + 15_000);
        let fails = if aborted.is_none() { self.failure(place, order) } else { None };
        let configured = Configured {
            begun: order.at,
            ended,
            aborted: aborted.is_some() || fails.is_some(),
            failed: fails.is_some(),
            options: order.options.clone(),
            overrides: self.consequences(place, order),
            rolled_back: if fails.is_some() { self.rolled_back(place, order, ended - 2_000) } else { Vec::new() },
        };
        let deploy = Deploy {
            begun: order.at,
            ended,
            aborted,
            abortable_until: lands,
            succeeded: aborted.is_none() && fails.is_none(),
            release: environment.deploys.iter().rev().find(|it| it.succeeded).map_or(0, |it| it.release),
            events: self.update_events(environment, order, (aborted.is_some(), fails.as_ref()), ended),
            temporary: None,
            shares: Vec::new(),
            health: Vec::new(),
            settled: ended + 30_000,
            configures: true,
        };
        (configured, deploy)
    }

    fn update_events(
        &self,
        environment: &Environment,
        order: &Configure,
        (is_aborted, fails): (bool, Option<&Failure>),
        ended: i64,
    ) -> Vec<Event> {
        let name = &environment.name;
        let event = |at: i64, message: &str| Event {
            request_id: Some(order.request_id.clone()),
            ..Event::new(self.epoch + at, "INFO", message)
        };
        let managed = order.managed.then(|| event(order.at - 1_000, super::MANAGED));
        let mut events = vec![
            event(order.at, "Environment update is starting."),
            event(order.at + 4_000, &format!("Updating environment {name}'s configuration settings.")),
        ];
        events.extend(managed);
        if is_aborted {
            events.retain(|event| event.at <= self.epoch + ended);
            events.push(event(ended, "The environment was reverted to the previous configuration setting."));
        } else if let Some(Failure { resource, reason }) = fails {
            // The order and the texts of aws-toolkit-visual-studio #77.
            let stack = format!("awseb-{}-stack", environment.id);
            let stopped = format!(
                "Service:AmazonCloudFormation, Message:Stack named '{stack}' aborted operation. Current state: \
                 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: The following resource(s) failed to update: [{resource}]. "
            );
            let error = |at, message: &str| Event { severity: "ERROR", ..event(at, message) };
            events.push(error(order.at + LANDS, &stopped));
            events.push(error(order.at + LANDS + 600, reason));
            events.push(error(ended - 1_000, "Failed to deploy configuration."));
            events.push(event(ended, "The environment was reverted to the previous configuration setting."));
            if order.managed {
                events.push(error(ended + 600, "Managed update failed, retrying in 60 minutes."));
            }
        } else {
            events.push(event(ended - 1_000, "Successfully deployed new configuration to environment."));
            events.push(event(ended, "Environment update completed successfully."));
        }
        events
    }

    /// Returns why an update fails, if it does: the scenario wants it, or AWS would refuse it.
    fn failure(&self, place: usize, order: &Configure) -> Option<Failure> {
        let balancer = self.environments[place].load_balancer.map(|balancer| &self.load_balancers[balancer]);
        let failure = |resource: &str, reason: String| Some(Failure { resource: resource.to_owned(), reason });
        if let Some(reason) = &order.fails {
            let arn = balancer.map_or("", |balancer| &balancer.arn);
            return failure(
                "AWSEBV2LoadBalancer",
                format!("Updating load balancer named: {arn} failed Reason: {reason}"),
            );
        }
        // Absent and empty are not alike here (cloudposse/terraform-aws-elastic-beanstalk-environment #81).
        let mut options = order.options.iter();
        let without_policy = options.find(|(namespace, name, value)| {
            namespace.starts_with("aws:elbv2:listener:") && name == "SSLPolicy" && value.as_deref() == Some("")
        });
        if let Some((namespace, ..)) = without_policy {
            let port = namespace.rsplit(':').next().unwrap_or_default();
            return failure(
                &format!("AWSEBV2LoadBalancerListener{port}"),
                "Creating Load Balancer listener failed Reason: An SSL policy must be specified for HTTPS listeners"
                    .to_owned(),
            );
        }
        let port = self.collides(place, order)?;
        // Seen in forums with similar texts; the wording is UNVERIFIED.
        failure(
            &format!("AWSEBV2LoadBalancerListener{port}"),
            "Creating Load Balancer listener failed Reason: A listener already exists on this port for this load balancer \
             (Service: ElasticLoadBalancingV2, Error Code: DuplicateListener)"
                .to_owned(),
        )
    }

    /// Whether an update changes what instances are launched from.
    pub(super) fn replaces_instances(&self, place: usize, order: &Configure) -> bool {
        let before = self.options_at(place, order.at);
        order.managed
            || order.options.iter().any(|(namespace, name, value)| {
                let launches = ["aws:autoscaling:launchconfiguration", "aws:ec2:instances", "aws:ec2:vpc"]
                    .contains(&namespace.as_str());
                launches && effective(&before, namespace, name, "") != value.as_deref().unwrap_or_default()
            })
    }

    /// Whether an update changes what the application servers read when they start.
    pub(super) fn restarts_servers(&self, place: usize, order: &Configure) -> bool {
        let before = self.options_at(place, order.at);
        let is_read = |namespace: &str| {
            [
                "aws:elasticbeanstalk:application:environment",
                "aws:elasticbeanstalk:environment:proxy",
                "aws:elasticbeanstalk:xray",
            ]
            .contains(&namespace)
        };
        order.options.iter().any(|(namespace, name, value)| {
            is_read(namespace) && effective(&before, namespace, name, "") != value.as_deref().unwrap_or_default()
        })
    }

    /// Returns the live values that the update overwrites.
    fn consequences(&self, place: usize, order: &Configure) -> Vec<Override> {
        let before = self.options_at(place, order.at);
        let is_changed = |(namespace, name, value): &&(String, String, Option<String>)| {
            let default = row(namespace, name).map_or("", |(_, _, default)| default);
            let unset = || self.unset_value(place, order, (namespace, name), default);
            effective(&before, namespace, name, default) != value.clone().unwrap_or_else(unset)
        };
        let mut overrides = Vec::new();
        for (namespace, name, value) in order.options.iter().filter(is_changed) {
            let Some(on) = self.object_of(place, namespace) else { continue };
            let rows = table(namespace);
            if self.resets_siblings {
                for (option, key, default) in rows.iter().filter(|(option, ..)| option != name) {
                    let asked = order.options.iter().find(|it| it.0 == *namespace && it.1 == *option);
                    let value = asked.map_or_else(
                        || effective(&before, namespace, option, default).to_owned(),
                        |asked| asked.2.clone().unwrap_or_else(|| (*default).to_owned()),
                    );
                    overrides.push(Override { at: order.at + LANDS, on, key: (*key).to_owned(), value });
                }
            }
            if let Some((_, key, default)) = row(namespace, name) {
                let unset = || self.unset_value(place, order, (namespace, name), default);
                let value = value.clone().unwrap_or_else(unset);
                overrides.push(Override { at: order.at + LANDS, on, key: key.to_owned(), value });
            }
        }
        overrides
    }

    /// What going back writes, once the update has failed: what it would have changed, as the options were before.
    fn rolled_back(&self, place: usize, order: &Configure, at: i64) -> Vec<Override> {
        let before = self.options_at(place, order.at);
        let mut overrides = self.consequences(place, order);
        for it in &mut overrides {
            let changed = order.options.iter().find_map(|(namespace, ..)| {
                let (option, _, default) = *table(namespace).iter().find(|(_, key, _)| *key == it.key)?;
                (self.object_of(place, namespace) == Some(it.on))
                    .then(|| effective(&before, namespace, option, default).to_owned())
            });
            it.at = at;
            it.value = changed.unwrap_or_default();
        }
        overrides
    }

    /// The object that a namespace's options make.
    pub(super) fn object_of(&self, environment: usize, namespace: &str) -> Option<On> {
        if namespace == SCALING {
            return Some(On::Scaling(environment));
        }
        let environment = &self.environments[environment];
        if let Some(process) = namespace.strip_prefix("aws:elasticbeanstalk:environment:process:") {
            let groups = &environment.processes;
            return groups.iter().find(|group| self.target_groups[**group].process == process).map(|it| On::Group(*it));
        }
        let balancer = environment.load_balancer?;
        if namespace == "aws:elbv2:loadbalancer" {
            return Some(On::Balancer(balancer));
        }
        let port = namespace.strip_prefix("aws:elbv2:listener:")?;
        let port = if port == "default" { 80 } else { port.parse().ok()? };
        let listeners = &self.load_balancers[balancer].listeners;
        let is_meant = |listener: &super::Listener| listener.port == port && listener.lives.end == i64::MAX;
        listeners.iter().position(is_meant).map(|place| On::Listener(balancer, place))
    }
}

fn table(namespace: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    match namespace {
        "aws:elbv2:loadbalancer" => BALANCER,
        SCALING => SIZES,
        it if it.starts_with("aws:elbv2:listener:") => LISTENER,
        it if it.starts_with("aws:elasticbeanstalk:environment:process:") => PROCESS,
        _ => &[],
    }
}

fn row(namespace: &str, name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    table(namespace).iter().find(|(option, ..)| *option == name).copied()
}

/// The key of the live value that an option makes, and Beanstalk's default; none if it makes none.
pub(super) fn default_of(namespace: &str, name: &str) -> Option<(&'static str, &'static str)> {
    row(namespace, name).map(|(_, key, default)| (key, default))
}

pub(super) fn effective<'a>(options: &'a [OptionSetting], namespace: &str, name: &str, default: &'a str) -> &'a str {
    let option = options.iter().find(|option| option.namespace == namespace && option.name == name);
    option.and_then(|option| option.value.as_deref()).unwrap_or(default)
}
