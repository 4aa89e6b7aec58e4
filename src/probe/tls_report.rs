//! What was seen of TLS: the version, the certificate, and what is wrong with it.

use serde::Serialize;

use super::certificate::PresentedCertificate;
use crate::model::Moment;

/// What was seen of TLS on a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TlsReport {
    /// The version, as `TLSv1.3`; `None` in the simulated region, which has no TLS.
    pub version: Option<String>,
    /// The protocol that ALPN agreed on.
    pub alpn: Option<String>,
    /// The names that the certificate covers.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Valid from.
    pub not_before: Option<Moment>,
    /// Valid until.
    pub not_after: Option<Moment>,
    /// What is wrong with it; empty if it is good for the host name.
    pub problems: Vec<CertificateProblem>,
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateProblem {
    /// No longer valid.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// It does not cover the host name.
    WrongName,
    /// It is its own issuer, and not trusted here.
    SelfSigned,
    /// Its issuer is not trusted here.
    UnknownIssuer,
    /// Another reason of rustls'.
    Other(String),
}

impl TlsReport {
    /// Returns a report of a certificate and its problems.
    #[must_use]
    pub fn new(certificate: PresentedCertificate, problems: Vec<CertificateProblem>) -> Self {
        let PresentedCertificate { names, issuer, not_before, not_after, .. } = certificate;
        Self { names, issuer, not_before, not_after, problems, ..Self::default() }
    }

    /// Returns whether the only problem is the host name.
    #[must_use]
    pub fn is_only_misnamed(&self) -> bool {
        self.problems == [CertificateProblem::WrongName]
    }
}

impl CertificateProblem {
    /// Describes the problem of a certificate that was presented for this host.
    #[must_use]
    pub fn describe(&self, host: &str, report: &TlsReport) -> String {
        let day = |at: Option<Moment>| at.map(|at| format!(" ({})", at.0.strftime("%Y-%m-%d"))).unwrap_or_default();
        match self {
            Self::Expired => format!("the certificate has expired{}", day(report.not_after)),
            Self::NotYetValid => format!("the certificate is not valid yet{}", day(report.not_before)),
            Self::WrongName => format!("the certificate does not cover {host}; it covers {}", report.covered()),
            Self::SelfSigned => "the certificate is self-signed: no client trusts it".to_owned(),
            Self::UnknownIssuer => {
                let issuer = report.issuer.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
                format!("this machine does not trust the certificate's issuer{issuer}, or the chain is incomplete")
            }
            Self::Other(reason) => format!("the certificate is not accepted: {reason}"),
        }
    }
}

impl TlsReport {
    /// The names that the certificate covers, as far as a line holds them.
    #[must_use]
    pub fn covered(&self) -> String {
        match self.names.as_slice() {
            [] => "no name".to_owned(),
            names if names.len() > 3 => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
            names => names.join(", "),
        }
    }
}
