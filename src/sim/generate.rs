//! Writes out a `[fleet]`: hundreds of environments from a few numbers, in the same form as if a person had.
//!
//! Which environment is what kind, and which is unhealthy, follows from the seed and the environment's number, so a
//! larger fleet begins with the same environments as a smaller one.

use super::physics::noise;
use super::scenario::span::Span;
use super::scenario::spec::{
    ActionSpec, Becomes, CertificateSpec, EnvironmentSpec, EpisodeSpec, FleetSpec, GroupSettings, HealthCheckSpec,
    Kind, ListenerSpec, LoadBalancerSpec, ProcessSpec, Spec, TrafficSpec,
};

const TRADES: [&str; 20] = [
    "shop", "billing", "search", "media", "orders", "stock", "ledger", "parcel", "survey", "ticket", "invoice",
    "catalog", "partner", "loyalty", "report", "archive", "payment", "pricing", "booking", "profile",
];
const PARTS: [&str; 10] = ["web", "api", "admin", "chat", "jobs", "feed", "hooks", "portal", "export", "auth"];
const STAGES: [&str; 3] = ["prod", "stage", "test"];
const PLATFORMS: [&str; 4] = ["Node.js 20", "Python 3.12", "Docker", "Corretto 21"];

/// The scenario with its fleet written out.
pub fn expand(spec: &Spec) -> Spec {
    let mut written = spec.clone();
    let Some(fleet) = written.fleet.take() else { return written };
    written.certificate.push(CertificateSpec {
        key: "fleet".to_owned(),
        domain: "*.fleet.example".to_owned(),
        ..CertificateSpec::default()
    });
    for number in 0..fleet.shared_load_balancers {
        written.load_balancer.push(shared_load_balancer(number));
    }
    for number in 0..fleet.environments {
        written.environment.push(environment(spec.seed, &fleet, number));
    }
    written
}

fn shared_load_balancer(number: usize) -> LoadBalancerSpec {
    let nowhere = ActionSpec { fixed_response: Some(404), ..ActionSpec::default() };
    let listener = |port: u16, certificate: Option<&str>| ListenerSpec {
        port,
        certificate: certificate.map(str::to_owned),
        default: nowhere.clone(),
        ..ListenerSpec::default()
    };
    LoadBalancerSpec {
        key: shared_key(number),
        listener: vec![listener(80, None), listener(443, Some("fleet"))],
        ..LoadBalancerSpec::default()
    }
}

fn shared_key(number: usize) -> String {
    format!("shared-edge-{}", number + 1)
}

fn environment(seed: u64, fleet: &FleetSpec, number: usize) -> EnvironmentSpec {
    let draw = |what: &str| noise::unit(noise::hash(seed, what), number as i64, 0);
    let kind = kind(fleet, draw("kind"));
    let instances = match kind {
        Kind::Single => 1,
        _ => 2 + (draw("size").powi(3) * 7.0) as usize,
    };
    let application = number % fleet.applications.max(1);
    let trade = TRADES[application % TRADES.len()];
    let series = number / fleet.applications.max(1);
    let part = PARTS[series % PARTS.len()];
    let stage = STAGES[series / PARTS.len() % STAGES.len()];
    let shared = kind == Kind::ApplicationShared;
    let share = (draw("share") * fleet.shared_load_balancers as f64) as usize;
    EnvironmentSpec {
        name: name(trade, part, stage, application / TRADES.len(), series / (PARTS.len() * STAGES.len())),
        application: application_name(application),
        version: format!("v{}", 1 + (draw("version") * 180.0) as u32),
        deployed: Span::seconds(3_600 + (draw("deployed") * 30.0 * 86_400.0) as i64),
        created: Span::days(40 + (draw("created") * 900.0) as i64),
        platform: PLATFORMS[(draw("platform") * PLATFORMS.len() as f64) as usize % PLATFORMS.len()].to_owned(),
        kind,
        load_balancer: shared.then(|| shared_key(share)),
        certificate: (kind == Kind::Application && draw("secure") < 0.7).then(|| "fleet".to_owned()),
        redirect: draw("redirect") < 0.5,
        health: if draw("basic") < 0.05 { "basic" } else { "enhanced" }.to_owned(),
        tagged: draw("tagged") >= 0.05,
        instances,
        instance_type: if draw("type") < 0.3 { "m7i.large" } else { "t3.small" }.to_owned(),
        traffic: TrafficSpec {
            peak: (draw("peak").powi(4) * 400.0).max(0.2),
            median: Span(20 + (draw("median") * 200.0) as i64),
            server_errors: if draw("errors") < 0.1 { 0.004 } else { 0.0 },
            ..TrafficSpec::default()
        },
        process: vec![process(draw("sticky"))],
        timeline: trouble(fleet, instances, draw("unhealthy"), draw("trouble")),
        ..EnvironmentSpec::default()
    }
}

fn kind(fleet: &FleetSpec, draw: f64) -> Kind {
    let mut limit = 0.0;
    let shares = [
        (fleet.shared, Kind::ApplicationShared),
        (fleet.worker, Kind::Worker),
        (fleet.single, Kind::Single),
        (fleet.classic, Kind::Classic),
        (fleet.network, Kind::Network),
    ];
    for (share, kind) in shares {
        limit += share;
        if draw < limit {
            return kind;
        }
    }
    Kind::Application
}

fn application_name(application: usize) -> String {
    numbered(TRADES[application % TRADES.len()], application / TRADES.len())
}

fn name(trade: &str, part: &str, stage: &str, branch: usize, copy: usize) -> String {
    numbered(&format!("{}-{part}-{stage}", numbered(trade, branch)), copy)
}

/// The first has no number.
fn numbered(name: &str, number: usize) -> String {
    if number == 0 { name.to_owned() } else { format!("{name}{}", number + 1) }
}

fn process(sticky: f64) -> ProcessSpec {
    ProcessSpec {
        name: "default".to_owned(),
        settings: GroupSettings {
            stickiness: (sticky < 0.2).then(|| Span::days(1)),
            health_check: HealthCheckSpec { path: Some("/healthz".to_owned()), ..HealthCheckSpec::default() },
            ..GroupSettings::default()
        },
        ..ProcessSpec::default()
    }
}

/// One target in trouble, or a third of the time all of them.
fn trouble(fleet: &FleetSpec, instances: usize, unhealthy: f64, how: f64) -> Vec<EpisodeSpec> {
    if unhealthy >= fleet.unhealthy {
        return Vec::new();
    }
    let becomes = match (how * 10.0) as usize % 3 {
        0 => Becomes::Failing,
        1 => Becomes::TimingOut,
        _ => Becomes::Refusing,
    };
    let targets = if how < 0.33 { (1..=instances).collect() } else { vec![1] };
    vec![EpisodeSpec { at: Span::seconds(-3_600), targets, becomes, code: Some(502), lasts: None, every: None }]
}
