//! The outcome of an exchange of CNAMEs whose answer was lost: both environments and their events are read again.

use tokio::time::sleep;

use super::look_up::{AHEAD, Found, Pauses, Trace};
use super::writer::JournalWriter;
use crate::aws::look;
use crate::change::{CnameSwap, EnvironmentState, LookUpAnswer, Operation, SwapSighting};
use crate::model::{Environment, Key, Moment};

impl JournalWriter<'_> {
    /// Finds out the outcome of an exchange.
    pub(super) async fn find_swap(
        &self,
        operation: &Operation,
        swap: &CnameSwap,
        (since, request_id): Trace<'_>,
        pauses: Pauses,
    ) -> Found {
        let own = &operation.subject;
        let mut looks = Vec::new();
        let mut finding = LookUpAnswer::Unknown;
        for pause in pauses.sure {
            sleep(*pause).await;
            looks.push(self.swap_sighting(&own.key, &swap.other.key, since).await);
            finding = swap.judge(&own.name, (since, request_id), &looks);
            if matches!(finding, LookUpAnswer::Taken(_)) {
                break;
            }
        }
        let state = looks.iter().rev().flatten().next().map(|it| EnvironmentState::from(&it.own));
        Found { state, ..Found::of(finding) }
    }

    /// One look at both; none if one of them cannot be read.
    async fn swap_sighting(
        &self,
        own: &Key<Environment>,
        other: &Key<Environment>,
        sent: Moment,
    ) -> Option<SwapSighting> {
        let read = async |key| look::environment(self.session, key, self.now).await.ok().flatten();
        let (own_now, other_now) = (read(own).await?, read(other).await?);
        let at = (self.now)();
        let span = (CnameSwap::since(sent), at.plus(AHEAD));
        let mut events: Option<Vec<_>> = Some(Vec::new());
        for key in [own, other] {
            let read = look::events_between(self.session, key, span, self.now).await.ok();
            events = events.zip(read).map(|(events, more)| events.into_iter().chain(more).collect());
        }
        Some(SwapSighting { at, own: own_now, other: other_now, events })
    }
}
