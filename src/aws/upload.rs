//! The body of an upload: a file that is read piece by piece, and how far it is.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// How much of the file is in memory at a time.
const PIECE: usize = 64 << 10;

/// How far uploads are: how many bytes of the newest one were handed to the connection. Copies show the same.
#[derive(Clone, Debug, Default)]
pub struct UploadProgress(Arc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    bytes: AtomicU64,
    moved: Mutex<Option<Instant>>,
}

impl UploadProgress {
    /// How many bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    fn set(&self, bytes: u64) {
        self.0.bytes.store(bytes, Ordering::Relaxed);
        *self.0.moved.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Returns once nothing has moved for so long.
    pub(super) async fn stalled(&self, patience: Duration) {
        loop {
            let moved = *self.0.moved.lock().unwrap_or_else(PoisonError::into_inner);
            let due = moved.unwrap_or_else(Instant::now) + patience;
            if due <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(due).await;
        }
    }
}

/// The content of a file as a body.
#[derive(Debug)]
struct FileBody {
    file: File,
    total: u64,
    left: u64,
    progress: UploadProgress,
}

/// Opens a file as the body of a request, from its beginning.
pub(super) fn body(path: &str, progress: &UploadProgress) -> io::Result<(SdkBody, u64)> {
    let file = File::open(path)?;
    let total = file.metadata()?.len();
    progress.set(0);
    Ok((SdkBody::from_body_1_x(FileBody { file, total, left: total, progress: progress.clone() }), total))
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = vec![0; PIECE.min(usize::try_from(self.left).unwrap_or(PIECE))];
        let read = self.file.read(&mut piece)?;
        if read == 0 {
            let shorter = io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter");
            return Poll::Ready(Some(Err(shorter)));
        }
        piece.truncate(read);
        self.left -= read as u64;
        self.progress.set(self.total - self.left);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
