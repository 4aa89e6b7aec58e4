//! The log: without a line there is no write, wherever the process dies; and it survives damage.

use std::fs;
use std::io::Write as _;
use std::time::Duration;

use beanpole::change::{Confirmation, Outcome, Refusal};
use beanpole::model::EnvironmentStatus;
use beanpole::sim::Faults;
use beanpole::write::{AuditLog, JournalWriter, unfinished};

use super::stage::{Fate, polled, rolling, wait};

#[tokio::test(start_paused = true)]
async fn killed_anywhere_there_is_a_line_for_whatever_was_sent() {
    let mut sent_without_end = 0;
    for times in 1.. {
        let stage = rolling();
        let request = stage.deploy("orders-api-prod", "v42").await;
        stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
        let ended = Box::pin(polled(stage.perform(&request), times)).await;
        // What was handed to another thread is finished there; the paused clock waits for it.
        wait(1).await;
        let writes = stage.writes();
        let entries = stage.entries();
        assert!(entries.len() >= writes, "after {times} polls {writes} writes have {} lines", entries.len());
        if ended.is_some() {
            assert_eq!(entries[0].outcome.as_deref(), Some("applied"));
            assert!(times > 5, "the path was hardly cut: {times}");
            break;
        }
        let Some(entry) = entries.first() else { continue };
        if entry.outcome.is_some() {
            continue;
        }
        sent_without_end += writes;
        // The next start finds it, looks it up and records the outcome.
        let open = unfinished(&stage.log).unwrap();
        assert_eq!((open.len(), open[0].is_running), (1, true));
        let now = || stage.now();
        let settled = stage.writer(&now).settle(entry).await.unwrap();
        let expected = if writes == 1 { "applied" } else { "failed" };
        assert_eq!(settled.outcome.word(), expected, "after {times} polls: {settled:?}");
        assert_eq!(stage.writes(), writes, "looking it up writes nothing");
        assert_eq!(unfinished(&stage.log).unwrap(), []);
    }
    assert!(sent_without_end > 0, "no cut fell between the write and its end");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_recorded_is_not_written() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    let before = stage.world.calls().len();
    // A file is where the folder would be: not even root can write there.
    fs::write(stage.folder.path().join("beanpole"), "").unwrap();
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Refused(Refusal::NoAudit { .. })), "{written:?}");
    assert_eq!((stage.world.calls().len(), written.id), (before, None));
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_disk_that_is_full_is_no_log() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    fs::create_dir(stage.folder.path().join("beanpole")).unwrap();
    std::os::unix::fs::symlink("/dev/full", stage.path()).unwrap();
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Refused(Refusal::NoAudit { .. })), "{written:?}");
    assert_eq!(stage.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_cannot_be_recorded_is_reported() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    let folder = stage.folder.path().join("beanpole");
    stage.hand.watch(move || {
        fs::remove_dir_all(&folder).unwrap();
        fs::write(&folder, "").unwrap();
    });
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied);
    assert!(written.unrecorded.is_some());
}

#[tokio::test(start_paused = true)]
async fn many_writers_do_not_spoil_each_others_lines() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.hand.fate(Fate::NoConnection);
    let now = || stage.now();
    let logs: Vec<_> = (0..12).map(|_| AuditLog::under(stage.folder.path())).collect();
    let confirmation = Confirmation::default();
    let writers: Vec<_> = logs
        .iter()
        .map(|log| JournalWriter {
            session: &stage.session,
            log,
            caller: &stage.caller,
            now: &now,
            dialer: &stage.dialer,
            uploads: None,
        })
        .collect();
    futures_util::future::join_all(writers.iter().map(|writer| writer.perform(&request, &confirmation))).await;
    let entries = stage.entries();
    assert_eq!(entries.len(), 12);
    assert!(entries.iter().all(|entry| entry.outcome.as_deref() == Some("failed")));
    assert_eq!(fs::read_to_string(stage.path()).unwrap().lines().count(), 24);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_cut_is_left_and_reported_and_the_next_is_whole() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    fs::create_dir(stage.folder.path().join("beanpole")).unwrap();
    let cut = "{\"line\":\"begun\",\"id\":\"2026";
    fs::File::create(stage.path()).unwrap().write_all(cut.as_bytes()).unwrap();
    assert_eq!(stage.perform(&request).await.outcome, Outcome::Applied);
    let history = stage.log.read().unwrap();
    assert_eq!((history.entries.len(), history.unreadable), (1, vec![1]));
    assert!(fs::read_to_string(stage.path()).unwrap().starts_with(&format!("{cut}\n{{")));
    assert_eq!(stage.state("orders-api-prod").await.status, EnvironmentStatus::Updating);
}
