//! For each check of what keeps an environment up to date, and of what changes it from outside, one state on each side of each
//! of its thresholds, and one in which it is undecided.

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, ago, environment};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use super::versions_stage::platform;
use crate::diagnosis::FindingSeverity::{Info, Warning};
use crate::model::{Answer, ApplicationVersion, EnvironmentEvent, Key, PlatformVersion, ScheduledAction, Source};

const DAY: u64 = 86_400;

/// The versions of the application, newest first, each this many days old; the second one ran before.
fn versions(stage: &mut Stage, days: &[u64]) {
    let key = Key::new(SCOPE, "shop");
    let version = |(place, days): (usize, &u64)| ApplicationVersion {
        application: "shop".into(),
        label: format!("v{}", 1 - place as i64).into(),
        created: Some(ago(days * DAY)),
        status: None,
        description: None,
        source: None,
    };
    let versions = days.iter().enumerate().map(version).collect();
    stage.put(Source::Versions(key.clone()), Answer::Versions(key, versions));
    let message = "New application version was deployed to running EC2 instances.";
    let (of, version) = (Some("web".into()), Some("v0".into()));
    let event = EnvironmentEvent { environment: of, version, ..EnvironmentEvent::new(ago(9000), message) };
    stage.put(Source::Events(SCOPE), Answer::Events(vec![event]));
}

fn keeps(stage: &mut Stage, versions_kept: Option<u64>, days_kept: Option<u64>) {
    versions(stage, &[1, 30]);
    stage.application(|it| (it.versions_kept, it.days_kept) = (versions_kept, days_kept));
}

fn scheduled(stage: &mut Stage, name: &str, group: &str) {
    let action = ScheduledAction { key: Key::new(SCOPE, name), name: name.into(), group: Key::new(SCOPE, group) };
    stage.put(Source::ScheduledActions(SCOPE), Answer::ScheduledActions(vec![action]));
}

/// What was read of this is gone, and it cannot be read any more.
fn denied(stage: &mut Stage, source: Source) {
    let inventory = &mut stage.snapshot.inventory;
    match source {
        Source::Resources(_) => inventory.resources.clear(),
        Source::Applications(_) => inventory.applications.clear(),
        _ => inventory.platform_versions.clear(),
    }
    stage.doubt(source, DENIED);
}

/// Each case, by its check.
#[rustfmt::skip]
pub const UPKEEP_CASES: &[Case] = &[
    case("previous-version-expires", "two are kept, and it is the second", Found(Info), |it| keeps(it, Some(2), None)),
    case("previous-version-expires", "three are kept", Clear, |it| keeps(it, Some(3), None)),
    case("previous-version-expires", "for 30 days, and it is 30 days old", Found(Info), |it| keeps(it, None, Some(30))),
    case("previous-version-expires", "for 31 days, and it is 30 days old", Clear, |it| keeps(it, None, Some(31))),
    case("previous-version-expires", "no rule is in force", Clear, |it| keeps(it, None, None)),
    case("previous-version-expires", "applications denied", Undecided, |it| {
        keeps(it, Some(2), None);
        denied(it, Source::Applications(SCOPE));
    }),

    case("newer-platform-version", "a newer one is recommended", Found(Info), |it| it.recommends("6.10.0")),
    case("newer-platform-version", "its own is recommended", Clear, |it| it.recommends("6.6.2")),
    case("newer-platform-version", "an older one is recommended", Clear, |it| it.recommends("6.6.1")),
    case("newer-platform-version", "of two branches' versions its own counts", Clear, |it| {
        let other = Key::new(SCOPE, "arn:aws:elasticbeanstalk:eu-west-1::platform/Docker running on 64bit Amazon Linux 2023/7.0.0");
        let versions = [platform("6.6.2"), other].map(|key| PlatformVersion { key }).to_vec();
        it.put(Source::PlatformVersions(SCOPE), Answer::PlatformVersions(versions));
    }),
    case("newer-platform-version", "none of its branch is recommended", Undecided, |it| it.put(Source::PlatformVersions(SCOPE), Answer::PlatformVersions(Vec::new()))),
    case("newer-platform-version", "its ARN is not known", Undecided, |it| it.environment(|it| it.platform_arn = None)),
    case("newer-platform-version", "platforms denied", Undecided, |it| denied(it, Source::PlatformVersions(SCOPE))),

    case("scheduled-action-outside-beanstalk", "one that a scheduler made", Found(Warning), |it| scheduled(it, "office-hours-stop", "asg-1")),
    case("scheduled-action-outside-beanstalk", "one of Beanstalk's stack", Clear, |it| scheduled(it, "awseb-e-1-stack-NightDown-1ABC", "asg-1")),
    case("scheduled-action-outside-beanstalk", "one of another group", Clear, |it| scheduled(it, "office-hours-stop", "asg-2")),
    case("scheduled-action-outside-beanstalk", "scheduled actions denied", Undecided, |it| denied(it, Source::ScheduledActions(SCOPE))),
    case("scheduled-action-outside-beanstalk", "resources denied", Undecided, |it| denied(it, Source::Resources(environment()))),
];
