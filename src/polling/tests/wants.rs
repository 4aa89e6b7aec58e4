//! The planner: for each question, and each state of the snapshot, what is read and how old it may become.

use super::region::{Region, SCOPE, balancer, check_set, environment, group, key, line, with};
use crate::model::{
    Alarm, AlarmMetric, AlarmState, Answer, Attributes, Chart, EnvironmentStatus, HealthStatus, Key, Measure, Range,
    Source,
};
use crate::polling::{Question, wants};

/// A state of the snapshot, the question, and what is read for it.
type Row<'a> = (&'a str, Region, Question, Vec<&'a str>);

fn check(rows: Vec<Row<'_>>) {
    for (state, region, question, expected) in rows {
        assert_eq!(region.plan(question.clone()), expected, "{state}: {question:?}");
    }
}

/// `web` with its listeners, targets and resources read.
fn explored() -> Region {
    with(Region::tagged(), |it| {
        it.listeners("awseb-web", &[("HTTP", 80, "web-1"), ("HTTPS", 443, "other")]);
        it.targets("web-1", &["i-1", "10.0.0.1"]);
        it.resources("web", "asg-web");
    })
}

fn rows(names: &[&str], visible: bool) -> Question {
    Question::Rows { environments: names.iter().map(|name| key(name)).collect(), visible }
}

#[test]
fn a_row_reads_its_groups_its_listeners_and_the_rules_that_decide() {
    let of_web =
        ["Tags web-1 900s", "TargetHealth web-1 10s", "TargetGroupAttributes web-1 300s", "Listeners awseb-web 300s"];
    let ending = |status: HealthStatus, updating: bool| {
        let mut web = environment("web");
        web.health_status = Some(status);
        if updating {
            web.status = EnvironmentStatus::Updating;
        }
        with(explored(), |it| it.environments([web]))
    };
    let hidden = [
        "Tags web-1 900s hidden",
        "TargetHealth web-1 300s hidden",
        "TargetGroupAttributes web-1 3600s hidden",
        "Listeners awseb-web 3600s hidden",
        "Rules listener/443 3600s hidden",
    ];
    let suspect = [&hidden[..1], &["InstancesHealth e-web 120s hidden"], &hidden[1..]].concat();
    check(vec![
        ("nothing is read", Region::unread(), rows(&["web"], true), vec![]),
        ("no groups", Region::listed(), rows(&["lone"], true), vec![]),
        ("its listeners are not read", Region::tagged(), rows(&["web"], true), of_web.to_vec()),
        (
            "443 does not lead to it by default, 80 does and is not secure",
            explored(),
            rows(&["web"], true),
            [&of_web[..], &["Rules listener/443 300s"]].concat(),
        ),
        (
            "neither leads to it by default",
            with(Region::tagged(), |it| it.listeners("awseb-web", &[("HTTP", 80, "x"), ("HTTPS", 443, "web-1")])),
            rows(&["web"], true),
            of_web.to_vec(),
        ),
        (
            "an NLB has no rules",
            Region::tagged(),
            rows(&["tcp"], true),
            vec!["Tags tcp-1 900s", "TargetHealth tcp-1 10s"],
        ),
        ("not on screen", explored(), rows(&["web"], false), hidden.to_vec()),
        ("ill, and not on screen", ending(HealthStatus::Degraded, false), rows(&["web"], false), suspect),
        ("ill, but updating", ending(HealthStatus::Degraded, true), rows(&["web"], false), hidden.to_vec()),
        ("basic health", ending(HealthStatus::NoData, false), rows(&["web"], false), hidden.to_vec()),
        (
            "its groups are not proven by their tags",
            with(Region::listed(), |it| {
                it.tag("web-1", None);
                it.resources("web", "asg-web");
            }),
            rows(&["web"], true),
            [&of_web[..1], &["EnvironmentResources e-web 300s", "AutoScalingGroups asg-web 60s"], &of_web[1..]]
                .concat(),
        ),
        ("their tags are not tried", Region::listed(), rows(&["web"], true), of_web.to_vec()),
    ]);
}

#[test]
fn causes_are_read_while_enhanced_health_is_not_ok() {
    for (health, is_asked) in [
        (Some(HealthStatus::Ok), false),
        (Some(HealthStatus::Warning), true),
        (Some(HealthStatus::Severe), true),
        (Some(HealthStatus::NoData), false),
        (None, false),
    ] {
        let mut web = environment("web");
        web.health_status.clone_from(&health);
        let region = with(Region::listed(), |it| it.environments([web]));
        let expected = if is_asked { vec!["EnvironmentHealth e-web 10s"] } else { vec![] };
        assert_eq!(region.plan(Question::Causes(key("web"))), expected, "{health:?}");
    }
}

#[test]
fn a_tree_reads_everything_of_its_environment_and_what_others_hung_on_its_balancer() {
    let of_web = vec![
        "Tags web-1 900s",
        "TargetHealth web-1 10s",
        "TargetGroupAttributes web-1 300s",
        "Listeners awseb-web 300s",
        "Rules listener/443 300s",
        "EnvironmentHealth e-web 10s",
        "InstancesHealth e-web 10s",
        "EnvironmentResources e-web 300s",
        "AutoScalingGroups asg-web 60s",
        "ConfigurationSettings e-web 3600s",
        "Tags awseb-web 900s",
        "LoadBalancerAttributes awseb-web 300s",
        "Rules listener/80 300s",
        "Instances i-1 60s",
        "ListCertificates 3600s",
    ];
    let of_shop = vec![
        "Tags shop-1 900s",
        "TargetHealth shop-1 10s",
        "TargetGroupAttributes shop-1 300s",
        "Listeners common 300s",
        "EnvironmentHealth e-shop 10s",
        "InstancesHealth e-shop 10s",
        "EnvironmentResources e-shop 300s",
        "ConfigurationSettings e-shop 3600s",
        "Tags common 900s",
        "LoadBalancerAttributes common 300s",
        "ListCertificates 3600s",
    ];
    let mut basic = environment("web");
    basic.health_status = None;
    let without_health = of_web.iter().copied().filter(|it| !it.contains("Health e-web")).collect();
    let unowned = with(explored(), |it| {
        let mut hand = it.snapshot.inventory.target_groups[&group("web-1")].clone();
        (hand.key, hand.name) = (group("hand"), "hand".into());
        it.put(Answer::TargetGroups(vec![hand]));
        it.put(Answer::Tags(vec![(group("hand").tagged(), Attributes::new())]));
        it.targets("hand", &["i-9", "i-1"]);
    });
    let with_unowned =
        [&of_web[..13], &["TargetHealth hand 10s", "Tags hand 900s", "Instances i-9 60s"], &of_web[13..]];
    check(vec![
        ("unknown", Region::unread(), Question::Tree(key("web")), vec![]),
        ("alone", explored(), Question::Tree(key("web")), of_web.clone()),
        ("shared: not the neighbour's", Region::tagged(), Question::Tree(key("shop")), of_shop),
        ("basic health", with(explored(), |it| it.environments([basic])), Question::Tree(key("web")), without_health),
    ]);
    check_set("a group made by hand", &unowned, &Question::Tree(key("web")), &with_unowned.concat());
    let lone = ["EnvironmentHealth e-lone 10s", "InstancesHealth e-lone 10s", "EnvironmentResources e-lone 300s"];
    let lone = [&lone[..], &["ConfigurationSettings e-lone 3600s", "ListCertificates 3600s"]].concat();
    check_set("no balancer", &Region::listed(), &Question::Tree(key("lone")), &lone);
}

#[test]
fn settings_read_every_object_that_an_edit_may_touch_and_drift_what_may_have_drifted() {
    let of_web = vec![
        "ConfigurationSettings e-web 3600s",
        "EnvironmentResources e-web 300s",
        "AutoScalingGroups asg-web 60s",
        "Tags web-1 900s",
        "TargetGroupAttributes web-1 300s",
        "Tags awseb-web 900s",
        "LoadBalancerAttributes awseb-web 300s",
        "Listeners awseb-web 300s",
        "Rules listener/80 300s",
        "Rules listener/443 300s",
        "ListenerAttributes listener/80 300s",
        "ListenerAttributes listener/443 300s",
    ];
    let of_tcp = vec![
        "ConfigurationSettings e-tcp 3600s",
        "EnvironmentResources e-tcp 300s",
        "Tags tcp-1 900s",
        "TargetGroupAttributes tcp-1 300s",
    ];
    let drift = vec![
        "ConfigurationSettings e-web 3600s hidden",
        "LoadBalancerAttributes awseb-web 3600s hidden",
        "Rules listener/80 3600s hidden",
        "Rules listener/443 3600s hidden",
    ];
    let options = |names: &[&str]| Question::Options(names.iter().map(|name| key(name)).collect());
    check(vec![
        ("unread", Region::unread(), Question::Settings(key("web")), vec![]),
        ("an ALB", explored(), Question::Settings(key("web")), of_web),
        ("an NLB has no options that are edited", Region::tagged(), Question::Settings(key("tcp")), of_tcp),
        ("unread", Region::unread(), options(&["web"]), vec![]),
        ("whose the groups are goes first", Region::listed(), options(&["web"]), vec![]),
        ("an ALB, an NLB and nothing", explored(), options(&["web", "tcp", "lone"]), drift),
    ]);
}

#[test]
fn an_update_is_looked_at_every_ten_seconds_and_what_changes_slowly_every_thirty() {
    let of_web = vec![
        "Environments 10s",
        "Events 10s",
        "EnvironmentHealth e-web 10s",
        "InstancesHealth e-web 10s",
        "EnvironmentResources e-web 30s",
        "ConfigurationSettings e-web 3600s",
        "TargetHealth web-1 10s",
        "Instances i-1 60s",
        "TargetGroups 30s",
        "Listeners awseb-web 30s",
        "Rules listener/80 30s",
        "Rules listener/443 30s",
        "GetMetricData e-web 60s 10 series",
    ];
    let of_lone = [&of_web[..2], &["EnvironmentResources e-lone 30s", "ConfigurationSettings e-lone 3600s"]].concat();
    let mut lone = environment("lone");
    lone.health_status = None;
    let impact = Question::ImpactWatch(vec![
        Source::Metrics(key("web"), Measure::Deploy),
        Source::TargetGroups(SCOPE),
        Source::TargetHealth(group("web-1")),
    ]);
    let seen =
        vec!["Environments 10s", "GetMetricData e-web 60s 10 series", "TargetGroups 30s", "TargetHealth web-1 10s"];
    check(vec![
        ("unknown", Region::unread(), Question::Deploy(key("web")), of_web[..2].to_vec()),
        ("an ALB", explored(), Question::Deploy(key("web")), of_web),
        (
            "basic health and no balancer",
            with(Region::listed(), |it| it.environments([lone])),
            Question::Deploy(key("lone")),
            of_lone,
        ),
        ("a change of settings", Region::tagged(), impact, seen),
    ]);
}

#[test]
fn what_costs_money_says_how_much_and_is_not_asked_for_where_there_is_none() {
    let figures =
        |visible: bool| Question::Figures { environments: ["web", "shop", "tcp", "lone"].map(key).into(), visible };
    let week = Measure::Chart { chart: Chart::Requests, range: Range::Week, zones: false };
    let measures = Question::Measures(key("web"), vec![Measure::Coarse, week]);
    let unproven = with(Region::listed(), |it| it.tag("shop-1", None));
    check(vec![
        (
            "on screen",
            Region::tagged(),
            figures(true),
            vec!["GetMetricData e-web 60s 5 series", "GetMetricData e-shop 60s 3 series"],
        ),
        (
            "in the background, for five minutes",
            Region::tagged(),
            figures(false),
            vec!["GetMetricData e-web 300s hidden 5 series", "GetMetricData e-shop 300s hidden 3 series"],
        ),
        (
            "nothing on a shared ALB is known to be its own",
            unproven,
            figures(true),
            vec!["GetMetricData e-web 60s 5 series"],
        ),
        ("unread", Region::unread(), figures(true), vec![]),
        (
            "a period of five minutes or more",
            Region::tagged(),
            measures,
            vec!["GetMetricData e-web 300s 5 series", "GetMetricData e-web 300s 1 series"],
        ),
    ]);
}

#[test]
fn the_other_questions_read_what_they_name() {
    let versions = Source::Versions(Key::new(SCOPE, "web-app"));
    let named = vec![versions, Source::TargetHealth(group("web-1"))];
    let alarm = |name: &str, environment: &str| {
        let metric = AlarmMetric {
            id: None,
            namespace: "AWS/ElasticBeanstalk".into(),
            name: "EnvironmentHealth".into(),
            dimensions: vec![("EnvironmentName".into(), environment.into())],
            statistic: "Maximum".into(),
            period: 60,
            is_judged: true,
        };
        Alarm { metrics: vec![metric], ..Alarm::new(SCOPE, name, AlarmState::Ok) }
    };
    let alarms = vec![alarm("web-health", "web"), alarm("shop-health", "shop")];
    let alarmed = with(Region::listed(), |it| it.put(Answer::Alarms(alarms)));
    check(vec![
        ("history", Region::unread(), Question::History(key("web")), vec!["Events e-web 3600s"]),
        ("alarms, unread", Region::unread(), Question::Alarms(key("web")), vec!["Alarms 60s"]),
        (
            "alarms",
            alarmed,
            Question::Alarms(key("web")),
            vec!["Alarms 60s", "AlarmHistory arn:aws:cloudwatch:::alarm:web-health 60s"],
        ),
        (
            "surroundings",
            Region::unread(),
            Question::Surroundings,
            vec!["GetCallerIdentity 3600s", "Events 15s hidden", "Alarms 60s", "ListCertificates 21600s hidden"],
        ),
        (
            "soon",
            Region::unread(),
            Question::Soon(named.clone()),
            vec!["Environments 10s", "ApplicationVersions web-app 10s", "TargetHealth web-1 10s"],
        ),
        (
            "these",
            Region::unread(),
            Question::These(named),
            vec!["ApplicationVersions web-app 60s", "TargetHealth web-1 60s"],
        ),
    ]);
}

#[test]
fn a_source_of_several_questions_is_read_once_at_the_shortest_cadence_and_visible_if_one_shows_it() {
    let region = Region::tagged();
    let plan = |questions: &[Question]| -> Vec<String> {
        wants(&region.snapshot, &region.cadences, questions).iter().map(line).collect()
    };
    let (shown, hidden) = (rows(&["tcp"], true), rows(&["tcp"], false));
    let visible = ["Tags tcp-1 900s", "TargetHealth tcp-1 10s"];
    assert_eq!(plan(&[hidden.clone(), shown.clone()]), visible);
    assert_eq!(plan(&[shown, hidden]), visible);
    let soon = Question::Soon(vec![Source::TargetHealth(group("web-1"))]);
    let both = plan(&[Question::These(vec![Source::LoadBalancerTags(balancer("net"))]), Question::Linked, soon]);
    assert_eq!(both[..3], ["Tags net 60s", "Environments 10s", "LoadBalancers 60s"], "in the order of the questions");
}
