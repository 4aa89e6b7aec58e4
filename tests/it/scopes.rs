//! Another profile or region without a restart: nothing of the old one is shown under the new name.

use beanpole::app::Message;
use beanpole::model::Fault;
use beanpole::sim::{Faults, Scenario, Window, World};

use crate::support::{Harness, Stage};

/// Two regions: `shop` in eu-west-1, and `bad-deploy` as us-east-1.
async fn two_regions() -> Harness {
    let stage = Stage::new("shop").without_faults();
    let (clock, own) = (stage.clock, stage.world.clone());
    let mut harness = Harness::set_up(stage, |setup| setup.simulated = None);
    let other = World::new(Scenario::embedded("bad-deploy").unwrap(), move || clock.local().0);
    harness.regions = vec![("eu-west-1", own), ("us-east-1", other)];
    harness.pass(3).await;
    assert!(harness.screen().contains("shop-chat-prod"), "{}", harness.screen());
    harness
}

/// Whether the screen shows the region and nothing of the other one.
fn assert_region(harness: &mut Harness, region: &str, foreign: &str) {
    let screen = harness.screen();
    assert!(screen.lines().next().unwrap().contains(region), "the chip is not {region}:\n{screen}");
    assert!(!screen.contains(foreign), "{foreign} is of another region:\n{screen}");
    let state = &harness.app.state;
    let keys = state.snapshot().inventory.environments.keys();
    let rows = state.fleet.iter().map(|line| &line.row.key);
    assert!(keys.chain(rows).all(|key| key.scope == state.setup.scope), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn ten_quick_switches_leave_nothing_of_another_region() {
    let mut harness = two_regions().await;
    let places = [("us-east-1", "shop-"), ("eu-west-1", "checkout-")];
    for (region, foreign) in places.into_iter().cycle().take(10) {
        harness.type_keys(&format!("R{region}<enter>"));
        assert_region(&mut harness, region, foreign);
        // Some answers come, of this session and of those before, and then it is switched again.
        for _ in 0..7 {
            let message = harness.next().await;
            harness.handle(message);
            assert_region(&mut harness, region, foreign);
        }
    }
    harness.pass(30).await;
    assert_region(&mut harness, "eu-west-1", "checkout-");
    harness.press("Rus-east-1<enter>").await;
    harness.pass(5).await;
    assert_region(&mut harness, "us-east-1", "shop-");
    assert!(harness.screen().contains("checkout-web-prod"), "{}", harness.screen());
    insta::assert_snapshot!("another_region", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_switched_to_leaves_what_was_shown_and_says_so() {
    let mut harness = two_regions().await;
    harness.press("Rus-east-1<enter>").await;
    let generation = harness.app.state.session().generation;
    harness.handle(Message::ScopeRefused { generation, why: "no region is configured".into() });
    harness.pass(3).await;
    let screen = harness.screen();
    assert!(screen.contains("shop-chat-prod") && screen.contains("not switched: no region is configured"), "{screen}");
    // How far the reads had come that the switch cut off depends on the machine: they are all in by now.
    harness.pass(10).await;
    // A profile is chosen among those of the files; the one that is shown is marked.
    harness.press("P").await;
    insta::assert_snapshot!("profiles", harness.screen());
    harness.press("staging<enter>").await;
    assert!(harness.screen().lines().next().unwrap().contains("staging"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_write_under_way_is_not_left_behind() {
    let mut harness = two_regions().await;
    harness.press("/chat-prod<enter>t").await;
    harness.press("shop-chat-prod<enter>").await;
    harness.type_keys("<enter>");
    assert!(harness.app.state.is_writing(), "{}", harness.screen());
    let scope = harness.app.state.setup.scope;
    harness.type_keys("R");
    let screen = harness.screen();
    assert!(screen.contains("is under way: wait for its end"), "{screen}");
    assert_eq!(harness.app.state.setup.scope, scope);
}

/// A profile whose credentials end in half a minute, seen from the Settings tab: counted down, ended, renewed by a login, and
/// all goes on where it was.
#[tokio::test(start_paused = true)]
async fn expired_credentials_are_counted_down_and_a_login_goes_on_with_what_was_selected() {
    let mut harness = two_regions().await;
    harness.press("/chat-prod<enter><enter>3").await;
    harness.pass(5).await;
    harness.press("jjj").await;
    let selected = |harness: &Harness| {
        let view = harness.app.state.screens.environment().unwrap();
        (view.settings.current().and_then(beanpole::app::screens::environment::SettingsRow::id), view.tab)
    };
    let before = selected(&harness);
    let title = |harness: &mut Harness| harness.screen().lines().nth(1).unwrap().to_owned();
    let end = harness.stage.now().plus(std::time::Duration::from_secs(30));
    harness.app.state.session_mut().facts.expires_at = Some(end);
    assert!(title(&mut harness).contains("credentials 30s"), "{}", harness.screen());
    harness.pass(20).await;
    assert!(title(&mut harness).contains("credentials 10s"), "{}", harness.screen());
    assert!(!harness.screen().contains("sign in"), "{}", harness.screen());
    harness.pass(10).await;
    let expired = Faults { expired: vec![Window { from: 0, until: None }], ..Faults::none() };
    harness.stage.world.set_faults(expired);
    harness.pass(60).await;
    let fault = harness.app.state.session().lost().cloned();
    assert!(fault.as_deref().is_some_and(Fault::lacks_credentials), "{fault:?}\n{}", harness.screen());
    assert!(title(&mut harness).contains("paused, tries again in"), "{}", harness.screen());
    assert!(harness.screen().lines().last().unwrap().contains("sign in"), "{}", harness.screen());
    assert_eq!(selected(&harness), before, "what was selected stays while nothing is read");
    harness.press("I").await;
    let login = harness.external_commands.pop().unwrap();
    assert_eq!(login.text(), "aws sso login");
    harness.stage.world.set_faults(Faults::none());
    harness.stage.world.clear_calls();
    harness.handle(Message::HandedBack { external_command: login, ended: Ok(()) });
    harness.pass(10).await;
    assert!(harness.app.state.session().is_open(), "{}", harness.screen());
    assert!(!title(&mut harness).contains("paused") && !harness.screen().contains("sign in"), "{}", harness.screen());
    assert!(harness.calls("DescribeEnvironments") > 0, "what is on screen is read again");
    assert_eq!(selected(&harness), before);
}

#[tokio::test(start_paused = true)]
async fn the_console_has_a_page_of_what_is_selected_and_without_a_browser_its_address_is_copied() {
    let mut harness = two_regions().await;
    harness.press("/admin-prod<enter>o").await;
    let fleet = harness.copied.pop().unwrap();
    assert!(fleet.starts_with("https://eu-west-1.console.aws.amazon.com/elasticbeanstalk/home"), "{fleet}");
    let said = harness.app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default();
    assert_eq!(said, format!("there is no browser here; copied: {fleet}"));
    let mut pages = Vec::new();
    for keys in ["<enter>", "<tab>", "3", "v", "6", "w"] {
        harness.press(keys).await;
        harness.press("o").await;
        pages.extend(harness.copied.pop());
    }
    let places = ["LoadBalancer:", "InstanceDetails:", "TargetGroup:", "environment/events", "alarmsV2:"];
    for place in places {
        assert!(pages.iter().any(|page| page.contains(place)), "{place}: {pages:#?}");
    }
    assert!(pages.last().unwrap().contains("/environment/dashboard"), "{pages:#?}");
}
