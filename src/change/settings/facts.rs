//! What is known of a setting: a row of the table, and what follows from it for a value.

use super::SettingKind;
use crate::model::{Attributes, HealthCheck, Listener, span_of_seconds};

/// The kinds of objects that have settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A target group.
    TargetGroup,
    /// A load balancer.
    LoadBalancer,
    /// A listener of a load balancer.
    Listener,
}

/// Where the live value is read, and by which name it is written.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// An attribute, by its key.
    Attribute,
    /// A field of the health check: the parameter of `ModifyTargetGroup`.
    HealthCheck(&'static str, fn(&HealthCheck) -> Option<String>),
    /// A field of the listener itself: the parameter of `ModifyListener`.
    Listener(&'static str, fn(&Listener) -> Option<String>),
}

/// Which new values are dangerous (product.md, Dangerous).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// None.
    None,
    /// Every one.
    Always,
    /// `false`.
    Off,
    /// A smaller number than before.
    Lowered,
}

/// When a setting has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Always.
    Always,
    /// While the target group is sticky.
    Sticky,
    /// While it is sticky by the load balancer's cookie.
    StickyByCookie,
}

/// The Beanstalk option that makes a setting.
#[derive(Clone, Copy, Debug)]
pub struct OptionFacts {
    /// As Beanstalk spells it; its namespace follows from the object.
    pub name: &'static str,
    /// Its own range, which may be another than ELB's.
    pub kind: SettingKind,
    /// What the setting is while the option is unset.
    pub default: &'static str,
}

/// A setting that can be edited.
#[derive(Clone, Copy, Debug)]
pub struct SettingFacts {
    /// The kind of object that has it.
    pub object: ObjectKind,
    /// The attribute as AWS spells it, `health_check.` and the field, or the field of a listener.
    pub key: &'static str,
    /// What it is, in a sentence without its full stop.
    pub about: &'static str,
    /// Its type and the range that ELB takes.
    pub kind: SettingKind,
    /// What ELB makes it by itself.
    pub default: &'static str,
    /// Where the live value is read.
    pub place: Place,
    /// Which new values are dangerous.
    pub danger: Danger,
    /// The option that makes it, if there is one.
    pub option: Option<OptionFacts>,
    /// When it has a meaning.
    pub meaning: Meaning,
}

impl SettingFacts {
    /// Returns the span that a value in seconds is, as `1 d`; `None` where it says nothing new, or it is no time.
    #[must_use]
    pub fn span(&self, value: &str) -> Option<String> {
        let is_time =
            self.key.ends_with("seconds") || matches!(self.key, "health_check.interval" | "health_check.timeout");
        if is_time { span_of_seconds(value) } else { None }
    }

    pub(super) const fn attribute(
        object: ObjectKind,
        key: &'static str,
        kind: SettingKind,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        let (place, danger, meaning) = (Place::Attribute, Danger::None, Meaning::Always);
        Self { object, key, about, kind, default, place, danger, option: None, meaning }
    }

    pub(super) const fn dangerous(self, danger: Danger) -> Self {
        Self { danger, ..self }
    }

    /// With an option of the same range.
    pub(super) const fn option(self, name: &'static str, default: &'static str) -> Self {
        self.own_option(name, self.kind, default)
    }

    pub(super) const fn own_option(self, name: &'static str, kind: SettingKind, default: &'static str) -> Self {
        Self { option: Some(OptionFacts { name, kind, default }), ..self }
    }

    pub(super) const fn means(self, meaning: Meaning) -> Self {
        Self { meaning, ..self }
    }

    /// Whether two values of it are the same.
    #[must_use]
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        self.kind.comparison().is_same(one, other)
    }

    /// Whether it has a meaning with the object's attributes as they are.
    #[must_use]
    pub fn has_meaning(&self, attributes: &Attributes) -> bool {
        let is = |key: &str, value: &str| attributes.get(key).is_some_and(|live| &**live == value);
        // A Network Load Balancer's `source_ip` has no counterpart among the options.
        let by_cookie = is("stickiness.type", "lb_cookie") || is("stickiness.type", "app_cookie");
        match self.meaning {
            Meaning::Always => true,
            Meaning::Sticky => is("stickiness.enabled", "true") && by_cookie,
            Meaning::StickyByCookie => is("stickiness.enabled", "true") && is("stickiness.type", "lb_cookie"),
        }
    }

    /// Whether going from the one value to the other is dangerous by itself.
    #[must_use]
    pub fn is_dangerous(&self, before: Option<&str>, after: &str) -> bool {
        let number = |text: &str| text.parse::<i64>().ok();
        match self.danger {
            Danger::None => false,
            Danger::Always => true,
            Danger::Off => after == "false",
            // If the value before is not known, it may have been larger.
            Danger::Lowered => before.and_then(number).zip(number(after)).is_none_or(|(before, after)| after < before),
        }
    }
}
