//! Whether the certificate is good for the names that clients use.

use std::sync::Arc;

use super::listening::leading_here;
use crate::change::https::{HostNames, Origin, covers};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Balancer, Certificate, Key, Listener, Source, clean};

const UNCOVERED: Grade = Grade::new(
    FindingSeverity::Warning,
    "a host name of the configuration or of a rule, on a load balancer of its own",
);

pub static UNCOVERED_NAME: Check = Check {
    id: "certificate-does-not-cover-name",
    topic: Topic::Https,
    inputs: &["Listeners", "Rules", "Certificates"],
    grades: &[UNCOVERED],
    needs: "host names of the environment (of the configuration, or of rules), and the certificate in ACM's list",
    sentence: "The default certificate does not cover a host name of the environment.",
    explanation: "Clients refuse a certificate that is not for the name they asked for, unless the listener has another one \
                  for it (SNI). Those beside the default one are not read, so that a shared load balancer is not judged.",
    advice: "Request a certificate with all names (a wildcard covers one label), and put it on the listener.",
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
    if inputs.link.balancer == Balancer::ApplicationShared {
        return run.undecided(Why::TooLittle(
            "the load balancer is shared, and may have certificates beside the default one",
        ));
    }
    for listener in listeners {
        listener.certificates.iter().for_each(|arn| one(inputs, run, listener, (arn, &names.names)));
    }
}

fn one(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, listener: &Listener, (arn, names): (&Arc<str>, &[Arc<str>])) {
    let key = Key::new(listener.key.scope, Arc::clone(arn));
    let Some(certificate) = inputs.inventory().certificates.get(&key) else {
        run.doubted(inputs.reliability.doubt(&Source::Certificates(inputs.snapshot.scope)));
        return run.undecided(Why::TooLittle("the certificate is not in ACM's list"));
    };
    let Some(name) = names.iter().find(|name| !is_covered(certificate, name)) else { return };
    if certificate.has_more_names {
        return run.undecided(Why::TooLittle("ACM's list does not have all names of the certificate"));
    }
    let of = certificate.domain.as_deref().map_or_else(|| clean(arn), clean);
    let words = format!("the certificate of {of} does not cover {}", clean(name));
    run.found(UNCOVERED, FindingSubject::Listener(listener.key.clone()), words, Vec::new());
}

fn is_covered(certificate: &Certificate, name: &str) -> bool {
    certificate.domain.iter().chain(&certificate.names).any(|of| covers(of, name))
}
