//! Small facts that much else depends on.

use super::inventory::at;
use crate::model::{Answer, Batch, Covers, Delta, Identity, Inventory, Key, Listener, ScopeId, duration_words};

#[test]
fn who_we_are_is_kept_and_is_news_once() {
    let mut inventory = Inventory::default();
    let identity = |account: &str| Identity { account: Some(account.into()), arn: Some("arn:me".into()) };
    let mut read = |account: &str| {
        let answer = Answer::Identity(identity(account));
        let delta = inventory.replace(Batch { covers: Covers::All, answer }, at(0));
        (delta.other, delta == Delta::default(), inventory.identity.clone())
    };
    assert_eq!(read("1"), (true, false, Some(identity("1"))));
    assert_eq!(read("1"), (false, true, Some(identity("1"))));
    assert_eq!(read("2"), (true, false, Some(identity("2"))));
}

#[test]
fn a_listener_is_secure_by_its_protocol() {
    let listener = |protocol: Option<&str>| Listener {
        key: Key::new(ScopeId(0), "arn:listener/1"),
        load_balancer: Key::new(ScopeId(0), "arn:lb/1"),
        protocol: protocol.map(Into::into),
        port: Some(443),
        ssl_policy: None,
        certificates: Vec::new(),
        default_actions: Vec::new(),
    };
    for (protocol, is_secure) in [(Some("HTTPS"), true), (Some("TLS"), true), (Some("HTTP"), false), (None, false)] {
        assert_eq!(listener(protocol).is_secure(), is_secure, "{protocol:?}");
    }
}

#[test]
fn durations_are_reported_in_the_largest_unit_that_is_exact() {
    let words = [0, 1, 60, 90, 3_600, 5_400, 7_200, 86_400, 90_000, 604_800].map(duration_words);
    assert_eq!(words, ["0s", "1s", "1m", "90s", "1h", "90m", "2h", "1d", "25h", "7d"]);
}
