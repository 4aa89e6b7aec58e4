//! Security groups: who may connect to which ports.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Attributes, Key};

/// A security group (`DescribeSecurityGroups`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id (`sg-…`).
    pub key: Key<SecurityGroup>,
    /// Its name, unique in its VPC; `default` is the VPC's own.
    pub name: Arc<str>,
    /// The VPC.
    pub vpc: Option<Arc<str>>,
    /// Its tags.
    pub tags: Attributes,
    /// Who is let in, a rule for each source.
    pub ingress: Vec<Ingress>,
}

/// A source that is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// `tcp`, `udp`, `-1` for everything …
    pub protocol: Arc<str>,
    /// The first and the last port; `None` for a protocol without ports, and for everything.
    pub ports: Option<(i32, i32)>,
    /// From where.
    pub source: TrafficSource,
}

/// From where connections come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrafficSource {
    /// A range of IPv4 addresses (CIDR).
    Ipv4(Arc<str>),
    /// A range of IPv6 addresses (CIDR).
    Ipv6(Arc<str>),
    /// A managed list of ranges (`pl-…`).
    PrefixList(Arc<str>),
    /// Whatever carries this security group; with its account, if AWS names one.
    Group(Arc<str>, Option<Arc<str>>),
}

impl Ingress {
    /// Whether it lets TCP in on this port.
    #[must_use]
    pub fn admits(&self, port: i32) -> bool {
        match (&*self.protocol, self.ports) {
            ("-1", _) => true,
            // EC2 gives TCP by its number too, when a rule was made with it.
            ("tcp" | "6", Some((from, to))) => (from..=to).contains(&port),
            _ => false,
        }
    }
}

impl TrafficSource {
    /// Whether it is the whole internet.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        matches!(self, Self::Ipv4(range) if &**range == "0.0.0.0/0")
            || matches!(self, Self::Ipv6(range) if &**range == "::/0")
    }
}

impl fmt::Display for TrafficSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4(text) | Self::Ipv6(text) if self.is_everybody() => write!(f, "{text} (everybody)"),
            Self::Ipv4(text) | Self::Ipv6(text) | Self::PrefixList(text) => f.write_str(text),
            Self::Group(id, _) => write!(f, "group {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_may_be_wider_than_the_port() {
        let rule = |protocol: &str, ports| Ingress {
            protocol: protocol.into(),
            ports,
            source: TrafficSource::Ipv4("10.0.0.0/8".into()),
        };
        for wide in [rule("-1", None), rule("tcp", Some((443, 443))), rule("6", Some((0, 65_535)))] {
            assert!(wide.admits(443), "{wide:?}");
        }
        for other in [rule("udp", Some((443, 443))), rule("tcp", Some((80, 442))), rule("icmp", None)] {
            assert!(!other.admits(443), "{other:?}");
        }
    }
}
