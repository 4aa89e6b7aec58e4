//! Follows for a command what a change of settings does: reads what its [`Aftermath`] needs, and shows it that until it is
//! over, or worse.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::gather::Gathered;
use super::update::{LONGEST_SLEEP, Means, PATIENCE, blinding, look_at};
use crate::deploy::{Aftermath, Sight};
use crate::model::{Fault, Source};
use crate::polling::Question;

/// Follows it; `on` is told whenever the verdict says something else, and may say that it is enough.
///
/// # Errors
/// If the environment can no longer be listed: without credentials, say.
pub async fn follow_aftermath(
    means: Means<'_>,
    mut aftermath: Aftermath,
    mut on: impl FnMut(&Aftermath) -> ControlFlow<()>,
) -> Result<Aftermath, Arc<Fault>> {
    let Means { session, clock, plans, cadences } = means;
    let mut gathered = Gathered::nothing(plans, clock.now());
    let mut running = JoinSet::new();
    let mut blind: Option<Instant> = None;
    loop {
        let questions = [Question::Linked, Question::Aftermath(aftermath.sources())];
        let next = gathered.ask(session, (clock, cadences), &questions, &mut running);
        let (known, now) = (gathered.known(session, cadences), clock.now());
        let look = |source: &Source| look_at(&known, source);
        let sight = Sight { now, inventory: known.inventory, topology: known.topology, look: &look };
        let is_news = aftermath.observe(&sight);
        if (is_news && on(&aftermath).is_break()) || aftermath.is_over() {
            return Ok(aftermath);
        }
        match blinding(&known, false) {
            Some(fault) if blind.get_or_insert_with(Instant::now).elapsed() >= PATIENCE => return Err(fault),
            Some(_) => {}
            None => blind = None,
        }
        let wait = next.map_or(LONGEST_SLEEP, |next| next.since(clock.now())).min(LONGEST_SLEEP);
        tokio::select! {
            Some(ended) = running.join_next() => {
                if let Ok(outcome) = ended {
                    gathered.take(outcome);
                    gathered.partial.clear();
                }
            }
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {}
        }
    }
}
