//! Sends requests, counts them, and follows pages.
//!
//! Only a refusal for a wrong clock is sent again here, once and at once. A token that comes back, or too many pages, end
//! the listing as a fault: a peer that is broken must not keep us going for ever.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use tokio::time::Instant;
use tracing::Level;

use super::call_context::CallContext;
use super::clients::Clients;
use super::convert::{self, text};
use super::fault::{fault, may_have_been_taken};
use super::redact::without;
use super::sent::Sent;
use super::session::Session;
use super::skew::is_clock_skew;
use crate::model::{ApiRead, Covers, Fault, FaultKind, Moment, Names, ScopeId, Service, clean};

/// The most pages of one listing: 40,000 target groups, 100,000 environments.
const MOST_PAGES: usize = 100;
/// The time limit of a listing, so that one with endless pages ends.
const LONGEST: Duration = Duration::from_secs(30);

/// One read under way, and how many requests it has taken.
pub(super) struct Call<'a> {
    session: &'a Session,
    service: Service,
    operation: &'static str,
    now: &'a (dyn Fn() -> Moment + Send + Sync),
    pub(super) requests: u32,
    /// Values that AWS may repeat in a message, and that are never shown.
    hidden: Vec<Arc<str>>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        session: &'a Session,
        service: Service,
        operation: &'static str,
        now: &'a (dyn Fn() -> Moment + Send + Sync),
    ) -> Self {
        Self { session, service, operation, now, requests: 0, hidden: Vec::new() }
    }

    /// The same, with values that no message of a fault may have.
    pub(super) fn hiding(self, hidden: Vec<Arc<str>>) -> Self {
        Self { hidden, ..self }
    }

    /// A call that reads.
    pub(super) fn read(session: &'a Session, read: &ApiRead, now: &'a (dyn Fn() -> Moment + Send + Sync)) -> Self {
        Self::new(session, read.service, read.operation, now)
    }

    pub(super) fn clients(&self) -> &'a Clients {
        &self.session.clients
    }

    pub(super) fn scope(&self) -> ScopeId {
        self.session.scope
    }

    /// Returns a fault of this call with our own message.
    pub(super) fn fault(&self, kind: FaultKind, message: impl Into<Arc<str>>) -> Arc<Fault> {
        Arc::new(without(self.context().fault(kind, message), &self.hidden))
    }

    /// The fault of an error, without what is never shown.
    fn reported<E>(&self, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: Error + ProvideErrorMetadata + 'static,
    {
        without(fault(&self.context(), error), &self.hidden)
    }

    /// Returns the names that a request needs in place of an id, or the fault that they are not known.
    pub(super) fn named<'n>(&self, names: Option<&'n Names>) -> Result<&'n Names, Arc<Fault>> {
        let unknown = "the names of the application and the environment are not known yet";
        names.ok_or_else(|| self.fault(FaultKind::Invalid, unknown))
    }

    pub(super) fn session(&self) -> &'a Session {
        self.session
    }

    /// The time of this machine, which may be wrong: that is found by comparing it with the answers' dates.
    fn local(&self) -> Moment {
        convert::moment(Some(&self.session.time_source.now().into())).unwrap_or(Moment::EPOCH)
    }

    pub(super) fn context(&self) -> CallContext<'a> {
        CallContext {
            service: self.service,
            operation: self.operation,
            region: self.session.region.as_deref(),
            endpoint: self.session.endpoint.as_deref(),
            local: self.local(),
        }
    }

    /// Sends a request, and a second time if AWS refused the first for a wrong clock.
    pub(super) async fn send<T, E, F>(&mut self, request: impl Fn() -> F) -> Result<T, Arc<Fault>>
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.attempt(request).await.map_err(|error| Arc::new(self.reported(&error)))
    }

    /// The same for a request that changes something: then it counts whether AWS may have taken it in spite of all.
    pub(super) async fn write<T, E, F>(&mut self, request: impl Fn() -> F) -> Sent
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.create(request, |_| None).await
    }

    /// The same for a request that creates something, whose id or ARN `made` finds in the answer.
    pub(super) async fn create<T, E, F>(
        &mut self,
        request: impl Fn() -> F,
        made: impl Fn(&T) -> Option<Arc<str>>,
    ) -> Sent
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        match self.write_and_take(request).await {
            Ok((answer, request_id)) => Sent::Accepted { request_id, made: made(&answer) },
            Err(sent) => sent,
        }
    }

    /// The same with the whole answer, and the id of the request.
    pub(super) async fn write_and_take<T, E, F>(
        &mut self,
        request: impl Fn() -> F,
    ) -> Result<(T, Option<Arc<str>>), Sent>
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let error = match self.attempt(request).await {
            Ok(answer) => {
                let request_id = text(answer.request_id());
                return Ok((answer, request_id));
            }
            Err(error) => error,
        };
        let reported = Arc::new(self.reported(&error));
        Err(if may_have_been_taken(&error) { Sent::Lost(reported) } else { Sent::Refused(reported) })
    }

    async fn attempt<T, E, F>(&mut self, request: impl Fn() -> F) -> Result<T, SdkError<E, HttpResponse>>
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let answer = self.logged(&request).await;
        if !answer.as_ref().is_err_and(|error| is_clock_skew(error, self.local())) {
            return answer;
        }
        self.logged(&request).await
    }

    /// Sends one request. Its line in the log has the operation, the duration and the result; never the content.
    async fn logged<T, E, F>(&mut self, request: &impl Fn() -> F) -> Result<T, SdkError<E, HttpResponse>>
    where
        T: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.requests += 1;
        let began = Instant::now();
        let result = request().await;
        let (service, operation) = (self.service.title(), self.operation);
        let ms = began.elapsed().as_millis() as u64;
        match &result {
            Ok(answer) => {
                let request_id = answer.request_id().unwrap_or_default();
                tracing::info!(service, operation, ms, request_id, "answered");
            }
            Err(error) if tracing::enabled!(Level::INFO) => {
                let reported = self.reported(error);
                let raw = error.raw_response();
                let status = raw.map_or(0, |raw| raw.status().as_u16());
                let bytes = raw.and_then(|raw| raw.body().bytes()).map_or(0, <[u8]>::len);
                let request_id = reported.request_id.as_deref().unwrap_or_default();
                let (fault, code) = (reported.kind.as_str(), reported.code.as_deref().unwrap_or_default());
                let message = &*clean(&reported.message);
                tracing::info!(service, operation, ms, request_id, status, bytes, fault, code, message, "failed");
            }
            Err(_) => {}
        }
        result
    }

    /// Follows a listing to its end. What came before a fault on a later page is kept, and the fault with it.
    pub(super) async fn pages<T, A, E, F>(
        &mut self,
        request: impl Fn(Option<String>) -> F,
        mut read: impl FnMut(A) -> (Vec<T>, Option<String>),
    ) -> Result<(Vec<T>, Covers), Arc<Fault>>
    where
        A: RequestId,
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<A, SdkError<E, HttpResponse>>>,
    {
        let mut items = Vec::new();
        let mut tokens = HashSet::new();
        let mut token = None;
        let began = (self.now)();
        loop {
            let (page, next) = match self.send(|| request(token.clone())).await {
                Ok(answer) => read(answer),
                Err(fault) if token.is_none() => return Err(fault),
                Err(fault) => return Ok((items, Covers::Partial(fault))),
            };
            items.extend(page);
            token = next.filter(|token| !token.is_empty());
            let Some(next) = token.clone() else { return Ok((items, Covers::All)) };
            if tokens.len() + 1 == MOST_PAGES {
                let message = format!("the listing did not end after {MOST_PAGES} pages");
                return Ok((items, Covers::Partial(self.fault(FaultKind::Other, message))));
            }
            if (self.now)().since(began) >= LONGEST {
                let (pages, seconds) = (tokens.len() + 1, LONGEST.as_secs());
                let message = format!("the listing did not end within {seconds} s: {pages} pages were read");
                return Ok((items, Covers::Partial(self.fault(FaultKind::Other, message))));
            }
            if !tokens.insert(next) {
                let message = "the listing came back to a page that it had sent before";
                return Ok((items, Covers::Partial(self.fault(FaultKind::Other, message))));
            }
        }
    }
}
