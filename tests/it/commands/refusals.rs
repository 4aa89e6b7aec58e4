//! The messages of `set` for what it cannot set: what the environment is, which setting was meant, and what to do.

use super::run::Region;

const KINDS: &str = scenario!(
    "environments of every kind",
    certificate!("edge", "*.edge.example"),
    load_balancer!("shared-edge", listener = [{ port = 80, default = { fixed_response = 404 } }]),
    environment!("web", certificate = "edge"),
    shared_environment!("shared", "shared-edge"),
    shared_environment!("other", "shared-edge"),
    environment!("portal", kind = "classic"),
    environment!("jobs", kind = "worker"),
    environment!("small", kind = "single"),
    environment!("tcp", kind = "network"),
);

#[test]
fn what_cannot_be_set_is_refused_with_what_it_is() {
    let region = Region::written(KINDS);
    let (sticky, idle) = ("stickiness.enabled=true", "idle_timeout.timeout_seconds=90");
    let policy = "listener:443:ssl_policy=ELBSecurityPolicy-2016-08";
    let table: &[(&str, &str, &[&str])] = &[
        ("portal", sticky, &["behind a Classic Load Balancer"]),
        ("portal", idle, &["behind a Classic Load Balancer"]),
        ("portal", policy, &["behind a Classic Load Balancer"]),
        ("jobs", sticky, &["is a worker", "no load balancer"]),
        ("jobs", idle, &["is a worker"]),
        ("small", sticky, &["is a single instance"]),
        ("tcp", idle, &["behind a Network Load Balancer"]),
        ("shared", idle, &["Beanstalk has no option IdleTimeout on a shared load balancer", "its owner"]),
        (
            "web",
            "IdleTimeout=90",
            &["`IdleTimeout` is the Beanstalk option of the setting idle_timeout.timeout_seconds"],
        ),
        ("web", "MatcherHTTPCode=200", &["is the Beanstalk option of the setting health_check.matcher"]),
        ("web", "aws:elbv2:loadbalancer:idletimeout=90", &["did you mean `aws:elbv2:loadbalancer:IdleTimeout`?"]),
        ("web", "SSLPolicy=x", &["the setting listener:PORT:ssl_policy"]),
        ("web", "ELBScheme=internal", &["cannot be edited", "replaces the load balancer"]),
        (
            "web",
            "listener:80:ssl_policy=ELBSecurityPolicy-2016-08",
            &["the listener on port 80 is HTTP, which has no such setting"],
        ),
        ("web", "listener:99999:ssl_policy=x", &["`listener:99999:ssl_policy` names no port", "1 to 65535"]),
        ("web", "listener:99999=x", &["names no port"]),
        ("web", "listener:443=x", &["which setting of the listener is not said", "listener:443:ssl_policy"]),
        ("web", "listener:8443:ssl_policy=ELBSecurityPolicy-2016-08", &["no listener at port 8443", "80, 443"]),
        (
            "web",
            "stickiness.enable=true",
            &["there is no setting `stickiness.enable`, did you mean `stickiness.enabled`?"],
        ),
    ];
    for (name, wish, expected) in table {
        let ran = region.run(["set", name, wish, "--dry-run"]);
        assert_eq!(ran.status, Some(2), "{name} {wish}: {}{}", ran.out, ran.err);
        for words in *expected {
            assert!(ran.err.contains(words), "{name} {wish}: no `{words}` in {}", ran.err);
        }
        assert!(!ran.err.contains("could not be read"), "{name} {wish}: {}", ran.err);
    }
}

/// A shared load balancer is not the environment's own, by whatever route.
#[test]
fn a_shared_load_balancer_is_named_where_it_is_refused() {
    let region = Region::written(KINDS);
    let ran = region.run(["set", "shared", "idle_timeout.timeout_seconds=90", "--route", "elb", "--dry-run"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("shared-edge is not proven to be shared's own"), "{}", ran.err);
}

#[test]
fn what_can_be_set_is_not_refused() {
    let region = Region::written(KINDS);
    for (name, wishes) in [
        ("web", &["idle_timeout.timeout_seconds=90"][..]),
        ("web", &["listener:443:ssl_policy=ELBSecurityPolicy-TLS13-1-2-2021-06"]),
        ("web", &["routing.http.x_amzn_tls_kx.enabled=true", "--route", "elb"]),
        ("shared", &["deregistration_delay.timeout_seconds=60"]),
    ] {
        let ran = region.run(["set", name].into_iter().chain(wishes.iter().copied()).chain(["--dry-run"]));
        assert_eq!(ran.status, Some(0), "{name} {wishes:?}: {}", ran.err);
    }
}

/// Beanstalk counts an unchanged option as a change of the configuration.
#[test]
fn an_option_that_has_its_value_is_not_sent() {
    let region = Region::written(KINDS);
    let sent = |arguments: &[&str]| {
        let plan = region.json(&[arguments, &["--dry-run"]].concat());
        let calls = plan["calls"].as_array().unwrap();
        let options = calls.iter().filter(|call| call["operation"] == "UpdateEnvironment");
        let options = options.flat_map(|call| call["parameters"]["OptionSettings"].as_array().unwrap().clone());
        options.map(|it| it["OptionName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // It has two instances at the least and more at the most.
    assert_eq!(sent(&["scale", "web", "2", "9"]), ["MaxSize"]);
    assert_eq!(sent(&["set", "web", "stickiness.enabled=FALSE", "health_check.path=/healthz"]), ["HealthCheckPath"]);
    assert_eq!(sent(&["set", "web", "health_check.matcher=200", "health_check.path=/healthz"]), ["HealthCheckPath"]);
}
