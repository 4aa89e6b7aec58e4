//! The versions of an application. A list that broke off is no list: a label that it lacks would be called unknown.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::operation::describe_application_versions::DescribeApplicationVersionsOutput;
use aws_sdk_elasticbeanstalk::types::ApplicationVersionDescription;

use super::call::Call;
use super::convert::{moment, text};
use super::session::Session;
use crate::model::{ApplicationVersion, Covers, Fault, Moment, Service, VersionStatus};

/// The most that a page holds (`DescribeApplicationVersions`, `MaxRecords`).
const PAGE: i32 = 1000;

/// The versions of an application, the newest first.
///
/// # Errors
/// When the call fails.
pub async fn versions_of(
    session: &Session,
    application: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<ApplicationVersion>, Arc<Fault>> {
    let mut call = Call::new(session, Service::Beanstalk, "DescribeApplicationVersions", now);
    application_versions(&mut call, application).await
}

pub(super) async fn application_versions(
    call: &mut Call<'_>,
    application: &str,
) -> Result<Vec<ApplicationVersion>, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let request = |token| {
        let request = client.describe_application_versions().application_name(application);
        request.max_records(PAGE).set_next_token(token).send()
    };
    let read = |page: DescribeApplicationVersionsOutput| {
        (page.application_versions().iter().filter_map(version).collect(), page.next_token)
    };
    let (mut versions, covers): (Vec<ApplicationVersion>, _) = call.pages(request, read).await?;
    if let Covers::Partial(fault) = covers {
        return Err(fault);
    }
    versions.sort_by(|one, other| (other.created, &other.label).cmp(&(one.created, &one.label)));
    Ok(versions)
}

fn version(it: &ApplicationVersionDescription) -> Option<ApplicationVersion> {
    let Some(label) = text(it.version_label()) else {
        tracing::warn!("skipped a version without a label");
        return None;
    };
    Some(ApplicationVersion {
        application: it.application_name().unwrap_or_default().into(),
        label,
        created: moment(it.date_created()),
        status: it.status().map(|status| VersionStatus::from_wire(&status.as_str().to_ascii_uppercase())),
        description: text(it.description()),
    })
}
