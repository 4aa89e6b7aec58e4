//! The preview of the selected environment: where there is room, what it says, what it reads, and when.

use beanpole::app::screens::fleet::Preview;
use beanpole::model::Source;

use crate::support::Harness;

/// The ARN on screen, which may go on in the line below its label.
fn arn_on(screen: &str) -> String {
    let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let label = |line: &Vec<char>| line.windows(4).position(|it| it == ['A', 'R', 'N', ' ']);
    let (row, column) = lines.iter().enumerate().find_map(|(row, line)| Some((row, label(line)?))).expect(screen);
    let text = |row: usize| lines[row].iter().skip(column + 4).collect::<String>().trim().to_owned();
    let (first, next) = (text(row), text(row + 1));
    let is_label = |at: usize| lines[row + 1].get(column + at).is_some_and(|it| *it != ' ');
    if is_label(0) { first } else { format!("{first}{next}") }
}

/// Whether the charts of an environment's preview were read.
fn is_read(harness: &Harness, name: &str) -> bool {
    let snapshot = harness.app.state.snapshot();
    let environment = snapshot.inventory.environments.values().find(|it| &*it.name == name).unwrap();
    let source = Source::Metrics(environment.key.clone(), Preview::measure(Preview::CHARTS[0]));
    snapshot.reads.is_tried(&source)
}

#[tokio::test(start_paused = true)]
async fn it_shows_what_is_in_front_of_the_selected_environment() {
    for (name, size) in [("below", (120, 40)), ("beside", (200, 45))] {
        let mut harness = Harness::new("shop").size(size.0, size.1);
        harness.pass(20).await;
        harness.press("gj").await;
        harness.pass(5).await;
        insta::assert_snapshot!(format!("preview_{name}"), harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn the_arn_is_whole_at_every_width_at_which_there_is_a_preview() {
    for (width, height) in [(80, 30), (100, 30), (120, 40), (160, 45), (180, 24), (200, 60), (240, 70)] {
        let mut harness = Harness::new("shop").size(width, height);
        harness.pass(20).await;
        let screen = harness.screen();
        let key = harness.app.state.fleet.selected.clone().unwrap();
        let link = harness.app.state.snapshot().link(&key).unwrap();
        let (balancer, _) = link.load_balancer.as_ref().unwrap();
        assert_eq!(arn_on(&screen), *balancer.id, "{width}x{height}:\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_small_has_none_and_its_key_hides_it() {
    let is_there = |harness: &mut Harness| harness.screen().contains("ARN ");
    for (width, height, expected) in [(80, 24, false), (120, 29, false), (120, 30, true), (180, 24, true)] {
        let mut harness = Harness::new("shop").size(width, height);
        harness.pass(20).await;
        assert_eq!(is_there(&mut harness), expected, "{width}x{height}");
        harness.press("<space>").await;
        assert!(!is_there(&mut harness), "{width}x{height}");
        // What it said in its first line is above the footer again.
        let screen = harness.screen();
        assert!(screen.contains("shop-admin-prod   Severe"), "{width}x{height}:\n{screen}");
        harness.press("<space>").await;
        assert_eq!(is_there(&mut harness), expected, "{width}x{height}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_for_rows_that_the_cursor_only_passes() {
    let mut harness = Harness::new("shop").size(120, 40);
    harness.pass(20).await;
    // From shop-ws-prod at the end over two to the third.
    harness.type_keys("Gkkk");
    assert_eq!(&*harness.app.state.fleet.selected_row().unwrap().name, "shop-search-prod");
    assert!(!is_read(&harness, "shop-search-prod"), "it has not rested yet");
    harness.pass(3).await;
    assert!(is_read(&harness, "shop-search-prod"));
    for passed in ["shop-ws-prod", "shop-web-prod"] {
        assert!(!is_read(&harness, passed), "{passed}");
    }
}
