//! From the choices to the steps: only what is missing is done, in an order that never opens a hole.

use std::sync::Arc;

use super::certificate::Candidate;
use super::opening::{HTTPS, Opening, opening};
use super::policy::is_old;
use super::setup::{DefaultAction, HttpsSetup, HttpsStage, RedirectingRule, redirect_words};
use super::site::{HttpsInputs, redirected_by, takes_everything};
use super::undertaking::OPTIONS;
use crate::change::operation::Operation;
use crate::change::outcome::Refusal;
use crate::change::request::{OptionChange, Route, Subject};
use crate::change::serves::{Serves, serves_of};
use crate::change::settings::{is_same_value, listener_namespace};
use crate::model::{ConfigurationSettings, Listener, Priority, Rule, RuleAction, TlsPolicy, counted};

const HTTP: i32 = 80;

/// The behaviour of port 80 after the setup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirecting {
    /// What they get now.
    No,
    /// A redirect for the time being (302).
    Temporary,
    /// A redirect that browsers remember for ever (301): only in place of one for the time being.
    Permanent,
}

/// The user's choices.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The certificate.
    pub certificate: Candidate,
    /// The TLS policy of a new listener.
    pub policy: TlsPolicy,
    /// What port 80 does then.
    pub redirecting: Redirecting,
    /// How a new listener is made.
    pub route: Route,
}

/// The behaviour of port 80 for requests that no special rule matches.
enum Plain<'a> {
    /// It sends them to target groups.
    Serves,
    /// A rule redirects them, with this status.
    RedirectsByRule(&'a Rule, &'a str),
    /// Its default action does.
    RedirectsByDefault(&'a str),
    /// Something that no redirect of ours can come before, or nothing that is known.
    Otherwise,
}

/// The setup of HTTPS, with what there is to know before it is confirmed.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What is done.
    pub operation: Operation,
    /// Why it is dangerous, a sentence each without its full stop.
    pub dangers: Vec<String>,
    /// What there is to know, a sentence each without its full stop.
    pub warnings: Vec<String>,
    /// What it affects.
    pub serves: Serves,
}

impl HttpsInputs {
    /// Whether there is a listener for HTTPS already.
    #[must_use]
    pub fn has_listener(&self) -> bool {
        self.listener(HTTPS).is_some_and(Listener::is_secure)
    }

    /// Returns the redirects that make sense: none where there is no listener, where it redirects already, or where a rule
    /// takes every request before another one could.
    #[must_use]
    pub fn redirects(&self) -> Vec<Redirecting> {
        match self.plain() {
            Plain::Serves => vec![Redirecting::Temporary, Redirecting::No],
            Plain::RedirectsByRule(_, "HTTP_302") | Plain::RedirectsByDefault("HTTP_302") => {
                vec![Redirecting::No, Redirecting::Permanent]
            }
            _ => vec![Redirecting::No],
        }
    }

    /// Describes how port 80 is redirected to HTTPS already; `None` if it is not.
    #[must_use]
    pub fn redirected(&self) -> Option<String> {
        match self.plain() {
            Plain::RedirectsByRule(rule, status) => {
                let place = if let Priority::Number(number) = rule.priority { number } else { 0 };
                Some(format!("the rule /* with priority {place} makes a {} already", redirect_words(status)))
            }
            Plain::RedirectsByDefault(status) => {
                Some(format!("the default action is a {} already", redirect_words(status)))
            }
            Plain::Serves | Plain::Otherwise => None,
        }
    }

    /// Returns the behaviour of port 80 for requests that no special rule matches.
    fn plain(&self) -> Plain<'_> {
        let Some(listener) = self.listener(HTTP).filter(|it| self.snapshot.inventory.rules.contains_key(&it.key))
        else {
            return Plain::Otherwise;
        };
        if let Some(rule) = self.rules_of(&listener.key).into_iter().find(|rule| takes_everything(rule)) {
            if let Some(status) = redirected_by(rule) {
                return Plain::RedirectsByRule(rule, status);
            }
            if self.free_priority(listener).is_none_or(|free| Priority::Number(free) > rule.priority) {
                return Plain::Otherwise;
            }
        }
        match listener.default_actions.as_slice() {
            [RuleAction::Forward { .. }] => Plain::Serves,
            [RuleAction::Redirect { status, .. }] if DefaultAction::of(&listener.default_actions).is_some() => {
                Plain::RedirectsByDefault(status)
            }
            _ => Plain::Otherwise,
        }
    }

    /// The first priority that no rule of a listener has.
    fn free_priority(&self, listener: &Listener) -> Option<u32> {
        let rules = self.rules_of(&listener.key);
        (1..=50_000).find(|priority| rules.iter().all(|rule| rule.priority != Priority::Number(*priority)))
    }

    /// Returns what has to be done for 443 to be as open as 80.
    #[must_use]
    pub fn opening(&self) -> Opening {
        opening(&self.attached(), |group| self.unowned(group))
    }

    /// Plans the steps of the choices.
    ///
    /// # Errors
    /// When HTTPS cannot be set up here, or not like this.
    pub fn propose(&self, choice: &Choice) -> Result<Proposal, Refusal> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        let unsuitable = |why: &str| Refusal::Unsuitable { why: why.into() };
        let load_balancer = self.load_balancer().ok_or_else(|| unsuitable("the load balancer is not known"))?;
        let host = choice.certificate.probed(&self.environment.name);
        let mut setup = HttpsSetup {
            route: choice.route,
            load_balancer: Arc::clone(&load_balancer.key.id),
            dns_name: load_balancer.dns_name.clone().unwrap_or_default(),
            host: host.ok_or_else(|| unsuitable("the certificate has no name that a client could ask for"))?,
            certificate: reported(&choice.certificate).into(),
            stages: Vec::new(),
            made: Vec::new(),
        };
        if !self.has_listener() {
            setup.stages.push(self.listener_stage(choice)?);
        }
        setup.stages.extend(self.group_stages(&load_balancer.security_groups));
        setup.stages.push(HttpsStage::Probe);
        setup.stages.extend(self.redirect_stage(choice.redirecting));
        let warnings = self.warnings(choice, &setup);
        let serves = serves_of(&self.basis(), &load_balancer.key);
        Ok(Proposal {
            dangers: dangers(&setup),
            warnings,
            operation: Operation::https(Subject::from(&self.environment), setup).serving(&serves),
            serves,
        })
    }

    fn listener_stage(&self, choice: &Choice) -> Result<HttpsStage, Refusal> {
        let certificate = Arc::clone(&choice.certificate.certificate.key.id);
        if choice.route != Route::Beanstalk {
            let forward = self.forward().ok_or_else(|| Refusal::Unsuitable {
                why: "it is not clear to which target group a new listener should forward".into(),
            })?;
            return Ok(HttpsStage::Listener { certificate, policy: Arc::clone(&choice.policy.name), action: forward });
        }
        let changes = self.option_changes(&certificate, &choice.policy.name);
        if changes.is_empty() {
            let why = "Beanstalk's options ask for this listener already, and it is not there: only elb can make it";
            return Err(Refusal::Unsuitable { why: why.into() });
        }
        Ok(HttpsStage::Options { certificate, changes })
    }

    /// Returns the action of a new listener: that of port 80, or else forwarding to the only target group.
    fn forward(&self) -> Option<DefaultAction> {
        let http = self.listener(HTTP).and_then(|listener| DefaultAction::of(&listener.default_actions));
        let only = || match self.basis().target_groups().as_slice() {
            [only] => Some(DefaultAction::Forward { groups: vec![(Arc::clone(&only.key.id), 1)], stickiness: None }),
            _ => None,
        };
        http.filter(|action| matches!(action, DefaultAction::Forward { .. })).or_else(only)
    }

    /// The options whose values differ. The process and the rules are those of port 80.
    fn option_changes(&self, certificate: &str, policy: &str) -> Vec<OptionChange> {
        let (namespace, of_http) = (listener_namespace(HTTPS), listener_namespace(HTTP));
        let wanted = |name: &str| match name {
            "ListenerEnabled" => Some("true".to_owned()),
            "Protocol" => Some("HTTPS".to_owned()),
            "SSLCertificateArns" => Some(certificate.to_owned()),
            "SSLPolicy" => Some(policy.to_owned()),
            "DefaultProcess" => Some(self.option(&of_http, name).unwrap_or("default").to_owned()),
            _ => self.option(&of_http, name).map(str::to_owned),
        };
        let change = |name: &str| OptionChange {
            namespace: namespace.clone(),
            name: name.to_owned(),
            before: self.option(&namespace, name).map(str::to_owned),
            after: wanted(name),
        };
        let differs = |it: &OptionChange| !is_same_value(&it.name, it.before.as_deref(), it.after.as_deref());
        OPTIONS.into_iter().map(change).filter(|it| differs(it) && it.after.is_some()).collect()
    }

    fn group_stages(&self, before: &[Arc<str>]) -> Vec<HttpsStage> {
        match self.opening() {
            Opening::Open | Opening::Closed => Vec::new(),
            Opening::Rule { group, sources } => vec![HttpsStage::Rule { group: Some(group), sources }],
            Opening::NewGroup { sources, .. } => {
                let vpc = self.load_balancer().and_then(|it| it.vpc.clone()).unwrap_or_default();
                let description = format!("HTTPS for environment {}", self.environment.name);
                let group = HttpsStage::Group {
                    name: group_name(&self.environment.key.id),
                    vpc,
                    description: description.into(),
                };
                vec![group, HttpsStage::Rule { group: None, sources }, HttpsStage::Attach { before: before.to_vec() }]
            }
        }
    }

    /// A rule for every path, before all others; what redirects already is made permanent where it is.
    fn redirect_stage(&self, redirecting: Redirecting) -> Option<HttpsStage> {
        if redirecting == Redirecting::No || !self.redirects().contains(&redirecting) {
            return None;
        }
        let listener = self.listener(HTTP)?;
        let (arn, after) =
            (Arc::clone(&listener.key.id), DefaultAction::redirect(redirecting == Redirecting::Permanent));
        let DefaultAction::Redirect { status } = &after else { return None };
        let status = Arc::clone(status);
        match self.plain() {
            Plain::Serves => {
                let priority = self.free_priority(listener)?;
                Some(HttpsStage::RedirectRule { listener: arn, priority, status, before: None })
            }
            Plain::RedirectsByRule(rule, before) => {
                let priority = if let Priority::Number(number) = rule.priority { number } else { 0 };
                let before = RedirectingRule { rule: Arc::clone(&rule.key.id), status: before.into() };
                Some(HttpsStage::RedirectRule { listener: arn, priority, status, before: Some(before) })
            }
            Plain::RedirectsByDefault(before) => {
                let before = DefaultAction::Redirect { status: before.into() };
                Some(HttpsStage::Redirect { listener: arn, before, after })
            }
            Plain::Otherwise => None,
        }
    }

    fn warnings(&self, choice: &Choice, setup: &HttpsSetup) -> Vec<String> {
        let mut warnings = Vec::new();
        let is_new = !self.has_listener();
        if is_new {
            warnings.extend(choice.certificate.objection().map(|why| format!("the certificate {why}")));
            if choice.certificate.days.is_some_and(|days| days < 30) {
                warnings.push(format!(
                    "the certificate ends in {}",
                    counted(choice.certificate.days.unwrap_or_default(), "day")
                ));
            }
            if is_old(&choice.policy) {
                warnings.push(format!("{} takes TLS 1.0 or 1.1, which are given up", choice.policy.name));
            }
            warnings.extend(self.warnings_of_route(choice.route));
        }
        warnings.extend(self.warnings_of_opening());
        warnings.extend(setup.stages.iter().flat_map(|stage| self.warnings_of_redirect(stage)));
        warnings
    }

    fn warnings_of_redirect(&self, stage: &HttpsStage) -> Vec<String> {
        let mut warnings = Vec::new();
        match stage {
            HttpsStage::Redirect { .. } => {
                warnings.push(
                    "Beanstalk has no option for a redirect, and may put its own action back on port 80".to_owned(),
                );
                if self.rules_on(HTTP) > 0 {
                    warnings.push(
                        "what a rule of port 80 takes is not redirected: only its default action changes".to_owned(),
                    );
                }
            }
            HttpsStage::RedirectRule { listener, priority, before, .. } => {
                warnings.push(
                    "Beanstalk has no option for a redirect: a rebuilt, cloned or restored environment is without this rule"
                        .to_owned(),
                );
                if before.is_none() {
                    warnings.push(format!(
                        "a rule that Beanstalk is to make later on port 80 with priority {priority} collides with this one, and \
                         that update fails"
                    ));
                }
                let first: Vec<_> = self
                    .rules_of(&self.key_of(listener))
                    .into_iter()
                    .filter_map(|rule| match rule.priority {
                        Priority::Number(number) if number < *priority => Some(number.to_string()),
                        _ => None,
                    })
                    .collect();
                if !first.is_empty() {
                    let rules = if first.len() == 1 { "rule" } else { "rules" };
                    let come = if first.len() == 1 { "comes" } else { "come" };
                    let list = first.join(", ");
                    warnings.push(format!("{rules} {list} of port 80 {come} first: what they take is not redirected"));
                }
            }
            _ => {}
        }
        warnings
    }

    fn warnings_of_route(&self, route: Route) -> Vec<String> {
        let splits = || {
            let policy = self
                .basis()
                .settings()
                .and_then(|it: &ConfigurationSettings| it.get("aws:elasticbeanstalk:command", "DeploymentPolicy"));
            policy == Some("TrafficSplitting")
        };
        let mut warnings = if route == Route::Beanstalk {
            vec!["values that are set like this override .ebextensions until they are removed".to_owned()]
        } else {
            vec!["a rebuilt, cloned or restored environment is without this listener".to_owned()]
        };
        if route != Route::Beanstalk && splits() {
            warnings.push(
                "a deploy by traffic splitting leaves the clients of this listener on the old version".to_owned(),
            );
        }
        let copied = route == Route::Beanstalk && self.option(&listener_namespace(HTTP), "Rules").is_some();
        if self.rules_on(HTTP) > 0 && !copied {
            let count = self.rules_on(HTTP);
            warnings
                .push(format!("the rules of port 80 ({count}) are not made on 443: there everything goes by default"));
        }
        warnings
    }

    fn warnings_of_opening(&self) -> Vec<String> {
        match self.opening() {
            Opening::Open | Opening::Rule { .. } => Vec::new(),
            Opening::Closed => vec!["no source is allowed on port 80, so none is allowed on 443".to_owned()],
            Opening::NewGroup { why, .. } => {
                let new = format!("{why}: so it is left alone, and a new group is put beside it");
                let stays =
                    "the new group is not Beanstalk's: it stays behind when the environment is terminated".to_owned();
                vec![new, stays]
            }
        }
    }

    /// Returns how many rules a listener has, without the default one.
    fn rules_on(&self, port: i32) -> usize {
        let rules = self.listener(port).and_then(|listener| self.snapshot.inventory.rules.get(&listener.key));
        rules.map_or(0, |rules| rules.iter().filter(|rule| !rule.conditions.is_empty()).count())
    }
}

/// The name of the group that is made for an environment.
#[must_use]
pub fn group_name(environment: &str) -> Arc<str> {
    format!("beanpole-https-{environment}").into()
}

fn reported(candidate: &Candidate) -> String {
    let days = candidate.days.map(|days| format!(", {} left", counted(days, "day"))).unwrap_or_default();
    format!("{}{days}", candidate.name())
}

fn dangers(setup: &HttpsSetup) -> Vec<String> {
    let danger = |stage: &HttpsStage| match stage {
        HttpsStage::Options { .. } => Some("clients reach the load balancer on port 443".to_owned()),
        HttpsStage::Listener { .. } => Some(
            "Beanstalk will not know this listener: a listener of its own on 443 later collides with it \
             (DuplicateListener), and that update fails"
                .to_owned(),
        ),
        HttpsStage::Rule { sources, .. } => {
            let sources: Vec<_> = sources.iter().map(ToString::to_string).collect();
            Some(format!("port 443 is opened to those who reach port 80: {}", sources.join(", ")))
        }
        HttpsStage::Redirect { after: DefaultAction::Redirect { status }, .. } if &**status == "HTTP_301" => {
            Some("browsers remember a permanent redirect: it cannot be undone for clients that have seen it".to_owned())
        }
        HttpsStage::RedirectRule { status, .. } if &**status == "HTTP_301" => {
            Some("browsers remember a permanent redirect: it cannot be undone for clients that have seen it".to_owned())
        }
        HttpsStage::Redirect { .. } | HttpsStage::RedirectRule { .. } => {
            Some("clients that speak only plain HTTP or ws:// can no longer use port 80".to_owned())
        }
        _ => None,
    };
    setup.stages.iter().filter_map(danger).collect()
}
