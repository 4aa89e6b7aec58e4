//! Plans over random changes of random regions: nothing out of range is ever sent, what is applied and undone leaves no
//! trace, and what Beanstalk was told does not drift.

use std::sync::Arc;

use beanpole::change::settings::{Kind, settings_of};
use beanpole::change::{
    Basis, Edit, Field, Modification, Object, Past, Plan, Route, drift, plan, undo,
};
use beanpole::model::{
    Answer, Attributes, AutoScalingGroup, Batch, ConfigurationSettings, Covers, Environment, EnvironmentResources,
    EnvironmentStatus, HealthCheck, Inventory, Key, Listener, LoadBalancer, Moment, OptionSetting, ScopeId, TargetGroup,
    Tier, link,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const SCOPE: ScopeId = ScopeId(0);
const BALANCER: &str = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/awseb--AWSEB-1/1";
const GROUP: &str = "arn:aws:elasticloadbalancing:r:1:targetgroup/awseb-AWSEB-1/1";
const LISTENER: &str = "arn:aws:elasticloadbalancing:r:1:listener/app/awseb--AWSEB-1/1/443";
const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

/// A world of one environment, to which plans are applied as AWS would.
#[derive(Clone, Debug)]
struct World {
    inventory: Inventory,
    environment: Environment,
}

impl World {
    fn new() -> Self {
        let environment = Environment {
            key: Key::new(SCOPE, "e-1"),
            name: "web".into(),
            application: "shop".into(),
            version: None,
            platform: None,
            endpoint_url: None,
            cname: None,
            created: None,
            updated: None,
            status: EnvironmentStatus::Ready,
            abortable: false,
            health: None,
            health_status: None,
            tier: Some(Tier::Web),
            arn: None,
        };
        let mut world = Self { inventory: Inventory::default(), environment: environment.clone() };
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
        }]));
        world.put_group(HealthCheck::default());
        let key = environment.key;
        let shared = option("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", Some("false"));
        let options = vec![shared];
        world.put(Answer::Settings(ConfigurationSettings { environment: key, options }));
        world.put_listener(None, "arn:aws:acm:r:1:certificate/0".into());
        world
    }

    fn put(&mut self, answer: Answer) {
        self.inventory.replace(Batch { covers: Covers::All, answer }, Moment::EPOCH);
    }

    fn put_group(&mut self, health_check: HealthCheck) {
        self.put(Answer::TargetGroups(vec![TargetGroup {
            key: Key::new(SCOPE, GROUP),
            name: "awseb-AWSEB-1".into(),
            protocol: Some("HTTP".into()),
            port: Some(80),
            vpc: None,
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

    /// Lays a live value over the one that there is.
    fn lay(&mut self, object: &Object, key: &str, value: &str) {
        let inventory = &mut self.inventory;
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
        let settings = self.inventory.settings.get_mut(&self.environment.key).unwrap();
        match settings.options.iter_mut().find(|it| *it.namespace == *namespace && *it.name == *name) {
            Some(option) => option.value = value.map(Into::into),
            None => settings.options.push(option(namespace, name, value)),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&Basis<'_>) -> T) -> T {
        let topology = link(&self.inventory);
        act(&Basis { inventory: &self.inventory, topology: &topology, environment: &self.environment })
    }

    fn fields(&self) -> Vec<Field> {
        self.with(|basis| basis.objects().iter().flat_map(|object| basis.fields(object)).collect())
    }

    /// As AWS does it: what is written is live, and what an option changes is laid over.
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

    fn state(&self) -> Vec<(String, Option<Arc<str>>, Option<Arc<str>>)> {
        let told = |it: Field| (it.key, it.live, it.option.and_then(|option| option.value));
        self.fields().into_iter().map(told).collect()
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

/// What ELB takes, told a second time, for the table must not judge itself.
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

/// A value for a setting: mostly one that it takes, else anything.
fn value(kind: Kind) -> BoxedStrategy<String> {
    let near = |from: u32, to: u32| {
        let edges = [from.saturating_sub(1), from, from + 1, to - 1, to, to + 1];
        prop_oneof![select(edges.to_vec()), from..=to].prop_map(|it| it.to_string()).boxed()
    };
    let good = match kind {
        Kind::Flag => select(vec!["true", "false", "TRUE"]).prop_map(str::to_owned).boxed(),
        Kind::Choice(words) => select(words.to_vec()).prop_map(str::to_owned).boxed(),
        Kind::Whole(from, to) => near(from, to),
        Kind::WordOr(word, from, to) => prop_oneof![Just(word.to_owned()), near(from, to)].boxed(),
        Kind::Path => "/[a-z]{0,8}(\\?q=1)?".boxed(),
        Kind::Codes(..) => "[2-5][0-9]{2}(-[2-5][0-9]{2})?(,[2-5][0-9]{2})?".boxed(),
        Kind::CookieName => "(AWSALB)?[a-z.]{0,8}".boxed(),
        Kind::Bucket => "[a-z-]{0,8}".boxed(),
        Kind::Prefix | Kind::HeaderValue => "[a-z/;= ]{0,8}".boxed(),
        Kind::HeaderName => "[A-Za-z-]{0,8}".boxed(),
        Kind::Certificate => "arn:aws:acm:r:1:certificate/[0-9]".boxed(),
        Kind::Policy => "ELBSecurityPolicy-[0-9-]{1,8}".boxed(),
    };
    prop_oneof![9 => good, 1 => any::<String>(), 1 => Just(String::new())].boxed()
}

/// A world of random values that may be, and whether its options say the same.
fn world() -> impl Strategy<Value = World> {
    let base = World::new();
    let mut fields = Vec::new();
    let objects = base.with(|basis| basis.objects());
    for object in objects {
        fields.extend(settings_of(object.kind()).map(|facts| (object.clone(), facts)));
    }
    let values: Vec<_> = fields.iter().map(|(_, facts)| (value(facts.kind), 0..4_u8)).collect();
    values.prop_map(move |values| {
        let mut world = base.clone();
        for ((object, facts), (value, how)) in fields.iter().zip(values) {
            let live = facts.kind.accept(&value).unwrap_or_else(|| facts.default.to_owned());
            let option = facts.option.filter(|option| option.kind.accept(&live).is_some_and(|it| !it.is_empty()));
            world.lay(object, facts.key, option.map_or(&live, |option| if how == 0 { option.default } else { &live }));
            let Some(option) = facts.option else { continue };
            let namespace = match object {
                Object::TargetGroup(_) => PROCESS,
                Object::LoadBalancer(_) => "aws:elbv2:loadbalancer",
                Object::Listener(..) => "aws:elbv2:listener:443",
            };
            let value = option.kind.accept(&live).filter(|it| !it.is_empty());
            // 0: unset and as its default; 1: drift; else as it is live.
            let drifted = (how == 1).then_some(option.default).filter(|it| !it.is_empty());
            world.set_option(namespace, option.name, drifted.or(value.as_deref()).filter(|_| how != 0));
        }
        world
    })
}

/// Some settings, by their place in the list of all, with new values.
fn wishes() -> impl Strategy<Value = Vec<(Index, u64)>> {
    prop::collection::vec((any::<Index>(), any::<u64>()), 1..5)
}

fn change(world: &World, wishes: &[(Index, u64)]) -> Vec<Edit> {
    let fields = world.fields();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut edits = Vec::new();
    for (place, seed) in wishes {
        let field = place.get(&fields);
        (0..seed % 7).for_each(|_| drop(runner.rng().random_word()));
        let tree = value(field.facts.kind).new_tree(&mut runner).unwrap();
        edits.push(Edit { object: field.object.clone(), facts: field.facts, value: tree.current() });
    }
    edits
}

trait Word {
    fn random_word(&mut self) -> u32;
}

impl Word for proptest::test_runner::TestRng {
    fn random_word(&mut self) -> u32 {
        use proptest::prelude::RngCore;
        self.next_u32()
    }
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// A hundred plans for each world.
    #[test]
    fn plans_keep_their_promises(world in world(), wishes in prop::collection::vec(wishes(), 34)) {
        for wishes in &wishes {
            let change = change(&world, wishes);
            for route in Route::ALL {
                let Ok(plan) = world.with(|basis| plan(basis, &change, Some(route))) else { continue };
                prop_assert_eq!(&plan.refusal, &None);
                plan.modifications().iter().for_each(assert_in_range);
                holds(&world, &plan);
            }
        }
    }
}

fn holds(world: &World, plan: &Plan) {
    let mut after = world.clone();
    after.apply(plan);
    for row in plan.rows.iter().filter(|row| row.is_written()) {
        let live = after.with(|basis| basis.live(&row.object, row.facts));
        assert_eq!(live, row.wanted, "{}", row.key);
    }
    if plan.route != Route::Elb {
        let found = after.with(|basis| drift(basis.inventory, basis.link().unwrap(), &basis.environment.key).unwrap());
        let is_ours = |key: &str| plan.rows.iter().any(|row| row.option.is_some() && row.key == key);
        assert!(!found.iter().any(|it| is_ours(&it.key)), "{found:?}");
    }
    let undo = after.with(|basis| undo(basis, &past(plan))).unwrap();
    undo.modifications().iter().for_each(assert_in_range);
    assert_eq!(after.with(|basis| undo.differences(basis)), []);
    after.apply(&undo);
    // Where a value drifted, Beanstalk can be told the old option again, but not to leave the drift.
    let drifted: Vec<_> = world.fields().into_iter().filter(Field::drifts).map(|field| field.key).collect();
    for (before, now) in world.state().into_iter().zip(after.state()) {
        if plan.route == Route::Elb || !drifted.contains(&before.0) {
            assert_eq!(before, now);
        } else {
            assert_eq!((before.0, before.2), (now.0, now.2));
        }
    }
}
