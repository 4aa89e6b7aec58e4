//! A journal of several accounts, regions, endpoints and environments, with lines that were edited: only what was
//! made here is undone, and only as it can have been made.

use beanpole::change::{PlanMistake, undo};
use beanpole::model::ScopeId;
use beanpole::write::{AuditLog, History};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::stage::Stage;
use super::terrain::{SCENARIO, Terrain, assert_applied};

/// Where a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    account: Option<&'static str>,
    region: Option<&'static str>,
    endpoint: Option<&'static str>,
    environment: &'static str,
}

const HERE: Place = Place { account: Some("1"), region: Some("eu-west-1"), endpoint: None, environment: "e-1" };

/// The lines of a change of stickiness that was applied there.
fn lines(id: &str, place: Place, outcome: &str) -> Vec<Value> {
    let mut begun = json!({
        "line": "begun", "id": id, "at": "2026-11-23T14:00:00Z", "process": 1, "kind": "set",
        "caller": "arn:aws:iam::1:user/me", "account": place.account, "region": place.region,
        "environment": "web", "environment_id": place.environment, "application": "shop", "route": "elb",
        "target_group": "arn:tg/1",
        "changes": [{ "key": "stickiness.enabled", "before": "false", "after": "true" }],
    });
    if let Some(endpoint) = place.endpoint {
        begun["endpoint"] = endpoint.into();
    }
    let ended = json!({ "line": "ended", "id": id, "at": "2026-11-23T14:00:01Z", "outcome": outcome });
    vec![begun, ended]
}

/// A log with these lines.
fn log(lines: impl IntoIterator<Item = String>) -> (TempDir, History) {
    let folder = TempDir::new().unwrap();
    let log = AuditLog::under(folder.path());
    std::fs::create_dir_all(log.path().parent().unwrap()).unwrap();
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    std::fs::write(log.path(), text).unwrap();
    let history = log.read().unwrap();
    (folder, history)
}

/// The id of the change that would be undone there.
fn newest(history: &History, place: Place, environment: Option<&str>) -> Option<String> {
    let found = history.newest_to_undo(place.account, place.region, place.endpoint, environment);
    found.map(|entry| entry.id.clone())
}

#[test]
fn only_a_change_of_this_account_region_and_endpoint_is_undone() {
    let places = [
        ("here", HERE),
        ("other-account", Place { account: Some("2"), ..HERE }),
        ("no-account", Place { account: None, ..HERE }),
        ("other-region", Place { region: Some("us-east-1"), ..HERE }),
        ("no-region", Place { region: None, ..HERE }),
        ("moto", Place { endpoint: Some("http://localhost:5000"), ..HERE }),
        ("ministack", Place { endpoint: Some("http://localhost:4566"), ..HERE }),
    ];
    // In every order, each place has its own.
    for turn in 0..places.len() {
        let mut order = places;
        order.rotate_left(turn);
        let all = order.iter().flat_map(|(id, place)| lines(id, *place, "applied"));
        let (_folder, history) = log(all.map(|line| line.to_string()));
        assert_eq!((history.entries.len(), history.unreadable.len()), (places.len(), 0));
        for (id, place) in places {
            assert_eq!(newest(&history, place, None).as_deref(), Some(id), "{place:?}");
        }
        let nowhere = Place { account: Some("3"), ..HERE };
        assert_eq!(newest(&history, nowhere, None), None);
    }
}

#[test]
fn of_an_environment_only_its_own_and_of_all_the_newest() {
    let other = Place { environment: "e-2", ..HERE };
    let all = [lines("one", HERE, "applied"), lines("two", other, "applied"), lines("three", HERE, "applied")];
    let (_folder, history) = log(all.concat().iter().map(ToString::to_string));
    assert_eq!(newest(&history, HERE, None).as_deref(), Some("three"));
    assert_eq!(newest(&history, HERE, Some("e-1")).as_deref(), Some("three"));
    assert_eq!(newest(&history, HERE, Some("e-2")).as_deref(), Some("two"));
    assert_eq!(newest(&history, HERE, Some("e-3")), None);
}

#[test]
fn what_changed_nothing_is_not_undone_and_what_may_have_is() {
    for (outcome, is_undone) in [
        ("applied", true),
        ("partial", true),
        ("unknown", true),
        ("unchanged", false),
        ("conflict", false),
        ("refused", false),
        ("failed", false),
    ] {
        let (_folder, history) = log(lines("a", HERE, outcome).iter().map(ToString::to_string));
        assert_eq!(newest(&history, HERE, None).is_some(), is_undone, "{outcome}");
    }
    // Without its end the outcome is unknown: it may have been applied.
    let (_folder, history) = log(lines("a", HERE, "applied")[..1].iter().map(ToString::to_string));
    assert!(newest(&history, HERE, None).is_some());
}

#[test]
fn a_line_that_someone_changed_is_named_and_the_others_are_read() {
    let good = lines("good", HERE, "applied");
    let all: Vec<_> = [
        good[0].to_string(),
        "{\"line\":\"begun\",\"id\":1}".to_owned(),
        "not json".to_owned(),
        good[1].to_string().replace("applied", "applied\",\"x\":\""),
        "{\"line\":\"later\",\"id\":\"good\"}".to_owned(),
        String::new(),
        "\u{0}\u{1b}[31m".to_owned(),
        lines("cut", HERE, "applied")[0].to_string()[..80].to_owned(),
    ]
    .into();
    let (_folder, history) = log(all);
    assert_eq!(history.unreadable, [2, 3, 5, 7, 8]);
    assert_eq!(newest(&history, HERE, None).as_deref(), Some("good"));
    assert_eq!(history.entries[0].outcome.as_deref(), Some("applied"));
}

/// A change that was edited in the log is never sent unseen.
#[tokio::test(start_paused = true)]
async fn a_value_that_was_changed_in_the_log_is_refused_or_a_conflict() {
    let stage = Stage::undisturbed(SCENARIO);
    let (_, written) =
        stage.set("web", &[("deregistration_delay.timeout_seconds", "90")], Some(beanpole::change::Route::Elb)).await;
    assert_applied(&written);
    let text = std::fs::read_to_string(stage.path()).unwrap();
    let tamper = async |from: &str, to: &str| {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        std::fs::write(stage.path(), changed).unwrap();
        let history = stage.log.read().unwrap();
        let entry = history.newest_to_undo(Some("1"), Some("eu-west-1"), None, None);
        let past = entry.and_then(|entry| entry.past(ScopeId(0)));
        match past {
            Some(past) => undo(&Terrain::read(&stage, "web").await.basis(), &past),
            None => Err(PlanMistake::Nothing),
        }
    };
    let writes = stage.writes();
    for (from, to) in [
        ("\"seen\":\"20\"", "\"seen\":\"36000\""),
        ("\"seen\":\"20\"", "\"seen\":\"20; rm\""),
        ("\"key\":\"deregistration_delay.timeout_seconds\"", "\"key\":\"no.such.key\""),
        ("\"account\":\"1\"", "\"account\":\"2\""),
        ("\"region\":\"eu-west-1\"", "\"region\":\"eu-west-2\""),
        ("\"route\":\"elb\"", "\"route\":\"sideways\""),
    ] {
        assert!(tamper(from, to).await.is_err(), "{from} -> {to}");
    }
    // Another value in the log than the one that it left is not live.
    let plan = tamper("\"wanted\":\"90\"", "\"wanted\":\"91\"").await.unwrap();
    let written = stage.change(&plan).await;
    assert!(matches!(written.outcome, beanpole::change::Outcome::Conflict(_)), "{written:?}");
    // Another environment's target group is not the environment's.
    let target_group = Terrain::read(&stage, "web").await.group("default").id;
    let other = Terrain::read(&stage, "pair").await.group("default").id;
    let plan = tamper(&target_group, &other).await.unwrap();
    let written = stage.change(&plan).await;
    assert!(!matches!(written.outcome, beanpole::change::Outcome::Applied), "{written:?}");
    assert_eq!(stage.writes(), writes, "nothing was sent");
}
