//! Where HTTPS cannot be set up, which security groups are left alone, and which redirects make sense.

use super::ground::{
    Ground, HTTP, condition, fault, forward, listener, load_balancer, own_tag, redirect, redirecting, rule,
    security_group, special, target_group, tcp,
};
use crate::change::Refusal;
use crate::change::https::Redirecting::{No, Permanent, Temporary};
use crate::model::{Attributes, EnvironmentStatus, RuleAction, Tier};

/// Why it is refused, in short.
fn refusal(ground: &Ground) -> Option<String> {
    ground.site().refusal().map(|refusal| match refusal {
        Refusal::Unsuitable { why } => why.to_string(),
        Refusal::NotReady { status } => format!("not ready: {}", status.as_str()),
        Refusal::NotProven { why, .. } => format!("not proven: {why}"),
        Refusal::NotRead { what, .. } => format!("not read: {what}"),
        other => format!("{other:?}"),
    })
}

#[test]
fn it_is_refused_where_the_balancer_is_not_surely_the_environments_alone() {
    type Change = fn(&mut Ground);
    let rows: [(&str, Change, Option<&str>); 9] = [
        ("all is well", |_| {}, None),
        (
            "shared",
            |it| it.options.push(("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "true")),
            Some("the load balancer is shared: its listeners and certificates are its owner's business"),
        ),
        (
            "a worker",
            |it| it.environment.tier = Some(Tier::Worker),
            Some("the environment has no application load balancer (worker)"),
        ),
        (
            "no balancer",
            |it| {
                it.environment.endpoint_url = Some("10.0.0.1".into());
                it.load_balancers.clear();
                it.target_groups.clear();
            },
            Some("the environment has no application load balancer (single)"),
        ),
        (
            "its tag names another environment",
            |it| {
                it.tags[0].1 = own_tag("e-9");
            },
            Some("not proven: its tag names another environment"),
        ),
        ("its tags are not read", |it| drop(it.tags.remove(0)), Some("not read: the load balancer's tags")),
        (
            "443 is not HTTPS",
            |it| {
                it.listeners.push(listener(443));
                it.listeners[1].protocol = Some("HTTP".into());
            },
            Some("port 443 has a listener that is not HTTPS"),
        ),
        ("443 is HTTPS", |it| it.listeners.push(listener(443)), None),
        ("updating", |it| it.environment.status = EnvironmentStatus::Updating, Some("not ready: Updating")),
    ];
    for (state, change, expected) in rows {
        let ground = Ground::with(change);
        assert_eq!(refusal(&ground).as_deref(), expected, "{state}");
    }
    let mut unknown = Ground::new().site();
    unknown.snapshot.topology = crate::model::Topology::default();
    assert!(matches!(unknown.refusal(), Some(Refusal::Unsuitable { why }) if why.contains("is not known")));
    let mut gone = Ground::new().site();
    gone.snapshot.inventory.load_balancers.clear();
    assert!(matches!(gone.refusal(), Some(Refusal::Unsuitable { why }) if why.contains("is not known")));
}

#[test]
fn a_group_is_edited_only_if_it_is_the_balancers_alone() {
    type Change = fn(&mut Ground);
    let rows: [(&str, Change, Option<&str>); 8] = [
        ("its own", |_| {}, None),
        ("the default one", |it| it.groups[0].name = "default".into(), Some("is the default group of its VPC")),
        (
            "on another balancer",
            |it| it.load_balancers.push(load_balancer("other", &["sg-9", "sg-1"])),
            Some("is on load balancer other too"),
        ),
        ("another balancer", |it| it.load_balancers.push(load_balancer("other", &["sg-9"])), None),
        ("on instances", |it| it.instances = Ok([("sg-1".into(), 2)].into()), Some("is on instances too")),
        ("others are on instances", |it| it.instances = Ok([("sg-9".into(), 2)].into()), None),
        ("another's", |it| it.groups[0].tags = own_tag("e-2"), Some("is another environment's by its tag")),
        ("not owned", |it| it.groups[0].tags = Attributes::new(), Some("is not this environment's own by its tags")),
    ];
    for (state, change, expected) in rows {
        let site = Ground::with(change).site();
        assert_eq!(site.unowned(&site.groups[0]).as_deref(), expected, "{state}");
    }
    let site = Ground::with(|it| it.instances = Err(fault())).site();
    let why = site.unowned(&site.groups[0]).unwrap();
    assert_eq!(why, format!("may be on instances too: {}", fault().sentence()));
}

#[test]
fn only_the_groups_of_the_balancer_are_attached() {
    let ground = Ground::with(|it| {
        it.groups.push(security_group("sg-2", vec![tcp(443, "10.0.0.0/8")]));
        it.load_balancers[0].security_groups = vec!["sg-1".into(), "sg-3".into()];
    });
    let attached: Vec<_> = ground.site().attached().into_iter().map(|it| it.key.id).collect();
    assert_eq!(attached, ["sg-1".into()]);
}

#[test]
fn a_redirect_makes_sense_where_port_80_serves_and_a_permanent_one_only_after_a_temporary_one() {
    let every = |actions: Vec<RuleAction>| rule(Some(7), vec![condition("path-pattern", &["/*"])], actions);
    let mut elsewhere = redirect("HTTP_302");
    if let RuleAction::Redirect { port, .. } = &mut elsewhere {
        *port = "8443".into();
    }
    let by_rule =
        |status: u32| Some(format!("the rule /* with priority 3 makes a redirect to HTTPS ({status}) already"));
    let by_default = |status: u32| Some(format!("the default action is a redirect to HTTPS ({status}) already"));
    let fixed = RuleAction::FixedResponse { status: "404".into() };
    let serves = vec![Temporary, No];
    let full = [(1..7).map(special).collect(), vec![every(vec![forward("web")])]].concat();
    let host = condition("host-header", &["a.example"]);
    let rows = [
        ("it serves", Ground::new(), serves.clone(), None),
        ("special rules", Ground::rules(&[special(1), special(2)]), serves.clone(), None),
        ("its rules are not read", Ground::with(|it| it.rules = None), vec![No], None),
        ("no listener", Ground::with(|it| it.listeners.clear()), vec![No], None),
        ("a temporary rule", Ground::rules(&[redirecting(3, "HTTP_302")]), vec![No, Permanent], by_rule(302)),
        ("a permanent rule", Ground::rules(&[redirecting(3, "HTTP_301")]), vec![No], by_rule(301)),
        (
            "the first of two",
            Ground::rules(&[redirecting(9, "HTTP_301"), redirecting(3, "HTTP_302")]),
            vec![No, Permanent],
            by_rule(302),
        ),
        (
            "a temporary default",
            Ground::new().default_actions(vec![redirect("HTTP_302")]),
            vec![No, Permanent],
            by_default(302),
        ),
        ("a permanent default", Ground::new().default_actions(vec![redirect("HTTP_301")]), vec![No], by_default(301)),
        ("a default that leads elsewhere", Ground::new().default_actions(vec![elsewhere.clone()]), vec![No], None),
        ("a fixed response", Ground::new().default_actions(vec![fixed]), vec![No], None),
        ("no action", Ground::new().default_actions(vec![]), vec![No], None),
        // A rule that takes everything: there is a place before it, or there is not.
        (
            "everything is forwarded by a later rule",
            Ground::rules(&[every(vec![forward("web")])]),
            serves.clone(),
            None,
        ),
        ("no place before it", Ground::rules(&full), vec![No], None),
        ("a rule that leads elsewhere", Ground::rules(&[every(vec![elsewhere])]), serves.clone(), None),
        (
            "every path of one host",
            Ground::rules(&[rule(Some(3), vec![condition("path-pattern", &["/*"]), host], vec![redirect("HTTP_302")])]),
            serves.clone(),
            None,
        ),
        (
            "a star takes every path, too",
            Ground::rules(&[rule(Some(3), vec![condition("path-pattern", &["/x", "*"])], vec![redirect("HTTP_302")])]),
            vec![No, Permanent],
            by_rule(302),
        ),
        (
            "a rule without conditions",
            Ground::rules(&[rule(Some(3), vec![], vec![redirect("HTTP_302")])]),
            serves,
            None,
        ),
    ];
    for (state, ground, redirects, words) in rows {
        let site = ground.site();
        assert_eq!((site.redirects(), site.redirected()), (redirects, words), "{state}");
    }
}

#[test]
fn a_site_knows_its_rules_options_and_host_names() {
    let host = rule(Some(2), vec![condition("host-header", &["shop.example.com"])], vec![forward("web")]);
    let other = rule(Some(1), vec![condition("host-header", &["other.example.com"])], vec![forward("other")]);
    let mut ground = Ground::rules(&[host, other]);
    ground.target_groups.push(target_group("other"));
    ground.tags.push((super::ground::arn("other").into(), own_tag("e-2")));
    ground.options = vec![("a", "set", "1"), ("a", "empty", "")];
    let site = ground.site();
    assert_eq!(site.rules().map(|it| it.conditions.len()).collect::<Vec<_>>(), [1, 1], "without the default one");
    let of_http: Vec<_> = site.rules_of(&site.key_of(HTTP)).iter().map(|it| it.key.id.to_string()).collect();
    assert_eq!(of_http, ["arn:rule/1", "arn:rule/2"], "in their order");
    assert_eq!(site.rules_of(&site.key_of("arn:listener/9")), Vec::<&crate::model::Rule>::new());
    assert_eq!(site.host_names(&[]).names, ["shop.example.com".into()]);
    assert_eq!(site.host_names(&["www.example.com".to_owned()]).names, ["www.example.com".into()]);
    assert_eq!(["set", "empty", "unset"].map(|name| site.option("a", name)), [Some("1"), None, None]);
    assert!(site.is_on(super::ground::LOAD_BALANCER) && !site.is_on("arn:other"));
    assert!(!site.has_listener());
    let both = Ground::with(|it| it.listeners.push(listener(443))).site();
    assert!(both.has_listener());
}
