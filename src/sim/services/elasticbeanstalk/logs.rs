//! `RequestEnvironmentInfo` and `RetrieveEnvironmentInfo`: the logs are requested, and the instances answer later.
//!
//! They are no functions of scenario and time alone, as all other operations are: the request is remembered. The
//! answer points at a file by a URL (API reference); that an environment must be Ready for it is UNVERIFIED.

use super::parameters::named;
use crate::sim::logs::Requested;
use crate::sim::physics::{View, operation, timestamp};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// Answers the two operations; none: it is another one.
pub fn answer(
    view: View<'_>,
    operation: &str,
    form: &Form,
    base: &str,
    requested: &mut Requested,
) -> Option<Result<Xml, Refusal>> {
    match operation {
        "RequestEnvironmentInfo" => Some(request(view, form, requested)),
        "RetrieveEnvironmentInfo" => Some(retrieve(view, form, base, requested)),
        _ => None,
    }
}

fn request(view: View<'_>, form: &Form, requested: &mut Requested) -> Result<Xml, Refusal> {
    kind(form)?;
    let environment = named(view, form)?;
    if operation::of(view, environment).status != "Ready" {
        let name = &environment.name;
        let message = format!("Environment named {name} is in an invalid state for this operation. Must be Ready.");
        return Err(Refusal::parameter(message));
    }
    requested.add(environment, view.now);
    Ok(Xml::default())
}

fn retrieve(view: View<'_>, form: &Form, base: &str, requested: &Requested) -> Result<Xml, Refusal> {
    let kind = kind(form)?;
    let environment = named(view, form)?;
    let mut xml = Xml::default();
    xml.members("EnvironmentInfo", requested.files(view, environment), |xml, file| {
        xml.text("InfoType", kind)
            .text("Ec2InstanceId", file.instance(view))
            .time("SampleTimestamp", timestamp(file.at))
            .text("Message", file.url(view, base));
    });
    Ok(xml)
}

fn kind(form: &Form) -> Result<&str, Refusal> {
    match form.text("InfoType") {
        Some("tail") => Ok("tail"),
        Some(other @ ("bundle" | "analyze")) => {
            Err(Refusal::parameter(format!("InfoType {other} is not simulated; ask for tail.")))
        }
        Some(other) => Err(Refusal::validation(format!(
            "1 validation error detected: Value '{other}' at 'infoType' failed to satisfy constraint: Member must satisfy enum value set: [tail, bundle, analyze]"
        ))),
        None => Err(Refusal::bad_request("MissingRequiredParameter", "InfoType is required.")),
    }
}
