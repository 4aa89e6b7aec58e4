//! Which process a target group belongs to, reliably enough to write the process's options.
//!
//! For display, the health check's path may decide (see [`processes_of`](crate::model::processes_of)); but the path is
//! one of the things that drift, so for writing it does not count. What counts is: one process and one group; a protocol
//! and a port that no other has; a listener whose default process it is. (Domain: process to target group.)

use std::sync::Arc;

use super::settings::{listener_namespace, process_namespace};
use crate::model::{ConfigurationSettings, Key, Listener, TargetGroup, forwarded_target_groups};

/// The process of a target group of an environment, if that is clear from the environment's options, its target groups
/// and the listeners of its load balancer.
pub(super) fn surely_process_of(
    key: &Key<TargetGroup>,
    settings: &ConfigurationSettings,
    groups: &[&TargetGroup],
    listeners: &[Listener],
) -> Option<Arc<str>> {
    let group = *groups.iter().find(|group| group.key == *key)?;
    let processes: Vec<&str> = settings.processes().collect();
    if let ([process], [_]) = (processes.as_slice(), groups) {
        return Some((*process).into());
    }
    by_port(settings, &processes, group, groups).or_else(|| by_listener(settings, listeners, key))
}

fn by_port(
    settings: &ConfigurationSettings,
    processes: &[&str],
    group: &TargetGroup,
    groups: &[&TargetGroup],
) -> Option<Arc<str>> {
    let fits = |process: &str, group: &TargetGroup| {
        let namespace = process_namespace(process);
        let option = |name, default| settings.get(&namespace, name).unwrap_or(default);
        option("Port", "80").parse() == Ok(group.port.unwrap_or(80))
            && option("Protocol", "HTTP").eq_ignore_ascii_case(group.protocol.as_deref().unwrap_or("HTTP"))
    };
    let mut fitting = processes.iter().filter(|process| fits(process, group));
    let process = fitting.next()?;
    let rivals = groups.iter().filter(|other| fits(process, other)).count();
    (fitting.next().is_none() && rivals == 1).then(|| (*process).into())
}

/// Returns the default process of a listener: the group that it forwards to by default, if it is one group. Listeners that
/// disagree prove nothing.
fn by_listener(settings: &ConfigurationSettings, listeners: &[Listener], key: &Key<TargetGroup>) -> Option<Arc<str>> {
    let mut reported = listeners.iter().filter_map(|listener| {
        let process = settings.get(&listener_namespace(listener.port?), "DefaultProcess")?;
        let mut to = forwarded_target_groups(&listener.default_actions);
        let only = to.next().filter(|_| to.next().is_none())?;
        Some((process, &only.target_group))
    });
    let process = reported.clone().find(|(_, group)| *group == key).map(|(process, _)| process)?;
    reported.all(|(name, group)| (name == process) == (group == key)).then(|| process.into())
}
