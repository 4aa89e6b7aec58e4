//! For each check of what a probe found one state in which it counts, one in which it does not, and one that is undecided.

use super::cases::{Case, case};
use super::objects::{ago, environment};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Critical, Warning};
use crate::diagnosis::Fix;
use crate::model::{ProbeFinding, ProbeRecord};

fn probed(stage: &mut Stage, seconds: u64, findings: Vec<ProbeFinding>) {
    let record = ProbeRecord { at: ago(seconds), url: "http://web/".to_owned(), findings, unreachable: None };
    stage.snapshot.inventory.probes.insert(environment(), record);
}

fn unreached(stage: &mut Stage) {
    probed(stage, 60, Vec::new());
    let probes = &mut stage.snapshot.inventory.probes;
    probes.values_mut().for_each(|probe| probe.unreachable = Some("no connection within 10 s".to_owned()));
}

fn bad(name: &'static str) -> Vec<ProbeFinding> {
    vec![ProbeFinding::critical(name, "it does not work").shown_by("HTTP 400").fixed_by("do this")]
}

fn poor(name: &'static str) -> Vec<ProbeFinding> {
    vec![ProbeFinding::warning(name, "it is in doubt")]
}

pub const PROBE_CASES: &[Case] = &[
    case("probed-answer", "it failed", Found(Critical), |it| probed(it, 60, bad("application-down"))),
    case("probed-answer", "the path is not there", Found(Warning), |it| probed(it, 60, poor("refused"))),
    case("probed-answer", "only a socket failed", Clear, |it| probed(it, 60, bad("websocket-failed"))),
    case("probed-answer", "it is an hour old", Found(Critical), |it| probed(it, 3600, bad("no-answer"))),
    case("probed-answer", "it is older", Undecided, |it| probed(it, 3601, bad("no-answer"))),
    case("probed-answer", "nothing was reached", Undecided, unreached),
    case("probed-answer", "a remark", Clear, |it| probed(it, 60, vec![ProbeFinding::info("redirect", "x")])),
    case("probed-sockets", "polling breaks", Found(Critical), |it| probed(it, 60, bad("fallback-breaks"))),
    case("probed-sockets", "the upgrade is lost", Found(Critical), |it| probed(it, 60, bad("websocket-upgrade-lost"))),
    case("probed-sockets", "a quiet one is cut", Found(Critical), |it| probed(it, 60, bad("quiet-socket-cut"))),
    case("probed-sockets", "not sticky", Found(Warning), |it| probed(it, 60, poor("not-sticky"))),
    case("probed-sockets", "nothing is wrong", Clear, |it| probed(it, 60, Vec::new())),
    case("probed-sockets", "it is older", Undecided, |it| probed(it, 3601, bad("fallback-breaks"))),
    case("probed-certificate", "another name", Found(Critical), |it| probed(it, 60, bad("bad-certificate"))),
    case("probed-certificate", "ends soon", Found(Warning), |it| probed(it, 60, poor("certificate-expires"))),
    case("probed-certificate", "nothing is wrong", Clear, |it| probed(it, 60, Vec::new())),
    case("probed-certificate", "nothing was reached", Undecided, unreached),
    case("probed-origin", "refused", Found(Critical), |it| probed(it, 60, bad("origin-not-allowed"))),
    case("probed-origin", "no cookie", Found(Warning), |it| probed(it, 60, poor("cookies-not-allowed"))),
    case("probed-origin", "nothing is wrong", Clear, |it| probed(it, 60, Vec::new())),
    case("probed-origin", "it is older", Undecided, |it| probed(it, 7200, bad("origin-not-allowed"))),
];

#[test]
fn a_finding_of_a_probe_has_its_age_and_stickiness_as_its_fix_where_that_is_off() {
    let mut stage = Stage::new();
    probed(&mut stage, 200, [bad("fallback-breaks"), poor("not-sticky")].concat());
    let finding = |stage: &Stage| stage.diagnosis().findings.into_iter().find(|it| it.check.id == "probed-sockets");
    let found = finding(&stage).unwrap();
    assert_eq!((found.summary.as_str(), found.fix), ("it does not work (probed 3 min ago)", None));
    let evidence = ["probe of http://web/; it counts for 60 min", "HTTP 400", "fix: do this", "it is in doubt"];
    assert_eq!(found.evidence, evidence);
    stage.attribute("stickiness.enabled", "false");
    let fix = finding(&stage).unwrap().fix;
    assert!(matches!(fix, Some(Fix::Setting { key, value, .. }) if key == "stickiness.enabled" && value == "true"));
}
