//! Probes an environment from outside, part by part.

use crate::app::Message;
use crate::app::screens::probe::ProbeNews;
use crate::model::{Environment, Key};
use crate::probe::{Dialer, ProbePlan, run};

/// Probes, and reports each part as it begins; returns the message of the end.
pub async fn probe(
    dialer: Dialer,
    (environment, id): (Key<Environment>, u64),
    plan: &ProbePlan,
    send: impl Fn(Message),
) -> Message {
    let news = |part, seen| Message::Probing(Box::new(ProbeNews { environment: environment.clone(), id, part, seen }));
    let seen = run(dialer, plan, |part, seen| send(news(Some(part), seen.clone()))).await;
    news(None, seen)
}
