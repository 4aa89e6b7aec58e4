//! The option settings of an environment, as `DescribeConfigurationSettings` lists them.
//!
//! Every option that Beanstalk knows is there; one that was never set has no value at all (seen in real dumps).

use super::{Environment, OptionSetting, Region};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{EnvironmentSpec, GroupSettings, Kind, ProcessSpec};

const LOAD_BALANCER: &str = "AWSEBV2LoadBalancer";
const TARGET_GROUP: &str = "AWSEBV2LoadBalancerTargetGroup";
const SCALING_GROUP: &str = "AWSEBAutoScalingGroup";

/// Gathers settings in the order in which they are listed.
#[derive(Default)]
struct Settings(Vec<OptionSetting>);

impl Settings {
    fn add(&mut self, namespace: &str, resource: Option<&'static str>, options: &[(&str, Option<String>)]) {
        self.0.extend(options.iter().map(|(name, value)| OptionSetting {
            namespace: namespace.to_owned(),
            name: (*name).to_owned(),
            value: value.clone(),
            resource,
        }));
    }

    /// A value from the scenario: `namespace/Option`.
    fn lay_over(&mut self, key: &str, value: &str) {
        let (namespace, name) = key.rsplit_once('/').unwrap_or(("", key));
        match self.0.iter_mut().find(|option| option.namespace == namespace && option.name == name) {
            Some(option) => option.value = Some(value.to_owned()),
            None => self.add(namespace, None, &[(name, Some(value.to_owned()))]),
        }
    }
}

#[expect(clippy::unnecessary_wraps, clippy::needless_pass_by_value, reason = "tables of options read better with it")]
fn some(value: impl ToString) -> Option<String> {
    Some(value.to_string())
}

impl Region {
    pub(super) fn options(&self, place: usize, spec: &EnvironmentSpec) -> Vec<OptionSetting> {
        let environment = &self.environments[place];
        let mut settings = Settings::default();
        self.everywhere(&mut settings, environment, spec);
        if environment.load_balancer.is_some() && spec.kind != Kind::Classic {
            self.balanced(&mut settings, environment, spec);
        }
        for (key, value) in &spec.options {
            settings.lay_over(key, value);
        }
        settings.0.sort_by(|one, other| (&one.namespace, &one.name).cmp(&(&other.namespace, &other.name)));
        settings.0
    }

    fn everywhere(&self, settings: &mut Settings, environment: &Environment, spec: &EnvironmentSpec) {
        let single = spec.kind == Kind::Single;
        let kind = match spec.kind {
            Kind::Application | Kind::ApplicationShared => some("application"),
            Kind::Network => some("network"),
            Kind::Classic => some("classic"),
            Kind::Single | Kind::Worker => None,
        };
        settings.add(
            "aws:elasticbeanstalk:environment",
            None,
            &[
                ("EnvironmentType", some(if single { "SingleInstance" } else { "LoadBalanced" })),
                ("LoadBalancerType", kind),
                ("LoadBalancerIsShared", some(spec.kind == Kind::ApplicationShared)),
                ("ServiceRole", some("aws-elasticbeanstalk-service-role")),
                ("ExternalExtensionsS3Bucket", None),
            ],
        );
        Self::scaling(settings, environment, spec);
        Self::operation(settings, spec);
        self.machines(settings, spec);
    }

    fn scaling(settings: &mut Settings, environment: &Environment, spec: &EnvironmentSpec) {
        let single = spec.kind == Kind::Single;
        settings.add(
            "aws:autoscaling:asg",
            Some(SCALING_GROUP),
            &[
                ("MinSize", some(if single { 1 } else { spec.instances.clamp(1, 2) })),
                ("MaxSize", some(if single { 1 } else { environment.max_instances })),
                ("Cooldown", some(360)),
                ("Availability Zones", some("Any")),
                ("Custom Availability Zones", some("")),
                ("EnableCapacityRebalancing", some(false)),
            ],
        );
    }

    /// How it is deployed to, watched and proxied.
    fn operation(settings: &mut Settings, spec: &EnvironmentSpec) {
        let single = spec.kind == Kind::Single;
        settings.add(
            "aws:elasticbeanstalk:command",
            None,
            &[
                ("DeploymentPolicy", some(if single { "AllAtOnce" } else { "Rolling" })),
                ("BatchSizeType", some("Percentage")),
                ("BatchSize", some(if single { 100 } else { 34 })),
                ("Timeout", some(600)),
                ("IgnoreHealthCheck", some(false)),
            ],
        );
        settings.add(
            "aws:elasticbeanstalk:healthreporting:system",
            None,
            &[
                ("SystemType", some(&spec.health)),
                ("ConfigDocument", None),
                ("EnhancedHealthAuthEnabled", some(true)),
                ("HealthCheckSuccessThreshold", some("Ok")),
            ],
        );
        settings.add("aws:elasticbeanstalk:application", None, &[("Application Healthcheck URL", some(""))]);
        settings.add("aws:elasticbeanstalk:environment:proxy", None, &[("ProxyServer", some("nginx"))]);
    }

    fn machines(&self, settings: &mut Settings, spec: &EnvironmentSpec) {
        let zones = &self.zones[..spec.zones.clamp(1, self.zones.len())];
        let subnets = zones.iter().map(|zone| zone.subnet.as_str()).collect::<Vec<_>>().join(",");
        settings.add("aws:ec2:instances", None, &[("InstanceTypes", some(&spec.instance_type))]);
        settings.add(
            "aws:autoscaling:launchconfiguration",
            None,
            &[
                ("IamInstanceProfile", some("aws-elasticbeanstalk-ec2-role")),
                ("EC2KeyName", None),
                ("MonitoringInterval", some("5 minute")),
            ],
        );
        settings.add(
            "aws:ec2:vpc",
            None,
            &[
                ("VPCId", some(&self.vpc)),
                ("Subnets", some(&subnets)),
                ("ELBSubnets", None),
                ("ELBScheme", some("public")),
                ("AssociatePublicIpAddress", some(true)),
            ],
        );
        settings.add(
            "aws:elasticbeanstalk:application:environment",
            None,
            &[("NODE_ENV", some("production")), ("SESSION_SECRET", some("******"))],
        );
    }

    fn balanced(&self, settings: &mut Settings, environment: &Environment, spec: &EnvironmentSpec) {
        let shared = spec.kind == Kind::ApplicationShared;
        let balancer = environment.load_balancer.map(|place| &self.load_balancers[place]);
        if spec.kind != Kind::Network {
            let arn = balancer.filter(|_| shared).map(|balancer| balancer.arn.clone());
            let groups = balancer.map(|balancer| balancer.security_groups.join(","));
            let both = [("SharedLoadBalancer", arn), ("SecurityGroups", groups)];
            settings.add("aws:elbv2:loadbalancer", Some(LOAD_BALANCER), &both);
        }
        if spec.kind == Kind::Application {
            settings.add(
                "aws:elbv2:loadbalancer",
                Some(LOAD_BALANCER),
                &[
                    ("IdleTimeout", None),
                    ("AccessLogsS3Enabled", some(false)),
                    ("AccessLogsS3Bucket", None),
                    ("AccessLogsS3Prefix", None),
                    ("IpAddressType", None),
                    ("ManagedSecurityGroup", None),
                ],
            );
        }
        if !shared {
            self.listeners(settings, spec);
        }
        let default = [ProcessSpec { name: "default".to_owned(), ..ProcessSpec::default() }];
        let processes = if spec.process.is_empty() { &default[..] } else { &spec.process };
        for (number, process) in processes.iter().enumerate() {
            // The logical id of other processes' target groups is not known (UNVERIFIED), so they have none here.
            let resource = (number == 0).then_some(TARGET_GROUP);
            let namespace = format!("aws:elasticbeanstalk:environment:process:{}", process.name);
            settings.add(&namespace, resource, &process_options(&process.settings, spec.kind == Kind::Network));
        }
    }

    fn listeners(&self, settings: &mut Settings, spec: &EnvironmentSpec) {
        let process = spec.process.first().map_or("default", |process| &process.name);
        let network = spec.kind == Kind::Network;
        let options = |protocol: &str, certificate: Option<String>, policy: Option<String>| {
            [
                ("ListenerEnabled", some(true)),
                ("Protocol", some(protocol)),
                ("DefaultProcess", some(process)),
                ("Rules", None),
                ("SSLCertificateArns", certificate),
                ("SSLPolicy", policy),
            ]
        };
        let plain = options(if network { "TCP" } else { "HTTP" }, None, None);
        settings.add("aws:elbv2:listener:default", Some("AWSEBV2LoadBalancerListener"), &plain);
        let key = spec.certificate.as_deref();
        let arn = key.and_then(|key| self.certificates.iter().find(|certificate| certificate.key == key));
        if let Some(certificate) = arn {
            let protocol = if network { "TLS" } else { "HTTPS" };
            let secure = options(protocol, some(&certificate.arn), spec.policy.clone());
            settings.add("aws:elbv2:listener:443", Some("AWSEBV2LoadBalancerListener443"), &secure);
        }
    }
}

fn process_options(given: &GroupSettings, network: bool) -> Vec<(&'static str, Option<String>)> {
    let seconds = |span: Option<Span>, default: i64| some(span.map_or(default, |span| span.0 / 1000));
    let check = &given.health_check;
    let protocol = given.protocol.clone().unwrap_or_else(|| if network { "TCP" } else { "HTTP" }.to_owned());
    vec![
        ("Port", some(given.port.unwrap_or(80))),
        ("Protocol", some(protocol)),
        ("DeregistrationDelay", seconds(given.deregistration_delay, 20)),
        ("HealthCheckPath", some(check.path.as_deref().unwrap_or("/"))),
        ("HealthCheckInterval", seconds(check.interval, 15)),
        ("HealthCheckTimeout", seconds(check.timeout, 5)),
        ("HealthyThresholdCount", some(check.healthy.unwrap_or(3))),
        ("UnhealthyThresholdCount", some(check.unhealthy.unwrap_or(5))),
        ("MatcherHTTPCode", check.matcher.clone()),
        ("StickinessEnabled", some(given.stickiness.is_some())),
        ("StickinessLBCookieDuration", seconds(given.stickiness, 86_400)),
        ("StickinessType", some("lb_cookie")),
    ]
}
