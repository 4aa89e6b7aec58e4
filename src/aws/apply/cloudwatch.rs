//! The writes of `CloudWatch`: rules that mute alarms.

use aws_sdk_cloudwatch::types::{MuteTargets, Rule, Schedule};

use super::fields::Fields;
use super::{Call, Sent};

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().cloudwatch;
    Some(match operation {
        "PutAlarmMuteRule" => {
            let request = || client.put_alarm_mute_rule().set_name(it.text("Name"));
            let request = || request().set_description(it.text("Description"));
            let request = || request().set_rule(it.structure("Rule", rule));
            let request = || request().set_mute_targets(it.structure("MuteTargets", targets));
            let request = || request().set_start_date(it.time("StartDate")).set_expire_date(it.time("ExpireDate"));
            call.write(|| request().send()).await
        }
        "DeleteAlarmMuteRule" => {
            let name = || it.text("AlarmMuteRuleName");
            call.write(|| client.delete_alarm_mute_rule().set_alarm_mute_rule_name(name()).send()).await
        }
        _ => return None,
    })
}

fn rule(it: Fields<'_>) -> Rule {
    let schedule = |it: Fields<'_>| {
        let schedule = Schedule::builder().set_expression(it.text("Expression"));
        schedule.set_duration(it.text("Duration")).set_timezone(it.text("Timezone")).build()
    };
    Rule::builder().set_schedule(it.structure("Schedule", schedule)).build()
}

fn targets(it: Fields<'_>) -> MuteTargets {
    MuteTargets::builder().set_alarm_names(it.texts("AlarmNames")).build()
}
