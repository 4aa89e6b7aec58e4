//! Which listeners there are at a time, and what they do: those that a load balancer came with, those that were made on it,
//! and those that Beanstalk makes because an environment's options ask for them.
//!
//! Nothing is ever removed from a list, because objects refer to each other by place; what is gone is only marked.

use super::configuring::LANDS;
use super::{Balancer, Configure, Listener, LoadBalancer, OptionSetting, Region, Rule, RuleAction};
use std::ops::Range;

/// The API's default if no policy is named, including TLS 1.0.
pub(super) const OLD_POLICY: &str = "ELBSecurityPolicy-2016-08";

/// What a listener is made from.
#[derive(Clone, Debug)]
pub struct NewListener {
    pub port: u16,
    pub protocol: String,
    pub certificate: Option<String>,
    pub policy: Option<String>,
    pub action: RuleAction,
}

impl Region {
    /// Whether a listener is there.
    pub fn is_listening(&self, listener: &Listener, time: i64) -> bool {
        let is_asked = |environment| asks_for(&self.options_in_force(environment, time), listener.port);
        listener.lives.contains(&time) && listener.made_by.is_none_or(is_asked)
    }

    /// The listeners of a load balancer that are there.
    pub fn listeners_at<'a>(&'a self, balancer: &'a LoadBalancer, time: i64) -> impl Iterator<Item = &'a Listener> {
        balancer.listeners.iter().filter(move |listener| self.is_listening(listener, time))
    }

    /// The options that made what is there: those of an update count from when it reaches the load balancer.
    fn options_in_force(&self, environment: usize, time: i64) -> Vec<OptionSetting> {
        self.options_with(environment, time, |update| !update.aborted && update.begun + LANDS <= time)
    }

    /// A field of the listener that Beanstalk makes.
    pub fn made_field(&self, listener: &Listener, name: &str, time: i64) -> Option<String> {
        let options = self.options_in_force(listener.made_by?, time);
        let namespace = format!("aws:elbv2:listener:{}", listener.port);
        let option = options.into_iter().find(|option| option.namespace == namespace && option.name == name);
        option.and_then(|option| option.value).or_else(|| (name == "SSLPolicy").then(|| OLD_POLICY.to_owned()))
    }

    /// The certificate that a listener presents.
    pub fn certificate_at(&self, listener: &Listener, time: i64) -> Option<String> {
        let overrides = self
            .listener_place(&listener.arn)
            .and_then(|(balancer, place)| self.field_at(super::On::Listener(balancer, place), "certificate", time));
        overrides
            .or_else(|| self.made_field(listener, "SSLCertificateArns", time))
            .or_else(|| listener.certificate.clone())
    }

    /// Makes a listener, which is there from a time on.
    pub fn make_listener(
        &mut self,
        balancer: usize,
        new: NewListener,
        lives: Range<i64>,
        made_by: Option<usize>,
    ) -> usize {
        let place = self.load_balancers[balancer].listeners.len();
        let name = self.load_balancers[balancer].arn.split_once(":loadbalancer/").map_or("", |(_, name)| name);
        let path = format!("{name}/{}", self.tail("listener", &format!("{name} {} made {place}", new.port)));
        let (default, arn) =
            (self.rule_arn(&path, "default"), self.arn("elasticloadbalancing", &format!("listener/{path}")));
        if let Some(certificate) = &new.certificate {
            self.certificates.iter_mut().filter(|it| it.arn == *certificate).for_each(|it| it.in_use = true);
        }
        let rule = Rule { arn: default, priority: None, hosts: Vec::new(), paths: Vec::new(), action: new.action };
        self.index.listeners.insert(arn.clone(), (balancer, place));
        self.load_balancers[balancer].listeners.push(Listener {
            arn,
            port: new.port,
            protocol: new.protocol,
            policy: new.certificate.is_some().then(|| new.policy.unwrap_or_else(|| OLD_POLICY.to_owned())),
            certificate: new.certificate,
            additional_certificates: Vec::new(),
            rules: vec![rule],
            lives,
            made_by,
            defaults: Vec::new(),
        });
        self.attach(balancer);
        place
    }

    /// Makes the listeners that an environment's options ask for, once each.
    pub(super) fn listen(&mut self, environment: usize) {
        let Some(balancer) = self.environments[environment].load_balancer else { return };
        if self.load_balancers[balancer].kind != Balancer::Application {
            return;
        }
        let updates = self.environments[environment].configured.iter().filter(|update| !update.aborted);
        let landed: Vec<(u16, i64)> = updates
            .flat_map(|update| ports(&update.options).into_iter().map(|port| (port, update.begun + LANDS)))
            .collect();
        for (port, lands) in landed {
            let known = self.load_balancers[balancer].listeners.iter();
            let is_known = |it: &Listener| it.port == port && (it.made_by.is_some() || it.lives.contains(&lands));
            if known.into_iter().any(is_known) {
                continue;
            }
            let options = self.options_in_force(environment, lands);
            let value = |name: &str| {
                let namespace = format!("aws:elbv2:listener:{port}");
                let option = options.iter().find(|option| option.namespace == namespace && option.name == name);
                option.and_then(|option| option.value.clone())
            };
            let process = value("DefaultProcess").unwrap_or_else(|| "default".to_owned());
            let groups = &self.environments[environment].processes;
            let to = groups.iter().find(|group| self.target_groups[**group].process == process).map(|it| (*it, 1));
            let new = NewListener {
                port,
                protocol: value("Protocol").unwrap_or_else(|| "HTTP".to_owned()),
                certificate: value("SSLCertificateArns"),
                policy: value("SSLPolicy"),
                action: RuleAction::Forward { to: to.into_iter().collect(), sticky: None },
            };
            self.make_listener(balancer, new, i64::MIN..i64::MAX, Some(environment));
            if self.opens_https && port == 443 {
                self.open_for_beanstalk(balancer, lands);
            }
        }
    }

    /// Returns the port on which an update asks for a listener where another client has made one.
    pub(super) fn collides(&self, environment: usize, order: &Configure) -> Option<u16> {
        let balancer = self.environments[environment].load_balancer?;
        let (before, lands) = (self.options_at(environment, order.at), order.at + LANDS);
        let listeners = &self.load_balancers[balancer].listeners;
        ports(&order.options).into_iter().filter(|port| !asks_for(&before, *port)).find(|port| {
            listeners.iter().any(|it| it.port == *port && it.made_by.is_none() && it.lives.contains(&lands))
        })
    }
}

impl Listener {
    /// What it does with what no rule takes.
    pub fn default_action(&self, time: i64) -> Option<&RuleAction> {
        let replaced = self.defaults.iter().rev().find(|(at, _)| *at <= time).map(|(_, action)| action);
        replaced.or_else(|| self.rules.last().map(|rule| &rule.action))
    }
}

/// Whether options ask for a listener on a port of its own.
fn asks_for(options: &[OptionSetting], port: u16) -> bool {
    let namespace = format!("aws:elbv2:listener:{port}");
    let mut set = options.iter().filter(|option| option.namespace == namespace && option.value.is_some()).peekable();
    let is_off = |option: &OptionSetting| option.name == "ListenerEnabled" && option.value.as_deref() == Some("false");
    set.peek().is_some() && !set.any(is_off)
}

/// The ports for which options are set.
fn ports(options: &[(String, String, Option<String>)]) -> Vec<u16> {
    let set = options.iter().filter(|(_, _, value)| value.is_some());
    let mut ports: Vec<u16> =
        set.filter_map(|(namespace, ..)| namespace.strip_prefix("aws:elbv2:listener:")?.parse().ok()).collect();
    ports.dedup();
    ports
}
