//! The listeners that an environment's options ask for: whether they are there, and what they do by default.
//!
//! On a shared load balancer the listeners are its owner's, and the options name only rules.

use super::objects::is_asked_for;
use super::{DriftReason, DriftReport, Pair};
use crate::change::field::PlanInputs;
use crate::change::settings::listener_namespace;
use crate::model::{
    Balancer, BalancerKind, ConfigurationSettings, Listener, RuleAction, balancer_kind, forwarded_target_groups,
    load_balancer_name, resource_name,
};

/// What a listener or a rule does, as far as an option can express it.
pub(super) enum Leads {
    /// To the target group of this process.
    To(String),
    /// To a target group that is no process of the environment's, by its name.
    Elsewhere(String),
    /// To the environment's, but it is not clear which process that is.
    Unclear,
    /// Beanstalk has no option for it; a description.
    Otherwise(String),
}

impl DriftReport {
    /// Compares the listeners and their rules.
    pub(super) fn listeners(&mut self, basis: &PlanInputs<'_>, settings: &ConfigurationSettings) {
        let Some(link) = basis.link().filter(|link| link.balancer.is_application()) else { return };
        let Some((key, _)) =
            link.load_balancer.as_ref().filter(|(key, _)| balancer_kind(&key.id) == BalancerKind::Application)
        else {
            return;
        };
        if !basis.snapshot.inventory.listeners.contains_key(key) {
            let what = format!("listeners of {}", load_balancer_name(&key.id));
            return self.skip(None, &what, None, DriftReason::Unread);
        }
        let is_shared = link.balancer == Balancer::ApplicationShared;
        let mut ports: Vec<i32> = basis.listeners().iter().filter_map(|listener| listener.port).collect();
        ports.extend(ports_of(settings));
        ports.sort_unstable();
        ports.dedup();
        for port in ports {
            let live = basis.listeners().iter().find(|listener| listener.port == Some(port));
            if is_shared || self.is_as_asked_for(basis, settings, port, live) {
                self.rules(basis, settings, port, live);
            }
        }
    }

    /// Compares one listener; returns whether there is one, so that its rules can be compared.
    fn is_as_asked_for(
        &mut self,
        basis: &PlanInputs<'_>,
        settings: &ConfigurationSettings,
        port: i32,
        live: Option<&Listener>,
    ) -> bool {
        let namespace = listener_namespace(port);
        let option = |name| settings.get(&namespace, name);
        let is_on = is_asked_for(settings, port)
            && !option("ListenerEnabled").is_some_and(|value| value.eq_ignore_ascii_case("false"));
        let enabled = format!("listener:{port}:enabled");
        let pair = |key, live, option: &'static str, default| Pair {
            target_group: None,
            key,
            live,
            value: settings.get(&namespace, option),
            default,
            namespace: &namespace,
            option,
        };
        let Some(live) = live else {
            if is_on {
                self.value(pair(&enabled, "false", "ListenerEnabled", "true"), str::eq_ignore_ascii_case);
            }
            return false;
        };
        if !is_asked_for(settings, port) {
            // The list of objects shows that it was made directly.
            return false;
        }
        self.value(pair(&enabled, "true", "ListenerEnabled", "true"), str::eq_ignore_ascii_case);
        if !is_on {
            return false;
        }
        let protocol = live.protocol.as_deref().unwrap_or_default();
        let key = format!("listener:{port}:protocol");
        self.value(pair(&key, protocol, "Protocol", "HTTP"), str::eq_ignore_ascii_case);
        let key = format!("listener:{port}:default_process");
        match leads(basis, &live.default_actions) {
            Leads::To(process) => {
                self.value(pair(&key, &process, "DefaultProcess", "default"), |one, other| one == other);
            }
            Leads::Elsewhere(group) => {
                self.value(pair(&key, &format!("target group {group}"), "DefaultProcess", "default"), |_, _| false);
            }
            Leads::Unclear => self.skip(None, &key, None, DriftReason::AmbiguousProcess),
            Leads::Otherwise(words) => {
                self.skip(None, &format!("listener:{port} default action"), Some(&words), DriftReason::Action);
            }
        }
        true
    }
}

/// The ports for which the options have a listener.
fn ports_of(settings: &ConfigurationSettings) -> impl Iterator<Item = i32> {
    const NAMESPACES: &str = "aws:elbv2:listener:";
    settings.options.below(NAMESPACES).iter().filter_map(|option| match option.namespace.strip_prefix(NAMESPACES)? {
        "default" => Some(80),
        port => port.parse().ok(),
    })
}

/// Returns where these actions lead.
pub(super) fn leads(basis: &PlanInputs<'_>, actions: &[RuleAction]) -> Leads {
    let mut groups = forwarded_target_groups(actions);
    let (first, second) = (groups.next(), groups.next());
    let Some(first) = first else {
        let words = actions.iter().find_map(|action| match action {
            RuleAction::Redirect { protocol, status, .. } => Some(format!("redirect to {protocol} ({status})")),
            RuleAction::FixedResponse { status } => Some(format!("fixed response {status}")),
            RuleAction::Other(kind) => Some(kind.to_string()),
            RuleAction::Forward { .. } => None,
        });
        return Leads::Otherwise(words.unwrap_or_else(|| "none".to_owned()));
    };
    if second.is_some() {
        return Leads::Otherwise("weighted forward".to_owned());
    }
    let is_own = basis.target_groups().iter().any(|group| group.key == first.target_group);
    match basis.surely_process_of(&first.target_group) {
        Some(process) => Leads::To(process.to_string()),
        None if is_own => Leads::Unclear,
        None => Leads::Elsewhere(resource_name(&first.target_group.id).to_owned()),
    }
}
