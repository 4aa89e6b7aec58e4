//! `DescribeApplications` and `DescribeApplicationVersions`.

use super::parameters::page;
use crate::sim::physics::{View, timestamp};
use crate::sim::region::Application;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

#[expect(clippy::unnecessary_wraps, reason = "an operation may refuse; this one never does")]
pub(super) fn describe_applications(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let names = form.list("ApplicationNames");
    let region = view.region;
    let wanted = region.applications.iter().filter(|one| names.is_empty() || names.contains(&one.name.as_str()));
    let mut xml = Xml::default();
    xml.members("Applications", wanted, |xml, application| {
        xml.text(
            "ApplicationArn",
            format_args!(
                "arn:aws:elasticbeanstalk:{}:{}:application/{}",
                region.name, region.account, application.name
            ),
        )
        .text("ApplicationName", &application.name)
        .optional("Description", application.description.as_ref())
        .time("DateCreated", timestamp(application.created))
        .time("DateUpdated", timestamp(application.created))
        .member_texts("Versions", application.versions_at(view.time()).rev().map(|(version, _)| &version.label))
        .within("ConfigurationTemplates", |_| ())
        .within("ResourceLifecycleConfig", |xml| lifecycle(xml, application));
    });
    Ok(xml)
}

/// Both rules are always there, with the limits that Beanstalk's console proposes where they are not in force.
fn lifecycle(xml: &mut Xml, application: &Application) {
    xml.within("VersionLifecycleConfig", |xml| {
        xml.within("MaxCountRule", |xml| {
            xml.text("Enabled", application.versions_kept.is_some())
                .text("MaxCount", application.versions_kept.unwrap_or(200))
                .text("DeleteSourceFromS3", false);
        })
        .within("MaxAgeRule", |xml| {
            xml.text("Enabled", application.versions_kept_days.is_some())
                .text("MaxAgeInDays", application.versions_kept_days.unwrap_or(180))
                .text("DeleteSourceFromS3", false);
        });
    });
}

pub(super) fn describe_application_versions(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let labels = form.list("VersionLabels");
    let application = form.text("ApplicationName");
    let mut versions: Vec<(&Application, &str, i64)> = view
        .region
        .applications
        .iter()
        .filter(|one| application.is_none_or(|name| name == one.name))
        .flat_map(|one| {
            one.versions_at(view.time()).map(move |(version, created)| (one, version.label.as_str(), *created))
        })
        .filter(|(_, label, _)| labels.is_empty() || labels.contains(label))
        .collect();
    versions.sort_by_key(|(_, _, created)| std::cmp::Reverse(*created));
    let (position, question, size) = page(view, form, 1000)?;
    let (range, next) = position.page(&question, versions.len(), size);
    let mut xml = Xml::default();
    xml.members("ApplicationVersions", &versions[range], |xml, (application, label, created)| {
        describe_version(xml, view, application, label, *created);
    })
    .optional("NextToken", next);
    Ok(xml)
}

pub(super) fn describe_version(xml: &mut Xml, view: View<'_>, application: &Application, label: &str, created: i64) {
    let region = view.region;
    let name = &application.name;
    let bundle = application.bundles.get(label);
    let description = bundle.map_or_else(|| Some(format!("{name} {label}")), |bundle| bundle.description.clone());
    let source = match bundle {
        Some(bundle) => bundle.source.clone(),
        None => Some((region.storage_location(), format!("{name}/{label}.zip"))),
    };
    xml.text(
        "ApplicationVersionArn",
        format_args!("arn:aws:elasticbeanstalk:{}:{}:applicationversion/{name}/{label}", region.name, region.account),
    )
    .text("ApplicationName", name)
    .optional("Description", description)
    .text("VersionLabel", label);
    if let Some((bucket, key)) = source {
        xml.within("SourceBundle", |xml| {
            xml.text("S3Bucket", bucket).text("S3Key", key);
        });
    }
    xml.time("DateCreated", timestamp(created))
        .time("DateUpdated", timestamp(created + 1_000))
        .text("Status", bundle.map_or("PROCESSED", |bundle| bundle.status(view.now)));
}
