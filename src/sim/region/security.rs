//! Security groups: one for an environment's instances, one for its load balancer.

use super::{Pair, Peer, Region, SecurityGroup};

impl Region {
    pub(super) fn add_instance_security_group(&mut self, environment: &str, id: &str, tags: &[Pair]) -> String {
        let group = self.resource_id("sg", &format!("instances {environment}"));
        let balancer = self.resource_id("sg", &format!("balancer {environment}"));
        self.index_security_group(SecurityGroup {
            id: group.clone(),
            name: self.stack_name(id, "AWSEBSecurityGroup"),
            description: "VPC Security Group",
            open: vec![(80, Peer::Group(balancer))],
            tags: tags.to_vec(),
        });
        group
    }

    pub(super) fn add_load_balancer_security_group(
        &mut self,
        key: &str,
        environment: Option<usize>,
        ports: &[u16],
    ) -> String {
        let group = self.resource_id("sg", &format!("balancer {key}"));
        let (name, tags) = match environment.map(|place| &self.environments[place]) {
            Some(owner) => (self.stack_name(&owner.id, "AWSEBLoadBalancerSecurityGroup"), owner.tags.clone()),
            None => (format!("{}-lb", key.trim_start_matches("lb ")), Vec::new()),
        };
        self.index_security_group(SecurityGroup {
            id: group.clone(),
            name,
            description: "Load Balancer Security Group",
            open: ports.iter().map(|port| (*port, Peer::Range("0.0.0.0/0"))).collect(),
            tags,
        });
        group
    }

    fn index_security_group(&mut self, group: SecurityGroup) {
        self.index.security_groups.insert(group.id.clone(), self.security_groups.len());
        self.security_groups.push(group);
    }
}
