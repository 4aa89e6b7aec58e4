//! A request through a load balancer, as a client outside of AWS sends it: to the load balancer's own address, for a host
//! name whose DNS need not lead there yet, with the certificate judged for that name. It is one request of a probe.

use std::sync::Arc;
use std::time::Duration;

use crate::change::https::{ProbeUnanswered, Probed};
use crate::probe::{Destination, Dialer, ExchangeError, ProbeClient, ProbeRequest};

/// How long the whole may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Requests `/` over HTTPS.
///
/// # Errors
/// When no answer comes, or the certificate is not good for the name, with the reason as far as it is known.
pub async fn ask_outside(dialer: &Dialer, dns_name: &str, host: &str) -> Result<Probed, ProbeUnanswered> {
    let name: Arc<str> = host.into();
    let destination = Destination { address: dns_name.into(), port: 443, server_name: Some(Arc::clone(&name)) };
    let mut client = ProbeClient::new(dialer.clone(), destination, name);
    let asked = tokio::time::timeout(PATIENCE, client.send(&ProbeRequest::get("/"), None)).await;
    if let Some((tls, problem)) = client.tls.as_ref().and_then(|tls| Some((tls, tls.problems.first()?))) {
        return Err(ProbeUnanswered::Certificate(problem.describe(host, tls).into()));
    }
    match asked {
        Err(_) => Err(ProbeUnanswered::Timeout(PATIENCE.as_secs())),
        Ok(Ok(answer)) => Ok(Probed { status: answer.status, location: answer.reported("location").map(Into::into) }),
        Ok(Err(error)) => Err(unanswered(error)),
    }
}

fn unanswered(error: ExchangeError) -> ProbeUnanswered {
    match error {
        ExchangeError::Name { reason, .. } => ProbeUnanswered::Name(reason.into()),
        ExchangeError::Refused => ProbeUnanswered::Refused,
        ExchangeError::ConnectTimeout(seconds) => ProbeUnanswered::Timeout(seconds),
        other => ProbeUnanswered::Other(other.to_string().into()),
    }
}
