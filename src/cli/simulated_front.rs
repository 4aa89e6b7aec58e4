//! Connections to the simulated region's load balancers in the same process, for a probe.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::Moment;
use crate::probe::{
    CertificateProblem, Connection, Destination, Dialer, ExchangeError, PresentedCertificate, TlsReport,
};
use crate::sim::front::{self, PresentedNames};
use crate::sim::{TransportFault, World};

/// How long a connection that leads nowhere is waited for.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What opens connections to the region's load balancers, in the same process. TLS is not spoken: the certificate that a
/// listener would present is reported all the same.
#[must_use]
pub fn dialer(world: World) -> Dialer {
    Dialer::new(move |destination| {
        let world = world.clone();
        Box::pin(async move { dial(&world, &destination).await })
    })
}

async fn dial(world: &World, destination: &Destination) -> Result<Connection, ExchangeError> {
    let (address, name) = (&destination.address, destination.server_name.as_deref());
    let connected = front::client::connect(world, address, destination.port, name);
    let unknown = || ExchangeError::Name { name: address.to_string(), reason: "no load balancer has it".to_owned() };
    match connected.ok_or_else(unknown)? {
        Ok((stream, arrival)) => {
            let tls = arrival.certificate.map(|presented| tls(presented, world.now()));
            Ok(Connection { stream: Box::new(stream), tls })
        }
        Err(TransportFault::Timeout) => {
            tokio::time::sleep(CONNECT_TIMEOUT).await;
            Err(ExchangeError::ConnectTimeout(CONNECT_TIMEOUT.as_secs()))
        }
        Err(TransportFault::ConnectionRefused) => Err(ExchangeError::Refused),
        Err(_) if name.is_some() => Err(ExchangeError::Tls("the connection was reset".to_owned())),
        Err(_) => Err(ExchangeError::Closed),
    }
}

fn tls(presented: PresentedNames, now: Timestamp) -> TlsReport {
    let at = |milliseconds| Timestamp::from_millisecond(milliseconds).ok().map(Moment);
    let (from, until) = presented.valid;
    let now = now.as_millisecond();
    let wrongs = [
        (now >= until, CertificateProblem::Expired),
        (now < from, CertificateProblem::NotYetValid),
        (!presented.covers, CertificateProblem::WrongName),
    ];
    let certificate = PresentedCertificate {
        names: presented.names,
        issuer: Some("Amazon".to_owned()),
        not_before: at(from),
        not_after: at(until),
        is_self_signed: false,
    };
    TlsReport::new(certificate, wrongs.into_iter().filter(|(is_so, _)| *is_so).map(|(_, problem)| problem).collect())
}
