//! The mouse: what is drawn can be clicked, and a click does what the key does; no write is a slip of the hand away.

use beanpole::app::screens::fleet::Column;
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
