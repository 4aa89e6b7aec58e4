//! The parameters of a call as the query protocols send them.
//!
//! Beanstalk, ELB and Auto Scaling number the members of a list under `member`; EC2 numbers them directly, and has other
//! names for some fields.

use super::row::{ApiWrite, ParameterShape, ParameterSpec};
use crate::change::hidden::MASK;
use crate::change::parameter::Parameter;
use crate::model::Service;

type WireForm = Vec<(String, String)>;

/// What the row does not have is left out.
pub(in crate::change) fn form(write: &ApiWrite, parameters: &[(&'static str, Parameter)]) -> WireForm {
    let mut form = WireForm::new();
    let members = if write.service == Service::Ec2 { "" } else { "member." };
    fields(write.parameters, parameters, "", members, &mut form);
    form
}

fn fields(
    specs: &[ParameterSpec],
    given: &[(&'static str, Parameter)],
    path: &str,
    members: &str,
    form: &mut WireForm,
) {
    for (name, value) in given {
        if let Some(spec) = specs.iter().find(|spec| spec.name == *name) {
            flatten(&spec.shape, value, format!("{path}{}", spec.form_name), members, form);
        }
    }
}

fn flatten(shape: &ParameterShape, value: &Parameter, path: String, members: &str, form: &mut WireForm) {
    match (shape, value) {
        (_, Parameter::Text(text)) => form.push((path, text.clone())),
        (_, Parameter::Hidden(_)) => form.push((path, MASK.to_owned())),
        (_, Parameter::Number(number)) => form.push((path, number.to_string())),
        (_, Parameter::Double(number)) => form.push((path, number.to_string())),
        (_, Parameter::Flag(flag)) => form.push((path, flag.to_string())),
        (ParameterShape::Structure(specs), Parameter::Structure(given)) => {
            fields(specs, given, &format!("{path}."), members, form);
        }
        (ParameterShape::List(shape), Parameter::List(values)) => {
            for (place, value) in values.iter().enumerate() {
                flatten(shape, value, format!("{path}.{members}{}", place + 1), members, form);
            }
        }
        (_, Parameter::Structure(_) | Parameter::List(_)) => {}
    }
}
