//! `deploy --from`: the version that another environment of the application runs.

use serde_json::json;

use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "a version on its way",
    application!("shop", "v1", "v2"),
    application!("cart", "v9"),
    environment!("staging", version = "v2"),
    environment!("web", version = "v1"),
    environment!("busy", version = "v2", status = "Updating"),
    environment!("cart-web", application = "cart", version = "v9"),
);

#[test]
fn what_another_environment_runs_is_deployed() {
    let stage = Stage::written(SCENARIO);
    let plan = stage.json(&["deploy", "web", "--from", "staging", "--dry-run"], 0);
    assert_eq!(plan["changes"], json!([{ "key": "version_label", "before": "v1", "after": "v2" }]), "{plan}");
    assert!(plan["warnings"].to_string().contains("v2 is what staging runs\""), "{plan}");
    let busy = stage.json(&["deploy", "web", "--from", "busy", "--dry-run"], 0);
    assert!(
        busy["warnings"].to_string().contains("v2 is what busy runs; it is Updating, so that may change"),
        "{busy}"
    );
    for (arguments, words) in [
        (&["--from", "stagin"][..], "there is no environment `stagin`, did you mean `staging`?"),
        (&["--from", "cart-web"], "cart-web is of the application cart, whose versions web of shop cannot run"),
        (&["v1", "--from", "staging"], "cannot be used with"),
        (&[], "required"),
    ] {
        let ran = stage.run(&[&["deploy", "web"], arguments, &["--yes"]].concat());
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(stage.writes(), 0);
    let done = stage.json(&["deploy", "web", "--from", "staging", "--yes", "--timeout", "0"], 0);
    assert_eq!((&done["outcome"], stage.writes()), (&json!("applied"), 1), "{done}");
}
