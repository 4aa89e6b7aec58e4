//! The command palette, and what is reached by it: a restart, an instance replaced, other sizes, a session on an instance.

use beanpole::app::Message;

use crate::support::{Harness, Stage};

/// Four instances that answer, one alone, and an environment that is production.
const SCENARIO: &str = scenario!(
    "what is done every day",
    application!("shop", "v1"),
    environment!("web", version = "v1", instances = 4, max_instances = 6),
    environment!("alone", version = "v1", instances = 1),
    environment!("web-prod", version = "v1", instances = 2),
);

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

/// The Targets tab of an environment, with its first target selected.
async fn opened(environment: &str) -> Harness {
    entered(Harness::on(stage()), environment).await
}

async fn entered(mut harness: Harness, environment: &str) -> Harness {
    harness.pass(8).await;
    harness.press(&format!("/{environment}<enter>")).await;
    let select = harness.app.state.fleet.visible().position(|line| &*line.row.name == environment).unwrap();
    harness.press(&"j".repeat(select)).await;
    harness.press("<enter>").await;
    harness.pass(8).await;
    harness.press("<tab>").await;
    harness
}

fn selected(harness: &Harness) -> String {
    harness.app.state.screens.environment().unwrap().selected_target().unwrap().target.id.to_string()
}

fn notice(harness: &Harness) -> String {
    harness.app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default()
}

fn writes(harness: &Harness) -> usize {
    ["UpdateEnvironment", "RestartAppServer", "TerminateInstanceInAutoScalingGroup"]
        .iter()
        .map(|operation| harness.calls(operation))
        .sum()
}

#[tokio::test(start_paused = true)]
async fn the_palette_lists_what_applies_here() {
    let mut harness = opened("web").await;
    harness.press(":").await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn the_palette_in_a_small_terminal_with_something_typed() {
    let mut harness = opened("web").await.size(80, 24);
    harness.press(":re").await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn enter_does_what_the_key_of_the_action_would_do() {
    let mut harness = opened("web").await;
    // With a key, from another tab, and on the Fleet.
    harness.press(":settings<enter>").await;
    assert!(harness.screen().contains("deregistration_delay"), "{}", harness.screen());
    harness.press(":events<enter>").await;
    assert!(harness.app.state.screens.dialog().is_none());
    harness.press(":targets<enter>:pause<enter>").await;
    assert!(harness.app.state.paused.is_some());
    harness.press(":pause<enter><esc><esc>").await;
    harness.press(":attention<enter>").await;
    assert!(harness.app.state.fleet.attention);
    // Nothing is called like that: it stays open, and esc closes it.
    harness.press(":qqqq<enter>").await;
    assert!(harness.app.state.screens.dialog().is_some());
    harness.press("<esc>").await;
    assert!(harness.app.state.screens.dialog().is_none());
    // Down and up move among what is shown.
    harness.press(":re<down><down><up>").await;
    let beanpole::app::screens::Screen::Palette(palette) = harness.app.state.screens.dialog().unwrap() else {
        panic!()
    };
    assert_eq!(palette.rows.selected(), 1);
    harness.press("<ctrl-c>").await;
    assert!(harness.has_quit);
}

#[tokio::test(start_paused = true)]
async fn the_palette_over_the_logs_leaves_their_search_alone() {
    let mut harness = opened("web").await;
    harness.press("L").await;
    harness.pass(8).await;
    harness.press(":search<enter>").await;
    let view = harness.app.state.screens.logs().unwrap();
    assert!(view.search.typing.is_some(), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_confirmed_sent_and_seen() {
    let mut harness = opened("web").await;
    harness.press(":restart<enter>").await;
    harness.pass(6).await;
    insta::assert_snapshot!(harness.snapshot());
    harness.press("<enter>").await;
    assert_eq!((writes(&harness), notice(&harness).as_str()), (0, "nothing was written"));
    harness.press(":restart<enter>").await;
    harness.press("<tab><enter>").await;
    assert_eq!(harness.calls("RestartAppServer"), 1);
    harness.pass(3).await;
    harness.press(":restart<enter>").await;
    assert!(notice(&harness).contains("only while it is Ready"), "{}", notice(&harness));
}

#[tokio::test(start_paused = true)]
async fn an_instance_is_replaced_when_its_id_was_typed() {
    let mut harness = opened("web").await;
    let id = selected(&harness);
    harness.press(":replace<enter>").await;
    insta::assert_snapshot!(harness.snapshot());
    // The field has the keyboard; without the id nothing is written.
    harness.press("web<enter>").await;
    assert!(notice(&harness).contains(&format!("type {id} first")), "{}", notice(&harness));
    assert_eq!(writes(&harness), 0);
    harness.press("<ctrl-u>").await;
    harness.handle(Message::Pasted(id.clone()));
    harness.press("<enter><enter>").await;
    assert_eq!(harness.calls("TerminateInstanceInAutoScalingGroup"), 1, "{}", harness.screen());
    harness.pass(12).await;
    assert!(harness.screen().contains("draining"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn in_production_the_name_is_typed_with_the_id() {
    let mut harness = opened("web-prod").await;
    let id = selected(&harness);
    harness.press(":replace<enter>").await;
    harness.handle(Message::Pasted(id.clone()));
    harness.press("<enter>").await;
    assert!(
        notice(&harness).contains(&format!("this is production: type web-prod {id} first")),
        "{}",
        notice(&harness)
    );
    harness.press("<ctrl-u>").await;
    harness.handle(Message::Pasted(format!("web-prod {id}")));
    harness.press("<enter><enter>").await;
    assert_eq!(harness.calls("TerminateInstanceInAutoScalingGroup"), 1, "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn the_last_healthy_instance_cannot_be_replaced() {
    let mut harness = opened("alone").await;
    harness.press(":replace<enter>").await;
    assert!(harness.screen().contains("Refused: "), "{}", harness.screen());
    harness.press("<tab><enter>").await;
    let said = notice(&harness);
    assert!(said.starts_with("cannot be applied: ") && said.contains("is the last healthy one of"), "{said}");
    assert_eq!(writes(&harness), 0);
}

#[tokio::test(start_paused = true)]
async fn other_sizes_are_typed_checked_and_written() {
    let mut harness = opened("web").await;
    harness.press(":scale<enter>").await;
    harness.pass(6).await;
    harness.press("<ctrl-u>9").await;
    insta::assert_snapshot!("the_form_for_the_sizes", harness.snapshot());
    harness.press("<enter>").await;
    assert_eq!(notice(&harness), "MIN (9) is more than MAX (6)");
    harness.press("<ctrl-u>2<tab><ctrl-u>3x<enter>").await;
    insta::assert_snapshot!("fewer_instances_than_there_are", harness.snapshot());
    harness.press("<tab><enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 1, "{}", harness.screen());
    harness.pass(120).await;
    let groups: Vec<_> =
        harness.app.state.snapshot().inventory.auto_scaling_groups.values().map(|it| it.size).collect();
    assert!(groups.contains(&(2, 3, 3)), "{groups:?}");
}

/// Any option: chosen from Beanstalk's list, checked, confirmed, written and put back; a property's value is never on screen.
#[tokio::test(start_paused = true)]
async fn an_option_is_chosen_checked_and_written_and_a_property_unseen() {
    let mut harness = opened("web").await.size(100, 30);
    harness.press("O").await;
    harness.pass(6).await;
    harness.press("command batch").await;
    insta::assert_snapshot!("the_options_that_match", harness.screen());
    harness.press("<enter>0").await;
    insta::assert_snapshot!("the_form_for_an_option", harness.screen());
    harness.press("<enter>").await;
    assert_eq!(notice(&harness), "aws:elasticbeanstalk:command:BatchSize cannot be `0`: it takes 1 to 10000");
    harness.press("<ctrl-u>3<enter>").await;
    insta::assert_snapshot!("an_option_to_confirm", harness.screen());
    harness.press("<tab><enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 1, "{}", harness.screen());
    harness.pass(200).await;
    harness.press("u").await;
    harness.pass(2).await;
    assert!(harness.screen().contains("Undo a change of BatchSize of web"), "{}", harness.screen());
    harness.press("<esc>O").await;
    harness.pass(6).await;
    harness.press("API_KEY<enter>CANARY").await;
    let screen = harness.screen();
    assert!(screen.contains("••••••") && screen.contains("never shown, logged or kept"), "{screen}");
    harness.press("<enter>").await;
    let confirmed = harness.screen();
    assert!(confirmed.contains("unset  →  ******"), "{confirmed}");
    harness.press("<tab><enter>").await;
    harness.pass(200).await;
    assert_eq!(harness.calls("UpdateEnvironment"), 2, "{}", harness.screen());
    for text in [screen, confirmed, harness.screen(), format!("{:?}", harness.app.state.screens)] {
        assert!(!text.contains("CANARY"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn read_only_refuses_each_of_them_and_says_so_in_the_header() {
    for keys in [":restart<enter>", ":replace<enter>", ":scale<enter>", "O", ":session<enter>"] {
        let mut harness =
            entered(Harness::set_up(stage(), |setup| setup.read_only = beanpole::config::ReadOnly::Everything), "web")
                .await;
        harness.press(keys).await;
        assert!(notice(&harness).starts_with("read-only"), "{keys}: {}", notice(&harness));
        assert!(harness.screen().lines().next().unwrap().contains("READ-ONLY"), "{}", harness.screen());
        // The palette stays, with the reason beside the action.
        let dialog = harness.app.state.screens.dialog();
        let asks = !matches!(dialog, None | Some(beanpole::app::screens::Screen::Palette(_)));
        assert!(!asks && harness.external_commands.is_empty(), "{keys}");
        assert_eq!(writes(&harness), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_hands_the_terminal_over_with_profile_and_region() {
    let mut harness = opened("web").await;
    harness.press(":session<enter>").await;
    assert_eq!(notice(&harness), "the region is simulated: there is no instance to log in to");
    let mut harness = entered(Harness::set_up(stage(), |setup| setup.simulated = None), "web").await;
    let id = selected(&harness);
    harness.press(":session<enter>").await;
    let command = format!("aws ssm start-session --target {id} --region eu-west-1");
    assert!(harness.screen().contains(&command), "{}", harness.screen());
    harness.press("<enter>").await;
    assert!(harness.external_commands.is_empty(), "cancel is the default");
    harness.press(":session<enter><tab><enter>").await;
    let external_command = harness.external_commands.pop().unwrap();
    assert_eq!((external_command.text(), external_command.needs), (command.clone(), &["session-manager-plugin"][..]));
    harness.handle(Message::HandedBack { external_command: external_command.clone(), ended: Ok(()) });
    assert_eq!(harness.copied, [""; 0]);
    let why = "session-manager-plugin is not installed, or not on the PATH";
    harness.handle(Message::HandedBack { external_command, ended: Err(why.to_owned()) });
    assert_eq!(harness.copied, [command.as_str()]);
    assert_eq!(notice(&harness), format!("{why}; copied: {command}"));
    assert_eq!(harness.app.state.messages.log.back().unwrap().text, notice(&harness), "it can be read later, whole");
}

const ALARMS: &str = scenario!(
    "an environment with alarms",
    environment!("web", instances = 2),
    alarm!("web-hosts", "UnHealthyHostCount", target_group = "web", threshold = 0.0, action = "notify"),
    alarm!("web-scaling", "RequestCountPerTarget", target_group = "web", threshold = 1000.0, action = "scale"),
);

#[tokio::test(start_paused = true)]
async fn alarms_are_muted_for_an_hour_and_undo_ends_that() {
    let mut harness = Harness::written(ALARMS).size(120, 40);
    harness.pass(3).await;
    harness.press(":mute<enter>").await;
    harness.pass(2).await;
    insta::assert_snapshot!("mute_alarms", harness.screen());
    harness.press("<tab><enter>").await;
    harness.pass(2).await;
    assert_eq!((harness.calls("PutAlarmMuteRule"), harness.calls("DeleteAlarmMuteRule")), (1, 0));
    // What is muted can be ended from the same place, or undone.
    harness.press(":mute<enter>").await;
    harness.pass(2).await;
    assert!(harness.screen().contains("Unmute the alarms of web"), "{}", harness.screen());
    harness.press("<esc>u").await;
    harness.pass(2).await;
    assert!(harness.screen().contains("Unmute the alarms of web"), "{}", harness.screen());
    harness.press("<tab><enter>").await;
    harness.pass(2).await;
    assert_eq!(harness.calls("DeleteAlarmMuteRule"), 1);
    let history = harness.pen().log.read().unwrap();
    assert_eq!(history.entries[0].undone_by.as_ref(), Some(&history.entries[1].id));
}

/// Two environments of one application, one of another, and one that is production.
const EXCHANGED: &str = scenario!(
    "environments to exchange",
    application!("shop", "v1", "v2"),
    application!("cart", "v1"),
    environment!("blue", version = "v1", instances = 2),
    environment!("green", version = "v2", instances = 3),
    environment!("cart-web", application = "cart", version = "v1"),
);

#[tokio::test(start_paused = true)]
async fn cnames_are_exchanged_with_an_environment_that_was_picked_and_the_end_is_reported() {
    let mut harness = entered(Harness::on(Stage::written(EXCHANGED).without_faults()), "blue").await.size(100, 40);
    harness.press(":swap<enter>").await;
    let picker = harness.screen();
    assert!(picker.contains("Swap the CNAME of blue with") && picker.contains("green  v2  Ready"), "{picker}");
    assert!(!picker.contains("cart-web"), "{picker}");
    harness.press("<enter>").await;
    harness.pass(12).await;
    insta::assert_snapshot!(harness.snapshot());
    harness.press("<enter>").await;
    assert_eq!((harness.calls("SwapEnvironmentCNAMEs"), notice(&harness).as_str()), (0, "nothing was written"));
    harness.press(":swap<enter><enter>").await;
    harness.pass(3).await;
    harness.press("<tab><enter>").await;
    assert_eq!(harness.calls("SwapEnvironmentCNAMEs"), 1);
    harness.pass(60).await;
    let log: Vec<_> = harness.app.state.messages.log.iter().map(|entry| entry.text.clone()).collect();
    let done = "CNAMEs exchanged: blue has green.eu-west-1.elasticbeanstalk.com, green has blue.eu-west-1";
    assert!(log.iter().any(|words| words.contains(done)), "{log:#?}");
}

#[tokio::test(start_paused = true)]
async fn what_has_no_partner_is_not_exchanged() {
    let mut harness = entered(Harness::on(Stage::written(EXCHANGED).without_faults()), "cart-web").await;
    harness.press(":swap<enter>").await;
    assert!(notice(&harness).contains("cart-web has no partner"), "{}", notice(&harness));
}
