//! Writes whose answer is lost: looked up, and never sent twice.

use beanpole::change::Outcome;
use beanpole::model::EnvironmentStatus;
use beanpole::sim::{Broken, Faults};

use super::stage::{Fate, rolling, wait};

const READS: [&str; 2] = ["elasticbeanstalk:DescribeEnvironments", "elasticbeanstalk:DescribeEvents"];

#[tokio::test(start_paused = true)]
async fn a_write_that_was_taken_is_found_with_its_request() {
    for fate in [Fate::AnswerLost, Fate::Silence] {
        let stage = rolling();
        let request = stage.deploy("orders-api-prod", "v42").await;
        stage.hand.fate(fate);
        let written = stage.perform(&request).await;
        assert_eq!(written.outcome, Outcome::Applied, "{fate:?}");
        assert_eq!(stage.calls("UpdateEnvironment"), 1, "{fate:?}");
        assert_eq!(written.request_ids.len(), 1, "{fate:?}: its events name the request");
        assert_eq!(stage.entries()[0].outcome.as_deref(), Some("applied"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_answer_is_looked_up() {
    for broken in [Broken::Html, Broken::Truncated, Broken::Empty] {
        let stage = rolling();
        let request = stage.deploy("orders-api-prod", "v42").await;
        let action = ("elasticbeanstalk:UpdateEnvironment".to_owned(), broken);
        stage.world.set_faults(Faults { broken: [action].into(), ..Faults::none() });
        let written = stage.perform(&request).await;
        assert_eq!(written.outcome, Outcome::Applied, "{broken:?}");
        assert_eq!(stage.calls("UpdateEnvironment"), 1, "{broken:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_was_taken_is_found() {
    let stage = rolling();
    wait(60).await;
    let request = stage.abort("orders-web-prod").await;
    stage.hand.fate(Fate::Silence);
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(stage.calls("AbortEnvironmentUpdate"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_did_not_arrive_is_looked_for_and_not_sent_again() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.hand.fate(Fate::RequestLost);
    let written = stage.perform(&request).await;
    let reason = written.outcome.reason().unwrap();
    assert!(matches!(written.outcome, Outcome::Failed(_)), "{written:?}");
    assert!(reason.contains("nothing of it was to be seen"), "{reason}");
    assert_eq!(stage.writes(), 0);
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Ready);
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_there_is_nothing_to_look_for() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.hand.fate(Fate::NoConnection);
    let before = stage.calls("DescribeEvents");
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Failed(_)), "{written:?}");
    assert_eq!(stage.calls("DescribeEvents"), before);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_looked_up_is_not_known() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.hand.fate(Fate::AnswerLost);
    // From the moment of the write on, nothing can be read.
    let world = stage.world.clone();
    stage.hand.watch(move || world.set_faults(Faults { deny: READS.map(str::to_owned).to_vec(), ..Faults::none() }));
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Unknown(_)), "{written:?}");
    assert_eq!(stage.calls("UpdateEnvironment"), 1);
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("unknown"));
}

#[tokio::test(start_paused = true)]
async fn events_that_may_not_be_read_leave_the_status_to_tell() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.world.set_faults(Faults { deny: vec![READS[1].to_owned()], ..Faults::none() });
    stage.hand.fate(Fate::AnswerLost);
    let written = stage.perform(&request).await;
    assert_eq!((written.outcome, written.request_ids), (Outcome::Applied, Vec::new()));
}
