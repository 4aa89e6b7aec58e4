//! `show` for people: the tree first, then a section for each subject.
//!
//! An empty section is left out, except drift: that there is none, and what was not compared, is worth a line.

use crate::model::Set;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use crate::app::screens::environment::{
    Node, NodeKind, TARGET_COLUMNS, TargetColumn, TargetRow, group_title, target_rows, tree,
};
use crate::change;
use crate::cli::table::{self, ColumnShape};
use crate::config::{Glyphs, Mark};
use crate::model::Snapshot;
use crate::model::{
    Attributes, Environment, EnvironmentLink, Evidence, EvidenceSet, HealthCheck, Key, TargetGroup, clean, counted,
    load_balancer_name, resource_name,
};
use crate::runtime::terminal_width;

/// One reading knows since when a target is in its state only from Beanstalk: longer ago than the reading took.
const LOOK: Duration = Duration::from_secs(60);

/// Writes the sections.
pub struct ShowPage<'a> {
    known: &'a Snapshot,
    environment: &'a Environment,
    link: EnvironmentLink,
    glyphs: Glyphs,
    out: String,
}

impl<'a> ShowPage<'a> {
    /// An empty page about an environment.
    pub fn new(known: &'a Snapshot, environment: &'a Environment, glyphs: Glyphs) -> Self {
        let link = known.topology.link(&environment.key).cloned().unwrap_or_default();
        Self { known, environment, link, glyphs, out: String::new() }
    }

    /// The whole page.
    pub fn write(mut self) -> String {
        self.head();
        self.tree();
        self.targets();
        self.groups();
        self.load_balancer();
        self.evidence();
        self.drift();
        self.out
    }

    fn title(&mut self, title: &str) {
        let _ = writeln!(self.out, "\n{}", clean(title));
    }

    fn pairs(&mut self, pairs: &[(&str, String)]) {
        let widest = pairs.iter().map(|(name, _)| crate::ui::width(&clean(name))).max().unwrap_or_default();
        for (name, value) in pairs {
            let name = clean(name);
            let gap = " ".repeat(widest + 2 - crate::ui::width(&name));
            let line = format!("  {name}{gap}{}", clean(value));
            let _ = writeln!(self.out, "{}", line.trim_end());
        }
    }

    fn head(&mut self) {
        let environment = self.environment;
        let word = |text: Option<&Arc<str>>| text.map_or_else(|| crate::app::NOTHING.to_owned(), ToString::to_string);
        let _ = writeln!(self.out, "{}  {}", clean(&environment.name), clean(&environment.key.id));
        let health = environment.health_status.as_ref().map(crate::model::HealthStatus::as_str);
        let colour = environment.health.as_ref().map(crate::model::HealthColour::as_str);
        let health = health.into_iter().chain(colour).collect::<Vec<_>>().join(", ");
        let mut pairs = vec![
            ("health", health),
            ("status", environment.status.as_str().to_owned()),
            ("application", environment.application.to_string()),
            ("version", word(environment.version.as_ref())),
            ("platform", word(environment.platform.as_ref())),
            ("tier", environment.tier.as_ref().map_or(crate::app::NOTHING, |tier| tier.as_str()).to_owned()),
            ("balancer", self.link.balancer.as_str().to_owned()),
            ("cname", word(environment.cname.as_ref())),
            ("endpoint", word(environment.endpoint_url.as_ref())),
        ];
        let health = self.known.inventory.environment_health.get(&environment.key);
        pairs.extend(health.into_iter().flat_map(|health| &health.causes).map(|cause| ("cause", cause.to_string())));
        self.pairs(&pairs);
    }

    fn tree(&mut self) {
        self.title("TREE");
        for node in unfolded(self.known, self.environment) {
            let indent = 2 + usize::from(node.depth) * 2;
            let mark = match (node.foldable, node.folded) {
                (true, true) => self.glyphs.mark(Mark::Folded),
                (true, false) => self.glyphs.mark(Mark::Open),
                (false, _) => " ",
            };
            let state = node.state.as_deref().filter(|_| node.kind == NodeKind::Target).unwrap_or_default();
            let words = [node.label.as_str(), state, node.detail.as_str()].map(|words| clean(words).into_owned());
            let words: Vec<_> = words.iter().map(|words| words.trim()).filter(|words| !words.is_empty()).collect();
            let _ = writeln!(self.out, "{:indent$}{mark} {}", "", words.join("  "));
        }
    }

    fn groups_titled(&self) -> Vec<(Key<TargetGroup>, Arc<str>)> {
        let title = |key: &Key<TargetGroup>| group_title(&self.known.inventory, &self.link, &self.environment.key, key);
        self.link.groups.iter().map(|linked| (linked.key.clone(), title(&linked.key).into())).collect()
    }

    fn targets(&mut self) {
        let rows = target_rows(&self.known.inventory, &self.environment.key, &self.groups_titled());
        if rows.is_empty() {
            return;
        }
        self.title("TARGETS");
        let at = self.known.moment;
        let is_reported = |row: &TargetRow| row.seen.is_some_and(|seen| at.since(seen.at) >= LOOK);
        let shows = |column| column != TargetColumn::Since || rows.iter().any(is_reported);
        let columns: Vec<_> = TARGET_COLUMNS.iter().filter(|facts| shows(facts.column)).collect();
        let shapes: Vec<_> = columns.iter().map(|facts| ColumnShape::of(facts)).collect();
        let cell = |facts: &&crate::app::ColumnFacts<TargetColumn, TargetRow>, row: &TargetRow| {
            let mut text = String::new();
            if facts.column == TargetColumn::Since && !is_reported(row) {
                text.push_str(crate::app::NOTHING);
            } else {
                (facts.text)(row, at, &mut text);
            }
            text
        };
        let cells: Vec<Vec<_>> =
            rows.iter().map(|row| columns.iter().map(|facts| cell(facts, row)).collect()).collect();
        let room = terminal_width().map(|room| room.saturating_sub(2));
        for line in table::lines(&shapes, &cells, room).lines() {
            let _ = writeln!(self.out, "  {line}");
        }
    }

    fn groups(&mut self) {
        for (key, title) in self.groups_titled() {
            let name = resource_name(&key.id).to_owned();
            let process = if *title == *name { String::new() } else { format!("  process {title}") };
            self.title(&format!("TARGET GROUP {name}{process}"));
            if let Some(group) = self.known.inventory.target_groups.get(&key) {
                self.pairs(&[("health check", check_words(&group.health_check))]);
            }
            let attributes = self.known.inventory.target_group_attributes.get(&key);
            self.pairs(&attribute_pairs(attributes).collect::<Vec<_>>());
        }
    }

    fn load_balancer(&mut self) {
        let Some((key, _)) = self.link.load_balancer.clone() else { return };
        self.title(&format!("LOAD BALANCER {}", load_balancer_name(&key.id)));
        let mut pairs = Vec::new();
        if let Some(it) = self.known.inventory.load_balancers.get(&key) {
            pairs.push(("dns name", it.dns_name.as_deref().unwrap_or(crate::app::NOTHING).to_owned()));
        }
        pairs.extend(attribute_pairs(self.known.inventory.load_balancer_attributes.get(&key)));
        self.pairs(&pairs);
    }

    fn evidence(&mut self) {
        let words = |set: EvidenceSet| {
            let pieces: Vec<_> = set.iter().map(Evidence::as_str).collect();
            format!("{} by {}", set.strength().as_str(), pieces.join(", "))
        };
        let link = self.link.clone();
        let balancer = link.load_balancer.iter().map(|(key, set)| (load_balancer_name(&key.id), words(*set)));
        let groups = link.groups.iter().map(|group| (resource_name(&group.key.id), words(group.evidence)));
        let mut pairs: Vec<_> = balancer.chain(groups).collect();
        pairs.extend(link.disagreements.iter().map(|words| ("but", words.clone())));
        if !pairs.is_empty() {
            self.title("LINKED BY");
            self.pairs(&pairs);
        }
    }

    fn drift(&mut self) {
        let Some(report) = change::drift_report(&self.basis()) else { return };
        if self.link.groups.is_empty() {
            return;
        }
        self.title("DRIFT");
        let mark = self.glyphs.mark(Mark::Drift);
        let mut lines: Vec<_> = report.drift.iter().map(|drift| format!("{mark} {}", drift.sentence())).collect();
        if lines.is_empty() {
            let verb = if report.same == 1 { "is" } else { "are" };
            let values = format!("{} {verb}", counted(report.same, "live value"));
            let beside = if report.not_compared.is_empty() { "" } else { "; beside that:" };
            lines.push(format!("none: {values} as its option or its default says{beside}"));
        }
        lines.extend(report.not_compared.iter().map(|it| format!("? not compared: {}", it.sentence())));
        for line in lines {
            let _ = writeln!(self.out, "  {}", clean(&line));
        }
    }

    fn basis(&self) -> change::PlanInputs<'_> {
        change::PlanInputs { snapshot: self.known, environment: self.environment }
    }
}

/// The tree with each target group unfolded where it comes first; what only repeats it stays folded.
fn unfolded(known: &Snapshot, environment: &Environment) -> Vec<Node> {
    let mut turned = Set::default();
    let mut open: Set<Key<TargetGroup>> = Set::default();
    loop {
        let nodes = tree(known, &turned, environment);
        let hides = |node: &&Node| node.folded && node.groups.iter().any(|group| !open.contains(group));
        let Some(node) = nodes.iter().find(hides) else { return nodes };
        if node.kind == NodeKind::TargetGroup {
            open.extend(node.groups.iter().cloned());
        }
        if !turned.insert(Arc::clone(&node.id)) {
            return nodes;
        }
    }
}

fn attribute_pairs(attributes: Option<&Attributes>) -> impl Iterator<Item = (&str, String)> {
    attributes.into_iter().flatten().map(|(key, value)| (&**key, value.to_string()))
}

fn check_words(check: &HealthCheck) -> String {
    let number = |value: Option<i32>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    let mut words = check.protocol.as_deref().unwrap_or("?").to_owned();
    for part in
        [check.path.as_deref(), check.port.as_deref().map(|_| "on"), check.port.as_deref()].into_iter().flatten()
    {
        let _ = write!(words, " {part}");
    }
    let _ = write!(
        words,
        ", every {} s, timeout {} s, healthy after {}, unhealthy after {}",
        number(check.interval),
        number(check.timeout),
        number(check.healthy_threshold),
        number(check.unhealthy_threshold)
    );
    if let Some(matcher) = &check.matcher {
        let _ = write!(words, ", wants {matcher}");
    }
    words
}
