//! Notifications: one for each change, none of what was so from the beginning, and none at all unless
//! the configuration asks for it.

use std::sync::Arc;

use beanpole::app::DashboardSetup;
use beanpole::aws::post_json;
use beanpole::config::NotifySettings;
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::alarm::set_alarm;
use crate::support::{Harness, Stage};

fn with_bell(setup: &mut DashboardSetup) {
    let mut config = (*setup.config).clone();
    config.notify = NotifySettings { bell: true, ..NotifySettings::default() };
    setup.config = Arc::new(config);
}

/// A region of one environment with an alarm on it, which is not in ALARM.
fn region() -> Stage {
    let tables = concat!(
        lines!("[[environment]]", name = "web", application = "shop", version = "v2"),
        "instances = 4\n",
        alarm!("web-errors", "HTTPCode_Target_5XX_Count", target_group = "web", threshold = 5.0, state = "OK"),
    );
    Stage::written(&format!("description = \"one alarm\"\nseed = 7\n{tables}{}", application!("shop", "v1", "v2")))
}

fn words<'a>(object: &'a Map<String, Value>, fields: &[&str]) -> Vec<&'a str> {
    fields.iter().map(|field| object.get(*field).and_then(Value::as_str).unwrap_or("-")).collect()
}

#[tokio::test(start_paused = true)]
async fn an_alarm_and_the_attention_that_it_needs_are_each_one_notification_when_they_begin_and_when_they_end() {
    let mut harness = Harness::set_up(region(), with_bell);
    harness.pass(120).await;
    assert_eq!(harness.notified, [], "nothing has changed");
    set_alarm(&harness, "web-errors", "ALARM");
    harness.pass(120).await;
    set_alarm(&harness, "web-errors", "OK");
    harness.pass(120).await;
    let mut sent: Vec<_> =
        harness.notified.iter().map(|it| words(it, &["state", "type", "environment", "alarm"])).collect();
    sent.sort();
    let expected: [[&str; 4]; 4] = [
        ["begun", "alarm", "web", "web-errors"],
        ["begun", "attention", "web", "-"],
        ["ended", "alarm", "web", "web-errors"],
        ["ended", "attention", "web", "-"],
    ];
    assert_eq!(sent, expected);
    let begun = harness.notified.iter().find(|it| it["type"] == "attention").unwrap();
    assert!(begun["message"].as_str().unwrap().contains("alarm web-errors is in ALARM"), "{begun:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_from_the_beginning_is_no_news_and_without_a_setting_nothing_is_sent() {
    let mut harness = Harness::set_up(Stage::new("mixed-versions").without_faults(), with_bell);
    harness.pass(90).await;
    assert_eq!(harness.notified, []);
    let mut silent = Harness::on(region());
    silent.pass(60).await;
    set_alarm(&silent, "web-errors", "ALARM");
    silent.pass(60).await;
    assert_eq!(silent.notified, []);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_turns_worse_is_sent_with_both_versions() {
    let mut harness = Harness::set_up(Stage::new("bad-deploy"), with_bell);
    harness.pass(900).await;
    let verdicts: Vec<_> = harness.notified.iter().filter(|it| it["type"] == "verdict").collect();
    let kinds: Vec<_> = verdicts.iter().map(|it| words(it, &["verdict", "environment", "from", "to"])).collect();
    assert!(kinds.iter().any(|it| it[0] == "worse" && it[1] == "checkout-web-prod"), "{kinds:?}");
    assert!(kinds.iter().all(|it| it[2] != "-" && it[3] != "-"), "{kinds:?}");
    let again = kinds.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(again <= 1, "the final one alone repeats the one before: {kinds:?}");
}

/// Answers one request with this status, and returns what was sent.
async fn answering(status: u16, url: impl Fn(u16) -> String) -> (Result<(), String>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut request, mut piece) = (Vec::new(), [0; 4096]);
        while !request.ends_with(b"}\n") {
            let read = stream.read(&mut piece).await.unwrap();
            assert!(read > 0, "{}", String::from_utf8_lossy(&request));
            request.extend_from_slice(&piece[..read]);
        }
        let answer = format!("HTTP/1.1 {status} x\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let posted = post_json(None, &url(port), "{\"type\":\"alarm\"}\n".to_owned()).await;
    (posted, server.await.unwrap())
}

#[tokio::test]
async fn a_hook_gets_the_object_and_its_answer_is_said_without_its_secret() {
    let url = |port| format!("http://127.0.0.1:{port}/hook/SECRET?key=SECRET");
    let (posted, request) = answering(204, url).await;
    assert_eq!(posted, Ok(()));
    assert!(request.starts_with("POST /hook/SECRET?key=SECRET HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains("content-type: application/json") && request.ends_with("{\"type\":\"alarm\"}\n"),
        "{request}"
    );
    for status in [302, 404, 500] {
        let why = answering(status, url).await.0.unwrap_err();
        assert!(why.contains(&format!("answered HTTP {status}")) && !why.contains("SECRET"), "{why}");
    }
    let refused = post_json(None, "http://127.0.0.1:9/SECRET", String::new()).await.unwrap_err();
    assert_eq!(refused, "127.0.0.1:9 cannot be reached");
    let nowhere = post_json(None, "nothing", String::new()).await.unwrap_err();
    assert_eq!(nowhere, "notify.url names no host");
}
