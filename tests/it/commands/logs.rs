//! `logs`: requested from the instances, waited for and read; instances that do not answer are reported.

use std::collections::BTreeSet;
use std::time::Duration;

use beanpole::aws::log_tails;
use beanpole::config;
use beanpole::model::{Answer, Source};
use beanpole::polling::Pace;
use beanpole::runtime::tails;
use beanpole::sim::{Allowance, Faults};
use serde_json::{Value, json};

use super::run::{Region, assert_fields};
use crate::support;
use crate::support::scenarios::{HANGS, ONE, UPDATING};

#[test]
fn every_instance_has_its_tail_under_its_header() {
    let region = Region::new("healthy");
    let ran = region.run(["logs", "alpha-web-prod", "--utc", "--read-only"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let headers: Vec<_> = ran.out.lines().filter(|line| line.starts_with("==> i-")).collect();
    assert_eq!(headers.len(), 3, "{}", ran.out);
    assert!(headers.iter().all(|header| header.ends_with(" Z <==")), "{headers:?}");
    for log in ["/var/log/eb-engine.log", "/var/log/web.stdout.log", "/var/log/nginx/access.log"] {
        assert_eq!(ran.out.lines().filter(|line| *line == log).count(), 3, "{log}");
    }
    assert!(ran.out.contains("web[2114]: info: GET "), "colours are taken off: {}", &ran.out[..2_000]);
    assert!(!ran.out.contains('\u{1b}'));
    let calls = region.calls();
    let count = |name: &str| calls.iter().find(|(known, _)| known == name).map_or(0, |(_, times)| *times);
    assert_eq!((count("RequestEnvironmentInfo"), count("GetObject")), (1, 3), "{calls:?}");
    assert_eq!((count("DescribeEnvironments"), count("DescribeEnvironmentResources")), (1, 1), "{calls:?}");
    assert!(count("RetrieveEnvironmentInfo") <= 6, "{calls:?}");
}

#[test]
fn one_instance_is_read_alone_and_an_unknown_one_is_a_usage_error() {
    let region = Region::new("healthy");
    let shown = region.json(&["show", "alpha-web-prod"]);
    let instance = shown["target_groups"][0]["targets"][0]["id"].as_str().unwrap().to_owned();
    let answer = region.json(&["logs", "alpha-web-prod", &instance]);
    assert_fields(&answer, &["items", "errors"]);
    assert_eq!((answer["items"].as_array().unwrap().len(), &answer["errors"]), (1, &json!([])));
    let item = &answer["items"][0];
    assert_fields(item, &["instance", "at", "text"]);
    assert_eq!(item["instance"], instance.as_str());
    assert!(item["at"].as_str().unwrap().ends_with('Z'));
    assert!(item["text"].as_str().unwrap().lines().count() > 200);
    assert!(!answer.to_string().contains("Signature="), "the URL is a secret as long as it is good");

    let wrong = format!("{}0", &instance[..instance.len() - 1]);
    let ran = region.run(["logs", "alpha-web-prod", &wrong]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains(&format!("did you mean `{instance}`?")), "{}", ran.err);
    let ran = region.run(["logs", "alpha-web-prd"]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("did you mean `alpha-web-prod`?"), "{}", ran.err);
}

#[test]
fn what_is_refused_says_what_to_do() {
    let denied = |action: &str| {
        let deny = format!("[faults]\ndeny = [\"elasticbeanstalk:{action}\"]\n");
        Region::written(&format!("{ONE}{deny}")).run(["logs", "web", "-o", "json"])
    };
    for action in ["RequestEnvironmentInfo", "RetrieveEnvironmentInfo"] {
        let ran = denied(action);
        assert_eq!((ran.status, &ran.json()["items"]), (Some(4), &Value::Null), "{}", ran.err);
        assert!(ran.err.contains(&format!("ask for the IAM action elasticbeanstalk:{action}")), "{}", ran.err);
    }
    let busy = Region::written(UPDATING);
    let ran = busy.run(["logs", "web"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("while the environment is Ready"), "{}", ran.err);
}

#[test]
fn hostile_logs_command_no_terminal_and_no_reader_of_json() {
    let region = Region::new("hostile");
    for format in ["table", "json"] {
        let ran = region.run(["logs", "escape-prod", "-o", format]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let texts = match format {
            "json" => ran.json()["items"].as_array().unwrap().iter().map(|it| it["text"].to_string()).collect(),
            _ => ran.out.clone(),
        };
        let bad = texts.chars().find(|it| *it != '\n' && (it.is_control() || beanpole::model::is_hostile(*it)));
        assert_eq!(bad, None, "{format}");
        assert!(texts.contains("takes the title  and the clipboard") && texts.contains("caf\u{fffd}"), "{texts}");
        assert!(texts.contains("begins a sequence and never ends it"), "{texts}");
    }
}

// ------------------------------------------------------------------------------------------------ on the paused clock

/// The region's first environment's key and instances.
async fn first(
    stage: &support::Stage,
) -> (beanpole::model::Key<beanpole::model::Environment>, Vec<std::sync::Arc<str>>) {
    let Answer::Environments(environments) = stage.answer(Source::Environments(stage.session.scope)).await else {
        panic!()
    };
    let key = environments[0].key.clone();
    let Answer::Resources(resources) = stage.answer(Source::Resources(key.clone())).await else { panic!() };
    (key, resources.instances)
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_waited_for_a_minute_and_told() {
    let stage = support::Stage::written(HANGS);
    let (environment, instances) = first(&stage).await;
    let pace = Pace::new(&config::defaults());
    assert_eq!(instances.len(), 3);
    let began = stage.clock.now();
    let found = tails(stage.means(&pace), &environment, Some(&instances), |_| ()).await.unwrap();
    let took = stage.clock.now().since(began).as_secs();
    assert!((58..=66).contains(&took), "{took} s");
    assert_eq!(found.silent, [std::sync::Arc::clone(&instances[1])]);
    assert_eq!((found.read.len(), found.failed.len()), (2, 0));
    // It is unknown which instances should answer: the first does, and then there is a lull.
    let began = stage.clock.now();
    let found = tails(stage.means(&pace), &environment, None, |_| ()).await.unwrap();
    assert_eq!((found.read.len(), found.silent.len()), (2, 0));
    assert!(stage.clock.now().since(began) < Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn what_was_handed_in_before_is_not_taken_for_an_answer() {
    let stage = support::Stage::new("healthy");
    let (environment, instances) = first(&stage).await;
    let pace = Pace::new(&config::defaults());
    let ask = async || tails(stage.means(&pace), &environment, Some(&instances), |_| ()).await.unwrap();
    let times = |found: &beanpole::model::Tails| found.read.values().map(|tail| tail.at).collect::<BTreeSet<_>>();
    let (one, other) = (ask().await, ask().await);
    assert!(times(&one).iter().max() < times(&other).iter().min(), "{:?} {:?}", times(&one), times(&other));
    let all = log_tails(&stage.session, &environment, || stage.clock.now()).await.unwrap();
    assert_eq!(all.len(), 2 * instances.len(), "Beanstalk still gives both");
    assert!(!format!("{all:?}").contains("Signature"), "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_throttles_is_asked_again() {
    let stage = support::Stage::new("healthy");
    let (environment, instances) = first(&stage).await;
    let pace = Pace::new(&config::defaults());
    let throttle = [("elasticbeanstalk".to_owned(), Allowance { rate: 0.25, burst: 1 })].into();
    stage.world.set_faults(Faults { throttle, ..Faults::none() });
    let found = tails(stage.means(&pace), &environment, Some(&instances), |_| ()).await.unwrap();
    assert_eq!((found.read.len(), found.silent.len()), (instances.len(), 0), "{found:?}");
}
