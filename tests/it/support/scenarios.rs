//! Scenarios that more than one test needs.

/// An environment to read and to change, one that is being updated, and one without HTTPS.
pub const EVERYTHING: &str = scenario!(
    "everything that is read and changed",
    certificate!("cert", "*.shop.example"),
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 3, certificate = "cert", traffic = { peak = 20.0 }),
    environment!("busy", version = "v1", instances = 2),
    environment!("plain", instances = 2),
    deploy!("busy", "v2", at = "0s"),
    alarm!("web-hosts", "UnHealthyHostCount", target_group = "web", threshold = 0.0),
);

/// Three instances, of which the second hangs.
pub const HANGS: &str = scenario!(
    "hangs",
    environment!("web", instances = 3, timeline = [{ at = "-10m", targets = [2], becomes = "timing-out" }]),
);

/// An environment that is being updated.
pub const UPDATING: &str = scenario!("busy", environment!("web", status = "Updating"));

/// An environment with a secret among its properties.
pub const SECRETIVE: &str = scenario!(
    "secrets",
    environment!(
        "vault-web",
        options = { "aws:elasticbeanstalk:application:environment/DB_PASSWORD" = "CANARY-property" },
    ),
);

/// One environment.
pub const ONE: &str = scenario!("one environment", environment!("web"));
