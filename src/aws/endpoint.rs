//! Endpoints that are configured: checked before anything is sent, because the SDK panics on one that is no URL.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::environment::variable;
use super::open_fault::OpenFault;

/// The services that are called, as the SDK names them in configuration.
const SERVICES: [&str; 10] = [
    "Elastic Beanstalk",
    "Elastic Load Balancing v2",
    "Auto Scaling",
    "EC2",
    "CloudWatch",
    "ACM",
    "STS",
    "S3",
    "SSO",
    "SSO OIDC",
];

/// The variable that gives all services an endpoint; with a service's name behind it, that service alone.
const VARIABLE: &str = "AWS_ENDPOINT_URL";

/// Whether this is a URL that requests can be sent to: a scheme, a host, and a port that is one.
pub(super) fn is_endpoint(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let Some(authority) = uri.authority() else { return false };
    let after_name = authority.as_str().rsplit('@').next().unwrap_or_default();
    let has_port = after_name.rsplit(']').next().unwrap_or_default().contains(':');
    matches!(uri.scheme_str(), Some("http" | "https"))
        && !authority.host().is_empty()
        && has_port == authority.port_u16().is_some()
        && uri.query().is_none()
}

/// Checks the endpoint of each service, as the SDK would take it from the environment or the profile.
///
/// # Errors
/// With the first one that is invalid, and where it comes from.
pub(super) fn check(config: &SdkConfig) -> Result<(), OpenFault> {
    if config.get_origin("endpoint_url").is_client_config() {
        return Ok(());
    }
    let Some(configured) = config.service_config() else { return Ok(()) };
    for service in SERVICES {
        let key = ServiceConfigKey::builder().service_id(service).env(VARIABLE).profile("endpoint_url").build();
        let found = key.ok().and_then(|key| configured.load_config(key));
        if let Some(url) = found.filter(|url| !is_endpoint(url)) {
            return Err(OpenFault::BadEndpoint { origin: origin(service, &url), url });
        }
    }
    Ok(())
}

/// The endpoint that is configured for a service, as the SDK takes it: one that was requested, the service's own, that of
/// all services.
pub(super) fn configured(config: &SdkConfig, service: &str) -> Option<String> {
    let is_requested = config.get_origin("endpoint_url").is_client_config();
    let own = config.service_config().filter(|_| !is_requested).and_then(|configured| {
        let key = ServiceConfigKey::builder().service_id(service).env(VARIABLE).profile("endpoint_url").build();
        configured.load_config(key.ok()?)
    });
    own.or_else(|| config.endpoint_url().map(str::to_owned))
}

/// Where this endpoint of this service was configured.
fn origin(service: &str, url: &str) -> String {
    let own = format!("{VARIABLE}_{}", service.to_ascii_uppercase().replace(' ', "_"));
    let variables = [own, VARIABLE.to_owned()];
    let found = variables.into_iter().find(|name| variable(name).as_deref() == Some(url));
    found.unwrap_or_else(|| "endpoint_url of the profile".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_reported_from_what_is_none() {
        for url in [
            "http://localhost",
            "https://vpce-1.elasticbeanstalk.eu-west-1.vpce.amazonaws.com",
            "http://127.0.0.1:4599",
            "http://127.0.0.1:4599/",
            "http://[::1]:80/path",
            "http://[::1]",
            "http://me:secret@localhost:80",
        ] {
            assert!(is_endpoint(url), "{url}");
        }
        for url in [
            "",
            "nonsense",
            "localhost:80",
            "http://",
            "http:///path",
            "https//host",
            "ftp://host",
            "http://a b",
            "http://host:99999",
            "http://host:port",
            "http://[::1",
            "http://me:secret@",
            "http://host?a=b",
            "http://:80",
        ] {
            assert!(!is_endpoint(url), "{url}");
        }
    }
}
