//! Security groups: who may connect to which ports, and where connections may go to.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
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
    /// The inbound rules, one for each source.
    pub ingress: Vec<Ingress>,
    /// Where connections may go to, a rule for each destination.
    pub egress: Vec<Egress>,
}

/// A source that is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// `tcp`, `udp`, `-1` for everything …
    pub protocol: Arc<str>,
    /// The first and the last port; `None` for a protocol without ports, and for everything.
    pub ports: Option<(i32, i32)>,
    /// From where.
    pub source: TrafficSource,
}

/// A destination to which connections may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Egress {
    /// `tcp`, `udp`, `-1` for everything …
    pub protocol: Arc<str>,
    /// The first and the last port; `None` for a protocol without ports, and for everything.
    pub ports: Option<(i32, i32)>,
    /// To where.
    pub destination: TrafficSource,
}

/// From where connections come, or to where they go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrafficSource {
    /// A range of IPv4 addresses (CIDR).
    Ipv4(Arc<str>),
    /// A range of IPv6 addresses (CIDR).
    Ipv6(Arc<str>),
    /// A managed list of ranges (`pl-…`).
    PrefixList(Arc<str>),
    /// Everything that has this security group; with its account, if AWS names one.
    Group(Arc<str>, Option<Arc<str>>),
}

impl Ingress {
    /// Whether it lets TCP in on this port.
    #[must_use]
    pub fn admits(&self, port: i32) -> bool {
        includes_tcp(&self.protocol, self.ports, port)
    }
}

impl Egress {
    /// Whether it lets TCP out to this port.
    #[must_use]
    pub fn admits(&self, port: i32) -> bool {
        includes_tcp(&self.protocol, self.ports, port)
    }
}

/// Whether a rule for these ports includes TCP on this one.
fn includes_tcp(protocol: &str, ports: Option<(i32, i32)>, port: i32) -> bool {
    match (protocol, ports) {
        ("-1", _) => true,
        // EC2 gives TCP by its number too, when a rule was made with it.
        ("tcp" | "6", Some((from, to))) => (from..=to).contains(&port),
        _ => false,
    }
}

impl TrafficSource {
    /// Whether it is the whole internet.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        matches!(self, Self::Ipv4(range) if &**range == "0.0.0.0/0")
            || matches!(self, Self::Ipv6(range) if &**range == "::/0")
    }

    /// Whether this is wider than the other, or the same: ranges may be wider; lists and groups are only themselves.
    #[must_use]
    pub fn contains(&self, narrow: &Self) -> bool {
        match (self, narrow) {
            (Self::Ipv4(wide), Self::Ipv4(narrow)) => wide == narrow || within(range4(wide), range4(narrow), 32),
            (Self::Ipv6(wide), Self::Ipv6(narrow)) => wide == narrow || within(range6(wide), range6(narrow), 128),
            (Self::Group(one, _), Self::Group(other, _)) => one == other,
            _ => self == narrow,
        }
    }
}

fn within(wide: Option<(u128, u32)>, narrow: Option<(u128, u32)>, bits: u32) -> bool {
    let (Some((wide, length)), Some((narrow, longer))) = (wide, narrow) else { return false };
    let shift = bits - length;
    longer >= length && (shift == 128 || wide >> shift == narrow >> shift)
}

fn range4(text: &str) -> Option<(u128, u32)> {
    let (address, length) = text.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    length.parse().ok().filter(|length| *length <= 32).map(|length| (u32::from(address).into(), length))
}

fn range6(text: &str) -> Option<(u128, u32)> {
    let (address, length) = text.split_once('/')?;
    let address: Ipv6Addr = address.parse().ok()?;
    length.parse().ok().filter(|length| *length <= 128).map(|length| (u128::from(address), length))
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
