//! The rules that an environment's options ask for, and those that are live.
//!
//! Beanstalk maps the priorities of the options to absolute ones, so only their order counts; and it adds the environment's
//! CNAME to the hosts. A path `/*` is every path, as no path is.

use std::collections::BTreeSet;

use super::listeners::{Leads, leads};
use super::{DriftReason, DriftReport, Pair};
use crate::change::field::PlanInputs;
use crate::change::settings::{listener_namespace, rule_namespace};
use crate::model::{Balancer, ConfigurationSettings, Listener, Priority, Rule, forwarded_target_groups};

type RuleNames = BTreeSet<String>;

/// A rule as the options want it.
struct Wanted<'a> {
    name: &'a str,
    hosts: RuleNames,
    paths: RuleNames,
    priority: u32,
    /// No host and no path is given: then it is for the environment's CNAME on a shared load balancer.
    is_bare: bool,
}

/// A rule as it is.
struct Live<'a> {
    rule: &'a Rule,
    hosts: RuleNames,
    paths: RuleNames,
    /// It has conditions for which Beanstalk has no options.
    has_others: bool,
    /// It has the environment's CNAME among its hosts.
    has_cname: bool,
    /// It leads to a target group of the environment.
    is_own: bool,
}

impl DriftReport {
    /// Compares the rules of a listener.
    pub(super) fn rules(
        &mut self,
        basis: &PlanInputs<'_>,
        settings: &ConfigurationSettings,
        port: i32,
        listener: Option<&Listener>,
    ) {
        let wanted = wanted(basis, settings, port);
        let names_none = wanted.is_empty();
        let rules = listener.and_then(|listener| basis.snapshot.inventory.rules.get(&listener.key));
        let Some(rules) = rules else {
            if listener.is_some() {
                self.skip(None, &format!("rules of listener:{port}"), None, DriftReason::Unread);
            } else {
                wanted.iter().for_each(|wanted| self.missing(port, wanted));
            }
            return;
        };
        let mut live: Vec<_> = rules.iter().filter_map(|rule| Live::new(basis, rule)).collect();
        let mut pairs: Vec<(Wanted<'_>, Live<'_>)> = Vec::new();
        let mut rest = Vec::new();
        for wanted in wanted {
            match take(&mut live, |it| it.is(&wanted) && it.is_own).or_else(|| take(&mut live, |it| it.is(&wanted))) {
                Some(found) => pairs.push((wanted, found)),
                None => rest.push(wanted),
            }
        }
        for wanted in rest {
            let has_cname = || pairs.iter().map(|(_, live)| live).chain(&live).any(|it| it.is_own && it.has_cname);
            if wanted.is_bare && has_cname() {
                self.same += 1;
                continue;
            }
            let nearly = |it: &Live<'_>| it.is_own && !it.has_others && it.is_near(&wanted);
            match take(&mut live, nearly) {
                Some(found) => {
                    self.conditions(settings, port, &wanted, &found);
                    pairs.push((wanted, found));
                }
                None => self.missing(port, &wanted),
            }
        }
        pairs.iter().for_each(|(wanted, live)| self.process(basis, settings, port, wanted, live));
        self.order(settings, port, &mut pairs);
        let is_dedicated = basis.link().is_some_and(|link| link.balancer == Balancer::Application);
        // On a shared load balancer Beanstalk makes a rule for the CNAME where no option asks for one.
        let is_beanstalks = |it: &Live<'_>| !is_dedicated && names_none && it.has_cname;
        for it in live.iter().filter(|it| (it.is_own || is_dedicated) && !is_beanstalks(it)) {
            self.skip(None, &format!("listener:{port} rule {}", it.words()), None, DriftReason::Outside);
        }
    }

    fn missing(&mut self, port: i32, wanted: &Wanted<'_>) {
        let (key, namespace) = (format!("listener:{port}:rule:{}", wanted.name), listener_namespace(port));
        let pair = Pair {
            target_group: None,
            key: &key,
            live: "none",
            value: Some(wanted.name),
            default: "",
            namespace: &namespace,
            option: "Rules",
        };
        self.value(pair, |_, _| false);
    }

    fn conditions(&mut self, settings: &ConfigurationSettings, port: i32, wanted: &Wanted<'_>, live: &Live<'_>) {
        let rows = [
            ("hosts", &live.hosts, &wanted.hosts, "HostHeaders"),
            ("paths", &live.paths, &wanted.paths, "PathPatterns"),
        ];
        for (field, is, should, option) in rows.into_iter().filter(|(_, is, should, _)| is != should) {
            let text = |names: &RuleNames| match names.len() {
                0 => "any".to_owned(),
                _ => names.iter().cloned().collect::<Vec<_>>().join(","),
            };
            self.of_rule(settings, port, wanted.name, field, &text(is), &text(should), option);
        }
    }

    fn process(
        &mut self,
        basis: &PlanInputs<'_>,
        settings: &ConfigurationSettings,
        port: i32,
        wanted: &Wanted<'_>,
        live: &Live<'_>,
    ) {
        let namespace = rule_namespace(wanted.name);
        let should = settings.get(&namespace, "Process").unwrap_or("default");
        let is = match leads(basis, &live.rule.actions) {
            Leads::To(process) if process == should => return self.same += 1,
            Leads::To(process) => process,
            Leads::Elsewhere(group) => format!("target group {group}"),
            Leads::Otherwise(words) => words,
            Leads::Unclear => {
                let key = format!("listener:{port}:rule:{}:process", wanted.name);
                return self.skip(None, &key, None, DriftReason::AmbiguousProcess);
            }
        };
        self.of_rule(settings, port, wanted.name, "process", &is, should, "Process");
    }

    /// The order that the options' priorities give, against the live one.
    fn order(&mut self, settings: &ConfigurationSettings, port: i32, pairs: &mut [(Wanted<'_>, Live<'_>)]) {
        pairs.sort_by_key(|(_, live)| live.rule.priority);
        let mut highest: Option<(&str, u32)> = None;
        for (wanted, live) in pairs.iter() {
            match highest {
                Some((before, priority)) if priority > wanted.priority => {
                    let number = if let Priority::Number(number) = live.rule.priority { number } else { 0 };
                    let is = format!("{number}, after rule {before}");
                    self.of_rule(
                        settings,
                        port,
                        wanted.name,
                        "priority",
                        &is,
                        &wanted.priority.to_string(),
                        "Priority",
                    );
                }
                _ => highest = Some((wanted.name, wanted.priority)),
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a row of drift has as many columns")]
    fn of_rule(
        &mut self,
        settings: &ConfigurationSettings,
        port: i32,
        name: &str,
        field: &str,
        is: &str,
        should: &str,
        option: &'static str,
    ) {
        let (key, namespace) = (format!("listener:{port}:rule:{name}:{field}"), rule_namespace(name));
        let is_set = settings.get(&namespace, option).is_some();
        let (value, default) = if is_set { (Some(should), "") } else { (None, should) };
        let pair = Pair { target_group: None, key: &key, live: is, value, default, namespace: &namespace, option };
        self.value(pair, |_, _| false);
    }
}

/// The rules that the options name for a listener, in the order of their priorities.
fn wanted<'a>(basis: &PlanInputs<'_>, settings: &'a ConfigurationSettings, port: i32) -> Vec<Wanted<'a>> {
    let names = settings.get(&listener_namespace(port), "Rules").unwrap_or_default();
    let of = |name: &'a str| {
        let namespace = rule_namespace(name);
        let list = |option| settings.get(&namespace, option).map(|text| text.split(',').map(str::trim));
        let hosts = list("HostHeaders").into_iter().flatten().map(str::to_lowercase);
        let paths: RuleNames = list("PathPatterns").into_iter().flatten().map(str::to_owned).collect();
        Wanted {
            name,
            hosts: without_cname(basis, hosts),
            is_bare: list("HostHeaders").is_none() && list("PathPatterns").is_none(),
            paths: tidied(paths),
            priority: settings.get(&namespace, "Priority").and_then(|text| text.parse().ok()).unwrap_or(1),
        }
    };
    let mut wanted: Vec<_> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(of).collect();
    wanted.sort_by_key(|wanted| wanted.priority);
    wanted
}

fn is_cname(basis: &PlanInputs<'_>, host: &str) -> bool {
    basis.environment.cname.as_deref().is_some_and(|cname| cname.eq_ignore_ascii_case(host))
}

fn without_cname(basis: &PlanInputs<'_>, hosts: impl Iterator<Item = String>) -> RuleNames {
    hosts.filter(|host| !is_cname(basis, host)).collect()
}

fn tidied(paths: RuleNames) -> RuleNames {
    if paths.contains("/*") { RuleNames::new() } else { paths }
}

fn take<'a>(live: &mut Vec<Live<'a>>, is_it: impl Fn(&Live<'_>) -> bool) -> Option<Live<'a>> {
    let place = live.iter().position(is_it)?;
    Some(live.remove(place))
}

impl<'a> Live<'a> {
    /// Returns a rule as far as options can express it; the default rule belongs to the listener.
    fn new(basis: &PlanInputs<'_>, rule: &'a Rule) -> Option<Self> {
        if rule.priority == Priority::Default {
            return None;
        }
        let values = |field: &'static str| {
            let conditions = rule.conditions.iter().filter(move |it| *it.field == *field);
            conditions.flat_map(|it| &it.values)
        };
        let own: Vec<_> = basis.target_groups().iter().map(|group| group.key.clone()).collect();
        Some(Self {
            rule,
            hosts: without_cname(basis, values("host-header").map(|host| host.to_lowercase())),
            paths: tidied(values("path-pattern").map(ToString::to_string).collect()),
            has_others: rule.conditions.iter().any(|it| !matches!(&*it.field, "host-header" | "path-pattern")),
            has_cname: values("host-header").any(|host| is_cname(basis, host)),
            is_own: forwarded_target_groups(&rule.actions).any(|to| own.contains(&to.target_group)),
        })
    }

    fn is(&self, wanted: &Wanted<'_>) -> bool {
        !self.has_others && self.hosts == wanted.hosts && self.paths == wanted.paths
    }

    /// The same hosts or the same paths, but not both.
    fn is_near(&self, wanted: &Wanted<'_>) -> bool {
        let same = |one: &RuleNames, other: &RuleNames| !one.is_empty() && one == other;
        same(&self.hosts, &wanted.hosts) || same(&self.paths, &wanted.paths)
    }

    fn words(&self) -> String {
        let priority =
            if let Priority::Number(number) = self.rule.priority { number.to_string() } else { String::new() };
        let conditions = self.rule.conditions.iter().map(|it| {
            let values: Vec<_> = it.values.iter().map(|value| &**value).collect();
            format!(" {} {}", it.field, values.join(" or "))
        });
        priority + &conditions.collect::<String>()
    }
}
