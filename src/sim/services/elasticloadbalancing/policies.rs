//! `DescribeSSLPolicies`: the policies of application load balancers, with their protocols (User Guide, HTTPS listeners).
//! Only some of them, and of their ciphers.

use super::parameters::page;
use crate::sim::physics::View;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

const POLICIES: &[(&str, &[&str])] = &[
    ("ELBSecurityPolicy-2016-08", &["TLSv1", "TLSv1.1", "TLSv1.2"]),
    ("ELBSecurityPolicy-FS-1-2-Res-2020-10", &["TLSv1.2"]),
    ("ELBSecurityPolicy-TLS-1-1-2017-01", &["TLSv1.1", "TLSv1.2"]),
    ("ELBSecurityPolicy-TLS-1-2-2017-01", &["TLSv1.2"]),
    ("ELBSecurityPolicy-TLS13-1-0-2021-06", &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
    ("ELBSecurityPolicy-TLS13-1-2-2021-06", &["TLSv1.2", "TLSv1.3"]),
    ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", &["TLSv1.2", "TLSv1.3"]),
    ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", &["TLSv1.2", "TLSv1.3"]),
    ("ELBSecurityPolicy-TLS13-1-3-2021-06", &["TLSv1.3"]),
];

pub(super) fn is_known(policy: &str) -> bool {
    POLICIES.iter().any(|(name, _)| *name == policy)
}

pub(super) fn describe_ssl_policies(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    form.only(&["Names", "Marker", "PageSize", "LoadBalancerType"])?;
    let names = form.list("Names");
    if names.iter().any(|name| !is_known(name)) {
        return Err(Refusal::bad_request("SSLPolicyNotFound", "SSL policy not found"));
    }
    let listed: Vec<_> = POLICIES.iter().filter(|(name, _)| names.is_empty() || names.contains(name)).collect();
    let (range, next) = page(view, form, listed.len())?;
    let mut xml = Xml::default();
    xml.members("SslPolicies", &listed[range], |xml, (name, protocols)| {
        xml.member_texts("SslProtocols", *protocols)
            .members("Ciphers", ["ECDHE-RSA-AES128-GCM-SHA256"], |xml, cipher| {
                xml.text("Name", cipher).text("Priority", 1);
            })
            .text("Name", name)
            .member_texts("SupportedLoadBalancerTypes", ["application", "network"]);
    })
    .optional("NextMarker", next);
    Ok(xml)
}
