//! `L`: the logs are requested from the instances, read, searched and saved.

use beanpole::app::Message;
use beanpole::app::screens::logs::LogsAnswer;
use beanpole::model::{LogTail, Tails, is_hostile};
use beanpole::sim::{Allowance, Faults};

use crate::support::scenarios::{HANGS, UPDATING};
use crate::support::{Harness, Stage};

/// A dashboard that has read what it wants.
async fn started(stage: Stage, width: u16, height: u16) -> Harness {
    let mut harness = Harness::on(stage).size(width, height);
    harness.pass(8).await;
    harness
}

fn written(text: &str) -> Stage {
    Stage::written(text)
}

/// Returns a dashboard with the logs of three instances on screen.
async fn opened(width: u16, height: u16) -> Harness {
    let mut harness = started(Stage::new("healthy"), width, height).await;
    harness.press("/alpha-web<enter>L").await;
    harness.pass(10).await;
    harness
}

#[tokio::test(start_paused = true)]
async fn the_log_of_an_instance() {
    insta::assert_snapshot!(opened(120, 40).await.snapshot());
}

#[tokio::test(start_paused = true)]
async fn the_log_in_a_small_terminal() {
    let mut harness = opened(80, 24).await;
    harness.press("<ctrl-d>").await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_it_says_for_what_and_how_long() {
    let mut harness = started(Stage::new("healthy"), 100, 30).await;
    harness.press("/alpha-web<enter>L").await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn what_is_searched_is_marked_and_counted() {
    let mut harness = opened(120, 40).await;
    harness.press("/cart").await;
    insta::assert_snapshot!(harness.snapshot());
    harness.press("<enter>").await;
    let count = harness.app.state.screens.logs().unwrap().page.matches.len();
    assert!(count > 5);
    assert!(harness.screen().contains(&format!("“cart” 1 of {count}")), "{}", harness.screen());
    harness.press("nn").await;
    assert!(harness.screen().contains(&format!("3 of {count}")), "{}", harness.screen());
    harness.press("NNN").await;
    assert!(harness.screen().contains(&format!("{count} of {count}")), "{}", harness.screen());
    // Given up, the search before is there again.
    harness.press("/nowhere").await;
    assert!(harness.screen().contains("not here"), "{}", harness.screen());
    harness.press("<esc>").await;
    assert!(harness.screen().contains("“cart”"), "{}", harness.screen());
    harness.handle(Message::Pasted("x".to_owned()));
    harness.press("/").await;
    harness.handle(Message::Pasted("EB\u{1b} command\n".to_owned()));
    harness.press("<enter>").await;
    assert!(harness.screen().contains("“EB command” 1 of 1"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn keys_move_through_the_whole_log() {
    let mut harness = opened(100, 30).await;
    let scroll = |harness: &Harness| harness.app.state.screens.logs().unwrap().rows.scroll();
    harness.press("jj").await;
    assert_eq!(scroll(&harness), 2);
    harness.press("<ctrl-d><pgdn><ctrl-u><pgup>k").await;
    assert_eq!(scroll(&harness), 1);
    harness.press("G").await;
    let view = harness.app.state.screens.logs().unwrap();
    assert_eq!(view.rows.scroll() + view.rows.height(), view.page.rows.len());
    let last = view.page.lines();
    assert!(harness.screen().contains(&format!("of {last}")), "{}", harness.screen());
    // The line at the top stays at the top when the terminal becomes narrower.
    harness.press("g<pgdn>").await;
    let line = |harness: &Harness| harness.app.state.screens.logs().map(|it| it.page.rows[it.rows.scroll()].line);
    let before = line(&harness);
    let mut harness = harness.size(60, 20);
    assert_eq!(line(&harness), before);
    harness.handle(Message::Scrolled { rows: -500, place: (10, 10) });
    assert_eq!(scroll(&harness), 0);
}

#[tokio::test(start_paused = true)]
async fn from_one_instance_to_the_next() {
    let mut harness = opened(120, 40).await;
    let shown = |harness: &Harness| harness.app.state.screens.logs().unwrap().instance.clone().unwrap();
    let first = shown(&harness);
    assert!(harness.screen().contains(&format!("{first}   1 of 3 · tab next")), "{}", harness.screen());
    harness.press("<tab>").await;
    let second = shown(&harness);
    assert!(first != second && harness.screen().contains(&format!("{second}   2 of 3")), "{}", harness.screen());
    harness.press("ll").await;
    assert_eq!(shown(&harness), first);
    harness.press("h").await;
    assert!(harness.screen().contains("3 of 3"), "{}", harness.screen());
    harness.press("<shift-tab>").await;
    assert_eq!(shown(&harness), second);
}

#[tokio::test(start_paused = true)]
async fn the_selected_targets_instance_comes_first() {
    let mut harness = started(Stage::new("healthy"), 120, 40).await;
    harness.press("/alpha-web<enter><enter>jjL").await;
    harness.pass(10).await;
    let view = harness.app.state.screens.environment().unwrap();
    let target = view.selected_target().unwrap().target.id.clone();
    assert!(harness.screen().contains(&format!(" {target}   1 of 3")), "{}", harness.screen());
    // Back to where it was opened, and from the Deploy screen as well.
    harness.press("q").await;
    assert!(harness.app.state.screens.logs().is_none() && harness.app.state.screens.environment().is_some());
    harness.press("dL").await;
    assert!(harness.screen().contains("1 of 3"), "{}", harness.screen());
    harness.press("<esc>").await;
    assert!(harness.app.state.screens.deploy().is_some());
    assert_eq!(harness.calls("RequestEnvironmentInfo"), 1);
}

#[tokio::test(start_paused = true)]
async fn within_a_minute_it_is_the_same_sample_unless_it_is_requested_again() {
    let mut harness = opened(120, 40).await;
    let texts = |harness: &Harness| harness.app.state.logs_on_screen().unwrap().tails.read.clone();
    let before = texts(&harness);
    harness.press("<esc>").await;
    harness.pass(20).await;
    harness.press("L").await;
    assert_eq!((harness.calls("RequestEnvironmentInfo"), texts(&harness)), (1, before.clone()));
    harness.press("<ctrl-r>").await;
    harness.press("<ctrl-r>").await;
    assert!(harness.screen().contains("are being asked already"), "{}", harness.screen());
    assert!(harness.screen().contains("this is the text from before"), "{}", harness.screen());
    harness.pass(10).await;
    assert_eq!(harness.calls("RequestEnvironmentInfo"), 2);
    assert!(texts(&harness) != before && !harness.screen().contains("before"), "{}", harness.screen());
    harness.press("<esc>").await;
    harness.pass(70).await;
    harness.press("L").await;
    assert_eq!(harness.calls("RequestEnvironmentInfo"), 3);
    assert!(harness.screen().contains("were asked for their logs"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn closed_while_waiting_it_is_not_asked_twice() {
    let mut harness = started(Stage::new("healthy"), 120, 40).await;
    // It changes nothing, so it is done under --read-only too.
    harness.app.state.setup.read_only = beanpole::config::ReadOnly::Everything;
    harness.press("L<esc>L<esc>").await;
    harness.pass(3).await;
    assert!(harness.app.state.screens.logs().is_none());
    harness.press("L").await;
    harness.pass(8).await;
    assert_eq!(harness.calls("RequestEnvironmentInfo"), 1);
    assert!(harness.screen().contains("/var/log/eb-engine.log"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn what_is_saved_is_all_of_it_and_over_no_file() {
    let mut harness = opened(100, 30).await;
    harness.press("W").await;
    let saved = harness.saved();
    let logs: Vec<_> = saved.iter().filter(|name| name.starts_with("beanpole-alpha-web-prod-i-")).collect();
    assert_eq!(logs.len(), 3, "{saved:?}");
    let screen = harness.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("saved /") && screen.contains(".log and 2 more"), "{screen}");
    let text = harness.read_saved(logs[0]);
    assert!(text.contains("/var/log/nginx/access.log") && !text.contains('\u{1b}'));
    harness.press("W").await;
    let again: Vec<_> = harness.saved().into_iter().filter(|name| name.ends_with("-1.log")).collect();
    assert_eq!((again.len(), harness.read_saved(logs[0])), (3, text));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_reported_and_the_others_are_shown_meanwhile() {
    let mut harness = started(written(HANGS), 100, 30).await;
    harness.press("L").await;
    harness.pass(10).await;
    let screen = harness.screen();
    assert!(screen.contains("1 to come, 12s") && screen.contains("/var/log/eb-engine.log"), "{screen}");
    while harness.screen().contains("/var/log/") {
        harness.press("<tab>").await;
    }
    insta::assert_snapshot!("waiting_for_one_of_three", harness.snapshot());
    harness.pass(60).await;
    insta::assert_snapshot!("one_of_three_did_not_answer", harness.snapshot());
    harness.press("<tab>").await;
    let screen = harness.screen();
    assert!(screen.contains("handed in no logs within a minute") && screen.contains("/var/log/"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_reported_whole_with_what_to_do() {
    for action in ["RequestEnvironmentInfo", "RetrieveEnvironmentInfo"] {
        let mut harness = started(Stage::new("healthy"), 80, 24).await;
        let deny = vec![format!("elasticbeanstalk:{action}")];
        harness.stage.world.set_faults(Faults { deny, ..Faults::none() });
        harness.press("L").await;
        let screen = harness.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(screen.contains(&format!("elasticbeanstalk:{action}")), "{screen}");
        assert!(screen.contains("ctrl-r asks again") && screen.contains("ask for the IAM action"), "{screen}");
        if action == "RequestEnvironmentInfo" {
            insta::assert_snapshot!(harness.snapshot());
        }
        harness.stage.world.set_faults(Faults::none());
        harness.press("<ctrl-r>").await;
        harness.pass(10).await;
        assert!(harness.screen().contains("/var/log/"), "{}", harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_is_not_ready_is_reported_so() {
    let mut harness = started(written(UPDATING), 80, 24).await;
    harness.press("L").await;
    let screen = harness.screen();
    assert!(screen.contains("the logs of web cannot be had now"), "{screen}");
    assert!(screen.contains("only while the environment is Ready"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_throttles_is_waited_for() {
    let mut harness = started(Stage::new("healthy"), 100, 30).await;
    let throttle = [("elasticbeanstalk".to_owned(), Allowance { rate: 0.2, burst: 1 })].into();
    harness.stage.world.set_faults(Faults { throttle, ..Faults::none() });
    harness.press("L").await;
    harness.pass(60).await;
    assert!(harness.screen().contains("/var/log/"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn hostile_logs_command_no_terminal() {
    let mut harness = started(Stage::new("hostile"), 120, 40).await;
    harness.press("/escape<enter>L").await;
    harness.pass(10).await;
    for keys in ["", "/takes the title<enter>", "G"] {
        harness.press(keys).await;
        let screen = harness.screen();
        assert!(screen.chars().all(|it| it == '\n' || !is_hostile(it)), "{screen}");
    }
    harness.press("/takes the title<enter>").await;
    insta::assert_snapshot!(harness.snapshot());
    let ascii = harness.ascii().screen();
    assert!(ascii.is_ascii(), "{ascii}");
}

#[tokio::test(start_paused = true)]
async fn of_a_large_log_the_newest_part_is_kept_and_that_is_reported() {
    let mut harness = opened(100, 30).await;
    let environment = harness.app.state.screens.logs().unwrap().key.clone();
    let instance = harness.app.state.screens.logs().unwrap().instance.clone().unwrap();
    harness.press("<ctrl-r>").await;
    let lines: Vec<_> = (0..400_000).map(|line| format!("line {line}")).collect();
    let text = (lines.join("\n") + "\n").into();
    let tail = LogTail { instance: instance.clone(), at: None, text };
    let tails = Ok(Tails { read: [(instance, tail)].into(), ..Tails::default() });
    harness.handle(Message::Logs(LogsAnswer { environment, tails, is_over: true }));
    harness.press("G").await;
    let screen = harness.screen();
    assert!(screen.contains("line 399999") && screen.contains("only its newest part is kept"), "{screen}");
    let kept: usize = harness.app.state.logs_on_screen().unwrap().tails.read.values().map(|it| it.text.len()).sum();
    assert!(kept <= 3 << 20, "{kept}");
}

#[tokio::test(start_paused = true)]
async fn every_size_is_drawn_in_every_state() {
    let mut harness = started(Stage::new("healthy"), 120, 40).await;
    for keys in ["L", "/info", "<enter>", "G", "?", "<esc>!"] {
        harness.press(keys).await;
        harness.pass(8).await;
        for (width, height) in [(1, 1), (59, 15), (60, 16), (61, 17), (240, 70)] {
            harness = harness.size(width, height);
            harness.draw();
        }
        harness = harness.size(120, 40);
    }
}

#[tokio::test(start_paused = true)]
async fn a_frozen_picture_still_waits_for_the_logs_that_are_asked_for() {
    let mut harness = started(Stage::new("healthy"), 120, 40).await;
    harness.press("fL").await;
    assert!(harness.app.next_change().is_some());
    harness.pass(10).await;
    assert!(harness.screen().contains("/var/log/"), "{}", harness.screen());
}
