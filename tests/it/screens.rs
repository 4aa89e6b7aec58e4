//! Screens: keys typed, text and styles compared.

use beanpole::config::Role;
use beanpole::sim::Faults;
use ratatui::style::Color;

use crate::support::{Harness, Stage};

/// A dashboard on the demo's region that has read what it wants.
async fn shop(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new("shop").size(width, height);
    harness.pass(6).await;
    harness
}

macro_rules! screens {
    ($($name:ident: $width:literal x $height:literal, $keys:literal;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let mut harness = shop($width, $height).await;
            harness.press($keys).await;
            harness.pass(4).await;
            insta::assert_snapshot!(harness.snapshot());
        }
    )+};
}

screens! {
    the_fleet: 120 x 40, "";
    the_fleet_in_a_small_terminal: 80 x 24, "";
    the_fleet_in_the_smallest_terminal: 60 x 16, "";
    the_fleet_in_a_large_terminal: 240 x 70, "";
    a_terminal_that_is_too_small: 20 x 5, "";
    the_fleet_filtered: 100 x 30, "/billing";
    the_fleet_filtered_by_nothing_that_is_there: 100 x 30, "/nowhere<enter>";
    only_what_needs_attention: 100 x 30, "x";
    the_fleet_by_name_turned_round: 100 x 30, "sjj<enter>S";
    the_picker_of_columns: 100 x 30, "C";
    the_fleet_with_another_column: 160 x 45, "Cjj<space><esc>";
    the_fleet_scrolled_to_the_right: 80 x 24, "lll";
    help: 100 x 30, "?";
    paused: 100 x 30, "f";
    an_environment: 120 x 40, "j<enter>";
    an_environment_in_a_small_terminal: 80 x 24, "j<enter>";
    an_environment_in_the_smallest_terminal: 60 x 16, "j<enter>";
    an_environment_in_a_large_terminal: 160 x 45, "j<enter>";
    the_events_of_all: 120 x 40, "V";
    the_events_of_all_in_a_small_terminal: 80 x 24, "Vsskk";
    a_tree_unfolded: 120 x 40, "j<enter><tab>jjjj<enter>j";
    an_environment_without_a_healthy_target: 120 x 40, "<enter>";
    an_environment_on_a_shared_load_balancer: 120 x 40, "/billing-web<enter><enter>";
    a_worker: 100 x 30, "/jobs<enter><enter>";
    a_single_instance: 100 x 30, "/staging<enter><enter>";
    a_classic_load_balancer: 100 x 30, "/legacy<enter><enter>";
    a_network_load_balancer: 120 x 40, "/partner<enter><enter>";
}

/// Filtered, less severe ones left out, one of them opened, by keys and by the mouse, and back again.
#[tokio::test(start_paused = true)]
async fn the_events_of_all_are_filtered_and_lead_to_their_environment() {
    let mut harness = shop(120, 40).await;
    harness.press("V").await;
    let all = harness.screen();
    assert!(all.contains("Fleet > Events") && all.contains("following"), "{all}");
    let count = |screen: &str| screen.lines().filter(|line| line.contains(" INFO ") || line.contains(" WARN ")).count();
    harness.press("/health shop-chat<enter>").await;
    let filtered = harness.screen();
    assert!(count(&filtered) < count(&all) && filtered.contains("/health shop-chat"), "{filtered}");
    harness.press("<esc>/nothing-has-this<enter>").await;
    assert!(harness.screen().contains("no event contains nothing-has-this (all)"), "{}", harness.screen());
    harness.press("<esc>ss").await;
    let severe = harness.screen();
    assert!(severe.contains("WARN and worse") && !severe.contains(" INFO "), "{severe}");
    // From the newest one up, into its environment, and back to the same place.
    harness.press("k").await;
    let event = harness.app.state.selected_text(false).unwrap();
    let name = harness.app.state.current_environment().unwrap().name.to_string();
    harness.press("<enter>").await;
    harness.pass(4).await;
    let opened = harness.screen();
    assert!(opened.contains(&format!("Fleet > {name} > Events")), "{opened}");
    harness.press("<esc>").await;
    assert_eq!(harness.app.state.selected_text(false), Some(event));
    // The newest again, and back to the Fleet.
    harness.press("G").await;
    assert!(harness.screen().contains("following"));
    harness.press("<esc>").await;
    assert!(!harness.screen().contains("Fleet > Events"));
    harness.press(":all events<enter>").await;
    assert!(harness.screen().contains("Fleet > Events"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn ascii_alone_is_enough() {
    let mut harness = shop(120, 40).await.ascii();
    for keys in ["", "j<enter>", "?"] {
        harness.press(keys).await;
        let screen = harness.screen();
        assert!(screen.is_ascii(), "{screen}");
    }
    harness.press("<esc>").await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn every_size_is_drawn_without_a_panic() {
    let mut harness = Harness::new("hostile");
    harness.pass(6).await;
    for keys in ["", "<enter>", "<tab>", "?", "<esc>!", "<esc><esc>C"] {
        harness.press(keys).await;
        for (width, height) in
            [(1, 1), (20, 5), (59, 15), (60, 16), (61, 17), (80, 24), (109, 25), (110, 25), (240, 70)]
        {
            harness = harness.size(width, height);
            harness.draw();
        }
        harness = harness.size(120, 40);
    }
}

#[tokio::test(start_paused = true)]
async fn the_cursor_stays_on_its_row_and_its_line_when_rows_move() {
    let mut harness = shop(120, 12).await.size(120, 20);
    harness.press("/shop<enter>").await;
    harness.press("jjjj").await;
    let line = |screen: &str| screen.lines().position(|line| line.starts_with('▌'));
    let selected = harness.app.state.fleet.selected.clone();
    let before = line(&harness.screen());
    // shop-web-prod fails after 45 s and moves to the top.
    harness.pass(90).await;
    assert_eq!(harness.app.state.fleet.selected, selected);
    let row = harness.app.state.fleet.selected_row().unwrap().name.clone();
    let shown = harness.screen();
    assert!(shown.lines().any(|line| line.starts_with('▌') && line.contains(&*row)), "{shown}");
    assert!(before.is_some() && line(&shown).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_paused_picture_stays_as_it_is_and_asks_nothing() {
    let mut harness = shop(120, 40).await;
    harness.press("f").await;
    harness.pass(10).await;
    let before = harness.snapshot();
    harness.stage.world.clear_calls();
    harness.pass(600).await;
    assert_eq!(harness.snapshot(), before);
    assert!(harness.stage.world.calls().is_empty());
    assert!(harness.app.next_change().is_none() && harness.app.next_wake().is_none());
    harness.press("f").await;
    harness.pass(5).await;
    assert!(!harness.stage.world.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_selected_can_be_copied() {
    let mut harness = shop(120, 40).await;
    harness.press("jy<enter>y").await;
    assert_eq!(harness.copied[0], "shop-chat-prod");
    assert!(harness.copied[1].starts_with("i-"), "{:?}", harness.copied);
}

#[tokio::test(start_paused = true)]
async fn the_arn_of_the_load_balancer_is_two_keys_away_on_every_screen() {
    for keys in ["j", "j<enter>", "j<enter>m", "j<enter>3", "j<enter>v", "j<enter>5", "jd", "jw"] {
        let mut harness = shop(120, 40).await;
        harness.press(keys).await;
        harness.press("Y<enter>").await;
        let copied = harness.copied.concat();
        assert!(copied.contains(":loadbalancer/app/awseb--AWSEB"), "{keys}: {copied}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_copy_menu_has_a_letter_for_each_name() {
    let mut harness = shop(120, 40).await;
    harness.press("j<enter><tab>jjY").await;
    insta::assert_snapshot!(harness.snapshot());
    let letters: Vec<char> = {
        let menu = harness.app.state.screens.get::<beanpole::app::screens::CopyMenu>().unwrap();
        menu.items.iter().map(|item| item.letter).collect()
    };
    for letter in letters {
        harness.press(&letter.to_string()).await;
        harness.press("Y").await;
    }
    let starts: Vec<_> = harness.copied.iter().map(|text| text.chars().take(24).collect::<String>()).collect();
    let expected = [
        "arn:aws:elasticloadbalan",
        "awseb--AWSEB",
        "arn:aws:elasticloadbalan",
        "shop-chat-prod.eu-west-1",
        "arn:aws:elasticbeanstalk",
        "e-",
        "i-",
    ];
    assert!(starts.iter().zip(expected).all(|(text, start)| text.starts_with(start)), "{starts:#?}");
}

/// Where nothing is wrong nothing is red or yellow, and colour is for what has the focus and for charts.
#[tokio::test(start_paused = true)]
async fn a_healthy_fleet_is_quiet() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut harness = Harness::new("healthy").size(width, height);
        harness.pass(200).await;
        let grey = |colour: Color| matches!(colour, Color::Reset | Color::Indexed(16 | 231..=255));
        let buffer = harness.draw();
        let colours = buffer.content.iter().flat_map(|cell| [cell.fg, cell.bg]).filter(|colour| !grey(*colour));
        let found: std::collections::BTreeSet<_> = colours.map(|colour| format!("{colour:?}")).collect();
        let loud = [Role::Bad, Role::Warning].map(|role| harness.look.style(role).fg.unwrap());
        assert!(loud.iter().all(|colour| !found.contains(&format!("{colour:?}"))), "{found:?}\n{}", harness.screen());
        assert!(found.len() <= 2, "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn settings_are_found_by_words_and_by_what_drifts() {
    let mut harness = shop(100, 30).await;
    harness.press("/web<enter><enter>3").await;
    harness.pass(4).await;
    let keys = |harness: &Harness| {
        let view = harness.app.state.screens.environment().unwrap();
        view.settings.fields().map(|field| field.key.clone()).collect::<Vec<_>>()
    };
    let all = keys(&harness);
    assert!(all[0].starts_with("stickiness.") && all.len() > 10, "{all:?}");
    harness.press("/stick").await;
    assert!(keys(&harness).iter().all(|key| key.starts_with("stickiness.")), "{:?}", keys(&harness));
    assert!(harness.screen().contains("/stick"), "{}", harness.screen());
    harness.press("<enter><esc>").await;
    assert_eq!(keys(&harness), all, "back shows all");
    harness.press("x").await;
    assert!(keys(&harness).len() < all.len(), "only what drifts");
    harness.press("x").await;
    assert_eq!(keys(&harness), all);
}

#[tokio::test(start_paused = true)]
async fn q_goes_back_and_then_quits() {
    let mut harness = shop(120, 40).await;
    harness.press("<enter>q").await;
    assert!(!harness.has_quit && harness.app.state.screens.environment().is_none());
    harness.press("q").await;
    assert!(harness.has_quit);
}

/// It takes a line that nothing else needs, and is gone after a while.
#[tokio::test(start_paused = true)]
async fn the_hint_of_a_first_run_is_one_line_below_what_is_wrong() {
    let scenario = scenario!("one that is not all read", environment!("web"));
    let stage = Stage::written(scenario);
    let deny = vec!["elasticloadbalancing:DescribeTargetHealth".to_owned()];
    stage.world.set_faults(Faults { deny, ..Faults::none() });
    let mut harness = Harness::set_up(stage, |setup| setup.hint = true).size(80, 24);
    harness.pass(6).await;
    let screen = harness.screen();
    let lines: Vec<_> = screen.lines().collect();
    let at =
        |words: &str| lines.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {screen}"));
    let hint = at("? shows what every key does, : finds any command; the mouse works, too");
    assert!(hint > at("DescribeTargetHealth") && hint + 1 == at("q quit"), "{screen}");
    harness.pass(8).await;
    assert!(!harness.screen().contains("the mouse works"), "{}", harness.screen());
}

/// How many environments need attention is in the title of every screen that has room; no key is offered that does nothing.
#[tokio::test(start_paused = true)]
async fn every_screen_says_how_many_need_attention() {
    let mut harness = shop(120, 40).await;
    let words = harness.app.state.fleet.summary().need_words();
    assert!(words.contains("need attention"), "{words}");
    for keys in ["<enter>", "m", "3", "d", "<esc>w", "<esc><esc>V"] {
        harness.press(keys).await;
        harness.pass(2).await;
        let screen = harness.screen();
        assert!(screen.lines().nth(1).unwrap().contains(&words), "{keys}: {screen}");
    }
    let mut harness =
        Harness::set_up(Stage::written(scenario!("one at rest", environment!("web"))), |_| ()).size(120, 40);
    harness.pass(6).await;
    harness.press("w").await;
    harness.pass(6).await;
    let screen = harness.screen();
    assert!(screen.contains("> web > Why") && !screen.contains("roll back"), "{screen}");
}
