//! `DescribeEnvironmentHealth` and `DescribeInstancesHealth`: enhanced health, evaluated every ten seconds.
//!
//! Only the requested attributes are returned. Request counts are those of the ten seconds, and the members of
//! `StatusCodes` are counts too, although the API reference differs (AWS's own client treats them as counts).

use super::parameters::named;
use crate::sim::physics::health::{self, EnvironmentHealth, InstanceHealth, STEP, Status};
use crate::sim::physics::members::{self, Deployment};
use crate::sim::physics::operation;
use crate::sim::physics::traffic::{self, Counts, Flow, Stretch};
use crate::sim::physics::{View, timestamp};
use crate::sim::region::{Environment, Instance};
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// Instances in a page of `DescribeInstancesHealth`; the API's page names no limit (UNVERIFIED).
const INSTANCES: usize = 100;

const ENVIRONMENT_ATTRIBUTES: &[&str] =
    &["Status", "Color", "Causes", "ApplicationMetrics", "InstancesHealth", "All", "HealthStatus", "RefreshedAt"];
const INSTANCE_ATTRIBUTES: &[&str] = &[
    "HealthStatus",
    "Color",
    "Causes",
    "ApplicationMetrics",
    "RefreshedAt",
    "LaunchedAt",
    "System",
    "Deployment",
    "AvailabilityZone",
    "InstanceType",
    "All",
];

/// The attributes that a request asks for.
struct Asked(Vec<String>);

impl Asked {
    fn read(form: &Form, known: &[&str]) -> Result<Self, Refusal> {
        let names: Vec<String> = form.list("AttributeNames").into_iter().map(str::to_owned).collect();
        match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(wrong) => Err(Refusal::validation(format!(
                "1 validation error detected: Value '[{wrong}]' at 'attributeNames' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                known.join(", ")
            ))),
            None => Ok(Self(names)),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|asked| asked == name || asked == "All")
    }
}

fn enhanced<'a>(view: View<'a>, form: &Form) -> Result<&'a Environment, Refusal> {
    let environment = named(view, form)?;
    if environment.enhanced && environment.status != "Terminated" {
        return Ok(environment);
    }
    let message = format!("Enhanced health reporting is not enabled for environment {}.", environment.name);
    Err(Refusal::bad_request("InvalidRequestException", message))
}

fn flow<'a>(view: View<'a>, environment: &Environment) -> Flow<'a> {
    Flow::of_pool(view, &view.region.pools[environment.pool])
}

fn refreshed_at(view: View<'_>) -> i64 {
    view.now.div_euclid(STEP) * STEP
}

pub(super) fn describe_environment_health(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let asked = Asked::read(form, ENVIRONMENT_ATTRIBUTES)?;
    let environment = enhanced(view, form)?;
    let health = health::environment(view, environment);
    let mut xml = Xml::default();
    xml.text("EnvironmentName", &environment.name)
        .optional("HealthStatus", asked.has("HealthStatus").then(|| health.status.word()))
        .optional("Status", asked.has("Status").then(|| operation::of(view, environment).status))
        .optional("Color", asked.has("Color").then_some(health.colour));
    if asked.has("Causes") {
        xml.member_texts("Causes", &health.causes);
    }
    if asked.has("ApplicationMetrics") {
        let flow = flow(view, environment);
        let twin = flow.twin();
        let stretches = Stretches::of(view, &flow, &twin);
        let sum = health.instances.iter().map(|one| stretches.counts(one)).fold(Counts::default(), Counts::plus);
        application_metrics(&mut xml, &sum);
    }
    if asked.has("InstancesHealth") {
        xml.within("InstancesHealth", |xml| instances_health(xml, &health));
    }
    if asked.has("RefreshedAt") {
        xml.time("RefreshedAt", timestamp(refreshed_at(view)));
    }
    Ok(xml)
}

fn instances_health(xml: &mut Xml, health: &EnvironmentHealth) {
    let all = [
        Status::NoData,
        Status::Unknown,
        Status::Pending,
        Status::Ok,
        Status::Info,
        Status::Warning,
        Status::Degraded,
        Status::Severe,
    ];
    for status in all {
        xml.text(status.word(), health.count(status));
    }
}

/// The last ten seconds, through the environment's own target groups and through those of a traffic split.
struct Stretches<'a>(Stretch<'a>, Option<Stretch<'a>>);

impl<'a> Stretches<'a> {
    fn of(view: View<'_>, flow: &'a Flow<'a>, twin: &'a Flow<'a>) -> Self {
        let step = view.now.div_euclid(STEP) - 1;
        let split = flow.pool.instances.iter().any(|instance| instance.track.is_new());
        Self(traffic::ten_seconds(view, flow, step), split.then(|| traffic::ten_seconds(view, twin, step)))
    }

    fn counts(&self, instance: &InstanceHealth) -> Counts {
        let twin = self.1.as_ref().map(|stretch| stretch.of(instance.place));
        self.0.of(instance.place).plus(twin.unwrap_or_default())
    }
}

/// Latency is missing when nothing was answered.
fn application_metrics(xml: &mut Xml, counts: &Counts) {
    xml.within("ApplicationMetrics", |xml| {
        xml.text("Duration", 10).text("RequestCount", counts.requests as u64).within("StatusCodes", |xml| {
            for (class, count) in ["Status2xx", "Status3xx", "Status4xx", "Status5xx"].into_iter().zip(counts.answers) {
                xml.text(class, count as u64);
            }
        });
        if let Some(median) = counts.median() {
            let percentiles = [
                ("P999", 99.9),
                ("P99", 99.0),
                ("P95", 95.0),
                ("P90", 90.0),
                ("P85", 85.0),
                ("P75", 75.0),
                ("P50", 50.0),
                ("P10", 10.0),
            ];
            xml.within("Latency", |xml| {
                for (name, percent) in percentiles {
                    xml.text(name, format_args!("{:.3}", traffic::percentile(median, percent)));
                }
            });
        }
    });
}

pub(super) fn describe_instances_health(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let asked = Asked::read(form, INSTANCE_ATTRIBUTES)?;
    let environment = enhanced(view, form)?;
    let question = form.question(&["NextToken"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::parameter("Invalid NextToken."))?;
    let instances = health::instances(view, environment);
    let (range, next) = position.page(&question, instances.len(), INSTANCES);
    let flow = flow(view, environment);
    let twin = flow.twin();
    let stretches = Stretches::of(view, &flow, &twin);
    let mut xml = Xml::default();
    xml.members("InstanceHealthList", &instances[range], |xml, instance| {
        describe(xml, view, &flow, instance, &asked);
        if asked.has("ApplicationMetrics") {
            application_metrics(xml, &stretches.counts(instance));
        }
        if asked.has("Deployment") {
            deployment(xml, view, environment, &flow.pool.instances[instance.place]);
        }
    });
    if asked.has("RefreshedAt") {
        xml.time("RefreshedAt", timestamp(refreshed_at(view)));
    }
    xml.optional("NextToken", next);
    Ok(xml)
}

fn describe(xml: &mut Xml, view: View<'_>, flow: &Flow<'_>, health: &InstanceHealth, asked: &Asked) {
    let instance = &flow.pool.instances[health.place];
    xml.text("InstanceId", &instance.id)
        .optional("HealthStatus", asked.has("HealthStatus").then(|| health.status.word()))
        .optional("Color", asked.has("Color").then(|| health.status.colour()));
    if asked.has("Causes") {
        xml.member_texts("Causes", &health.causes);
    }
    if asked.has("LaunchedAt") {
        xml.time("LaunchedAt", timestamp(instance.launched));
    }
    if asked.has("System") {
        xml.within("System", |xml| system(xml, traffic::processor(view, flow, health.place)));
    }
    let zone = &view.region.zones[instance.zone].name;
    xml.optional("AvailabilityZone", asked.has("AvailabilityZone").then_some(zone))
        .optional("InstanceType", asked.has("InstanceType").then_some(&flow.pool.instance_type));
}

/// What an instance was last deployed; none while a new one is still being prepared.
fn deployment(xml: &mut Xml, view: View<'_>, environment: &Environment, instance: &Instance) {
    let pool = &view.region.pools[environment.pool];
    let (at, release, status) = match members::deployment(instance, view.time()) {
        Some((at, release, deployment)) => (view.region.epoch + at, release, deployment),
        None if instance.track.is_new() => return,
        // Each instance takes its deployment with it when it is launched.
        None => (environment.deployed.max(instance.launched + 60_000), 0, Deployment::Deployed),
    };
    let release = pool.release(release);
    let status = match status {
        Deployment::InProgress => "In Progress",
        Deployment::Deployed => "Deployed",
        Deployment::Failed => "Failed",
    };
    xml.within("Deployment", |xml| {
        xml.text("VersionLabel", &release.version.label)
            .text("DeploymentId", release.deployment)
            .text("Status", status)
            .time("DeploymentTime", timestamp(at));
    });
}

fn system(xml: &mut Xml, busy: f64) {
    let percent = busy * 100.0;
    xml.within("CPUUtilization", |xml| {
        let shares = [
            ("User", percent * 0.75),
            ("Nice", 0.0),
            ("System", percent * 0.2),
            ("Idle", 100.0 - percent),
            ("IOWait", percent * 0.05),
            ("IRQ", 0.0),
            ("SoftIRQ", 0.0),
        ];
        for (name, share) in shares {
            xml.text(name, format_args!("{share:.1}"));
        }
    })
    .member_texts("LoadAverage", [2.0, 1.8, 1.6].map(|factor| format!("{:.2}", busy * factor)));
}
