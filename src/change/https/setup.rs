//! The steps of setting up HTTPS, each with all that it takes to do it and to take it back. This is what the log keeps.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::change::request::{OptionChange, Route};
use crate::model::{Key, RuleAction, ScopeId, TargetGroup, TrafficSource, resource_name};

/// The setup of HTTPS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpsSetup {
    /// How the listener is made.
    pub route: Route,
    /// The ARN of the load balancer.
    pub load_balancer: Arc<str>,
    /// The load balancer's DNS name.
    pub dns_name: Arc<str>,
    /// The host name with which it is tried.
    pub host: Arc<str>,
    /// The certificate's name and expiry, for display.
    pub certificate: Arc<str>,
    /// The stages, in order.
    pub stages: Vec<HttpsStage>,
    /// The ids of what the steps have created.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<(HttpsStep, Arc<str>)>,
}

/// A step, with what it changes from and to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum HttpsStage {
    /// Beanstalk makes the listener: options of `aws:elbv2:listener:443`.
    Options {
        /// The ARN of the certificate.
        certificate: Arc<str>,
        /// The options, with the values that they had.
        changes: Vec<OptionChange>,
    },
    /// The listener is made on the load balancer itself.
    Listener {
        /// The ARN of the certificate.
        certificate: Arc<str>,
        /// The TLS policy.
        policy: Arc<str>,
        /// Its default action.
        action: DefaultAction,
    },
    /// A security group of the load balancer's own is made.
    Group {
        /// Its name.
        name: Arc<str>,
        /// The VPC.
        vpc: Arc<str>,
        /// Its purpose.
        description: Arc<str>,
    },
    /// Port 443 is opened.
    Rule {
        /// The group; none: the one that was made.
        group: Option<Arc<str>>,
        /// The sources that are admitted.
        sources: Vec<TrafficSource>,
    },
    /// The new group is put on the load balancer, beside those that it has.
    Attach {
        /// The groups that it has.
        before: Vec<Arc<str>>,
    },
    /// A client's request over HTTPS.
    Probe,
    /// Port 80 redirects its clients to HTTPS by its default action: an earlier build did so, and it can still be undone.
    Redirect {
        /// The ARN of the listener of port 80.
        listener: Arc<str>,
        /// The action before.
        before: DefaultAction,
        /// The action after.
        after: DefaultAction,
    },
    /// Port 80 sends its clients to HTTPS by a rule for every path. Beanstalk resets a default action of its listener when
    /// it changes the listener; a rule that it does not know it leaves alone.
    RedirectRule {
        /// The ARN of the listener of port 80.
        listener: Arc<str>,
        /// The rule's priority.
        priority: u32,
        /// `HTTP_301` or `HTTP_302`.
        status: Arc<str>,
        /// The rule that redirects with another status already; none: one is made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RedirectingRule>,
    },
}

/// A rule that redirects every path to HTTPS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectingRule {
    /// Its ARN.
    pub rule: Arc<str>,
    /// `HTTP_301` or `HTTP_302`.
    pub status: Arc<str>,
}

/// A step by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpsStep {
    /// The listener on port 443.
    Listener,
    /// A new security group.
    Group,
    /// The rule for port 443.
    Rule,
    /// The new group on the load balancer.
    Attach,
    /// The request over HTTPS.
    Probe,
    /// The redirect on port 80.
    Redirect,
}

/// The default action of a listener, as far as beanpole can restore it exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultAction {
    /// Forwards.
    Forward {
        /// Target groups with their weights.
        groups: Vec<(Arc<str>, i32)>,
        /// For how many seconds a client stays with its group, if it does.
        stickiness: Option<i32>,
    },
    /// Redirects to the same place over HTTPS.
    Redirect {
        /// `HTTP_301` or `HTTP_302`.
        status: Arc<str>,
    },
}

impl HttpsStep {
    /// Its word in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listener => "listener",
            Self::Group => "group",
            Self::Rule => "rule",
            Self::Attach => "attach",
            Self::Probe => "probe",
            Self::Redirect => "redirect",
        }
    }
}

impl HttpsStage {
    /// Its name.
    #[must_use]
    pub fn step(&self) -> HttpsStep {
        match self {
            Self::Options { .. } | Self::Listener { .. } => HttpsStep::Listener,
            Self::Group { .. } => HttpsStep::Group,
            Self::Rule { .. } => HttpsStep::Rule,
            Self::Attach { .. } => HttpsStep::Attach,
            Self::Probe => HttpsStep::Probe,
            Self::Redirect { .. } | Self::RedirectRule { .. } => HttpsStep::Redirect,
        }
    }
}

impl HttpsStage {
    /// Describes what it does; `None` where its name is enough.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let list = |sources: &[TrafficSource]| sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Some(match self {
            Self::Options { .. } => "Beanstalk updates the environment, and makes the listener".to_owned(),
            Self::Listener { policy, action, .. } => format!("{policy}, {action}"),
            Self::Group { name, .. } => format!("{name}, which allows no source yet"),
            Self::Rule { sources, .. } => format!("443 for {}, as on 80; unless it is open by then", list(sources)),
            Self::Attach { before } => format!("beside {}", before.join(", ")),
            Self::Probe => "as a client sends it; what follows is done only if it is answered".to_owned(),
            Self::Redirect { before, after, .. } => format!("{before}  →  {after}"),
            Self::RedirectRule { priority, status, before: None, .. } => {
                format!("a rule for every path (/*), priority {priority}: {}", redirect_words(status))
            }
            Self::RedirectRule { status, before: Some(before), .. } => {
                format!("the rule for every path: {}  →  {}", redirect_words(&before.status), redirect_words(status))
            }
        })
    }
}

impl HttpsSetup {
    /// The step of this name.
    #[must_use]
    pub fn stage(&self, step: HttpsStep) -> Option<&HttpsStage> {
        self.stages.iter().find(|stage| stage.step() == step)
    }

    /// Returns the id of what a step has created.
    #[must_use]
    pub fn made(&self, step: HttpsStep) -> Option<&Arc<str>> {
        self.made.iter().find(|(by, _)| *by == step).map(|(_, id)| id)
    }

    /// Keeps what a step has made.
    pub fn keep(&mut self, step: HttpsStep, id: Arc<str>) {
        self.made.retain(|(by, _)| *by != step);
        self.made.push((step, id));
    }
}

impl DefaultAction {
    /// Returns a redirect to HTTPS, temporary (302) or permanent (301).
    #[must_use]
    pub fn redirect(permanent: bool) -> Self {
        Self::Redirect { status: if permanent { "HTTP_301" } else { "HTTP_302" }.into() }
    }

    /// The action of these; none if it is anything that could not be put back exactly as it is.
    #[must_use]
    pub fn of(actions: &[RuleAction]) -> Option<Self> {
        match actions {
            [RuleAction::Forward { groups, group_stickiness }] => {
                let groups = groups.iter().map(|it| (Arc::clone(&it.target_group.id), it.weight)).collect();
                Some(Self::Forward { groups, stickiness: *group_stickiness })
            }
            [RuleAction::Redirect { protocol, port, host, path, status }] => {
                let is_plain = (&**protocol, &**port, &**host, &**path) == ("HTTPS", "443", "#{host}", "/#{path}");
                is_plain.then(|| Self::Redirect { status: Arc::clone(status) })
            }
            _ => None,
        }
    }

    /// The target groups that it forwards to.
    #[must_use]
    pub fn groups(&self, scope: ScopeId) -> Vec<Key<TargetGroup>> {
        match self {
            Self::Forward { groups, .. } => groups.iter().map(|(arn, _)| Key::new(scope, Arc::clone(arn))).collect(),
            Self::Redirect { .. } => Vec::new(),
        }
    }
}

/// Describes a redirect to HTTPS.
pub(super) fn redirect_words(status: &str) -> String {
    format!("redirect to HTTPS ({})", status.trim_start_matches("HTTP_"))
}

impl fmt::Display for DefaultAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forward { groups, .. } => {
                let names: Vec<_> = groups.iter().map(|(arn, _)| resource_name(arn)).collect();
                write!(f, "forward to {}", names.join(", "))
            }
            Self::Redirect { status } => f.write_str(&redirect_words(status)),
        }
    }
}

impl fmt::Display for HttpsStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Listener => "listener on port 443",
            Self::Group => "security group",
            Self::Rule => "rule for port 443",
            Self::Attach => "security group on the load balancer",
            Self::Probe => "request over HTTPS",
            Self::Redirect => "redirect of port 80",
        })
    }
}
