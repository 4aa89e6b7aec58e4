//! The host names that clients use for an environment, and which names a certificate is good for.
//!
//! The configuration counts; else the host-header values of the rules that lead to the environment's target
//! groups. Names of Beanstalk's own domain do not count: it is AWS's, and no certificate of ACM can cover them.

use std::sync::Arc;

use crate::model::{Environment, Key, Rule, RuleAction, TargetGroup};

/// Beanstalk's own domain, for which only AWS gets certificates.
const BEANSTALK_DOMAIN: &str = ".elasticbeanstalk.com";

/// Where the host names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `hostnames` in the configuration.
    Configured,
    /// Host-header conditions of listener rules.
    Rules,
    /// Unknown; then the names of the certificate count.
    Certificate,
}

/// The host names of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostNames {
    /// The names, in lower case, each once; a name may begin with `*.`.
    pub names: Vec<Arc<str>>,
    /// Where they come from.
    pub origin: Origin,
}

impl HostNames {
    /// The names of an environment: those that are configured, else those of the rules that forward to its groups.
    #[must_use]
    pub fn of<'a>(
        environment: &Environment,
        configured: &[String],
        rules: impl Iterator<Item = &'a Rule>,
        groups: &[Key<TargetGroup>],
    ) -> Self {
        let configured = normal(configured.iter().map(String::as_str));
        if !configured.is_empty() {
            return Self { names: configured, origin: Origin::Configured };
        }
        let leads_here = |rule: &&Rule| rule.actions.iter().any(|action| forwards_to(action, groups));
        let conditions = rules.filter(leads_here).flat_map(|rule| &rule.conditions);
        let hosts = conditions.filter(|it| &*it.field == "host-header").flat_map(|it| &it.values);
        let own = environment.cname.as_deref().unwrap_or_default();
        let names = normal(hosts.map(|host| &**host).filter(|host| !host.eq_ignore_ascii_case(own) && is_name(host)));
        let origin = if names.is_empty() { Origin::Certificate } else { Origin::Rules };
        Self { names, origin }
    }
}

fn forwards_to(action: &RuleAction, groups: &[Key<TargetGroup>]) -> bool {
    matches!(action, RuleAction::Forward { groups: to, .. } if to.iter().any(|it| groups.contains(&it.target_group)))
}

/// Whether a host-header value is a name, or a name with a wildcard for its first label: other patterns and regular
/// expressions are no names.
fn is_name(value: &str) -> bool {
    let rest = value.strip_prefix("*.").unwrap_or(value);
    rest.contains('.') && rest.chars().all(|it| it.is_ascii_alphanumeric() || "-._".contains(it))
}

fn normal<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Arc<str>> {
    let mut known: Vec<Arc<str>> = Vec::new();
    for name in names.map(|name| name.trim().trim_end_matches('.').to_ascii_lowercase()) {
        if !name.is_empty() && !name.ends_with(BEANSTALK_DOMAIN) && !known.iter().any(|it| **it == *name) {
            known.push(name.into());
        }
    }
    known
}

/// Returns whether a certificate's name covers a host. A wildcard matches exactly one label: `*.example.com` covers
/// `a.example.com`, but neither `example.com` nor `a.b.example.com`.
#[must_use]
pub fn covers(name: &str, host: &str) -> bool {
    let (name, host) =
        (name.trim_end_matches('.').to_ascii_lowercase(), host.trim_end_matches('.').to_ascii_lowercase());
    if name == host {
        return !host.is_empty();
    }
    match (name.strip_prefix("*."), host.split_once('.')) {
        (Some(domain), Some((label, rest))) => !label.is_empty() && label != "*" && rest == domain,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        for (name, host) in
            [("*.example.com", "a.example.com"), ("A.example.com", "a.EXAMPLE.com."), ("*.b.c", "*.b.c")]
        {
            assert!(covers(name, host), "{name} {host}");
        }
        for (name, host) in [
            ("*.example.com", "example.com"),
            ("*.example.com", "a.b.example.com"),
            ("*.example.com", ".example.com"),
            ("a.example.com", "*.example.com"),
            ("*.com", "*.example.com"),
            ("*", "com"),
            ("", ""),
        ] {
            assert!(!covers(name, host), "{name} {host}");
        }
    }

    #[test]
    fn patterns_are_no_names() {
        for name in ["www.example.com", "*.example.com", "a-b.example.com"] {
            assert!(is_name(name), "{name}");
        }
        for pattern in ["*", "www.*.com", "w?w.example.com", "/^www/", "localhost"] {
            assert!(!is_name(pattern), "{pattern}");
        }
    }

    #[test]
    fn names_of_beanstalks_domain_do_not_count() {
        let names =
            normal(["Shop.example.com.", "shop.example.com", "x.eu-west-1.elasticbeanstalk.com", " "].into_iter());
        assert_eq!(names, ["shop.example.com".into()]);
    }
}
