//! Whether the certificate is good for the names that clients use.

use std::sync::Arc;

use super::listening::{leading_here, presented};
use crate::change::https::{HostNames, Origin, covers};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Certificate, Listener, Source, clean, counted};

const UNCOVERED: Grade = Grade::new(FindingSeverity::Warning, "a host name of the configuration or of a rule");

pub static UNCOVERED_NAME: Check = Check {
    id: "certificate-does-not-cover-name",
    topic: Topic::Https,
    inputs: &["Listeners", "Rules", "ListenerCertificates", "Certificates"],
    grades: &[UNCOVERED],
    needs: "host names of the environment (of the configuration, or of rules), the listener's certificates, and each of them \
            in ACM's list",
    sentence: "No certificate of a listener covers a host name of the environment.",
    explanation: "A listener presents the certificate that covers the name a client asks for (SNI), and its default one if \
                  none does. Clients refuse a certificate that is not for the name they asked for.",
    advice: "Request a certificate with all names (a wildcard covers one label), and put it on the listener, as its default \
             one or beside it.",
};

pub fn uncovered_name(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let listeners = leading_here(inputs, run, Listener::is_secure);
    if listeners.is_empty() {
        return;
    }
    let rules = inputs.listeners().unwrap_or_default().iter();
    let rules = rules.filter_map(|listener| inputs.inventory().rules.get(&listener.key)).flatten();
    let groups: Vec<_> = inputs.proven().map(|group| group.key.clone()).collect();
    let names = HostNames::of(inputs.environment, inputs.declared().hostnames, rules, &groups);
    if names.origin == Origin::Certificate {
        return run.undecided(Why::TooLittle("no host name of it is known (hostnames in the configuration)"));
    }
    for listener in listeners {
        one(inputs, run, listener, &names.names);
    }
}

fn one(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, listener: &Listener, names: &[Arc<str>]) {
    let presented = presented(inputs, listener);
    let listed = |key| inputs.inventory().certificates.get(key);
    let certificates: Vec<_> = presented.certificates.iter().filter_map(listed).collect();
    let is_covered = |name: &Arc<str>| certificates.iter().any(|certificate| is_covered(certificate, name));
    let Some(name) = names.iter().find(|name| !is_covered(name)) else { return };
    if certificates.len() < presented.certificates.len() {
        run.doubted(inputs.reliability.doubt(&Source::Certificates(inputs.snapshot.scope)));
        return run.undecided(Why::TooLittle("a certificate is not in ACM's list"));
    }
    if let Some(unread) = &presented.unread {
        return run.doubted(inputs.reliability.doubt(unread));
    }
    if certificates.iter().any(|certificate| certificate.has_more_names) {
        return run.undecided(Why::TooLittle("ACM's list does not have all names of a certificate"));
    }
    let words = match certificates.as_slice() {
        [] => return,
        [certificate] => {
            let of = certificate.domain.as_deref().map_or_else(|| clean(&certificate.key.id), clean);
            format!("the certificate of {of} does not cover {}", clean(name))
        }
        several => format!("none of its {} covers {}", counted(several.len(), "certificate"), clean(name)),
    };
    run.found(UNCOVERED, FindingSubject::Listener(listener.key.clone()), words, Vec::new());
}

fn is_covered(certificate: &Certificate, name: &str) -> bool {
    certificate.domain.iter().chain(&certificate.names).any(|of| covers(of, name))
}
