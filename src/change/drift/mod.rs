//! Live values that differ from the option settings which should have made them.
//!
//! An option that is unset never drifts: Beanstalk has no wish there that could be compared, and its default is what it
//! would write, not what somebody asked for. Nor does anything where it is ambiguous which process a target group is.

use std::sync::Arc;

use super::field::{Basis, Field, Object};
use super::settings::settings_of;
use crate::model::{Key, TargetGroup};

/// One live value that is not what its option says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The target group; `None` for the load balancer's and its listeners' own.
    pub target_group: Option<Key<TargetGroup>>,
    /// The setting, as `set` takes it.
    pub key: Arc<str>,
    /// The live value.
    pub live: Arc<str>,
    /// The option's value.
    pub desired: Arc<str>,
    /// The option's namespace.
    pub namespace: Arc<str>,
    /// The option.
    pub option: &'static str,
}

/// All drift of an environment, target groups first; `None` until its option settings are read.
#[must_use]
pub fn drift(basis: &Basis<'_>) -> Option<Vec<Drift>> {
    basis.settings()?;
    let known = basis.objects().into_iter().filter(|object| basis.namespace(object).is_some());
    let fields = known.flat_map(|object| {
        let with_options = settings_of(object.kind()).filter(|facts| facts.option.is_some());
        with_options.map(|facts| basis.field(&object, facts)).collect::<Vec<_>>()
    });
    Some(fields.filter(Field::drifts).filter_map(told).collect())
}

fn told(field: Field) -> Option<Drift> {
    let option = field.option?;
    let target_group = if let Object::TargetGroup(key) = field.object { Some(key) } else { None };
    Some(Drift {
        target_group,
        key: field.key.into(),
        live: field.live?,
        desired: option.value?,
        namespace: option.namespace,
        option: option.name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::FieldOption;
    use crate::change::settings::{ObjectKind, SettingFacts};
    use crate::model::{Attributes, ScopeId};

    fn facts(key: &str) -> &'static SettingFacts {
        settings_of(ObjectKind::TargetGroup).find(|facts| facts.key == key).unwrap()
    }

    /// A setting with this live value, and its option with that one.
    fn field(key: &str, live: &str, desired: Option<&str>, attributes: &Attributes) -> Field {
        let (facts, option) = (facts(key), facts(key).option.unwrap());
        Field {
            object: Object::TargetGroup(Key::new(ScopeId(0), "tg")),
            facts,
            key: key.to_owned(),
            live: Some(live.into()),
            option: Some(FieldOption {
                namespace: "aws:elasticbeanstalk:environment:process:default".into(),
                name: option.name,
                kind: option.kind,
                value: desired.map(Into::into),
                default: option.default,
            }),
            has_meaning: facts.has_meaning(attributes),
        }
    }

    #[test]
    fn a_value_that_differs_is_drift_and_one_that_is_said_otherwise_is_not() {
        let table = [
            ("health_check.path", "/healthz", Some("/healthz"), false),
            ("health_check.interval", "30", Some("15"), true),
            ("health_check.interval", "30", None, false),
            ("health_check.matcher", "200-201", Some("200,201"), false),
            ("deregistration_delay.timeout_seconds", "300", Some("20"), true),
        ];
        for (key, live, desired, drifts) in table {
            let field = field(key, live, desired, &Attributes::default());
            assert_eq!(field.drifts(), drifts, "{key} {live} {desired:?}");
            let found = told(field);
            assert_eq!(found.is_some(), desired.is_some());
        }
    }

    #[test]
    fn the_cookies_length_means_something_only_while_there_is_a_cookie() {
        let drifts = |key: &str, live: &str, desired: &str, enabled: &str, kind: &str| {
            let attributes: Attributes = [("stickiness.enabled", enabled), ("stickiness.type", kind)]
                .map(|(key, value)| (key.into(), value.into()))
                .into();
            field(key, live, Some(desired), &attributes).drifts()
        };
        let duration = "stickiness.lb_cookie.duration_seconds";
        assert!(drifts(duration, "3600", "86400", "true", "lb_cookie"));
        assert!(!drifts(duration, "3600", "86400", "true", "app_cookie"));
        assert!(!drifts(duration, "3600", "86400", "false", "lb_cookie"));
        assert!(drifts("stickiness.type", "app_cookie", "lb_cookie", "true", "app_cookie"));
        assert!(!drifts("stickiness.type", "source_ip", "lb_cookie", "true", "source_ip"));
        assert!(drifts("stickiness.enabled", "false", "true", "false", "lb_cookie"));
    }
}
