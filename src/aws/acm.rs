//! The Certificate Manager: the certificates of the region.
//!
//! Without a filter on key types ACM lists only RSA keys of 1024 and 2048 bits, so all types are named. Issued and
//! expired certificates are listed: an expired one may still be on a listener, and that is worth knowing.

use std::sync::Arc;

use aws_sdk_acm::types::{CertificateStatus, CertificateSummary, Filters, KeyAlgorithm};

use super::call::Call;
use super::convert::{key, moment, text, texts};
use crate::model::{Answer, Batch, Certificate, Fault, FaultKind, ScopeId};

/// The most that a page holds (`ListCertificates`, `MaxItems`).
const PAGE: i32 = 1000;

const KEY_TYPES: [KeyAlgorithm; 7] = [
    KeyAlgorithm::Rsa1024,
    KeyAlgorithm::Rsa2048,
    KeyAlgorithm::Rsa3072,
    KeyAlgorithm::Rsa4096,
    KeyAlgorithm::EcPrime256v1,
    KeyAlgorithm::EcSecp384r1,
    KeyAlgorithm::EcSecp521r1,
];

pub(super) async fn certificates(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().acm, call.scope());
    let wanted = Filters::builder().set_key_types(Some(KEY_TYPES.to_vec())).build();
    let request = |token| {
        let request = client.list_certificates().includes(wanted.clone()).max_items(PAGE).set_next_token(token);
        request.certificate_statuses(CertificateStatus::Issued).certificate_statuses(CertificateStatus::Expired).send()
    };
    let mut listed = true;
    let (items, covers) = call
        .pages(request, |page| {
            listed &= page.certificate_summary_list.is_some();
            (page.certificate_summary_list().iter().filter_map(|it| certificate(scope, it)).collect(), page.next_token)
        })
        .await?;
    if !listed {
        // Any JSON at all is an answer without a list for the SDK, the page of a proxy included.
        return Err(
            call.fault(FaultKind::Other, "the endpoint's answer has no list of certificates: it is no AWS answer")
        );
    }
    Ok(Batch { covers, answer: Answer::Certificates(items) })
}

fn certificate(scope: ScopeId, it: &CertificateSummary) -> Option<Certificate> {
    Some(Certificate {
        key: key(scope, it.certificate_arn(), "certificate")?,
        domain: text(it.domain_name()),
        names: names(it),
        has_more_names: it.has_additional_subject_alternative_names() == Some(true),
        key_algorithm: text(it.key_algorithm().map(|algorithm| algorithm.as_str())),
        status: text(it.status().map(|status| status.as_str())),
        not_after: moment(it.not_after()),
    })
}

/// The first name is among the alternative ones, but for the oldest certificates.
fn names(it: &CertificateSummary) -> Vec<Arc<str>> {
    let mut names = texts(it.subject_alternative_name_summaries().iter().map(|name| Some(name.as_str())));
    if let Some(first) = text(it.domain_name())
        && !names.contains(&first)
    {
        names.insert(0, first);
    }
    names
}
