//! The certificates that an HTTPS listener could present: which names each covers, until when, and what is wrong with it.

use std::sync::Arc;

use super::names::{HostNames, covers};
use crate::model::{Certificate, Moment};

/// The keys that a load balancer takes (ELB User Guide: RSA of 2048, 3072 and 4096 bits, and all of ECDSA).
const KEYS: &[&str] = &["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"];

/// Why a certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has expired.
    Expired,
    /// It is not issued: its status.
    NotIssued(Arc<str>),
    /// A load balancer takes no such key.
    Key(Arc<str>),
}

/// A certificate, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The certificate.
    pub certificate: Certificate,
    /// The host names that it covers.
    pub covered: Vec<Arc<str>>,
    /// The host names that it does not cover, as far as its names are listed.
    pub uncovered: Vec<Arc<str>>,
    /// Whole days until it ends, if that is known.
    pub days: Option<i64>,
    /// Why it cannot be taken at all.
    pub unfit: Option<Unfit>,
}

impl Candidate {
    fn of(certificate: &Certificate, hosts: &HostNames, now: Moment) -> Self {
        let is_covered = |host: &&Arc<str>| certificate.names.iter().any(|name| covers(name, host));
        let (covered, uncovered) = hosts.names.iter().partition::<Vec<_>, _>(is_covered);
        let left = certificate.not_after.map(|end| end.since(now));
        Self {
            certificate: certificate.clone(),
            covered: covered.into_iter().cloned().collect(),
            uncovered: uncovered.into_iter().cloned().collect(),
            days: left.map(|left| i64::try_from(left.as_secs() / 86_400).unwrap_or(i64::MAX)),
            unfit: unfit(certificate, now),
        }
    }

    /// Whether it can be taken, and covers every host name that is known.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.unfit.is_none() && self.uncovered.is_empty()
    }

    /// Its first name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.certificate.domain.as_deref().or(self.certificate.names.first().map(|it| &**it)).unwrap_or("?")
    }

    /// The host name with which it is tried: one that clients use, rather one that it covers; where none is known, one of
    /// its own. A wildcard gets a label.
    #[must_use]
    pub fn probed(&self, label: &str) -> Option<Arc<str>> {
        let own = if self.covered.is_empty() && self.uncovered.is_empty() { &self.certificate.names[..] } else { &[] };
        let names = || self.covered.iter().chain(&self.uncovered).chain(own);
        let plain = names().find(|name| !name.starts_with('*')).cloned();
        let label = label.to_ascii_lowercase();
        plain.or_else(|| names().find_map(|name| Some(format!("{label}.{}", name.strip_prefix("*.")?).into())))
    }

    /// Describes why it cannot be used.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        let more = if self.certificate.has_more_names { ", as far as its names are listed" } else { "" };
        match &self.unfit {
            Some(Unfit::Expired) => Some("expired".to_owned()),
            Some(Unfit::NotIssued(status)) => Some(format!("not issued ({status})")),
            Some(Unfit::Key(key)) => Some(format!("a load balancer takes no {key}")),
            None if self.uncovered.is_empty() => None,
            None => Some(format!("does not cover {}{more}", self.uncovered.join(", "))),
        }
    }
}

fn unfit(certificate: &Certificate, now: Moment) -> Option<Unfit> {
    if certificate.not_after.is_some_and(|end| end <= now) {
        return Some(Unfit::Expired);
    }
    if let Some(status) = certificate.status.as_ref().filter(|status| &***status != "ISSUED") {
        return Some(Unfit::NotIssued(Arc::clone(status)));
    }
    certificate.key_algorithm.as_ref().filter(|key| !KEYS.contains(&&***key)).map(|key| Unfit::Key(Arc::clone(key)))
}

/// All certificates, judged: the best first, which is the one that covers the most and lasts the longest.
#[must_use]
pub fn candidates<'a>(
    certificates: impl Iterator<Item = &'a Certificate>,
    hosts: &HostNames,
    now: Moment,
) -> Vec<Candidate> {
    let mut all: Vec<_> = certificates.map(|certificate| Candidate::of(certificate, hosts, now)).collect();
    all.sort_by(|one, other| {
        let rank = |it: &Candidate| (it.unfit.is_some(), it.uncovered.len(), std::cmp::Reverse(it.days));
        rank(one).cmp(&rank(other)).then_with(|| one.certificate.key.id.cmp(&other.certificate.key.id))
    });
    all
}
