//! The mouse: what is drawn can be clicked, and a click does what the key does; no write is a slip of the hand away.

use beanpole::app::screens::fleet::Column;
use beanpole::app::screens::{InstanceLimitsForm, OptionForm, ProbeField, ProbeForm, SilenceForm, SilencePurpose};
use beanpole::app::{App, Click, Message, Pane};

use crate::support::{Harness, Stage};

/// One environment that may be written to, and others beside it.
const SCENARIO: &str = scenario!(
    "what can be clicked",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 2),
    environment!("other", version = "v2"),
);

/// Asserts that a click on each part of this frame that stands for an action does what its key does; how many there are.
pub fn clicks_do_what_keys_do(harness: &Harness, name: &str, seen: fn(&App) -> String) -> usize {
    let now = harness.stage.clock.now();
    let after = |message: Message| {
        let mut app = harness.app.clone();
        app.handle(message, now);
        seen(&app)
    };
    let mut counted = 0;
    for spot in harness.app.state.terminal.hit_map.spots() {
        let Click::Do(action) = spot.click else { continue };
        let chord = harness.app.state.setup.keymap.chords(action)[0];
        for x in [spot.area.x, spot.area.x + spot.area.width - 1] {
            let clicked = after(Message::Clicked(x, spot.area.y));
            assert_eq!(clicked, after(Message::Pressed(chord)), "{name}: {}", action.facts().name);
        }
        counted += 1;
    }
    counted
}

/// Clicks where these words are on the screen.
async fn click(harness: &mut Harness, words: &str) {
    let screen = harness.screen();
    let found = screen.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(words)?;
        Some((line[..at].chars().count() as u16, y as u16))
    });
    let (x, y) = found.unwrap_or_else(|| panic!("{words} is not on the screen:\n{screen}"));
    harness.handle(Message::Clicked(x, y));
    harness.pass(1).await;
}

async fn opened() -> Harness {
    let mut harness = Harness::set_up(Stage::written(SCENARIO), |_| ()).size(120, 40);
    harness.pass(8).await;
    harness
}

#[tokio::test(start_paused = true)]
async fn headings_rows_tabs_and_buttons_take_the_mouse() {
    let mut harness = opened().await;
    let order = |harness: &Harness| (harness.app.state.fleet.sort, harness.app.state.fleet.reverse);
    click(&mut harness, "ENVIRONMENT").await;
    assert_eq!(order(&harness), (Column::Name, false));
    click(&mut harness, "ENVIRONMENT").await;
    assert_eq!(order(&harness), (Column::Name, true));
    harness.press("gj").await;
    click(&mut harness, "web ").await;
    click(&mut harness, "web ").await;
    click(&mut harness, "Settings").await;
    assert!(harness.screen().contains("> web > Settings"), "{}", harness.screen());
    harness.press("t").await;
    harness.pass(4).await;
    click(&mut harness, "[ Cancel ]").await;
    assert!(harness.app.state.screens.dialog().is_none(), "{}", harness.screen());
    harness.press("t").await;
    harness.pass(4).await;
    click(&mut harness, "[ Apply ]").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 0, "the first click only goes there");
    click(&mut harness, "[ Apply ]").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 1, "{}", harness.screen());
    click(&mut harness, "Fleet > ").await;
    assert!(harness.app.state.screens.environment().is_none(), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn the_border_of_the_preview_can_be_dragged() {
    let mut harness = opened().await;
    let preview = |harness: &mut Harness| {
        harness.draw();
        harness.app.state.terminal.hit_map.area(Pane::Preview).unwrap()
    };
    let before = preview(&mut harness);
    harness.handle(Message::Dragged(10, before.y - 4));
    assert_eq!(preview(&mut harness), before, "nothing is held");
    harness.handle(Message::Clicked(10, before.y));
    harness.handle(Message::Dragged(10, before.y - 4));
    let after = preview(&mut harness);
    assert_eq!((after.y, after.height), (before.y - 4, before.height + 4));
    harness.handle(Message::Dragged(10, 0));
    assert!(preview(&mut harness).y >= 8, "the table keeps its rows");
    harness.handle(Message::Released);
    harness.handle(Message::Dragged(10, before.y));
    assert!(preview(&mut harness).y < before.y, "it was let go");
}

/// The pane under the pointer moves, whichever has the keyboard.
#[tokio::test(start_paused = true)]
async fn the_wheel_moves_what_is_under_the_pointer() {
    let mut harness = opened().await;
    harness.press("/web<enter><enter>").await;
    harness.pass(4).await;
    harness.draw();
    let of = |harness: &Harness| {
        let view = harness.app.state.screens.environment().unwrap();
        (view.tree.selected(), view.table.selected(), view.focus)
    };
    let place = |harness: &Harness, pane: Pane| {
        let area = harness.app.state.terminal.hit_map.area(pane).unwrap();
        (area.x + 1, area.y)
    };
    let before = of(&harness);
    for (pane, is_tree) in [(Pane::Targets, false), (Pane::Tree, true)] {
        let place = place(&harness, pane);
        let one = of(&harness);
        harness.handle(Message::Scrolled { rows: 1, place });
        harness.draw();
        let other = of(&harness);
        assert_eq!((one.0 != other.0, one.1 != other.1), (is_tree, !is_tree), "{pane:?}: {one:?} {other:?}");
    }
    assert_eq!(of(&harness).2, before.2, "the keyboard stays where it was");
}

/// The fields of every form take clicks, and so do the events.
#[tokio::test(start_paused = true)]
async fn forms_and_events_take_clicks() {
    let mut harness = opened().await;
    harness.press("/web<enter>p").await;
    harness.pass(4).await;
    click(&mut harness, "requests ").await;
    harness.press("9").await;
    let form = harness.app.state.screens.get::<ProbeForm>().unwrap();
    assert!(form.inputs[form.at].value().ends_with('9') && form.field() == ProbeField::Requests, "{form:?}");
    harness.press("<esc>:scale<enter>").await;
    harness.pass(4).await;
    click(&mut harness, "MaxSize").await;
    harness.press("1").await;
    assert_eq!(harness.app.state.screens.get::<InstanceLimitsForm>().unwrap().at, 1);
    harness.press("<esc>O").await;
    harness.pass(4).await;
    click(&mut harness, "value").await;
    assert!(harness.app.state.screens.get::<OptionForm>().unwrap().is_at_value);
    click(&mut harness, "option  ").await;
    assert!(!harness.app.state.screens.get::<OptionForm>().unwrap().is_at_value);
    harness.press("<esc><enter>5").await;
    harness.pass(8).await;
    harness.press("i").await;
    let reach = |harness: &Harness| match harness.app.state.screens.get::<SilenceForm>().unwrap().purpose {
        SilencePurpose::Begin { is_everywhere, is_at_reach, .. } => (is_at_reach, is_everywhere),
        SilencePurpose::End { .. } => panic!(),
    };
    for expected in [(true, false), (true, true), (true, false)] {
        click(&mut harness, "in          ").await;
        assert_eq!(reach(&harness), expected);
    }
    click(&mut harness, "reason  ").await;
    assert_eq!(reach(&harness), (false, false));
    harness.press("<esc>v").await;
    harness.pass(4).await;
    let event = harness.app.state.selected_event().cloned().unwrap();
    harness.press("kk").await;
    let area = harness.app.state.terminal.hit_map.area(Pane::Events).unwrap();
    harness.handle(Message::Clicked(area.x + 4, area.y));
    assert_ne!(harness.app.state.selected_event(), Some(&event));
}

/// What no environment owns is copied and shown in the console, by the line that is selected.
#[tokio::test(start_paused = true)]
async fn a_load_balancer_of_nobody_is_copied() {
    let mut harness = Harness::new("shop").size(100, 30);
    harness.pass(8).await;
    harness.press("U").await;
    harness.pass(4).await;
    harness.draw();
    let screen = harness.screen();
    let footer = screen.lines().rev().find(|line| line.contains("quit")).unwrap();
    assert!(footer.contains("copy…") && !footer.contains("choose"), "{screen}");
    let name = harness.app.state.selected_text(false).unwrap();
    let arn = harness.app.state.selected_text(true).unwrap();
    assert!(screen.contains(&name) && arn.contains(&format!("loadbalancer/app/{name}/")), "{name} {arn}");
    assert!(harness.app.state.console_url().unwrap().contains("LoadBalancer:loadBalancerArn=arn:aws:"));
    harness.press("Y").await;
    let menu = harness.screen();
    for words in ["ALB ARN", "ALB DNS name", "ALB name"] {
        assert!(menu.contains(words), "{menu}");
    }
    harness.press("<enter>").await;
    let (notice, _) = harness.app.state.messages.notice.clone().unwrap();
    assert_eq!(notice, format!("copied {arn}"));
}
