//! What requests have in common: the environment that they name, and the page that they ask for.

use crate::sim::physics::View;
use crate::sim::region::Environment;
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

/// The one environment that a request names by id or by name.
pub(super) fn named<'a>(view: View<'a>, form: &Form) -> Result<&'a Environment, Refusal> {
    let (key, name) = match (form.text("EnvironmentId"), form.text("EnvironmentName")) {
        (Some(id), _) => ("EnvironmentId", id),
        (None, Some(name)) => ("EnvironmentName", name),
        (None, None) => {
            let message = "Either an environment ID or an environment name must be specified.";
            return Err(Refusal::bad_request("MissingRequiredParameter", message));
        }
    };
    let found = view.region.environment(name).filter(|environment| match key {
        "EnvironmentId" => environment.id == name,
        _ => environment.name == name,
    });
    found.ok_or_else(|| Refusal::parameter(format!("No Environment found for {key} = '{name}'.")))
}

/// The page that a request asks for: where it begins, what the token belongs to, and how long it may be.
pub(super) fn page(view: View<'_>, form: &Form, unlimited: usize) -> Result<(Position, String, usize), Refusal> {
    let size = form.whole("MaxRecords", 1, 1000)?.unwrap_or(unlimited);
    let question = form.question(&["NextToken", "MaxRecords"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::parameter("Invalid NextToken."))?;
    Ok((position, question, size))
}
