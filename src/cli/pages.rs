//! What commands report when a listing breaks off after its first page: never that something does not exist, and always
//! what is missing, with the exit status of the fault where it leaves the question open.

use serde_json::Value;

use super::bounded::{BoundedFleet, ProcessEnd};
use crate::sim::{Faults, ShortPages, Unreadability};

const LISTINGS: [&str; 3] = [
    "elasticbeanstalk:DescribeEnvironments",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
];

/// What comes in place of the second page, the kind of the fault, and the status of a command that it keeps from
/// answering.
const FAULTS: [(Unreadability, &str, u8); 5] = [
    (Unreadability::Throttled, "throttled", 5),
    (Unreadability::Denied, "denied", 4),
    (Unreadability::Failing, "other", 5),
    (Unreadability::Cut, "", 5),
    (Unreadability::Stalled, "network", 5),
];

fn breaking(action: &str, later: Option<Unreadability>) -> Faults {
    Faults { pages: vec![ShortPages { action: action.to_owned(), most: 3, later }], ..Faults::none() }
}

fn is(ended: &ProcessEnd, status: u8) -> bool {
    ended.status == format!("{:?}", std::process::ExitCode::from(status))
}

/// The answer, whose errors name the listing.
fn answer(ended: &ProcessEnd, (action, kind): (&str, &str), case: &str) -> Value {
    let answer: Value = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{case}\n{}", ended.err));
    let operation = action.split(':').next_back().unwrap();
    let is_it = |error: &Value| {
        let of_kind = kind.is_empty() || error["kind"] == kind;
        of_kind && error["source"].as_str().is_some_and(|source| source.starts_with(operation))
    };
    assert!(answer["errors"].as_array().unwrap().iter().any(is_it), "{case}: {}", answer["errors"]);
    answer
}

#[test]
fn what_was_not_listed_to_its_end_is_said() {
    let fleet = BoundedFleet::new(10);
    for action in LISTINGS {
        let whole = fleet.run("ls -o json", breaking(action, None));
        let whole: Value = serde_json::from_str(&whole.out).unwrap();
        assert_eq!((whole["items"].as_array().map(Vec::len), &whole["errors"]), (Some(10), &serde_json::json!([])));
        for (how, kind, status) in FAULTS {
            let case = |command: &str| format!("{command}, {action}, {how:?}");
            let faults = || breaking(action, Some(how));
            // What was read is printed, and what could not be; a script that needs all of it passes `--strict`.
            let listed = fleet.run("ls -o json", faults());
            let items = answer(&listed, (action, kind), &case("ls"))["items"].as_array().map(Vec::len);
            let expected = if action.ends_with("DescribeEnvironments") { 3 } else { 10 };
            assert_eq!((items, is(&listed, 0)), (Some(expected), true), "{}: {}", case("ls"), listed.status);
            let strict = fleet.run("ls --strict -o json", faults());
            assert!(is(&strict, status), "{}: {}", case("ls --strict"), strict.status);
            let table = fleet.run("ls", faults());
            assert!(table.err.contains(action.split(':').next_back().unwrap()), "{}: {}", case("ls"), table.err);
            // What is not found may be on a page that did not come.
            let missing = "nothing-of-this-name.example.com";
            let found = fleet.run(&format!("find {missing} -o json"), faults());
            let items = answer(&found, (action, kind), &case("find"))["items"].clone();
            assert!(items.is_null() && is(&found, status), "{}: {} {}", case("find"), found.status, found.out);
            assert!(!found.err.contains("nothing in"), "{}: {}", case("find"), found.err);
            let shown = fleet.run("show no-such-environment -o json", faults());
            if action.ends_with("DescribeEnvironments") {
                answer(&shown, (action, kind), &case("show"));
                assert!(is(&shown, status), "{}: {} {}", case("show"), shown.status, shown.err);
                assert!(!shown.err.contains("there is no environment"), "{}: {}", case("show"), shown.err);
            } else {
                assert!(is(&shown, 2), "{}: {} {}", case("show"), shown.status, shown.err);
            }
        }
    }
}
