//! Scenarios that more than one test needs.

use super::scenario::{application, certificate, environment, scenario, table};

/// An environment to read and to change, one that is being updated, and one without HTTPS.
pub const EVERYTHING: &str = scenario!(
    "everything that is read and changed",
    certificate!("cert", "*.shop.example"),
    application!("shop", "v1", "v2"),
    environment!("web", "version = 'v1'", "instances = 3", "certificate = 'cert'", "traffic = { peak = 20.0 }"),
    environment!("busy", "version = 'v1'", "instances = 2"),
    environment!("plain", "instances = 2"),
    table!("deploy", "environment = 'busy'", "version = 'v2'", "at = '0s'"),
    table!("alarm", "name = 'web-hosts'", "metric = 'UnHealthyHostCount'", "target_group = 'web'", "threshold = 0.0"),
);

/// A shared load balancer, to whose listener on port 443 rules may be appended. A listener whose default is a redirect gets
/// no rules from the simulator.
pub const SHARED_EDGE: &str = r#"
description = "environments on a shared load balancer"
[[certificate]]
key = "edge"
domain = "*.edge.example"
[[load_balancer]]
key = "shared-edge"
[[load_balancer.listener]]
port = 80
default = { fixed_response = 404 }
[[load_balancer.listener]]
port = 443
certificate = "edge"
default = { redirect = "https" }
"#;
