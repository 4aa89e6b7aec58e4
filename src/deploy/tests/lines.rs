//! The lines of a deploy, as pipelines read them.

use super::stage::{CALM, Stage};
use super::verdicts::deploy;
use crate::model::Moment;

fn lines(stage: &mut Stage, seconds: std::ops::Range<i64>) -> Vec<serde_json::Value> {
    stage.looks(seconds).iter().map(|it| serde_json::to_value(it).unwrap()).collect()
}

#[test]
fn each_line_has_its_type_and_its_time() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..30, CALM);
    deploy(&mut stage);
    let all = lines(&mut stage, 310..900);
    assert!(all.iter().all(|line| line["at"].as_str().unwrap().ends_with('Z')));
    let types: std::collections::BTreeSet<_> = all.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert!(types.contains("metrics") && types.contains("verdict"), "{types:?}");
    let last = all.iter().rev().find(|line| line["type"] == "verdict").unwrap();
    assert_eq!((&last["final"], &last["verdict"]), (&true.into(), &"same".into()), "{last}");
}

/// Figures may be revised until they are four minutes old: three that they are late, and the minute itself.
#[test]
fn a_minute_is_provisional_until_it_is_no_longer_revised() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..30, CALM);
    deploy(&mut stage);
    let (mut fresh, mut settled) = (0, 0);
    for line in lines(&mut stage, 310..900).iter().filter(|line| line["type"] == "metrics") {
        let time = |field: &str| Moment(line[field].as_str().unwrap().parse().unwrap());
        let is_fresh = time("at").since(time("minute")).as_secs() < 240;
        assert_eq!(line["provisional"], is_fresh, "{line}");
        *(if is_fresh { &mut fresh } else { &mut settled }) += 1;
    }
    assert!(fresh > 0 && fresh + settled > 3, "{fresh} fresh, {settled} settled");
}
