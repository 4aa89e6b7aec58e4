//! An outage is never good news: whatever cannot be read, from the start or from a time on, is unknown, and the header
//! names the service at every width.

use std::time::Duration;

use beanpole::model::{FaultKind, Service};
use beanpole::sim::{Allowance, Broken, Faults, TransportFault, Unreachable, Window};

use super::{line, title};
use crate::support::Harness;
use crate::support::scenarios::ONE;

/// Every way in which a region stops answering.
const KINDS: [&str; 7] = ["internal", "throttled", "denied", "expired", "refused", "stalled", "broken"];

/// Makes these IAM actions, or whole services with `*`, fail in one way.
fn fail(harness: &Harness, kind: &str, actions: &[String]) {
    let good = harness.stage.world.faults();
    let always = Window { from: 0, until: None };
    let cut = |how| Unreachable { service: None, during: always, how };
    let faults = match kind {
        "internal" => Faults { internal: actions.iter().map(|it| (it.clone(), 1)).collect(), ..good },
        "throttled" => {
            let services =
                ["elasticbeanstalk", "elasticloadbalancing", "autoscaling", "ec2", "cloudwatch", "acm", "sts"];
            let nothing = Allowance { rate: 0.0001, burst: 0 };
            Faults { throttle: services.into_iter().map(|it| (it.to_owned(), nothing)).collect(), ..good }
        }
        "denied" => Faults { deny: actions.to_vec(), ..good },
        "expired" => Faults { expired: vec![always], ..good },
        "refused" => Faults { unreachable: vec![cut(TransportFault::ConnectionRefused)], ..good },
        "stalled" => Faults { unreachable: vec![cut(TransportFault::Timeout)], ..good },
        _ => Faults { broken: actions.iter().map(|it| (it.clone(), Broken::Html)).collect(), ..good },
    };
    harness.stage.world.set_faults(faults);
}

/// All actions that the dashboard calls for the Fleet.
fn all_actions() -> Vec<String> {
    [
        "elasticbeanstalk:DescribeEnvironments",
        "elasticbeanstalk:DescribeEvents",
        "elasticbeanstalk:DescribeEnvironmentHealth",
        "elasticbeanstalk:DescribeInstancesHealth",
        "elasticbeanstalk:DescribeEnvironmentResources",
        "elasticbeanstalk:DescribeConfigurationSettings",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "cloudwatch:GetMetricData",
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeInstances",
        "acm:ListCertificates",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Returns the word of a fault in a badge.
fn word(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Throttled => "throttled",
        FaultKind::Denied => "denied",
        FaultKind::Expired => "expired",
        FaultKind::Network => "unreachable",
        _ => "failing",
    }
}

/// The names under which a service may be in the header.
fn names(service: Service) -> [&'static str; 2] {
    match service {
        Service::Beanstalk => ["Beanstalk", "EB"],
        Service::Elb => ["ELB", "ELB"],
        Service::CloudWatch => ["CloudWatch", "CW"],
        Service::Ec2 => ["EC2", "EC2"],
        Service::AutoScaling => ["Auto Scaling", "ASG"],
        Service::Sts => ["STS", "STS"],
        Service::Acm => ["Certificate Manager", "ACM"],
        Service::S3 => ["S3", "S3"],
    }
}

/// Asserts that every failing service is in the header, with its word, and that nothing claims that all is well.
fn assert_honest(harness: &mut Harness, case: &str) {
    let screen = harness.screen();
    let header: Vec<_> = screen.lines().take(2).collect();
    assert!(!screen.contains("none needs attention"), "{case}:\n{screen}");
    assert!(!header[1].contains(" 0 environments"), "{case}:\n{screen}");
    for service in Service::ALL {
        let Some(fault) = harness.app.state.poller().service(service).failing.clone() else { continue };
        let named = names(service).iter().any(|name| header[0].contains(name));
        assert!(
            named && header[0].contains(word(fault.kind)),
            "{case}: {} {:?}\n{screen}",
            service.title(),
            fault.kind
        );
    }
    // No row is drawn as if its health had just been read, unless it was.
    if harness.app.state.poller().service(Service::Beanstalk).failing.is_some() {
        assert!(!screen.contains("● Ok"), "{case}:\n{screen}");
    }
    assert!(!screen.contains("nothing to report"), "{case}:\n{screen}");
}

/// Five cadences of everything that is read while one looks, but for what proves links, which does not change.
const FIVE_CADENCES: Duration = Duration::from_secs(310);
/// Five cadences of the environments and of the targets' health, and more.
const OUTAGE: Duration = Duration::from_secs(170);
/// A usual terminal, a wide one, and one that is neither.
const WIDTHS: [u16; 3] = [80, 100, 160];

#[tokio::test(start_paused = true)]
async fn a_region_that_stops_answering_needs_attention_at_every_width() {
    for kind in KINDS {
        let mut harness = Harness::new("healthy");
        harness.pass(20).await;
        assert!(title(&mut harness).contains("none needs attention"), "{}", harness.screen());
        fail(&harness, kind, &all_actions());
        harness.pass_unseen(OUTAGE).await;
        for width in WIDTHS {
            harness = harness.size(width, 40);
            assert_honest(&mut harness, &format!("{kind}, {width} columns, from a time on"));
            let title = title(&mut harness);
            assert!(title.contains("3 unknown ("), "{kind}, {width}: {title}");
            // The age is beside what is old.
            let row = line(&mut harness, "alpha-web-prod");
            assert!(row.contains("was Ok ") && row.contains('m'), "{kind}, {width}: {row}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_never_answers_is_unknown_at_every_width() {
    for kind in KINDS {
        let mut harness = Harness::new("healthy");
        fail(&harness, kind, &all_actions());
        harness.pass_unseen(OUTAGE).await;
        for width in WIDTHS {
            harness = harness.size(width, 40);
            assert_honest(&mut harness, &format!("{kind}, {width} columns, from the start"));
            let title = title(&mut harness);
            assert!(title.contains("unknown"), "{kind}, {width}: {title}");
        }
    }
}

/// The sources by which attention is judged, each of which can fail alone.
const JUDGED: [&str; 4] = [
    "elasticbeanstalk:DescribeEnvironments",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
];

#[tokio::test(start_paused = true)]
async fn one_source_that_fails_is_enough_for_doubt() {
    for kind in ["internal", "denied", "broken"] {
        for action in JUDGED {
            for from_the_start in [true, false] {
                let case = format!("{kind} {action}, from the start: {from_the_start}");
                let mut harness = Harness::new("healthy").size(120, 40);
                if !from_the_start {
                    harness.pass(20).await;
                }
                fail(&harness, kind, &[action.to_owned()]);
                harness.pass_unseen(FIVE_CADENCES).await;
                let title = title(&mut harness);
                assert!(!title.contains("none needs") && title.contains("unknown ("), "{case}: {title}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_proves_links_and_what_decorates_is_missed_too() {
    for action in ["elasticloadbalancing:DescribeTags", "cloudwatch:GetMetricData", "acm:ListCertificates"] {
        let mut harness = Harness::new("healthy").size(120, 40);
        fail(&harness, "denied", &[action.to_owned()]);
        harness.pass_unseen(Duration::from_secs(60)).await;
        let title = title(&mut harness);
        assert!(!title.contains("none needs attention"), "{action}: {title}");
    }
    // Proof that was found once holds, though it cannot be read again.
    let mut harness = Harness::new("healthy").size(120, 40);
    harness.pass(20).await;
    fail(&harness, "denied", &["elasticloadbalancing:DescribeTags".to_owned()]);
    harness.pass_unseen(Duration::from_secs(960)).await;
    let title = title(&mut harness);
    assert!(!title.contains("none needs attention") && !title.contains("unknown"), "{title}");
    assert!(line(&mut harness, "alpha-web-prod").contains("3/3"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn one_missing_permission_does_not_drown_what_is_known_to_be_bad() {
    let mut harness = Harness::new("shop").size(160, 45);
    fail(&harness, "denied", &["elasticloadbalancing:DescribeTargetHealth".to_owned()]);
    harness.pass_unseen(Duration::from_secs(30)).await;
    let shown = title(&mut harness);
    // Beanstalk knows of three; ELB cannot be asked about the others that have target groups.
    assert!(shown.contains("3 need attention") && shown.contains("unknown (ELB denied)"), "{shown}");
    let first = harness.screen().lines().skip_while(|line| !line.contains("ENVIRONMENT")).nth(1).unwrap().to_owned();
    assert!(first.contains("shop-admin-prod"), "{first}");
    // Only what needs attention: those that are known to be bad stay above those of which nothing is known.
    harness.press("x").await;
    let order: Vec<_> = harness.app.state.fleet.iter().map(|line| line.row.name.to_string()).collect();
    let place = |name: &str| order.iter().position(|it| it == name);
    assert!(place("shop-admin-prod") < place("shop-web-prod"), "{order:?}");
    assert!(place("billing-jobs-prod").is_none(), "a worker has no targets that could not be read: {order:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_over_when_it_is_over() {
    for kind in KINDS {
        let mut harness = Harness::new("healthy").size(120, 40);
        harness.pass(20).await;
        let good = harness.stage.world.faults();
        fail(&harness, kind, &all_actions());
        harness.pass_unseen(OUTAGE).await;
        harness.stage.world.set_faults(good);
        harness.pass_unseen(Duration::from_secs(400)).await;
        let title = title(&mut harness);
        assert!(title.contains("none needs attention"), "{kind}: {title}\n{}", harness.screen());
        assert!(line(&mut harness, "alpha-web-prod").contains("● Ok"), "{kind}: {}", harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_bad_stays_bad_while_it_cannot_be_read() {
    let mut harness = Harness::new("shop").size(120, 40);
    harness.pass(20).await;
    assert!(title(&mut harness).contains("3 need attention"), "{}", harness.screen());
    fail(&harness, "refused", &all_actions());
    harness.pass_unseen(OUTAGE).await;
    let shown = title(&mut harness);
    assert!(shown.contains("3 need attention, 9 unknown ("), "{shown}");
}

/// Figures that cannot be read prove nothing about an environment, whether any were read before or not.
#[tokio::test(start_paused = true)]
async fn without_figures_there_is_no_nothing_to_report() {
    for (kind, is_read_before, expected) in ["internal", "denied", "broken"].into_iter().flat_map(|kind| {
        [
            (kind, false, "its requests and errors are not known"),
            (kind, true, "newer requests and errors cannot be read"),
        ]
    }) {
        let mut harness = super::on(ONE).size(120, 40);
        if is_read_before {
            harness.pass(30).await;
            assert!(harness.screen().contains("nothing to report"), "{kind}:\n{}", harness.screen());
        }
        fail(&harness, kind, &["cloudwatch:GetMetricData".to_owned()]);
        harness.pass(120).await;
        let screen = harness.screen();
        assert!(
            screen.contains(expected) && !screen.contains("nothing to report"),
            "{kind}, {is_read_before}:\n{screen}"
        );
    }
}

/// A cell that cannot be read keeps its row from saying that there is nothing to report.
#[tokio::test(start_paused = true)]
async fn with_a_cell_that_cannot_be_read_there_is_no_nothing_to_report() {
    for operation in ["DescribeTargetGroupAttributes", "DescribeListeners"] {
        let mut harness = super::on(ONE).size(120, 40);
        fail(&harness, "denied", &[format!("elasticloadbalancing:{operation}")]);
        harness.pass(30).await;
        let screen = harness.screen();
        let says = screen.contains("its stickiness, drift or HTTPS cannot be read just now");
        assert!(says && !screen.contains("nothing to report"), "{operation}:\n{screen}");
    }
}
