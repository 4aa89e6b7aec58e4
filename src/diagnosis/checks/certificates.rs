//! Certificates that end soon.

use super::listening::{leading_here, presented};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Certificate, Key, Listener, Moment, Source, clean, counted};

/// ACM renews a certificate 60 days before its end: one that is closer than these was not renewed.
const SOON: u64 = 30;
const VERY_SOON: u64 = 7;

const ENDING: Grade = Grade::new(FindingSeverity::Critical, "less than {}").at(Threshold::Days(VERY_SOON));
const CLOSE: Grade = Grade::new(FindingSeverity::Warning, "less than {}").at(Threshold::Days(SOON));

pub static CERTIFICATE: Check = Check {
    id: "certificate-expiry",
    topic: Topic::Https,
    inputs: &["Listeners", "Rules", "ListenerCertificates", "Certificates"],
    grades: &[ENDING, CLOSE],
    needs: "the listeners, their rules and all their certificates, and each certificate in ACM's list",
    sentence: "A certificate expires soon.",
    explanation: "Clients refuse an expired certificate. ACM renews its own certificates 60 days before the end, as long \
                  as the DNS records that prove the domain are there; imported ones are not renewed.",
    advice: "Check the renewal status of the certificate in ACM, or import a new one and put it on the listener.",
};

pub fn certificate(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    for listener in leading_here(inputs, run, Listener::is_secure) {
        let presented = presented(inputs, listener);
        run.doubted(presented.unread.and_then(|unread| inputs.reliability.doubt(&unread)));
        presented.certificates.iter().for_each(|key| one(inputs, run, listener, key));
    }
}

fn one(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, listener: &Listener, key: &Key<Certificate>) {
    let Some(certificate) = inputs.inventory().certificates.get(key) else {
        let list = Source::Certificates(inputs.snapshot.scope);
        run.doubted(inputs.reliability.doubt(&list));
        return run.undecided(Why::TooLittle("the certificate is not in ACM's list"));
    };
    let Some(not_after) = certificate.not_after else {
        return run.undecided(Why::TooLittle("ACM does not say when the certificate expires"));
    };
    let Some(grade) = grade_of_end(not_after, inputs.now()) else { return };
    let port = listener.port.map_or(String::new(), |port| format!(" on port {port}"));
    let name = certificate.domain.as_deref().map_or_else(|| clean(&key.id), clean);
    let words = match days_left(not_after, inputs.now()) {
        _ if not_after <= inputs.now() => "has expired".to_owned(),
        days => format!("expires in {}", counted(days, "day")),
    };
    run.found(
        grade,
        FindingSubject::Certificate(key.clone()),
        format!("the certificate of {name}{port} {words}"),
        Vec::new(),
    );
}

fn days_left(not_after: Moment, now: Moment) -> u64 {
    not_after.since(now).as_secs() / 86_400
}

fn grade_of_end(not_after: Moment, now: Moment) -> Option<Grade> {
    let days = days_left(not_after, now);
    [ENDING, CLOSE].into_iter().find(|grade| matches!(grade.threshold, Some(Threshold::Days(most)) if days < most))
}

/// Returns how bad it is that a certificate ends then; `None` if there is time.
#[must_use]
pub fn severity_of_expiry(not_after: Moment, now: Moment) -> Option<FindingSeverity> {
    grade_of_end(not_after, now).map(|grade| grade.severity)
}
