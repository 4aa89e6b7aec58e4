//! Sends the API writes. Only `write/` calls this: it asks, records and looks before and after.
//!
//! There is one way to send a write: its call as a value, whose parameters become those of the SDK. Nothing is sent twice
//! here, except after a refusal for a wrong clock, which is a refusal. A failure after which AWS may have done it all the
//! same is kept apart from one after which it certainly has not.

mod autoscaling;
mod beanstalk;
mod cloudwatch;
mod ec2;
mod elb;
mod fields;
mod s3;

use std::sync::Arc;

use super::call::Call;
pub use super::sent::Sent;
use super::session::Session;
use super::upload::UploadProgress;
use crate::change::ApiCall;
use crate::model::{Fault, FaultKind, Moment, Service};
use fields::Fields;

/// Sends a call, once. A call that does not fit its row in the table of writes is refused unsent.
pub async fn send(session: &Session, it: &ApiCall, now: &(dyn Fn() -> Moment + Send + Sync)) -> Sent {
    send_watched(session, it, &UploadProgress::default(), now).await
}

/// The same; how far the upload of a file is can be read from `progress` meanwhile.
pub async fn send_watched(
    session: &Session,
    it: &ApiCall,
    progress: &UploadProgress,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Sent {
    let hidden = it.hidden().filter_map(|value| value.reveal().cloned()).collect();
    let mut call = Call::new(session, it.service(), it.operation(), now).hiding(hidden);
    if let Err(mistake) = it.check() {
        return Sent::Refused(call.fault(FaultKind::Invalid, mistake.to_string()));
    }
    let fields = Fields::new(it.parameters());
    let sent = match it.service() {
        Service::Beanstalk => Box::pin(beanstalk::send(&mut call, it.operation(), fields)).await,
        Service::Elb => Box::pin(elb::send(&mut call, it.operation(), fields)).await,
        Service::Ec2 => Box::pin(ec2::send(&mut call, it.operation(), fields)).await,
        Service::AutoScaling => Box::pin(autoscaling::send(&mut call, it.operation(), fields)).await,
        Service::CloudWatch => Box::pin(cloudwatch::send(&mut call, it.operation(), fields)).await,
        Service::S3 => Box::pin(s3::send(&mut call, it.operation(), fields, progress)).await,
        Service::Sts | Service::Acm => None,
    };
    // Each row has its builder (a test sends them all).
    sent.unwrap_or_else(|| Sent::Refused(call.fault(FaultKind::Invalid, "beanpole cannot send this operation")))
}

/// Asks Beanstalk to validate options. It changes nothing, so it is called before anything is written.
///
/// # Errors
/// When they are not valid, with Beanstalk's messages, or the call fails.
pub async fn validate(
    session: &Session,
    it: &ApiCall,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<(), Arc<Fault>> {
    match send(session, it, now).await {
        Sent::Accepted { .. } => Ok(()),
        Sent::Refused(fault) | Sent::Lost(fault) => Err(fault),
    }
}
