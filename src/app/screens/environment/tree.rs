//! The tree of one environment: load balancer, listeners, rules, target groups and targets, as lines to fold.
//!
//! It is built from the topology when something changed, not when it is drawn. On a shared load balancer only what leads
//! to the environment's own target groups is shown, and a line counts what is left out.

use crate::model::Set;
use std::fmt::Write;
use std::sync::Arc;

use super::group_facts::stickiness_words;
use super::words::{action_words, condition_words, group_title, redirect_words};
use crate::model::{
    Balancer, Condition, Environment, EnvironmentLink, Key, Listener, LoadBalancer, Priority, Rule, RuleAction,
    Snapshot, Source, Strength, TargetCounts, TargetGroup, counted, forwarded_target_groups, serves,
};

/// The kind of a line of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The load balancer.
    LoadBalancer,
    /// A listener.
    Listener,
    /// A rule of a listener, its default one included.
    Rule,
    /// A target group that a rule forwards to.
    TargetGroup,
    /// A target.
    Target,
    /// A remark: what is not known, left out or not supported.
    Note,
}

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which line it is, the same from one building to the next: the path of ids from the root.
    pub id: Arc<str>,
    /// What it is.
    pub kind: NodeKind,
    /// How deep.
    pub depth: u16,
    /// The main text.
    pub label: String,
    /// The text after the label, dimmed.
    pub detail: String,
    /// AWS's word for its state, if it has one that needs a sign.
    pub state: Option<Arc<str>>,
    /// Whether it has children.
    pub foldable: bool,
    /// Whether they are hidden.
    pub folded: bool,
    /// Whether it belongs to another owner, or is not known to be the environment's.
    pub unowned: bool,
    /// The target groups at or under it.
    pub groups: Vec<Key<TargetGroup>>,
    /// What `Y` copies.
    pub arn: Option<Arc<str>>,
}

/// The lines of an environment's tree that are not folded away; `turned` are the nodes that the user folded or unfolded
/// against the default.
#[must_use]
#[expect(clippy::implicit_hasher, reason = "the crate has one kind of set")]
pub fn tree(snapshot: &Snapshot, turned: &Set<Arc<str>>, environment: &Environment) -> Vec<Node> {
    let none = EnvironmentLink::default();
    let link = snapshot.link(&environment.key).unwrap_or(&none);
    let mut builder = Builder { snapshot, turned, environment, link, nodes: Vec::new(), path: Vec::new() };
    match &link.load_balancer {
        Some((key, evidence)) => builder.load_balancer(key, evidence.strength()),
        None => builder.without_balancer(),
    }
    builder.nodes
}

struct Builder<'a> {
    snapshot: &'a Snapshot,
    turned: &'a Set<Arc<str>>,
    environment: &'a Environment,
    link: &'a EnvironmentLink,
    nodes: Vec<Node>,
    path: Vec<Arc<str>>,
}

/// A line before it has its place.
struct NodeDraft {
    kind: NodeKind,
    key: Arc<str>,
    label: String,
    detail: String,
    state: Option<Arc<str>>,
    unowned: bool,
    groups: Vec<Key<TargetGroup>>,
    folded_at_first: bool,
}

impl NodeDraft {
    fn new(kind: NodeKind, key: &Arc<str>, label: String) -> Self {
        let (detail, groups) = (String::new(), Vec::new());
        Self { kind, key: Arc::clone(key), label, detail, state: None, unowned: false, groups, folded_at_first: false }
    }
}

impl Builder<'_> {
    /// Adds a line; `children` adds what hangs under it and is not called if it is folded.
    fn add(&mut self, draft: NodeDraft, foldable: bool, children: impl FnOnce(&mut Self)) {
        self.path.push(Arc::clone(&draft.key));
        let id: Arc<str> = self.path.join(">").into();
        let folded = foldable && (draft.folded_at_first != self.turned.contains(&id));
        self.nodes.push(Node {
            id,
            kind: draft.kind,
            depth: self.path.len() as u16 - 1,
            label: draft.label,
            detail: draft.detail,
            state: draft.state,
            foldable,
            folded,
            unowned: draft.unowned,
            groups: draft.groups,
            arn: draft.key.starts_with("arn:").then(|| Arc::clone(&draft.key)),
        });
        if !folded {
            children(self);
        }
        self.path.pop();
    }

    fn note(&mut self, text: impl Into<String>) {
        let key: Arc<str> = format!("note {}", self.nodes.len()).into();
        self.add(NodeDraft::new(NodeKind::Note, &key, text.into()), false, |_| ());
    }

    /// Shows why something is missing: it is still being read, or reading it failed.
    fn missing(&mut self, source: &Source) {
        match self.snapshot.reads.fault(source) {
            Some(fault) => self.note(format!("? {} {}", source.operation(), fault.kind.word())),
            None => self.note("reading …"),
        }
    }

    fn without_balancer(&mut self) {
        let classic = self.link.classic_name.as_deref().unwrap_or("its name is not known");
        let text = match self.link.balancer {
            Balancer::Worker => "worker tier: messages come from a queue, there is no load balancer".into(),
            Balancer::Single => "single instance: no load balancer".into(),
            Balancer::Classic => format!("Classic Load Balancer ({classic}): ELBv2 does not know it"),
            Balancer::Cluster => "cluster tier (EKS): not supported".into(),
            _ => {
                let source = Source::Resources(self.environment.key.clone());
                return self.missing(&source);
            }
        };
        self.note(text);
    }

    fn load_balancer(&mut self, key: &Key<LoadBalancer>, strength: Strength) {
        let known = self.snapshot.inventory.load_balancers.get(key);
        let kind = if self.link.balancer == Balancer::Network { "NLB" } else { "ALB" };
        let name = known.map_or_else(|| crate::model::load_balancer_name(&key.id).into(), |it| Arc::clone(&it.name));
        let tilde = if strength == Strength::Proposed { "~" } else { "" };
        let mut draft = NodeDraft::new(NodeKind::LoadBalancer, &key.id, format!("{kind} {tilde}{name}"));
        if let Some(it) = known {
            let state = it.state.as_ref().map_or("", |state| state.as_str());
            let scheme = it.scheme.as_ref().map_or("", |scheme| scheme.as_str());
            draft.detail = format!("{state} {scheme} {} AZ", it.zones.len());
        }
        let sharers = self.snapshot.topology.environments_of(key).len();
        if self.link.balancer == Balancer::ApplicationShared {
            let _ = write!(draft.detail, " shared by {sharers}");
        }
        draft.groups = self.own_groups();
        self.add(draft, true, |builder| builder.listeners(key));
    }

    fn own_groups(&self) -> Vec<Key<TargetGroup>> {
        self.link.groups.iter().map(|group| group.key.clone()).collect()
    }

    fn listeners(&mut self, key: &Key<LoadBalancer>) {
        let Some(listeners) = self.snapshot.inventory.listeners.get(key) else {
            self.missing(&Source::Listeners(key.clone()));
            return self.loose_groups(&Set::default());
        };
        let mut shown = Set::default();
        for listener in listeners {
            self.listener(listener, &mut shown);
        }
        self.loose_groups(&shown);
    }

    /// The environment's groups that no rule was seen to lead to.
    fn loose_groups(&mut self, shown: &Set<Key<TargetGroup>>) {
        for key in self.own_groups().into_iter().filter(|key| !shown.contains(key)) {
            self.group(&key, None);
        }
    }

    fn listener(&mut self, listener: &Listener, shown: &mut Set<Key<TargetGroup>>) {
        let port = listener.port.map_or("?".into(), |port| port.to_string());
        let protocol = listener.protocol.as_deref().unwrap_or("?");
        let mut draft = NodeDraft::new(NodeKind::Listener, &listener.key.id, format!(":{port} {protocol}"));
        draft.detail = self.certificate_words(listener);
        let rules = self.snapshot.inventory.rules.get(&listener.key);
        let redirect = listener.default_actions.iter().find_map(redirect_words);
        let only_default = rules.is_none_or(|rules| rules.len() <= 1);
        if let (true, Some(redirect)) = (only_default, &redirect) {
            draft.label.push_str(redirect);
            return self.add(draft, false, |_| ());
        }
        if serves(&self.snapshot.inventory, self.link, listener) == Some(false) {
            let gap = if draft.detail.is_empty() { "" } else { "  " };
            let _ = write!(draft.detail, "{gap}does not lead here");
        }
        let (mine, others): (Vec<_>, Vec<_>) = match rules {
            Some(rules) => rules.iter().partition(|rule| self.is_mine(rule)),
            None => (Vec::new(), Vec::new()),
        };
        draft.groups = mine.iter().flat_map(|rule| targets_of(&rule.actions)).collect();
        let faulty = rules.is_none().then(|| Source::Rules(listener.key.clone()));
        let default_groups = targets_of(&listener.default_actions);
        shown.extend(draft.groups.iter().cloned());
        self.add(draft, true, |builder| {
            if let Some(source) = faulty {
                builder.missing(&source);
                for group in default_groups {
                    builder.group(&group, None);
                    shown.insert(group);
                }
            }
            for (at, rule) in mine.into_iter().enumerate() {
                builder.rule(rule, at > 0);
            }
            if !others.is_empty() {
                builder.note(counted(others.len(), "rule") + " of others");
            }
        });
    }

    fn certificate_words(&self, listener: &Listener) -> String {
        let Some(arn) = listener.certificates.first() else { return String::new() };
        let key = Key::new(self.environment.key.scope, Arc::clone(arn));
        let Some(certificate) = self.snapshot.inventory.certificates.get(&key) else { return String::new() };
        let mut words = certificate.domain.as_deref().unwrap_or_default().to_owned();
        if let Some(not_after) = certificate.not_after {
            let days = not_after.since(self.snapshot.moment).as_secs() / 86_400;
            let _ =
                if not_after <= self.snapshot.moment { write!(words, " expired") } else { write!(words, " {days}d") };
        }
        words
    }

    /// On a dedicated load balancer every rule is the environment's; on a shared one those that lead to its groups.
    fn is_mine(&self, rule: &Rule) -> bool {
        if self.link.balancer != Balancer::ApplicationShared {
            return true;
        }
        let own = |group: &Key<TargetGroup>| self.link.groups.iter().any(|linked| linked.key == *group);
        let for_cname = |condition: &Condition| {
            &*condition.field == "host-header"
                && self
                    .environment
                    .cname
                    .as_deref()
                    .is_some_and(|cname| condition.values.iter().any(|value| value.eq_ignore_ascii_case(cname)))
        };
        targets_of(&rule.actions).iter().any(own) || rule.conditions.iter().any(for_cname)
    }

    /// The default rule mostly repeats what an earlier rule shows, and then is folded.
    fn rule(&mut self, rule: &Rule, follows_another: bool) {
        let forwards: Vec<_> = forwarded_target_groups(&rule.actions).collect();
        let total: i32 = forwards.iter().map(|forward| forward.weight).sum();
        let place = match rule.priority {
            Priority::Number(number) => number.to_string(),
            Priority::Default => "default rule".into(),
        };
        let mut label = place;
        for condition in &rule.conditions {
            let _ = write!(label, " {}", condition_words(condition));
        }
        let mut draft = NodeDraft::new(NodeKind::Rule, &rule.key.id, label);
        draft.groups = targets_of(&rule.actions);
        draft.folded_at_first = follows_another && rule.priority == Priority::Default && forwards.len() == 1;
        let words: Vec<_> = rule.actions.iter().filter_map(action_words).collect();
        if !words.is_empty() {
            draft.detail = words.join(", ");
        } else if draft.folded_at_first {
            draft.detail = format!("→ {}", self.group_name(&forwards[0].target_group));
        }
        let foldable = !forwards.is_empty();
        self.add(draft, foldable, |builder| {
            for forward in forwards {
                let share = (total > 0 && forward.weight != total).then(|| forward.weight * 100 / total);
                builder.group(&forward.target_group, share);
            }
        });
    }

    /// The process's name if it is known, else the group's own.
    fn group_name(&self, key: &Key<TargetGroup>) -> String {
        group_title(&self.snapshot.inventory, self.link, &self.environment.key, key)
    }

    fn group(&mut self, key: &Key<TargetGroup>, share: Option<i32>) {
        let linked = self.link.groups.iter().find(|linked| linked.key == *key);
        let targets = self.snapshot.inventory.targets.get(key);
        let mut draft = NodeDraft::new(NodeKind::TargetGroup, &key.id, self.group_name(key));
        if let Some(share) = share {
            let _ = write!(draft.label, " {share} %");
        }
        draft.unowned = linked.is_none();
        match targets {
            Some(targets) => {
                let counts: TargetCounts = targets.iter().collect();
                let _ = write!(draft.detail, "{counts}");
                let worst = targets.iter().min_by_key(|target| target.state.rank());
                draft.state = worst.map(|target| target.state.as_str().into());
            }
            None => match self.snapshot.reads.fault(&Source::TargetHealth(key.clone())) {
                Some(fault) => draft.detail = format!("? {}", fault.kind.word()),
                None => draft.detail = "…".into(),
            },
        }
        if let Some(words) = stickiness_words(&self.snapshot.inventory, key) {
            let _ = write!(draft.detail, "  {words}");
        }
        if linked.is_none() {
            draft.detail.push_str("  not the environment's");
        }
        if linked.is_some_and(|linked| linked.evidence.strength() == Strength::Proposed) {
            draft.label.insert(0, '~');
        }
        draft.groups = vec![key.clone()];
        draft.folded_at_first = true;
        let foldable = targets.is_some_and(|targets| !targets.is_empty());
        self.add(draft, foldable, |builder| builder.targets(key));
    }

    fn targets(&mut self, key: &Key<TargetGroup>) {
        for target in self.snapshot.inventory.targets.get(key).into_iter().flatten() {
            let port = target.port.map_or(String::new(), |port| format!(":{port}"));
            let mut draft = NodeDraft::new(NodeKind::Target, &target.id, format!("{}{port}", target.id));
            draft.detail = target.reason_words().unwrap_or_default();
            draft.state = Some(target.state.as_str().into());
            draft.groups = vec![key.clone()];
            self.add(draft, false, |_| ());
        }
    }
}

fn targets_of(actions: &[RuleAction]) -> Vec<Key<TargetGroup>> {
    forwarded_target_groups(actions).map(|forward| forward.target_group.clone()).collect()
}
