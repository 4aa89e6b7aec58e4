//! What a change of settings is planned on, read of a simulated region as the dashboard would have read it.

use beanpole::change::{
    Operation, Outcome, Past, Plan, PlanInputs, PlanMistake, Route, Written, drift, plan, resolve, undo,
};
use beanpole::model::{Ask, Environment, Key, Names, ScopeId, Seq, Snapshot, Source, TargetGroup};

use crate::support::Stage;

/// A region with an environment of its own ALB, one of two processes, one with a target group attached to its ALB by
/// hand, and one that is alone on a shared ALB.
pub const SCENARIO: &str = scenario!(
    "what settings are changed on",
    certificate!("cert", "*.shop.example"),
    application!("shop", "v1", "v2"),
    environment!("web", certificate = "cert"),
    environment!("pair", process = [{ name = "default" }, { name = "chat", port = 8080, paths = ["/chat/*"] }]),
    environment!(
        "drifted",
        process = [{ name = "default", live = { "deregistration_delay.timeout_seconds" = "300", "stickiness.enabled" = "true" } }],
    ),
    load_balancer!(
        "by-hand", name = "awseb--AWSEB-BYHAND000000",
        listener = [{ port = 80, default = { split = [{ to = "canary", weight = 10 }, { to = "held", weight = 90 }] } }],
    ),
    target_group!("canary", targets = 1),
    environment!("held", load_balancer = "by-hand"),
    load_balancer!(
        "edge", name = "awseb--AWSEB-EDGE00000000", listener = [{ port = 80, default = { fixed_response = 404 } }],
    ),
    shared_environment!("lone", "edge", hosts = ["lone.shop.example"]),
);

/// All that was read, and one environment of it.
pub struct Terrain {
    pub snapshot: Snapshot,
    pub environment: Environment,
}

/// Values by key.
type Values = Vec<(String, Option<String>)>;

impl Terrain {
    pub async fn read(stage: &Stage, name: &str) -> Self {
        let scope = ScopeId(0);
        let mut snapshot = Snapshot::new(stage.session.scope, stage.now());
        let base = [Source::Environments(scope), Source::LoadBalancers(scope), Source::TargetGroups(scope)];
        for source in base {
            take(stage, &mut snapshot, source).await;
        }
        let environment = snapshot.inventory.environment_named(name).unwrap().clone();
        let key = &environment.key;
        take(stage, &mut snapshot, Source::Settings(key.clone())).await;
        take(stage, &mut snapshot, Source::Resources(key.clone())).await;
        for name in snapshot.inventory.resources[key].auto_scaling_groups.clone() {
            take(stage, &mut snapshot, Source::AutoScalingGroup(Key::new(scope, name))).await;
        }
        for group in snapshot.inventory.target_groups.keys().cloned().collect::<Vec<_>>() {
            take(stage, &mut snapshot, Source::TargetGroupTags(group.clone())).await;
            take(stage, &mut snapshot, Source::TargetGroupAttributes(group)).await;
        }
        if let Some((balancer, _)) = snapshot.link(key).unwrap().load_balancer.clone() {
            take(stage, &mut snapshot, Source::LoadBalancerTags(balancer.clone())).await;
            take(stage, &mut snapshot, Source::LoadBalancerAttributes(balancer.clone())).await;
            take(stage, &mut snapshot, Source::Listeners(balancer.clone())).await;
            for listener in snapshot.inventory.listeners[&balancer].clone() {
                take(stage, &mut snapshot, Source::Rules(listener.key.clone())).await;
                take(stage, &mut snapshot, Source::ListenerAttributes(listener.key)).await;
            }
        }
        Self { snapshot, environment }
    }

    pub fn basis(&self) -> PlanInputs<'_> {
        PlanInputs { snapshot: &self.snapshot, environment: &self.environment }
    }

    pub fn group(&self, process: &str) -> Key<TargetGroup> {
        let is_meant = |group: &&&TargetGroup| group.port == Some(if process == "chat" { 8080 } else { 80 });
        self.basis().target_groups().iter().find(is_meant).unwrap().key.clone()
    }

    pub fn plan(&self, wishes: &[(&str, &str)], route: Option<Route>) -> Result<Plan, PlanMistake> {
        let wishes: Vec<_> = wishes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let basis = self.basis();
        resolve(&basis, &wishes, None).and_then(|change| plan(&basis, &change, route))
    }

    /// Everything live that can be edited, and every option.
    pub fn everything(&self) -> (Values, Values) {
        let basis = self.basis();
        let text = |value: &Option<std::sync::Arc<str>>| value.as_deref().map(str::to_owned);
        let fields = basis.objects().into_iter().flat_map(|object| basis.fields(&object));
        let live = fields.map(|field| (format!("{:?} {}", field.object, field.key), text(&field.live)));
        let options = basis.settings().unwrap().options.iter();
        let options = options.map(|it| (format!("{}/{}", it.namespace, it.name), text(&it.value)));
        (live.collect(), options.collect())
    }

    pub fn live(&self, key: &str) -> String {
        let (live, _) = self.everything();
        live.into_iter().find(|(name, _)| name.ends_with(&format!(" {key}"))).unwrap().1.unwrap_or_default()
    }

    pub fn drift(&self) -> Vec<String> {
        let found = drift(&self.basis()).unwrap();
        found.into_iter().map(|it| it.key.to_string()).collect()
    }
}

/// Reads this into the snapshot.
pub async fn take(stage: &Stage, snapshot: &mut Snapshot, source: Source) {
    let names = match &source {
        Source::Settings(key) => snapshot
            .inventory
            .environments
            .get(key)
            .map(|it| Names { application: it.application.clone(), environment: it.name.clone() }),
        _ => None,
    };
    let ask = Ask { sources: vec![source], seq: Seq(0), names, since: None, metrics: None };
    let batch = stage.ask(ask).await.result.unwrap();
    snapshot.apply_batch(batch, stage.now());
}

impl Stage {
    pub async fn set(&self, name: &str, wishes: &[(&str, &str)], route: Option<Route>) -> (Plan, Written) {
        let plan = Terrain::read(self, name).await.plan(wishes, route).unwrap();
        let written = self.change(&plan).await;
        (plan, written)
    }

    pub async fn change(&self, plan: &Plan) -> Written {
        self.perform(&Operation::from(plan)).await
    }

    /// The plan that puts the newest change back.
    pub async fn plan_of_undo(&self, name: &str) -> Plan {
        let history = self.log.read().unwrap();
        let entry = history.newest_to_undo(Some("1"), Some("eu-west-1"), None, None).unwrap();
        let past: Past = entry.past(ScopeId(0)).unwrap();
        undo(&Terrain::read(self, name).await.basis(), &past).unwrap()
    }

    pub async fn undo(&self, name: &str) -> Written {
        let plan = self.plan_of_undo(name).await;
        self.change(&plan).await
    }
}

/// Checks that what was sent is the plan.
pub fn assert_sent(stage: &Stage, plan: &Plan) {
    let writes = plan.calls().into_iter().filter(|call| call.write().changes);
    let expected: Vec<_> = writes
        .map(|call| {
            let mut form = call.form();
            form.sort();
            form
        })
        .collect();
    assert_eq!(stage.hand.sent(), expected);
}

pub fn assert_applied(written: &Written) {
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
}
