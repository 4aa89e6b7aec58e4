//! The events of one environment or of the whole region, for a command that prints its history and follows it.
//!
//! `StartTime` is inclusive and events have no id, so a caller that continues from the newest one gets that one again
//! and has to recognize it. The dashboard reads the newest events of all environments instead.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::EventSeverity;

use super::beanstalk;
use super::call::Call;
use super::convert::date_time;
use super::session::Session;
use crate::model::{
    Covers, Environment, EnvironmentEvent, EnvironmentStatus, Fault, FaultKind, Key, Moment, Severity, api_reads,
};

/// Events in a page: the most that Beanstalk gives.
const PAGE: i32 = 1000;
/// The most pages of one question: ten thousand events, or a call every two tenths of a second for two seconds.
const PAGES: usize = 10;

/// Which events are requested.
#[derive(Clone, Debug)]
pub struct EventQuery {
    /// Whose; `None`: those of all environments.
    pub environment: Option<Key<Environment>>,
    /// From when on, that instant included.
    pub since: Moment,
    /// The minimum severity; all if it is `None`.
    pub severity: Option<Severity>,
}

/// The events that a query asks for, newest first. What came before a fault on a later page is kept, and the fault with
/// it.
///
/// # Errors
/// When the first page cannot be had.
pub async fn events(
    session: &Session,
    query: &EventQuery,
    now: impl Fn() -> Moment + Send + Sync,
) -> Result<(Vec<EnvironmentEvent>, Covers), Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_EVENTS, &now);
    let mut events = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES {
        let page = match call.send(|| request(session, query, token.clone()).send()).await {
            Ok(page) => page,
            Err(fault) if token.is_none() => return Err(fault),
            Err(fault) => return Ok((events, Covers::Partial(fault))),
        };
        events.extend(page.events().iter().filter_map(beanstalk::event));
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok((events, Covers::All));
        }
    }
    let message = format!("there are more than the newest {} events: ask for a shorter time", events.len());
    Ok((events, Covers::Partial(call.fault(FaultKind::Other, message))))
}

fn request(
    session: &Session,
    query: &EventQuery,
    token: Option<String>,
) -> aws_sdk_elasticbeanstalk::operation::describe_events::builders::DescribeEventsFluentBuilder {
    let severity = query.severity.as_ref().map(|severity| EventSeverity::from(severity.as_str()));
    let (id, name) = query.environment.as_ref().map_or((None, None), identity);
    session
        .clients
        .beanstalk
        .describe_events()
        .set_environment_id(id)
        .set_environment_name(name)
        .set_severity(severity)
        .start_time(date_time(query.since))
        .max_records(PAGE)
        .set_next_token(token)
}

/// The id, by which an earlier environment of the same name is kept out; the name where a peer that is not AWS has none.
pub(super) fn identity(environment: &Key<Environment>) -> (Option<String>, Option<String>) {
    let text = environment.id.to_string();
    if text.starts_with("e-") { (Some(text), None) } else { (None, Some(text)) }
}

/// The status of one environment, a deleted one too; none: Beanstalk does not know it any more.
///
/// # Errors
/// When Beanstalk cannot be asked.
pub async fn environment_status(
    session: &Session,
    environment: &Key<Environment>,
    now: impl Fn() -> Moment + Send + Sync,
) -> Result<Option<EnvironmentStatus>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_ENVIRONMENTS, &now);
    let client = &session.clients.beanstalk;
    let (id, name) = identity(environment);
    let (ids, names) = (id.map(|id| vec![id]), name.map(|name| vec![name]));
    let answer = call
        .send(|| {
            let request = client.describe_environments().include_deleted(true);
            request.set_environment_ids(ids.clone()).set_environment_names(names.clone()).send()
        })
        .await?;
    let status = answer.environments().first().and_then(|found| found.status());
    Ok(status.map(|status| EnvironmentStatus::from_wire(status.as_str())))
}
