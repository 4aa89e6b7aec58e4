//! The tails of the instances' logs: requested, found, and fetched.
//!
//! `RequestEnvironmentInfo` has an effect, because it makes every instance of the environment put a file into Beanstalk's
//! bucket. It changes nothing about the environment, and Beanstalk deletes the files after a quarter of an
//! hour: so it counts as a read and is allowed under `--read-only`. It needs the permission
//! `elasticbeanstalk:RequestEnvironmentInfo`, which a read-only policy may lack.

use std::fmt;
use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::EnvironmentInfoType;

use super::call::Call;
use super::convert::{moment, text};
use super::download::download;
use super::events::identity;
use super::session::Session;
use crate::model::{Environment, Fault, Key, LogTail, Moment, api_reads, without_escapes};

/// The tail of an instance's logs, where it can be fetched from.
#[derive(Clone, PartialEq, Eq)]
pub struct LogFile {
    /// The instance's id.
    pub instance: Arc<str>,
    /// When it was taken.
    pub at: Option<Moment>,
    /// The URL is enough to read the file, so it is shown nowhere.
    url: Arc<str>,
}

impl fmt::Debug for LogFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LogFile")
            .field("instance", &self.instance)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Asks all instances of an environment for the tails of their logs.
///
/// # Errors
/// When Beanstalk does not take the request.
pub async fn request_tails(
    session: &Session,
    environment: &Key<Environment>,
    now: impl Fn() -> Moment + Send + Sync,
) -> Result<(), Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::REQUEST_ENVIRONMENT_INFO, &now);
    let client = &session.clients.beanstalk;
    let (id, name) = identity(environment);
    call.send(|| {
        let request = client.request_environment_info().info_type(EnvironmentInfoType::Tail);
        request.set_environment_id(id.clone()).set_environment_name(name.clone()).send()
    })
    .await
    .map(|_| ())
}

/// The tails that the instances have handed in so far, those of earlier requests too.
///
/// # Errors
/// When Beanstalk cannot be asked.
pub async fn log_tails(
    session: &Session,
    environment: &Key<Environment>,
    now: impl Fn() -> Moment + Send + Sync,
) -> Result<Vec<LogFile>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::RETRIEVE_ENVIRONMENT_INFO, &now);
    let client = &session.clients.beanstalk;
    let (id, name) = identity(environment);
    let answer = call
        .send(|| {
            let request = client.retrieve_environment_info().info_type(EnvironmentInfoType::Tail);
            request.set_environment_id(id.clone()).set_environment_name(name.clone()).send()
        })
        .await?;
    let file = |it: &aws_sdk_elasticbeanstalk::types::EnvironmentInfoDescription| {
        let (instance, url) = (text(it.ec2_instance_id())?, text(it.message())?);
        Some(LogFile { instance, at: moment(it.sample_timestamp()), url })
    };
    Ok(answer.environment_info().iter().filter_map(file).collect())
}

/// Fetches a tail.
///
/// # Errors
/// When it cannot be had, or is too much.
pub async fn download_tail(
    session: &Session,
    file: &LogFile,
    now: impl Fn() -> Moment + Send + Sync,
) -> Result<LogTail, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::RETRIEVE_ENVIRONMENT_INFO, &now);
    let bytes = download(&mut call, &file.url).await?;
    let text = without_escapes(&String::from_utf8_lossy(&bytes)).into();
    Ok(LogTail { instance: Arc::clone(&file.instance), at: file.at, text })
}
