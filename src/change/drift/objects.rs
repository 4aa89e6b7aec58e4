//! The settings of target groups, load balancer and listeners, compared with their options.

use std::collections::BTreeSet;

use super::{DriftReason, DriftReport, Pair, name_of};
use crate::change::field::{Object, PlanInputs};
use crate::change::settings::{LOAD_BALANCER_NAMESPACE, Place, listener_namespace, settings_of};
use crate::model::{Balancer, ConfigurationSettings, Key, LoadBalancer, Scheme, TargetGroup};

const VPC_NAMESPACE: &str = "aws:ec2:vpc";

/// Options of a load balancer whose live values are not read.
const UNREAD_OPTIONS: [(&str, &str); 2] = [(LOAD_BALANCER_NAMESPACE, "IpAddressType"), (VPC_NAMESPACE, "ELBSubnets")];

impl DriftReport {
    /// Compares the settings of one object.
    pub(super) fn object(&mut self, basis: &PlanInputs<'_>, settings: &ConfigurationSettings, object: &Object) {
        let is_shared = basis.link().is_some_and(|link| link.balancer == Balancer::ApplicationShared);
        match object {
            Object::TargetGroup(key) => match basis.namespace(object) {
                Some(namespace) => {
                    self.fields(basis, object);
                    self.ports(basis, settings, key, &namespace);
                }
                None => self.skip(Some(key), &name_of(object), None, DriftReason::AmbiguousProcess),
            },
            Object::LoadBalancer(_) if is_shared => self.skip(None, &name_of(object), None, DriftReason::Shared),
            Object::LoadBalancer(key) => {
                if basis.namespace(object).is_none() {
                    return self.skip(None, &name_of(object), None, DriftReason::Unlisted);
                }
                self.fields(basis, object);
                self.network(basis, settings, key);
            }
            Object::Listener(..) if is_shared => {}
            Object::Listener(_, _, port) if !is_asked_for(settings, *port) => {
                self.skip(None, &name_of(object), None, DriftReason::Outside);
            }
            Object::Listener(..) => self.fields(basis, object),
        }
    }

    /// The settings of the table.
    fn fields(&mut self, basis: &PlanInputs<'_>, object: &Object) {
        let group = if let Object::TargetGroup(key) = object { Some(key) } else { None };
        let inputs = basis.of(object);
        for facts in settings_of(object.kind()) {
            let live = inputs.live(facts);
            let Some(live) = live.as_deref() else {
                // One line for all that one call would read.
                if facts.option.is_some() && inputs.has(facts, None) {
                    let attributes = matches!(facts.place, Place::Attribute);
                    let what = if attributes {
                        format!("attributes of {}", name_of(object))
                    } else {
                        facts.full_key(object.port()).into_owned()
                    };
                    self.skip(group, &what, None, DriftReason::Unread);
                }
                continue;
            };
            if !inputs.has_meaning(facts) {
                continue;
            }
            match inputs.option(facts) {
                Some(option) => {
                    let pair = Pair {
                        target_group: group,
                        key: &facts.full_key(object.port()),
                        live,
                        value: option.value.as_deref(),
                        default: if option.has_default { option.default } else { "" },
                        namespace: &option.namespace,
                        option: option.name,
                    };
                    self.value(pair, |one, other| facts.is_same(one, other));
                }
                // The process's protocol is that of its check too.
                None if facts.key == "health_check.protocol" => {}
                None if facts.is_same(live, facts.default) => {}
                None => {
                    let key = facts.full_key(object.port());
                    self.skip(group, &key, Some(live), DriftReason::NoOption(facts.default.into()));
                }
            }
        }
    }

    /// Compares a process's port and protocol, which its health check uses too.
    fn ports(
        &mut self,
        basis: &PlanInputs<'_>,
        settings: &ConfigurationSettings,
        key: &Key<TargetGroup>,
        namespace: &str,
    ) {
        let Some(group) = basis.snapshot.inventory.target_groups.get(key) else { return };
        let port = group.port.map(|port| port.to_string());
        let rows = [
            ("port", port.as_deref(), "Port", "80"),
            ("protocol", group.protocol.as_deref(), "Protocol", "HTTP"),
            ("health_check.protocol", group.health_check.protocol.as_deref(), "Protocol", "HTTP"),
        ];
        for (key_of, live, option, default) in rows {
            let Some(live) = live else { continue };
            let value = settings.get(namespace, option);
            let pair = Pair { target_group: Some(key), key: key_of, live, value, default, namespace, option };
            self.value(pair, str::eq_ignore_ascii_case);
        }
    }

    /// Compares which sources reach the load balancer.
    fn network(&mut self, basis: &PlanInputs<'_>, settings: &ConfigurationSettings, key: &Key<LoadBalancer>) {
        for (namespace, option) in UNREAD_OPTIONS {
            if let Some(value) = settings.get(namespace, option) {
                self.skip(None, &format!("{option} {value}"), None, DriftReason::Unsupported);
            }
        }
        let Some(balancer) = basis.snapshot.inventory.load_balancers.get(key) else { return };
        let pair = |key, live, value, namespace, option| Pair {
            target_group: None,
            key,
            live,
            value: Some(value),
            default: "",
            namespace,
            option,
        };
        if let Some((value, scheme)) = settings.get(VPC_NAMESPACE, "ELBScheme").zip(balancer.scheme.as_ref()) {
            // Any other word than these two is ignored by Beanstalk.
            let wanted = match value {
                "public" => Some(Scheme::InternetFacing),
                "internal" => Some(Scheme::Internal),
                _ => None,
            };
            if let Some(wanted) = wanted {
                self.value(pair("scheme", scheme.as_str(), value, VPC_NAMESPACE, "ELBScheme"), |_, _| {
                    *scheme == wanted
                });
            }
        }
        if let Some(value) = settings.get(LOAD_BALANCER_NAMESPACE, "SecurityGroups") {
            // Beanstalk adds its own group to those of the option.
            let live: BTreeSet<&str> = balancer.security_groups.iter().map(|id| &**id).collect();
            let text = balancer.security_groups.join(",");
            let is_there = |_: &str, wanted: &str| wanted.split(',').all(|id| live.contains(id.trim()));
            self.value(pair("security_groups", &text, value, LOAD_BALANCER_NAMESPACE, "SecurityGroups"), is_there);
        }
    }
}

/// Returns whether an environment's options ask for a listener on a port: that of port 80 always, another one if any of
/// its options is set.
pub(super) fn is_asked_for(settings: &ConfigurationSettings, port: i32) -> bool {
    let namespace = listener_namespace(port);
    port == 80 || settings.options.of(&namespace).iter().any(|it| it.value.as_deref().is_some_and(|it| !it.is_empty()))
}
