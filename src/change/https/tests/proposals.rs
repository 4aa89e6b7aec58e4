//! From the choices to the stages, dangers and warnings: only what is missing is done.

use super::ground::{
    CERTIFICATE, Ground, HTTP, LOAD_BALANCER, POLICY, arn, candidate, certificate, choice, condition, forward,
    listener, redirect, redirecting, rule, security_group, special, target_group, tcp, v4,
};
use crate::change::https::Redirecting::{No, Permanent, Temporary};
use crate::change::https::{Choice, DefaultAction, HttpsStage, Proposal, RedirectingRule};
use crate::change::{OptionChange, Refusal, Route};
use crate::model::{RuleAction, WeightedTargetGroup};

fn propose(ground: &Ground, choice: &Choice) -> Proposal {
    ground.site().propose(choice).unwrap()
}

fn stages(ground: &Ground, choice: &Choice) -> Vec<HttpsStage> {
    propose(ground, choice).operation.setup.unwrap().stages
}

fn to_web() -> DefaultAction {
    DefaultAction::Forward { groups: vec![(arn("web").into(), 1)], stickiness: None }
}

fn on_balancer() -> HttpsStage {
    HttpsStage::Listener { certificate: CERTIFICATE.into(), policy: POLICY.into(), action: to_web() }
}

fn opened(group: Option<&str>) -> HttpsStage {
    HttpsStage::Rule { group: group.map(Into::into), sources: vec![v4("0.0.0.0/0")] }
}

fn by_rule(priority: u32, status: &str, before: Option<&str>) -> HttpsStage {
    let before =
        before.map(|status| RedirectingRule { rule: format!("arn:rule/{priority}").into(), status: status.into() });
    HttpsStage::RedirectRule { listener: HTTP.into(), priority, status: status.into(), before }
}

#[test]
fn only_what_is_missing_is_done() {
    let open = |it: &mut Ground| it.groups[0].ingress.push(tcp(443, "0.0.0.0/0"));
    let made = |it: &mut Ground| it.listeners.push(listener(443));
    let group = HttpsStage::Group {
        name: "beanpole-https-e-1".into(),
        vpc: "vpc-1".into(),
        description: "HTTPS for environment Shop".into(),
    };
    let rows = [
        ("nothing is there", Ground::new(), No, vec![on_balancer(), opened(Some("sg-1")), HttpsStage::Probe]),
        ("443 is open", Ground::with(open), No, vec![on_balancer(), HttpsStage::Probe]),
        ("the listener is there", Ground::with(made), No, vec![opened(Some("sg-1")), HttpsStage::Probe]),
        (
            "all is there",
            Ground::with(|it| {
                open(it);
                made(it);
            }),
            No,
            vec![HttpsStage::Probe],
        ),
        ("no one may reach 80", Ground::with(|it| it.groups.clear()), No, vec![on_balancer(), HttpsStage::Probe]),
        (
            "its group is the default one",
            Ground::with(|it| it.groups[0].name = "default".into()),
            No,
            vec![
                on_balancer(),
                group,
                opened(None),
                HttpsStage::Attach { before: vec!["sg-1".into()] },
                HttpsStage::Probe,
            ],
        ),
        (
            "a redirect by a rule before all others",
            Ground::rules(&[special(1), special(3)]),
            Temporary,
            vec![on_balancer(), opened(Some("sg-1")), HttpsStage::Probe, by_rule(2, "HTTP_302", None)],
        ),
        (
            "a permanent one needs a temporary one first",
            Ground::new(),
            Permanent,
            vec![on_balancer(), opened(Some("sg-1")), HttpsStage::Probe],
        ),
        (
            "the rule that redirects is made permanent",
            Ground::rules(&[redirecting(3, "HTTP_302")]),
            Permanent,
            vec![on_balancer(), opened(Some("sg-1")), HttpsStage::Probe, by_rule(3, "HTTP_301", Some("HTTP_302"))],
        ),
    ];
    for (state, ground, redirecting, expected) in rows {
        assert_eq!(stages(&ground, &choice(redirecting)), expected, "{state}");
    }
    let by_default = Ground::new().default_actions(vec![redirect("HTTP_302")]);
    let last = HttpsStage::Redirect {
        listener: HTTP.into(),
        before: DefaultAction::redirect(false),
        after: DefaultAction::redirect(true),
    };
    assert_eq!(stages(&by_default, &choice(Permanent)).pop(), Some(last));
}

#[test]
fn a_setup_says_where_and_with_what_it_is_tried() {
    let setup = propose(&Ground::new(), &choice(No)).operation.setup.unwrap();
    assert_eq!(
        (setup.route, &*setup.load_balancer, &*setup.dns_name),
        (Route::Elb, LOAD_BALANCER, "awseb--AWSEB-1.elb.example")
    );
    assert_eq!((&*setup.host, &*setup.certificate), ("shop.example.com", "shop.example.com, 90 days left"));
    let mut nameless = choice(No);
    nameless.certificate = candidate(&certificate(&[]), &[]);
    let refused = Ground::new().site().propose(&nameless).unwrap_err();
    assert!(matches!(refused, Refusal::Unsuitable { why } if why.contains("no name that a client could ask for")));
    let unknown = Ground::with(|it| it.environment.endpoint_url = None);
    let shared =
        Ground::with(|it| it.options.push(("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "true")));
    for ground in [unknown, shared] {
        let site = ground.site();
        assert_eq!(site.propose(&choice(No)).err(), site.refusal());
    }
    let serves = propose(&Ground::with(|it| it.target_groups.push(target_group("hand"))), &choice(No)).serves;
    assert_eq!((serves.environments, serves.unowned), (vec!["Shop".into()], vec![]));
}

#[test]
fn a_new_listener_does_what_port_80_does_or_forwards_to_the_only_group() {
    let split = RuleAction::Forward {
        groups: [("web", 1), ("api", 3)]
            .map(|(name, weight)| WeightedTargetGroup { target_group: target_group(name).key, weight })
            .into(),
        group_stickiness: Some(60),
    };
    let as_80 =
        DefaultAction::Forward { groups: vec![(arn("web").into(), 1), (arn("api").into(), 3)], stickiness: Some(60) };
    let two = || {
        Ground::with(|it| {
            it.target_groups.push(target_group("api"));
            it.tags.push((arn("api").into(), super::ground::own_tag("e-1")));
        })
    };
    let redirects = vec![redirect("HTTP_302")];
    for (state, ground, expected) in [
        ("as port 80", two().default_actions(vec![split]), Some(as_80)),
        ("port 80 redirects, one group", Ground::new().default_actions(redirects.clone()), Some(to_web())),
        ("port 80 redirects, two groups", two().default_actions(redirects), None),
        ("no port 80", Ground::with(|it| it.listeners.clear()), Some(to_web())),
    ] {
        let proposed = ground.site().propose(&choice(No));
        match expected {
            Some(expected) => {
                let made = proposed.unwrap().operation.setup.unwrap().stages.remove(0);
                assert!(
                    matches!(&made, HttpsStage::Listener { action, .. } if *action == expected),
                    "{state}: {made:?}"
                );
            }
            None => {
                assert!(matches!(proposed, Err(Refusal::Unsuitable { why }) if why.contains("not clear")), "{state}");
            }
        }
    }
}

/// The options that Beanstalk is given, as `name: before > after`.
fn changes(options: &[(&'static str, &'static str, &'static str)]) -> Result<Vec<String>, Refusal> {
    let ground = Ground::with(|it| it.options = options.to_vec());
    let through = Choice { route: Route::Beanstalk, ..choice(No) };
    let stage = ground.site().propose(&through)?.operation.setup.unwrap().stages.remove(0);
    let HttpsStage::Options { certificate, changes } = stage else { panic!("{stage:?}") };
    assert_eq!(&*certificate, CERTIFICATE);
    let described = |it: &OptionChange| {
        assert_eq!(it.namespace, "aws:elbv2:listener:443");
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        format!("{}: {} > {}", it.name, value(&it.before), value(&it.after))
    };
    Ok(changes.iter().map(described).collect())
}

#[test]
fn through_beanstalk_only_options_that_differ_are_given() {
    const HTTPS: &str = "aws:elbv2:listener:443";
    const HTTP: &str = "aws:elbv2:listener:default";
    let certificate = format!("SSLCertificateArns: - > {CERTIFICATE}");
    let policy = format!("SSLPolicy: - > {POLICY}");
    let (certificate, policy) = (certificate.as_str(), policy.as_str());
    let all = ["ListenerEnabled: - > true", "Protocol: - > HTTPS", certificate, policy, "DefaultProcess: - > default"];
    assert_eq!(changes(&[]).unwrap(), all);
    // The process and the rules are those of port 80.
    let as_80 = changes(&[(HTTP, "DefaultProcess", "web"), (HTTP, "Rules", "api,admin"), (HTTP, "Protocol", "HTTP")]);
    let expected = [&all[..4], &["DefaultProcess: - > web", "Rules: - > api,admin"]].concat();
    assert_eq!(as_80.unwrap(), expected);
    // What is the same is left out, also where it is written differently.
    let some = changes(&[
        (HTTPS, "ListenerEnabled", "false"),
        (HTTPS, "Protocol", "https"),
        (HTTPS, "DefaultProcess", "default"),
        (HTTPS, "SSLPolicy", "old"),
    ]);
    let changed = format!("SSLPolicy: old > {POLICY}");
    assert_eq!(some.unwrap(), ["ListenerEnabled: false > true", certificate, changed.as_str()]);
    let none = changes(&[
        (HTTPS, "ListenerEnabled", "true"),
        (HTTPS, "Protocol", "HTTPS"),
        (HTTPS, "SSLCertificateArns", CERTIFICATE),
        (HTTPS, "SSLPolicy", POLICY),
        (HTTPS, "DefaultProcess", "default"),
    ]);
    assert!(matches!(none, Err(Refusal::Unsuitable { why }) if why.contains("only elb can make it")));
}

#[test]
fn a_second_group_of_its_own_is_opened_where_the_first_is_not() {
    let ground = Ground::with(|it| {
        it.groups[0].name = "default".into();
        it.groups.push(security_group("sg-2", Vec::new()));
        it.load_balancers[0].security_groups.push("sg-2".into());
    });
    assert_eq!(stages(&ground, &choice(No))[1], opened(Some("sg-2")));
    let every = rule(Some(1), vec![condition("path-pattern", &["/*"])], vec![forward("web")]);
    assert!(
        !stages(&Ground::rules(&[every]), &choice(Temporary))
            .iter()
            .any(|it| matches!(it, HttpsStage::RedirectRule { .. }))
    );
}
