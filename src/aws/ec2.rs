//! EC2: the instances behind the targets.
//!
//! They are read by a filter on their ids and not by the ids themselves: a filter leaves out an instance that is
//! gone, while the ids make EC2 refuse the whole call.

use std::sync::Arc;

use aws_sdk_ec2::types::{self as wire, Filter};

use super::call::Call;
use super::convert::{key, moment, text, texts};
use crate::model::{Answer, Batch, Covers, Fault, Instance, ScopeId};

/// The most that a page holds (`DescribeInstances`, `MaxResults`).
const PAGE: i32 = 1000;
const ENVIRONMENT_NAME_TAG: &str = "elasticbeanstalk:environment-name";

pub(super) async fn instances(call: &mut Call<'_>, filter: &str, values: &[Arc<str>]) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().ec2, call.scope());
    let values = values.iter().map(|value| value.to_string()).collect();
    let wanted = Filter::builder().name(filter).set_values(Some(values)).build();
    let (items, covers) = call
        .pages(
            |token| client.describe_instances().filters(wanted.clone()).max_results(PAGE).set_next_token(token).send(),
            |page| {
                let found = page.reservations().iter().flat_map(|it| it.instances());
                (found.filter_map(|it| instance(scope, it)).collect(), page.next_token)
            },
        )
        .await?;
    let covers = if covers == Covers::All { Covers::Only } else { covers };
    Ok(Batch { covers, answer: Answer::Instances(items) })
}

fn instance(scope: ScopeId, it: &wire::Instance) -> Option<Instance> {
    let tag = it.tags().iter().find(|tag| tag.key() == Some(ENVIRONMENT_NAME_TAG));
    Some(Instance {
        key: key(scope, it.instance_id(), "instance")?,
        private_ip: text(it.private_ip_address()),
        public_ip: text(it.public_ip_address()),
        security_groups: texts(it.security_groups().iter().map(|group| group.group_id())),
        vpc: text(it.vpc_id()),
        availability_zone: it.placement().and_then(|placement| text(placement.availability_zone())),
        instance_type: text(it.instance_type().map(|kind| kind.as_str())),
        launched_at: moment(it.launch_time()),
        state: it.state().and_then(|state| state.name()).and_then(|name| text(Some(name.as_str()))),
        environment_name: tag.and_then(|tag| text(tag.value())),
    })
}
