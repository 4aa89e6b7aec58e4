//! A listing that breaks off after its first page is never a whole one: what was on the page is shown and judged, with
//! the remark that there may be more.

use std::time::Duration;

use beanpole::sim::{Faults, ShortPages, Unreadability};

use super::title;
use crate::support::Harness;

/// The listings on which the Fleet hangs.
const LISTINGS: [&str; 3] = [
    "elasticbeanstalk:DescribeEnvironments",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
];

/// What comes in place of the second page, and the word for it.
const FAULTS: [(Unreadability, &str); 5] = [
    (Unreadability::Throttled, "throttled"),
    (Unreadability::Denied, "denied"),
    (Unreadability::Failing, "failing"),
    (Unreadability::Cut, ""),
    (Unreadability::Stalled, "unreachable"),
];

/// The dashboard on three environments without a flaw, whose listing comes in pages of one; no later page comes.
fn breaking(action: &str, how: Option<Unreadability>) -> Harness {
    let harness = Harness::new("healthy").size(120, 40);
    set(&harness, action, how);
    harness
}

fn set(harness: &Harness, action: &str, later: Option<Unreadability>) {
    let pages = vec![ShortPages { action: action.to_owned(), most: 1, later }];
    let good = harness.stage.world.faults();
    harness.stage.world.set_faults(Faults { pages, throttle: std::collections::BTreeMap::new(), ..good });
}

#[tokio::test(start_paused = true)]
async fn short_pages_that_come_are_a_whole_listing() {
    for action in LISTINGS {
        let mut harness = breaking(action, None);
        harness.pass(40).await;
        let title = title(&mut harness);
        assert!(title.contains("3 environments") && title.contains("none needs attention"), "{action}: {title}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_breaks_off_from_the_start_leaves_doubt() {
    for action in LISTINGS {
        for (how, word) in FAULTS {
            let mut harness = breaking(action, Some(how));
            harness.pass(60).await;
            let (screen, title) = (harness.screen(), title(&mut harness));
            let case = format!("{action}, {how:?}: {title}\n{screen}");
            assert!(!screen.contains("none needs attention") && !screen.contains("none known to need"), "{case}");
            assert!(!screen.contains("this is no proof that there are"), "{case}");
            assert!(title.contains("unknown (") && title.contains(word), "{case}");
            if action.ends_with("DescribeEnvironments") {
                // The one on the page is known, and judged.
                assert!(!title.contains("unowned"), "{case}");
                assert!(title.contains("1 environment") && title.contains("more unknown ("), "{case}");
                let row = screen.lines().find(|line| line.contains("-prod")).unwrap();
                assert!(row.contains("Ok") && !row.contains("was"), "{case}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_breaks_off_later_keeps_what_it_had_as_old() {
    for action in LISTINGS {
        for (how, word) in FAULTS {
            let mut harness = breaking(action, None);
            harness.pass(40).await;
            assert!(title(&mut harness).contains("none needs attention"), "{}", harness.screen());
            set(&harness, action, Some(how));
            harness.pass_unseen(Duration::from_secs(320)).await;
            let title = title(&mut harness);
            let case = format!("{action}, {how:?}: {title}\n{}", harness.screen());
            assert!(title.contains("3 environments") && title.contains("unknown (") && title.contains(word), "{case}");
            set(&harness, action, None);
            harness.pass_unseen(Duration::from_secs(400)).await;
            let title = super::title(&mut harness);
            assert!(title.contains("none needs attention"), "{action}, {how:?}, whole again: {title}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_page_has_is_judged_bad_all_the_same() {
    let mut harness = Harness::new("bad-deploy").size(120, 40);
    set(&harness, "elasticbeanstalk:DescribeEnvironments", Some(Unreadability::Denied));
    harness.pass(400).await;
    let title = title(&mut harness);
    assert!(title.contains("more unknown (EB denied)") || title.contains("more unknown (Beanstalk denied)"), "{title}");
}
