//! Every key can be rebound: no screen names a key that is not the user's.

use std::collections::BTreeMap;

use beanpole::app::{ACTIONS, Keymap, Message};
use beanpole::config::Chord;

use crate::support::{Harness, Stage};

/// Keys that no screen shows by chance, one for each action.
fn unusual() -> BTreeMap<&'static str, Chord> {
    let function = (1..=24).flat_map(|number| ["", "ctrl-", "alt-", "shift-"].map(|held| format!("{held}f{number}")));
    let letters = ('a'..='z').chain('0'..='9').chain('A'..='Z').map(|letter| format!("alt-{letter}"));
    let mut chords = function.chain(letters).filter_map(|key| Chord::parse(&key).ok());
    ACTIONS.iter().map(|facts| (facts.name, chords.next().expect("a key for each action"))).collect()
}

/// The dashboard with every key rebound.
struct Rebound {
    harness: Harness,
    keys: BTreeMap<&'static str, Chord>,
    seen: Vec<String>,
}

impl Rebound {
    fn new() -> Self {
        let keys = unusual();
        let own = keys.clone();
        let harness = Harness::set_up(Stage::new("shop"), move |setup| {
            setup.keymap = Keymap::new(|name| own.get(name).map(|chord| vec![*chord])).expect("no two are the same");
        });
        Self { harness: harness.size(120, 40), keys, seen: Vec::new() }
    }

    /// Presses the keys of these actions and returns the screen.
    async fn act(&mut self, actions: &[&str]) -> String {
        for action in actions {
            self.harness.handle(Message::Pressed(self.keys[action]));
            self.harness.screen();
        }
        self.harness.pass(3).await;
        let screen = self.harness.screen();
        self.seen.push(screen.clone());
        screen
    }

    async fn type_text(&mut self, text: &str) {
        self.harness.press(text).await;
    }
}

/// Returns the words of a screen that are default keys, each where it may only be a key.
fn old_keys(screen: &str) -> Vec<String> {
    let defaults: Vec<String> =
        ACTIONS.iter().flat_map(|facts| facts.keys.iter().map(|key| (*key).to_owned())).collect();
    let mut found = Vec::new();
    for line in screen.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let word = word.trim_matches(|character: char| matches!(character, '.' | ',' | ';' | ':' | '·'));
            // Articles, units and signs are words too: a letter is a key where it begins a hint.
            let begins = at == 0 || line.contains(&format!("   {word} ")) || line.contains(&format!("; {word} "));
            let is_letter = word.chars().count() == 1;
            let is_word = matches!(word, "esc" | "enter");
            let is_sign = is_letter && !word.chars().all(char::is_alphabetic);
            let is_key = defaults.iter().any(|key| key == word);
            if is_key && !is_sign && (is_word || (begins && word != "a")) {
                found.push(format!("{word}: {}", line.trim()));
            }
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn no_screen_names_a_key_that_was_rebound() {
    let mut it = Rebound::new();
    it.harness.pass(10).await;
    it.act(&["help"]).await;
    it.act(&["back", "columns"]).await;
    it.act(&["back", "sort"]).await;
    it.act(&["back", "log"]).await;
    it.act(&["back", "filter"]).await;
    it.type_text("nothing-like-it").await;
    assert!(it.act(&["open"]).await.contains("nothing matches"));
    it.act(&["back", "filter"]).await;
    it.type_text("shop-web").await;
    it.act(&["open", "palette"]).await;
    it.act(&["back", "open"]).await;
    it.harness.pass(20).await;
    it.act(&["metrics"]).await;
    it.act(&["events"]).await;
    assert!(it.act(&["settings"]).await.contains("what differs"));
    let form = it.act(&["edit"]).await;
    assert!(form.contains("on to the confirmation"), "{form}");
    let toggle = it.act(&["back", "stickiness"]).await;
    assert!(toggle.contains("copy as aws command"), "{toggle}");
    it.act(&["back", "https"]).await;
    it.harness.pass(5).await;
    it.act(&[]).await;
    it.act(&["back", "back", "logs"]).await;
    it.harness.pass(10).await;
    it.act(&["search"]).await;
    it.act(&["back", "back", "deploy-view"]).await;
    it.act(&["deploy-version"]).await;
    it.act(&["back", "back", "back", "back", "back"]).await;
    it.harness = it.harness.size(40, 12);
    let small = it.act(&[]).await;
    assert!(small.contains("to leave"), "{small}");
    let places: Vec<_> = ACTIONS.iter().map(|facts| format!("{{{}}}", facts.name)).collect();
    let is_place = |line: &&str| places.iter().any(|place| line.contains(place));
    let unresolved: Vec<_> = it.seen.iter().flat_map(|screen| screen.lines()).filter(is_place).collect();
    assert!(unresolved.is_empty(), "{unresolved:#?}");
    let found: Vec<_> = it.seen.iter().flat_map(|screen| old_keys(screen)).collect();
    assert!(it.seen.len() >= 20 && found.is_empty(), "{found:#?}");
}

/// That the test would find one.
#[test]
fn an_old_key_is_found_where_it_is_named() {
    for (screen, is_found) in [
        ("  nothing matches; esc shows all again", true),
        ("  r go on   x stop here", true),
        ("a certificate of a balancer, every 15 s", false),
        ("  enter choose   f5 cancel", true),
        ("  f1 choose   ctrl-f5 cancel", false),
    ] {
        assert_eq!(!old_keys(screen).is_empty(), is_found, "{screen}");
    }
}
