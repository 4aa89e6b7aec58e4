//! The keys that a scenario may have, and what each may hold: one table, walked by `walk`.
//!
//! A key that is not here is an error, so a scenario cannot contain a key that the region would silently ignore.

/// A table of the file.
pub(super) struct Table(pub(super) &'static [Field]);

/// A key: its name, what it holds, and whether it must be there.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) required: bool,
}

/// What a key holds.
pub(super) enum Holds {
    Text,
    /// A path of the application, `/ready`.
    Path,
    Choice(&'static [&'static str]),
    Whole(i64, i64),
    Number(f64, f64),
    Flag,
    /// A time such as `45s`; never negative.
    Span,
    /// A time before (`-26h`) or after the start.
    Moment,
    /// An IAM action, `elasticloadbalancing:DescribeTags`, perhaps with a star.
    Permission,
    Refers(Thing),
    List(&'static Holds),
    Table(&'static Table),
    Tables(&'static Table),
    /// Free keys.
    Map(&'static Holds),
    /// Values by option, `namespace/Option`.
    Options,
    /// `e-` and ten characters.
    EnvironmentId,
    /// Free keys that are IAM actions.
    Actions(&'static Holds),
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Certificate,
    LoadBalancer,
    /// An environment, the key of a load balancer, or a target group.
    Object,
    /// The key of a target group, or `environment/process`, or an environment for its first process.
    TargetGroup,
    Environment,
}

const fn may(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: false }
}

const fn must(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: true }
}

const SERVICES: &[&str] =
    &["elasticbeanstalk", "elasticloadbalancing", "autoscaling", "ec2", "cloudwatch", "sts", "acm"];
const PORT: Holds = Holds::Whole(1, 65_535);
const HEALTH_STATUS: Holds =
    Holds::Choice(&["NoData", "Unknown", "Pending", "Ok", "Info", "Warning", "Degraded", "Severe", "Suspended"]);
const SCALING_PROCESSES: &[&str] = &[
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
];
const SHARE: Holds = Holds::Number(0.0, 1.0);

/// The whole file.
pub(super) static SCENARIO: Table = Table(&[
    must("description", Holds::Text),
    may("seed", Holds::Whole(0, i64::MAX)),
    may("resets_siblings", Holds::Flag),
    may("opens_https", Holds::Flag),
    may("region", Holds::Table(&REGION)),
    may("faults", Holds::Table(&FAULTS)),
    may("certificate", Holds::Tables(&CERTIFICATE)),
    may("load_balancer", Holds::Tables(&LOAD_BALANCER)),
    may("target_group", Holds::Tables(&TARGET_GROUP)),
    may("application", Holds::Tables(&APPLICATION)),
    may("environment", Holds::Tables(&ENVIRONMENT)),
    may("deploy", Holds::Tables(&DEPLOY)),
    may("update", Holds::Tables(&UPDATE)),
    may("alarm", Holds::Tables(&ALARM)),
    may("composite_alarm", Holds::Tables(&COMPOSITE_ALARM)),
    may("fleet", Holds::Table(&FLEET)),
]);

static REGION: Table = Table(&[
    may("name", Holds::Text),
    may("account", Holds::Text),
    may("caller", Holds::Text),
    may("zones", Holds::Whole(1, 6)),
]);

static FAULTS: Table = Table(&[
    may("latency", Holds::Span),
    may("deny", Holds::List(&Holds::Permission)),
    may("policy", Holds::Choice(&["everything", "read-only", "read-write"])),
    may("throttle", Holds::Table(&THROTTLE)),
    may("expired", Holds::Tables(&WINDOW)),
    may("unreachable", Holds::Tables(&UNREACHABLE)),
    may("unreadable", Holds::Tables(&UNREADABLE)),
    may("broken", Holds::Actions(&Holds::Choice(&["html", "truncated", "empty", "json"]))),
    may("internal", Holds::Actions(&Holds::Whole(1, 1_000_000))),
]);

static THROTTLE: Table = Table(&[
    may("elasticbeanstalk", Holds::Table(&ALLOWANCE)),
    may("elasticloadbalancing", Holds::Table(&ALLOWANCE)),
    may("autoscaling", Holds::Table(&ALLOWANCE)),
    may("ec2", Holds::Table(&ALLOWANCE)),
    may("cloudwatch", Holds::Table(&ALLOWANCE)),
    may("sts", Holds::Table(&ALLOWANCE)),
    may("acm", Holds::Table(&ALLOWANCE)),
]);

static ALLOWANCE: Table =
    Table(&[must("rate", Holds::Number(0.0, 1_000_000.0)), must("burst", Holds::Whole(1, 1_000_000))]);

static WINDOW: Table = Table(&[may("from", Holds::Span), may("until", Holds::Span)]);

static UNREACHABLE: Table = Table(&[
    may("service", Holds::Choice(SERVICES)),
    may("how", Holds::Choice(&["refused", "timeout", "reset", "cut"])),
    may("from", Holds::Span),
    may("until", Holds::Span),
]);

static UNREADABLE: Table = Table(&[
    must("action", Holds::Permission),
    may("object", Holds::Refers(Thing::Object)),
    may("how", Holds::Choice(&["denied", "failing", "throttled", "expired", "stalled", "cut"])),
    may("from", Holds::Span),
    may("until", Holds::Span),
]);

static CERTIFICATE: Table = Table(&[
    must("key", Holds::Text),
    must("domain", Holds::Text),
    may("names", Holds::List(&Holds::Text)),
    may("expires", Holds::Moment),
    may(
        "algorithm",
        Holds::Choice(&[
            "RSA_1024",
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "EC_prime256v1",
            "EC_secp384r1",
            "EC_secp521r1",
        ]),
    ),
    may("type", Holds::Choice(&["AMAZON_ISSUED", "IMPORTED", "PRIVATE"])),
    may(
        "status",
        Holds::Choice(&[
            "ISSUED",
            "PENDING_VALIDATION",
            "INACTIVE",
            "EXPIRED",
            "VALIDATION_TIMED_OUT",
            "REVOKED",
            "FAILED",
        ]),
    ),
]);

static LOAD_BALANCER: Table = Table(&[
    must("key", Holds::Text),
    may("name", Holds::Text),
    may("type", Holds::Choice(&["application", "network", "classic"])),
    may("scheme", Holds::Choice(&["internet-facing", "internal"])),
    may("state", Holds::Choice(&["active", "provisioning", "active_impaired", "failed"])),
    may("dns", Holds::Text),
    may("zones", Holds::Whole(1, 6)),
    may("ip_address_type", Holds::Choice(&["ipv4", "dualstack"])),
    may("attributes", Holds::Map(&Holds::Text)),
    may("tags", Holds::Map(&Holds::Text)),
    may("listener", Holds::Tables(&LISTENER)),
]);

static LISTENER: Table = Table(&[
    must("port", PORT),
    may("protocol", Holds::Choice(&["HTTP", "HTTPS", "TCP", "TLS"])),
    may("certificate", Holds::Refers(Thing::Certificate)),
    may("additional_certificates", Holds::List(&Holds::Refers(Thing::Certificate))),
    may("policy", Holds::Text),
    must("default", Holds::Table(&ACTION)),
    may("rule", Holds::Tables(&RULE)),
]);

static RULE: Table = Table(&[
    must("priority", Holds::Whole(1, 50_000)),
    may("hosts", Holds::List(&Holds::Text)),
    may("paths", Holds::List(&Holds::Text)),
    must("action", Holds::Table(&ACTION)),
]);

pub(super) static ACTION: Table = Table(&[
    may("forward", Holds::Refers(Thing::TargetGroup)),
    may("split", Holds::Tables(&FORWARD_SHARE)),
    may("redirect", Holds::Choice(&["https"])),
    may("fixed_response", Holds::Whole(200, 599)),
    may("sticky", Holds::Span),
]);

static FORWARD_SHARE: Table =
    Table(&[must("to", Holds::Refers(Thing::TargetGroup)), must("weight", Holds::Whole(0, 999))]);

static HEALTH_CHECK: Table = Table(&[
    may("path", Holds::Text),
    may("interval", Holds::Span),
    may("timeout", Holds::Span),
    may("healthy", Holds::Whole(2, 10)),
    may("unhealthy", Holds::Whole(2, 10)),
    may("matcher", Holds::Text),
]);

const PROTOCOL: Holds = Holds::Choice(&["HTTP", "HTTPS", "TCP", "TLS"]);
const PROTOCOL_VERSION: Holds = Holds::Choice(&["HTTP1", "HTTP2", "GRPC"]);

static TARGET_GROUP: Table = Table(&[
    must("key", Holds::Text),
    may("name", Holds::Text),
    may("port", PORT),
    may("protocol", PROTOCOL),
    may("protocol_version", PROTOCOL_VERSION),
    may("stickiness", Holds::Span),
    may("deregistration_delay", Holds::Span),
    may("health_check", Holds::Table(&HEALTH_CHECK)),
    may("serves", Holds::List(&Holds::Path)),
    may("attributes", Holds::Map(&Holds::Text)),
    may("tags", Holds::Map(&Holds::Text)),
    may("targets", Holds::Whole(0, 1000)),
    may("instances_of", Holds::Refers(Thing::Environment)),
    may("instances", Holds::List(&Holds::Whole(1, 1000))),
    may("zones", Holds::Whole(1, 6)),
    may("traffic", Holds::Table(&TRAFFIC)),
    may("timeline", Holds::Tables(&EPISODE)),
]);

static TRAFFIC: Table = Table(&[
    may("peak", Holds::Number(0.0, 1_000_000.0)),
    may("median", Holds::Span),
    may("redirects", SHARE),
    may("client_errors", SHARE),
    may("server_errors", SHARE),
]);

static APPLICATION: Table = Table(&[
    must("name", Holds::Text),
    may("description", Holds::Text),
    may("versions", Holds::List(&Holds::Text)),
    may("version", Holds::Tables(&VERSION)),
    may("versions_kept", Holds::Whole(1, 1000)),
    may("versions_kept_days", Holds::Whole(1, 3650)),
]);

static VERSION: Table = Table(&[
    must("label", Holds::Text),
    may("server_errors", SHARE),
    may("client_errors", SHARE),
    may("errors_from", SHARE),
    may("slowdown", Holds::Number(0.1, 100.0)),
    may("health_code", Holds::Whole(300, 599)),
    may("health_hangs", Holds::Flag),
    may("fails_on", Holds::Whole(1, 1000)),
    may("failed_instances", Holds::List(&Holds::Whole(1, 1000))),
    may("reports_failures", Holds::Flag),
    may("deleted", Holds::Moment),
    may("options", Holds::Options),
]);

static DEPLOY: Table = Table(&[
    must("environment", Holds::Refers(Thing::Environment)),
    must("version", Holds::Text),
    must("at", Holds::Moment),
    may("aborted", Holds::Moment),
]);

static UPDATE: Table = Table(&[
    must("environment", Holds::Refers(Thing::Environment)),
    must("at", Holds::Moment),
    may("options", Holds::Options),
    may("managed", Holds::Flag),
    may("fails", Holds::Text),
    may("aborted", Holds::Moment),
]);

pub(super) static ENVIRONMENT: Table = Table(&[
    must("name", Holds::Text),
    may("called", Holds::Text),
    may("id", Holds::EnvironmentId),
    must("application", Holds::Text),
    may("description", Holds::Text),
    may("version", Holds::Text),
    may("deployed", Holds::Span),
    may("created", Holds::Span),
    may("platform", Holds::Text),
    may("platform_version", Holds::Text),
    may("kind", Holds::Choice(&["application", "application_shared", "network", "classic", "single", "worker"])),
    may("load_balancer", Holds::Refers(Thing::LoadBalancer)),
    may("cname", Holds::Text),
    may("hosts", Holds::List(&Holds::Text)),
    may("certificate", Holds::Refers(Thing::Certificate)),
    may("additional_certificates", Holds::List(&Holds::Refers(Thing::Certificate))),
    may("policy", Holds::Text),
    may("redirect", Holds::Flag),
    may("status", Holds::Choice(&["Launching", "Updating", "Ready", "Aborting", "Terminating", "Terminated"])),
    may("abortable", Holds::Flag),
    may("health", Holds::Choice(&["enhanced", "basic"])),
    may("health_status", HEALTH_STATUS),
    may("causes", Holds::List(&Holds::Text)),
    may("health_change", Holds::Tables(&HEALTH_CHANGE)),
    may("tagged", Holds::Flag),
    may("tags", Holds::Map(&Holds::Text)),
    may("instances", Holds::Whole(0, 1000)),
    may("max_instances", Holds::Whole(1, 10_000)),
    may("scaling_health_check", Holds::Choice(&["EC2", "ELB"])),
    may("scaling_grace_seconds", Holds::Whole(0, 86_400)),
    may("updates_fail", Holds::Text),
    may("scheduled_actions", Holds::List(&Holds::Text)),
    may("public_addresses", Holds::Flag),
    may("instances_admit", Holds::List(&Holds::Text)),
    may("suspended_processes", Holds::List(&Holds::Choice(SCALING_PROCESSES))),
    may("zones", Holds::Whole(1, 6)),
    may("load_balancer_zones", Holds::Whole(1, 6)),
    may("rules_missing_on", Holds::List(&PORT)),
    may("instance_type", Holds::Text),
    may("traffic", Holds::Table(&TRAFFIC)),
    may("websocket", Holds::Text),
    may("process", Holds::Tables(&PROCESS)),
    may("options", Holds::Options),
    may("attributes", Holds::Map(&Holds::Text)),
    may("timeline", Holds::Tables(&EPISODE)),
    may("event", Holds::Tables(&EVENT)),
]);

static HEALTH_CHANGE: Table =
    Table(&[must("at", Holds::Moment), may("health_status", HEALTH_STATUS), may("causes", Holds::List(&Holds::Text))]);

static PROCESS: Table = Table(&[
    must("name", Holds::Text),
    may("port", PORT),
    may("protocol", PROTOCOL),
    may("protocol_version", PROTOCOL_VERSION),
    may("stickiness", Holds::Span),
    may("deregistration_delay", Holds::Span),
    may("health_check", Holds::Table(&HEALTH_CHECK)),
    may("serves", Holds::List(&Holds::Path)),
    may("paths", Holds::List(&Holds::Text)),
    may("live", Holds::Map(&Holds::Text)),
    may("traffic", Holds::Table(&TRAFFIC)),
]);

static EPISODE: Table = Table(&[
    must("at", Holds::Moment),
    must("targets", Holds::List(&Holds::Whole(1, 1000))),
    must("becomes", Holds::Choice(&["failing", "timing-out", "refusing", "draining", "registering", "terminated"])),
    may("code", Holds::Whole(200, 599)),
    may("for", Holds::Span),
    may("every", Holds::Span),
]);

static EVENT: Table = Table(&[
    must("at", Holds::Moment),
    may("severity", Holds::Choice(&["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])),
    must("message", Holds::Text),
    may("version", Holds::Text),
]);

static ALARM: Table = Table(&[
    must("name", Holds::Text),
    may("namespace", Holds::Text),
    must("metric", Holds::Text),
    may("statistic", Holds::Choice(&["SampleCount", "Average", "Sum", "Minimum", "Maximum"])),
    must("threshold", Holds::Number(0.0, f64::MAX)),
    may("load_balancer", Holds::Refers(Thing::LoadBalancer)),
    may("load_balancer_of", Holds::Refers(Thing::Environment)),
    may("target_group", Holds::Refers(Thing::TargetGroup)),
    may("environment", Holds::Refers(Thing::Environment)),
    may("expression", Holds::Text),
    may("action", Holds::Choice(&["none", "notify", "scale"])),
    may("periods", Holds::Whole(1, 100)),
    may("missing", Holds::Choice(&["missing", "ignore", "breaching", "notBreaching"])),
    may("state", Holds::Choice(&["OK", "ALARM", "INSUFFICIENT_DATA"])),
    may("since", Holds::Span),
]);

static COMPOSITE_ALARM: Table =
    Table(&[must("name", Holds::Text), must("rule", Holds::Text), may("action", Holds::Choice(&["none", "notify"]))]);

static FLEET: Table = Table(&[
    must("environments", Holds::Whole(0, 5000)),
    may("applications", Holds::Whole(1, 1000)),
    may("shared_load_balancers", Holds::Whole(1, 100)),
    may("shared", SHARE),
    may("worker", SHARE),
    may("single", SHARE),
    may("classic", SHARE),
    may("network", SHARE),
    may("unhealthy", SHARE),
]);
