//! Listeners and their rules against the options: what drifts, and what is not compared.

use super::drift_report;
use crate::change::https::tests::ground::{
    Ground, arn, condition, forward, listener, own_tag, redirect, rule, special, target_group,
};
use crate::model::{Balancer, Rule, RuleAction};

type Options = &'static [(&'static str, &'static str, &'static str)];

const OF_80: &str = "aws:elbv2:listener:default";
const OF_443: &str = "aws:elbv2:listener:443";
const API: &str = "aws:elbv2:listenerrule:api";
const ADMIN: &str = "aws:elbv2:listenerrule:admin";

/// Process `default` is the group `web`, and process `api` the group `api` on another port.
fn ground(options: Options, rules: &[Rule]) -> Ground {
    let mut ground = Ground::rules(rules);
    ground.environment.cname = Some("Shop.eu-west-1.elasticbeanstalk.com".into());
    let mut api = target_group("api");
    api.port = Some(8080);
    ground.target_groups.push(api);
    ground.tags.push((arn("api").into(), own_tag("e-1")));
    ground.options = vec![
        ("aws:elasticbeanstalk:environment:process:default", "Port", "80"),
        ("aws:elasticbeanstalk:environment:process:api", "Port", "8080"),
        ("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "false"),
    ];
    ground.options.extend_from_slice(options);
    ground
}

/// Returns what the report contains about listeners and rules.
fn said(ground: &Ground) -> Vec<String> {
    let site = ground.site();
    let report = drift_report(&site.basis()).unwrap();
    let drift = report.drift.iter().filter(|it| it.key.starts_with("listener:")).map(super::Drift::sentence);
    let skipped =
        report.not_compared.iter().filter(|it| it.what.contains("listener")).map(super::NotCompared::sentence);
    drift.chain(skipped).filter(|it| !it.contains("ssl_policy") && !it.contains("certificate")).collect()
}

fn path(priority: u32, path: &str, to: &str) -> Rule {
    rule(Some(priority), vec![condition("path-pattern", &[path])], vec![forward(to)])
}

const ASKED: Options = &[
    (OF_80, "Rules", "api, admin"),
    (API, "PathPatterns", "/api/*"),
    (API, "Process", "api"),
    (ADMIN, "HostHeaders", "Admin.example.com"),
    (ADMIN, "Priority", "2"),
];

fn as_asked() -> Vec<Rule> {
    vec![
        path(1, "/api/*", "api"),
        rule(
            Some(2),
            vec![condition("host-header", &["admin.example.com", "shop.eu-west-1.elasticbeanstalk.com"])],
            vec![forward("web")],
        ),
    ]
}

/// Shortens a difference to its key and values: `rule:api:process: default > api`, or `- rule 1 …` for what is outside.
fn short(said: &str) -> String {
    let said = said.replace("Beanstalk's options do not have it: it was made directly", "outside");
    let said = said.replace("aws:elbv2:listenerrule:", "rule:").replace("aws:elbv2:listener:", "listener:");
    said.replace(": live ", ": ").replace("(live ", "(").replace(" is unset, which means ", " unset ")
}

fn check(rows: Vec<(&str, Ground, Vec<&str>)>) {
    for (state, ground, expected) in rows {
        let said: Vec<_> = said(&ground).iter().map(|it| short(it)).collect();
        assert_eq!(said, expected, "{state}");
    }
}

const NO_API: &str = "listener:80:rule:api: none, but listener:default Rules is api";
const NO_ADMIN: &str = "listener:80:rule:admin: none, but listener:default Rules is admin";

#[test]
fn a_rule_is_there_as_its_options_say_or_drifts() {
    let one: Options =
        &[(OF_80, "Rules", "api"), (API, "PathPatterns", "/api/*,/v1/*"), (API, "HostHeaders", "a.example.com")];
    let with = |host: &[&str], paths: &[&str], to: &str| {
        let conditions = [("host-header", host), ("path-pattern", paths)];
        let conditions = conditions.iter().filter(|(_, values)| !values.is_empty());
        vec![rule(Some(1), conditions.map(|(field, values)| condition(field, values)).collect(), vec![forward(to)])]
    };
    let paths = ["/v1/*", "/api/*"];
    let every: Options = &[(OF_80, "Rules", "api"), (API, "HostHeaders", "a.example.com"), (API, "PathPatterns", "/*")];
    let unread = |options: Options| {
        let mut ground = ground(options, &[]);
        ground.rules = None;
        ground
    };
    check(vec![
        ("as asked for", ground(ASKED, &as_asked()), vec![]),
        ("in another order of values and case", ground(one, &with(&["A.example.com"], &paths, "web")), vec![]),
        ("every path is no path", ground(every, &with(&["a.example.com"], &[], "web")), vec![]),
        ("and no path is every path", ground(every, &with(&["a.example.com"], &["/x", "/*"], "web")), vec![]),
        ("none", ground(ASKED, &[]), vec![NO_API, NO_ADMIN]),
        ("unread", unread(ASKED), vec!["rules of listener:80: its live value is not read"]),
        (
            "one path less",
            ground(one, &with(&["a.example.com"], &["/api/*"], "web")),
            vec!["listener:80:rule:api:paths: /api/*, but rule:api PathPatterns is /api/*,/v1/*"],
        ),
        (
            "no path",
            ground(one, &with(&["a.example.com"], &[], "web")),
            vec!["listener:80:rule:api:paths: any, but rule:api PathPatterns is /api/*,/v1/*"],
        ),
        (
            "another host",
            ground(one, &with(&["b.example.com"], &paths, "web")),
            vec!["listener:80:rule:api:hosts: b.example.com, but rule:api HostHeaders is a.example.com"],
        ),
        (
            "a path where none is asked for",
            ground(every, &with(&["a.example.com"], &["/x"], "web")),
            vec!["listener:80:rule:api:paths: /x, but rule:api PathPatterns is any"],
        ),
        (
            "another host and path: another rule",
            ground(one, &with(&["b.example.com"], &["/x"], "web")),
            vec![NO_API, "listener:80 rule 1 host-header b.example.com path-pattern /x: outside"],
        ),
        (
            "the same host, but nowhere of its own",
            ground(one, &with(&["a.example.com"], &["/x"], "hand")),
            vec![NO_API, "listener:80 rule 1 host-header a.example.com path-pattern /x: outside"],
        ),
    ]);
}

#[test]
fn what_a_rule_does_and_its_order_are_compared() {
    let does = |action: RuleAction| {
        let mut rules = as_asked();
        rules[0].actions = vec![action];
        ground(ASKED, &rules)
    };
    let mut swapped = as_asked();
    swapped[0].priority = crate::model::Priority::Number(20);
    let mut moved = as_asked();
    moved.iter_mut().zip([11, 25]).for_each(|(rule, at)| rule.priority = crate::model::Priority::Number(at));
    let both = [as_asked(), vec![path(7, "/api/*", "web")]].concat();
    let mut ambiguous = ground(ASKED, &as_asked());
    ambiguous.target_groups[1].port = Some(80);
    let weighted = match (forward("web"), forward("api")) {
        (RuleAction::Forward { groups: one, .. }, RuleAction::Forward { groups: other, .. }) => {
            RuleAction::Forward { groups: [one, other].concat(), group_stickiness: None }
        }
        _ => unreachable!(),
    };
    check(vec![
        (
            "to another process",
            does(forward("web")),
            vec!["listener:80:rule:api:process: default, but rule:api Process is api"],
        ),
        (
            "to another owner's group",
            does(forward("hand")),
            vec!["listener:80:rule:api:process: target group hand, but rule:api Process is api"],
        ),
        (
            "it redirects",
            does(redirect("HTTP_301")),
            vec!["listener:80:rule:api:process: redirect to HTTPS (HTTP_301), but rule:api Process is api"],
        ),
        (
            "it answers",
            does(RuleAction::FixedResponse { status: "404".into() }),
            vec!["listener:80:rule:api:process: fixed response 404, but rule:api Process is api"],
        ),
        (
            "it splits",
            does(weighted),
            vec!["listener:80:rule:api:process: weighted forward, but rule:api Process is api"],
        ),
        ("other numbers, the same order", ground(ASKED, &moved), vec![]),
        (
            "another order",
            ground(ASKED, &swapped),
            vec!["listener:80:rule:api:priority: 20, after rule admin, but rule:api Priority unset 1"],
        ),
        (
            "the same conditions twice: the one that leads to the process's",
            ground(ASKED, &both),
            vec!["listener:80 rule 7 path-pattern /api/*: outside"],
        ),
        (
            "two groups on one port",
            ambiguous,
            vec![
                "listener:80:default_process: which process it is is ambiguous",
                "listener:80:rule:api:process: which process it is is ambiguous",
                "listener:80:rule:admin:process: which process it is is ambiguous",
            ],
        ),
    ]);
}

#[test]
fn rules_that_no_option_knows_are_outside() {
    let source = condition("source-ip", &["10.0.0.0/8"]);
    let with_source = rule(Some(3), vec![condition("path-pattern", &["/api/*"]), source], vec![forward("api")]);
    let unowned = rule(Some(4), vec![condition("path-pattern", &["/x"])], vec![forward("hand")]);
    let cname = condition("host-header", &["shop.eu-west-1.elasticbeanstalk.com"]);
    let of_cname = |to: &str| rule(Some(5), vec![cname.clone()], vec![forward(to)]);
    let bare: Options = &[(OF_80, "Rules", "api")];
    let shared = |options: Options, rules: Vec<Rule>| {
        let mut ground = ground(options, &rules);
        ground.options[2].2 = "true";
        ground
    };
    check(vec![
        (
            "one more",
            ground(ASKED, &[as_asked(), vec![special(9)]].concat()),
            vec!["listener:80 rule 9 path-pattern /api: outside"],
        ),
        (
            "with a condition more",
            ground(ASKED, &[as_asked().remove(1), with_source]),
            vec![NO_API, "listener:80 rule 3 path-pattern /api/* source-ip 10.0.0.0/8: outside"],
        ),
        (
            "on a balancer of its own, also another's",
            ground(&[], std::slice::from_ref(&unowned)),
            vec!["listener:80 rule 4 path-pattern /x: outside"],
        ),
        (
            "on a shared one another's is no business of ours",
            shared(&[], vec![unowned, special(9)]),
            vec!["listener:80 rule 9 path-pattern /api: outside"],
        ),
        ("what Beanstalk makes for the CNAME", shared(&[], vec![of_cname("web")]), vec![]),
        (
            "that, on a balancer of its own",
            ground(&[], &[of_cname("web")]),
            vec!["listener:80 rule 5 host-header shop.eu-west-1.elasticbeanstalk.com: outside"],
        ),
        ("a bare rule is for the CNAME", shared(bare, vec![of_cname("web")]), vec![]),
        ("a bare rule, and none", shared(bare, vec![]), vec![NO_API]),
    ]);
    let site = shared(&[], vec![]).site();
    assert_eq!(site.basis().link().map(|it| it.balancer), Some(Balancer::ApplicationShared));
}

#[test]
fn a_listener_is_there_and_does_what_its_options_say() {
    let secure = |options: Options, change: fn(&mut crate::model::Listener)| {
        let mut ground = ground(options, &[]);
        let mut made = listener(443);
        change(&mut made);
        ground.listeners.push(made);
        ground
    };
    let mut none = ground(&[(OF_443, "Protocol", "HTTPS")], &[]);
    let off: Options = &[(OF_443, "ListenerEnabled", "false"), (OF_443, "Protocol", "HTTPS")];
    let on: Options = &[(OF_443, "Protocol", "https"), (OF_443, "DefaultProcess", "api")];
    none.listeners[0].default_actions = vec![redirect("HTTP_301")];
    check(vec![
        (
            "as asked for",
            secure(on, |it| it.default_actions = vec![forward("api")]),
            vec!["rules of listener:443: its live value is not read"],
        ),
        (
            "missing, and 80 redirects",
            none,
            vec![
                "listener:443:enabled: false, but listener:443 ListenerEnabled unset true",
                "listener:80 default action (redirect to HTTPS (HTTP_301)): Beanstalk has no option for this action",
            ],
        ),
        ("switched off, and gone", ground(off, &[]), vec![]),
        (
            "switched off, and there",
            secure(off, |_| {}),
            vec!["listener:443:enabled: true, but listener:443 ListenerEnabled is false"],
        ),
        (
            "another protocol and process",
            secure(on, |it| it.protocol = Some("HTTP".into())),
            vec![
                "listener:443:protocol: HTTP, but listener:443 Protocol is https",
                "listener:443:default_process: default, but listener:443 DefaultProcess is api",
                "rules of listener:443: its live value is not read",
            ],
        ),
        ("made directly", secure(&[], |_| {}), vec!["listener:443: outside"]),
    ]);
}

#[test]
fn what_is_said_names_the_object_and_the_reason() {
    use super::{Drift, DriftReason, NotCompared};
    let group = Some(target_group("web").key);
    let drift = |target_group: &Option<_>, key: &str, is_unset: bool| {
        let it = Drift {
            target_group: target_group.clone(),
            key: key.into(),
            live: "1".into(),
            desired: "2".into(),
            is_unset,
            namespace: "ns".into(),
            option: "Option",
        };
        it.sentence()
    };
    assert_eq!(drift(&group, "key", false), "web key: live 1, but ns Option is 2");
    assert_eq!(drift(&None, "key", true), "load balancer key: live 1, but ns Option is unset, which means 2");
    assert_eq!(drift(&None, "listener:80:x", false), "listener:80:x: live 1, but ns Option is 2");
    let skipped = |what: &str, live: Option<&str>| NotCompared {
        target_group: group.clone(),
        what: what.into(),
        live: live.map(Into::into),
        reason: DriftReason::Unread,
    };
    assert_eq!(skipped("web", None).sentence(), "web: its live value is not read");
    assert_eq!(skipped("key", Some("7")).sentence(), "web key (live 7): its live value is not read");
    // Each reason: its word, a piece of its text, and whether it is something made directly.
    let rows = [
        (DriftReason::Unread, "unread", "not read", false),
        (DriftReason::AmbiguousProcess, "ambiguous_process", "ambiguous", false),
        (DriftReason::Shared, "shared", "is shared", false),
        (DriftReason::Unlisted, "unlisted", "lists no options", false),
        (DriftReason::NoOption("".into()), "no_option", "(ELB's default is none)", true),
        (DriftReason::NoOption("60".into()), "no_option", "(ELB's default is 60)", true),
        (DriftReason::NoDefault, "no_default", "applies no default", true),
        (DriftReason::Outside, "outside_beanstalk", "made directly", true),
        (DriftReason::Action, "no_option_for_action", "for this action", true),
        (DriftReason::Unsupported, "unsupported", "does not read", false),
    ];
    for (reason, word, words, is_outside) in rows {
        assert_eq!(reason.word(), word);
        assert!(reason.to_string().contains(words), "{reason}");
        let not_compared = vec![NotCompared { reason, ..skipped("key", None) }];
        let report = super::DriftReport { not_compared, ..super::DriftReport::default() };
        assert_eq!(report.outside().count(), usize::from(is_outside), "{word}");
    }
}
