//! The state of the environment relative to each step: as before it, as after it, or neither.

use super::ground::{
    CERTIFICATE, Ground, HTTP, LOAD_BALANCER, POLICY, arn, forward, listener, load_balancer, redirect, redirecting,
    security_group, special, tcp, v4,
};
use crate::change::https::{DefaultAction, HttpsSetup, HttpsStage, HttpsStep, RedirectingRule, StepState};
use crate::change::{OptionChange, Route};
use crate::model::RuleAction;

fn setup(stages: Vec<HttpsStage>) -> HttpsSetup {
    HttpsSetup {
        route: Route::Elb,
        load_balancer: LOAD_BALANCER.into(),
        dns_name: "lb.example".into(),
        host: "shop.example.com".into(),
        certificate: "shop".into(),
        stages,
        made: Vec::new(),
    }
}

/// A state, in short: `before`, `after`, `after: id`, or what differs as `key: seen > live`.
fn short(state: StepState) -> String {
    match state {
        StepState::Before => "before".to_owned(),
        StepState::After(None) => "after".to_owned(),
        StepState::After(Some(id)) => format!("after: {id}"),
        StepState::Otherwise(differences) => {
            let listed = differences.iter().map(|it| format!("{}: {} > {}", it.key, it.seen, it.live));
            listed.collect::<Vec<_>>().join("; ")
        }
    }
}

/// Checks rows of a state, the region in it, what the step has made, and the present state.
fn check(step: HttpsStep, stage: &HttpsStage, rows: Vec<(&str, Ground, Option<&str>, &str)>) {
    for (state, ground, made, expected) in rows {
        let mut setup = setup(vec![stage.clone()]);
        made.into_iter().for_each(|id| setup.keep(step, id.into()));
        assert_eq!(short(setup.state_of(step, &ground.site())), expected, "{state}");
    }
}

/// Returns a region with a listener on port 443, changed like this.
fn secure(change: impl FnOnce(&mut crate::model::Listener)) -> Ground {
    let mut made = listener(443);
    change(&mut made);
    Ground::with(|it| it.listeners.push(made))
}

#[test]
fn a_listener_is_there_with_its_certificate_and_policy_or_in_the_way() {
    let action = DefaultAction::Forward { groups: vec![(arn("web").into(), 1)], stickiness: None };
    let stage = HttpsStage::Listener { certificate: CERTIFICATE.into(), policy: POLICY.into(), action };
    let plain = |it: &mut crate::model::Listener| {
        (it.protocol, it.ssl_policy, it.certificates) = (Some("HTTP".into()), None, Vec::new());
    };
    let both = |it: &mut crate::model::Listener| it.certificates.insert(0, "other".into());
    check(
        HttpsStep::Listener,
        &stage,
        vec![
            ("none", Ground::new(), None, "before"),
            ("ours", secure(|_| {}), None, "after: arn:listener/443"),
            ("ours, with another certificate too", secure(both), None, "after: arn:listener/443"),
            (
                "another certificate",
                secure(|it| it.certificates = vec!["other".into()]),
                None,
                "listener on port 443: none > HTTPS with ELBSecurityPolicy-TLS13-1-2-2021-06 and other",
            ),
            (
                "another policy",
                secure(|it| it.ssl_policy = Some("old".into())),
                None,
                "listener on port 443: none > HTTPS with old and arn:certificate/shop",
            ),
            ("not HTTPS", secure(plain), None, "listener on port 443: none > HTTP"),
        ],
    );
}

#[test]
fn options_are_given_and_the_listener_that_they_ask_for_is_there() {
    let change = |name: &str, before: Option<&str>, after: &str| OptionChange {
        namespace: "aws:elbv2:listener:443".to_owned(),
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
    };
    let changes = vec![change("ListenerEnabled", None, "true"), change("Protocol", Some("HTTP"), "HTTPS")];
    let stage = HttpsStage::Options { certificate: CERTIFICATE.into(), changes };
    let with = |enabled: Option<&'static str>, protocol: &'static str, live: Option<Ground>| {
        let mut ground = live.unwrap_or_else(Ground::new);
        ground.options = vec![("aws:elbv2:listener:443", "Protocol", protocol)];
        ground.options.extend(enabled.map(|it| ("aws:elbv2:listener:443", "ListenerEnabled", it)));
        ground
    };
    let other = || Some(secure(|it| it.certificates = vec!["other".into()]));
    check(
        HttpsStep::Listener,
        &stage,
        vec![
            ("as before", with(None, "HTTP", None), None, "before"),
            ("given", with(Some("true"), "https", Some(secure(|_| {}))), None, "after: arn:listener/443"),
            ("given, and no listener", with(Some("true"), "HTTPS", None), None, "listener on port 443: HTTPS > none"),
            (
                "given, and another listener",
                with(Some("true"), "HTTPS", other()),
                None,
                "listener on port 443: HTTPS > HTTPS with ELBSecurityPolicy-TLS13-1-2-2021-06 and other",
            ),
            (
                "one was changed meanwhile",
                with(Some("false"), "HTTP", None),
                None,
                "aws:elbv2:listener:443/ListenerEnabled: none > false",
            ),
            ("half of it", with(None, "HTTPS", None), None, "aws:elbv2:listener:443/Protocol: HTTP > HTTPS"),
        ],
    );
}

#[test]
fn a_group_is_found_by_its_id_or_where_that_was_lost_by_its_name() {
    let stage = HttpsStage::Group { name: "sg-2-name".into(), vpc: "vpc-1".into(), description: "why".into() };
    let made = || Ground::with(|it| it.groups.push(security_group("sg-2", Vec::new())));
    check(
        HttpsStep::Group,
        &stage,
        vec![
            ("none", Ground::new(), None, "before"),
            ("by its name", made(), None, "after: sg-2"),
            ("by its id", made(), Some("sg-1"), "after: sg-1"),
            ("its id is gone", made(), Some("sg-9"), "before"),
        ],
    );
}

#[test]
fn a_rule_lets_all_in_some_or_none() {
    let sources = vec![v4("10.0.0.0/8"), v4("192.0.2.0/24")];
    let of_group = HttpsStage::Rule { group: Some("sg-1".into()), sources: sources.clone() };
    let open = |id: &str, ranges: &[&str]| {
        let rules = ranges.iter().map(|range| tcp(443, range)).collect();
        let group = security_group(id, rules);
        Ground::with(|it| it.groups = vec![group])
    };
    check(
        HttpsStep::Rule,
        &of_group,
        vec![
            ("none", open("sg-1", &[]), None, "before"),
            ("all", open("sg-1", &["10.0.0.0/8", "192.0.2.0/24"]), None, "after"),
            ("all by a wider one", open("sg-1", &["0.0.0.0/0"]), None, "after"),
            ("others", open("sg-1", &["198.51.100.0/24"]), None, "before"),
            ("some", open("sg-1", &["10.0.0.0/8"]), None, "port 443 is open to: 10.0.0.0/8, 192.0.2.0/24 > 10.0.0.0/8"),
            ("the group is gone", open("sg-9", &["0.0.0.0/0"]), None, "before"),
        ],
    );
    let of_new = setup(vec![HttpsStage::Rule { group: None, sources }]);
    let ground = open("sg-7", &["0.0.0.0/0"]);
    assert_eq!(of_new.state_of(HttpsStep::Rule, &ground.site()), StepState::Before, "no group was made yet");
    let mut made = of_new;
    made.keep(HttpsStep::Group, "sg-7".into());
    assert_eq!(made.state_of(HttpsStep::Rule, &ground.site()), StepState::After(None));
}

#[test]
fn a_new_group_is_beside_the_others_or_not() {
    let on = |groups: &[&str]| {
        let balancer = load_balancer("awseb--AWSEB-1", groups);
        Ground::with(|it| it.load_balancers = vec![balancer])
    };
    let mut setup = setup(vec![HttpsStage::Attach { before: vec!["sg-1".into(), "sg-2".into()] }]);
    setup.keep(HttpsStep::Group, "sg-9".into());
    for (groups, expected) in [
        (&["sg-2", "sg-1"][..], "before"),
        (&["sg-9", "sg-1", "sg-2"], "after"),
        (&["sg-1", "sg-3"], "security groups: sg-1, sg-2 > sg-1, sg-3"),
        (&["sg-9"], "security groups: sg-1, sg-2 > sg-9"),
    ] {
        assert_eq!(short(setup.state_of(HttpsStep::Attach, &on(groups).site())), expected, "{groups:?}");
    }
}

#[test]
fn a_default_action_is_the_old_the_new_or_something_else() {
    let before = DefaultAction::Forward { groups: vec![(arn("web").into(), 1)], stickiness: None };
    let stage = HttpsStage::Redirect { listener: HTTP.into(), before, after: DefaultAction::redirect(false) };
    let does = |action: RuleAction| Ground::new().default_actions(vec![action]);
    let fixed = RuleAction::FixedResponse { status: "404".into() };
    check(
        HttpsStep::Redirect,
        &stage,
        vec![
            ("as before", Ground::new(), None, "before"),
            ("redirects", does(redirect("HTTP_302")), None, "after"),
            (
                "redirects for ever",
                does(redirect("HTTP_301")),
                None,
                "default action of port 80: forward to web > redirect to HTTPS (301)",
            ),
            (
                "leads elsewhere",
                does(forward("api")),
                None,
                "default action of port 80: forward to web > forward to api",
            ),
            ("a fixed response", does(fixed), None, "default action of port 80: forward to web > something else"),
            (
                "no listener",
                Ground::with(|it| it.listeners.clear()),
                None,
                "default action of port 80: forward to web > gone",
            ),
        ],
    );
}

#[test]
fn a_redirecting_rule_is_there_by_its_id_or_by_what_it_does_or_its_place_is_taken() {
    let stage =
        HttpsStage::RedirectRule { listener: HTTP.into(), priority: 3, status: "HTTP_302".into(), before: None };
    let wanted = "path-pattern /*: redirect to HTTPS (302)";
    let changed = format!("rule 3 of port 80: {wanted} > path-pattern /*: redirect to HTTPS (301)");
    let replaced = format!("rule 3 of port 80: {wanted} > path-pattern /api: forward to web");
    check(
        HttpsStep::Redirect,
        &stage,
        vec![
            ("none", Ground::new(), None, "before"),
            ("another place", Ground::rules(&[special(2)]), None, "before"),
            ("its id was lost", Ground::rules(&[special(3), redirecting(5, "HTTP_302")]), None, "after: arn:rule/5"),
            (
                "its place is taken",
                Ground::rules(&[special(3)]),
                None,
                "rule 3 of port 80: none > path-pattern /api: forward to web",
            ),
            (
                "its place is taken by a redirect with another status",
                Ground::rules(&[redirecting(3, "HTTP_301")]),
                None,
                "rule 3 of port 80: none > path-pattern /*: redirect to HTTPS (301)",
            ),
            ("ours", Ground::rules(&[redirecting(3, "HTTP_302")]), Some("arn:rule/3"), "after: arn:rule/3"),
            ("ours was changed", Ground::rules(&[redirecting(3, "HTTP_301")]), Some("arn:rule/3"), &changed),
            ("ours does something else", Ground::rules(&[special(3)]), Some("arn:rule/3"), &replaced),
            ("ours is gone", Ground::rules(&[redirecting(4, "HTTP_302")]), Some("arn:rule/3"), "before"),
        ],
    );
    let before = RedirectingRule { rule: "arn:rule/3".into(), status: "HTTP_302".into() };
    let stage = HttpsStage::RedirectRule {
        listener: HTTP.into(),
        priority: 3,
        status: "HTTP_301".into(),
        before: Some(before),
    };
    let differs = "redirecting rule of port 80: redirect to HTTPS (302)";
    let other = format!("{differs} > path-pattern /api: forward to web");
    let status = format!("{differs} > path-pattern /*: redirect to HTTPS (307)");
    let gone = format!("{differs} > gone");
    check(
        HttpsStep::Redirect,
        &stage,
        vec![
            ("as before", Ground::rules(&[redirecting(3, "HTTP_302")]), None, "before"),
            ("permanent", Ground::rules(&[redirecting(3, "HTTP_301")]), None, "after"),
            ("another status", Ground::rules(&[redirecting(3, "HTTP_307")]), None, &status),
            ("something else", Ground::rules(&[special(3)]), None, &other),
            ("gone", Ground::rules(&[redirecting(4, "HTTP_302")]), None, &gone),
        ],
    );
}

#[test]
fn a_probe_leaves_nothing_and_on_another_balancer_nothing_is_as_planned() {
    check(HttpsStep::Probe, &HttpsStage::Probe, vec![("always", secure(|_| {}), None, "before")]);
    let none = Ground::with(|it| it.load_balancers.clear());
    let mut planned = setup(vec![HttpsStage::Probe]);
    planned.load_balancer = "arn:planned".into();
    for (ground, live) in [(none, "none"), (Ground::new(), LOAD_BALANCER)] {
        let differs = format!("load balancer: arn:planned > {live}");
        assert_eq!(short(planned.state_of(HttpsStep::Probe, &ground.site())), differs);
    }
}

#[test]
fn what_was_agreed_to_is_outdated_when_others_reach_port_80() {
    let reached = |ranges: &[i32]| {
        let rules = ranges.iter().map(|it| tcp(80, &format!("10.{it}.0.0/16"))).collect();
        let group = security_group("sg-1", rules);
        Ground::with(|it| it.groups = vec![group])
    };
    let planned = setup(vec![HttpsStage::Probe, HttpsStage::Rule { group: None, sources: vec![v4("10.1.0.0/16")] }]);
    let open = Ground::with(|it| {
        it.groups = vec![security_group("sg-1", vec![tcp(80, "10.9.0.0/16"), tcp(443, "10.0.0.0/8")])];
    });
    for (state, ground, is_open, differs) in [
        ("as agreed", reached(&[1]), false, None),
        ("one more", reached(&[1, 2]), false, Some("10.1.0.0/16, 10.2.0.0/16")),
        ("another", reached(&[2]), false, Some("10.2.0.0/16")),
        ("it is open by now", open, true, None),
    ] {
        let site = ground.site();
        assert_eq!(planned.is_open(&site), is_open, "{state}");
        let expected = differs.map(|now| format!("who reaches port 80 and not 443: 10.1.0.0/16 > {now}"));
        for step in [HttpsStep::Group, HttpsStep::Rule] {
            let found = planned.outdated(step, &site);
            let found = (!found.is_empty()).then(|| short(StepState::Otherwise(found)));
            assert_eq!(found, expected, "{state}");
        }
        assert_eq!(planned.outdated(HttpsStep::Attach, &site), []);
        assert_eq!(setup(vec![HttpsStage::Probe]).outdated(HttpsStep::Rule, &site), []);
    }
}
