//! Plans over random changes of random regions: nothing out of range is ever sent, what is applied and undone leaves no
//! trace, and what was set through Beanstalk does not drift.

use std::sync::Arc;

use beanpole::change::settings::{SettingKind, settings_of};
use beanpole::change::{ApiCall, Edit, Field, Modification, Object, Past, Plan, PlanInputs, Route, drift, plan, undo};
use beanpole::model::{
    Answer, Attributes, AutoScalingGroup, Batch, ConfigurationSettings, Covers, Environment, EnvironmentResources,
    EnvironmentStatus, HealthCheck, Key, Listener, LoadBalancer, Moment, OptionSetting, ScopeId, Snapshot, TargetGroup,
    Tier,
};
use fastrand::Rng;

const SCOPE: ScopeId = ScopeId(0);
const BALANCER: &str = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/awseb--AWSEB-1/1";
const GROUP: &str = "arn:aws:elasticloadbalancing:r:1:targetgroup/awseb-AWSEB-1/1";
const LISTENER: &str = "arn:aws:elasticloadbalancing:r:1:listener/app/awseb--AWSEB-1/1/443";
const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

/// A world of one environment, to which plans are applied as AWS would.
#[derive(Clone, Debug)]
struct World {
    snapshot: Snapshot,
    environment: Environment,
}

/// The state of a setting: its key, its live value and its option's.
type Stands = (String, Option<Arc<str>>, Option<Arc<str>>);

impl World {
    fn new() -> Self {
        let environment = Environment {
            tier: Some(Tier::Web),
            ..Environment::new(Key::new(SCOPE, "e-1"), "web", "shop", EnvironmentStatus::Ready)
        };
        let snapshot = Snapshot::new(SCOPE, Moment::EPOCH);
        let mut world = Self { snapshot, environment: environment.clone() };
        world.put(Answer::Environments(vec![environment.clone()]));
        let resources = EnvironmentResources {
            environment: environment.key.clone(),
            load_balancers: vec![BALANCER.into()],
            auto_scaling_groups: vec!["asg".into()],
            instances: Vec::new(),
            queues: Vec::new(),
            cluster: None,
        };
        world.put(Answer::Resources(resources));
        world.put(Answer::AutoScalingGroups(vec![AutoScalingGroup {
            key: Key::new(SCOPE, "asg"),
            target_groups: vec![Key::new(SCOPE, GROUP)],
            classic_names: Vec::new(),
            health_check_type: None,
            size: (1, 1, 1),
            instances: Vec::new(),
            leaving: Vec::new(),
            suspended: Vec::new(),
            grace_seconds: None,
        }]));
        world.put_group(HealthCheck::default());
        let key = environment.key;
        let shared = option("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", Some("false"));
        let options = vec![shared];
        world.put(Answer::Settings(ConfigurationSettings { environment: key, options: options.into() }));
        world.put_listener(None, "arn:aws:acm:r:1:certificate/0".into());
        world
    }

    fn put(&mut self, answer: Answer) {
        self.snapshot.apply_batch(Batch { covers: Covers::All, answer }, Moment::EPOCH);
    }

    fn put_group(&mut self, health_check: HealthCheck) {
        self.put(Answer::TargetGroups(vec![TargetGroup {
            key: Key::new(SCOPE, GROUP),
            name: "awseb-AWSEB-1".into(),
            protocol: Some("HTTP".into()),
            port: Some(80),
            vpc: None,
            protocol_version: None,
            target_control_port: None,
            target_type: None,
            load_balancers: vec![Key::new(SCOPE, BALANCER)],
            health_check,
        }]));
    }

    fn put_listener(&mut self, ssl_policy: Option<Arc<str>>, certificate: Arc<str>) {
        let load_balancer: Key<LoadBalancer> = Key::new(SCOPE, BALANCER);
        let listener = Listener {
            key: Key::new(SCOPE, LISTENER),
            load_balancer: load_balancer.clone(),
            protocol: Some("HTTPS".into()),
            port: Some(443),
            ssl_policy,
            certificates: vec![certificate],
            default_actions: Vec::new(),
        };
        self.put(Answer::Listeners(load_balancer, vec![listener]));
    }

    /// Overrides a live value.
    fn lay(&mut self, object: &Object, key: &str, value: &str) {
        let inventory = &mut self.snapshot.inventory;
        let attributes: &mut Attributes = match object {
            Object::TargetGroup(group) if key.starts_with("health_check.") => {
                let mut check = inventory.target_groups[group].health_check.clone();
                field(&mut check, key, value);
                return self.put_group(check);
            }
            Object::Listener(_, balancer, _) if key == "ssl_policy" => {
                let certificate = inventory.listeners[balancer][0].certificates[0].clone();
                return self.put_listener(Some(value.into()), certificate);
            }
            Object::Listener(_, balancer, _) if key == "certificate" => {
                let policy = inventory.listeners[balancer][0].ssl_policy.clone();
                return self.put_listener(policy, value.into());
            }
            Object::TargetGroup(group) => inventory.target_group_attributes.entry(group.clone()).or_default(),
            Object::LoadBalancer(balancer) => inventory.load_balancer_attributes.entry(balancer.clone()).or_default(),
            Object::Listener(listener, ..) => inventory.listener_attributes.entry(listener.clone()).or_default(),
        };
        attributes.insert(key.into(), value.into());
    }

    fn set_option(&mut self, namespace: &str, name: &str, value: Option<&str>) {
        let settings = self.snapshot.inventory.settings.get_mut(&self.environment.key).unwrap();
        let others = settings.options.iter().filter(|it| *it.namespace != *namespace || *it.name != *name).cloned();
        settings.options = others.chain([option(namespace, name, value)]).collect();
    }

    fn with<T>(&self, act: impl FnOnce(&PlanInputs<'_>) -> T) -> T {
        act(&PlanInputs { snapshot: &self.snapshot, environment: &self.environment })
    }

    fn fields(&self) -> Vec<Field> {
        self.with(|basis| basis.objects().iter().flat_map(|object| basis.fields(object)).collect())
    }

    /// Applies a plan as AWS does: what is written is live, and an option that changes overrides the live value.
    fn apply(&mut self, plan: &Plan) {
        for row in &plan.rows {
            if row.elb {
                self.lay(&row.object, row.facts.key, row.wanted.as_deref().unwrap());
            }
        }
        for row in &plan.rows {
            if let Some(it) = &row.option {
                self.set_option(&it.option.namespace, it.option.name, it.wanted.as_deref());
                let default = row.facts.option.unwrap().default;
                self.lay(&row.object, row.facts.key, it.wanted.as_deref().unwrap_or(default));
            }
        }
    }

    fn state(&self) -> Vec<Stands> {
        let reported = |it: Field| (it.key, it.live, it.option.and_then(|option| option.value));
        self.fields().into_iter().map(reported).collect()
    }
}

fn option(namespace: &str, name: &str, value: Option<&str>) -> OptionSetting {
    OptionSetting { namespace: namespace.into(), name: name.into(), value: value.map(Into::into) }
}

fn field(check: &mut HealthCheck, key: &str, value: &str) {
    let (number, text) = (value.parse().ok(), Some(Arc::from(value)));
    match key {
        "health_check.path" => check.path = text,
        "health_check.port" => check.port = text,
        "health_check.protocol" => check.protocol = text,
        "health_check.matcher" => check.matcher = text,
        "health_check.interval" => check.interval = number,
        "health_check.timeout" => check.timeout = number,
        "health_check.healthy_threshold" => check.healthy_threshold = number,
        _ => check.unhealthy_threshold = number,
    }
}

/// Returns whether ELB accepts a value, written down a second time, because the table must not judge itself.
fn elb_takes(name: &str, value: &str) -> bool {
    let number = |from: i64, to: i64| value.parse::<i64>().is_ok_and(|it| (from..=to).contains(&it));
    let word = |words: &[&str]| words.contains(&value);
    match name {
        "deregistration_delay.timeout_seconds" => number(0, 3600),
        "stickiness.type" => word(&["lb_cookie", "app_cookie"]),
        "stickiness.lb_cookie.duration_seconds" | "stickiness.app_cookie.duration_seconds" => number(1, 604_800),
        "stickiness.app_cookie.cookie_name" => !value.starts_with("AWSALB"),
        "load_balancing.algorithm.type" => word(&["round_robin", "least_outstanding_requests", "weighted_random"]),
        "load_balancing.algorithm.anomaly_mitigation" => word(&["on", "off"]),
        "slow_start.duration_seconds" => value == "0" || number(30, 900),
        "load_balancing.cross_zone.enabled" => word(&["true", "false", "use_load_balancer_configuration"]),
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count" => number(1, 1000),
        "target_group_health.dns_failover.minimum_healthy_targets.count" => value == "off" || number(1, 1000),
        it if it.starts_with("target_group_health.") => value == "off" || number(1, 100),
        "idle_timeout.timeout_seconds" => number(1, 4000),
        "client_keep_alive.seconds" => number(60, 604_800),
        "routing.http.desync_mitigation_mode" => word(&["monitor", "defensive", "strictest"]),
        "routing.http.xff_header_processing.mode" => word(&["append", "preserve", "remove"]),
        "HealthCheckIntervalSeconds" => number(5, 300),
        "HealthCheckTimeoutSeconds" => number(2, 120),
        "HealthyThresholdCount" | "UnhealthyThresholdCount" => number(2, 10),
        "HealthCheckPath" => value.starts_with('/') && value.len() <= 1024,
        "HealthCheckPort" => value == "traffic-port" || number(1, 65_535),
        "HealthCheckProtocol" => word(&["HTTP", "HTTPS"]),
        "Matcher" => value.split([',', '-']).all(|it| it.parse::<u16>().is_ok_and(|it| (200..500).contains(&it))),
        "Certificates" => value.starts_with("arn:"),
        it if it.ends_with(".enabled") || it == "ipv6.deny_all_igw_traffic" => word(&["true", "false"]),
        _ => value.len() <= 1024 && !value.contains('\n'),
    }
}

fn beanstalk_takes(name: &str, value: &str) -> bool {
    let number = |from: i64, to: i64| value.parse::<i64>().is_ok_and(|it| (from..=to).contains(&it));
    match name {
        "DeregistrationDelay" => number(0, 3600),
        "HealthCheckInterval" => number(5, 300),
        // Beanstalk takes 1 too, which ELB does not.
        "HealthCheckTimeout" => number(2, 60),
        "HealthyThresholdCount" | "UnhealthyThresholdCount" => number(2, 10),
        "StickinessLBCookieDuration" => number(1, 604_800),
        "StickinessType" => value == "lb_cookie",
        "StickinessEnabled" | "AccessLogsS3Enabled" => value == "true" || value == "false",
        "IdleTimeout" => number(1, 3600),
        "MatcherHTTPCode" => elb_takes("Matcher", value),
        "HealthCheckPath" => elb_takes("HealthCheckPath", value),
        _ => !value.is_empty(),
    }
}

fn assert_in_range(modification: &Modification) {
    match modification {
        Modification::TargetGroupAttributes(_, pairs)
        | Modification::TargetGroup(_, pairs)
        | Modification::LoadBalancerAttributes(_, pairs)
        | Modification::Listener(_, pairs)
        | Modification::ListenerAttributes(_, pairs) => {
            assert!(!pairs.is_empty() && pairs.len() <= 20);
            pairs.iter().for_each(|(name, value)| assert!(elb_takes(name, value), "{name}={value:?}"));
        }
        Modification::Validate { set, .. } | Modification::Update { set, .. } => {
            set.iter().for_each(|(it, value)| assert!(beanstalk_takes(it.name, value), "{}={value:?}", it.name));
        }
    }
}

fn text(random: &mut Rng, letters: &str, most: usize) -> String {
    let letters: Vec<char> = letters.chars().collect();
    (0..random.usize(..=most)).map(|_| letters[random.usize(..letters.len())]).collect()
}

/// A value for a setting: mostly one that it takes, else anything.
fn value(random: &mut Rng, kind: SettingKind) -> String {
    let near = |random: &mut Rng, from: u32, to: u32| match random.u8(..8) {
        0 => from.saturating_sub(1),
        1 => from,
        2 => to,
        3 => to + 1,
        _ => random.u32(from..=to),
    };
    match (random.u8(..12), kind) {
        (0, _) => text(random, "aA0-. /\u{e9}\n'\u{200b}*", 6),
        (1, _) => String::new(),
        (_, SettingKind::Flag) => ["true", "false", "TRUE"][random.usize(..3)].to_owned(),
        (_, SettingKind::Choice(words)) => words[random.usize(..words.len())].to_owned(),
        (2..5, SettingKind::KeywordOrInteger(word, ..)) => word.to_owned(),
        (_, SettingKind::Integer(from, to) | SettingKind::KeywordOrInteger(_, from, to)) => {
            near(random, from, to).to_string()
        }
        (_, SettingKind::Path) => format!("/{}", text(random, "abc/?=", 8)),
        (2..4, SettingKind::Codes(..)) => format!("{},{}", random.u16(190..510), random.u16(190..510)),
        (4..6, SettingKind::Codes(..)) => format!("{}-{}", random.u16(190..510), random.u16(190..510)),
        (_, SettingKind::Codes(..)) => random.u16(200..500).to_string(),
        (2, SettingKind::CookieName) => format!("AWSALB{}", text(random, "ATG", 3)),
        (_, SettingKind::CookieName | SettingKind::Bucket) => text(random, "abcdefgh", 8),
        (_, SettingKind::Prefix | SettingKind::HeaderValue) => text(random, "abc/;= ", 8),
        (_, SettingKind::HeaderName) => text(random, "abcX-", 8),
        (_, SettingKind::Certificate) => format!("arn:aws:acm:r:1:certificate/{}", random.u8(..)),
        (_, SettingKind::Policy) => format!("ELBSecurityPolicy-{}", random.u8(..)),
    }
}

/// Returns a world of random values: some options are unset, some drift, the others match the live values.
fn world(random: &mut Rng, base: &World) -> World {
    let mut world = base.clone();
    // A function's name would not do for a basis of any lifetime.
    let objects = base.with(|basis| {
        let objects: Vec<Object> = basis.objects();
        objects
    });
    for object in objects {
        for facts in settings_of(object.kind()) {
            let live = facts.kind.accept(&value(random, facts.kind));
            let is_certificate = facts.key == "certificate";
            let live = live.unwrap_or_else(|| {
                if is_certificate { "arn:aws:acm:r:1:certificate/1" } else { facts.default }.to_owned()
            });
            let Some(option) = facts.option else {
                world.lay(&object, facts.key, &live);
                continue;
            };
            let namespace = match object {
                Object::TargetGroup(_) => PROCESS,
                Object::LoadBalancer(_) => "aws:elbv2:loadbalancer",
                Object::Listener(..) => "aws:elbv2:listener:443",
            };
            // There is no listener without a certificate.
            let default = if facts.key == "certificate" { "arn:aws:acm:r:1:certificate/0" } else { option.default };
            let said = option.kind.accept(&live).filter(|it| !it.is_empty());
            match random.u8(..4) {
                0 => {
                    world.lay(&object, facts.key, default);
                    world.set_option(namespace, option.name, None);
                }
                1 => {
                    world.lay(&object, facts.key, &live);
                    let other = option.kind.accept(&value(random, option.kind)).filter(|it| !it.is_empty());
                    world.set_option(namespace, option.name, other.as_deref());
                }
                _ => {
                    world.lay(&object, facts.key, said.as_deref().unwrap_or(default));
                    world.set_option(namespace, option.name, said.as_deref());
                }
            }
        }
    }
    world
}

/// Up to four settings with new values.
fn change(random: &mut Rng, fields: &[Field]) -> Vec<Edit> {
    let count = random.usize(1..5);
    (0..count)
        .map(|_| {
            let field = &fields[random.usize(..fields.len())];
            Edit { object: field.object.clone(), facts: field.facts, value: value(random, field.facts.kind) }
        })
        .collect()
}

fn past(plan: &Plan) -> Past {
    Past {
        id: "1".into(),
        route: plan.route,
        changes: plan.changes(),
        target_group: plan.target_group.clone(),
        load_balancer: plan.load_balancer.clone(),
    }
}

#[test]
fn plans_keep_their_promises() {
    let (base, mut made, mut asked) = (World::new(), [0; 3], 0);
    for seed in 0..350_u64 {
        let mut random = Rng::with_seed(seed);
        let world = world(&mut random, &base);
        let fields = world.fields();
        for number in 0..100 {
            let change = change(&mut random, &fields);
            for (place, route) in Route::ALL.into_iter().enumerate() {
                asked += 1;
                let Ok(plan) = world.with(|basis| plan(basis, &change, Some(route))) else { continue };
                made[place] += 1;
                assert_eq!(plan.refusal, None);
                plan.rows.modifications(&plan.subject).iter().for_each(assert_in_range);
                plan.calls().iter().for_each(assert_is_of_the_table);
                // To apply it and put it back takes longer than to make it.
                if number % 10 == 0 {
                    holds(&world, &plan, seed);
                }
            }
        }
    }
    assert!(asked >= 100_000 && made.iter().all(|made| *made > 1_000), "{made:?} plans of {asked}");
}

fn holds(world: &World, plan: &Plan, seed: u64) {
    let mut after = world.clone();
    after.apply(plan);
    for row in plan.rows.iter().filter(|row| row.is_written()) {
        let live = after.with(|basis| basis.live(&row.object, row.facts));
        assert_eq!(live, row.wanted, "{} (seed {seed})", row.key);
    }
    if plan.route != Route::Elb {
        let found = after.with(|basis| drift(basis).unwrap());
        let is_ours = |key: &str| plan.rows.iter().any(|row| row.option.is_some() && row.key == key);
        assert!(!found.iter().any(|it| is_ours(&it.key)), "seed {seed}: {found:?}");
    }
    let undo = after.with(|basis| undo(basis, &past(plan))).unwrap();
    undo.rows.modifications(&undo.subject).iter().for_each(assert_in_range);
    undo.calls().iter().for_each(assert_is_of_the_table);
    assert_eq!(after.with(|basis| undo.rows.differences(&undo.state, basis)), [], "seed {seed}");
    after.apply(&undo);
    // Where the live value did not come from the option, undoing restores the option, but not the rest.
    let is_other = |field: &Field| {
        let live = field.live.as_deref().unwrap_or_default();
        field.option.as_ref().is_some_and(|option| !field.facts.is_same(live, option.effective()))
    };
    let drifted: Vec<_> = world.fields().into_iter().filter(is_other).map(|field| field.key).collect();
    for (before, now) in world.state().into_iter().zip(after.state()) {
        if plan.route == Route::Elb || !drifted.contains(&before.0) {
            assert_eq!(before, now, "seed {seed}");
        } else {
            assert_eq!((before.0, before.2), (now.0, now.2), "seed {seed}");
        }
    }
}

/// It has the parameters of its row and no others, and what is written of it is read back as the same call, in the same
/// order.
pub fn assert_is_of_the_table(call: &ApiCall) {
    assert_eq!(call.check(), Ok(()), "{call:?}");
    let written = serde_json::to_string(call).unwrap();
    let read: ApiCall = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(read, *call, "{written}");
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}
