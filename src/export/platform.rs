//! What runs on an environment's instances, as far as it decides which files have an effect there.

use crate::model::{ConfigurationSettings, Environment};

/// The generation of Amazon Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmazonLinux {
    /// The first one, retired: nginx is configured by `.ebextensions`, and has no Upgrade headers.
    First,
    /// Amazon Linux 2 or 2023: nginx is configured by `.platform`, and has the Upgrade headers.
    Later,
}

/// The proxy in front of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// nginx, the default.
    Nginx,
    /// Apache's httpd.
    Apache,
    /// None: the application listens on the process's port.
    None,
}

/// The platform of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its operating system; `None` if it is not Amazon Linux, or unknown.
    pub linux: Option<AmazonLinux>,
    /// Its proxy.
    pub proxy: Proxy,
}

impl Platform {
    /// Reads it from the platform's name and the option `ProxyServer`.
    #[must_use]
    pub fn new(environment: &Environment, settings: Option<&ConfigurationSettings>) -> Self {
        let linux = environment.platform.as_deref().and_then(amazon_linux);
        let server = settings.and_then(|it| it.get("aws:elasticbeanstalk:environment:proxy", "ProxyServer"));
        let proxy = match server.map(str::to_ascii_lowercase).as_deref() {
            Some("none") => Proxy::None,
            Some("apache") => Proxy::Apache,
            _ => Proxy::Nginx,
        };
        Self { linux, proxy }
    }
}

/// The generation that a platform's name or ARN has: `64bit Amazon Linux 2023 v6.6.2 running Node.js 20`, and of the first
/// `64bit Amazon Linux 2018.03 v4.17.10 running Node.js`.
fn amazon_linux(platform: &str) -> Option<AmazonLinux> {
    let (_, rest) = platform.split_once("Amazon Linux")?;
    let number: String = rest.trim_start().chars().take_while(|it| it.is_ascii_digit() || *it == '.').collect();
    Some(if matches!(number.as_str(), "2" | "2023") { AmazonLinux::Later } else { AmazonLinux::First })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generation_follows_from_the_platforms_name() {
        let table = [
            ("64bit Amazon Linux 2023 v6.6.2 running Node.js 20", Some(AmazonLinux::Later)),
            ("64bit Amazon Linux 2 v5.8.0 running Node.js 18", Some(AmazonLinux::Later)),
            ("64bit Amazon Linux 2018.03 v4.17.10 running Node.js", Some(AmazonLinux::First)),
            ("64bit Amazon Linux v4.5.0 running Node.js", Some(AmazonLinux::First)),
            (
                "arn:aws:elasticbeanstalk:eu-west-1::platform/Docker running on 64bit Amazon Linux 2/3.5.0",
                Some(AmazonLinux::Later),
            ),
            (
                "arn:aws:elasticbeanstalk:eu-west-1::platform/Node.js 20 running on 64bit Amazon Linux 2023/6.1.0",
                Some(AmazonLinux::Later),
            ),
            ("64bit Windows Server 2022 v2.15.0 running IIS 10.0", None),
        ];
        for (name, expected) in table {
            assert_eq!(amazon_linux(name), expected, "{name}");
        }
    }
}
