//! The why page, the Findings tab and the Alarms tab: typed keys, and what they show.

use beanpole::app::screens::environment::FindingRow;
use beanpole::model::Known;

use crate::support::alarm::set_alarm;
use crate::support::{Harness, Stage};

/// An environment whose targets drain for longer than a command may take.
const DRAINS_LONG: &str = scenario!(
    "drains for longer than a command may take",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 4, options = { "aws:elasticbeanstalk:command/Timeout" = "10" }),
);

async fn shop(width: u16, height: u16, keys: &str) -> Harness {
    let mut harness = Harness::new("shop").size(width, height);
    harness.pass(6).await;
    harness.press(keys).await;
    harness.pass(4).await;
    harness
}

macro_rules! screens {
    ($($name:ident: $width:literal x $height:literal, $keys:literal;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            insta::assert_snapshot!(shop($width, $height, $keys).await.snapshot());
        }
    )+};
}

screens! {
    the_page_of_an_environment_without_a_healthy_target: 80 x 24, "w";
    the_page_in_a_large_terminal: 160 x 45, "w";
    the_page_in_the_smallest_terminal: 60 x 16, "w";
    the_page_of_a_worker: 80 x 24, "/jobs<enter>w";
    the_findings: 100 x 30, "<enter>5";
    the_findings_in_a_small_terminal: 80 x 24, "w<enter>";
    what_a_finding_means: 120 x 40, "<enter>5jjj";
    the_alarms: 120 x 40, "<enter>6";
    the_alarms_in_a_small_terminal: 80 x 24, "<enter>6j";
}

/// A region of one environment of production's kind, with HTTPS, and what is planted in it.
macro_rules! planted {
    ($($more:tt)*) => {
        concat!(
            "seed = 7\n",
            certificate!("cert", "web.shop.example"),
            lines!("[[environment]]", name = "web", application = "shop", version = "v2", certificate = "cert", redirect = true, policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"),
            $($more)*
        )
    };
}

/// The same, with a text in front of the tables.
fn region(tables: &str) -> String {
    format!("description = \"a planted fault\"\n{tables}{}", application!("shop", "v1", "v2"))
}

/// What is planted, and what the first line of the page must say.
const PLANTED: &[(&str, &str)] = &[
    (
        planted!("instances = 2\ntimeline = [{ at = \"5s\", targets = [1, 2], becomes = \"failing\", code = 503 }]\n"),
        "no healthy target",
    ),
    (
        planted!("instances = 3\ntimeline = [{ at = \"5s\", targets = [2], becomes = \"failing\", code = 404 }]\n"),
        "404",
    ),
    (
        planted!("instances = 3\ntimeline = [{ at = \"5s\", targets = [2], becomes = \"failing\", code = 302 }]\n"),
        "redirect",
    ),
    (planted!("instances = 3\nzones = 3\nload_balancer_zones = 2\n"), "no traffic"),
    (planted!("instances = 4\ntraffic = { peak = 40.0, server_errors = 0.3 }\n"), "5xx"),
    (
        planted!(
            "instances = 4\n",
            alarm!("web-errors", "HTTPCode_Target_5XX_Count", target_group = "web", threshold = 5.0, state = "ALARM")
        ),
        "alarm web-errors is in ALARM",
    ),
    (planted!("instances = 4\nsuspended_processes = [\"Launch\"]\n"), "Launch suspended"),
    (
        planted!("instances = 4\noptions = { \"aws:elasticbeanstalk:command/IgnoreHealthCheck\" = \"true\" }\n"),
        "deployments do not wait for healthy instances",
    ),
    (
        planted!("instances = 4\noptions = { \"aws:elasticbeanstalk:command/Timeout\" = \"10\" }\n"),
        "drains for 20 s, and a command may take 10 s",
    ),
    (
        planted!(
            "instances = 4\n",
            lines!("[[environment.process]]", name = "default"),
            lines!("[[environment.process]]", name = "chat", port = 8080, paths = ["/socket.io/*"])
        ),
        "stickiness is off, and clients may fall back from websockets",
    ),
];

/// Within one poll of opening the page, at 80 by 24.
#[tokio::test(start_paused = true)]
async fn the_first_line_names_the_planted_fault_within_one_poll() {
    let mut wrong = Vec::new();
    for (tables, cause) in PLANTED {
        let mut harness = Harness::set_up(Stage::written(&region(tables)), |_| ()).size(80, 24);
        harness.pass(200).await;
        harness.press("w").await;
        harness.pass(10).await;
        let screen = harness.screen();
        let page: String = screen.lines().skip(2).take(2).map(str::trim).collect::<Vec<_>>().join(" ");
        if !page.contains(cause) {
            wrong.push(format!("{cause}: {page}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn the_first_line_says_that_the_targets_are_not_known() {
    let mut harness = Harness::new("denied").size(80, 24);
    harness.pass(20).await;
    harness.press("w").await;
    harness.pass(10).await;
    let headline = harness.app.state.screens.why().unwrap().page.as_ref().unwrap().headline.clone();
    assert!(headline.contains("its targets are not known"), "{headline}");
    assert!(!headline.contains("nothing found"), "{headline}");
}

/// An alarm that goes to ALARM is in the row, in what needs attention and on the page after one cadence, and gone after
/// another.
#[tokio::test(start_paused = true)]
async fn an_alarm_is_in_the_row_and_on_the_page_within_one_cadence() {
    let alarm = alarm!("web-errors", "HTTPCode_Target_5XX_Count", target_group = "web", threshold = 5.0, state = "OK");
    let mut harness =
        Harness::set_up(Stage::written(&region(&format!("{}{alarm}", planted!("instances = 4\n")))), |_| ());
    harness.pass(70).await;
    harness.press("w").await;
    harness.pass(10).await;
    let seen = |harness: &Harness| {
        let state = &harness.app.state;
        let row = state.fleet.iter().next().unwrap().row.clone();
        let headline = state.screens.why().unwrap().page.as_ref().unwrap().headline.clone();
        (row.alarms, row.needs_attention(), headline.contains("alarm web-errors is in ALARM"))
    };
    assert_eq!(seen(&harness), (Known::Read(0), false, false));
    set_alarm(&harness, "web-errors", "ALARM");
    harness.pass(61).await;
    assert_eq!(seen(&harness), (Known::Read(1), true, true), "{}", harness.screen());
    set_alarm(&harness, "web-errors", "OK");
    harness.pass(61).await;
    assert_eq!(seen(&harness), (Known::Read(0), false, false), "{}", harness.screen());
}

async fn drains_long() -> Harness {
    let mut harness = Harness::set_up(Stage::written(DRAINS_LONG), |_| ());
    harness.pass(8).await;
    harness
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_from_here_is_on_the_page_with_its_caller() {
    let mut harness = drains_long().await;
    harness.press("t").await;
    harness.pass(4).await;
    harness.press("<tab><enter>").await;
    harness.pass(60).await;
    harness.press("w").await;
    harness.pass(4).await;
    let screen = harness.screen();
    let line = screen.lines().find(|line| line.contains("stickiness.enabled")).unwrap_or_else(|| panic!("{screen}"));
    assert!(line.contains("false -> true") && line.contains("(by "), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn enter_on_a_finding_asks_for_the_change_that_ends_it() {
    let mut harness = drains_long().await;
    harness.press("<enter>5").await;
    harness.pass(8).await;
    assert!(harness.screen().contains("drains for 20 s, and a command may take 10 s"), "{}", harness.screen());
    let at = harness.app.state.screens.environment().unwrap().findings.rows.len();
    for _ in 0..at {
        if harness.screen().contains("sets deregistration_delay.timeout_seconds=10") {
            break;
        }
        harness.press("j").await;
    }
    harness.press("<enter>").await;
    harness.pass(4).await;
    let screen = harness.screen();
    assert!(screen.contains("Change deregistration_delay.timeout_seconds of web") && screen.contains("20"), "{screen}");
    harness.press("<tab><enter>").await;
    harness.pass(120).await;
    let findings = &harness.app.state.screens.environment().unwrap().findings;
    let ids: Vec<_> =
        findings.rows.iter().map(|row| format!("{row:?}")).filter(|row| row.contains("drains for")).collect();
    assert!(ids.is_empty(), "{ids:?}");
}

/// The findings of a healthy environment that has no HTTPS, in a dashboard whose configuration file is in its folder.
async fn with_findings() -> Harness {
    let mut harness = Harness::set_up(Stage::written(DRAINS_LONG), |_| ()).size(100, 30);
    harness.pass(8).await;
    harness.press("<enter>5").await;
    harness.pass(8).await;
    harness
}

fn select_finding(harness: &mut Harness, check: &str) {
    let at = |row: &FindingRow| match row {
        FindingRow::Found(it) | FindingRow::Silenced(it, _) => it.check.id == check,
        FindingRow::Open(_) => false,
    };
    let rows = &harness.app.state.screens.environment().unwrap().findings.rows;
    let place = rows.iter().position(at).unwrap_or_else(|| panic!("no {check}: {rows:?}"));
    harness.type_keys(&format!("g{}", "j".repeat(place)));
}

#[tokio::test(start_paused = true)]
async fn a_finding_is_silenced_with_a_reason_and_its_silence_is_ended() {
    let mut harness = with_findings().await;
    std::fs::write(harness.stage.folder.path().join("config.toml"), "# mine\nutc = true # always\n").unwrap();
    select_finding(&mut harness, "no-https-listener");
    harness.press("i").await;
    harness.press("<enter>").await;
    assert!(harness.screen().contains("a reason is needed"), "{}", harness.screen());
    harness.press("inside the VPC").await;
    insta::assert_snapshot!(harness.snapshot());
    harness.press("<enter>").await;
    harness.pass(1).await;
    let written = harness.read_saved("config.toml");
    assert_eq!(written, "# mine\nutc = true # always\n\n[silence.no-https-listener]\n\"web\" = \"inside the VPC\"\n");
    let screen = harness.screen();
    assert!(screen.contains("no-https-listener is silenced in the configuration"), "{screen}");
    assert!(screen.contains("silenced (inside the VPC): no HTTPS listener leads to it"), "{screen}");
    harness.pass(6).await;
    assert!(harness.screen().contains("silenced (inside the VPC)"), "{}", harness.screen());

    select_finding(&mut harness, "no-https-listener");
    harness.press("i").await;
    insta::assert_snapshot!(harness.snapshot());
    harness.press("<enter>").await;
    harness.pass(1).await;
    assert_eq!(harness.read_saved("config.toml"), "# mine\nutc = true # always\n");
    assert!(!harness.screen().contains("silenced ("), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_silence_of_all_environments_is_written_from_the_why_page() {
    let mut harness = with_findings().await;
    harness.press("w").await;
    harness.pass(2).await;
    let check = harness.app.state.screens.why().unwrap().page.as_ref().unwrap().main_finding().unwrap().check.id;
    harness.press("iknown<tab><right>").await;
    assert!(harness.screen().contains("‹ all environments ›"), "{}", harness.screen());
    harness.press("<enter>").await;
    harness.pass(1).await;
    assert_eq!(harness.read_saved("config.toml"), format!("[silence.{check}]\n\"*\" = \"known\"\n"));
    let page = harness.app.state.screens.why().unwrap().page.clone().unwrap();
    assert!(page.findings.iter().all(|it| it.check.id != check) && page.silenced.len() == 1, "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_silence_that_cannot_be_written_says_why_and_silences_nothing() {
    let mut harness = with_findings().await;
    std::fs::write(harness.stage.folder.path().join("config.toml"), "utc = \n").unwrap();
    select_finding(&mut harness, "no-https-listener");
    harness.press("iknown<enter>").await;
    harness.pass(1).await;
    let screen = harness.screen();
    assert!(screen.contains("cannot be changed: it is not") && screen.contains("│ reason      known"), "{screen}");
    assert!(harness.app.state.setup.checks.silences.of("web").is_empty());
    assert_eq!(harness.read_saved("config.toml"), "utc = \n");
}
