//! Security Token Service: who is asking.

use super::operation::Query;
use crate::sim::physics::View;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Query)] = &[("GetCallerIdentity", get_caller_identity)];

#[expect(clippy::unnecessary_wraps, reason = "an operation may refuse; this one never does")]
fn get_caller_identity(view: View<'_>, _: &Form) -> Result<Xml, Refusal> {
    let region = view.region;
    let mut xml = Xml::default();
    xml.text("UserId", &region.caller_id).text("Account", &region.account).text("Arn", &region.caller_arn);
    Ok(xml)
}
