//! The security groups that the region has, and those that are made and changed.

use super::security::{Ingress, Peer, SecurityGroup};
use super::{Pair, Region};
use crate::sim::scenario::spec::EnvironmentSpec;

/// The rule that EC2 gives every group that is made.
fn everything() -> Vec<Ingress> {
    let peer = Peer::Range("0.0.0.0/0".to_owned());
    vec![Ingress { protocol: "-1".to_owned(), ports: None, peer, since: i64::MIN }]
}

impl Region {
    /// Adds the default group of every VPC, whose members may reach each other on all ports.
    pub(super) fn add_default_security_group(&mut self) {
        let id = self.resource_id("sg", "default of the VPC");
        let own = Ingress { protocol: "-1".to_owned(), ports: None, peer: Peer::Group(id.clone()), since: i64::MIN };
        self.add_security_group(id, "default", "default VPC security group", (vec![own], everything()), Vec::new());
    }

    pub(super) fn add_instance_security_group(&mut self, spec: &EnvironmentSpec, id: &str, tags: &[Pair]) -> String {
        let environment = &spec.name;
        let group = self.resource_id("sg", &format!("instances {environment}"));
        let balancer = self.resource_id("sg", &format!("balancer {environment}"));
        let name = self.stack_name(id, "AWSEBSecurityGroup");
        let admitted = spec.instances_admit.iter().map(|range| Peer::Range(range.clone()));
        let open = [Peer::Group(balancer)].into_iter().chain(admitted).map(|peer| Ingress::tcp(80, peer)).collect();
        self.add_security_group(group, &name, "VPC Security Group", (open, everything()), tags.to_vec())
    }

    pub(super) fn add_load_balancer_security_group(
        &mut self,
        key: &str,
        environment: Option<usize>,
        (ports, process_ports): (&[u16], &[u16]),
    ) -> String {
        let group = self.resource_id("sg", &format!("balancer {key}"));
        let (name, tags) = match environment.map(|place| &self.environments[place]) {
            Some(owner) => (self.stack_name(&owner.id, "AWSEBLoadBalancerSecurityGroup"), owner.tags.clone()),
            None => (format!("{}-lb", key.trim_start_matches("lb ")), Vec::new()),
        };
        let everybody = || Peer::Range("0.0.0.0/0".to_owned());
        let open = ports.iter().map(|port| Ingress::tcp(*port, everybody())).collect();
        // Dumps of Beanstalk's own group have TCP 80 alone out where the process is on port 80; a group that is made by
        // hand has everything out.
        let to_processes = || process_ports.iter().map(|port| Ingress::tcp(*port, everybody())).collect();
        let out = if environment.is_some() { to_processes() } else { everything() };
        self.add_security_group(group, &name, "Load Balancer Security Group", (open, out), tags)
    }

    fn add_security_group(
        &mut self,
        id: String,
        name: &str,
        description: &str,
        (ingress, egress): (Vec<Ingress>, Vec<Ingress>),
        tags: Vec<Pair>,
    ) -> String {
        self.index.security_groups.insert(id.clone(), self.security_groups.len());
        let (name, description) = (name.to_owned(), description.to_owned());
        let group = SecurityGroup { id: id.clone(), name, description, ingress, egress, tags, gone: false };
        self.security_groups.push(group);
        id
    }

    /// Creates a group that allows no inbound and all outbound traffic; returns its id.
    pub fn make_security_group(&mut self, name: &str, description: &str) -> String {
        let id = self.resource_id("sg", &format!("made {name} {}", self.security_groups.len()));
        self.add_security_group(id, name, description, (Vec::new(), everything()), Vec::new())
    }

    /// Opens 443 to all addresses on the first group of a load balancer, as Beanstalk does if the scenario wants it.
    pub(super) fn open_for_beanstalk(&mut self, balancer: usize, since: i64) {
        let first = self.load_balancers[balancer].security_groups.first();
        let Some(place) = first.and_then(|id| self.index.security_groups.get(id)).copied() else { return };
        let rule = Ingress { since, ..Ingress::tcp(443, Peer::Range("0.0.0.0/0".to_owned())) };
        self.security_groups[place].ingress.push(rule);
    }

    /// A group that may be changed.
    pub fn security_group_mut(&mut self, id: &str) -> Option<&mut SecurityGroup> {
        let place = self.index.security_groups.get(id).copied()?;
        Some(&mut self.security_groups[place]).filter(|group| !group.gone)
    }
}
