//! Applications and platforms: what Beanstalk does with versions, and which versions of platforms AWS recommends.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::{ApplicationDescription, PlatformFilter};

use super::call::Call;
use super::convert::key;
use crate::model::{Answer, Application, Batch, Covers, Fault, PlatformVersion, ScopeId};

/// The most that a page holds (`ListPlatformVersions`, `MaxRecords`).
const PAGE: i32 = 100;
/// The state of the version of a platform that AWS recommends; the EB CLI spells it so.
const RECOMMENDED: &str = "Recommended";

pub(super) async fn applications(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().beanstalk, call.scope());
    let page = call.send(|| client.describe_applications().send()).await?;
    let items = page.applications().iter().filter_map(|it| application(scope, it)).collect();
    Ok(Batch { covers: Covers::All, answer: Answer::Applications(items) })
}

fn application(scope: ScopeId, it: &ApplicationDescription) -> Option<Application> {
    let rules = it.resource_lifecycle_config().and_then(|it| it.version_lifecycle_config());
    let count = rules.and_then(|it| it.max_count_rule()).filter(|it| it.enabled());
    let age = rules.and_then(|it| it.max_age_rule()).filter(|it| it.enabled());
    let number = |number: Option<i32>| number.and_then(|number| u64::try_from(number).ok());
    Some(Application {
        key: key(scope, it.application_name(), "application")?,
        versions_kept: number(count.and_then(|it| it.max_count())),
        days_kept: number(age.and_then(|it| it.max_age_in_days())),
    })
}

/// The recommended version of each branch of a platform.
pub(super) async fn recommended_platforms(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().beanstalk, call.scope());
    let filter = PlatformFilter::builder().r#type("PlatformLifecycleState").operator("=").values(RECOMMENDED).build();
    let request =
        |token| client.list_platform_versions().filters(filter.clone()).max_records(PAGE).set_next_token(token).send();
    let (items, covers) = call
        .pages(request, |page| {
            let recommended = page.platform_summary_list().iter();
            let recommended = recommended.filter(|it| it.platform_lifecycle_state() == Some(RECOMMENDED));
            let items = recommended
                .filter_map(|it| Some(PlatformVersion { key: key(scope, it.platform_arn(), "platform version")? }));
            (items.collect(), page.next_token)
        })
        .await?;
    Ok(Batch { covers, answer: Answer::PlatformVersions(items) })
}
