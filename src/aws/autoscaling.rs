//! Auto Scaling: who owns the target groups, when tags do not show it; and what changes the groups at set times.
//!
//! Groups are requested by name. One that is gone is left out of the answer, without an error.

use std::sync::Arc;

use aws_sdk_autoscaling::types as wire;

use super::call::Call;
use super::convert::{key, plain, text, texts};
use crate::model::{Answer, AutoScalingGroup, Batch, Covers, Fault, Key, ScheduledAction, ScopeId};

/// The most that a page holds (`DescribeAutoScalingGroups` and `DescribeScheduledActions`, `MaxRecords`).
const PAGE: i32 = 100;

pub(super) async fn groups(call: &mut Call<'_>, names: &[Arc<str>]) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().autoscaling, call.scope());
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let request = |token| {
        let request = client.describe_auto_scaling_groups().set_auto_scaling_group_names(Some(names.clone()));
        request.max_records(PAGE).set_next_token(token).send()
    };
    let (items, covers) = call
        .pages(request, |page| {
            (page.auto_scaling_groups().iter().filter_map(|it| group(scope, it)).collect(), page.next_token)
        })
        .await?;
    let covers = if covers == Covers::All { Covers::Only } else { covers };
    Ok(Batch { covers, answer: Answer::AutoScalingGroups(items) })
}

fn group(scope: ScopeId, it: &wire::AutoScalingGroup) -> Option<AutoScalingGroup> {
    let target_groups = texts(it.target_group_arns().iter().map(|arn| Some(arn.as_str())));
    Some(AutoScalingGroup {
        key: key(scope, it.auto_scaling_group_name(), "Auto Scaling group")?,
        target_groups: target_groups.into_iter().map(|arn| Key::new(scope, arn)).collect(),
        classic_names: texts(it.load_balancer_names().iter().map(|name| Some(name.as_str()))),
        health_check_type: text(it.health_check_type()),
        size: (
            it.min_size().unwrap_or_default(),
            it.max_size().unwrap_or_default(),
            it.desired_capacity().unwrap_or_default(),
        ),
        instances: texts(it.instances().iter().map(|it| it.instance_id())),
        leaving: texts(it.instances().iter().filter(|it| is_leaving(it)).map(|it| it.instance_id())),
        suspended: texts(it.suspended_processes().iter().map(|it| it.process_name())),
        grace_seconds: it.health_check_grace_period(),
    })
}

/// The scheduled actions of all groups.
pub(super) async fn scheduled_actions(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().autoscaling, call.scope());
    let request = |token| client.describe_scheduled_actions().max_records(PAGE).set_next_token(token).send();
    let (items, covers) = call
        .pages(request, |page| {
            let actions = page.scheduled_update_group_actions().iter();
            (actions.filter_map(|it| scheduled_action(scope, it)).collect(), page.next_token)
        })
        .await?;
    Ok(Batch { covers, answer: Answer::ScheduledActions(items) })
}

fn scheduled_action(scope: ScopeId, it: &wire::ScheduledUpdateGroupAction) -> Option<ScheduledAction> {
    Some(ScheduledAction {
        key: key(scope, it.scheduled_action_arn(), "scheduled action")?,
        name: plain(it.scheduled_action_name()),
        group: key(scope, it.auto_scaling_group_name(), "Auto Scaling group of a scheduled action")?,
    })
}

/// `Terminating` and what is made of it (`Terminating:Wait` ...), and `Terminated`.
fn is_leaving(it: &wire::Instance) -> bool {
    it.lifecycle_state().is_some_and(|state| state.as_str().starts_with("Terminat"))
}
