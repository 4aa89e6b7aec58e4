//! A probe from its first request to its last.

use std::sync::Arc;

use super::affinity::AffinityReport;
use super::answered_by::{AnsweredBy, is_through_nginx};
use super::client::{BodyEnd, ProbeAnswer, ProbeClient, ProbeCounts, ProbeRequest};
use super::exchange_error::ExchangeError;
use super::fallback::FallbackReport;
use super::origin::OriginReport;
use super::part::ProbePart;
use super::plan::ProbePlan;
use super::quiet::QuietReport;
use super::stream::Dialer;
use super::tls_report::TlsReport;
use super::websocket::{WebsocketFailure, WebsocketReport};

/// The first answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// Its status.
    pub status: u16,
    /// Who made it.
    pub by: AnsweredBy,
    /// The `Server` header.
    pub server: Option<String>,
    /// Whether it went through nginx.
    pub through_nginx: bool,
    /// Where a redirect leads to.
    pub location: Option<String>,
    /// How its body ended.
    pub end: BodyEnd,
}

/// What a probe saw. What comes after a request that was not answered is not tried.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The first answer, or why there was none.
    pub first: Result<FirstAnswer, ExchangeError>,
    /// What was sent and came.
    pub counts: ProbeCounts,
    /// What was seen of TLS.
    pub tls: Option<TlsReport>,
    /// Whether a client stays with a target.
    pub affinity: Option<AffinityReport>,
    /// What was seen of a WebSocket; `None` if there is none.
    pub websocket: Option<WebsocketReport>,
    /// How long a quiet socket lived, if that was wanted.
    pub quiet: Option<Result<QuietReport, WebsocketFailure>>,
    /// What was seen of a fallback; `None` if there is none.
    pub fallback: Option<FallbackReport>,
    /// What another origin may do, if that was wanted.
    pub origin: Option<OriginReport>,
}

impl Observation {
    /// Returns what is seen before the first request ends.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            first: Err(ExchangeError::Unsent),
            counts: ProbeCounts::default(),
            tls: None,
            affinity: None,
            websocket: None,
            quiet: None,
            fallback: None,
            origin: None,
        }
    }

    fn note(&mut self, client: &ProbeClient) {
        self.counts = client.counts.clone();
        self.tls.clone_from(&client.tls);
    }

    /// Returns why nothing was reached, if there was no connection at all.
    #[must_use]
    pub fn unreachable(&self) -> Option<&ExchangeError> {
        self.first.as_ref().err().filter(|error| error.is_unreachable())
    }

    /// Returns whether any answer went through nginx.
    #[must_use]
    pub fn is_through_nginx(&self) -> bool {
        let first = self.first.as_ref().is_ok_and(|first| first.through_nginx);
        first || self.websocket.as_ref().is_some_and(|websocket| websocket.through_nginx)
    }

    /// How many targets answered, as far as a marker distinguishes them.
    #[must_use]
    pub fn targets_seen(&self) -> Option<usize> {
        self.affinity.as_ref().map(AffinityReport::targets_seen).filter(|seen| *seen > 0)
    }
}

impl FirstAnswer {
    fn new(answer: &ProbeAnswer) -> Self {
        Self {
            status: answer.status,
            by: AnsweredBy::of(answer.status, &answer.headers, &answer.body),
            server: answer.reported("server"),
            through_nginx: is_through_nginx(&answer.headers),
            location: answer.reported("location"),
            end: answer.end,
        }
    }
}

/// Sends only the first request, and returns its answer.
///
/// # Errors
/// When none came.
pub async fn first_answer(dialer: Dialer, plan: &ProbePlan) -> Result<FirstAnswer, ExchangeError> {
    let mut client = ProbeClient::new(dialer, plan.destination.clone(), Arc::clone(&plan.authority));
    let answer = client.send(&ProbeRequest::get(&plan.path), None).await;
    answer.map(|answer| FirstAnswer::new(&answer))
}

/// Probes, and reports each part as it begins, with what was seen before it.
pub async fn run(dialer: Dialer, plan: &ProbePlan, progress: impl Fn(ProbePart, &Observation)) -> Observation {
    let mut client = ProbeClient::new(dialer, plan.destination.clone(), Arc::clone(&plan.authority));
    let mut seen = Observation::nothing();
    progress(ProbePart::First, &seen);
    let first = client.send(&ProbeRequest::get(&plan.path), None).await;
    seen.first = first.map(|answer| FirstAnswer::new(&answer));
    if seen.first.is_ok() {
        follow(&mut client, plan, &mut seen, progress).await;
    }
    seen.note(&client);
    seen
}

async fn follow(
    client: &mut ProbeClient,
    plan: &ProbePlan,
    seen: &mut Observation,
    progress: impl Fn(ProbePart, &Observation),
) {
    let own_origin = plan.own_origin();
    let begin = |client: &mut ProbeClient, seen: &mut Observation, part: ProbePart| {
        client.begin_part();
        seen.note(client);
        progress(part, seen);
    };
    if plan.requests > 0 {
        begin(client, seen, ProbePart::Affinity);
        seen.affinity = Some(AffinityReport::measure(client, &plan.path, plan.requests, plan.marker.as_ref()).await);
    }
    begin(client, seen, ProbePart::Websocket);
    seen.websocket = match &plan.websocket {
        Some(path) => Some(WebsocketReport::measure(client, path, &own_origin).await),
        None => WebsocketReport::search(client, &own_origin).await,
    };
    begin(client, seen, ProbePart::Fallback);
    seen.fallback = FallbackReport::measure(client, plan.fallback).await;
    if let Some(origin) = &plan.origin {
        begin(client, seen, ProbePart::Origin);
        let path = seen.fallback.as_ref().filter(|it| it.sessions > 0).map_or(&plan.path, |it| &it.path);
        seen.origin = Some(OriginReport::measure(client, origin, path).await);
    }
    let open = seen.websocket.as_ref().filter(|it| it.upgraded).map(|it| it.path.clone());
    if let (Some(watched), Some(path)) = (plan.idle, open) {
        begin(client, seen, ProbePart::Quiet);
        seen.quiet = Some(QuietReport::measure(client, (&path, &own_origin), watched).await);
    }
}
