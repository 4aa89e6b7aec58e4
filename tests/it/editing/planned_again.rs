//! A confirmation while the snapshot of its plan changes: made again, dim while it cannot be applied, with the reason.

use beanpole::app::screens::{Confirm, Screen};

use super::Desk;
use crate::support::somebody;

impl Desk {
    fn confirm(&self) -> &Confirm {
        match self.harness.app.state.screens.dialog() {
            Some(Screen::Confirm(confirm)) => confirm,
            other => panic!("no confirmation: {other:?}"),
        }
    }

    /// Another client updates the environment.
    fn another_updates(&self, name: &str) {
        let body = format!(
            "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName={name}&OptionSettings.member.1.Namespace=\
             aws:elbv2:loadbalancer&OptionSettings.member.1.OptionName=IdleTimeout&OptionSettings.member.1.Value=98"
        );
        assert_eq!(somebody::answer(&self.harness.stage.world, "elasticbeanstalk", &body).status, 200);
    }

    fn notice(&self) -> String {
        self.harness.app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_dialog_that_was_opened_during_an_update_can_be_applied_when_it_is_over() {
    let mut desk = Desk::new("web").await;
    desk.another_updates("web");
    desk.harness.pass(12).await;
    desk.harness.press("t").await;
    assert!(desk.screen().contains("Refused: the environment is Updating"), "{}", desk.screen());
    assert!(desk.screen().contains("directly\u{201d} can do it now"), "{}", desk.screen());
    desk.harness.press("<tab><enter>").await;
    assert!(desk.notice().contains("cannot be applied: the environment is Updating"), "{}", desk.notice());
    assert!(!desk.confirm().can_apply() && desk.harness.stage.hand.sent().is_empty());
    insta::assert_snapshot!("refused_while_updating", desk.harness.snapshot());
    desk.harness.pass(80).await;
    assert!(desk.confirm().can_apply(), "{}", desk.screen());
    assert!(!desk.screen().contains("Refused"), "{}", desk.screen());
    // Nothing is confirmed that was not seen: the button is Cancel again.
    let plan = desk.apply().await;
    assert!(plan.rows().unwrap().updates());
}

#[tokio::test(start_paused = true)]
async fn a_dialog_that_is_open_when_an_update_begins_cannot_be_applied_until_it_is_over() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t").await;
    assert!(desk.confirm().can_apply());
    desk.another_updates("web");
    desk.harness.pass(15).await;
    assert!(!desk.confirm().can_apply(), "{}", desk.screen());
    desk.harness.press("<tab><enter>").await;
    assert!(desk.harness.stage.hand.sent().is_empty());
    desk.harness.pass(80).await;
    assert!(desk.confirm().can_apply(), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn the_route_that_can_is_named_and_before_and_after_stay() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t<down>").await;
    desk.apply().await;
    desk.harness.pass(10).await;
    desk.harness.press("t").await;
    let screen = desk.screen();
    assert!(screen.contains("stickiness.enabled  true  \u{2192}  false"), "{screen}");
    assert!(screen.contains("Beanstalk would do nothing"), "{screen}");
    assert!(screen.contains("\u{201c}directly\u{201d} can do it now"), "{screen}");
    insta::assert_snapshot!("refused_by_beanstalk", desk.harness.snapshot());
    desk.harness.press("<tab><enter>").await;
    assert!(desk.notice().starts_with("cannot be applied: ") && desk.notice().contains("would do nothing"));
    desk.harness.press("<down>").await;
    let plan = desk.apply().await;
    assert!(!plan.rows().unwrap().updates());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_change_keeps_its_button_and_what_was_typed() {
    let mut desk = Desk::new("web").await;
    desk.harness.press("t<tab>").await;
    let button = desk.confirm().button;
    desk.harness.pass(60).await;
    assert_eq!(desk.confirm().button, button);
    assert!(desk.confirm().can_apply());
    desk.harness.press("<enter>").await;
    assert_eq!(desk.harness.stage.hand.sent().len(), 1);
}
