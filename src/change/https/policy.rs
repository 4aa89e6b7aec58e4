//! TLS policies: which one to take for a new listener. Never none: the API would then take the one of 2016, with TLS 1.0.

use crate::model::TlsPolicy;

/// The recommended policies, the best first: the console's own default, then its predecessor (ELB User Guide).
const RECOMMENDED: &[&str] = &["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-2-2021-06"];

/// The policies with the recommended one first, then those for clients that are not old, then the rest.
#[must_use]
pub fn in_order(mut policies: Vec<TlsPolicy>) -> Vec<TlsPolicy> {
    let place = |it: &TlsPolicy| RECOMMENDED.iter().position(|name| **name == *it.name).unwrap_or(RECOMMENDED.len());
    policies.sort_by(|one, other| {
        let rank = |it: &TlsPolicy| (place(it), is_old(it));
        rank(one).cmp(&rank(other)).then_with(|| other.name.cmp(&one.name))
    });
    policies
}

/// Whether it is one of those that are recommended.
#[must_use]
pub fn is_recommended(policy: &TlsPolicy) -> bool {
    RECOMMENDED.contains(&&*policy.name)
}

/// Whether it takes protocols that are given up (TLS 1.0 and 1.1, RFC 8996).
#[must_use]
pub fn is_old(policy: &TlsPolicy) -> bool {
    policy.protocols.iter().any(|protocol| matches!(&**protocol, "SSLv3" | "TLSv1" | "TLSv1.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str, protocols: &[&str]) -> TlsPolicy {
        TlsPolicy { name: name.into(), protocols: protocols.iter().map(|it| (*it).into()).collect() }
    }

    #[test]
    fn the_recommended_one_comes_first_and_old_ones_last() {
        let names = |policies| in_order(policies).into_iter().map(|it| it.name.to_string()).collect::<Vec<_>>();
        let old = policy("ELBSecurityPolicy-2016-08", &["TLSv1", "TLSv1.1", "TLSv1.2"]);
        let plain = policy("ELBSecurityPolicy-FS-1-2-2019-08", &["TLSv1.2"]);
        let good = policy("ELBSecurityPolicy-TLS13-1-2-2021-06", &["TLSv1.2", "TLSv1.3"]);
        let best = policy("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", &["TLSv1.2", "TLSv1.3"]);
        let all = vec![old.clone(), plain.clone(), good.clone(), best];
        assert_eq!(
            names(all)[..2],
            ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-2-2021-06"]
        );
        assert_eq!(names(vec![old, plain, good])[2], "ELBSecurityPolicy-2016-08");
    }
}
