//! `DescribeTags`: of at most twenty load balancers, target groups, listeners and rules, mixed.
//!
//! It fails as a whole when one of them is gone. Listeners and rules have no tags here: whether Beanstalk's arrive
//! there is UNVERIFIED.

use super::attributes::pairs;
use super::listeners::{living, rule};
use super::parameters::{MOST_NAMES, load_balancer, target_group};
use crate::sim::physics::View;
use crate::sim::region::Pair;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_tags(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let arns = form.list("ResourceArns");
    if arns.is_empty() {
        return Err(Refusal::validation("The parameter ResourceArns must be provided."));
    }
    if arns.len() > MOST_NAMES {
        return Err(Refusal::validation("Up to 20 resources can be described at once"));
    }
    let tagged: Vec<(&str, &[Pair])> =
        arns.into_iter().map(|arn| Ok((arn, tags(view, arn)?))).collect::<Result<_, Refusal>>()?;
    let mut xml = Xml::default();
    xml.members("TagDescriptions", tagged, |xml, (arn, tags)| {
        xml.text("ResourceArn", arn);
        pairs(xml, "Tags", tags.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    });
    Ok(xml)
}

fn tags<'a>(view: View<'a>, arn: &str) -> Result<&'a [Pair], Refusal> {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    match resource.split('/').next() {
        Some("loadbalancer") => Ok(&load_balancer(view, arn)?.tags),
        Some("targetgroup") => Ok(&target_group(view, arn)?.tags),
        Some("listener") => living(view, arn).map(|_| &[][..]),
        Some("listener-rule") => rule(view, arn).map(|_| &[][..]),
        _ => Err(Refusal::validation(format!("'{arn}' is not a valid resource ARN"))),
    }
}
