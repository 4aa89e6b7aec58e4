//! The listeners, certificates and rules that several checks go through: what was not read is undecided, and left out.

use crate::diagnosis::finding::CheckRun;
use crate::diagnosis::inputs::Inputs;
use crate::model::{Certificate, Key, Listener, Rule, Source, serves};

/// Returns the listeners of the environment's Application Load Balancer.
fn listeners<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> &'a [Listener] {
    let Some(key) = inputs.load_balancer() else { return &[] };
    inputs.listeners().unwrap_or_else(|| {
        run.doubted(inputs.reliability.doubt(&Source::Listeners(key.clone())));
        &[]
    })
}

/// Returns these listeners, each with its rules.
pub(super) fn with_rules<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Vec<(&'a Listener, &'a [Rule])> {
    let mut found = Vec::new();
    for listener in listeners(inputs, run) {
        match inputs.inventory().rules.get(&listener.key) {
            Some(rules) => found.push((listener, rules.as_slice())),
            None => run.doubted(inputs.reliability.doubt(&Source::Rules(listener.key.clone()))),
        }
    }
    found
}

/// Returns those of the listeners for which `is_meant` holds that lead to the environment.
pub(super) fn leading_here<'a>(
    inputs: &Inputs<'a>,
    run: &mut CheckRun<'_>,
    is_meant: impl Fn(&Listener) -> bool,
) -> Vec<&'a Listener> {
    let mut found = Vec::new();
    for listener in listeners(inputs, run).iter().filter(|listener| is_meant(listener)) {
        match serves(inputs.inventory(), inputs.link, listener) {
            Some(true) => found.push(listener),
            Some(false) => {}
            None => run.doubted(inputs.reliability.doubt(&Source::Rules(listener.key.clone()))),
        }
    }
    found
}

/// The certificates that a listener presents, as far as they are known.
pub(super) struct Presented {
    /// The default one first.
    pub certificates: Vec<Key<Certificate>>,
    /// What could not be read, if those beside the default one are not known.
    pub unread: Option<Source>,
}

/// Returns the certificates of a listener.
pub(super) fn presented(inputs: &Inputs<'_>, listener: &Listener) -> Presented {
    let default = listener.certificates.iter().map(|arn| Key::new(listener.key.scope, arn.clone()));
    let mut certificates: Vec<Key<Certificate>> = default.collect();
    let additional = inputs.inventory().listener_certificates.get(&listener.key);
    for key in additional.into_iter().flatten() {
        if !certificates.contains(key) {
            certificates.push(key.clone());
        }
    }
    let unread = additional.is_none().then(|| Source::ListenerCertificates(listener.key.clone()));
    Presented { certificates, unread }
}
