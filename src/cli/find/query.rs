//! The query of `find`: its shape decides which calls could answer it.

use std::net::IpAddr;
use std::sync::Arc;

use crate::model::{Instance, Key, LoadBalancer, ScopeId, Source, load_balancer_of};

/// A query by its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// A name, an environment's id or a DNS name.
    Name(String),
    /// The ARN of a load balancer or a target group.
    Arn(String),
    /// The ARN of a certificate of ACM or IAM.
    Certificate(String),
    /// The ARN of a listener or of one of its rules.
    Routing(String),
    /// An instance's id.
    Instance(String),
    /// A private address, or the address of a single instance.
    Address(String),
}

impl Query {
    /// The shape of a text.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let id = text.strip_prefix("i-").filter(|digits| digits.len() >= 8);
        match () {
            () if load_balancer_of(text).is_some() => Self::Routing(text.to_owned()),
            () if text.starts_with("arn:") && is_certificate(text) => Self::Certificate(text.to_owned()),
            () if text.starts_with("arn:") => Self::Arn(text.to_owned()),
            () if id.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) => {
                Self::Instance(text.to_ascii_lowercase())
            }
            () if text.parse::<IpAddr>().is_ok() => Self::Address(text.to_owned()),
            () => Self::Name(text.to_owned()),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(text)
            | Self::Arn(text)
            | Self::Certificate(text)
            | Self::Routing(text)
            | Self::Instance(text)
            | Self::Address(text) => text,
        }
    }

    /// The host name of a query that may be one, without what a URL has around it.
    pub fn host(&self) -> Option<&str> {
        let Self::Name(text) = self else { return None };
        let host = host_of(text);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'*' | b'_');
        (host.contains('.') && host.bytes().all(is_name)).then_some(host)
    }

    /// The load balancer that a listener's or a rule's ARN names.
    pub fn load_balancer(&self, scope: ScopeId) -> Option<Key<LoadBalancer>> {
        load_balancer_of(self.as_str()).map(|arn| Key::new(scope, arn))
    }

    /// The one call that knows an instance by its id or its address.
    pub fn instance(&self, scope: ScopeId) -> Option<Source> {
        let key = |text: &str| -> Key<Instance> { Key::new(scope, text) };
        match self {
            Self::Instance(id) => Some(Source::Instance(key(id))),
            Self::Address(address) => Some(Source::InstanceAt(key(address))),
            _ => None,
        }
    }

    /// Whether a DNS name is the one that is looked for: case does not count, nor does what a URL has around it, nor the
    /// `dualstack.` that the console puts before a load balancer's name.
    pub fn is_host(&self, name: &Arc<str>) -> bool {
        let host = host_of(self.as_str());
        let is = |host: &str| !host.is_empty() && host.eq_ignore_ascii_case(name);
        is(host) || host.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("dualstack.") && is(&host[10..]))
    }
}

/// Returns the host of a URL, or of a prefix of one. Most queries are no URI: there is a path without a scheme, or an ARN.
fn host_of(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default().trim_end_matches('.')
}

/// Returns whether an ARN is a certificate's: of ACM, or of IAM.
fn is_certificate(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next(), parts.nth(2).unwrap_or_default());
    match service {
        Some("acm") => resource.starts_with("certificate/"),
        Some("iam") => resource.starts_with("server-certificate/"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:";
        assert!(matches!(Query::new("shop-web-prod"), Query::Name(_)));
        assert!(matches!(Query::new("e-abc1234567"), Query::Name(_)));
        assert!(matches!(Query::new("i-love-this-shop"), Query::Name(_)));
        assert_eq!(Query::new(" i-0A1B2C3D4E5F60718 "), Query::Instance("i-0a1b2c3d4e5f60718".into()));
        assert!(matches!(Query::new("10.0.3.7"), Query::Address(_)));
        assert!(matches!(Query::new(&format!("{arn}loadbalancer/app/lb/50dc")), Query::Arn(_)));
        assert!(matches!(Query::new("arn:aws:acm:eu-west-1:1:certificate/12-34"), Query::Certificate(_)));
        assert!(matches!(Query::new("arn:aws-cn:iam::1:server-certificate/shop"), Query::Certificate(_)));
        assert!(matches!(Query::new("arn:aws:iam::1:role/shop"), Query::Arn(_)));
        assert!(matches!(Query::new(&format!("{arn}listener/app/lb/50dc/f2f7")), Query::Routing(_)));
        assert!(matches!(Query::new(&format!("{arn}listener-rule/app/lb/50dc/f2f7/9683")), Query::Routing(_)));
    }

    #[test]
    fn dns_names_are_found_however_they_are_written() {
        let name = "awseb--AWSEB-1.eu-west-1.elb.amazonaws.com".into();
        for text in [
            "AWSEB--awseb-1.eu-west-1.elb.amazonaws.com",
            "awseb--AWSEB-1.eu-west-1.elb.amazonaws.com.",
            "https://awseb--AWSEB-1.eu-west-1.elb.amazonaws.com/login?next=/",
            "dualstack.awseb--AWSEB-1.eu-west-1.elb.amazonaws.com:443",
        ] {
            assert!(Query::new(text).is_host(&name), "{text}");
        }
        assert!(!Query::new("eu-west-1.elb.amazonaws.com").is_host(&name));
        assert!(!Query::new("").is_host(&"".into()));
    }
}
