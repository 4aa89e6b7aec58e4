//! Conclusions do not depend on the shape of answers: sets in another order, what is empty left out or sent, words
//! joined, a clock that is not ours. In whatever shape AWS answers, the same is linked, shown, planned and judged.
//!
//! Each test takes the plain region's conclusions for right (others hold those) and compares several seeds with them.

use std::collections::BTreeMap;
use std::time::Duration;

use beanpole::change::Route;
use beanpole::deploy::VerdictKind;
use beanpole::polling::Question;
use beanpole::sim::{Faults, Scenario};

use crate::commands::run::Region as Served;
use crate::support::deploy::{followed, with_peak};
use crate::support::{Harness, Stage};
use crate::writes::terrain::{SCENARIO, Terrain, assert_applied};

/// Seeds of shapes: each kind of emptiness twice, in different orders.
const SEEDS: std::ops::Range<u64> = 1..7;

/// A region of an embedded scenario whose answers have this shape.
fn stage(scenario: &str, seed: Option<u64>) -> Stage {
    let stage = Stage::new(scenario);
    seed.into_iter().for_each(|seed| stage.world.vary(seed));
    stage
}

/// Returns the links of each environment, as text.
async fn linked(scenario: &str, seed: Option<u64>) -> BTreeMap<String, String> {
    let stage = stage(scenario, seed);
    let gathered = stage.gather(|_| vec![Question::Linked, Question::Proven]).await;
    let environments = gathered.snapshot.inventory.environments.values();
    environments
        .map(|environment| {
            let link = gathered.snapshot.topology.link(&environment.key).unwrap();
            let mut groups: Vec<_> = link.groups.iter().map(|group| format!("{group:?}")).collect();
            groups.sort();
            let text = format!("{:?} {:?} {groups:?}", link.balancer, link.load_balancer);
            (environment.name.to_string(), text)
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_same_is_linked() {
    for scenario in ["shop", "shared-alb", "mixed-versions", "hostile"] {
        let plain = linked(scenario, None).await;
        assert!(!plain.is_empty());
        for seed in SEEDS {
            assert_eq!(linked(scenario, Some(seed)).await, plain, "{scenario}, seed {seed}");
        }
    }
}

/// The screens after each of these keys, as text.
async fn screens(scenario: &str, seed: Option<u64>, keys: &[&str]) -> Vec<String> {
    let mut harness = Harness::on(stage(scenario, seed)).size(160, 45);
    harness.stage.world.set_faults(Faults { throttle: BTreeMap::new(), ..harness.stage.world.faults() });
    harness.pass(40).await;
    let mut screens = vec![harness.screen()];
    for keys in keys {
        harness.press(keys).await;
        harness.pass(20).await;
        screens.push(harness.screen());
    }
    screens
}

/// A line without spans of time, `4m49s`, and calls per minute: events of a varied region come some seconds
/// apart from the plain one's, and so do reads.
fn without_spans(line: &str) -> String {
    let is_span = |word: &str| {
        let word = word.trim_start_matches(['\u{2265}', '<', '~']);
        let digits = || word.strip_suffix("/min").is_some_and(|it| it.parse::<u32>().is_ok());
        digits()
            || word.starts_with(|it: char| it.is_ascii_digit())
                && word.ends_with(['s', 'm', 'h', 'd'])
                && word.chars().all(|it| it.is_ascii_digit() || "smhd".contains(it))
    };
    line.split(' ').map(|word| if is_span(word) { "SPAN" } else { word }).collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn the_same_is_shown() {
    let keys = ["x", "x", "/web<enter><enter>", "2", "3", "4", "<esc>", "<esc>", "/api<enter><enter>", "3"];
    for (scenario, seeds) in [("shop", 1..4), ("shared-alb", 1..2), ("mixed-versions", 2..3)] {
        let plain = screens(scenario, None, &keys).await;
        for seed in seeds {
            let varied = screens(scenario, Some(seed), &keys).await;
            for (place, (one, other)) in plain.iter().zip(&varied).enumerate() {
                // Events of one moment have no order of their own.
                let sorted = |screen: &str| {
                    let mut lines: Vec<_> = screen.lines().map(without_spans).collect();
                    lines.sort();
                    lines
                };
                let (one, ordered) = (sorted(one), sorted(other));
                let differs = one.iter().zip(&ordered).find(|(one, other)| one != other);
                assert_eq!(differs, None, "{scenario}, seed {seed}, screen {place}:\n{other}");
            }
        }
    }
}

/// Returns the text of a plan.
async fn planned(seed: Option<u64>, environment: &str, wishes: &[(&str, &str)], route: Option<Route>) -> String {
    let stage = Stage::undisturbed(SCENARIO);
    seed.into_iter().for_each(|seed| stage.world.vary(seed));
    let terrain = Terrain::read(&stage, environment).await;
    let mut drift = terrain.drift();
    drift.sort();
    let plan = match terrain.plan(wishes, route) {
        Ok(plan) => format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            plan.route,
            plan.calls(),
            plan.dangers,
            plan.warnings,
            plan.refusal,
            plan.serves
        ),
        Err(mistake) => mistake.to_string(),
    };
    format!("{drift:?} {plan}")
}

#[tokio::test(start_paused = true)]
async fn the_same_is_planned() {
    let wishes: [(&str, &[(&str, &str)]); 6] = [
        ("web", &[("stickiness.enabled", "true"), ("health_check.path", "/healthz")]),
        ("web", &[("listener:443:ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06")]),
        ("pair", &[("idle_timeout.timeout_seconds", "90")]),
        ("pair", &[("stickiness.enabled", "true")]),
        ("drifted", &[("deregistration_delay.timeout_seconds", "20")]),
        ("held", &[("stickiness.enabled", "true")]),
    ];
    for (environment, wishes) in wishes {
        for route in [None, Some(Route::Elb), Some(Route::Both)] {
            let plain = planned(None, environment, wishes, route).await;
            for seed in SEEDS {
                let varied = planned(Some(seed), environment, wishes, route).await;
                assert_eq!(varied, plain, "{environment} {wishes:?} {route:?}, seed {seed}");
            }
        }
    }
}

/// What is written arrives, is observed, and is undone exactly, whatever the shape; during an update of settings too,
/// when Beanstalk sends two sets of them.
#[tokio::test(start_paused = true)]
async fn what_is_written_is_put_back() {
    for seed in SEEDS {
        for route in [Route::Elb, Route::Beanstalk, Route::Both] {
            let stage = Stage::undisturbed(SCENARIO);
            stage.world.vary(seed);
            let sorted = |(mut live, mut options): (Vec<_>, Vec<_>)| {
                live.sort();
                options.sort();
                // An option that is unset is not there, or is empty.
                options.retain(|(_, value): &(String, Option<String>)| value.as_ref().is_some_and(|it| !it.is_empty()));
                (live, options)
            };
            let before = sorted(Terrain::read(&stage, "web").await.everything());
            let wishes = &[("stickiness.enabled", "true"), ("health_check.path", "/healthz")];
            let (_, written) = stage.set("web", wishes, Some(route)).await;
            assert_applied(&written);
            crate::writes::stage::wait(90).await;
            assert_applied(&stage.undo("web").await);
            crate::writes::stage::wait(90).await;
            assert_eq!(sorted(Terrain::read(&stage, "web").await.everything()), before, "{route:?}, seed {seed}");
        }
    }
}

/// The deployed settings are compared, wherever they are in the answer.
#[tokio::test(start_paused = true)]
async fn while_settings_are_updated_the_deployed_ones_count() {
    let mut orders = std::collections::BTreeSet::new();
    for seed in SEEDS {
        let stage = Stage::undisturbed(SCENARIO);
        stage.world.vary(seed);
        let before = Terrain::read(&stage, "web").await;
        let value = |terrain: &Terrain| {
            let basis = terrain.basis();
            let settings = basis.settings().unwrap();
            let process = "aws:elasticbeanstalk:environment:process:default";
            settings.get(process, "StickinessEnabled").map(str::to_owned)
        };
        let (_, written) = stage.set("web", &[("stickiness.enabled", "true")], Some(Route::Beanstalk)).await;
        assert_applied(&written);
        assert_eq!(value(&Terrain::read(&stage, "web").await), value(&before), "seed {seed}: it is only pending");
        let find = "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName=web";
        let answer = crate::support::somebody::ask(&stage.world, "elasticbeanstalk", find);
        let place = |status: &str| answer.find(&format!("<DeploymentStatus>{status}<")).unwrap();
        orders.insert(place("deployed") < place("pending"));
        crate::writes::stage::wait(90).await;
        assert_eq!(value(&Terrain::read(&stage, "web").await).as_deref(), Some("true"), "seed {seed}");
    }
    assert_eq!(orders.len(), 2, "both orders came up");
}

#[tokio::test(start_paused = true)]
async fn the_same_is_judged_of_a_deploy() {
    for seed in 1..3 {
        let good = Stage::of(with_peak("rolling", 120.0).with_seed(seed));
        good.world.vary(seed);
        let trace = followed(&good, "orders-web-prod", |_| false).await;
        assert_eq!(trace.watch.verdict().kind, VerdictKind::Same, "seed {seed}: {:?}", trace.watch.verdict());
        assert_eq!(trace.worse(true), None, "seed {seed}: a false alarm");
        let bad = Stage::of(with_peak("bad-deploy", 24.0).with_seed(seed));
        bad.world.vary(seed);
        let trace = followed(&bad, "checkout-web-prod", |_| false).await;
        assert_eq!(trace.watch.verdict().kind, VerdictKind::Worse, "seed {seed}");
        assert!(trace.worse(true).is_some(), "seed {seed}: it is called worse early too");
    }
    for scenario in ["immutable", "traffic-splitting", "stuck-deploy"] {
        let name = match scenario {
            "immutable" => "media-api-prod",
            "traffic-splitting" => "search-web-prod",
            _ => "parcel-web-prod",
        };
        let verdict = async |seed: Option<u64>| {
            let trace = followed(&stage(scenario, seed), name, |_| false).await;
            (trace.watch.verdict().kind, trace.watch.versions().words())
        };
        let plain = verdict(None).await;
        for seed in 2..3 {
            assert_eq!(verdict(Some(seed)).await, plain, "{scenario}, seed {seed}");
        }
    }
}

fn scenario(name: &str) -> Scenario {
    let path =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    Scenario::from_toml(name, &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// AWS's clock is ahead of ours or behind it.
fn skewed(scenario: Scenario, ahead: i64) -> Stage {
    Stage::ahead(scenario, -ahead)
}

/// By how many seconds AWS's clock is ahead of ours: AWS refuses requests that are five minutes off.
const SKEWS: [i64; 7] = [-280, -200, -45, 0, 45, 200, 280];

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_changes_no_verdict() {
    let failing = || scenario("silent-failure");
    let mut mistakes = Vec::new();
    for ahead in SKEWS {
        let cases = [
            (with_peak("rolling", 120.0), "orders-web-prod", VerdictKind::Same),
            (with_peak("bad-deploy", 24.0), "checkout-web-prod", VerdictKind::Worse),
            (failing(), "acme-web", VerdictKind::Failed),
        ];
        for (scenario, environment, expected) in cases {
            let stage = skewed(scenario, ahead);
            let began = stage.clock.local();
            let trace = followed(&stage, environment, |_| false).await;
            let (found, took) = (trace.watch.verdict(), stage.clock.local().since(began));
            if found.kind != expected {
                mistakes
                    .push(format!("AWS {ahead} s ahead, {environment}: {:?} after {took:?}: {found:?}", found.kind));
            }
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

/// How many environments need attention.
fn needing(harness: &Harness) -> usize {
    harness.app.state.fleet.iter().filter(|line| line.row.needs_attention()).count()
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_shows_the_same_fleet() {
    for ahead in SKEWS {
        let mut harness = Harness::on(skewed(Scenario::embedded("shop").unwrap(), ahead)).size(160, 45);
        harness.pass(40).await;
        let screen = harness.screen();
        assert!(screen.contains("shop-web-prod"), "{screen}");
        let attention = needing(&harness);
        let mut plain = Harness::new("shop").size(160, 45);
        plain.pass(40).await;
        assert_eq!(attention, needing(&plain), "{ahead} s:\n{screen}");
        harness.pass_unseen(Duration::from_mins(3)).await;
        assert!(
            harness.app.state.snapshot().reads.faults().is_empty(),
            "{:?}",
            harness.app.state.snapshot().reads.faults()
        );
    }
}

/// Returns the seconds of a span, `3m12s`; `None` if it is not one.
fn seconds(word: &str) -> Option<u64> {
    let mut all = 0;
    let mut digits = String::new();
    for letter in word.chars() {
        let unit = match letter {
            '0'..='9' => {
                digits.push(letter);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        all += digits.parse::<u64>().ok()? * unit;
        digits.clear();
    }
    (digits.is_empty() && all > 0).then_some(all)
}

/// What is dated by AWS has the same age on screen, whatever our clock shows; nothing is in the future.
#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_changes_no_age() {
    let ages = async |ahead: i64| {
        let mut harness = Harness::on(skewed(Scenario::embedded("shop").unwrap(), ahead)).size(160, 45);
        harness.pass(60).await;
        let now = harness.stage.clock.now();
        let theirs = harness.stage.clock.local().0 + jiff::SignedDuration::from_secs(ahead);
        // The date is cut to the second, and an answer takes a while.
        let off = now.0.duration_since(theirs).as_millis();
        assert!(off.abs() <= 2_000, "AWS {ahead} s ahead: the time is taken for {now:?}, {off} ms off");
        let inventory = &harness.app.state.snapshot().inventory;
        let newest = inventory.events.first().map(|event| now.0.duration_since(event.at.0).as_secs());
        let mut ages: Vec<_> = harness
            .app
            .state
            .fleet
            .iter()
            .map(|line| {
                let age = line.row.last_event.map(|at| now.0.duration_since(at.0).as_secs());
                (line.row.name.to_string(), age)
            })
            .collect();
        ages.sort();
        let mut reported = Vec::new();
        for keys in ["/web<enter><enter>", "4"] {
            harness.press(keys).await;
            harness.pass(20).await;
            let screen = harness.screen();
            assert!(!screen.contains(" in 3m") && !screen.contains(" in 4m"), "{ahead} s: of the future\n{screen}");
            reported.push(screen.split_whitespace().filter_map(seconds).collect::<Vec<_>>());
        }
        (newest, ages, reported)
    };
    let plain = ages(0).await;
    assert!(plain.0.is_some() && plain.1.iter().any(|(_, age)| age.is_some()), "{plain:?}");
    for ahead in SKEWS {
        let skewed = ages(ahead).await;
        // The newest one that we know of is as old as our last look.
        let near = |one: Option<i64>, other: Option<i64>| match (one, other) {
            (Some(one), Some(other)) => one >= -2 && (one - other).abs() <= 70,
            (one, other) => one == other,
        };
        assert!(near(skewed.0, plain.0), "{ahead} s: the newest event is {:?} s old, not {:?}", skewed.0, plain.0);
        for ((name, age), (_, expected)) in skewed.1.iter().zip(&plain.1) {
            assert!(near(*age, *expected), "{ahead} s: {name}: {age:?}, not {expected:?}");
        }
        for (screen, (one, other)) in plain.2.iter().zip(&skewed.2).enumerate() {
            let far = one.iter().zip(other).find(|(one, other)| one.abs_diff(**other) > 70);
            assert!(far.is_none() && one.len() == other.len(), "{ahead} s, screen {screen}: {one:?}\n{other:?}");
        }
    }
}

/// Lists in an answer, sorted, for AWS has no order for them.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.into_iter().map(sorted).collect();
            items.sort_by_key(ToString::to_string);
            Value::Array(items)
        }
        Value::Object(members) => Value::Object(members.into_iter().map(|(key, value)| (key, sorted(value))).collect()),
        other => other,
    }
}

#[test]
fn commands_answer_the_same() {
    let commands: [&[&str]; 4] =
        [&["ls", "--full"], &["show", "shop-web-prod"], &["show", "billing-web-prod"], &["find", "shop-api-prod"]];
    let plain = Served::new("shop");
    for arguments in commands {
        let expected = sorted(plain.json(arguments));
        for seed in 1..4 {
            let varied = Served::new("shop");
            varied.world.as_ref().unwrap().vary(seed);
            let answer = sorted(varied.json(arguments));
            // What moves with time is compared by the other tests.
            assert_eq!(without_time(answer), without_time(expected.clone()), "{arguments:?}, seed {seed}");
        }
    }
}

/// Without what depends on the second in which it was asked.
fn without_time(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(key, _)| {
                !matches!(key.as_str(), "requests" | "figures" | "metrics" | "last_event" | "causes" | "request_id")
            });
            Value::Object(kept.map(|(key, value)| (key, without_time(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_time).collect()),
        other => other,
    }
}
