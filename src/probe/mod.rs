//! What a client sees through the load balancer: answers and who made them, cookies and affinity, the WebSocket handshake,
//! how long a quiet socket lives, the fallbacks, what other origins may do.
//!
//! A probe speaks over byte streams that a [`Dialer`] opens: over the network in production, into the simulated region in
//! the demo and in tests. What it saw is an [`Observation`]; [`diagnose`] draws the conclusions and is pure.

mod affinity;
mod answered_by;
mod certificate;
mod client;
mod connect;
mod cookies;
mod describe;
mod diagnose;
mod exchange_error;
mod fallback;
mod frames;
mod handshake;
mod marker;
mod options;
mod origin;
mod part;
mod plan;
mod quiet;
mod run;
mod stream;
mod target;
#[cfg(test)]
mod tests;
mod tls;
mod tls_report;
mod websocket;

pub use affinity::{AffinityReport, AffinityVerdict};
pub use answered_by::AnsweredBy;
pub use certificate::PresentedCertificate;
pub use client::{BodyEnd, ProbeAnswer, ProbeClient, ProbeCounts, ProbeRequest};
pub use connect::over_network;
pub use cookies::{CookieJar, SetCookie, purpose};
pub use describe::{ProbeRow, failure_words, rows};
pub use diagnose::{ProbeCircumstances, diagnose};
pub use exchange_error::ExchangeError;
pub use fallback::{FallbackChoice, FallbackProtocol, FallbackReport};
pub use marker::Marker;
pub use options::{ConnectTo, MOST_REQUESTS, ProbeOptions, parse_connect_to, parse_host, parse_origin, parse_path};
pub use origin::{Allowed, OriginReport};
pub use part::ProbePart;
pub use plan::ProbePlan;
pub use quiet::{CutBy, NGINX, QuietLimits, QuietReport, SocketEnding};
pub use run::{FirstAnswer, Observation, first_answer, run};
pub use stream::{ByteStream, Connection, Destination, Dialer, Dialing};
pub use target::ProbeTarget;
pub use tls::TlsTrust;
pub use tls_report::{CertificateProblem, TlsReport};
pub use websocket::{RefusedUpgrade, USUAL_PATHS, WebsocketFailure, WebsocketReport};
