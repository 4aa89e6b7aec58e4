//! Every health that Beanstalk reports, beside targets that are all healthy: none that is bad is "nothing to report".

use std::time::Duration;

use super::{line, on, select, title};
use crate::support::Harness;

/// Environments whose targets are all healthy, one for each word of enhanced health, and one with a cause.
const EVERY_HEALTH: &str = scenario!(
    "every health",
    "seed = 48\n",
    environment!("h-nodata", health_status = "NoData"),
    environment!("h-unknown", health_status = "Unknown"),
    environment!("h-pending", health_status = "Pending"),
    environment!("h-ok", health_status = "Ok"),
    environment!("h-info", health_status = "Info"),
    environment!("h-warning", health_status = "Warning"),
    environment!("h-degraded", health_status = "Degraded"),
    environment!("h-severe", health_status = "Severe"),
    environment!("h-suspended", health_status = "Suspended"),
    environment!(
        "with-cause",
        health_status = "Warning",
        causes = ["Incorrect application version \"8\" (deployment 16). Expected version \"8\" (deployment 15)."],
    ),
);

/// The sentence about the selected row: it may take several lines.
fn sentence(harness: &mut Harness, name: &str) -> String {
    let screen = harness.screen();
    let from = screen.lines().position(|line| line.starts_with(&format!("  {name}   ")));
    let from = from.unwrap_or_else(|| panic!("no sentence about {name}:\n{screen}"));
    let lines: Vec<_> = screen.lines().skip(from).take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    lines.join(" ")
}

#[tokio::test(start_paused = true)]
async fn the_sentence_begins_with_a_health_that_is_warning_or_worse() {
    let mut harness = on(EVERY_HEALTH).size(120, 28);
    harness.pass(8).await;
    for (name, word) in
        [("h-warning", "Warning"), ("h-degraded", "Degraded"), ("h-severe", "Severe"), ("h-suspended", "Suspended")]
    {
        select(&mut harness.app, name);
        let said = sentence(&mut harness, name);
        assert!(said.starts_with(&format!("{name}   {word}")), "{said}");
        assert!(!said.contains("nothing to report"), "{said}");
    }
    // What Beanstalk itself does not know is shown, too.
    for name in ["h-nodata", "h-unknown"] {
        select(&mut harness.app, name);
        let said = sentence(&mut harness, name);
        assert!(said.contains("no health data") && !said.contains("nothing to report"), "{said}");
    }
    // Counter-cases.
    for name in ["h-ok", "h-info"] {
        select(&mut harness.app, name);
        assert!(sentence(&mut harness, name).contains("nothing to report"), "{}", harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn bad_healths_are_counted_and_unknown_ones_are_a_group_of_their_own() {
    let mut harness = on(EVERY_HEALTH);
    harness.pass(8).await;
    let title = title(&mut harness);
    assert!(title.contains("5 need attention, 2 unknown (no health data)"), "{title}");
    // Known-bad first, then what is not known, then the rest.
    let order: Vec<_> = harness.app.state.fleet.iter().map(|line| line.row.name.to_string()).collect();
    let place = |name: &str| order.iter().position(|it| it == name).unwrap();
    for bad in ["h-warning", "h-degraded", "h-severe", "h-suspended", "with-cause"] {
        for unknown in ["h-nodata", "h-unknown"] {
            assert!(place(bad) < place(unknown), "{order:?}");
        }
    }
    for fine in ["h-ok", "h-info", "h-pending"] {
        assert!(place("h-nodata") < place(fine) && place("h-unknown") < place(fine), "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn causes_are_read_for_the_selected_row() {
    let mut harness = on(EVERY_HEALTH).size(120, 28);
    harness.pass(8).await;
    select(&mut harness.app, "with-cause");
    harness.pass(3).await;
    let said = sentence(&mut harness, "with-cause");
    assert!(said.contains("Incorrect application version \"8\" (deployment 16)"), "{said}");
    // Only for it: the others cost a call each.
    let calls = harness.stage.world.calls();
    let health = calls.iter().filter(|call| call.operation == "DescribeEnvironmentHealth").count();
    assert!(health <= 3, "{health} calls");
}

#[tokio::test(start_paused = true)]
async fn no_state_is_cut() {
    for (width, height) in [(60, 16), (80, 24), (120, 40)] {
        let mut harness = on(EVERY_HEALTH).size(width, height);
        harness.pass(8).await;
        for (name, word) in [("h-suspended", "Suspended"), ("h-nodata", "No data"), ("h-degraded", "Degraded")] {
            select(&mut harness.app, name);
            let line = line(&mut harness, name);
            assert!(line.contains(word), "{line}");
        }
    }
}

/// The names of those that need attention.
fn in_need(harness: &Harness) -> Vec<String> {
    let lines = harness.app.state.fleet.iter().filter(|line| line.row.needs_attention());
    let mut names: Vec<_> = lines.map(|line| line.row.name.to_string()).collect();
    names.sort();
    names
}

/// Looks at every screen of every environment.
async fn look_at_everything(harness: &mut Harness) {
    for _ in 0..harness.app.state.fleet.total() {
        harness.press("<enter>1234d").await;
        harness.press("<esc><esc>j").await;
        while harness.app.state.screens.environment().is_some() || harness.app.state.screens.deploy().is_some() {
            harness.press("<esc>").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attention_does_not_depend_on_which_screens_were_open() {
    for scenario in ["shop", "mixed-versions", "rolling", "immutable", "bad-deploy", "stuck-deploy"] {
        let (mut quiet, mut busy) = (Vec::new(), Vec::new());
        let checkpoints = 5;
        let mut harness = Harness::new(scenario);
        for _ in 0..checkpoints {
            harness.pass_unseen(Duration::from_secs(130)).await;
            quiet.push(in_need(&harness));
        }
        let mut harness = Harness::new(scenario);
        let began = harness.stage.clock.now();
        for round in 1..=checkpoints {
            if round == 1 || round == 3 {
                look_at_everything(&mut harness).await;
            }
            let passed = harness.stage.clock.now().since(began);
            harness.pass_unseen(Duration::from_secs(130 * round).saturating_sub(passed)).await;
            busy.push(in_need(&harness));
        }
        assert_eq!(quiet, busy, "{scenario}");
    }
}
