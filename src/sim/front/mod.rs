//! The region's application load balancers as clients on the internet see them, with nginx and an application behind them.
//!
//! Every answer is a function of the region, the time, the request and its number: which target is next follows from the
//! number, and what a session belongs to from its id.

mod accept;
mod application;
pub mod client;
mod target;
mod visit;

use std::time::Duration;

use super::outside;
use super::physics::View;
use super::region::{Balancer, On, RuleAction};
use super::wire::TransportFault;
use super::wire::envelope::Written;
use application::Application;
use target::Target;
pub use visit::{Arrival, ClientRequest, OpenSocket, PresentedNames, Visit};

/// How long the load balancer waits for a target to accept a connection.
const TARGET_CONNECT: Duration = Duration::from_secs(10);

/// The load balancer of a DNS name, which may be an environment's.
pub(super) fn balancer_of(view: View<'_>, name: &str) -> Option<usize> {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    let region = view.region;
    let own = region.load_balancers.iter().position(|balancer| is(&balancer.dns_name));
    let has_it = |place: &usize| region.cname_at(*place, view.time()).is_some_and(is);
    let environment = || region.environments[(0..region.environments.len()).find(has_it)?].load_balancer;
    own.or_else(environment).filter(|place| region.load_balancers[*place].kind == Balancer::Application)
}

/// Connects to a port of a load balancer, with this name for TLS.
pub(super) fn arrive(
    view: View<'_>,
    balancer: usize,
    port: u16,
    name: Option<&str>,
) -> Result<Arrival, TransportFault> {
    let listener = outside::admit(view, &view.region.load_balancers[balancer], port)?;
    let certificate = match (name, listener.protocol == "HTTPS") {
        (Some(name), true) => Some(presented(view, listener, name).ok_or(TransportFault::ConnectionReset)?),
        (None, false) => None,
        // One side speaks TLS and the other does not.
        _ => return Err(TransportFault::ConnectionReset),
    };
    Ok(Arrival { balancer, port, certificate })
}

fn presented(view: View<'_>, listener: &super::region::Listener, name: &str) -> Option<PresentedNames> {
    let certificate = outside::certificate(view, listener)?;
    let covers = certificate.names.iter().any(|pattern| outside::is_for(pattern, name));
    Some(PresentedNames {
        names: certificate.names.clone(),
        valid: (certificate.not_before, certificate.not_after),
        covers,
    })
}

/// Answers a request on a connection.
pub(super) fn visit(view: View<'_>, arrival: &Arrival, request: &ClientRequest) -> Visit {
    let balancer = &view.region.load_balancers[arrival.balancer];
    let Ok(listener) = outside::admit(view, balancer, arrival.port) else { return made(503, Duration::ZERO) };
    let path = request.path.split('?').next().unwrap_or_default();
    let host = request.host.split(':').next().unwrap_or_default();
    match outside::taken_by(view, listener, host, path) {
        Some(RuleAction::Forward { to, .. }) => {
            let idle = idle_timeout(view, arrival.balancer);
            match Target::choose(view, to, request) {
                Some(target) => forwarded(view, &target, request, idle),
                None => made(503, Duration::ZERO),
            }
        }
        action => Visit::Answered(Duration::ZERO, outside::act(view, action, host, path)),
    }
}

fn idle_timeout(view: View<'_>, place: usize) -> Duration {
    let attributes = view.region.attributes_at(On::Balancer(place), view.time());
    let key = "idle_timeout.timeout_seconds";
    let seconds = attributes.iter().find(|(known, _)| known == key).map(|(_, seconds)| seconds);
    Duration::from_secs(seconds.and_then(|seconds| seconds.parse().ok()).unwrap_or(60))
}

/// What a target makes of a request; the load balancer adds its cookies.
fn forwarded(view: View<'_>, target: &Target<'_>, request: &ClientRequest, idle: Duration) -> Visit {
    use super::region::Answers::{Code, Refuses, TimesOut, Well};
    let application = Application::new(view, target);
    let mut visit = match target.answers {
        TimesOut => return made(504, TARGET_CONNECT),
        Refuses => return made(502, Duration::ZERO),
        Code(code) => Visit::Answered(Duration::ZERO, application.failing(code)),
        Well => application.answer(request, idle),
    };
    match &mut visit {
        Visit::Answered(_, written) => written.headers.extend(target.cookies(request.number)),
        Visit::Switched(socket) => socket.headers.extend(target.cookies(request.number)),
    }
    visit
}

/// An answer of the load balancer's own.
fn made(status: u16, after: Duration) -> Visit {
    let headers = vec![("server", "awselb/2.0".to_owned()), ("content-type", "text/html".to_owned())];
    Visit::Answered(after, Written { status, headers, body: application::page(status, "").into_bytes() })
}
