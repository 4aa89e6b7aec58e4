//! Follows the freeze of this user's machine, so that the dashboard shows it: another process may freeze or thaw.

use std::time::Duration;

use tokio::time::sleep;

use crate::app::Message;
use crate::change::Frozen;
use crate::write::AuditLog;

/// Between two looks at the file. A write reads it itself, so that this decides only how soon it is shown.
const PAUSE: Duration = Duration::from_secs(2);

/// Reads the freeze again and again, and sends a message whenever it differs from `known`, what was read last. It never
/// ends.
pub async fn follow_freeze(log: AuditLog, mut known: Option<Frozen>, mut send: impl AsyncFnMut(Message)) {
    loop {
        let frozen = log.freeze().frozen_now().await;
        if frozen != known {
            known.clone_from(&frozen);
            send(Message::FreezeRead(frozen)).await;
        }
        sleep(PAUSE).await;
    }
}
