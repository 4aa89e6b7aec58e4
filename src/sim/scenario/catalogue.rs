//! The embedded scenarios: one table of names, what each is about, and the files.

/// An embedded scenario.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, `shop`.
    pub name: &'static str,
    /// What it is about, in a line.
    pub about: &'static str,
    text: &'static str,
}

macro_rules! entries {
    ($($name:literal: $about:literal),* $(,)?) => {
        &[$(Entry {
            name: $name,
            about: $about,
            text: include_str!(concat!("../../../assets/scenarios/", $name, ".toml")),
        }),*]
    };
}

pub(super) const ENTRIES: &[Entry] = entries! {
    "shop": "the demo: a dozen environments of every kind, some of them in trouble",
    "healthy": "three environments without a fault: nothing to report",
    "draining": "an environment whose targets drain and return, one after the other",
    "rolling": "a good version rolls over six instances in three batches",
    "bad-deploy": "a version that fails when half of the fleet runs it, on its way over three batches",
    "stuck-deploy": "the first batch of a deploy never becomes healthy",
    "immutable": "four new instances take the place of four old ones",
    "traffic-splitting": "a tenth of the traffic tries a new version before all of it moves",
    "mixed-versions": "an aborted deploy left two versions behind",
    "denied": "tags, Auto Scaling groups and environment resources are denied",
    "denied-all": "valid credentials that allow nothing but asking who they are",
    "expired": "credentials that expire after thirty seconds, for two minutes",
    "throttled": "very low allowances: most calls are throttled",
    "shared-alb": "four environments on one load balancer, distinguished by host names",
    "hostile": "control characters, escape sequences and very long names wherever text can be",
    "empty": "an account without any environment",
    "broken": "answers with broken bodies, and internal errors now and then",
    "unreachable": "services that time out, break off or refuse connections",
    "fleet-200": "a generated fleet of 200 environments",
    "fleet-1000": "a generated fleet of 1000 environments",
};

pub(super) fn text(name: &str) -> Option<&'static str> {
    ENTRIES.iter().find(|entry| entry.name == name).map(|entry| entry.text)
}
