//! The versions of an application. A list that broke off is no list: a label that it lacks would be called unknown.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::operation::describe_application_versions::DescribeApplicationVersionsOutput;
use aws_sdk_elasticbeanstalk::types::ApplicationVersionDescription;

use super::call::Call;
use super::convert::{moment, plain, text};
use super::session::Session;
use crate::model::{
    Answer, ApplicationVersion, Batch, Covers, Fault, Key, Moment, ObjectLocation, VersionStatus, api_reads,
};

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
    let mut call = Call::read(session, &api_reads::DESCRIBE_APPLICATION_VERSIONS, now);
    application_versions(&mut call, application).await
}

/// Reads the versions of the application of this name, for the dashboard.
pub(super) async fn versions(call: &mut Call<'_>, of: &Key<ApplicationVersion>) -> Result<Batch, Arc<Fault>> {
    let versions = application_versions(call, &of.id).await?;
    Ok(Batch { covers: Covers::All, answer: Answer::Versions(of.clone(), versions) })
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

/// The version of this label; `None` if the application has none.
pub(super) async fn application_version(
    call: &mut Call<'_>,
    application: &str,
    label: &str,
) -> Result<Option<ApplicationVersion>, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let request = || client.describe_application_versions().application_name(application).version_labels(label).send();
    let answer = call.send(request).await?;
    Ok(answer.application_versions().iter().filter_map(version).find(|it| *it.label == *label))
}

fn version(it: &ApplicationVersionDescription) -> Option<ApplicationVersion> {
    let Some(label) = text(it.version_label()) else {
        tracing::warn!("skipped a version without a label");
        return None;
    };
    Some(ApplicationVersion {
        application: plain(it.application_name()),
        label,
        created: moment(it.date_created()),
        status: it.status().map(|status| VersionStatus::from_wire(&status.as_str().to_ascii_uppercase())),
        description: text(it.description()),
        source: it
            .source_bundle()
            .and_then(|it| Some(ObjectLocation { bucket: text(it.s3_bucket())?, key: text(it.s3_key())? })),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticbeanstalk::types::ApplicationVersionStatus;

    use super::*;

    #[test]
    fn words_are_known_in_both_spellings_and_only_the_bad_ones_are_not_deployed() {
        let status = |word: &str| {
            let it = ApplicationVersionDescription::builder().version_label("v1");
            version(&it.status(ApplicationVersionStatus::from(word)).build()).and_then(|it| it.status).unwrap()
        };
        assert_eq!(status("Processed"), VersionStatus::Processed);
        for (word, expected) in [
            ("UNPROCESSED", true),
            ("Unprocessed", true),
            ("PROCESSED", true),
            ("Odd", true),
            ("FAILED", false),
            ("Processing", false),
            ("Building", false),
        ] {
            assert_eq!(status(word).is_deployable(), expected, "{word}");
        }
    }

    #[test]
    fn a_version_without_a_label_is_skipped() {
        assert_eq!(version(&ApplicationVersionDescription::builder().build()), None);
    }
}
