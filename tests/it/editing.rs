//! Editing by typed keys: the Settings tab, the form, the confirmation, the conflict, undo; and what goes over the wire.

mod egress;
mod impact;
mod planned_again;
mod reverts;

use std::time::Duration;

use beanpole::app::Order;
use beanpole::app::operations::edits::Arrival;
use beanpole::app::screens::{Intent, Screen};
use beanpole::change::{Confirmation, Operation};
use beanpole::runtime::writes;

use crate::support::wire::Fate;
use crate::support::{Harness, Stage};
use crate::writes::settings::HEALTH_CHECK;
use crate::writes::terrain::SCENARIO;

/// The dashboard on an environment's screen.
struct Desk {
    harness: Harness,
}

impl Desk {
    async fn on(stage: Stage, name: &str) -> Self {
        let mut harness = Harness::on(stage.without_faults()).size(120, 40);
        harness.pass(3).await;
        harness.type_keys("/");
        name.chars().for_each(|letter| harness.type_keys(&letter.to_string()));
        harness.press("<enter><enter>").await;
        harness.pass(5).await;
        Self { harness }
    }

    async fn written(text: &str, name: &str) -> Self {
        Self::on(Stage::written(text), name).await
    }

    async fn new(name: &str) -> Self {
        Self::written(SCENARIO, name).await
    }

    /// Goes to the setting of this key on the Settings tab.
    async fn select(&mut self, key: &str) {
        self.harness.press("3").await;
        for _ in 0..200 {
            let view = &self.harness.app.state.screens.environment().unwrap().settings;
            if view.field().is_some_and(|field| field.key == key) {
                return;
            }
            self.harness.type_keys("j");
        }
        panic!("{key} is not there:\n{}", self.harness.screen());
    }

    /// The plan that the confirmation shows.
    fn plan(&mut self) -> Operation {
        let Some(Screen::Confirm(confirm)) = self.harness.app.state.screens.dialog().cloned() else {
            panic!("no confirmation:\n{}", self.screen());
        };
        let Some(Intent::Operate(operation)) = confirm.intent else { panic!("nothing to write:\n{}", self.screen()) };
        *operation
    }

    /// The lines of the confirmation.
    fn lines(&self) -> Vec<String> {
        let Some(Screen::Confirm(confirm)) = self.harness.app.state.screens.dialog() else { panic!("no confirmation") };
        confirm.lines.iter().map(|(line, _)| line.clone()).collect()
    }

    /// Tab and Enter on a confirmation: what went over the wire is what it showed, and nothing was sent before.
    async fn apply(&mut self) -> Operation {
        let (plan, before) = (self.plan(), self.harness.stage.hand.sent().len());
        self.harness.press("<tab><enter>").await;
        let sent = self.harness.stage.hand.sent().split_off(before);
        let writes = |call: &&beanpole::change::ApiCall| call.write().changes;
        let shown: Vec<_> = plan.calls().iter().filter(writes).map(sorted).collect();
        assert_eq!(sent, shown);
        plan
    }

    /// The live value of a setting, as the tab shows it.
    fn live(&self, key: &str) -> Option<String> {
        let view = &self.harness.app.state.screens.environment().unwrap().settings;
        view.fields().find(|field| field.key == key)?.live.as_deref().map(str::to_owned)
    }

    fn screen(&mut self) -> String {
        self.harness.screen()
    }

    /// Returns the last line of the log.
    fn last_word(&self) -> &str {
        self.harness.app.state.messages.log.back().map_or("", |entry| &entry.text)
    }
}

fn sorted(call: &beanpole::change::ApiCall) -> Vec<(String, String)> {
    let mut form = call.form();
    form.sort();
    form
}

#[tokio::test(start_paused = true)]
async fn the_tab_shows_every_setting_its_option_its_default_and_its_range() {
    let mut desk = Desk::new("drifted").await;
    desk.harness.press("3").await;
    insta::assert_snapshot!("settings_tab", desk.harness.snapshot());
    desk.harness.press("a").await;
    insta::assert_snapshot!("settings_differing", desk.screen());
    let mut wide = Desk::new("web").await;
    wide.harness = wide.harness.size(200, 50);
    wide.harness.press("3").await;
    insta::assert_snapshot!("settings_wide", wide.screen());
    let mut narrow = Desk::new("drifted").await;
    narrow.harness = narrow.harness.size(80, 24);
    narrow.select("stickiness.enabled").await;
    insta::assert_snapshot!("settings_narrow", narrow.screen());
}

#[tokio::test(start_paused = true)]
async fn t_tab_enter_toggles_stickiness_and_the_live_value_is_seen_to_arrive() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t").await;
    insta::assert_snapshot!("toggle", desk.screen());
    let plan = desk.apply().await;
    assert!(plan.rows().unwrap().updates() && plan.rows().unwrap().iter().all(|row| !row.elb));
    desk.select("stickiness.enabled").await;
    assert_eq!(desk.live("stickiness.enabled").as_deref(), Some("false"), "never optimistic");
    assert!(desk.screen().contains("false → true"), "{}", desk.screen());
    desk.harness.press("d").await;
    insta::assert_snapshot!("arriving", desk.screen());
    desk.harness.pass(240).await;
    let arriving = &desk.harness.app.state.operations.edits.arriving[0];
    assert!(matches!(arriving.values[0].arrival, Arrival::Live(_)), "{arriving:?}");
    insta::assert_snapshot!("arrived", desk.screen());
    desk.harness.press("<esc>").await;
    assert_eq!(desk.live("stickiness.enabled").as_deref(), Some("true"));
    // Back again, by the same path.
    desk.harness.press("u").await;
    insta::assert_snapshot!("undo", desk.screen());
    desk.apply().await;
    desk.harness.pass(240).await;
    assert_eq!(desk.live("stickiness.enabled").as_deref(), Some("false"));
    desk.harness.press("u").await;
    assert!(desk.screen().contains("nothing of web was changed"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn the_route_is_chosen_in_the_confirmation_and_a_direct_change_acts_at_once() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t<down>").await;
    insta::assert_snapshot!("toggle_directly", desk.screen());
    let plan = desk.apply().await;
    assert!(!plan.rows().unwrap().updates());
    desk.select("stickiness.enabled").await;
    assert_eq!(desk.live("stickiness.enabled").as_deref(), Some("true"));
    desk.harness.press("u").await;
    let took = desk.harness.until(|app| matches!(app.state.screens.dialog(), Some(Screen::Confirm(_)))).await;
    assert!(took <= Duration::from_secs(3), "{took:?}");
    desk.apply().await;
    desk.harness.pass(10).await;
    assert_eq!(desk.live("stickiness.enabled").as_deref(), Some("false"));
}

#[tokio::test(start_paused = true)]
async fn a_form_takes_several_fields_and_checks_them_while_they_are_typed() {
    let mut desk = Desk::new("web").await;
    desk.select("stickiness.type").await;
    // On, by the application's cookie, whose name is not given yet.
    desk.harness.press("<enter><up><space><down><space>").await;
    insta::assert_snapshot!("form_incomplete", desk.screen());
    desk.harness.press("<enter>").await;
    assert!(desk.screen().contains("Edit web"), "{}", desk.screen());
    desk.harness.press("<down><down>").await;
    desk.harness.press("sid<tab><tab><right>").await;
    insta::assert_snapshot!("form_complete", desk.screen());
    desk.harness.press("<enter>").await;
    desk.apply().await;
    desk.harness.pass(10).await;
    let found = ["stickiness.enabled", "stickiness.type", "stickiness.app_cookie.cookie_name"]
        .map(|key| desk.live(key).unwrap());
    assert_eq!(found, ["true", "app_cookie", "sid"]);
    desk.harness.press("u").await;
    desk.apply().await;
    desk.harness.pass(10).await;
    let found = ["stickiness.enabled", "stickiness.type", "stickiness.app_cookie.cookie_name"]
        .map(|key| desk.live(key).unwrap());
    assert_eq!(found, ["false", "lb_cookie", ""]);
}

#[tokio::test(start_paused = true)]
async fn the_ranges_are_those_of_the_route() {
    let mut desk = Desk::new("web").await;
    desk.select("health_check.timeout").await;
    desk.harness.press("<enter><ctrl-u>61").await;
    insta::assert_snapshot!("form_out_of_the_options_range", desk.screen());
    desk.harness.press("<up><ctrl-u>100<down><down><down><down><down><down><down><right>").await;
    assert!(!desk.screen().contains("the option HealthCheckTimeout takes"), "{}", desk.screen());
    desk.harness.press("<enter>").await;
    let plan = desk.plan();
    assert_eq!(
        plan.rows().unwrap().iter().map(|row| (&*row.key, row.wanted.as_deref().unwrap())).collect::<Vec<_>>(),
        [("health_check.interval", "100"), ("health_check.timeout", "61"),]
    );
    // Esc goes back to the form, with what was typed.
    desk.harness.press("<esc>").await;
    assert!(desk.screen().contains("Edit web"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn drift_is_adopted_or_put_back_with_one_key() {
    let mut desk = Desk::new("drifted").await;
    desk.select("deregistration_delay.timeout_seconds").await;
    desk.harness.press("<lt>").await;
    insta::assert_snapshot!("adopt", desk.screen());
    let plan = desk.plan();
    let adopted: Vec<_> =
        plan.rows().unwrap().iter().map(|row| (row.elb, row.option.as_ref().unwrap().wanted.as_deref())).collect();
    assert_eq!(adopted, [(false, Some("300"))]);
    desk.harness.press("<esc>").await;
    desk.harness.press(">").await;
    insta::assert_snapshot!("put_back", desk.screen());
    desk.apply().await;
    desk.harness.pass(10).await;
    assert_eq!(desk.live("deregistration_delay.timeout_seconds").as_deref(), Some("20"));
    desk.harness.press(">").await;
    assert!(desk.screen().contains("nothing to adopt or to put back"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn several_target_groups_are_a_question() {
    let mut desk = Desk::new("pair").await;
    desk.harness.press("t").await;
    insta::assert_snapshot!("which_group", desk.screen());
    desk.harness.press("j<enter>").await;
    let chosen = desk.plan().rows().unwrap().target_group().unwrap();
    let group = desk.harness.app.state.snapshot().inventory.target_groups[&chosen].port;
    desk.harness.press("<esc>t<enter>").await;
    let other = desk.plan().rows().unwrap().target_group().unwrap();
    assert_ne!(chosen, other);
    assert!(group.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_group_that_is_not_proven_is_never_written_to() {
    for name in ["held", "lone"] {
        let mut desk = Desk::new(name).await;
        let groups = &desk.harness.app.state.snapshot().inventory.target_groups;
        let unowned: Vec<_> = groups.values().filter(|group| group.name.contains("canary")).cloned().collect();
        let environment = desk.harness.app.state.screens.environment().unwrap().key.clone();
        let linked = desk.harness.app.state.snapshot().topology.link(&environment).unwrap().groups.clone();
        assert!(unowned.iter().all(|group| linked.iter().all(|it| it.key != group.key)), "{linked:?}");
        desk.harness.press("3").await;
        let view = &desk.harness.app.state.screens.environment().unwrap().settings;
        let shown: Vec<_> = view.fields().map(|field| field.object.arn().clone()).collect();
        assert!(unowned.iter().all(|group| !shown.contains(&group.key.id)), "a stranger's group can be edited");
    }
}

#[tokio::test(start_paused = true)]
async fn what_someone_else_changed_meanwhile_is_a_conflict() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t<down>").await;
    let plan = desk.plan();
    // Another client is faster, with the same call.
    let pen = desk.harness.pen();
    let session = desk.harness.stage.session.clone();
    let other = writes::WriteSession { session: &session, identity: None };
    let seen = plan.seen.clone();
    pen.operate(other, Box::new(plan), Order::Begin, (&seen, &Confirmation::default())).await;
    let sent = desk.harness.stage.hand.sent().len();
    desk.harness.press("<tab><enter>").await;
    assert_eq!(desk.harness.stage.hand.sent().len(), sent, "nothing is written");
    insta::assert_snapshot!("conflict", desk.screen());
    desk.harness.press("<enter>").await;
    desk.harness.pass(20).await;
    assert!(desk.screen().contains("It is so already"), "{}", desk.screen());
    desk.harness.press("<tab><enter>").await;
    assert_eq!(desk.harness.stage.hand.sent().len(), sent, "nothing is to be written");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_looked_up() {
    let mut desk = Desk::new("web").await;
    desk.harness.stage.hand.fate(Fate::AnswerLost);
    desk.harness.press("t<down><tab><enter>").await;
    desk.harness.pass(20).await;
    assert_eq!(desk.harness.stage.hand.sent().len(), 1, "it is not repeated");
    assert!(desk.last_word().contains("applied"), "{}", desk.last_word());
}

#[tokio::test(start_paused = true)]
async fn in_production_what_is_dangerous_wants_the_name() {
    let mut desk = Desk::on(Stage::new("shop"), "shop-chat-prod").await;
    desk.harness.press("t").await;
    insta::assert_snapshot!("toggle_in_production", desk.screen());
    desk.harness.press("<tab><tab><enter>").await;
    assert!(desk.harness.stage.hand.sent().is_empty());
    assert!(desk.screen().contains("type shop-chat-prod first"), "{}", desk.screen());
    desk.harness.press("shop-chat-prod<enter><enter>").await;
    assert_eq!(desk.harness.stage.hand.sent().len(), 1, "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn small_and_read_only() {
    let mut desk = Desk::on(Stage::new("shop"), "shop-chat-prod").await;
    desk.harness = desk.harness.size(80, 24);
    desk.harness.press("t").await;
    insta::assert_snapshot!("toggle_small", desk.screen());
    desk.harness.press("<esc>").await;
    desk.harness.app.state.setup.read_only = beanpole::config::ReadOnly::Everything;
    for key in ["t", "3<enter>", "u", ">", "<lt>"] {
        desk.harness.press(key).await;
        assert!(desk.harness.app.state.screens.dialog().is_none(), "{key}:\n{}", desk.screen());
        assert!(desk.screen().contains("read-only: nothing is written"), "{key}:\n{}", desk.screen());
    }
}

/// What is typed into one form: from the setting of this key, each field's key and its new value, in the form's order.
const FORMS: &[&[(&str, &str)]] = &[
    HEALTH_CHECK,
    &[("deregistration_delay.timeout_seconds", "120")],
    &[("idle_timeout.timeout_seconds", "4000")],
    &[("stickiness.lb_cookie.duration_seconds", "3600")],
];

#[tokio::test(start_paused = true)]
async fn every_everyday_setting_is_changed_by_keys_and_put_back_by_u() {
    for form in FORMS {
        let mut desk = Desk::new("web").await;
        desk.select(form[0].0).await;
        let before: Vec<_> = form.iter().map(|(key, _)| desk.live(key)).collect();
        desk.harness.press("<enter>").await;
        for (place, (_, value)) in form.iter().enumerate() {
            if place > 0 {
                desk.harness.type_keys("<down>");
            }
            if *value == "HTTPS" {
                desk.harness.type_keys("<right>");
            } else {
                desk.harness.type_keys("<ctrl-u>");
                value.chars().for_each(|letter| desk.harness.type_keys(&letter.to_string()));
            }
        }
        // To the route, and on to what goes directly.
        while !matches!(desk.harness.app.state.screens.dialog(), Some(Screen::Form(it)) if it.is_at_route) {
            desk.harness.type_keys("<down>");
        }
        desk.harness.press("<right>").await;
        desk.harness.press("<enter>").await;
        let plan = desk.apply().await;
        assert!(!plan.rows().unwrap().updates(), "{}", plan.route.as_str());
        desk.harness.pass(10).await;
        let after: Vec<_> = form.iter().map(|(key, _)| desk.live(key).unwrap()).collect();
        assert_eq!(after, form.iter().map(|(_, value)| (*value).to_owned()).collect::<Vec<_>>());
        desk.harness.press("u").await;
        desk.apply().await;
        desk.harness.pass(10).await;
        assert_eq!(form.iter().map(|(key, _)| desk.live(key)).collect::<Vec<_>>(), before);
    }
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_leaves_ready_in_between_is_a_conflict() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t").await;
    let operation = {
        let state = &desk.harness.app.state;
        let environment = state.snapshot().inventory.environment_named("web").unwrap();
        Operation::deploy(environment, "v2".into())
    };
    let (pen, session) = (desk.harness.pen(), desk.harness.stage.session.clone());
    let other = writes::WriteSession { session: &session, identity: None };
    let seen = operation.seen.clone();
    pen.operate(other, Box::new(operation), Order::Begin, (&seen, &Confirmation::default())).await;
    let sent = desk.harness.stage.hand.sent().len();
    desk.harness.press("<tab><enter>").await;
    assert_eq!(desk.harness.stage.hand.sent().len(), sent, "nothing is written");
    assert!(desk.screen().contains("Conflict"), "{}", desk.screen());
    assert!(desk.screen().contains("it is now   Updating"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_says_so_first_where_there_is_little_room() {
    let mut harness = Harness::new("denied").size(80, 24);
    harness.pass(10).await;
    harness.press("<enter>").await;
    harness.pass(10).await;
    harness.press("t").await;
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("Refused: ") && screen.contains("not proven"), "{screen}");
    harness.press("<tab><enter>").await;
    assert!(harness.app.state.screens.dialog().is_some(), "{}", harness.screen());
    assert!(harness.stage.world.calls().iter().all(|call| !call.operation.starts_with("Update")));
}
