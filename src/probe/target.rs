//! What is probed: the address, the host name and the listener of an environment, and what AWS says of it.

use std::sync::Arc;
use std::time::Duration;

use super::diagnose::ProbeCircumstances;
use super::options::{ConnectTo, ProbeOptions};
use super::plan::ProbePlan;
use super::quiet::{NGINX, QuietLimits};
use super::run::Observation;
use super::stream::Destination;
use crate::model::{BalancerKind, Environment, EnvironmentLink, Key, Listener, LoadBalancer, Scheme, Snapshot, Source};

const IDLE_TIMEOUT: &str = "idle_timeout.timeout_seconds";
const STICKINESS: &str = "stickiness.enabled";
/// The domains of the host names that AWS gives.
const OF_AWS: [&str; 3] = [".elasticbeanstalk.com", ".amazonaws.com", ".amazonaws.com.cn"];

/// What is probed.
#[derive(Clone, Debug)]
pub struct ProbeTarget {
    /// The environment's name.
    pub environment: Arc<str>,
    /// The URL of the first request.
    pub url: String,
    /// Whether only its VPC reaches the load balancer.
    pub is_internal: bool,
    /// What is sent, and where to.
    pub plan: ProbePlan,
    /// What AWS says of the environment.
    pub circumstances: ProbeCircumstances,
}

/// The environment's front, as far as it was read.
struct EnvironmentFront<'a> {
    known: &'a Snapshot,
    environment: &'a Environment,
    link: Option<&'a EnvironmentLink>,
    balancer: Option<&'a LoadBalancer>,
}

impl ProbeTarget {
    /// Returns what is probed of an environment; `None` if it has no address, as a worker environment.
    #[must_use]
    pub fn new(known: &Snapshot, environment: &Environment, options: &ProbeOptions) -> Option<Self> {
        let front = EnvironmentFront::new(known, environment);
        let connect_to = options.connect_to.as_ref();
        let (is_secure, listener_port) = front.listener(connect_to.and_then(|it| it.is_secure));
        let host: Arc<str> = match &options.host {
            Some(host) => host.as_str().into(),
            None => front.host()?,
        };
        let destination = Destination {
            address: front.address(connect_to, options.host.is_some()).unwrap_or_else(|| Arc::clone(&host)),
            port: connect_to.and_then(|it| it.port).unwrap_or(listener_port),
            server_name: is_secure.then(|| Arc::clone(&host)),
        };
        let usual = if is_secure { 443 } else { 80 };
        let authority =
            if listener_port == usual { Arc::clone(&host) } else { format!("{host}:{listener_port}").into() };
        let plan = ProbePlan {
            destination,
            host: Arc::clone(&host),
            authority,
            path: options.path.clone(),
            websocket: options.websocket.clone(),
            fallback: options.fallback,
            requests: usize::from(options.requests),
            marker: options.marker.clone(),
            idle: options.idle,
            origin: options.origin.clone(),
        };
        let circumstances = ProbeCircumstances {
            now: known.moment,
            environment: Arc::clone(&environment.name),
            is_host_of_aws: OF_AWS.iter().any(|domain| host.ends_with(domain)),
            host,
            is_secure,
            is_websocket_given: options.websocket.is_some(),
            idle_timeout: front.idle_timeout(),
            is_sticky: front.is_sticky(),
        };
        let (environment, url) = (Arc::clone(&environment.name), plan.url());
        Some(Self { environment, url, is_internal: front.is_internal(), plan, circumstances })
    }
}

impl ProbeTarget {
    /// Returns what should be read of an environment before it is probed: its listeners, the load balancer's attributes, and
    /// whether it is sticky.
    #[must_use]
    pub fn sources(known: &Snapshot, environment: &Environment) -> Vec<Source> {
        let link = known.topology.link(&environment.key);
        let balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| key.clone());
        let groups = link.map_or(&[][..], |link| &link.groups);
        let stickiness = groups.iter().map(|group| Source::TargetGroupAttributes(group.key.clone()));
        let front =
            balancer.into_iter().flat_map(|key| [Source::Listeners(key.clone()), Source::LoadBalancerAttributes(key)]);
        front.chain(stickiness).collect()
    }

    /// The limits that a quiet socket is cut at.
    #[must_use]
    pub fn limits(&self, seen: &Observation) -> QuietLimits {
        let nginx = seen.is_through_nginx().then_some(NGINX);
        QuietLimits { load_balancer: self.circumstances.idle_timeout, nginx }
    }
}

impl<'a> EnvironmentFront<'a> {
    fn new(known: &'a Snapshot, environment: &'a Environment) -> Self {
        let link = known.topology.link(&environment.key);
        let key = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| key);
        let balancer = key.and_then(|key| known.inventory.load_balancers.get(key));
        Self { known, environment, link, balancer }
    }

    /// The environment's own host name.
    fn host(&self) -> Option<Arc<str>> {
        let name = self.environment.cname.as_ref().or(self.dns_name()).or(self.environment.endpoint_url.as_ref())?;
        Some(name.to_ascii_lowercase().into())
    }

    fn dns_name(&self) -> Option<&Arc<str>> {
        self.balancer?.dns_name.as_ref()
    }

    /// Where to connect to. A host name of the user's own need not lead to the load balancer yet.
    fn address(&self, connect_to: Option<&ConnectTo>, is_host_given: bool) -> Option<Arc<str>> {
        if let Some(to) = connect_to {
            return Some(to.address.as_str().into());
        }
        let own = self.dns_name().or(self.environment.endpoint_url.as_ref()).or(self.environment.cname.as_ref());
        own.filter(|_| is_host_given).map(Arc::clone)
    }

    /// Whether over TLS, and the port: HTTPS where there is such a listener, unless the other was chosen.
    fn listener(&self, wanted: Option<bool>) -> (bool, u16) {
        let none = Vec::new();
        let listeners = self.key().and_then(|key| self.known.inventory.listeners.get(key)).unwrap_or(&none);
        let of = |is_secure: bool, usual: u16| {
            let ports = listeners.iter().filter(|it| it.is_secure() == is_secure).filter_map(port);
            ports.min_by_key(|port| (*port != usual, *port)).map(|port| (is_secure, port))
        };
        match wanted {
            Some(true) => of(true, 443).unwrap_or((true, 443)),
            Some(false) => of(false, 80).unwrap_or((false, 80)),
            None => of(true, 443).or_else(|| of(false, 80)).unwrap_or((false, 80)),
        }
    }

    fn key(&self) -> Option<&Key<LoadBalancer>> {
        self.balancer.map(|balancer| &balancer.key)
    }

    /// The idle timeout of an application load balancer.
    fn idle_timeout(&self) -> Option<Duration> {
        let key = self.key().filter(|_| self.balancer.is_some_and(|it| it.kind() == BalancerKind::Application))?;
        let attributes = self.known.inventory.load_balancer_attributes.get(key)?;
        attributes.get(IDLE_TIMEOUT)?.parse().ok().map(Duration::from_secs)
    }

    /// Whether all of its target groups are sticky; `None` if that is not known of one.
    fn is_sticky(&self) -> Option<bool> {
        let groups = self.link.map(|link| link.groups.as_slice()).filter(|groups| !groups.is_empty())?;
        let of = |key| self.known.inventory.target_group_attributes.get(key)?.get(STICKINESS).map(|on| &**on == "true");
        groups.iter().map(|group| of(&group.key)).collect::<Option<Vec<_>>>().map(|all| all.into_iter().all(|on| on))
    }

    fn is_internal(&self) -> bool {
        self.balancer.is_some_and(|balancer| balancer.scheme == Some(Scheme::Internal))
    }
}

fn port(listener: &Listener) -> Option<u16> {
    listener.port.and_then(|port| u16::try_from(port).ok())
}
