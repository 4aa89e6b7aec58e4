//! After an update that Beanstalk reverted: what was written directly before it is read again, and what of it is gone, or
//! cannot be read, is reported.

use std::sync::Arc;
use std::time::Duration;

use super::desk::Desk;
use super::output;
use super::reading::Reading;
use super::survey::{basis, survey};
use crate::aws::look;
use crate::change::{DirectOutcome, Reread, Written, direct_values};
use crate::model::{Environment, EnvironmentEvent, Fault, Source, clean};

/// How exactly AWS's time is known: its answers carry it in whole seconds, and take a while.
const SLACK: Duration = Duration::from_secs(5);
/// Later than any event of an update that is followed, however far the clocks are apart.
const LATEST: Duration = Duration::from_hours(24);

/// Returns whether an update that this write began was reverted.
pub async fn was_reverted(desk: &Desk<'_>, environment: &Environment, written: &Written) -> Result<bool, Arc<Fault>> {
    let span = (written.at.minus(SLACK), written.at.plus(LATEST));
    let events = look::events_between(&desk.session, &environment.key, span, &Desk::now).await?;
    let is_ours = |event: &EnvironmentEvent| {
        event.request_id.as_ref().is_none_or(|id| written.request_ids.is_empty() || written.request_ids.contains(id))
    };
    Ok(events.iter().any(|event| event.is_revert() && is_ours(event)))
}

/// Reads again what was written directly before an update that was reverted, and reports what of it is gone or unreadable.
pub async fn report_direct_changes(desk: &Desk<'_>, environment: &Environment) {
    let name = &environment.name;
    let changes = match desk.written_to(&environment.key).await {
        Ok(changes) => changes,
        Err(why) => {
            return output::remark(&clean(&format!(
                "beanpole: {name}: whether direct changes are gone with the reverted update is unknown, for the log could not be \
                 read: {why}"
            )));
        }
    };
    let values = direct_values(&changes);
    if values.is_empty() {
        return;
    }
    let reading = survey(desk, environment).await;
    let basis = basis(&reading, environment);
    for value in &values {
        let fate = &value.fate(&basis, &|source| how_read(&reading, source));
        if fate.is_reported() {
            output::remark(&clean(&format!("beanpole: {name}: {}", DirectOutcome { value, fate })));
        }
    }
}

/// How a source was read for this reading, which was made after the update was over.
fn how_read(reading: &Reading, source: &Source) -> Reread {
    let reads = &reading.known().reads;
    match reads.read_at(source) {
        Some(_) => Reread::Read,
        None => Reread::Failed(reads.fault(source).cloned()),
    }
}
