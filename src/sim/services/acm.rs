//! Certificate Manager: `ListCertificates`.
//!
//! Without `Includes.keyTypes` only certificates with an RSA key of 1,024 or 2,048 bits come back (API reference of
//! `ListCertificates`), which hides most modern ones.

use super::operation::Json;
use crate::sim::physics::View;
use crate::sim::region::Certificate;
use crate::sim::wire::paging::Position;
use crate::sim::wire::refusal::Refusal;
use serde_json::{Value, json};

pub(super) const OPERATIONS: &[(&str, Json)] = &[("ListCertificates", list_certificates)];

fn list_certificates(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    let size = match &input["MaxItems"] {
        Value::Null => 1000,
        number => number
            .as_u64()
            .filter(|number| (1..=1000).contains(number))
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| Refusal::bad_request("ValidationException", "MaxItems must be between 1 and 1000"))?,
    };
    let key_types = texts(&input["Includes"]["keyTypes"]).unwrap_or_else(|| vec!["RSA_1024", "RSA_2048"]);
    let statuses = texts(&input["CertificateStatuses"]);
    let listed: Vec<&Certificate> = view
        .region
        .certificates
        .iter()
        .filter(|certificate| key_types.contains(&certificate.algorithm.as_str()))
        .filter(|certificate| statuses.as_ref().is_none_or(|statuses| statuses.contains(&certificate.status.as_str())))
        .collect();
    let question = format!("ListCertificates {key_types:?} {statuses:?}");
    let position = Position::read(input["NextToken"].as_str(), &question, view.now)
        .map_err(|_| Refusal::bad_request("ValidationException", "The NextToken is not valid"))?;
    let (range, next) = position.page(&question, listed.len(), size);
    let mut answer =
        json!({ "CertificateSummaryList": listed[range].iter().map(|one| summary(one)).collect::<Vec<_>>() });
    if let Some(token) = next {
        answer["NextToken"] = token.into();
    }
    Ok(answer)
}

fn texts(list: &Value) -> Option<Vec<&str>> {
    let entries: Vec<&str> = list.as_array()?.iter().filter_map(Value::as_str).collect();
    (!entries.is_empty()).then_some(entries)
}

fn summary(certificate: &Certificate) -> Value {
    let seconds = |milliseconds: i64| (milliseconds / 1000) as f64;
    let mut summary = json!({
        "CertificateArn": certificate.arn,
        "DomainName": certificate.domain,
        "SubjectAlternativeNameSummaries": certificate.names,
        "HasAdditionalSubjectAlternativeNames": false,
        "Status": certificate.status,
        "Type": certificate.kind,
        "KeyAlgorithm": certificate.algorithm,
        "KeyUsages": ["DIGITAL_SIGNATURE"],
        "ExtendedKeyUsages": ["TLS_WEB_SERVER_AUTHENTICATION"],
        "InUse": certificate.in_use,
        "RenewalEligibility": if certificate.kind == "AMAZON_ISSUED" { "ELIGIBLE" } else { "INELIGIBLE" },
        "CreatedAt": seconds(certificate.not_before),
    });
    if certificate.status != "PENDING_VALIDATION" {
        summary["NotBefore"] = seconds(certificate.not_before).into();
        summary["NotAfter"] = seconds(certificate.not_after).into();
        summary["IssuedAt"] = seconds(certificate.not_before + 100_000).into();
    }
    summary
}
