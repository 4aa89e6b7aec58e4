//! Changes of settings that arrive: what is sent is what was shown, what is live is what was sent, and undo puts back
//! exactly what was there.

use beanpole::change::{Outcome, PlanMistake, Refusal, Route};
use beanpole::model::EnvironmentStatus;

use super::stage::{Stage, wait};
use super::terrain::{SCENARIO, Terrain, assert_applied, assert_sent};

/// A form of the health check: keys with their new values.
pub const HEALTH_CHECK: &[(&str, &str)] = &[
    ("health_check.path", "/healthz?deep=1"),
    ("health_check.interval", "30"),
    ("health_check.timeout", "10"),
    ("health_check.healthy_threshold", "2"),
    ("health_check.unhealthy_threshold", "4"),
    ("health_check.matcher", "200-299,301"),
    ("health_check.port", "8081"),
    ("health_check.protocol", "HTTPS"),
];

/// Every change in one place: what is set, by `elb`.
const DIRECT: &[&[(&str, &str)]] = &[
    &[("stickiness.enabled", "true")],
    &[("stickiness.type", "app_cookie"), ("stickiness.app_cookie.cookie_name", "connect.sid")],
    HEALTH_CHECK,
    &[("deregistration_delay.timeout_seconds", "120")],
    &[("idle_timeout.timeout_seconds", "4000")],
    &[("load_balancing.algorithm.type", "weighted_random"), ("load_balancing.algorithm.anomaly_mitigation", "on")],
    &[("slow_start.duration_seconds", "30"), ("health_check.interval", "60")],
    &[("access_logs.s3.enabled", "true"), ("access_logs.s3.bucket", "shop-logs")],
    &[("listener:443:ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06")],
    &[("listener:443:routing.http.response.server.enabled", "false"), ("stickiness.enabled", "true")],
];

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_what_was_shown_and_undo_puts_back_what_was_there() {
    for wishes in DIRECT {
        let stage = Stage::undisturbed(SCENARIO);
        let before = Terrain::read(&stage, "web").await.everything();
        let path = stage.path();
        stage.hand.watch(move || assert!(std::fs::read_to_string(&path).unwrap().contains("\"line\":\"operation\"")));
        let (plan, written) = stage.set("web", wishes, Some(Route::Elb)).await;
        assert_applied(&written);
        assert_sent(&stage, &plan);
        for (key, value) in *wishes {
            let (_, observed) = written.values.iter().find(|(name, _)| name == key).unwrap();
            assert_eq!(observed.as_deref(), Some(*value), "{key}");
        }
        let [entry] = stage.entries().try_into().unwrap();
        assert_eq!((entry.kind.as_str(), entry.route.as_str()), ("set", "elb"));
        assert_eq!(entry.changes.len(), wishes.len());
        assert_applied(&stage.undo("web").await);
        assert_eq!(Terrain::read(&stage, "web").await.everything(), before, "{wishes:?}");
        let [set, undo] = stage.entries().try_into().unwrap();
        assert_eq!((undo.undoes, undo.kind.as_str()), (Some(set.id), "undo"));
        assert_eq!(set.undone_by, Some(undo.id));
    }
}

#[tokio::test(start_paused = true)]
async fn an_option_is_an_update_and_undo_unsets_what_was_unset() {
    let wishes = &[
        ("stickiness.enabled", "true"),
        ("health_check.path", "/healthz"),
        ("health_check.matcher", "200,301"),
        ("idle_timeout.timeout_seconds", "3600"),
    ];
    let stage = Stage::undisturbed(SCENARIO);
    let before = Terrain::read(&stage, "web").await.everything();
    let (plan, written) = stage.set("web", wishes, None).await;
    assert_eq!(plan.route, Route::Beanstalk);
    assert_applied(&written);
    assert_sent(&stage, &plan);
    assert_eq!(stage.calls("ValidateConfigurationSettings"), 1);
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Updating);
    wait(60).await;
    let after = Terrain::read(&stage, "web").await;
    wishes.iter().for_each(|(key, value)| assert_eq!(after.live(key), *value));
    assert_eq!(after.drift(), [""; 0]);
    let undo = stage.plan_of_undo("web").await;
    let removed: Vec<_> = undo.rows.iter().filter(|row| row.option.as_ref().unwrap().wanted.is_none()).collect();
    let mut keys: Vec<_> = removed.iter().map(|row| row.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["health_check.matcher", "idle_timeout.timeout_seconds"], "options that were unset");
    assert_applied(&stage.change(&undo).await);
    wait(60).await;
    assert_eq!(Terrain::read(&stage, "web").await.everything(), before);
}

#[tokio::test(start_paused = true)]
async fn both_writes_to_the_load_balancer_and_then_to_beanstalk() {
    let stage = Stage::undisturbed(SCENARIO);
    let before = Terrain::read(&stage, "web").await.everything();
    let (plan, written) = stage.set("web", &[("deregistration_delay.timeout_seconds", "90")], Some(Route::Both)).await;
    assert_applied(&written);
    assert_sent(&stage, &plan);
    assert_eq!(written.values[0].1.as_deref(), Some("90"), "live at once");
    let operations: Vec<_> = plan.calls().iter().map(beanpole::change::ApiCall::operation).collect();
    assert_eq!(operations, ["ValidateConfigurationSettings", "ModifyTargetGroupAttributes", "UpdateEnvironment"]);
    wait(60).await;
    assert_applied(&stage.undo("web").await);
    wait(60).await;
    assert_eq!(Terrain::read(&stage, "web").await.everything(), before);
}

#[tokio::test(start_paused = true)]
async fn drift_is_adopted_or_put_back() {
    let stage = Stage::undisturbed(SCENARIO);
    let terrain = Terrain::read(&stage, "drifted").await;
    assert_eq!(terrain.drift(), ["deregistration_delay.timeout_seconds", "stickiness.enabled"]);
    let wishes = &[("stickiness.enabled", "false")];
    let Err(PlanMistake::NeedsElb(reasons)) = terrain.plan(wishes, None) else { panic!() };
    assert!(reasons[0].contains("Beanstalk would do nothing"), "{reasons:?}");
    let nothing = terrain.plan(wishes, Some(Route::Beanstalk)).unwrap();
    assert!(nothing.is_empty() && nothing.calls().is_empty());
    assert_eq!(stage.change(&nothing).await.outcome, Outcome::Unchanged);
    assert_eq!((stage.writes(), stage.path().exists()), (0, false));
    let (_, written) = stage.set("drifted", wishes, Some(Route::Elb)).await;
    assert_applied(&written);
    let (plan, written) = stage.set("drifted", &[("deregistration_delay.timeout_seconds", "300")], None).await;
    assert_applied(&written);
    assert_eq!((plan.route, plan.rows[0].elb), (Route::Beanstalk, false));
    wait(60).await;
    let after = Terrain::read(&stage, "drifted").await;
    assert_eq!((after.drift(), after.live("stickiness.enabled").as_str()), (Vec::new(), "false"));
}

/// Whether an update resets what drifts beside what it changes is not documented: it is shown, and both are accepted.
#[tokio::test(start_paused = true)]
async fn siblings_that_drift_are_named_and_may_be_reset() {
    for (resets, expected) in [("resets_siblings = true", "20"), ("", "300")] {
        let stage = Stage::undisturbed(&format!("{resets}\n{SCENARIO}"));
        let (plan, written) = stage.set("drifted", &[("health_check.path", "/healthz")], None).await;
        assert_applied(&written);
        let warned = plan.warnings.iter().any(|it| it.contains("deregistration_delay.timeout_seconds"));
        assert!(warned, "{:?}", plan.warnings);
        wait(60).await;
        let after = Terrain::read(&stage, "drifted").await;
        assert_eq!(after.live("deregistration_delay.timeout_seconds"), expected);
        assert_eq!(after.live("health_check.path"), "/healthz");
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_processes_the_one_that_was_chosen_is_written() {
    let stage = Stage::undisturbed(SCENARIO);
    let terrain = Terrain::read(&stage, "pair").await;
    let wishes = &[("stickiness.enabled", "true")];
    assert!(matches!(terrain.plan(wishes, None), Err(PlanMistake::SeveralGroups(names)) if names.len() == 2));
    let wishes: Vec<_> = wishes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let basis = terrain.basis();
    let change = beanpole::change::resolve(&basis, &wishes, Some(&terrain.group("chat"))).unwrap();
    let plan = beanpole::change::plan(&basis, &change, None).unwrap();
    let option = &plan.rows[0].option.as_ref().unwrap().option;
    assert_eq!(&*option.namespace, "aws:elasticbeanstalk:environment:process:chat");
    assert_applied(&stage.change(&plan).await);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_proven_is_never_written() {
    let stage = Stage::undisturbed(SCENARIO);
    // A group made by hand, on a load balancer that Beanstalk made for one environment.
    let terrain = Terrain::read(&stage, "held").await;
    let canary =
        terrain.snapshot.inventory.target_groups.values().find(|group| &*group.name == "canary").unwrap().key.clone();
    let wishes = [("stickiness.enabled".to_owned(), "true".to_owned())];
    let basis = terrain.basis();
    let change = beanpole::change::resolve(&basis, &wishes, Some(&canary)).unwrap();
    let mistake = beanpole::change::plan(&basis, &change, Some(Route::Elb)).unwrap_err();
    assert!(mistake.to_string().contains("stickiness of the groups"), "{mistake}");
    let wishes = [("deregistration_delay.timeout_seconds".to_owned(), "10".to_owned())];
    let change = beanpole::change::resolve(&basis, &wishes, Some(&canary)).unwrap();
    let mut plan = beanpole::change::plan(&basis, &change, Some(Route::Elb)).unwrap();
    assert!(matches!(plan.refusal, Some(Refusal::NotProven { .. })), "{:?}", plan.refusal);
    assert!(matches!(stage.change(&plan).await.outcome, Outcome::Refused(Refusal::NotProven { .. })));
    // Whatever the plan's refusal, the proof is read again.
    plan.refusal = None;
    let written = stage.change(&plan).await;
    assert!(matches!(written.outcome, Outcome::Refused(Refusal::NotProven { .. })), "{written:?}");
    // A shared load balancer that one environment uses looks like its own.
    let lone = Terrain::read(&stage, "lone").await;
    let mut plan = lone.plan(&[("idle_timeout.timeout_seconds", "300")], Some(Route::Elb)).unwrap();
    assert!(matches!(plan.refusal, Some(Refusal::NotProven { .. })), "{:?}", plan.refusal);
    plan.refusal = None;
    assert!(matches!(stage.change(&plan).await.outcome, Outcome::Refused(Refusal::NotProven { .. })));
    assert_eq!(stage.writes(), 0);
    // Its target group is the environment's own.
    let (_, written) = stage.set("lone", &[("deregistration_delay.timeout_seconds", "45")], Some(Route::Elb)).await;
    assert_applied(&written);
}
