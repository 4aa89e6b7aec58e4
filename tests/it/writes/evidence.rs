//! Evidence that cannot be read does not contradict: at the second look a write ends with the fault's own kind, and
//! what was read and contradicts is a refusal.

use beanpole::change::{OperationError, Outcome, Refusal, Route};
use beanpole::model::FaultKind;

use super::stage::{ReadFault, Stage};
use super::terrain::{SCENARIO, Terrain};

const DELAY: &[(&str, &str)] = &[("deregistration_delay.timeout_seconds", "60")];
const IDLE: &[(&str, &str)] = &[("idle_timeout.timeout_seconds", "120")];

fn kind(fault: ReadFault) -> FaultKind {
    match fault {
        ReadFault::Throttled => FaultKind::Throttled,
        ReadFault::Denied => FaultKind::Denied,
        ReadFault::Expired => FaultKind::Expired,
        ReadFault::InternalError | ReadFault::Cut => FaultKind::Other,
        ReadFault::Reset | ReadFault::Stall => FaultKind::Network,
    }
}

#[tokio::test(start_paused = true)]
async fn at_the_second_look_a_fault_keeps_its_kind_and_nothing_is_written() {
    for (wishes, others) in [(DELAY, "DescribeAutoScalingGroups"), (IDLE, "DescribeEnvironmentResources")] {
        for fault in ReadFault::ALL {
            let stage = Stage::undisturbed(SCENARIO);
            let plan = Box::pin(Terrain::read(&stage, "web")).await.plan(wishes, Some(Route::Elb)).unwrap();
            stage.hand.spoil("DescribeTags", Some(fault));
            // The other evidence is there, and proves nothing.
            stage.hand.spoil(others, Some(fault));
            let written = Box::pin(stage.change(&plan)).await;
            let Outcome::Failed(reported @ OperationError::Precondition { .. }) = &written.outcome else {
                panic!("{fault:?}: {written:?}")
            };
            assert_eq!(
                (reported.kind(), reported.operation()),
                (kind(fault), "DescribeTags"),
                "{fault:?}: {reported:?}"
            );
            let why = written.outcome.reason().unwrap();
            assert!(why.contains("tags could not be read"), "{fault:?}: {why}");
            assert_eq!((stage.writes(), stage.entries()[0].outcome.as_deref()), (0, Some("failed")), "{fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tags_that_cannot_be_read_do_not_matter_where_the_auto_scaling_group_says_it() {
    for fault in ReadFault::ALL {
        let stage = Stage::undisturbed(SCENARIO);
        let plan = Box::pin(Terrain::read(&stage, "web")).await.plan(DELAY, Some(Route::Elb)).unwrap();
        stage.hand.spoil("DescribeTags", Some(fault));
        let written = Box::pin(stage.change(&plan)).await;
        assert_eq!(written.outcome, Outcome::Applied, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_and_says_otherwise_is_refused_whatever_else_could_not_be_read() {
    let stage = Stage::undisturbed(SCENARIO);
    let terrain = Box::pin(Terrain::read(&stage, "lone")).await;
    let mut plan = terrain.plan(IDLE, Some(Route::Elb)).unwrap();
    assert!(matches!(plan.refusal.take(), Some(Refusal::NotProven { .. })));
    stage.hand.spoil("DescribeAutoScalingGroups", Some(ReadFault::Throttled));
    let written = Box::pin(stage.change(&plan)).await;
    assert!(matches!(written.outcome, Outcome::Refused(Refusal::NotProven { .. })), "{written:?}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_made_without_the_evidence_says_what_could_not_be_read() {
    let stage = Stage::undisturbed(SCENARIO);
    let mut terrain = Box::pin(Terrain::read(&stage, "web")).await;
    terrain.snapshot.inventory.tags.clear();
    terrain.snapshot.inventory.auto_scaling_groups.clear();
    for (wishes, what) in [(DELAY, "the target group's tags"), (IDLE, "the load balancer's tags")] {
        let plan = terrain.plan(wishes, Some(Route::Elb)).unwrap();
        // Beanstalk names the load balancer, and reports that it is the environment's alone.
        let Some(Refusal::NotRead { what: unread, operation, .. }) = &plan.refusal else {
            assert_eq!((wishes, &plan.refusal), (IDLE, &None));
            continue;
        };
        assert_eq!((&**unread, *operation), (what, "DescribeTags"));
    }
}
