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
use crate::change::Write;
use crate::model::{Environment, Fault, Key, Moment, Service};

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

/// Writes this to the environment, once.
pub async fn apply(
    session: &Session,
    environment: &Key<Environment>,
    write: &Write,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Sent {
    match write {
        Write::Deploy { version } => {
            let mut call = Call::new(session, Service::Beanstalk, "UpdateEnvironment", now);
            let client = &call.clients().beanstalk;
            let request = || client.update_environment().environment_id(&*environment.id).version_label(&**version);
            call.write(|| request().send()).await
        }
        Write::Abort => {
            let mut call = Call::new(session, Service::Beanstalk, "AbortEnvironmentUpdate", now);
            let client = &call.clients().beanstalk;
            call.write(|| client.abort_environment_update().environment_id(&*environment.id).send()).await
        }
    }
}
