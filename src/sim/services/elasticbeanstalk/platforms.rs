//! `DescribePlatformVersion`, `ListPlatformBranches` and `ListPlatformVersions`: the platforms that environments run on.
//!
//! Each platform has one branch, with the recommended version and those that environments run. AWS's own client asks for
//! them whenever it shows an environment.

use super::environments::{branch, platform_arn, solution_stack_of};
use super::parameters::page;
use crate::sim::physics::{View, timestamp};
use crate::sim::region::RECOMMENDED_PLATFORM_VERSION;
use crate::sim::scenario::span::Span;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

const TIERS: [&str; 2] = ["WebServer/Standard", "Worker/SQS/HTTP"];
const ADDONS: [&str; 3] = ["Log/S3", "Monitoring/Healthd", "WorkerDaemon/SQSD"];

/// A version of a platform.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PlatformVersion<'a> {
    platform: &'a str,
    version: &'a str,
}

impl PlatformVersion<'_> {
    /// `Recommended`; empty of one that is supported only.
    fn lifecycle_state(&self) -> &'static str {
        if self.version == RECOMMENDED_PLATFORM_VERSION { "Recommended" } else { "" }
    }
}

/// The versions of platforms that environments run, and the recommended one of each platform.
fn versions(view: View<'_>) -> Vec<PlatformVersion<'_>> {
    let environments = &view.region.environments;
    let run = environments.iter().map(|it| PlatformVersion { platform: &it.platform, version: &it.platform_version });
    let recommended = platforms(view);
    let recommended =
        recommended.into_iter().map(|platform| PlatformVersion { platform, version: RECOMMENDED_PLATFORM_VERSION });
    run.chain(recommended).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The platforms of the region, in the order of their names.
fn platforms<'a>(view: View<'a>) -> Vec<&'a str> {
    let mut platforms: Vec<&'a str> = view.region.environments.iter().map(|it| it.platform.as_str()).collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms
}

pub(super) fn describe_platform_version(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let arn = form.text("PlatformArn").ok_or_else(|| {
        Refusal::bad_request("MissingRequiredParameter", "The parameter PlatformArn must be specified.")
    })?;
    let found = versions(view).into_iter().find(|it| platform_arn(view, it.platform, it.version) == arn);
    // The text is UNVERIFIED.
    let found = found.ok_or_else(|| Refusal::parameter(format!("No Platform found for PlatformArn = '{arn}'.")))?;
    let made = view.region.epoch - Span::days(60).0;
    let mut xml = Xml::default();
    xml.within("PlatformDescription", |xml| {
        summary(xml, view, &found);
        xml.text("PlatformName", branch(found.platform))
            .text("SolutionStackName", solution_stack_of(found.platform, found.version))
            .time("DateCreated", timestamp(made))
            .time("DateUpdated", timestamp(made))
            .text("Description", format_args!("{}.", branch(found.platform)))
            .text("Maintainer", "aws-elasticbeanstalk-platforms@amazon.com")
            .within("ProgrammingLanguages", |_| ())
            .within("Frameworks", |_| ())
            .within("CustomAmiList", |_| ());
    });
    Ok(xml)
}

pub(super) fn list_platform_versions(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let all: Vec<PlatformVersion<'_>> = versions(view)
        .into_iter()
        .filter(|it| {
            passes(form, "Type", |kind| match kind {
                "PlatformName" | "PlatformBranchName" => Some(branch(it.platform)),
                "PlatformVersion" => Some(it.version.to_owned()),
                "PlatformOwner" => Some("AWSElasticBeanstalk".to_owned()),
                "PlatformStatus" => Some("Ready".to_owned()),
                "PlatformLifecycleState" => Some(it.lifecycle_state().to_owned()),
                "PlatformBranchLifecycleState" => Some("Supported".to_owned()),
                _ => None,
            })
        })
        .collect();
    let (position, question, size) = page(view, form, 100)?;
    let (range, next) = position.page(&question, all.len(), size);
    let mut xml = Xml::default();
    xml.members("PlatformSummaryList", &all[range], |xml, found| summary(xml, view, found)).optional("NextToken", next);
    Ok(xml)
}

pub(super) fn list_platform_branches(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let all: Vec<&str> = platforms(view)
        .into_iter()
        .filter(|platform| {
            passes(form, "Attribute", |attribute| match attribute {
                "BranchName" => Some(branch(platform)),
                "PlatformName" => Some((*platform).to_owned()),
                "LifecycleState" => Some("Supported".to_owned()),
                "TierType" => Some(TIERS[0].to_owned()),
                _ => None,
            })
        })
        .collect();
    let (position, question, size) = page(view, form, 100)?;
    let (range, next) = position.page(&question, all.len(), size);
    let mut xml = Xml::default();
    xml.members("PlatformBranchSummaryList", &all[range], |xml, platform| {
        xml.text("PlatformName", platform)
            .text("BranchName", branch(platform))
            .text("LifecycleState", "Supported")
            .text("BranchOrder", 1)
            .member_texts("SupportedTierList", TIERS);
    })
    .optional("NextToken", next);
    Ok(xml)
}

fn summary(xml: &mut Xml, view: View<'_>, found: &PlatformVersion<'_>) {
    let PlatformVersion { platform, version } = *found;
    let category = platform.rsplit_once(' ').map_or(platform, |(category, _)| category);
    xml.text("PlatformArn", platform_arn(view, platform, version))
        .text("PlatformOwner", "AWSElasticBeanstalk")
        .text("PlatformStatus", "Ready")
        .text("PlatformCategory", category)
        .text("OperatingSystemName", "Amazon Linux")
        .text("OperatingSystemVersion", "2023")
        .member_texts("SupportedTierList", TIERS)
        .member_texts("SupportedAddonList", ADDONS)
        .text("PlatformLifecycleState", found.lifecycle_state())
        .text("PlatformVersion", version)
        .text("PlatformBranchName", branch(platform))
        .text("PlatformBranchLifecycleState", "Supported");
}

/// Returns whether something passes all filters of a request. A filter's subject is in a member called `about`; of the
/// operators those that compare whole values are known.
fn passes(form: &Form, about: &str, value: impl Fn(&str) -> Option<String>) -> bool {
    form.structures("Filters").iter().all(|prefix| {
        let text = |name: &str| form.text(&format!("{prefix}.{name}")).unwrap_or_default();
        let values = form.list(&format!("{prefix}.Values"));
        let is_among = value(text(about)).is_some_and(|value| values.contains(&value.as_str()));
        match text("Operator") {
            "=" | "in" => is_among,
            "!=" | "not_in" => !is_among,
            _ => false,
        }
    })
}
