//! The clients of one session, which share one HTTP client, one identity cache and one clock.
//!
//! The SDK's retries are off: they would spend the account's allowance unseen, and repeat writes. Reads are retried by
//! the schedule. No timeout for an attempt, because credentials are resolved within one and a login may take its time.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

use super::server_clock::ServerClock;
use super::whole::WholeXml;
use super::whole_cbor::WholeCbor;

/// How long a call may take, pages apart.
pub(super) const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection may take.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A client for each service.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) beanstalk: aws_sdk_elasticbeanstalk::Client,
    pub(super) elb: aws_sdk_elasticloadbalancingv2::Client,
    pub(super) autoscaling: aws_sdk_autoscaling::Client,
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) acm: aws_sdk_acm::Client,
    pub(super) cloudwatch: aws_sdk_cloudwatch::Client,
}

/// A service's client with our timeouts and without retries; a macro, because each crate has a `Config` of its own.
macro_rules! client {
    ($service:ident, $config:tt) => {
        $service::Client::from_conf(client!(@builder $service, $config).build())
    };
    (xml $service:ident, $config:tt) => {
        $service::Client::from_conf(client!(@builder $service, $config).interceptor(WholeXml).build())
    };
    (cbor $service:ident, $config:tt) => {
        $service::Client::from_conf(client!(@builder $service, $config).interceptor(WholeCbor).build())
    };
    (@builder $service:ident, ($config:expr, $clock:expr)) => {
        $service::config::Builder::from($config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts())
            .interceptor($clock)
    };
}

impl Clients {
    pub(super) fn new(config: &SdkConfig, clock: ServerClock) -> Self {
        Self {
            beanstalk: client!(xml aws_sdk_elasticbeanstalk, (config, clock)),
            elb: client!(xml aws_sdk_elasticloadbalancingv2, (config, clock)),
            autoscaling: client!(xml aws_sdk_autoscaling, (config, clock)),
            ec2: client!(xml aws_sdk_ec2, (config, clock)),
            sts: client!(xml aws_sdk_sts, (config, clock)),
            acm: client!(aws_sdk_acm, (config, clock)),
            cloudwatch: client!(cbor aws_sdk_cloudwatch, (config, clock)),
        }
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_timeout(OPERATION_TIMEOUT).connect_timeout(CONNECT_TIMEOUT).build()
}
