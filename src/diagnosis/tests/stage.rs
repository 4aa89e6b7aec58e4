//! A healthy environment with an Application Load Balancer of its own, of which a test changes a piece.

use std::sync::Arc;
use std::time::Duration;

use super::alarm_cases::{errors, hosts};
use super::objects::{
    BALANCER, CERTIFICATE, PROCESS, SCOPE, ago, balancer, certificate, environment, forward, group, group_of, listener,
    now, to_https,
};
use super::versions_stage::platform;
use crate::diagnosis::diagnose::diagnose_by;
use crate::diagnosis::{
    Attention, Declared, Diagnosis, EnvironmentValues, Finding, FindingSeverity, Inputs, Judgement, SilencedChecks,
    WhyContext, WhyPage, row_sentence,
};
use crate::model::{
    Alarm, Answer, Attributes, AutoScalingGroup, Batch, Certificate, ConfigurationSettings, Covers, Deployment, Doubt,
    DoubtCause, Egress, Environment, EnvironmentResources, EnvironmentStatus, HealthColour, HealthStatus, Ingress,
    Instance, InstanceHealth, Key, Listener, LoadBalancer, Moment, OptionSetting, Priority, Reads, Reliability, Rule,
    RuleAction, Scheme, SecurityGroup, Snapshot, Source, Target, TargetGroup, TargetState, Tier, TrafficSource,
};

/// What is known, and what of it cannot be relied on.
pub struct Stage {
    pub snapshot: Snapshot,
    pub doubts: Vec<(Source, Doubt)>,
    pub values: EnvironmentValues,
    pub declared: Declared<'static>,
}

/// Relies on what was read, but for the doubts of the stage.
struct Relied<'a> {
    reads: &'a Reads,
    doubts: &'a [(Source, Doubt)],
}

impl Reliability for Relied<'_> {
    fn now(&self) -> Moment {
        now()
    }

    fn doubt(&self, source: &Source) -> Option<Doubt> {
        let unread = Doubt { service: source.service(), cause: DoubtCause::Unread, read_at: None };
        let of_stage = self.doubts.iter().find(|(of, _)| of == source).map(|(_, doubt)| *doubt);
        of_stage.or(self.reads.read_at(source).is_none().then_some(unread))
    }

    fn doubt_of_entry(&self, source: &Source) -> Option<Doubt> {
        self.doubt(source)
    }

    fn is_recent(&self, source: &Source) -> bool {
        self.reads.read_at(source).is_some()
    }
}

impl Stage {
    pub fn new() -> Self {
        let snapshot = Snapshot::new(SCOPE, now());
        let declared = Declared { hostnames: vec!["shop.example".to_owned()].leak(), ..Declared::default() };
        let mut stage = Self { snapshot, doubts: Vec::new(), values: EnvironmentValues::default(), declared };
        let it = Environment {
            version: Some("v1".into()),
            endpoint_url: Some("lb.example".into()),
            tier: Some(Tier::Web),
            health: Some(HealthColour::Green),
            health_status: Some(HealthStatus::Ok),
            platform_arn: Some(platform("6.6.2").id),
            updated: Some(ago(86_400)),
            ..Environment::new(environment(), "web", "shop", EnvironmentStatus::Ready)
        };
        stage.put(Source::Environments(SCOPE), Answer::Environments(vec![it]));
        let zones = ["a", "b"].map(|zone| Arc::from(format!("eu-west-1{zone}"))).to_vec();
        let it = LoadBalancer {
            dns_name: Some("lb.example".into()),
            scheme: Some(Scheme::InternetFacing),
            zones,
            security_groups: vec!["sg-1".into()],
            ..LoadBalancer::new(balancer(), "awseb--AWSEB-1")
        };
        stage.put(Source::LoadBalancers(SCOPE), Answer::LoadBalancers(vec![it]));
        stage.groups(&[group()]);
        let tag = Attributes::from([("elasticbeanstalk:environment-id".into(), Arc::from("e-1"))]);
        stage.put(Source::LoadBalancerTags(balancer()), Answer::Tags(vec![(balancer().tagged(), tag)]));
        stage.put(
            Source::Resources(environment()),
            Answer::Resources(EnvironmentResources {
                environment: environment(),
                load_balancers: vec![BALANCER.into()],
                auto_scaling_groups: vec!["asg-1".into()],
                instances: Vec::new(),
                queues: Vec::new(),
                cluster: None,
            }),
        );
        stage.scaling(|_| ());
        stage.listeners(|_| ());
        stage.balancer_attribute("idle_timeout.timeout_seconds", "60");
        stage.options(&[
            (PROCESS, "Port", "80"),
            (PROCESS, "Protocol", "HTTP"),
            (PROCESS, "StickinessEnabled", "true"),
            (PROCESS, "HealthCheckPath", "/"),
            ("aws:elasticbeanstalk:command", "DeploymentPolicy", "Rolling"),
            ("aws:elasticbeanstalk:command", "BatchSizeType", "Fixed"),
            ("aws:elasticbeanstalk:command", "BatchSize", "1"),
            ("aws:elasticbeanstalk:healthreporting:system", "SystemType", "enhanced"),
            ("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "true"),
            ("aws:elbv2:listener:443", "Protocol", "HTTPS"),
            ("aws:elbv2:listener:443", "SSLPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
            ("aws:elbv2:listener:443", "SSLCertificateArns", CERTIFICATE),
        ]);
        stage.labels(&["v0", "v1"]);
        stage.application(|_| ());
        stage.recommends("6.6.2");
        stage.put(Source::ScheduledActions(SCOPE), Answer::ScheduledActions(Vec::new()));
        stage.put(Source::Events(SCOPE), Answer::Events(Vec::new()));
        stage.expires_in(300);
        stage.raised(&[]);
        stage.alarms(&[hosts(), errors()]);
        stage.admits(&[80, 443]);
        stage.versions(&[("v1", 7), ("v1", 7)]);
        stage
    }

    /// Applies an answer, and records that its source was read.
    #[expect(clippy::needless_pass_by_value, reason = "a source is made for the call")]
    pub fn put(&mut self, source: Source, answer: Answer) {
        self.snapshot.reads.answered(&source, ago(5));
        self.snapshot.apply_batch(Batch { covers: Covers::All, answer }, ago(300));
    }

    /// Changes the environment.
    pub fn environment(&mut self, change: impl FnOnce(&mut Environment)) {
        let mut it = self.snapshot.environment(&environment()).unwrap().clone();
        change(&mut it);
        self.put(Source::Environments(SCOPE), Answer::Environments(vec![it]));
    }

    /// These target groups, each with two healthy targets and the stickiness of one day.
    pub fn groups(&mut self, keys: &[Key<TargetGroup>]) {
        let groups = keys.iter().zip([80, 8080]).map(|(key, port)| group_of(key, port)).collect();
        self.put(Source::TargetGroups(SCOPE), Answer::TargetGroups(groups));
        for key in keys {
            let tag = Attributes::from([("elasticbeanstalk:environment-id".into(), Arc::from("e-1"))]);
            self.put(Source::TargetGroupTags(key.clone()), Answer::Tags(vec![(key.tagged(), tag)]));
            self.targets_of(key, &[TargetState::Healthy, TargetState::Healthy]);
            self.attribute_of(key, "stickiness.enabled", "true");
            self.attribute_of(key, "stickiness.type", "lb_cookie");
            self.attribute_of(key, "stickiness.lb_cookie.duration_seconds", "86400");
            self.attribute_of(key, "deregistration_delay.timeout_seconds", "20");
        }
    }

    /// Changes the first target group.
    pub fn group(&mut self, change: impl FnOnce(&mut TargetGroup)) {
        let mut groups: Vec<_> = self.snapshot.inventory.target_groups.values().cloned().collect();
        change(groups.iter_mut().find(|it| it.key == group()).unwrap());
        self.put(Source::TargetGroups(SCOPE), Answer::TargetGroups(groups));
    }

    /// The first target group's targets, by state.
    pub fn targets(&mut self, states: &[TargetState]) {
        self.targets_of(&group(), states);
    }

    pub fn targets_of(&mut self, key: &Key<TargetGroup>, states: &[TargetState]) {
        self.targets_at(key, states, ago(300));
    }

    /// A group's targets, which are seen so since a moment.
    pub fn targets_at(&mut self, key: &Key<TargetGroup>, states: &[TargetState], at: Moment) {
        let target = |(place, state): (usize, &TargetState)| Target {
            id: format!("i-{place}").into(),
            port: Some(80),
            availability_zone: None,
            state: state.clone(),
            reason: None,
            description: None,
        };
        let targets = states.iter().enumerate().map(target).collect();
        let answer = Answer::TargetHealth(key.clone(), targets);
        self.snapshot.reads.answered(&Source::TargetHealth(key.clone()), ago(5));
        self.snapshot.apply_batch(Batch { covers: Covers::All, answer }, at);
        (0..states.len()).for_each(|place| self.instance(place, None, &[]));
    }

    /// An instance of EC2, with its public address and its security groups.
    pub fn instance(&mut self, place: usize, public_ip: Option<&str>, security_groups: &[&str]) {
        let key: Key<Instance> = Key::new(SCOPE, format!("i-{place}"));
        let instance = Instance {
            key: key.clone(),
            private_ip: Some(format!("10.0.0.{place}").into()),
            public_ip: public_ip.map(Into::into),
            security_groups: security_groups.iter().map(|id| Arc::from(*id)).collect(),
            vpc: None,
            availability_zone: None,
            instance_type: None,
            launched_at: None,
            state: Some("running".into()),
            environment_name: None,
        };
        self.put(Source::Instance(key), Answer::Instances(vec![instance]));
    }

    /// Why the targets of a group are as they are, by AWS's code and description.
    pub fn reasons_of(&mut self, key: &Key<TargetGroup>, code: &str, description: &str) {
        let mut targets = self.snapshot.inventory.targets[key].clone();
        for target in targets.iter_mut().filter(|target| target.state != TargetState::Healthy) {
            (target.reason, target.description) = (Some(code.into()), Some(description.into()));
        }
        self.put(Source::TargetHealth(key.clone()), Answer::TargetHealth(key.clone(), targets));
    }

    /// An attribute of the first target group.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.attribute_of(&group(), name, value);
    }

    pub fn attribute_of(&mut self, key: &Key<TargetGroup>, name: &str, value: &str) {
        let mut all = self.snapshot.inventory.target_group_attributes.get(key).cloned().unwrap_or_default();
        all.insert(name.into(), value.into());
        self.put(Source::TargetGroupAttributes(key.clone()), Answer::TargetGroupAttributes(key.clone(), all));
    }

    pub fn balancer_attribute(&mut self, name: &str, value: &str) {
        let mut all = self.snapshot.inventory.load_balancer_attributes.get(&balancer()).cloned().unwrap_or_default();
        all.insert(name.into(), value.into());
        let answer = Answer::LoadBalancerAttributes(balancer(), all);
        self.put(Source::LoadBalancerAttributes(balancer()), answer);
    }

    /// Sets these options beside those that are set.
    pub fn options(&mut self, options: &[(&str, &str, &str)]) {
        let mut all = self.snapshot.inventory.settings.get(&environment()).map_or(Vec::new(), |it| it.options.to_vec());
        for (namespace, name, value) in options {
            all.retain(|it| (&*it.namespace, &*it.name) != (*namespace, *name));
            let value = Some((*value).into());
            all.push(OptionSetting { namespace: (*namespace).into(), name: (*name).into(), value });
        }
        let settings = ConfigurationSettings { environment: environment(), options: all.into() };
        self.put(Source::Settings(environment()), Answer::Settings(settings));
    }

    /// The Auto Scaling group.
    pub fn scaling(&mut self, change: impl FnOnce(&mut AutoScalingGroup)) {
        let mut it = AutoScalingGroup {
            key: Key::new(SCOPE, "asg-1"),
            target_groups: self.snapshot.inventory.target_groups.keys().cloned().collect(),
            health_check_type: Some("EC2".into()),
            classic_names: Vec::new(),
            size: (1, 4, 2),
            instances: (0..9).map(|place| format!("i-{place}").into()).collect(),
            leaving: Vec::new(),
            suspended: Vec::new(),
            grace_seconds: Some(300),
        };
        change(&mut it);
        self.put(Source::AutoScalingGroup(it.key.clone()), Answer::AutoScalingGroups(vec![it]));
    }

    /// The listeners of port 80, which redirects, and 443, which forwards to the first target group, and their default rules.
    pub fn listeners(&mut self, change: impl FnOnce(&mut Vec<Listener>)) {
        let one = |port: i32| Listener {
            key: listener(port),
            load_balancer: balancer(),
            protocol: Some(if port == 443 { "HTTPS" } else { "HTTP" }.into()),
            port: Some(port),
            ssl_policy: (port == 443).then(|| "ELBSecurityPolicy-TLS13-1-2-2021-06".into()),
            certificates: if port == 443 { vec![CERTIFICATE.into()] } else { Vec::new() },
            default_actions: vec![if port == 80 { to_https() } else { forward(&[(group(), 1)], None) }],
        };
        let mut all = vec![one(80), one(443)];
        change(&mut all);
        for it in &all {
            self.rules(it, &[]);
        }
        self.put(Source::Listeners(balancer()), Answer::Listeners(balancer(), all));
        self.put(Source::ListenerCertificates(listener(443)), Answer::ListenerCertificates(listener(443), Vec::new()));
    }

    /// Rules of a listener before its default one.
    pub fn rules(&mut self, of: &Listener, actions: &[RuleAction]) {
        let rule = |(place, action): (usize, RuleAction)| Rule {
            key: Key::new(SCOPE, format!("{}/{place}", of.key.id)),
            listener: of.key.clone(),
            priority: if place < actions.len() { Priority::Number(place as u32 + 1) } else { Priority::Default },
            conditions: Vec::new(),
            actions: vec![action],
        };
        let all = actions.iter().chain(&of.default_actions).cloned().enumerate().map(rule).collect();
        self.put(Source::Rules(of.key.clone()), Answer::Rules(of.key.clone(), all));
    }

    /// The certificate ends after so many days; a negative number of them is past.
    pub fn expires_in(&mut self, days: i64) {
        let span = Duration::from_secs(days.unsigned_abs() * 86_400);
        let it = Certificate {
            key: certificate(),
            domain: Some("shop.example".into()),
            names: vec!["shop.example".into()],
            has_more_names: false,
            key_algorithm: None,
            status: None,
            not_after: Some(if days < 0 { now().minus(span) } else { now().plus(span) }),
        };
        self.put(Source::Certificates(SCOPE), Answer::Certificates(vec![it]));
    }

    /// These are all alarms.
    pub fn alarms(&mut self, alarms: &[Alarm]) {
        self.put(Source::Alarms(SCOPE), Answer::Alarms(alarms.to_vec()));
    }

    /// These alarms are in ALARM.
    pub fn raised(&mut self, alarms: &[Alarm]) {
        self.put(Source::RaisedAlarms(SCOPE), Answer::RaisedAlarms(alarms.to_vec()));
    }

    /// The load balancer's security group lets everybody in on these ports.
    pub fn admits(&mut self, ports: &[i32]) {
        let source = TrafficSource::Ipv4("0.0.0.0/0".into());
        let rule = |port: &i32| Ingress { protocol: "tcp".into(), ports: Some((*port, *port)), source: source.clone() };
        let it = SecurityGroup {
            key: Key::new(SCOPE, "sg-1"),
            name: "awseb-lb".into(),
            vpc: None,
            tags: Attributes::default(),
            ingress: ports.iter().map(rule).collect(),
            egress: vec![Egress { protocol: "-1".into(), ports: None, destination: source }],
        };
        self.put(Source::SecurityGroup(it.key.clone()), Answer::SecurityGroups(vec![it]));
    }

    /// Changes the load balancer's security group.
    pub fn security_group(&mut self, change: impl FnOnce(&mut SecurityGroup)) {
        let key = Key::new(SCOPE, "sg-1");
        let mut it = self.snapshot.inventory.security_groups[&key].clone();
        change(&mut it);
        self.put(Source::SecurityGroup(key), Answer::SecurityGroups(vec![it]));
    }

    /// How the last deployment ended on the second instance.
    pub fn deployment(&mut self, status: &str) {
        let mut all = self.snapshot.inventory.instances_health[&environment()].clone();
        all[1].deployment.as_mut().unwrap().status = Some(status.into());
        self.put(Source::InstancesHealth(environment()), Answer::InstancesHealth(environment(), all));
    }

    /// What the instances run: the label and the number of the deployment.
    pub fn versions(&mut self, versions: &[(&str, i64)]) {
        let one = |(place, (label, id)): (usize, &(&str, i64))| InstanceHealth {
            deployment: Some(Deployment {
                version: Some((*label).into()),
                id: Some(*id),
                status: Some("Deployed".into()),
                at: None,
            }),
            availability_zone: Some(if place % 2 == 0 { "eu-west-1a" } else { "eu-west-1b" }.into()),
            ..InstanceHealth::new(Key::new(SCOPE, format!("i-{place}")))
        };
        let all = versions.iter().enumerate().map(one).collect();
        self.put(Source::InstancesHealth(environment()), Answer::InstancesHealth(environment(), all));
    }

    /// Makes this source unreliable.
    pub fn doubt(&mut self, source: Source, cause: DoubtCause) {
        let doubt = Doubt { service: source.service(), cause, read_at: None };
        self.doubts.push((source, doubt));
    }

    fn with<T>(&self, then: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let relied = Relied { reads: &self.snapshot.reads, doubts: &self.doubts };
        let inputs = Inputs::new(&self.snapshot, &relied, &environment()).unwrap();
        then(&inputs.with_values(self.values.clone()).with_declared(self.declared))
    }

    pub fn diagnosis(&self) -> Diagnosis {
        self.with(|inputs| diagnose_by(inputs, |_| true, true))
    }

    pub fn why(&self, context: WhyContext<'_>) -> WhyPage {
        self.with(|inputs| WhyPage::new(inputs, context))
    }

    pub fn attention(&self) -> Attention {
        self.with(|inputs| Judgement::new(inputs, &SilencedChecks::new()).attention)
    }

    pub fn sentence(&self) -> String {
        self.with(row_sentence)
    }

    /// What a check answers.
    pub fn answer(&self, id: &str) -> Answered {
        let diagnosis = self.diagnosis();
        let worst = diagnosis.findings.iter().find(|finding| finding.check.id == id).map(Finding::severity);
        match (worst, diagnosis.undecided.iter().any(|it| it.check.id == id)) {
            (Some(severity), _) => Answered::Found(severity),
            (None, true) => Answered::Undecided,
            (None, false) => Answered::Clear,
        }
    }
}

/// What a check answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Found(FindingSeverity),
    Clear,
    Undecided,
}
