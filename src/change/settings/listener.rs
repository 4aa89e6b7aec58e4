//! The settings of a listener of an Application Load Balancer: its certificate, its policy and its attributes.
//!
//! (`ModifyListener`, `ModifyListenerAttributes`; options: `aws:elbv2:listener`.) Any change of a listener is dangerous.

use super::{Danger, ObjectKind, Place, SettingFacts, SettingKind};
use crate::model::Listener;

const fn attribute(key: &'static str, kind: SettingKind, default: &'static str, about: &'static str) -> SettingFacts {
    SettingFacts::attribute(ObjectKind::Listener, key, kind, default, about).dangerous(Danger::Always)
}

const fn header(key: &'static str, about: &'static str) -> SettingFacts {
    attribute(key, SettingKind::HeaderValue, "", about)
}

/// The default name is the one that AWS gives the header.
const fn renamed(key: &'static str, default: &'static str) -> SettingFacts {
    attribute(key, SettingKind::HeaderName, default, "under which name targets get this header")
}

const fn field(
    key: &'static str,
    (parameter, read): (&'static str, fn(&Listener) -> Option<String>),
    kind: SettingKind,
    default: &'static str,
    about: &'static str,
) -> SettingFacts {
    SettingFacts { place: Place::Listener(parameter, read), ..attribute(key, kind, default, about) }
}

pub(super) const SETTINGS: &[SettingFacts] = &[
    field(
        "ssl_policy",
        ("SslPolicy", |listener| listener.ssl_policy.as_deref().map(str::to_owned)),
        SettingKind::Policy,
        "ELBSecurityPolicy-2016-08",
        "which TLS versions and ciphers clients may speak",
    )
    .option("SSLPolicy", "ELBSecurityPolicy-2016-08"),
    field(
        "certificate",
        ("Certificates", |listener| listener.certificates.first().map(ToString::to_string)),
        SettingKind::Certificate,
        "",
        "the certificate that clients get who name no other host",
    )
    .option("SSLCertificateArns", ""),
    attribute(
        "routing.http.response.server.enabled",
        SettingKind::Flag,
        "true",
        "whether answers carry a Server header",
    ),
    header("routing.http.response.strict_transport_security.header_value", "the answers' Strict-Transport-Security"),
    header("routing.http.response.content_security_policy.header_value", "the answers' Content-Security-Policy"),
    attribute(
        "routing.http.response.x_content_type_options.header_value",
        SettingKind::Choice(&["nosniff", ""]),
        "",
        "the answers' X-Content-Type-Options",
    ),
    attribute(
        "routing.http.response.x_frame_options.header_value",
        SettingKind::Choice(&["DENY", "SAMEORIGIN", ""]),
        "",
        "the answers' X-Frame-Options",
    ),
    header(
        "routing.http.response.access_control_allow_origin.header_value",
        "the answers' Access-Control-Allow-Origin",
    ),
    header(
        "routing.http.response.access_control_allow_methods.header_value",
        "the answers' Access-Control-Allow-Methods",
    ),
    header(
        "routing.http.response.access_control_allow_headers.header_value",
        "the answers' Access-Control-Allow-Headers",
    ),
    attribute(
        "routing.http.response.access_control_allow_credentials.header_value",
        SettingKind::Choice(&["true", ""]),
        "",
        "the answers' Access-Control-Allow-Credentials",
    ),
    header(
        "routing.http.response.access_control_expose_headers.header_value",
        "the answers' Access-Control-Expose-Headers",
    ),
    attribute(
        "routing.http.response.access_control_max_age.header_value",
        SettingKind::KeywordOrInteger("", 0, 86_400),
        "",
        "the answers' Access-Control-Max-Age",
    ),
    renamed("routing.http.request.x_amzn_mtls_clientcert.header_name", "X-Amzn-Mtls-Clientcert"),
    renamed(
        "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name",
        "X-Amzn-Mtls-Clientcert-Serial-Number",
    ),
    renamed("routing.http.request.x_amzn_mtls_clientcert_issuer.header_name", "X-Amzn-Mtls-Clientcert-Issuer"),
    renamed("routing.http.request.x_amzn_mtls_clientcert_subject.header_name", "X-Amzn-Mtls-Clientcert-Subject"),
    renamed("routing.http.request.x_amzn_mtls_clientcert_validity.header_name", "X-Amzn-Mtls-Clientcert-Validity"),
    renamed("routing.http.request.x_amzn_mtls_clientcert_leaf.header_name", "X-Amzn-Mtls-Clientcert-Leaf"),
    renamed("routing.http.request.x_amzn_tls_version.header_name", "X-Amzn-Tls-Version"),
    renamed("routing.http.request.x_amzn_tls_cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite"),
];
