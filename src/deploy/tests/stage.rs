//! An environment behind a load balancer whose every reading a test writes down. Times are seconds since 14:00.

use std::sync::Arc;
use std::time::Duration;

use crate::deploy::minutes::begin;
use crate::deploy::{Happened, Verdict, Watch, series_needed};
use crate::model::{
    Answer, ApplicationMetrics, Batch, ConfigurationSettings, Covers, Deployment, Environment, EnvironmentEvent,
    EnvironmentHealth, EnvironmentStatus, Fault, FaultKind, HealthCheck, HealthColour, HealthStatus, InstanceCounts,
    InstanceHealth, Key, Latency, LoadBalancer, Measure, Metric, MetricAnswer, Moment, OptionSetting, Reads, ScopeId,
    Service, Severity, Snapshot, Source, StatusCodes, Target, TargetGroup, TargetState, Tier, Window,
};

const SCOPE: ScopeId = ScopeId(0);
pub const NAME: &str = "shop-web-prod";
pub const INSTANCES: [&str; 4] = ["i-00000001", "i-00000002", "i-00000003", "i-00000004"];

/// The figures of one minute.
#[derive(Clone, Copy)]
pub struct Row {
    pub requests: f64,
    pub target_5xx: f64,
    pub target_4xx: f64,
    pub elb_5xx: f64,
    pub connection_errors: f64,
    pub rejected: f64,
    pub p99: f64,
    pub healthy: f64,
    pub unhealthy: f64,
}

/// A minute in which nothing is wrong.
pub const CALM: Row = Row {
    requests: 6000.0,
    target_5xx: 0.0,
    target_4xx: 60.0,
    elb_5xx: 0.0,
    connection_errors: 0.0,
    rejected: 0.0,
    p99: 0.25,
    healthy: 4.0,
    unhealthy: 0.0,
};

/// What one instance reports: the version and number of its deployment, its health, requests and errors of ten seconds.
pub type Said<'a> = (&'a str, &'a str, i64, HealthStatus, i32, i32);

pub struct Stage {
    pub snapshot: Snapshot,
    pub watch: Watch,
    pub denied: Vec<Source>,
    pub is_shared: bool,
    rows: Vec<(i64, Row)>,
    now: Moment,
}

pub fn at(seconds: i64) -> Moment {
    let beginning: jiff::Timestamp = "2026-11-23T14:00:00Z".parse().unwrap();
    let beginning = Moment(beginning);
    let span = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { beginning.minus(span) } else { beginning.plus(span) }
}

/// The number of a minute, counted from 14:00.
fn minute(number: i64) -> i64 {
    at(0).0.as_second() / 60 + number
}

pub fn environment(status: EnvironmentStatus, version: &str) -> Environment {
    Environment {
        version: Some(version.into()),
        endpoint_url: Some("lb.example".into()),
        abortable: true,
        health: Some(HealthColour::Green),
        health_status: Some(HealthStatus::Ok),
        tier: Some(Tier::Web),
        ..Environment::new(Key::new(SCOPE, "e-1"), NAME, "shop", status)
    }
}

impl Stage {
    /// An update to v2 that began at 14:00:20, with calm minutes before it.
    pub fn new(policy: &str) -> Self {
        Self::with_options(&[("DeploymentPolicy", policy), ("BatchSizeType", "Fixed"), ("BatchSize", "2")])
    }

    pub fn with_options(options: &[(&str, &str)]) -> Self {
        let before = environment(EnvironmentStatus::Ready, "v1");
        let watch = Watch::begin(&before, Some("v2".into()), Some("r-1".into()), at(20));
        let (denied, rows) = (Vec::new(), Vec::new());
        let mut stage =
            Self { snapshot: Snapshot::new(SCOPE, at(0)), watch, denied, is_shared: false, rows, now: at(0) };
        stage.put(Answer::Environments(vec![before]));
        stage.put(Answer::LoadBalancers(vec![load_balancer()]));
        stage.put(Answer::TargetGroups(vec![group()]));
        stage.put(Answer::Settings(settings(options)));
        stage.targets(&INSTANCES.map(|id| (id, TargetState::Healthy)));
        stage.minutes(-10..0, CALM);
        stage
    }

    pub fn put(&mut self, answer: Answer) {
        self.snapshot.apply_batch(Batch { covers: Covers::All, answer }, self.now);
    }

    pub fn status(&mut self, status: EnvironmentStatus, version: &str) -> &mut Self {
        self.put(Answer::Environments(vec![environment(status, version)]));
        self
    }

    /// An event of the update.
    pub fn event(&mut self, seconds: i64, message: &str) -> &mut Self {
        self.event_of(seconds, message, Some("r-1"))
    }

    pub fn event_of(&mut self, seconds: i64, message: &str, request_id: Option<&str>) -> &mut Self {
        self.event_with(seconds, Severity::Info, message, request_id, NAME)
    }

    /// Adds an event of severity ERROR.
    pub fn error(&mut self, seconds: i64, message: &str, request_id: Option<&str>) -> &mut Self {
        self.event_with(seconds, Severity::Error, message, request_id, NAME)
    }

    pub fn event_with(
        &mut self,
        seconds: i64,
        severity: Severity,
        message: &str,
        request_id: Option<&str>,
        environment: &str,
    ) -> &mut Self {
        let event = EnvironmentEvent {
            severity,
            environment: Some(environment.into()),
            application: Some("shop".into()),
            request_id: request_id.map(Into::into),
            ..EnvironmentEvent::new(at(seconds), message)
        };
        self.put(Answer::Events(vec![event]));
        self
    }

    pub fn targets(&mut self, targets: &[(&str, TargetState)]) -> &mut Self {
        let target = |(id, state): &(&str, TargetState)| Target {
            id: Arc::from(*id),
            port: Some(80),
            availability_zone: None,
            state: state.clone(),
            reason: None,
            description: None,
        };
        self.put(Answer::TargetHealth(group().key, targets.iter().map(target).collect()));
        self
    }

    pub fn instances(&mut self, said: &[Said<'_>]) -> &mut Self {
        let instance = |(id, version, deployment, status, requests, errors): &Said<'_>| InstanceHealth {
            status: Some(status.clone()),
            metrics: Some(ApplicationMetrics {
                duration: Duration::from_secs(10),
                request_count: *requests,
                status_codes: Some(StatusCodes { status_5xx: *errors, ..StatusCodes::default() }),
                latency: Latency::default(),
            }),
            deployment: Some(Deployment {
                version: Some((*version).into()),
                id: Some(*deployment),
                status: Some("Deployed".into()),
                at: None,
            }),
            ..InstanceHealth::new(Key::new(SCOPE, *id))
        };
        let key = environment(EnvironmentStatus::Ready, "").key;
        self.put(Answer::InstancesHealth(key, said.iter().map(instance).collect()));
        self
    }

    /// Sets each instance's deployment: the version, the number, the status, and since when; and its causes.
    pub fn deployments(&mut self, said: &[(&str, &str, i64, &str, i64)], causes: &[&str]) -> &mut Self {
        let instance = |(id, version, deployment, status, since): &(&str, &str, i64, &str, i64)| InstanceHealth {
            status: Some(HealthStatus::Ok),
            causes: causes.iter().map(|it| (*it).into()).collect(),
            deployment: Some(Deployment {
                version: Some((*version).into()),
                id: Some(*deployment),
                status: Some((*status).into()),
                at: Some(at(*since)),
            }),
            ..InstanceHealth::new(Key::new(SCOPE, *id))
        };
        let key = environment(EnvironmentStatus::Ready, "").key;
        self.put(Answer::InstancesHealth(key, said.iter().map(instance).collect()));
        self
    }

    /// Sets the causes that every instance reports in addition.
    pub fn causes_of_instances(&mut self, causes: &[&str]) -> &mut Self {
        let key = environment(EnvironmentStatus::Ready, "").key;
        let mut instances = self.snapshot.inventory.instances_health.get(&key).cloned().unwrap_or_default();
        instances.iter_mut().for_each(|it| it.causes = causes.iter().map(|cause| (*cause).into()).collect());
        self.put(Answer::InstancesHealth(key, instances));
        self
    }

    /// The environment's health, with its causes, and how many requests it saw in ten seconds.
    pub fn health(&mut self, status: HealthStatus, causes: &[&str], requests: i32) -> &mut Self {
        let key = environment(EnvironmentStatus::Ready, "").key;
        self.put(Answer::EnvironmentHealth(EnvironmentHealth {
            environment: key,
            status: Some(status),
            colour: None,
            causes: causes.iter().map(|it| (*it).into()).collect(),
            metrics: Some(ApplicationMetrics {
                duration: Duration::from_secs(10),
                request_count: requests,
                status_codes: Some(StatusCodes::default()),
                latency: Latency::default(),
            }),
            instances: InstanceCounts::default(),
            refreshed_at: None,
        }));
        self
    }

    /// Sets all instances to this version, and healthy.
    pub fn all_on(&mut self, version: &str, deployment: i64) -> &mut Self {
        self.instances(&INSTANCES.map(|id| (id, version, deployment, HealthStatus::Ok, 100, 0)))
    }

    /// Minutes that look like this, numbered from 14:00.
    pub fn minutes(&mut self, numbers: std::ops::Range<i64>, row: Row) -> &mut Self {
        self.rows.retain(|(known, _)| !numbers.contains(known));
        self.rows.extend(numbers.map(|number| (number, row)));
        self
    }

    /// Minutes of which nothing was published.
    pub fn gap(&mut self, numbers: std::ops::Range<i64>) -> &mut Self {
        self.rows.retain(|(known, _)| !numbers.contains(known));
        self
    }

    /// Reads the sources at the times that `read` returns, if any, and observes.
    pub fn look_with(&mut self, seconds: i64, read: &dyn Fn(&Source, Moment) -> Option<Moment>) -> Vec<Happened> {
        self.pass(seconds);
        let now = self.now;
        self.read(|source| read(source, now));
        self.watch.observe(&self.snapshot)
    }

    /// Reads everything at this time, and does something with what is known.
    pub fn with_snapshot<T>(&mut self, seconds: i64, then: impl FnOnce(&Snapshot) -> T) -> T {
        self.look_like(seconds, at(seconds), then)
    }

    /// The same, where everything was last read at another time.
    pub fn look_like<T>(&mut self, seconds: i64, read: Moment, then: impl FnOnce(&Snapshot) -> T) -> T {
        self.pass(seconds);
        self.read(|_| Some(read));
        then(&self.snapshot)
    }

    /// Reads everything at this time, and looks.
    pub fn look(&mut self, seconds: i64) -> Vec<Happened> {
        self.pass(seconds);
        let (denied, now) = (self.denied.clone(), self.now);
        self.read(|source| (!denied.contains(source)).then_some(now));
        for source in &denied {
            self.snapshot.reads.failed(source, now, &fault(FaultKind::Denied));
        }
        self.watch.observe(&self.snapshot)
    }

    fn pass(&mut self, seconds: i64) {
        self.now = at(seconds);
        self.snapshot.moment = self.now;
        self.publish();
    }

    /// Marks every source as last read at the moment that `read` returns, or never.
    fn read(&mut self, read: impl Fn(&Source) -> Option<Moment>) {
        let key = Key::new(SCOPE, "e-1");
        let measures = [Measure::Deploy, Measure::Row, Measure::Coarse].map(|it| Source::Metrics(key.clone(), it));
        let own = [Source::EnvironmentHealth, Source::InstancesHealth, Source::Settings].map(|of| of(key.clone()));
        let lists = [Source::Environments, Source::Events, Source::LoadBalancers, Source::TargetGroups];
        let groups = self.snapshot.inventory.target_groups.keys().cloned().map(Source::TargetHealth);
        let sources = measures.into_iter().chain(own).chain(lists.map(|of| of(SCOPE))).chain(groups);
        self.snapshot.reads = Reads::default();
        for source in sources {
            if let Some(at) = read(&source) {
                self.snapshot.reads.answered(&source, at);
            }
        }
    }

    /// Looks every ten seconds.
    pub fn looks(&mut self, seconds: std::ops::Range<i64>) -> Vec<Happened> {
        seconds.step_by(10).flat_map(|second| self.look(second)).collect()
    }

    pub fn verdict(&self) -> &Verdict {
        self.watch.verdict()
    }

    fn publish(&mut self) {
        let window = Window { period: 60, from: begin(minute(-50)), until: begin(minute(now_minute(self.now) + 1)) };
        let series = series_needed(&load_balancer().key, &[group().key], self.is_shared).into_iter().map(|key| {
            let is_there = |number: &i64| begin(minute(*number)) < self.now;
            let rows = self.rows.iter().filter(|(number, _)| is_there(number));
            let points = rows.filter_map(|(number, row)| Some((begin(minute(*number)), value(key.metric, row)?)));
            (key.clone(), points.collect())
        });
        let answer = Answer::Metrics(MetricAnswer { window, series: series.collect() });
        self.put(answer);
    }
}

fn now_minute(now: Moment) -> i64 {
    now.0.as_second().div_euclid(60) - at(0).0.as_second() / 60
}

/// What is published of a metric; nothing of a sum that is zero.
fn value(metric: Metric, row: &Row) -> Option<f64> {
    let sum = |value: f64| (value > 0.0).then_some(value);
    match metric {
        Metric::RequestCount => sum(row.requests),
        Metric::Target5xx => sum(row.target_5xx),
        Metric::Target4xx => sum(row.target_4xx),
        Metric::Elb5xx => sum(row.elb_5xx),
        Metric::TargetConnectionErrors => sum(row.connection_errors),
        Metric::RejectedConnections => sum(row.rejected),
        Metric::TargetResponseTime => sum(row.p99),
        Metric::HealthyHosts => Some(row.healthy),
        Metric::UnhealthyHosts => Some(row.unhealthy),
        _ => None,
    }
}

pub fn fault(kind: FaultKind) -> Arc<Fault> {
    let (code, message) = (Some("AccessDenied".into()), "not authorized".into());
    let (service, operation) = (Service::CloudWatch, "GetMetricData");
    Arc::new(Fault { kind, service, operation, code, message, details: None, request_id: None })
}

pub fn load_balancer() -> LoadBalancer {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:471108151234:loadbalancer/app/awseb-e-1/50dc6c495c0c9188";
    LoadBalancer { dns_name: Some("lb.example".into()), ..LoadBalancer::new(Key::new(SCOPE, arn), "awseb-e-1") }
}

pub fn group() -> TargetGroup {
    TargetGroup {
        key: Key::new(
            SCOPE,
            "arn:aws:elasticloadbalancing:eu-west-1:471108151234:targetgroup/awseb-default/73e2d6bc24d8a067",
        ),
        name: "awseb-default".into(),
        protocol: None,
        port: Some(80),
        vpc: None,
        protocol_version: None,
        target_control_port: None,
        target_type: Some("instance".into()),
        load_balancers: vec![load_balancer().key],
        health_check: HealthCheck::default(),
    }
}

fn settings(options: &[(&str, &str)]) -> ConfigurationSettings {
    let option = |(name, value): &(&str, &str)| OptionSetting {
        namespace: "aws:elasticbeanstalk:command".into(),
        name: (*name).into(),
        value: Some((*value).into()),
    };
    ConfigurationSettings {
        environment: environment(EnvironmentStatus::Ready, "").key,
        options: options.iter().map(option).collect(),
    }
}
