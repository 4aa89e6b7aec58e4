//! Why a value is not there.

use crate::model::{Known, Snapshot, Source};

/// Returns that a source is not read yet, or why it could not be.
pub(super) fn missing<T>(snapshot: &Snapshot, source: &Source) -> Known<T> {
    snapshot.reads.fault(source).map_or(Known::Pending, |fault| Known::Failed(fault.kind))
}
