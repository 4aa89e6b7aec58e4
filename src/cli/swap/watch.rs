//! Watches two environments until their CNAMEs are exchanged and both are Ready again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::aws::look;
use crate::change::{CnameSwap, Subject};
use crate::cli::desk::Desk;
use crate::cli::events::line;
use crate::cli::output;
use crate::model::{Environment, EnvironmentStatus, Fault, Moment};

/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(3);
/// How many looks in a row see both Ready and nothing exchanged before that counts as the end: the status may lag behind the
/// call.
const READY_LOOKS: u32 = 5;
/// How far ahead of this machine's clock an event may be dated.
const AHEAD: Duration = Duration::from_mins(10);

/// How an exchange ended, as far as it was watched.
pub(super) enum SwapEnd {
    /// Both are Ready with the other's CNAME, after so many seconds.
    Exchanged(u64),
    /// Both are Ready, and have the CNAMEs that they had or others.
    NotExchanged(String),
    /// It is not known; why.
    Unknown(String),
    /// It was not watched.
    Unwatched,
}

impl SwapEnd {
    /// Whether the CNAMEs are exchanged; `None` if that is not known.
    pub(super) fn exchanged(&self) -> Option<bool> {
        match self {
            Self::Exchanged(_) => Some(true),
            Self::NotExchanged(_) => Some(false),
            Self::Unknown(_) | Self::Unwatched => None,
        }
    }
}

/// Watches them, at most for `timeout`, and prints the events as they come. A look that fails does not end it.
pub(super) async fn watch(
    desk: &Desk<'_>,
    own: &Subject,
    swap: &CnameSwap,
    (at, timeout): (Moment, Duration),
) -> SwapEnd {
    let begun = Instant::now();
    let (mut shown, mut ready) = (BTreeSet::new(), 0);
    loop {
        report_events(desk, (own, &swap.other), at, &mut shown).await;
        let last = match looked(desk, own, &swap.other).await {
            Ok(Some((one, two))) => {
                let is_ready = [&one, &two].iter().all(|it| it.status == EnvironmentStatus::Ready);
                if is_ready && swap.is_done(&one, &two) {
                    report_events(desk, (own, &swap.other), at, &mut shown).await;
                    return SwapEnd::Exchanged(begun.elapsed().as_secs());
                }
                ready = if is_ready { ready + 1 } else { 0 };
                state(&one, &two)
            }
            Ok(None) => return SwapEnd::NotExchanged("one of the two environments is gone".to_owned()),
            Err(fault) => fault.sentence(),
        };
        if ready >= READY_LOOKS {
            return SwapEnd::NotExchanged(format!("both are Ready, and the CNAMEs are not exchanged: {last}"));
        }
        if begun.elapsed() + PAUSE > timeout {
            let waited = timeout.as_secs();
            return SwapEnd::Unknown(format!("whether it is exchanged is not known after {waited} s: {last}"));
        }
        sleep(PAUSE).await;
    }
}

fn state(one: &Environment, two: &Environment) -> String {
    let of = |it: &Environment| {
        format!("{} is {} with {}", it.name, it.status.as_str(), it.cname.as_deref().unwrap_or("no CNAME"))
    };
    format!("{}, {}", of(one), of(two))
}

async fn looked(
    desk: &Desk<'_>,
    own: &Subject,
    other: &Subject,
) -> Result<Option<(Environment, Environment)>, Arc<Fault>> {
    let one = look::environment(&desk.session, &own.key, &Desk::now).await?;
    let two = look::environment(&desk.session, &other.key, &Desk::now).await?;
    Ok(one.zip(two))
}

/// Prints the events of both that were not printed yet; what cannot be read is read the next time.
async fn report_events(
    desk: &Desk<'_>,
    (own, other): (&Subject, &Subject),
    at: Moment,
    shown: &mut BTreeSet<(Moment, Arc<str>)>,
) {
    let mut events = Vec::new();
    for subject in [own, other] {
        let span = (CnameSwap::since(at), Desk::now().plus(AHEAD));
        events.extend(look::events_between(&desk.session, &subject.key, span, &Desk::now).await.unwrap_or_default());
    }
    events.sort_by_key(|event| event.at);
    for event in events {
        // Beanstalk records some of them for both environments.
        if shown.insert((event.at, Arc::clone(&event.message))) {
            output::remark(line(desk.settings, &event, None).trim_end());
        }
    }
}
