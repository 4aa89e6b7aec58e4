//! Small terminals: no figure and no state is cut, names can be distinguished, and the key that matters is there.

use std::time::Duration;

use beanpole::deploy::VerdictKind;

use crate::support::Harness;

/// The sizes that people have, and the smallest.
const SIZES: [(u16, u16); 5] = [(60, 16), (80, 24), (100, 30), (120, 40), (160, 45)];

#[tokio::test(start_paused = true)]
async fn a_deploy_that_goes_wrong_shows_its_figures_whole_and_how_to_stop_it() {
    let mut harness = Harness::new("bad-deploy").size(120, 40);
    harness.pass(3).await;
    harness.press("/web<enter>d").await;
    for _ in 0..60 {
        let watch = harness.app.state.watch_on_screen();
        if watch.is_some_and(|watch| watch.verdict().kind == VerdictKind::Worse) {
            break;
        }
        harness.pass_unseen(Duration::from_secs(10)).await;
    }
    for (width, height) in SIZES {
        harness = harness.size(width, height);
        let screen = harness.screen();
        for figure in ["5xx ", "p99 ", "requests ", "healthy "] {
            let line = screen.lines().find(|line| line.trim_start().starts_with(figure));
            let line = line.unwrap_or_else(|| panic!("{width}x{height} {figure}:\n{screen}"));
            let (_, now) = line.split_once('│').unwrap();
            let (_, of_when) = now.trim().rsplit_once(' ').unwrap();
            assert!(of_when == "live" || of_when.contains(':'), "{width}x{height} {figure}:\n{screen}");
        }
        let lanes: Vec<_> = screen.lines().filter(|line| line.starts_with(" i-")).collect();
        assert!(!lanes.is_empty(), "{width}x{height}:\n{screen}");
        for lane in lanes {
            let word = lane.split_once('│').unwrap().1.split_whitespace().next().unwrap();
            let known = ["Ok", "Info", "Warning", "Degraded", "Severe", "healthy", "initial", "draining"];
            assert!(known.contains(&word), "{width}x{height} {word}:\n{screen}");
        }
        let footer = screen.lines().last().unwrap();
        assert!(footer.starts_with(" A ") || footer.starts_with(" B "), "{width}x{height}: {footer}");
        assert!(footer.contains(" B "), "{width}x{height}: {footer}");
    }
}

#[tokio::test(start_paused = true)]
async fn names_that_differ_at_their_ends_are_told_apart() {
    let text = include_str!("../../scenarios/long-names.toml");
    let mut harness = Harness::written(text);
    harness.pass(10).await;
    for (width, height) in SIZES {
        harness = harness.size(width, height);
        let screen = harness.screen();
        let rows =
            screen.lines().skip_while(|line| !line.contains("ENVIRONMENT")).skip(1).take_while(|line| !line.is_empty());
        let mut names: Vec<_> =
            rows.filter_map(|row| row.split_whitespace().find(|it| it.starts_with("nor"))).collect();
        let shown = names.len();
        names.sort_unstable();
        names.dedup();
        assert!(shown >= 3 && names.len() == shown, "{width}x{height}: {names:?}\n{screen}");
    }
}
