//! Values that several things of the region are made of.

/// A key and its value, as tags and attributes are.
pub type Pair = (String, String);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthCheck {
    pub protocol: String,
    /// A number, or `traffic-port`.
    pub port: String,
    pub path: Option<String>,
    /// Milliseconds.
    pub interval: i64,
    pub timeout: i64,
    pub healthy: u32,
    pub unhealthy: u32,
    pub matcher: Option<String>,
}

impl HealthCheck {
    /// Does the matcher, `200,300-399`, contain a code?
    pub fn expects(&self, code: u16) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        matcher.split(',').any(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let limit = |text: &str| text.trim().parse::<u16>().ok();
            limit(from).zip(limit(to)).is_some_and(|(from, to)| (from..=to).contains(&code))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balancer {
    Application,
    Network,
    Classic,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionSetting {
    pub namespace: String,
    pub name: String,
    /// None: not set; such an option comes back without a value.
    pub value: Option<String>,
    /// The logical id of the resource in the environment's stack.
    pub resource: Option<&'static str>,
}
