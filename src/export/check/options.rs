//! The option settings of a project's files, each by itself and all together.
//!
//! Values of namespaces that the table does not have are never looked at nor repeated: environment properties are secret.

use super::known::{NAMESPACES, is_namespace};
use super::mistake::ProjectMistake;
use crate::change::FiledOption;
use crate::export::table::{COMMAND_NAMESPACE, OptionGroup, option_rows};
use crate::model::ConfigurationSettings;

const ENVIRONMENT: &str = "aws:elasticbeanstalk:environment";
const ROLLING: &str = "aws:autoscaling:updatepolicy:rollingupdate";
const SCALING: &str = "aws:autoscaling:asg";
const PROCESS: &str = "aws:elasticbeanstalk:environment:process:";
const RULE: &str = "aws:elbv2:listenerrule:";

/// An option in a file.
pub(super) struct ProjectOption {
    pub path: String,
    pub line: usize,
    pub namespace: String,
    pub name: String,
    /// `None` if it is no plain value.
    pub value: Option<String>,
}

impl From<&ProjectOption> for FiledOption {
    fn from(option: &ProjectOption) -> Self {
        let value = option.value.clone().filter(|value| !value.contains('`'));
        Self { namespace: option.namespace.clone(), name: option.name.clone(), value }
    }
}

impl ProjectOption {
    /// What is to be known of it if an environment has another value.
    pub(super) fn masked_by(&self, (name, settings): (&str, &ConfigurationSettings)) -> Option<ProjectMistake> {
        let value = self.value.as_deref().filter(|value| !value.contains('`'))?;
        let there = settings.get(&self.namespace, &self.name).filter(|it| !it.is_empty())?;
        let rows = option_rows(&self.namespace);
        let row = rows.iter().find(|row| row.name == self.name)?;
        let why = "it was set through the API, which masks the file, or the file is not deployed";
        let message = || format!("{} is `{value}` here and `{there}` in {name}: {why}", self.name);
        (!row.range.is_same(value, there)).then(|| wrong(self, message()))
    }
}

/// All options, in the order in which Beanstalk reads them.
#[derive(Default)]
pub(super) struct ProjectOptions(Vec<ProjectOption>);

impl ProjectOptions {
    /// Keeps an option; returns what is wrong with it by itself.
    pub(super) fn add(&mut self, option: ProjectOption) -> Option<ProjectMistake> {
        let mistake = mistake_of(&option);
        self.0.push(option);
        mistake
    }

    /// The options that count, the last of each name, of the namespaces that the table has.
    pub(super) fn effective(&self) -> impl Iterator<Item = &ProjectOption> {
        let counts = |it: &&ProjectOption| {
            let is_known = option_rows(&it.namespace).iter().any(|row| row.name == it.name);
            is_known && self.find(&it.namespace, &it.name).is_some_and(|last| std::ptr::eq(last, *it))
        };
        self.0.iter().filter(counts)
    }

    /// What is wrong with several options together.
    pub(super) fn check(&self) -> Vec<ProjectMistake> {
        let mut mistakes = Vec::new();
        for namespace in self.namespaces() {
            match OptionGroup::from_namespace(namespace) {
                Some(OptionGroup::Process) => self.process(namespace, &mut mistakes),
                Some(OptionGroup::Listener) => self.listener(namespace, &mut mistakes),
                Some(OptionGroup::Rule) => self.rule(namespace, &mut mistakes),
                _ => {}
            }
        }
        self.deployment(&mut mistakes);
        self.scaling(&mut mistakes);
        mistakes
    }

    fn namespaces(&self) -> Vec<&str> {
        let mut all: Vec<_> = self.0.iter().map(|it| &*it.namespace).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The option that counts: the last one.
    fn find(&self, namespace: &str, name: &str) -> Option<&ProjectOption> {
        self.0.iter().rev().find(|it| it.namespace == namespace && it.name == name)
    }

    fn value(&self, namespace: &str, name: &str) -> Option<&str> {
        self.find(namespace, name)?.value.as_deref()
    }

    fn process(&self, namespace: &str, mistakes: &mut Vec<ProjectMistake>) {
        let timeout = self.find(namespace, "HealthCheckTimeout");
        let interval = self.find(namespace, "HealthCheckInterval");
        let Some(option) = timeout.or(interval) else { return };
        let number = |option: Option<&ProjectOption>, default| match option {
            Some(option) => option.value.as_deref().and_then(|value| value.parse::<u32>().ok()),
            None => Some(default),
        };
        if let Some((timeout, interval)) = number(timeout, 5).zip(number(interval, 15))
            && timeout >= interval
        {
            let message =
                format!("HealthCheckTimeout ({timeout} s) must be smaller than HealthCheckInterval ({interval} s)");
            mistakes.push(wrong(option, message));
        }
    }

    fn listener(&self, namespace: &str, mistakes: &mut Vec<ProjectMistake>) {
        let (certificate, protocol) = (self.find(namespace, "SSLCertificateArns"), self.find(namespace, "Protocol"));
        let is_secure = protocol.and_then(|it| it.value.as_deref()).map(|it| matches!(it, "HTTPS" | "TLS"));
        match (certificate, protocol, is_secure) {
            (None, Some(protocol), Some(true)) => {
                mistakes.push(wrong(protocol, "an HTTPS listener needs SSLCertificateArns"));
            }
            (Some(certificate), _, Some(false)) | (Some(certificate), None, _) => {
                mistakes.push(wrong(
                    certificate,
                    "SSLCertificateArns needs Protocol HTTPS; without it the listener speaks HTTP",
                ));
            }
            _ => {}
        }
        if let Some(option) = self.find(namespace, "DefaultProcess") {
            self.names_process(option, mistakes);
        }
        let Some(rules) = self.find(namespace, "Rules") else { return };
        // `default` names the rule for the environment's host that Beanstalk makes on a shared load balancer.
        let names = rules.value.as_deref().unwrap_or_default().split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty() && *name != "default") {
            if !self.namespaces().contains(&&*format!("{RULE}{name}")) {
                let known: Vec<_> = self.namespaces().into_iter().filter_map(|it| it.strip_prefix(RULE)).collect();
                mistakes.push(wrong(rules, format!("there is no rule `{name}`")).unknown(name, known));
            }
        }
    }

    fn rule(&self, namespace: &str, mistakes: &mut Vec<ProjectMistake>) {
        let Some(name) = namespace.strip_prefix(RULE) else { return };
        let Some(first) = self.0.iter().find(|it| it.namespace == namespace) else { return };
        let lists = self.0.iter().filter(|it| it.name == "Rules").filter_map(|it| it.value.as_deref());
        if !lists.flat_map(|list| list.split(',')).any(|it| it.trim() == name) {
            mistakes.push(wrong(first, format!("the rule `{name}` has no effect: no listener has it in its Rules")));
        }
        if let Some(option) = self.find(namespace, "Process") {
            self.names_process(option, mistakes);
        }
    }

    fn names_process(&self, option: &ProjectOption, mistakes: &mut Vec<ProjectMistake>) {
        let Some(name) = option.value.as_deref().filter(|name| *name != "default") else { return };
        if !self.namespaces().contains(&&*format!("{PROCESS}{name}")) {
            let known = self.namespaces().into_iter().filter_map(|it| it.strip_prefix(PROCESS)).chain(["default"]);
            let mistake = wrong(option, format!("there is no process `{name}`"));
            let known: Vec<_> = known.collect();
            mistakes.push(mistake.unknown(name, known));
        }
    }

    fn deployment(&self, mistakes: &mut Vec<ProjectMistake>) {
        let policy = self.find(COMMAND_NAMESPACE, "DeploymentPolicy");
        let kind = self.value(ENVIRONMENT, "LoadBalancerType");
        if let Some((policy, kind)) = policy.zip(kind)
            && policy.value.as_deref() == Some("TrafficSplitting")
            && kind != "application"
        {
            let message =
                format!("TrafficSplitting needs an application load balancer, and LoadBalancerType is {kind}");
            mistakes.push(wrong(policy, message));
        }
        let rolling = self.find(ROLLING, "RollingUpdateType").filter(|it| it.value.as_deref() == Some("Immutable"));
        if let Some(rolling) = rolling
            && policy.is_some_and(|it| it.value.as_deref().is_some_and(|value| value != "Immutable"))
        {
            let message = "RollingUpdateType Immutable needs DeploymentPolicy Immutable too";
            mistakes.push(wrong(rolling, message));
        }
        let is_fixed = self.value(COMMAND_NAMESPACE, "BatchSizeType") == Some("Fixed");
        if let Some(size) = self.find(COMMAND_NAMESPACE, "BatchSize").filter(|_| !is_fixed)
            && size.value.as_deref().and_then(|it| it.parse::<u32>().ok()).is_some_and(|it| it > 100)
        {
            mistakes.push(wrong(size, "BatchSize is a percentage unless BatchSizeType is Fixed: 1 to 100"));
        }
    }

    fn scaling(&self, mistakes: &mut Vec<ProjectMistake>) {
        let number = |name| self.value(SCALING, name).and_then(|it| it.parse::<u32>().ok());
        if let Some((least, most)) = number("MinSize").zip(number("MaxSize"))
            && least > most
            && let Some(option) = self.find(SCALING, "MinSize")
        {
            mistakes.push(wrong(option, format!("MinSize ({least}) is larger than MaxSize ({most})")));
        }
    }
}

fn wrong(option: &ProjectOption, message: impl Into<String>) -> ProjectMistake {
    ProjectMistake::new(&option.path, option.line, message)
}

/// What is wrong with an option by itself.
fn mistake_of(option: &ProjectOption) -> Option<ProjectMistake> {
    let ProjectOption { namespace, name, value, .. } = option;
    if !is_namespace(namespace) {
        let mistake = wrong(option, format!("there is no namespace `{namespace}`"));
        return Some(mistake.unknown(namespace, NAMESPACES.iter().copied()));
    }
    let rows = option_rows(namespace);
    if rows.is_empty() {
        return None;
    }
    let Some(row) = rows.iter().find(|row| row.name == name) else {
        let mistake = wrong(option, format!("there is no option `{name}` in {namespace}"));
        return Some(mistake.unknown(name, rows.iter().map(|row| row.name)));
    };
    // A value in backquotes is a function of CloudFormation's.
    let value = value.as_deref().filter(|value| !value.contains('`') && !value.is_empty())?;
    let is_wrong = !row.range.accepts(value);
    is_wrong.then(|| wrong(option, format!("{name} cannot be `{value}`: {}", row.range.allowed())))
}
