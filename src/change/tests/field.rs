//! Settings in their present state: which option belongs to which, and what drifts.

use super::stage::{PROCESS, Stage};
use crate::change::settings::settings;
use crate::change::{Field, Object, drift};

fn field(stage: &Stage, key: &str) -> Field {
    stage.with(|basis| {
        let all = basis.objects().into_iter().flat_map(|object| basis.fields(&object));
        all.into_iter().find(|field| field.key == key).unwrap_or_else(|| panic!("no {key}"))
    })
}

#[test]
fn an_object_that_no_option_is_about_has_no_namespace() {
    let stage = Stage::new();
    let namespaces = |stage: &Stage| -> Vec<Option<String>> {
        stage.with(|basis| {
            basis.objects().iter().map(|object| basis.namespace(object).map(|it| it.to_string())).collect()
        })
    };
    let own = |it: &str| Some(it.to_owned());
    assert_eq!(namespaces(&stage), [own(PROCESS), own("aws:elbv2:loadbalancer"), None, None], "listeners have none");
    let with = stage.option("aws:elbv2:listener:443", "SSLPolicy", Some("ELBSecurityPolicy-2016-08"));
    assert_eq!(namespaces(&with)[2..], [None, own("aws:elbv2:listener:443")]);
    // On a shared load balancer only the process's options can be written.
    let shared = with.option("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", Some("true"));
    assert_eq!(namespaces(&shared), [own(PROCESS), None, None, None]);
}

#[test]
fn a_field_has_its_live_value_its_option_and_both_defaults() {
    let delay = field(&Stage::new(), "deregistration_delay.timeout_seconds");
    let option = delay.option.clone().unwrap();
    assert_eq!((delay.live.as_deref(), option.value.as_deref(), option.effective()), (Some("20"), Some("20"), "20"));
    assert!(delay.is_default() && !delay.drifts());
    let interval = field(&Stage::new(), "health_check.interval");
    let option = interval.option.clone().unwrap();
    assert_eq!((option.value, option.default), (None, "15"));
    assert!(interval.is_default());
    assert!(field(&Stage::new(), "slow_start.duration_seconds").option.is_none());
}

#[test]
fn drift_is_a_live_value_that_its_option_does_not_say() {
    let keys = |stage: &Stage| -> Vec<String> {
        stage.with(|basis| drift(basis).unwrap().iter().map(|it| it.key.to_string()).collect())
    };
    assert_eq!(keys(&Stage::new()), [""; 0]);
    let stage = Stage::new().live("deregistration_delay.timeout_seconds", "45").live("stickiness.enabled", "false");
    assert_eq!(keys(&stage), ["deregistration_delay.timeout_seconds", "stickiness.enabled"]);
    // Without stickiness its duration means nothing.
    let stage = Stage::new().live("stickiness.lb_cookie.duration_seconds", "60");
    assert_eq!(keys(&stage), ["stickiness.lb_cookie.duration_seconds"]);
    assert_eq!(
        keys(&stage.live("stickiness.enabled", "false").option(PROCESS, "StickinessEnabled", Some("false"))),
        [""; 0]
    );
    assert_eq!(keys(&Stage::new().live("deregistration_delay.timeout_seconds", "020")), [""; 0], "numbers are numbers");
}

#[test]
fn every_object_has_the_settings_of_its_kind() {
    let count = Stage::new().with(|basis| {
        let objects = basis.objects();
        assert!(matches!(
            objects[..],
            [Object::TargetGroup(_), Object::LoadBalancer(_), Object::Listener(..), Object::Listener(..)]
        ));
        objects.iter().map(|object| basis.fields(object).len()).sum::<usize>()
    });
    let listeners = settings().filter(|facts| facts.object == crate::change::settings::ObjectKind::Listener).count();
    assert_eq!(count, settings().count() + listeners, "two listeners");
}
