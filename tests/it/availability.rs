//! Whether an action is available: the message for a refused key explains why not, the footer does not offer it, palette
//! and help explain why not, and what is offered does something.

use beanpole::app::{ACTIONS, Action, ActionFacts, App, Effect, Keymap, Message, is_motion};
use beanpole::change::{Freeze, Frozen};
use beanpole::config::{Chord, ReadOnly};

use crate::mouse::clicks_do_what_keys_do;
use crate::support::{Harness, Stage};

/// A Ready environment, one with other sizes, and one without a load balancer.
const SCENARIO: &str = scenario!(
    "what can be done",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 4, max_instances = 6),
    environment!("worker", version = "v1", kind = "worker"),
);

/// Every action has a key, so that each can be pressed.
/// What keeps from writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Barred {
    Nothing,
    /// All is read-only.
    ReadOnly,
    /// A pattern of the configuration protects every environment.
    Pattern,
    /// Writes are frozen.
    Frozen,
}

fn with_keys_for_all(stage: Stage, barred: Barred) -> Harness {
    Harness::set_up(stage, move |setup| {
        let keyless: Vec<_> = ACTIONS.iter().filter(|facts| facts.keys.is_empty()).map(|facts| facts.name).collect();
        setup.keymap = Keymap::new(|name| {
            let at = keyless.iter().position(|other| *other == name)?;
            Some(vec![Chord::parse(&format!("f{}", at + 1)).unwrap()])
        })
        .unwrap();
        setup.read_only = match barred {
            Barred::Nothing | Barred::Frozen => ReadOnly::Nothing,
            Barred::ReadOnly => ReadOnly::Everything,
            Barred::Pattern => ReadOnly::Matching(vec!["*e*".to_owned()]),
        };
        let until = Some("2099-01-01T00:00:00Z".parse().unwrap());
        let freeze = Freeze { since: jiff::Timestamp::UNIX_EPOCH, until, reason: "release weekend".into() };
        setup.frozen = (barred == Barred::Frozen).then_some(Frozen::By(freeze));
    })
}

fn notice(harness: &Harness) -> String {
    harness.app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default()
}

fn footer(harness: &mut Harness) -> String {
    let screen = harness.screen();
    screen.lines().rev().find(|line| !line.starts_with("styles") && !line.trim().is_empty()).unwrap().to_owned()
}

/// Returns the screen and the dialogs, without the notice.
fn seen(app: &App) -> String {
    let state = &app.state;
    format!("{:?}", (&state.screens, &state.fleet, &state.paused, &state.operations.writing, &state.operations.https))
}

fn is_poll(effect: &Effect) -> bool {
    matches!(effect, Effect::Fetch { .. })
}

/// Screens as a user meets them: what is done to get there, with a pause at each `|`, and a name.
const PLACES: &[(&str, &str)] = &[
    ("the Fleet", ""),
    ("the Fleet, filtered by nothing that is there", "/zzz<enter>"),
    ("the events of all", "V"),
    ("the tree", "/web<enter><enter>"),
    ("the targets", "/web<enter><enter><tab>"),
    ("the charts", "/web<enter><enter>m"),
    ("the settings", "/web<enter><enter>3"),
    ("the events", "/web<enter><enter>v"),
    ("the findings", "/web<enter><enter>5"),
    ("the alarms", "/web<enter><enter>6"),
    ("the dialog of a silence", "/web<enter><enter>5i"),
    ("the Deploy screen", "/web<enter>d"),
    ("the why page", "/web<enter>w"),
    ("the logs", "/web<enter>L"),
    ("the form of a probe", "/web<enter>p"),
    ("a probe", "/web<enter>p|<enter>"),
    ("a worker", "/worker<enter><enter>"),
    ("the help", "?"),
    ("the form of an option", "/web<enter>O"),
    ("a confirmation", "/web<enter>t"),
    ("the copy menu", "/web<enter>Y"),
    ("the guide to HTTPS", "/web<enter><enter>H"),
];

async fn go(harness: &mut Harness, place: &str) {
    for keys in place.split('|') {
        harness.press(keys).await;
        harness.pass(8).await;
    }
}

async fn at(place: &str, barred: Barred) -> Harness {
    let mut harness = with_keys_for_all(Stage::written(SCENARIO), barred);
    harness.pass(8).await;
    go(&mut harness, place).await;
    harness
}

/// What leaves, hands the terminal over, or moves: done at the end of a list it changes nothing.
fn is_apart(action: Action) -> bool {
    use Action as A;
    let leaves = matches!(action, A::Quit | A::Leave | A::Suspend);
    let moves = matches!(action, A::Down | A::Up | A::Left | A::Right | A::First | A::Last);
    let pages = matches!(action, A::PageDown | A::PageUp | A::HalfDown | A::HalfUp | A::ScrollDown | A::ScrollUp);
    // The same tab again; a single route; read again, which shows in what is read next.
    let same = matches!(
        action,
        A::Targets
            | A::Metrics
            | A::Settings
            | A::Events
            | A::Findings
            | A::Alarms
            | A::PickDown
            | A::PickUp
            | A::Refresh
    );
    leaves || moves || pages || same
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_says_why_and_what_can_be_done_does_something() {
    let (mut refused, mut done, mut clicked) = (0, 0, 0);
    for barred in [Barred::Nothing, Barred::ReadOnly] {
        for (name, place) in PLACES {
            let mut harness = at(place, barred).await;
            harness.draw();
            clicked += clicks_do_what_keys_do(&harness, name, seen);
            let (layer, before) = (harness.app.state.layer(), seen(&harness.app));
            let is_here = |facts: &&ActionFacts| facts.layers.contains(&layer) && !is_apart(facts.action);
            for facts in ACTIONS.iter().filter(is_here) {
                let mut app = harness.app.clone();
                app.state.messages.notice = None;
                let chord = app.state.setup.keymap.chords(facts.action)[0];
                let availability = facts.action.availability(&app.state);
                let effects = app.handle(Message::Pressed(chord), harness.stage.clock.now());
                let word = app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default();
                let has_changed = seen(&app) != before;
                if let Err(reason) = availability {
                    refused += 1;
                    assert_eq!(word, reason.to_string(), "{name}: {}", facts.name);
                    assert!(!has_changed, "{name}: {} is refused and does something", facts.name);
                } else {
                    done += 1;
                    let does = has_changed || !word.is_empty() || effects.iter().any(|it| !is_poll(it));
                    assert!(does, "{name}: {} can be done and does nothing", facts.name);
                }
            }
        }
    }
    assert!(refused > 40 && done > 100, "{refused} refused, {done} done");
    assert!(clicked > 150, "{clicked} clicked");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_may_be_written_no_write_is_offered_and_each_says_why() {
    for (name, place) in PLACES {
        let mut harness = at(place, Barred::ReadOnly).await;
        let bottom = footer(&mut harness);
        for word in ["stickiness…", "deploy a version…", "roll back…", "abort…", "adopt…", "put back…", "HTTPS…"]
        {
            assert!(!bottom.contains(word), "{name}: {bottom}");
        }
    }
    let mut harness = at("/web<enter>", Barred::ReadOnly).await;
    assert!(footer(&mut harness).contains("open"));
    harness.press("t").await;
    assert_eq!(notice(&harness), "read-only: nothing is written");
    harness.press(":").await;
    let listed = harness.screen();
    assert!(!listed.contains("restart") && listed.contains("why it is as it is"), "{listed}");
    // A search by name finds it, with the reason; enter shows it again, and leaves the palette open.
    harness.press("rest").await;
    let found = harness.screen();
    assert!(found.contains("not now: read-only: nothing is written"), "{found}");
    harness.press("<enter>").await;
    assert_eq!(notice(&harness), "read-only: nothing is written");
    assert!(harness.app.state.screens.dialog().is_some());
}

/// What an action opens that leads to a write: a form, a question, a wait for what it hangs on; or what it orders at once.
fn leads_to_a_write(before: &App, after: &App, effects: &[Effect]) -> bool {
    let opens = |app: &App| format!("{:?}", app.state.screens);
    let words =
        ["Confirm(", "Form(", "HttpsGuide(", "PendingIntent(", "InstanceLimits(", "RollbackCheck(", "Versions("];
    let opened = words.iter().any(|word| opens(after).matches(word).count() > opens(before).matches(word).count());
    opened || effects.iter().any(|it| matches!(it, Effect::Operate { .. } | Effect::HandOver(_)))
}

/// Whatever leads to a write where nothing protects is refused, with the reason, wherever something does.
#[tokio::test(start_paused = true)]
async fn no_action_of_any_screen_leads_to_a_write_where_something_protects() {
    let reasons = [
        (Barred::ReadOnly, "read-only: "),
        (Barred::Pattern, "is read-only: its name matches *e* of read_only in the configuration"),
        (Barred::Frozen, "writes are frozen until 2099-01-01 00:00 +00:00: release weekend; beanpole thaw lifts it"),
    ];
    let (mut writing, mut refused) = (std::collections::BTreeSet::new(), 0);
    let pressed = |harness: &Harness, facts: &ActionFacts| {
        let mut app = harness.app.clone();
        let chord = app.state.setup.keymap.chords(facts.action)[0];
        let effects = app.handle(Message::Pressed(chord), harness.stage.clock.now());
        (leads_to_a_write(&harness.app, &app, &effects), app)
    };
    for (name, place) in PLACES {
        let free = at(place, Barred::Nothing).await;
        let layer = free.app.state.layer();
        // A probe has a form of its own, and writes nothing.
        let is_here = |facts: &&ActionFacts| facts.layers.contains(&layer) && facts.action != Action::Probe;
        let here: Vec<_> = ACTIONS.iter().filter(is_here).collect();
        let writes: Vec<_> = here.iter().map(|facts| pressed(&free, facts).0).collect();
        for (barred, reason) in reasons {
            let protected = at(place, barred).await;
            if protected.app.state.layer() != layer {
                // The place itself is a question before a write, or a guide to one.
                assert!(["a confirmation", "the guide to HTTPS", "the form of an option"].contains(name), "{name}");
                continue;
            }
            for (facts, would_write) in here.iter().zip(&writes) {
                let (is_write, app) = pressed(&protected, facts);
                assert!(!is_write, "{name}, {barred:?}: {} leads to a write", facts.name);
                if *would_write {
                    writing.insert(facts.name);
                    refused += 1;
                    let word = app.state.messages.notice.map(|(words, _)| words).unwrap_or_default();
                    assert!(word.contains(reason), "{name}, {barred:?}: {}: {word}", facts.name);
                }
            }
        }
    }
    let known = ["deploy-version", "edit", "https", "replace", "restart", "rollback", "scale", "stickiness"];
    assert!(known.iter().all(|name| writing.contains(name)) && refused > 60, "{refused} {writing:?}");
}

#[tokio::test(start_paused = true)]
async fn a_freeze_of_another_process_is_shown_on_every_screen_until_it_is_lifted() {
    for (name, place) in PLACES {
        let mut harness = at(place, Barred::Nothing).await;
        harness.follow_freeze();
        harness.pass(3).await;
        assert!(!harness.screen().contains("FROZEN"), "{name}");
        let reason = "release weekend, ask Ada in the room of operations".into();
        let until = Some("2099-01-01T00:00:00Z".parse().unwrap());
        let freeze = Freeze { since: jiff::Timestamp::now(), until, reason };
        harness.stage.log.freeze().freeze(&freeze).unwrap();
        harness.pass(3).await;
        let header = harness.screen().lines().next().unwrap().to_owned();
        assert!(header.contains("FROZEN until 01-01 00:00: release weekend, ask Ada in t..."), "{name}: {header}");
        let said = harness.app.state.messages.log.iter().any(|entry| entry.text.contains("ask Ada in the room of"));
        assert!(said, "{name}: the log has not the whole reason");
        for (width, words) in [(80, "FROZEN until 01-01 00:00"), (60, "FROZEN")] {
            harness = harness.size(width, 24);
            let header = harness.screen().lines().next().unwrap().to_owned();
            assert!(header.contains(words), "{name}, {width}: {header}");
        }
        std::fs::write(harness.stage.log.freeze().path(), "").unwrap();
        harness = harness.size(120, 40);
        harness.pass(3).await;
        assert!(harness.screen().contains("FROZEN: its file cannot be read"), "{name}");
        harness.stage.log.freeze().lift().unwrap();
        harness.pass(3).await;
        assert!(!harness.screen().contains("FROZEN"), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_works_elsewhere_says_where() {
    let mut harness = at("", Barred::Nothing).await;
    harness.press("D").await;
    assert_eq!(notice(&harness), "D: not on this screen, only elsewhere: deploy-version (deploy)");
    // A letter without a binding shows no notice.
    let mut harness = at("", Barred::Nothing).await;
    harness.press("Q").await;
    assert_eq!(notice(&harness), "");
    // In a text field letters are text.
    harness.press("/D").await;
    assert_eq!(notice(&harness), "");
}

#[tokio::test(start_paused = true)]
async fn the_help_says_why_the_selected_action_cannot_be_done() {
    let mut harness = at("/web<enter>d?", Barred::Nothing).await.size(120, 60);
    let abort = |screen: &str| screen.lines().position(|line| line.contains("abort the update in progress")).unwrap();
    let top = harness.screen().lines().position(|line| line.contains("─ Keys ─")).unwrap();
    let down = abort(&harness.screen()) - top - 1;
    harness.press(&"j".repeat(down)).await;
    let screen = harness.screen();
    let words = ["not now: there is nothing to abort: the environment is Ready", "D deploys a version"];
    assert!(words.iter().all(|words| screen.contains(words)), "{screen}");
}

/// What is meant comes first, also where it cannot be done: Enter never does another action instead.
#[tokio::test(start_paused = true)]
async fn a_name_comes_before_actions_that_only_mention_it() {
    let mut harness = at("/web<enter>d", Barred::Nothing).await.size(80, 24);
    harness.press(":abort").await;
    assert_eq!(listed(&mut harness, "abort")[..2], ["abort", "rollback"]);
    let words = harness.screen().split_whitespace().filter(|it| *it != "│").collect::<Vec<_>>().join(" ");
    assert!(words.contains("no update is in progress. D deploys a version"), "cut: {words}");
    harness.press("<enter>").await;
    assert!(matches!(harness.app.state.screens.dialog(), Some(beanpole::app::screens::Screen::Palette(_))));
    assert!(notice(&harness).contains("there is nothing to abort"), "{}", notice(&harness));
}

/// Returns the names in the palette, in order.
fn listed(harness: &mut Harness, typed: &str) -> Vec<String> {
    let screen = harness.screen();
    let inside = screen.lines().skip_while(|line| !line.contains("─ Commands ─")).skip(3);
    let rows = inside.take_while(|line| !line.contains('└'));
    let name = |line: &str| {
        let text = line.split('│').find(|part| part.len() > 60)?.trim_start_matches(['▌', ' ']).to_owned();
        text.split_whitespace().next().map(str::to_owned)
    };
    let names: Vec<_> = rows.filter_map(name).collect();
    assert!(!names.is_empty() || typed == "zzzz", "{screen}");
    names
}

#[tokio::test(start_paused = true)]
async fn the_palette_has_what_can_be_done_whether_it_has_a_key_or_not() {
    for (name, place) in PLACES.iter().filter(|(name, _)| {
        ![
            "the help",
            "a confirmation",
            "the form of an option",
            "the copy menu",
            "the guide to HTTPS",
            "the form of a probe",
            "the dialog of a silence",
        ]
        .contains(name)
    }) {
        let mut harness = Harness::written(SCENARIO).size(120, 60);
        harness.pass(8).await;
        go(&mut harness, place).await;
        let layer = harness.app.state.layer();
        let is_offered = |facts: &&ActionFacts| {
            facts.layers.contains(&layer)
                && facts.name != "palette"
                && !is_motion(facts.action)
                && facts.action.availability(&harness.app.state).is_ok()
        };
        let mut offered: Vec<_> = ACTIONS.iter().filter(is_offered).map(|facts| facts.name.to_owned()).collect();
        let environments = harness.app.state.snapshot().inventory.environments.values();
        offered.extend(environments.map(|environment| environment.name.to_string()));
        harness.press(":").await;
        let mut shown = listed(&mut harness, "");
        for _ in 0..ACTIONS.len() {
            harness.press("<down>").await;
            shown.extend(listed(&mut harness, ""));
        }
        shown.sort();
        shown.dedup();
        offered.sort();
        assert_eq!(shown, offered, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_letters_of_a_name_or_a_word_of_its_help_find_it() {
    for (place, typed, first) in [
        ("/web<enter><enter><tab>", "repl", Some("replace")),
        ("/web<enter><enter><tab>", "rstrt", Some("restart")),
        ("/web<enter>", "needs attention", Some("attention")),
        ("/web<enter>", "replace", None),
        ("/web<enter>", "zzzz", None),
    ] {
        let mut harness = Harness::written(SCENARIO);
        harness.pass(8).await;
        go(&mut harness, place).await;
        harness.press(&format!(":{}", typed.replace(' ', "<space>"))).await;
        let shown = listed(&mut harness, "zzzz");
        match first {
            Some(first) => assert_eq!(shown[0], first, "{typed}"),
            None => assert!(!shown.iter().any(|name| name == typed), "{typed}: {shown:?}"),
        }
    }
}
