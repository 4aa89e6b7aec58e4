//! Creates an application version: the bucket, the bundle, a comparison of what arrived with what was sent, and only then
//! the version.

use std::sync::Arc;

use tokio::time::sleep;

use super::backoff::Backoff;
use super::look_up::{Found, LOOKS, Pauses};
use super::send::{Fate, Sends};
use super::writer::JournalWriter;
use crate::aws::apply::{Sent, send, send_watched};
use crate::aws::{UploadProgress, look};
use crate::change::{LookUp, LookUpAnswer, NewVersion, Operation, OperationError, Outcome, Sending};
use crate::model::{Fault, ObjectLocation};

impl JournalWriter<'_> {
    /// Sends the calls that create a version.
    pub(super) async fn send_version(
        &self,
        operation: &Operation,
        version: &NewVersion,
        backoff: &mut Backoff,
    ) -> Sends {
        let failed = |error: OperationError| Sends::of(Outcome::Failed(error));
        let storage = NewVersion::storage_location();
        // The bucket is the same each time: without an answer nothing is there that would have to be looked for.
        let version = match backoff.call(|| send(self.session, &storage, self.now)).await {
            Sent::Accepted { made: Some(bucket), .. } => version.in_bucket(bucket),
            Sent::Accepted { made: None, .. } => version.clone(),
            Sent::Refused(fault) | Sent::Lost(fault) => return failed(fault.into()),
        };
        match self.put_bundle(&version, backoff).await {
            Fate::Taken { .. } | Fate::Unchanged => {}
            Fate::NotTaken(error) => return failed(error),
            Fate::Unknown(error) => return Sends::of(Outcome::Unknown(error)),
        }
        // From here on an object is in the bucket, whatever follows.
        if let Err(error) = self.compare(&version, backoff).await {
            return Sends::of(Outcome::Partial(error));
        }
        let application = &operation.subject.application;
        let sending = Sending { call: version.creation(application), look_up: LookUp::Version(version) };
        let mut state = None;
        match self.send_one(operation, &sending, backoff, &mut state).await {
            Fate::Taken { request_id, made } => Sends::taken(request_id.into_iter().collect(), made),
            Fate::Unchanged => Sends::of(Outcome::Unchanged),
            Fate::NotTaken(error) => Sends::of(Outcome::Partial(error)),
            Fate::Unknown(error) => Sends::of(Outcome::Unknown(error)),
        }
    }

    /// Puts the bundle into the bucket. S3 takes it whole or not at all.
    async fn put_bundle(&self, version: &NewVersion, backoff: &mut Backoff) -> Fate {
        let (upload, unseen) = (version.upload(), UploadProgress::default());
        let progress = self.uploads.unwrap_or(&unseen);
        match backoff.call(|| send_watched(self.session, &upload, progress, self.now)).await {
            Sent::Accepted { request_id, made } => Fate::Taken { request_id, made },
            Sent::Refused(fault) => Fate::NotTaken(fault.into()),
            Sent::Lost(fault) => super::send::fate(self.find_object(version, LOOKS).await, fault),
        }
    }

    /// Compares size and checksum of what is in the bucket with what was sent.
    async fn compare(&self, version: &NewVersion, backoff: &mut Backoff) -> Result<(), OperationError> {
        let at = location(version);
        let other = |why: String| Err(OperationError::OtherBundle(why.into()));
        match backoff.call(|| look::object(self.session, &at, self.now)).await {
            Ok(Some(seen)) => version.difference(&seen).map_or(Ok(()), other),
            Ok(None) => other(format!("{} is not there, though S3 took it", version.location())),
            Err(fault) => Err(unread(&fault, version)),
        }
    }

    /// An object whose answer was lost is there as it was sent, or it was not taken.
    pub(super) async fn find_object(&self, version: &NewVersion, pauses: Pauses) -> Found {
        let (at, mut finding) = (location(version), LookUpAnswer::Unknown);
        for pause in pauses.sure {
            sleep(*pause).await;
            finding = match look::object(self.session, &at, self.now).await {
                Ok(Some(seen)) if version.difference(&seen).is_none() => {
                    return Found::of(LookUpAnswer::Taken(None));
                }
                Ok(None) => LookUpAnswer::NotTaken,
                Ok(Some(_)) | Err(_) => LookUpAnswer::Unknown,
            };
        }
        Found::of(finding)
    }

    /// A version whose answer was lost is there with its bundle, or it was not taken.
    pub(super) async fn find_version(&self, operation: &Operation, version: &NewVersion, pauses: Pauses) -> Found {
        let mut finding = LookUpAnswer::Unknown;
        for pause in pauses.sure {
            sleep(*pause).await;
            let application = &operation.subject.application;
            let known = look::application_version(self.session, application, &version.label, self.now).await;
            finding = match known {
                Ok(Some(known)) if version.is_made_of(&known) => return Found::of(LookUpAnswer::Taken(None)),
                Ok(Some(_)) => return Found::of(LookUpAnswer::Otherwise(Vec::new())),
                Ok(None) => LookUpAnswer::NotTaken,
                Err(_) => LookUpAnswer::Unknown,
            };
        }
        Found::of(finding)
    }
}

fn location(version: &NewVersion) -> ObjectLocation {
    ObjectLocation { bucket: Arc::clone(&version.bucket), key: Arc::clone(&version.key) }
}

/// What is in the bucket could not be compared, which is no reason to call it good.
fn unread(fault: &Arc<Fault>, version: &NewVersion) -> OperationError {
    let unproven = format!("whether {} is what was sent is not known, and no version was created", version.location());
    OperationError::Precondition { error: Arc::clone(fault).into(), unproven: unproven.into() }
}
