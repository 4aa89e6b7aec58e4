//! Certificates that a listener has beside its default one: they end too, and cover names that the default one does not.

use std::time::Duration;

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, certificate, listener, now};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Critical, Warning};
use crate::model::{Answer, Certificate, Key, Source};

const OTHER: &str = "arn:aws:acm:eu-west-1:1:certificate/other";

/// A certificate beside the default one: for this name, and for so many days.
fn beside(stage: &mut Stage, name: &str, days: u64) {
    let mut all: Vec<Certificate> = stage.snapshot.inventory.certificates.values().cloned().collect();
    let other = Certificate {
        key: Key::new(SCOPE, OTHER),
        domain: Some(name.into()),
        names: vec![name.into()],
        not_after: Some(now().plus(Duration::from_secs(days * 86_400))),
        ..stage.snapshot.inventory.certificates[&certificate()].clone()
    };
    all.push(other);
    stage.put(Source::Certificates(SCOPE), Answer::Certificates(all));
    list(stage, &[OTHER]);
}

fn list(stage: &mut Stage, arns: &[&str]) {
    let keys = arns.iter().map(|arn| Key::new(SCOPE, *arn)).collect();
    stage.put(Source::ListenerCertificates(listener(443)), Answer::ListenerCertificates(listener(443), keys));
}

fn unread(stage: &mut Stage) {
    stage.snapshot.inventory.listener_certificates.clear();
    stage.doubt(Source::ListenerCertificates(listener(443)), DENIED);
}

fn asks_for(stage: &mut Stage, name: &str) {
    stage.declared.hostnames = vec![name.to_owned()].leak();
}

/// Each case, by its check.
#[rustfmt::skip]
pub const CERTIFICATE_CASES: &[Case] = &[
    case("certificate-expiry", "one beside the default one, 6 days", Found(Critical), |it| beside(it, "www.shop.example", 6)),
    case("certificate-expiry", "one beside the default one, 300 days", Clear, |it| beside(it, "www.shop.example", 300)),
    case("certificate-expiry", "the default one is listed twice", Clear, |it| list(it, &[&certificate().id])),
    case("certificate-expiry", "those beside the default one denied", Undecided, unread),
    case("certificate-expiry", "one beside the default one is not in ACM's list", Undecided, |it| list(it, &[OTHER])),

    case("certificate-does-not-cover-name", "one beside the default one does", Clear, |it| {
        beside(it, "*.shop.example", 300);
        asks_for(it, "www.shop.example");
    }),
    case("certificate-does-not-cover-name", "neither of two does", Found(Warning), |it| {
        beside(it, "api.shop.example", 300);
        asks_for(it, "www.shop.example");
    }),
    case("certificate-does-not-cover-name", "on a shared load balancer", Found(Warning), |it| {
        it.options(&[("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "true")]);
        asks_for(it, "www.shop.example");
    }),
    case("certificate-does-not-cover-name", "the default one does, the others are denied", Clear, |it| {
        asks_for(it, "shop.example");
        unread(it);
    }),
    case("certificate-does-not-cover-name", "the default one does not, the others are denied", Undecided, |it| {
        asks_for(it, "www.shop.example");
        unread(it);
    }),
    case("certificate-does-not-cover-name", "one beside the default one is not in ACM's list", Undecided, |it| {
        asks_for(it, "www.shop.example");
        list(it, &[OTHER]);
    }),
];
