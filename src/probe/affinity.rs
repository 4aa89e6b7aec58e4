//! Whether a client that keeps its cookies stays with one target.

use std::collections::BTreeSet;

use super::client::{ProbeAnswer, ProbeClient, ProbeRequest};
use super::cookies::CookieJar;
use super::marker::Marker;

/// What two rounds of requests showed: one with the newest cookie, one without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AffinityReport {
    /// The requests of one round.
    pub requests: usize,
    /// Whether a marker was given.
    pub is_marked: bool,
    /// The targets that answered with the newest cookie, in order; answers without the marker are left out.
    pub with_cookie: Vec<String>,
    /// The targets that answered without a cookie.
    pub without_cookie: Vec<String>,
    /// Whether one of the load balancer's cookies was set.
    pub is_cookie_set: bool,
}

/// What follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AffinityVerdict {
    /// One target with the cookie, several without.
    Kept,
    /// Several targets with the cookie.
    Lost,
    /// No marker was given.
    NoMarker,
    /// The marker is in none of the answers, or in too few.
    NotMarked,
    /// All answers are from one target, with and without the cookie.
    OneTarget,
}

impl AffinityReport {
    /// Sends the requests, and counts who answered.
    pub async fn measure(client: &mut ProbeClient, path: &str, requests: usize, marker: Option<&Marker>) -> Self {
        let mut report = Self { requests, is_marked: marker.is_some(), ..Self::default() };
        let mut jar = CookieJar::default();
        let ask = ProbeRequest::get(path);
        for number in 0..=requests {
            if client.is_silent() {
                return report;
            }
            let Ok(answer) = client.send(&ask, Some(&mut jar)).await else { continue };
            report.is_cookie_set |= sets_cookie(&answer);
            // The first one had no cookie yet.
            if number > 0 {
                report.with_cookie.extend(marker.and_then(|marker| marker.of(&answer)));
            } else {
                report.without_cookie.extend(marker.and_then(|marker| marker.of(&answer)));
                // The target that set the cookie is the one to stay with.
                report.with_cookie.clone_from(&report.without_cookie);
            }
        }
        for _ in 0..requests {
            if client.is_silent() {
                break;
            }
            let Ok(answer) = client.send(&ask, None).await else { continue };
            report.without_cookie.extend(marker.and_then(|marker| marker.of(&answer)));
        }
        report
    }

    /// Returns what follows.
    #[must_use]
    pub fn verdict(&self) -> AffinityVerdict {
        let distinct = |markers: &[String]| markers.iter().collect::<BTreeSet<_>>().len();
        if !self.is_marked {
            return AffinityVerdict::NoMarker;
        }
        match (distinct(&self.with_cookie), self.targets_seen()) {
            (2.., _) => AffinityVerdict::Lost,
            (1, 2..) if self.with_cookie.len() > 1 => AffinityVerdict::Kept,
            (1, _) if self.with_cookie.len() > 1 => AffinityVerdict::OneTarget,
            _ => AffinityVerdict::NotMarked,
        }
    }

    /// How many targets answered.
    #[must_use]
    pub fn targets_seen(&self) -> usize {
        self.with_cookie.iter().chain(&self.without_cookie).collect::<BTreeSet<_>>().len()
    }
}

impl AffinityVerdict {
    /// Returns whether a client stays with its target; `None` if that is not proven.
    #[must_use]
    pub fn is_kept(self) -> Option<bool> {
        match self {
            Self::Kept => Some(true),
            Self::Lost => Some(false),
            Self::NoMarker | Self::NotMarked | Self::OneTarget => None,
        }
    }

    /// Describes it.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Kept => "kept: one target with the cookie, several without",
            Self::Lost => "not kept: a client that returns is sent to several targets",
            Self::NoMarker => "cannot be proven from outside without a marker",
            Self::NotMarked => "cannot be proven: the marker is not in the answers",
            Self::OneTarget => "cannot be proven: one target answered everything",
        }
    }
}

fn sets_cookie(answer: &ProbeAnswer) -> bool {
    super::cookies::SetCookie::all(&answer.headers).any(|cookie| super::cookies::purpose(&cookie.name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_case() {
        let report = |with: &[&str], without: &[&str], is_marked| AffinityReport {
            requests: 3,
            is_marked,
            with_cookie: with.iter().map(|it| (*it).to_owned()).collect(),
            without_cookie: without.iter().map(|it| (*it).to_owned()).collect(),
            is_cookie_set: true,
        };
        let cases: [(&[&str], &[&str], bool, AffinityVerdict); 6] = [
            (&["a", "a", "a"], &["a", "b"], true, AffinityVerdict::Kept),
            (&["a", "b"], &["a", "b"], true, AffinityVerdict::Lost),
            (&["a", "a"], &["a"], true, AffinityVerdict::OneTarget),
            (&[], &[], true, AffinityVerdict::NotMarked),
            (&["a"], &["a", "b"], true, AffinityVerdict::NotMarked),
            (&[], &[], false, AffinityVerdict::NoMarker),
        ];
        for (with, without, is_marked, expected) in cases {
            assert_eq!(report(with, without, is_marked).verdict(), expected, "{with:?} {without:?}");
        }
        assert_eq!(report(&["a"], &["b", "c"], true).targets_seen(), 3);
    }
}
