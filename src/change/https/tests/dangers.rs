//! The dangers and remarks of a proposal: the listener, the sources that are admitted, and the redirect.

use super::ground::{Ground, candidate, certificate, choice, day, listener, redirect, redirecting, special};
use crate::change::Route;
use crate::change::https::Choice;
use crate::change::https::Redirecting::{No, Permanent, Temporary};
use crate::model::{Certificate, TlsPolicy};

const COLLIDES: &str = "DuplicateListener";
const OPENS: &str = "opened to those who reach port 80: 0.0.0.0/0 (everybody)";
const REBUILT: &str = "environment is without this listener";
const PLAIN: &str = "only plain HTTP or ws:// can no longer";
const FOR_EVER: &str = "browsers remember a permanent redirect";
const WITHOUT_RULE: &str = "environment is without this rule";
const ONE_RULE: &str = "the rules of port 80 (1) are not made";
const TWO_RULES: &str = "the rules of port 80 (2) are not made on 443";
const OF_ELB: &[&str] = &[COLLIDES, OPENS];

/// A state, the choices, and a few words of each danger and each warning, in order.
type Row<'a> = (&'a str, Ground, Choice, Vec<&'a str>, Vec<&'a str>);

fn check(rows: Vec<Row<'_>>) {
    for (state, ground, choice, dangers, warnings) in rows {
        let proposal = ground.site().propose(&choice).unwrap();
        for (said, expected) in [(proposal.dangers, dangers), (proposal.warnings, warnings)] {
            assert_eq!(said.len(), expected.len(), "{state}: {said:#?}");
            for (said, expected) in said.iter().zip(expected) {
                assert!(said.contains(expected), "{state}: {said} is not about {expected}");
            }
        }
    }
}

fn through(redirecting: crate::change::https::Redirecting) -> Choice {
    Choice { route: Route::Beanstalk, ..choice(redirecting) }
}

fn two_rules() -> Ground {
    Ground::rules(&[special(1), special(2)])
}

#[test]
fn of_the_listener_and_its_certificate() {
    let of_certificate = |change: fn(&mut Certificate), names: &[&str]| {
        let mut certificate = certificate(&["shop.example.com"]);
        change(&mut certificate);
        Choice { certificate: candidate(&certificate, names), ..choice(No) }
    };
    let old = TlsPolicy { name: "old".into(), protocols: vec!["TLSv1.2".into(), "TLSv1.1".into()] };
    let is_there = Ground::with(|it| it.listeners.push(listener(443)));
    let missing = ["shop.example.com", "www.example.com"];
    check(vec![
        ("on the balancer", Ground::new(), choice(No), OF_ELB.to_vec(), vec![REBUILT]),
        (
            "through Beanstalk",
            Ground::new(),
            through(No),
            vec!["clients reach the load balancer on port 443", OPENS],
            vec!["override .ebextensions"],
        ),
        ("the listener is there", is_there, choice(No), vec![OPENS], vec![]),
        (
            "it does not cover all",
            Ground::new(),
            of_certificate(|_| {}, &missing),
            OF_ELB.to_vec(),
            vec!["the certificate does not cover www.example.com", REBUILT],
        ),
        (
            "30 days",
            Ground::new(),
            of_certificate(|it| it.not_after = Some(day(30)), &[]),
            OF_ELB.to_vec(),
            vec![REBUILT],
        ),
        (
            "29 days",
            Ground::new(),
            of_certificate(|it| it.not_after = Some(day(29)), &[]),
            OF_ELB.to_vec(),
            vec!["the certificate ends in 29 days", REBUILT],
        ),
        (
            "an old policy",
            Ground::new(),
            Choice { policy: old, ..choice(No) },
            OF_ELB.to_vec(),
            vec!["old takes TLS 1.0 or 1.1", REBUILT],
        ),
    ]);
}

#[test]
fn of_what_else_is_on_the_load_balancer() {
    let policy = |policy: &'static str| {
        Ground::with(|it| it.options.push(("aws:elasticbeanstalk:command", "DeploymentPolicy", policy)))
    };
    let copied = Ground::with(|it| {
        it.rules = two_rules().rules;
        it.options.push(("aws:elbv2:listener:default", "Rules", "api"));
    });
    check(vec![
        (
            "splits traffic",
            policy("TrafficSplitting"),
            choice(No),
            OF_ELB.to_vec(),
            vec![REBUILT, "on the old version"],
        ),
        (
            "splits traffic, through Beanstalk",
            policy("TrafficSplitting"),
            through(No),
            vec!["443", OPENS],
            vec!["override"],
        ),
        ("does not split", policy("AllAtOnce"), choice(No), OF_ELB.to_vec(), vec![REBUILT]),
        ("rules on 80", two_rules(), choice(No), OF_ELB.to_vec(), vec![REBUILT, TWO_RULES]),
        ("rules that Beanstalk copies", copied, through(No), vec!["443", OPENS], vec!["override"]),
        ("rules that it does not know", two_rules(), through(No), vec!["443", OPENS], vec!["override", TWO_RULES]),
        (
            "closed",
            Ground::with(|it| it.groups.clear()),
            choice(No),
            vec![COLLIDES],
            vec![REBUILT, "none is allowed on 443"],
        ),
        (
            "a new group",
            Ground::with(|it| it.groups[0].name = "default".into()),
            choice(No),
            OF_ELB.to_vec(),
            vec![
                REBUILT,
                "default is the default group of its VPC: so it is left alone",
                "it stays behind when the environment is terminated",
            ],
        ),
    ]);
}

#[test]
fn of_the_redirect() {
    let plain = || [OF_ELB, &[PLAIN]].concat();
    let for_ever = || [OF_ELB, &[FOR_EVER]].concat();
    let default_redirects = || Ground::rules(&[special(1)]).default_actions(vec![redirect("HTTP_302")]);
    check(vec![
        (
            "a redirect",
            Ground::new(),
            choice(Temporary),
            plain(),
            vec![REBUILT, WITHOUT_RULE, "with priority 1 collides"],
        ),
        (
            "a redirect after one rule",
            Ground::rules(&[special(1)]),
            choice(Temporary),
            plain(),
            vec![REBUILT, ONE_RULE, WITHOUT_RULE, "with priority 2 collides", "rule 1 of port 80 comes first"],
        ),
        (
            "a redirect after two",
            two_rules(),
            choice(Temporary),
            plain(),
            vec![REBUILT, TWO_RULES, WITHOUT_RULE, "with priority 3 collides", "rules 1, 2 of port 80 come first"],
        ),
        (
            "a permanent rule",
            Ground::rules(&[redirecting(3, "HTTP_302")]),
            choice(Permanent),
            for_ever(),
            vec![REBUILT, ONE_RULE, WITHOUT_RULE],
        ),
        (
            "a permanent default, beside a rule",
            default_redirects(),
            choice(Permanent),
            for_ever(),
            vec![REBUILT, ONE_RULE, "may put its own action back on port 80", "only its default action changes"],
        ),
        (
            "a permanent default",
            Ground::new().default_actions(vec![redirect("HTTP_302")]),
            choice(Permanent),
            for_ever(),
            vec![REBUILT, "may put its own action back on port 80"],
        ),
    ]);
}
