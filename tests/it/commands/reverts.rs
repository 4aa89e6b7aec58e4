//! After an update that Beanstalk reverted, the commands that follow it read again what was written directly, and report
//! what is gone or cannot be read; after any other update they do not mention it.

use std::io::Read;
use std::process::Stdio;
use std::thread;

use beanpole::sim::Faults;
use tempfile::TempDir;

use super::run::{Ran, Region, run, until, wait};
use crate::support::somebody::{ask, between};

/// An attribute of the load balancer that Beanstalk has no option for.
const KEY: &str = "client_keep_alive.seconds";
const REVERTED: &str = "Beanstalk reverted its update, and with it the direct change";
const UNREAD: &str = "is still live after the reverted update is unknown, for it could not be read";

const SCENARIO: &str =
    scenario!("an update that may be reverted", application!("shop", "v1"), environment!("web", instances = 2));

/// An update of options, which the scenario begins.
const UPDATED: &str = update!("web", at = "5s", options = { "aws:elbv2:loadbalancer/IdleTimeout" = "90" });

/// Another policy of the environment, and a version that may fail.
const DEPLOYED: &str = concat!(
    "options = { \"aws:elasticbeanstalk:command/DeploymentPolicy\" = \"Immutable\" }\n",
    "[[application.version]]\nlabel = \"v2\"\n",
);

/// The command that follows an update of `web`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    /// `set --watch` by Beanstalk, which sends it.
    Set,
    /// `watch` of one that the scenario begins.
    Watch,
    /// `deploy`.
    Deploy,
}

/// What becomes of the direct change meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Kept,
    Gone,
    Unreadable,
}

impl Follows {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Set => &["set", "web", "idle_timeout.timeout_seconds=90", "--watch", "1s", "--yes"],
            Self::Watch => &["watch", "web", "--settle", "0", "--timeout", "45s"],
            Self::Deploy => &["deploy", "web", "v2", "--settle", "0", "--timeout", "45s", "--yes"],
        }
    }

    fn scenario(self, is_reverted: bool) -> String {
        let fails =
            "Value 90 is not supported (Service: ElasticLoadBalancingV2, Error Code: InvalidConfigurationRequest)";
        let fails = |key: &str| if is_reverted { format!("{key} = \"{fails}\"\n") } else { String::new() };
        let rest = match self {
            Self::Set => fails("updates_fail"),
            Self::Watch => UPDATED.to_owned() + &fails("fails"),
            Self::Deploy => DEPLOYED.to_owned() + if is_reverted { "fails_on = 1\n" } else { "" },
        };
        format!("{SCENARIO}{rest}")
    }

    /// How long the update takes at most.
    fn lasts(self) -> u64 {
        if self == Self::Deploy { 1800 } else { 60 }
    }
}

/// Sets the load balancer back to its previous value.
fn puts_back(region: &Region) {
    let world = region.world.as_ref().unwrap();
    let listed = ask(world, "elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01");
    let arn = between(&listed, "LoadBalancerArn");
    let attribute = format!("Attributes.member.1.Key={KEY}&Attributes.member.1.Value=3600");
    let body = format!("Action=ModifyLoadBalancerAttributes&Version=2015-12-01&LoadBalancerArn={arn}&{attribute}");
    assert!(ask(world, "elasticloadbalancing", &body).contains(KEY));
}

/// Writes a value directly, then follows an update to its end.
fn followed(follows: Follows, is_reverted: bool, becomes: Becomes) -> Ran {
    let region = Region::written(&follows.scenario(is_reverted));
    let world = region.world.as_ref().unwrap();
    world.set_faults(Faults::none());
    let state = TempDir::new().unwrap();
    let command = |arguments: &[&str]| {
        let mut command = region.command(arguments);
        command.env("XDG_STATE_HOME", state.path());
        command
    };
    let direct = run(command(&["set", "web", &format!("{KEY}=600"), "--route", "elb", "--yes"]));
    assert_eq!(direct.status, Some(0), "{}{}", direct.out, direct.err);

    let looked = region.count("DescribeEvents");
    let mut child = command(follows.arguments()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The update is under way, and was seen to be.
    until(|| {
        let is_sent = follows == Follows::Watch || region.count("UpdateEnvironment") > 0;
        (is_sent && ask(world, "elasticbeanstalk", ENVIRONMENTS).contains("<Status>Updating<")).then_some(())
    });
    let listed = region.count("DescribeEnvironments");
    until(|| (region.count("DescribeEnvironments") > listed + 1).then_some(()));
    until(|| (follows == Follows::Set || region.count("DescribeEvents") > looked).then_some(()));
    match becomes {
        Becomes::Kept => {}
        Becomes::Gone => puts_back(&region),
        Becomes::Unreadable => {
            let deny = vec!["elasticloadbalancing:DescribeLoadBalancerAttributes".to_owned()];
            world.set_faults(Faults { deny, ..Faults::none() });
        }
    }
    region.pass(follows.lasts());
    let status = wait(&mut child).code();
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    Ran { status, out, err }
}

const ENVIRONMENTS: &str = "Action=DescribeEnvironments&Version=2010-12-01";

/// Every state of the table for one command, at the same time: most of each is waiting.
fn table(follows: Follows) {
    thread::scope(|scope| {
        for is_reverted in [true, false] {
            for becomes in [Becomes::Kept, Becomes::Gone, Becomes::Unreadable] {
                scope.spawn(move || {
                    let Ran { status, out, err } = followed(follows, is_reverted, becomes);
                    let what = format!("{follows:?}, reverted {is_reverted}, {becomes:?}: {status:?}\n{out}\n{err}");
                    assert_eq!(status, Some(i32::from(is_reverted)), "{what}");
                    let expected = match (is_reverted, becomes) {
                        (true, Becomes::Gone) => Some(REVERTED),
                        (true, Becomes::Unreadable) => Some(UNREAD),
                        _ => None,
                    };
                    for words in [REVERTED, UNREAD] {
                        assert_eq!(err.contains(words), expected == Some(words), "{what}");
                    }
                    if becomes == Becomes::Gone && is_reverted {
                        assert!(err.contains(&format!("beanpole: web: {KEY} is 3600 again, not 600: ")), "{what}");
                    }
                });
            }
        }
    });
}

#[test]
fn set_that_is_watched_reports_what_went_with_a_reverted_update() {
    table(Follows::Set);
}

#[test]
fn watch_reports_what_went_with_a_reverted_update() {
    table(Follows::Watch);
}

#[test]
fn deploy_reports_what_went_with_a_reverted_update() {
    table(Follows::Deploy);
}
