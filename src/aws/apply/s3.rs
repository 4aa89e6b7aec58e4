//! The writes of S3.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fields::Fields;
use super::{Call, Sent};
use crate::aws::s3::{Upload, put_object};
use crate::aws::upload::UploadProgress;
use crate::change::hexadecimal;
use crate::model::{FaultKind, ObjectLocation};

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(
    call: &mut Call<'_>,
    operation: &str,
    it: Fields<'_>,
    progress: &UploadProgress,
) -> Option<Sent> {
    if operation != "PutObject" {
        return None;
    }
    let text = |name| it.text(name).unwrap_or_default();
    let checksum = text("ChecksumSHA256");
    let Ok(bytes) = STANDARD.decode(&checksum) else {
        return Some(Sent::Refused(call.fault(FaultKind::Invalid, "the checksum is not in base64")));
    };
    let upload = Upload {
        to: ObjectLocation { bucket: text("Bucket").into(), key: text("Key").into() },
        path: text("Body"),
        content_type: it.text("ContentType"),
        sha256: hexadecimal(&bytes),
        checksum,
    };
    Some(put_object(call, &upload, progress).await)
}
