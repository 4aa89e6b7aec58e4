//! Certificates of ACM.

use super::{Certificate, Region};
use crate::sim::physics::noise;
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::CertificateSpec;

impl Region {
    pub(super) fn add_certificate(&mut self, spec: &CertificateSpec) {
        let id = noise::uuid(self.seed, &format!("certificate {}", spec.key));
        let not_after = self.epoch + spec.expires.0;
        let mut names = vec![spec.domain.clone()];
        names.extend(spec.names.iter().cloned());
        self.certificates.push(Certificate {
            key: spec.key.clone(),
            arn: self.arn("acm", &format!("certificate/{id}")),
            domain: spec.domain.clone(),
            names,
            // ACM's own certificates are valid for 13 months.
            not_before: not_after - Span::days(395).0,
            not_after,
            algorithm: spec.algorithm.clone(),
            kind: spec.kind.clone(),
            status: spec.status.clone(),
            in_use: false,
        });
    }

    /// The ARN of a certificate, which is from now on in use.
    pub(super) fn use_certificate(&mut self, key: &str) -> Option<String> {
        let certificate = self.certificates.iter_mut().find(|certificate| certificate.key == key)?;
        certificate.in_use = true;
        Some(certificate.arn.clone())
    }
}
