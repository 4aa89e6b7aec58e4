//! Which of an environment's processes a target group is.
//!
//! Beanstalk does not return it. One process and one group belong together; else a group whose port, protocol and health
//! check path match exactly one process belongs to that one. Anything else is ambiguous, and no name is better than a
//! wrong one. (An option that is unset has its default: port 80, HTTP, path `/`; Beanstalk Developer Guide.)

use std::sync::Arc;

use super::{ConfigurationSettings, TargetGroup};

const NAMESPACE: &str = "aws:elasticbeanstalk:environment:process:";

/// The process of each of an environment's target groups, in their order; `None` where it is ambiguous.
#[must_use]
pub fn processes_of(settings: &ConfigurationSettings, groups: &[&TargetGroup]) -> Vec<Option<Arc<str>>> {
    let processes: Vec<&str> = settings.processes().collect();
    if let ([process], [_]) = (processes.as_slice(), groups) {
        return vec![Some((*process).into())];
    }
    let fits = |process: &str, group: &TargetGroup, with_path: bool| {
        let namespace = format!("{NAMESPACE}{process}");
        let option = |name, default| settings.get(&namespace, name).unwrap_or(default);
        let path = group.health_check.path.as_deref().unwrap_or("/");
        option("Port", "80").parse() == Ok(group.port.unwrap_or(80))
            && option("Protocol", "HTTP").eq_ignore_ascii_case(group.protocol.as_deref().unwrap_or("HTTP"))
            && (!with_path || option("HealthCheckPath", "/") == path)
    };
    let only = |group: &&TargetGroup, with_path: bool| {
        let mut fitting = processes.iter().filter(|process| fits(process, group, with_path));
        let first = fitting.next()?;
        let rivals = groups.iter().filter(|other| fits(first, other, with_path)).count();
        (fitting.next().is_none() && rivals == 1).then(|| Arc::from(*first))
    };
    groups.iter().map(|group| only(group, false).or_else(|| only(group, true))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{HealthCheck, Key, OptionSetting, ScopeId};
    use super::*;

    fn group(name: &str, port: i32, path: &str) -> TargetGroup {
        TargetGroup {
            key: Key::new(ScopeId(0), name),
            name: name.into(),
            protocol: Some("HTTP".into()),
            port: Some(port),
            vpc: None,
            protocol_version: None,
            target_control_port: None,
            target_type: None,
            load_balancers: Vec::new(),
            health_check: HealthCheck { path: Some(path.into()), ..HealthCheck::default() },
        }
    }

    fn settings(rows: &[(&str, &str, &str)]) -> ConfigurationSettings {
        let option = |(process, name, value): &(&str, &str, &str)| OptionSetting {
            namespace: format!("{NAMESPACE}{process}").into(),
            name: (*name).into(),
            value: Some((*value).into()),
        };
        ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options: rows.iter().map(option).collect() }
    }

    #[test]
    fn an_option_that_is_sent_empty_is_unset() {
        let groups = [group("a", 80, "/"), group("b", 8080, "/")];
        let groups: Vec<_> = groups.iter().collect();
        let known = settings(&[("default", "Port", ""), ("default", "Protocol", ""), ("chat", "Port", "8080")]);
        assert_eq!(processes_of(&known, &groups), [Some("default".into()), Some("chat".into())]);
    }

    #[test]
    fn ports_tell_processes_apart_and_equals_are_ambiguous() {
        let settings = settings(&[("default", "Port", "80"), ("chat", "Port", "8080"), ("canary", "Port", "8080")]);
        let (web, chat) = (group("a", 80, "/"), group("b", 8080, "/"));
        assert_eq!(processes_of(&settings, &[&web, &chat]), [Some("default".into()), None]);
    }

    #[test]
    fn the_path_decides_between_equal_ports() {
        let settings = settings(&[
            ("chat", "Port", "80"),
            ("chat", "HealthCheckPath", "/chat"),
            ("web", "Port", "80"),
            ("web", "HealthCheckPath", "/"),
        ]);
        let (web, chat) = (group("a", 80, "/"), group("b", 80, "/chat"));
        assert_eq!(processes_of(&settings, &[&web, &chat]), [Some("web".into()), Some("chat".into())]);
    }
}
