//! Goes on with an operation of several steps to its end: between them the environment is read until its status lets the
//! next begin.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::aws::look;
use crate::change::{Consent, Next, Operation, Outcome, Refusal, Standing, Written};
use crate::write::Writer;

/// Between two looks at the environment.
const PAUSE: Duration = Duration::from_secs(5);

/// For how long an environment is waited for that does not become Ready.
const LONGEST: Duration = Duration::from_mins(30);

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Resumed {
    /// What the last step wrote; nothing, if there was nothing to write.
    pub written: Written,
    /// Whether it stopped because the environment did not become Ready in time.
    pub is_late: bool,
}

/// Goes on until everything is done, or nothing goes on by itself; `tell` is given a few words before each step.
pub async fn resume(
    writer: &Writer<'_>,
    operation: &mut Operation,
    consent: &Consent,
    mut tell: impl FnMut(&str),
) -> Resumed {
    let nothing = |outcome| Written::nothing(outcome, (writer.now)());
    let mut resumed = Resumed { written: nothing(Outcome::Unchanged), is_late: false };
    let mut until = Instant::now() + LONGEST;
    loop {
        let is_late = Instant::now() >= until;
        let read = look::environment(writer.session, &operation.subject.key, writer.now).await;
        let next = match read {
            Ok(Some(environment)) => {
                let standing = Standing::from(&environment);
                (operation.next(&standing), Some(standing))
            }
            Ok(None) => {
                let refusal = Refusal::Unsuitable { why: "the environment is gone".into() };
                return Resumed { written: nothing(Outcome::Refused(refusal)), is_late: false };
            }
            Err(fault) if is_late || fault.lacks_credentials() => {
                return Resumed { written: nothing(Outcome::Failed(fault.into())), is_late: false };
            }
            Err(_) => (Next::Wait, None),
        };
        match next {
            (Next::Finished | Next::Stopped(..), _) => return resumed,
            (Next::Wait, _) if is_late => return Resumed { is_late: true, ..resumed },
            (Next::Do(place) | Next::LookUp(place), Some(standing)) => {
                tell(&operation.steps[place].work.to_string());
                if let Some(written) = writer.advance(operation, &standing, consent).await {
                    resumed.written = written;
                }
                if matches!(resumed.written.outcome, Outcome::Refused(_)) && resumed.written.id.is_none() {
                    return resumed;
                }
                until = Instant::now() + LONGEST;
            }
            (Next::Wait | Next::Do(_) | Next::LookUp(_), _) => {}
        }
        sleep(PAUSE).await;
    }
}
