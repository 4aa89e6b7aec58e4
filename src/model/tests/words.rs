//! The words of the JSON answers and of AWS, and the small tables that decide what is read and shown.

use std::time::Duration;

use super::inventory::{at, environment};
use crate::model::{
    Answer, ApplicationVersion, Attributes, Balancer, Batch, Covers, DimensionSets, EnvironmentEvent,
    EnvironmentStatus, Evidence, EvidenceSet, Fault, FaultKind, HealthStatus, Instance, Inventory, Key, Listener,
    Measured, Metric, MetricAnswer, Range, SOURCES, ScopeId, SeriesKey, Service, Severity, Source, Statistic, Strength,
    Unit, VersionStatus, Window,
};

const SCOPE: ScopeId = ScopeId(0);

fn key<T>(id: &str) -> Key<T> {
    Key::new(SCOPE, id)
}

#[test]
fn words_of_the_answers() {
    use Balancer as B;
    use Statistic as S;
    let balancers =
        [B::Application, B::ApplicationShared, B::Classic, B::Network, B::Single, B::Worker, B::Cluster, B::Unknown];
    let words = ["application", "application_shared", "classic", "network", "single", "worker", "cluster", "unknown"];
    assert_eq!(balancers.map(Balancer::as_str), words);
    let is_application = balancers.map(Balancer::is_application);
    assert_eq!(is_application, [true, true, false, false, false, false, false, false]);
    let words = [
        "target_group_tag",
        "resources",
        "auto_scaling_group",
        "load_balancer_tag",
        "dns_name",
        "host_rule",
        "only_environment",
    ];
    assert_eq!(Evidence::ALL.map(Evidence::as_str), words);
    assert_eq!([Strength::Proven, Strength::Proposed].map(Strength::as_str), ["proven", "proposed"]);
    let all = [S::Sum, S::Average, S::Minimum, S::Maximum, S::P50, S::P90, S::P95, S::P99];
    let statistics = all.map(S::as_str);
    assert_eq!(statistics, ["Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"]);
    let units = [Unit::Count, Unit::Seconds, Unit::Milliseconds, Unit::Bytes, Unit::Percent].map(Unit::as_str);
    assert_eq!(units, ["Count", "Seconds", "Milliseconds", "Bytes", "Percent"]);
    assert_eq!(Range::ALL.map(Range::as_str), ["15m", "1h", "3h", "12h", "1d", "3d", "1w", "2w"]);
}

#[test]
fn evidence_proves_or_proposes() {
    assert!(EvidenceSet::default().is_empty());
    for (place, evidence) in Evidence::ALL.into_iter().enumerate() {
        let set = EvidenceSet::default().with(evidence);
        assert!(!set.is_empty() && set.has(evidence));
        assert_eq!(set.iter().collect::<Vec<_>>(), [evidence]);
        let expected = if place < 4 { Strength::Proven } else { Strength::Proposed };
        assert_eq!(set.strength(), expected, "{evidence:?}");
        assert_eq!(set.with(Evidence::HostRule).with(Evidence::DnsName).strength(), expected, "{evidence:?} and more");
    }
}

#[test]
fn ranges_grow_and_shrink_by_one_step() {
    for pair in Range::ALL.windows(2) {
        assert_eq!((pair[0].longer(), pair[1].shorter()), (pair[1], pair[0]));
        assert!(pair[0].length() < pair[1].length());
    }
    assert_eq!((Range::Weeks2.longer(), Range::Minutes15.shorter()), (Range::Weeks2, Range::Minutes15));
}

#[test]
fn each_fault_has_its_words_and_its_advice() {
    use FaultKind as K;
    let rows = [
        (
            K::Throttled,
            "throttled",
            "throttled",
            "throttled",
            "ELB DescribeTags was throttled: no",
            "slow down by themselves",
        ),
        (
            K::Denied,
            "denied",
            "denied",
            "denied",
            "ELB DescribeTags was denied: no",
            "the IAM action elasticloadbalancing:DescribeTags",
        ),
        (K::Expired, "expired", "expired", "no login", "no credentials: no", "log in again"),
        (K::NotFound, "not_found", "failing", "gone", "ELB DescribeTags found nothing: no", "it was deleted meanwhile"),
        (K::Invalid, "invalid", "failing", "refused", "ELB DescribeTags was refused: no", "the endpoint"),
        (
            K::Network,
            "network",
            "unreachable",
            "offline",
            "ELB DescribeTags could not be reached: no",
            "check the network",
        ),
        (K::Other, "other", "failing", "failed", "ELB DescribeTags failed: no", "it is tried again; the log"),
    ];
    for (kind, word, condition, short, sentence, advice) in rows {
        let fault = |message: &str| Fault {
            kind,
            service: Service::Elb,
            operation: "DescribeTags",
            code: None,
            message: message.into(),
            details: None,
            request_id: None,
        };
        assert_eq!((kind.as_str(), kind.condition(), kind.word()), (word, condition, short));
        assert_eq!(fault("no").sentence(), sentence);
        assert!(fault("no").advice().contains(advice), "{kind:?}");
        assert_eq!(fault("no").lacks_credentials(), kind == K::Expired, "{kind:?}");
        assert!(fault("the credentials for eu could not be fetched").lacks_credentials(), "{kind:?}");
        // A message that names the call already does not repeat it, except for a denial.
        let named = fault("DescribeTags: no").sentence();
        let twice = matches!(kind, K::Denied | K::Expired);
        assert_eq!(named == "DescribeTags: no", !twice, "{named}");
    }
}

#[test]
fn each_source_has_a_service_an_operation_and_a_subject() {
    use Service as V;
    // The source, which service answers, how many fit in a call, and whether it is evidence of what belongs to what.
    let rows = [
        (Source::Identity(SCOPE), V::Sts, 1, false),
        (Source::Environments(SCOPE), V::Beanstalk, 1, true),
        (Source::LoadBalancers(SCOPE), V::Elb, 1, true),
        (Source::TargetGroups(SCOPE), V::Elb, 1, true),
        (Source::Events(SCOPE), V::Beanstalk, 1, false),
        (Source::History(key("e")), V::Beanstalk, 1, false),
        (Source::Versions(key("app")), V::Beanstalk, 1, false),
        (Source::Applications(SCOPE), V::Beanstalk, 1, false),
        (Source::PlatformVersions(SCOPE), V::Beanstalk, 1, false),
        (Source::ScheduledActions(SCOPE), V::AutoScaling, 1, false),
        (Source::Certificates(SCOPE), V::Acm, 1, false),
        (Source::RaisedAlarms(SCOPE), V::CloudWatch, 1, false),
        (Source::Alarms(SCOPE), V::CloudWatch, 1, false),
        (Source::AlarmHistory(key("alarm")), V::CloudWatch, 1, false),
        (Source::LoadBalancerTags(key("lb")), V::Elb, 20, true),
        (Source::TargetGroupTags(key("tg")), V::Elb, 20, true),
        (Source::Resources(key("e")), V::Beanstalk, 1, true),
        (Source::AutoScalingGroup(key("asg")), V::AutoScaling, 50, true),
        (Source::SecurityGroup(key("sg")), V::Ec2, 100, false),
        (Source::Listeners(key("lb")), V::Elb, 1, true),
        (Source::Rules(key("l")), V::Elb, 1, true),
        (Source::TargetHealth(key("tg")), V::Elb, 1, false),
        (Source::TargetGroupAttributes(key("tg")), V::Elb, 1, false),
        (Source::LoadBalancerAttributes(key("lb")), V::Elb, 1, false),
        (Source::ListenerAttributes(key("l")), V::Elb, 1, false),
        (Source::ListenerCertificates(key("l")), V::Elb, 1, false),
        (Source::Settings(key("e")), V::Beanstalk, 1, true),
        (Source::OptionDescriptions(key("e")), V::Beanstalk, 1, false),
        (Source::EnvironmentHealth(key("e")), V::Beanstalk, 1, false),
        (Source::InstancesHealth(key("e")), V::Beanstalk, 1, false),
        (Source::Instance(key("i")), V::Ec2, 100, false),
        (Source::InstanceAt(key("10.0.0.1")), V::Ec2, 1, false),
        (Source::Metrics(key("e"), crate::model::Measure::Row), V::CloudWatch, 500, false),
    ];
    assert_eq!(rows.len(), SOURCES.len(), "each kind");
    for ((source, service, most, is_evidence), row) in rows.into_iter().zip(SOURCES) {
        assert_eq!(source.row().kind, row.kind);
        assert_eq!(
            (source.service(), source.most_in_a_call(), source.is_evidence()),
            (service, most, is_evidence),
            "{source:?}"
        );
        let of_region = format!("{source:?}").contains("(ScopeId");
        assert_eq!(source.subject().is_none(), of_region || matches!(source, Source::Identity(_)), "{source:?}");
    }
    for (place, service) in V::ALL.into_iter().enumerate() {
        assert_eq!(service.index(), place);
        assert_eq!(service.endpoint_prefix() == service.prefix(), service != V::CloudWatch);
    }
}

#[test]
fn dimensions_exist_by_metric() {
    use DimensionSets as D;
    // Without and with a target group, each without and with a zone.
    for (sets, expected) in [
        (D::LoadBalancer, [true, true, false, false]),
        (D::LoadBalancerAndTargetGroup, [true, true, true, true]),
        (D::TargetGroup, [false, false, true, true]),
        (D::LoadBalancerAlone, [true, false, false, false]),
        (D::LoadBalancerInZone, [false, true, false, false]),
    ] {
        let has =
            [(false, false), (false, true), (true, false), (true, true)].map(|(group, zone)| sets.has(group, zone));
        assert_eq!(has, expected, "{sets:?}");
    }
    for metric in Metric::ALL {
        assert_eq!(Metric::named(metric.facts().name), Some(*metric));
        let (late, revised) = if *metric == Metric::ConsumedLcus { (35, 45) } else { (3, 10) };
        assert_eq!((metric.delay(), metric.revised_for()), (Duration::from_mins(late), Duration::from_mins(revised)));
    }
    assert_eq!(Metric::named("RequestCounts"), None);
}

fn measured(group: Option<&str>, zone: Option<&str>) -> Measured {
    let arn = |kind: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:1:{kind}/1a2b");
    Measured {
        load_balancer: key(&arn("loadbalancer/app/web")),
        target_group: group.map(|name| key(&arn(&format!("targetgroup/{name}")))),
        zone: zone.map(Into::into),
    }
}

#[test]
fn dimensions_are_the_tails_of_the_arns() {
    let all = measured(Some("tg"), Some("eu-west-1a"));
    let expected =
        [("LoadBalancer", "app/web/1a2b"), ("TargetGroup", "targetgroup/tg/1a2b"), ("AvailabilityZone", "eu-west-1a")];
    assert_eq!(all.dimensions().collect::<Vec<_>>(), expected);
    assert_eq!(measured(None, None).dimensions().collect::<Vec<_>>(), expected[..1]);
}

#[test]
fn series_are_added_up_over_a_window() {
    let series = |group: &str| SeriesKey {
        metric: Metric::RequestCount,
        statistic: Statistic::Sum,
        of: measured(Some(group), None),
    };
    let window = Window { period: 60, from: at(0), until: at(240) };
    let points =
        |values: &[(u64, f64)]| values.iter().map(|(minute, value)| (at(minute * 60), *value)).collect::<Vec<_>>();
    let mut inventory = Inventory::default();
    assert!(inventory.metrics.is_empty());
    let answered = vec![(series("a"), points(&[(0, 2.0), (1, 3.0)])), (series("b"), points(&[(1, 4.0), (3, 5.0)]))];
    let answer = Answer::Metrics(MetricAnswer { window, series: answered });
    inventory.replace(Batch { covers: Covers::All, answer }, at(240));
    assert!(!inventory.metrics.is_empty() && inventory.metrics.len() == 2);
    let sum = |keys: &[SeriesKey], window: Window| {
        let mut into = vec![9.0];
        inventory.metrics.copy_sum(keys, window, &mut into);
        into.into_iter().map(|it| (!it.is_nan()).then_some(it)).collect::<Vec<_>>()
    };
    let both = [series("a"), series("b"), series("unknown")];
    assert_eq!(sum(&both, window), [Some(2.0), Some(7.0), None, Some(5.0)]);
    assert_eq!(sum(&both[..1], window), [Some(2.0), Some(3.0), None, None]);
    assert_eq!(sum(&[], window), [None; 4]);
    assert_eq!(
        sum(&both, Window { period: 300, until: at(300), ..window }),
        [None],
        "another period is another series"
    );
}

#[test]
fn versions_can_be_deployed_unless_they_are_made_or_bad() {
    use VersionStatus as V;
    for (status, obstacle) in [
        (V::Unprocessed, None),
        (V::Processed, None),
        (V::Processing, Some("being looked at")),
        (V::Building, Some("being built")),
        (V::Failed, Some("no good")),
    ] {
        assert_eq!(status.is_deployable(), obstacle.is_none(), "{status:?}");
        let found = ApplicationVersion::obstacle(Some(&status));
        assert_eq!(found.is_none(), obstacle.is_none(), "{status:?}");
        assert!(found.unwrap_or_default().contains(obstacle.unwrap_or_default()), "{status:?}: {found:?}");
    }
    assert_eq!(ApplicationVersion::obstacle(None), None);
}

#[test]
fn an_environment_is_suspect_if_it_is_ill_while_nothing_is_done_to_it() {
    use EnvironmentStatus::{Ready, Updating};
    for (status, health, is_suspect) in [
        (Ready, Some(HealthStatus::Degraded), true),
        (Ready, Some(HealthStatus::Warning), true),
        (Updating, Some(HealthStatus::Degraded), false),
        (Ready, Some(HealthStatus::Ok), false),
        (Ready, Some(HealthStatus::NoData), false),
        (Ready, None, false),
    ] {
        let it = crate::model::Environment { status, health_status: health, ..environment("a") };
        assert_eq!(it.is_suspect(), is_suspect, "{it:?}");
    }
}

#[test]
fn an_event_says_that_an_update_was_rolled_back() {
    let says = |message: &str| {
        let event = EnvironmentEvent {
            at: at(0),
            severity: Severity::Info,
            environment: None,
            application: None,
            version: None,
            message: message.into(),
            request_id: None,
        };
        event.is_revert()
    };
    assert!(says("The environment was reverted to the previous configuration setting."));
    assert!(says("Updating environment failed: 'UPDATE_ROLLBACK_COMPLETE'."));
    assert!(!says("Environment update is starting.") && !says("'UPDATE_COMPLETE'"));
}

#[test]
fn living_environments_are_found_by_name_and_a_change_of_status_is_dated() {
    let mut inventory = Inventory::default();
    let with = |id: &str, name: &str, status: EnvironmentStatus| crate::model::Environment {
        key: key(id),
        status,
        ..environment(name)
    };
    let mut list = |environments: Vec<_>, second: u64| {
        inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(environments) }, at(second));
        let living =
            inventory.living_environments_named("a").iter().map(|it| it.key.id.to_string()).collect::<Vec<_>>();
        (living, inventory.status_since(&key("e-2")))
    };
    let all = |status: EnvironmentStatus| {
        vec![
            with("e-2", "a", status),
            with("e-1", "a", EnvironmentStatus::Ready),
            with("e-3", "a", EnvironmentStatus::Terminating),
            with("e-4", "a", EnvironmentStatus::Terminated),
            with("e-5", "b", EnvironmentStatus::Ready),
        ]
    };
    let living = vec!["e-1".to_owned(), "e-2".to_owned()];
    assert_eq!(list(all(EnvironmentStatus::Ready), 1), (living.clone(), None), "it was so when it was first seen");
    assert_eq!(list(all(EnvironmentStatus::Updating), 7), (living.clone(), Some(at(7))));
    assert_eq!(list(all(EnvironmentStatus::Updating), 9), (living, Some(at(7))));
}

#[test]
fn details_are_kept_and_are_news_once() {
    let listener: Key<Listener> = key("arn:listener/1");
    let instance = |zone: &str| Instance {
        key: key("i-1"),
        private_ip: None,
        public_ip: None,
        security_groups: Vec::new(),
        vpc: None,
        availability_zone: Some(zone.into()),
        instance_type: None,
        launched_at: None,
        state: None,
        environment_name: None,
    };
    let attributes = |value: &str| Attributes::from([("key".into(), value.into())]);
    let version = |label: &str| ApplicationVersion {
        application: "shop".into(),
        label: label.into(),
        created: None,
        status: None,
        description: None,
        source: None,
    };
    let mut inventory = Inventory::default();
    let mut is_news = |answer: Answer| inventory.replace(Batch { covers: Covers::All, answer }, at(0)).other;
    for (first, second) in [
        (
            Answer::ListenerAttributes(listener.clone(), attributes("1")),
            Answer::ListenerAttributes(listener.clone(), attributes("2")),
        ),
        (Answer::Versions(key("shop"), vec![version("v1")]), Answer::Versions(key("shop"), vec![version("v2")])),
        (Answer::Instances(vec![instance("a")]), Answer::Instances(vec![instance("b")])),
    ] {
        assert!(is_news(first.clone()) && !is_news(first.clone()) && is_news(second), "{first:?}");
    }
    assert_eq!(inventory.listener_attributes[&listener], attributes("2"));
    assert_eq!(inventory.versions[&key("shop")], [version("v2")]);
    assert_eq!(inventory.instances[&key("i-1")], instance("b"));
}
