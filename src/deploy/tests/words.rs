//! The texts of a report: signals, phases, policies, verdicts and figures.

use super::stage::at;
use crate::deploy::rules::{RULES, rule};
use crate::deploy::verdict::{Leaning, VerdictReason};
use crate::deploy::{Figures, Phase, PhaseStep, Policy, RuleSignal, Timing, UpdateKind, Verdict, VerdictKind};

#[test]
fn a_verdict_says_whether_it_is_final() {
    use Leaning as L;
    use VerdictKind as K;
    // The kind, whether it is early and final, and its text.
    for (kind, early, is_final, words) in [
        (K::Better, false, true, "better"),
        (K::Same, false, false, "same so far"),
        (K::Worse, true, false, "WORSE (early)"),
        (K::Worse, true, true, "WORSE (early)"),
        (K::Worse, false, true, "WORSE"),
        (K::Worse, false, false, "WORSE so far"),
        (K::Failed, false, true, "FAILED"),
        (K::Aborted, false, true, "aborted"),
        (K::Unclear, false, false, "unclear so far"),
        (K::Timeout, false, true, "timeout"),
    ] {
        let verdict = Verdict { kind, early, is_final, ..Verdict::unreadable("") };
        assert_eq!(verdict.words(), words);
        let is_good = !matches!(kind, K::Worse | K::Failed | K::Aborted | K::Timeout);
        assert_eq!(kind.is_good(), is_good, "{kind:?}");
    }
    let (late, unread) = (Verdict::timed_out("no end"), Verdict::unreadable("no access"));
    assert_eq!((late.kind, late.is_final, unread.kind, unread.is_final), (K::Timeout, true, K::Unclear, true));
    for (verdict, leaning, words) in [(late, Leaning::Worse, "no end"), (unread, Leaning::Unclear, "no access")] {
        assert_eq!(verdict.reasons, [VerdictReason::new(RuleSignal::Outcome, leaning, words)]);
        assert!(!verdict.early && verdict.before == Figures::default() && verdict.after == Figures::default());
    }
    assert_eq!([L::Better, L::Worse, L::Unclear, L::Note].map(L::as_str), ["better", "worse", "unclear", "note"]);
}

#[test]
fn only_figures_of_minutes_compare_before_and_after() {
    use Leaning::{Better, Note, Unclear, Worse};
    for (signal, leaning, early, dated, compares) in [
        (RuleSignal::TargetErrors, Worse, false, false, true),
        (RuleSignal::ResponseTime, Better, false, false, true),
        (RuleSignal::TargetErrors, Worse, true, false, false),
        (RuleSignal::TargetErrors, Worse, false, true, false),
        (RuleSignal::TargetErrors, Note, false, false, false),
        (RuleSignal::TargetErrors, Unclear, false, false, false),
        (RuleSignal::Outcome, Worse, false, false, false),
        (RuleSignal::Evidence, Worse, false, false, false),
    ] {
        let reason = VerdictReason { early, at: dated.then(|| at(0)), ..VerdictReason::new(signal, leaning, "") };
        assert_eq!(reason.compares(), compares, "{reason:?}");
    }
}

#[test]
fn a_phase_says_its_batch() {
    // The step, the batch and how many there are, its text and its short text.
    for (step, batch, batches, words, short) in [
        (PhaseStep::Batch, Some(2), Some(3), "batch 2 of 3, ", "2/3 deploying"),
        (PhaseStep::HealthWait, Some(2), Some(3), "batch 2 of 3, ", "2/3 health"),
        (PhaseStep::Batch, Some(2), None, "batch 2, ", "batch 2 deploying"),
        (PhaseStep::Replacing, None, None, "", "replacing"),
        (PhaseStep::Configuring, None, Some(3), "", "settings"),
        (PhaseStep::Launching, None, None, "", "launching"),
        (PhaseStep::Retiring, None, None, "", "retiring"),
        (PhaseStep::TrafficSplitting, None, None, "", "splitting"),
    ] {
        let phase = Phase { batch, batches, ..Phase::new(step, at(0)) };
        assert_eq!((phase.words(), phase.short().as_str()), (format!("{words}{}", step.words()), short));
    }
    let done = Phase { batch: Some(3), batches: Some(3), ..Phase::new(PhaseStep::Done, at(0)) };
    assert_eq!((done.words().as_str(), done.short().as_str()), (PhaseStep::Done.words(), PhaseStep::Done.words()));
    let kinds =
        [UpdateKind::Unknown, UpdateKind::Deploy, UpdateKind::Settings, UpdateKind::Platform].map(UpdateKind::as_str);
    assert_eq!(kinds, ["unknown", "deploy", "settings", "platform"]);
}

#[test]
fn a_rollout_says_its_policy_and_its_batches() {
    use crate::deploy::policy::{Rollout, tests::settings};
    for (options, words) in [
        (&[("DeploymentPolicy", "AllAtOnce")][..], "All at once"),
        (&[("DeploymentPolicy", "Rolling"), ("BatchSizeType", "Percentage"), ("BatchSize", "33")], "Rolling, 33 %"),
        (&[("DeploymentPolicy", "Rolling"), ("BatchSizeType", "Fixed"), ("BatchSize", "2")], "Rolling, 2 at a time"),
        (
            &[("DeploymentPolicy", "RollingWithAdditionalBatch"), ("BatchSizeType", "Fixed"), ("BatchSize", "1")],
            "Rolling with additional batch, 1 at a time",
        ),
        (&[("DeploymentPolicy", "Immutable"), ("BatchSize", "2")], "Immutable"),
        (&[("DeploymentPolicy", "TrafficSplitting")], "Traffic splitting, 10 % for 5m"),
    ] {
        assert_eq!(Rollout::of(&settings(options)).words(), words);
    }
    assert_eq!(Policy::Immutable.words(), "Immutable");
}

#[test]
fn a_rule_says_its_threshold_and_what_it_needs() {
    for (signal, word, threshold, sample) in [
        (RuleSignal::TargetErrors, "target_errors", "+0.5 points and 2× as many", "100 requests"),
        (RuleSignal::ResponseTime, "response_time", "+100 ms and 1.5× as long", "100 requests"),
        (RuleSignal::Outcome, "outcome", "it happens", "–"),
        (
            RuleSignal::UnhealthyTargets,
            "unhealthy_targets",
            "for 10 s or more, over two looks; 120 s if it was never healthy before",
            "–",
        ),
        (RuleSignal::IllInstances, "ill_instances", "for 20 s or more, over two looks", "–"),
    ] {
        let rule = rule(signal);
        assert_eq!((rule.signal, signal.as_str()), (signal, word));
        assert!(rule.threshold().starts_with(threshold), "{}", rule.threshold());
        let waits_for_new_ones = rule.threshold().contains("never healthy before");
        assert_eq!(waits_for_new_ones, signal == RuleSignal::UnhealthyTargets, "{}", rule.threshold());
        assert_eq!(rule.sample(), sample);
    }
    let mut words: Vec<_> = RULES.iter().map(|rule| rule.signal.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), RULES.len(), "each signal has a word of its own");
    assert_eq!(
        [Timing::Decisive, Timing::Early, Timing::Confirming].map(Timing::as_str),
        ["decides", "early", "confirms"]
    );
}

#[test]
fn figures_are_reported_side_by_side() {
    let before = Figures {
        minutes: 10,
        requests_per_second: 1.25,
        target_5xx_percent: 0.5,
        elb_5xx_percent: 0.25,
        target_4xx_percent: 2.0,
        p99_seconds: Some(0.25),
        healthy_minimum: Some(4.0),
        connection_errors: 3.0,
        rejected_connections: 7.0,
        ..Figures::default()
    };
    let rows = Figures::rows(&before, &Figures::default());
    let expected = [
        ("minutes", "10", "0"),
        ("requests/s", "1.2", "0.0"),
        ("5xx of targets", "0.50 %", "0.00 %"),
        ("5xx of the balancer", "0.25 %", "0.00 %"),
        ("4xx of targets", "2.00 %", "0.00 %"),
        ("p99", "250 ms", "–"),
        ("healthy, at the least", "4", "–"),
        ("failed connections", "3", "0"),
        ("refused connections", "7", "0"),
    ];
    assert_eq!(rows, expected.map(|(name, before, after)| (name, before.to_owned(), after.to_owned())));
}

/// Only the figures may differ, and what is merely worth knowing.
#[test]
fn a_verdict_says_the_same_if_its_word_and_what_weighs_are_the_same() {
    let reason = |signal, leaning| VerdictReason::new(signal, leaning, "words");
    let with = |reasons: Vec<VerdictReason>| Verdict { reasons, ..Verdict::nothing() };
    let base = || with(vec![reason(RuleSignal::TargetErrors, Leaning::Worse)]);
    for (state, other, is_same) in [
        ("itself", base(), true),
        ("other words", with(vec![VerdictReason::new(RuleSignal::TargetErrors, Leaning::Worse, "others")]), true),
        (
            "a note more",
            with(vec![reason(RuleSignal::TargetErrors, Leaning::Worse), reason(RuleSignal::Evidence, Leaning::Note)]),
            true,
        ),
        ("other figures", Verdict { before: Figures { minutes: 3, ..Figures::default() }, ..base() }, true),
        ("another signal", with(vec![reason(RuleSignal::ElbErrors, Leaning::Worse)]), false),
        ("another leaning", with(vec![reason(RuleSignal::TargetErrors, Leaning::Better)]), false),
        ("none", with(Vec::new()), false),
        ("another word", Verdict { kind: VerdictKind::Worse, ..base() }, false),
        ("early", Verdict { early: true, ..base() }, false),
        ("final", Verdict { is_final: true, ..base() }, false),
    ] {
        assert_eq!(base().says(&other), is_same, "{state}");
    }
}

/// What a lane shows of an instance's version.
#[test]
fn an_instance_is_labelled_by_what_it_says_or_what_is_known_of_it() {
    use super::stage::Stage;
    let label = |said: &[(&str, &str, i64, &str, i64)], instance: &str| {
        let mut stage = Stage::new("Rolling");
        stage.deployments(said, &[]).look(30);
        stage.watch.versions().label(instance)
    };
    for (status, expected) in [("Deployed", "v2"), ("In Progress", "v2"), ("Failed", "v2 failed")] {
        assert_eq!(label(&[("i-1", "v2", 2, status, 25)], "i-1"), expected);
    }
    assert_eq!(label(&[("i-1", "v2", 2, "Deployed", 25)], "i-2"), "v1→?", "it has not said anything");
    assert_eq!(label(&[], "i-1"), "v1→?");
}

/// Of several targets that fail the first is named, and how many more.
#[test]
fn targets_that_fail_are_named_and_counted() {
    use super::stage::{CALM, INSTANCES, Stage};
    use crate::model::{EnvironmentStatus, TargetState};
    for (count, words) in [
        (1, "i-00000001 with the new version: unhealthy for"),
        (2, "i-00000001 and 1 more with the new version: unhealthy for"),
        (4, "i-00000001 and 3 more with the new version: unhealthy for"),
    ] {
        let mut stage = Stage::new("Rolling");
        stage.minutes(0..20, CALM).all_on("v1", 1).look(15);
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
        stage.all_on("v2", 2).look(30);
        let of = |place: usize| if place < count { TargetState::Unhealthy } else { TargetState::Healthy };
        let targets: Vec<_> = INSTANCES.into_iter().enumerate().map(|(place, id)| (id, of(place))).collect();
        stage.targets(&targets);
        stage.looks(40..80);
        let found = stage.verdict().reasons.iter().find(|it| it.signal == RuleSignal::UnhealthyTargets);
        let found = found.map(|it| it.words.as_str()).unwrap_or_default();
        assert!(found.starts_with(words), "{count}: {found:?} {:?}", stage.verdict());
    }
}
