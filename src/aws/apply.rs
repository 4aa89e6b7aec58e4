//! The writes themselves. Only `write/` calls them: it asks, records and looks before and after.
//!
//! Nothing is sent twice here, but after a refusal for a wrong clock, which is a refusal. A failure after which AWS may
//! have done it all the same is kept apart from one after which it certainly has not.

mod https;
mod settings;

use std::sync::Arc;

pub use https::make;
pub use settings::{modify, validate};

use super::call::Call;
use super::session::Session;
use crate::change::{Request, Write};
use crate::model::{Fault, Moment, Service};

/// How a request that changes something ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// AWS took it.
    Accepted {
        /// By which its events are found.
        request_id: Option<Arc<str>>,
    },
    /// AWS did not take it.
    Refused(Arc<Fault>),
    /// It was sent, and whether AWS took it is not known.
    Lost(Arc<Fault>),
}

/// Writes what is requested, once.
pub async fn apply(session: &Session, request: &Request, now: &(dyn Fn() -> Moment + Send + Sync)) -> Sent {
    let environment = &*request.subject.key.id;
    let of = |service, operation| Call::new(session, service, operation, now);
    match &request.write {
        Write::Deploy { version } => {
            let mut call = of(Service::Beanstalk, "UpdateEnvironment");
            let client = &call.clients().beanstalk;
            let request = || client.update_environment().environment_id(environment).version_label(&**version);
            call.write(|| request().send()).await
        }
        Write::Abort => {
            let mut call = of(Service::Beanstalk, "AbortEnvironmentUpdate");
            let client = &call.clients().beanstalk;
            call.write(|| client.abort_environment_update().environment_id(environment).send()).await
        }
        Write::Restart => {
            let mut call = of(Service::Beanstalk, "RestartAppServer");
            let client = &call.clients().beanstalk;
            call.write(|| client.restart_app_server().environment_id(environment).send()).await
        }
        Write::Replace { instance, .. } => {
            let mut call = of(Service::AutoScaling, "TerminateInstanceInAutoScalingGroup");
            let client = &call.clients().autoscaling;
            let request = || client.terminate_instance_in_auto_scaling_group().instance_id(&**instance);
            call.write(|| request().should_decrement_desired_capacity(false).send()).await
        }
        Write::Scale { from, to } => modify(session, &to.update(*from, &request.subject.key.id), now).await,
    }
}
