//! Scenarios of tests, put together of named parts: each test writes only what is special about its region.
//!
//! The parts are macros, which every test has, so that a scenario is a constant text. Their arguments are as in a scenario
//! file: `instances = 3`, `traffic = { peak = 20.0 }`. Lines that are added to a text belong to its last table.

/// `scenario!("description", part, ...)`: the text of a scenario. What belongs to the whole (`"seed = 3\n"`) comes first.
macro_rules! scenario {
    ($description:literal, $($part:tt)*) => {
        concat!("description = \"", $description, "\"\n", $($part)*)
    };
}

/// A value, as it is in a scenario file.
macro_rules! value {
    ({ $key:tt = $value:tt $(, $keys:tt = $values:tt)* $(,)? }) => {
        concat!(
            "{ ", stringify!($key), " = ", value!($value) $(, ", ", stringify!($keys), " = ", value!($values))*, " }"
        )
    };
    ([$($value:tt),* $(,)?]) => { concat!("[", $(value!($value), ", ",)* "]") };
    ($value:tt) => { stringify!($value) };
}

/// The lines of a table under its head.
macro_rules! lines {
    ($head:expr $(, $key:tt = $value:tt)* $(,)?) => {
        concat!($head, "\n" $(, stringify!($key), " = ", value!($value), "\n")*)
    };
}

/// `table!("inbound", key = value, ...)`: one more of these, of which no other macro knows.
macro_rules! table {
    ($kind:literal $(, $key:tt = $value:tt)* $(,)?) => { lines!(concat!("[[", $kind, "]]") $(, $key = $value)*) };
}

/// `section!("faults", deny = ["ec2:*"], ...)`: a table of which there is one.
macro_rules! section {
    ($kind:literal $(, $key:tt = $value:tt)* $(,)?) => { lines!(concat!("[", $kind, "]") $(, $key = $value)*) };
}

/// `application!("shop", "v1", "v2")`: an application and its versions.
macro_rules! application {
    ($name:literal $(, $version:literal)* $(,)?) => { table!("application", name = $name, versions = [$($version),*]) };
}

/// `environment!("web", instances = 3, ...)`: an environment of the application `shop`, unless another comes first.
macro_rules! environment {
    ($name:literal, application = $application:literal $(, $key:tt = $value:tt)* $(,)?) => {
        table!("environment", name = $name, application = $application $(, $key = $value)*)
    };
    ($name:literal $(, $key:tt = $value:tt)* $(,)?) => {
        environment!($name, application = "shop" $(, $key = $value)*)
    };
}

/// `shared_environment!("web", "edge", ...)`: an environment on a load balancer that others share, by its key.
macro_rules! shared_environment {
    ($name:literal, $load_balancer:literal $(, $key:tt = $value:tt)* $(,)?) => {
        environment!($name, kind = "application_shared", load_balancer = $load_balancer $(, $key = $value)*)
    };
}

/// `certificate!("cert", "*.shop.example", ...)`: a certificate, by its key.
macro_rules! certificate {
    ($key:literal, $domain:literal $(, $more:tt = $value:tt)* $(,)?) => {
        table!("certificate", key = $key, domain = $domain $(, $more = $value)*)
    };
}

/// `load_balancer!("edge", listener = [...])`: one that is not an environment's own, by its key.
macro_rules! load_balancer {
    ($key:literal $(, $more:tt = $value:tt)* $(,)?) => { table!("load_balancer", key = $key $(, $more = $value)*) };
}

/// `shared_edge!(rule, ...)`: the load balancer `shared-edge`, with its certificate, and rules on its listener on 443. Both
/// listeners have a default of their own, so that the simulator gives them no rules.
macro_rules! shared_edge {
    ($($rule:tt),* $(,)?) => {
        concat!(
            certificate!("edge", "*.edge.example"),
            load_balancer!(
                "shared-edge",
                listener = [
                    { port = 80, default = { fixed_response = 404 } },
                    { port = 443, certificate = "edge", default = { redirect = "https" }, rule = [$($rule),*] },
                ],
            )
        )
    };
}

/// `target_group!("canary", targets = 1)`: one that is not an environment's own, by its key.
macro_rules! target_group {
    ($key:literal $(, $more:tt = $value:tt)* $(,)?) => { table!("target_group", key = $key $(, $more = $value)*) };
}

/// `alarm!("web-hosts", "UnHealthyHostCount", target_group = "web", threshold = 0.0)`: an alarm and its metric.
macro_rules! alarm {
    ($name:literal, $metric:literal $(, $key:tt = $value:tt)* $(,)?) => {
        table!("alarm", name = $name, metric = $metric $(, $key = $value)*)
    };
}

/// `deploy!("web", "v2", at = "10s")`: a version that the region itself deploys to an environment.
macro_rules! deploy {
    ($environment:literal, $version:literal $(, $key:tt = $value:tt)* $(,)?) => {
        table!("deploy", environment = $environment, version = $version $(, $key = $value)*)
    };
}

/// `update!("web", at = "10s", options = { ... })`: an update of an environment's options by the region itself.
macro_rules! update {
    ($environment:literal $(, $key:tt = $value:tt)* $(,)?) => {
        table!("update", environment = $environment $(, $key = $value)*)
    };
}
