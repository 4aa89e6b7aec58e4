//! The options that an environment may have: their types, their ranges, and what a change of them interrupts.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::ConfigurationOptionDescription;

use super::call::Call;
use super::convert::{text, texts};
use crate::model::{
    Answer, Batch, ChangeSeverity, Covers, Environment, Fault, Key, Names, OptionDescription, OptionDescriptions,
    OptionPattern, OptionValueType,
};

/// All options of an environment. AWS sends them in one answer.
pub(super) async fn descriptions(
    call: &mut Call<'_>,
    of: &Key<Environment>,
    names: Option<&Names>,
) -> Result<Batch, Arc<Fault>> {
    let names = call.named(names)?;
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.describe_configuration_options();
        request.application_name(&*names.application).environment_name(&*names.environment).send()
    };
    let answer = call.send(request).await?;
    let options = answer.options().iter().filter_map(description).collect();
    let answer = Answer::OptionDescriptions(OptionDescriptions { environment: of.clone(), options });
    Ok(Batch { covers: Covers::All, answer })
}

fn description(it: &ConfigurationOptionDescription) -> Option<OptionDescription> {
    Some(OptionDescription {
        namespace: text(it.namespace())?,
        name: text(it.name())?,
        default: text(it.default_value()),
        value_type: it.value_type().and_then(|it| value_type(it.as_str())),
        severity: it.change_severity().map(ChangeSeverity::from_wire),
        values: texts(it.value_options().iter().map(|it| Some(it.as_str()))),
        min: it.min_value(),
        max: it.max_value(),
        max_length: it.max_length(),
        pattern: it
            .regex()
            .and_then(|regex| Some(OptionPattern { expression: text(regex.pattern())?, label: text(regex.label()) })),
        is_user_defined: it.user_defined() == Some(true),
    })
}

/// A type that this version does not know is none: its values are checked by Beanstalk alone.
fn value_type(word: &str) -> Option<OptionValueType> {
    Some(match word {
        "Scalar" => OptionValueType::Scalar,
        "List" => OptionValueType::List,
        "Boolean" => OptionValueType::Boolean,
        "Json" => OptionValueType::Json,
        _ => return None,
    })
}
