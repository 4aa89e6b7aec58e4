//! Security groups: one for an environment's instances, one for its load balancer, the VPC's default one, and those that
//! are made.

use super::values::Pair;
use std::net::Ipv4Addr;

#[derive(Debug)]
pub struct SecurityGroup {
    pub id: String,
    pub name: String,
    pub description: String,
    /// The inbound rules, one for each source.
    pub ingress: Vec<Ingress>,
    /// What is let out, a rule for each; with a peer to which it goes.
    pub egress: Vec<Ingress>,
    pub tags: Vec<Pair>,
    /// Whether it was deleted.
    pub gone: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// `tcp`, `-1` ...
    pub protocol: String,
    /// None: all.
    pub ports: Option<(u16, u16)>,
    pub peer: Peer,
    /// When a rule of Beanstalk's begins; scenario time.
    pub since: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    Range(String),
    Range6(String),
    PrefixList(String),
    Group(String),
}

impl Ingress {
    pub(super) fn tcp(port: u16, peer: Peer) -> Self {
        Self { protocol: "tcp".to_owned(), ports: Some((port, port)), peer, since: i64::MIN }
    }

    /// Whether it is the same rule, whenever it was made.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.protocol, self.ports, &self.peer) == (&other.protocol, other.ports, &other.peer)
    }

    /// Whether it lets an address in on a TCP port. Who is in a list or carries a group is not known here.
    pub fn admits(&self, address: Ipv4Addr, port: u16, time: i64) -> bool {
        let Peer::Range(range) = &self.peer else { return false };
        let is_port = self.protocol == "-1"
            || (self.protocol == "tcp" && self.ports.is_some_and(|(from, to)| (from..=to).contains(&port)));
        self.since <= time && is_port && contains(range, address)
    }
}

fn contains(range: &str, address: Ipv4Addr) -> bool {
    let Some((base, length)) = range.split_once('/') else { return false };
    let (Ok(base), Ok(length)) = (base.parse::<Ipv4Addr>(), length.parse::<u32>()) else { return false };
    let shift = 32_u32.saturating_sub(length);
    shift == 32 || u32::from(base) >> shift == u32::from(address) >> shift
}
