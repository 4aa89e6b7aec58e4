//! Enhanced health, of an environment and of its instances.
//!
//! The word and the colour are texts in the API's model; its `Status`, which is typed as a colour but documented as the
//! operational status, is not read. Counts are counts, although the API's page calls them percentages.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_elasticbeanstalk::operation::describe_environment_health::DescribeEnvironmentHealthOutput;
use aws_sdk_elasticbeanstalk::types::{
    self as wire, EnvironmentHealthAttribute, InstanceHealthSummary, InstancesHealthAttribute, SingleInstanceHealth,
};

use super::call::Call;
use super::convert::{key, moment, text, texts};
use crate::model::{
    Answer, ApplicationMetrics, Batch, Covers, Deployment, Environment, EnvironmentHealth, Fault, HealthColour,
    HealthStatus, InstanceCounts, InstanceHealth, Key, Latency, ScopeId, StatusCodes,
};

pub(super) async fn environment(call: &mut Call<'_>, of: &Key<Environment>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.describe_environment_health().environment_id(&*of.id);
        request.attribute_names(EnvironmentHealthAttribute::All).send()
    };
    let answer = call.send(request).await?;
    Ok(Batch { covers: Covers::All, answer: Answer::EnvironmentHealth(environment_health(of, &answer)) })
}

fn environment_health(of: &Key<Environment>, it: &DescribeEnvironmentHealthOutput) -> EnvironmentHealth {
    EnvironmentHealth {
        environment: of.clone(),
        status: it.health_status().map(health_status),
        colour: it.color().map(HealthColour::from_wire),
        causes: texts(it.causes().iter().map(|cause| Some(cause.as_str()))),
        metrics: it.application_metrics().map(metrics),
        instances: it.instances_health().map(counts).unwrap_or_default(),
        refreshed_at: moment(it.refreshed_at()),
    }
}

/// The word of enhanced health. It is `NoData` in one operation and `No Data` in others.
pub(super) fn health_status(word: &str) -> HealthStatus {
    match HealthStatus::from_wire(&word.replace(' ', "")) {
        HealthStatus::Other(_) => HealthStatus::from_wire(word),
        status => status,
    }
}

fn counts(it: &InstanceHealthSummary) -> InstanceCounts {
    let sum = |counts: &[Option<i32>]| counts.iter().flatten().fold(0, |sum: i32, count| sum.saturating_add(*count));
    InstanceCounts {
        well: sum(&[it.ok(), it.info()]),
        ill: sum(&[it.warning(), it.degraded(), it.severe()]),
        unknown: sum(&[it.no_data(), it.unknown(), it.pending()]),
    }
}

fn metrics(it: &wire::ApplicationMetrics) -> ApplicationMetrics {
    ApplicationMetrics {
        duration: Duration::from_secs(
            it.duration().and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default(),
        ),
        request_count: it.request_count(),
        status_codes: it.status_codes().map(|it| StatusCodes {
            status_2xx: it.status2xx().unwrap_or_default(),
            status_3xx: it.status3xx().unwrap_or_default(),
            status_4xx: it.status4xx().unwrap_or_default(),
            status_5xx: it.status5xx().unwrap_or_default(),
        }),
        latency: it.latency().map(|it| Latency { p99: it.p99(), p90: it.p90(), p50: it.p50() }).unwrap_or_default(),
    }
}

pub(super) async fn instances(call: &mut Call<'_>, of: &Key<Environment>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().beanstalk, call.scope());
    let request = |token| {
        let request = client.describe_instances_health().environment_id(&*of.id).set_next_token(token);
        request.attribute_names(InstancesHealthAttribute::All).send()
    };
    let (items, covers) = call
        .pages(request, |page| {
            (page.instance_health_list().iter().filter_map(|it| instance(scope, it)).collect(), page.next_token)
        })
        .await?;
    Ok(Batch { covers, answer: Answer::InstancesHealth(of.clone(), items) })
}

fn instance(scope: ScopeId, it: &SingleInstanceHealth) -> Option<InstanceHealth> {
    let idle = it.system().and_then(|system| system.cpu_utilization()).and_then(wire::CpuUtilization::idle);
    Some(InstanceHealth {
        instance: key(scope, it.instance_id(), "instance's health")?,
        status: it.health_status().map(health_status),
        causes: texts(it.causes().iter().map(|cause| Some(cause.as_str()))),
        launched_at: moment(it.launched_at()),
        metrics: it.application_metrics().map(metrics),
        cpu_percent: idle.map(|idle| 100.0 - idle),
        load: it.system().and_then(|system| system.load_average().first().copied()),
        deployment: it.deployment().map(|it| Deployment {
            version: text(it.version_label()),
            id: it.deployment_id(),
            status: text(it.status()),
            at: moment(it.deployment_time()),
        }),
        availability_zone: text(it.availability_zone()),
        instance_type: text(it.instance_type()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_data_is_spelt_in_two_ways_and_unknown_words_are_kept() {
        assert_eq!(health_status("No Data"), HealthStatus::NoData);
        assert_eq!(health_status("NoData"), HealthStatus::NoData);
        assert_eq!(health_status("Out Of Sorts").as_str(), "Out Of Sorts");
    }
}
