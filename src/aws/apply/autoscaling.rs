//! The writes of Amazon EC2 Auto Scaling.

use super::fields::Fields;
use super::{Call, Sent};

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().autoscaling;
    Some(match operation {
        "TerminateInstanceInAutoScalingGroup" => {
            let request = || client.terminate_instance_in_auto_scaling_group().set_instance_id(it.text("InstanceId"));
            let decrement = it.flag("ShouldDecrementDesiredCapacity");
            call.write(|| request().set_should_decrement_desired_capacity(decrement).send()).await
        }
        _ => return None,
    })
}
