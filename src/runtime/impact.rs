//! Follows the impact of a change of settings for a command: reads what its [`ImpactWatch`] needs until it is
//! over, or worse.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::time::Instant;

use super::reading::{Answered, Inquiry, Means, Reader};
use super::update::{PATIENCE, blinding};
use crate::deploy::ImpactWatch;
use crate::model::Fault;
use crate::polling::Question;

/// Follows it; `on` is called whenever the verdict changes, and can end it.
///
/// # Errors
/// If the environment can no longer be listed, for example without credentials.
pub async fn follow_impact(
    means: Means<'_>,
    impact: ImpactWatch,
    on: impl FnMut(&ImpactWatch) -> ControlFlow<()>,
) -> Result<ImpactWatch, Arc<Fault>> {
    Reader::new(means).until(&mut ImpactFollower { impact, on, blind: None }).await
}

struct ImpactFollower<F> {
    impact: ImpactWatch,
    on: F,
    /// Since when the environments cannot be listed.
    blind: Option<Instant>,
}

impl<F: FnMut(&ImpactWatch) -> ControlFlow<()>> Inquiry for ImpactFollower<F> {
    type End = Result<ImpactWatch, Arc<Fault>>;
    type Found = Infallible;

    fn questions(&mut self, _: &mut Reader) -> Vec<Question> {
        vec![Question::Linked, Question::ImpactWatch(self.impact.sources())]
    }

    async fn judge(&mut self, reader: &mut Reader, _: Option<Answered>) -> ControlFlow<Self::End> {
        let is_news = self.impact.observe(&reader.snapshot);
        if (is_news && (self.on)(&self.impact).is_break()) || self.impact.is_over() {
            return ControlFlow::Break(Ok(self.impact.clone()));
        }
        match blinding(&reader.snapshot, false) {
            Some(fault) if self.blind.get_or_insert_with(Instant::now).elapsed() >= PATIENCE => {
                return ControlFlow::Break(Err(fault));
            }
            Some(_) => {}
            None => self.blind = None,
        }
        ControlFlow::Continue(())
    }
}
