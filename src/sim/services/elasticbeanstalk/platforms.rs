//! `DescribePlatformVersion`, `ListPlatformBranches` and `ListPlatformVersions`: the platforms that environments run on.
//!
//! Each platform has one branch and one version, the recommended one: no environment needs an upgrade. AWS's own client
//! asks for them whenever it shows an environment.

use super::environments::{VERSION, branch, platform_arn, solution_stack_of};
use super::parameters::page;
use crate::sim::physics::{View, timestamp};
use crate::sim::scenario::span::Span;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

const TIERS: [&str; 2] = ["WebServer/Standard", "Worker/SQS/HTTP"];
const ADDONS: [&str; 3] = ["Log/S3", "Monitoring/Healthd", "WorkerDaemon/SQSD"];

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
    let platform = platforms(view).into_iter().find(|platform| platform_arn(view, platform) == arn);
    // The text is UNVERIFIED.
    let platform =
        platform.ok_or_else(|| Refusal::parameter(format!("No Platform found for PlatformArn = '{arn}'.")))?;
    let made = view.region.epoch - Span::days(60).0;
    let mut xml = Xml::default();
    xml.within("PlatformDescription", |xml| {
        summary(xml, view, platform);
        xml.text("PlatformName", branch(platform))
            .text("SolutionStackName", solution_stack_of(platform))
            .time("DateCreated", timestamp(made))
            .time("DateUpdated", timestamp(made))
            .text("Description", format_args!("{}.", branch(platform)))
            .text("Maintainer", "aws-elasticbeanstalk-platforms@amazon.com")
            .within("ProgrammingLanguages", |_| ())
            .within("Frameworks", |_| ())
            .within("CustomAmiList", |_| ());
    });
    Ok(xml)
}

pub(super) fn list_platform_versions(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let all: Vec<&str> = platforms(view)
        .into_iter()
        .filter(|platform| {
            passes(form, "Type", |kind| match kind {
                "PlatformName" | "PlatformBranchName" => Some(branch(platform)),
                "PlatformVersion" => Some(VERSION.to_owned()),
                "PlatformOwner" => Some("AWSElasticBeanstalk".to_owned()),
                "PlatformStatus" => Some("Ready".to_owned()),
                "PlatformLifecycleState" => Some("Recommended".to_owned()),
                "PlatformBranchLifecycleState" => Some("Supported".to_owned()),
                _ => None,
            })
        })
        .collect();
    let (position, question, size) = page(view, form, 100)?;
    let (range, next) = position.page(&question, all.len(), size);
    let mut xml = Xml::default();
    xml.members("PlatformSummaryList", &all[range], |xml, platform| summary(xml, view, platform))
        .optional("NextToken", next);
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

fn summary(xml: &mut Xml, view: View<'_>, platform: &str) {
    let category = platform.rsplit_once(' ').map_or(platform, |(category, _)| category);
    xml.text("PlatformArn", platform_arn(view, platform))
        .text("PlatformOwner", "AWSElasticBeanstalk")
        .text("PlatformStatus", "Ready")
        .text("PlatformCategory", category)
        .text("OperatingSystemName", "Amazon Linux")
        .text("OperatingSystemVersion", "2023")
        .member_texts("SupportedTierList", TIERS)
        .member_texts("SupportedAddonList", ADDONS)
        .text("PlatformLifecycleState", "Recommended")
        .text("PlatformVersion", VERSION)
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
