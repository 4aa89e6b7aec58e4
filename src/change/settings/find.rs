//! From the key that the user gives to a row of the table: `stickiness.enabled`, `lb:…`, `tg:…`, `listener:443:…`.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{FIXED, FixedFacts, ObjectKind, SettingFacts, settings, settings_of};

/// What a key names.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The setting.
    pub facts: &'static SettingFacts,
    /// The listener's port, for a setting of a listener.
    pub port: Option<i32>,
}

/// Why a key names nothing that could be written.
#[derive(Clone, Copy, Debug)]
pub enum KeyMistake {
    /// There is no such setting.
    Unknown,
    /// More than one object has it: `tg:` or `lb:` chooses.
    Ambiguous(&'static str),
    /// It belongs to a listener: `listener:443:KEY` chooses one.
    WhichListener(&'static str),
    /// It is shown and cannot be edited.
    Fixed(&'static FixedFacts),
    /// It is the name of the Beanstalk option of this setting.
    Option(&'static SettingFacts),
    /// It names a listener by what is no port.
    NoPort,
    /// It names a listener and no setting of it.
    NoKey(i32),
}

/// The setting of this key.
///
/// # Errors
/// When it is none, or not clear which.
pub fn find(key: &str) -> Result<Named, KeyMistake> {
    named(key).map_err(|mistake| if matches!(mistake, KeyMistake::Unknown) { by_option(key) } else { mistake })
}

fn named(key: &str) -> Result<Named, KeyMistake> {
    if let Some(rest) = key.strip_prefix("listener:") {
        let (port, key) = rest.split_once(':').unwrap_or((rest, ""));
        let port = port.parse().ok().filter(|port| (1..=65535).contains(port)).ok_or(KeyMistake::NoPort)?;
        return if key.is_empty() { Err(KeyMistake::NoKey(port)) } else { on(ObjectKind::Listener, key, Some(port)) };
    }
    if let Some(key) = key.strip_prefix("tg:") {
        return on(ObjectKind::TargetGroup, key, None);
    }
    if let Some(key) = key.strip_prefix("lb:") {
        return on(ObjectKind::LoadBalancer, key, None);
    }
    anywhere(key)
}

fn on(object: ObjectKind, key: &str, port: Option<i32>) -> Result<Named, KeyMistake> {
    if let Some(facts) = settings_of(object).find(|facts| facts.key == key) {
        return Ok(Named { facts, port });
    }
    let fixed = FIXED.iter().find(|row| row.object == object && row.key == key);
    Err(fixed.map_or(KeyMistake::Unknown, KeyMistake::Fixed))
}

/// What a key means that is the name of a Beanstalk option, with its namespace before it or without.
fn by_option(key: &str) -> KeyMistake {
    let name = key.rsplit(['/', ':', ' ']).next().unwrap_or(key);
    let is_it = |option: &str| option.eq_ignore_ascii_case(name);
    if let Some(facts) = settings().find(|facts| facts.option.is_some_and(|option| is_it(option.name))) {
        return KeyMistake::Option(facts);
    }
    let fixed = FIXED.iter().find(|row| row.option.is_some_and(|(_, option)| is_it(option)));
    fixed.map_or(KeyMistake::Unknown, KeyMistake::Fixed)
}
fn anywhere(key: &str) -> Result<Named, KeyMistake> {
    let mut objects = [ObjectKind::TargetGroup, ObjectKind::LoadBalancer]
        .into_iter()
        .map(|object| on(object, key, None))
        .filter(|found| !matches!(found, Err(KeyMistake::Unknown)));
    match (objects.next(), objects.next()) {
        (Some(found), None) => found,
        (Some(Ok(Named { facts, .. })), Some(_)) => Err(KeyMistake::Ambiguous(facts.key)),
        (Some(Err(mistake)), Some(_)) => Err(mistake),
        (None, _) => match on(ObjectKind::Listener, key, None) {
            Ok(Named { facts, .. }) => Err(KeyMistake::WhichListener(facts.key)),
            Err(mistake) => Err(mistake),
        },
    }
}

impl SettingFacts {
    /// Its key as `set` takes it and the log keeps it; `port` is the listener's.
    #[must_use]
    pub fn full_key(&self, port: Option<i32>) -> Cow<'static, str> {
        match (self.object, port) {
            (ObjectKind::Listener, Some(port)) => format!("listener:{port}:{}", self.key).into(),
            (ObjectKind::TargetGroup, _) if SHARED_KEYS.contains(&self.key) => format!("tg:{}", self.key).into(),
            (ObjectKind::LoadBalancer, _) if SHARED_KEYS.contains(&self.key) => format!("lb:{}", self.key).into(),
            _ => self.key.into(),
        }
    }
}

/// The keys that settings of more than one kind of object have.
static SHARED_KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let has_rival = |facts: &&SettingFacts| {
        FIXED.iter().any(|row| row.object != facts.object && row.key == facts.key)
            || settings().any(|other| other.object != facts.object && other.key == facts.key)
    };
    settings().filter(has_rival).map(|facts| facts.key).collect()
});

/// Every key that `set` takes, with the listeners at these ports.
#[must_use]
pub fn keys(ports: &[i32]) -> Vec<Cow<'static, str>> {
    let of = |facts: &'static SettingFacts| -> Vec<Cow<'static, str>> {
        match facts.object {
            ObjectKind::Listener => ports.iter().map(|port| facts.full_key(Some(*port))).collect(),
            _ => vec![facts.full_key(None)],
        }
    };
    settings().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(key: &str) -> &'static str {
        match find(key) {
            Ok(_) => "none",
            Err(KeyMistake::Unknown) => "unknown",
            Err(KeyMistake::Ambiguous(_)) => "ambiguous",
            Err(KeyMistake::WhichListener(_)) => "which listener",
            Err(KeyMistake::Fixed(_)) => "fixed",
            Err(KeyMistake::Option(facts)) => facts.key,
            Err(KeyMistake::NoPort) => "no port",
            Err(KeyMistake::NoKey(_)) => "no key",
        }
    }

    #[test]
    fn every_key_that_is_offered_is_found_again() {
        for key in keys(&[80, 443]) {
            let named = find(&key).unwrap();
            assert_eq!(named.facts.full_key(named.port), key);
        }
    }

    #[test]
    fn what_is_not_clear_is_said() {
        assert_eq!(mistake("load_balancing.cross_zone.enabled"), "ambiguous");
        assert_eq!(mistake("tg:load_balancing.cross_zone.enabled"), "none");
        assert_eq!(mistake("lb:load_balancing.cross_zone.enabled"), "fixed");
        assert_eq!(mistake("ssl_policy"), "which listener");
        assert_eq!(mistake("listener:443:ssl_policy"), "none");
        assert_eq!(mistake("listener:443:protocol"), "fixed");
        for port in ["x", "0", "-1", "99999", ""] {
            assert_eq!(mistake(&format!("listener:{port}:ssl_policy")), "no port");
            assert_eq!(mistake(&format!("listener:{port}")), "no port");
        }
        assert_eq!(mistake("listener:443"), "no key");
        assert_eq!(mistake("listener:443:"), "no key");
        assert_eq!(mistake("lb:stickiness.enabled"), "unknown");
        assert_eq!(mistake("lb:idle_timeout.timeout_seconds"), "none");
        assert_eq!(mistake("scheme"), "fixed");
        assert_eq!(mistake("stickyness"), "unknown");
    }

    #[test]
    fn the_name_of_an_option_names_the_setting_that_it_makes() {
        for facts in settings() {
            let Some(option) = facts.option else { continue };
            let namespace = "aws:elasticbeanstalk:environment:process:default";
            for name in [
                option.name.to_owned(),
                option.name.to_lowercase(),
                format!("{namespace}:{}", option.name),
                format!("{namespace}/{}", option.name),
            ] {
                assert_eq!(mistake(&name), facts.key, "{name}");
            }
        }
        for name in ["ELBScheme", "aws:ec2:vpc:VPCId", "SharedLoadBalancer"] {
            assert_eq!(mistake(name), if name == "SharedLoadBalancer" { "unknown" } else { "fixed" }, "{name}");
        }
    }
}
