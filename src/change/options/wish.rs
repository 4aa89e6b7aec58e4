//! From options and values, as the user gives them, to what is done: the option of a setting in the table is changed as that
//! setting, the sizes of the Auto Scaling group as sizes, and every other option by itself.

use super::super::draft::{Change, Edit};
use super::super::field::PlanInputs;
use super::super::hidden::HiddenValue;
use super::super::scale::InstanceLimits;
use super::check::{OptionMistake, check_option, check_property, described};
use super::path::OptionPath;
use super::{OptionEdit, OptionEdits, OptionValue};
use crate::model::{ChangeSeverity, ConfigurationSettings, OptionDescriptions};

/// What the user wants of an option.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionWish {
    /// The option.
    pub path: OptionPath,
    /// Its value.
    pub value: WishedValue,
}

/// The value that an option is to have.
#[derive(Clone, Debug, PartialEq)]
pub enum WishedValue {
    /// This text, which everybody may read.
    Shown(String),
    /// A value that is never shown.
    Hidden(HiddenValue),
    /// None: it is removed from the environment.
    Unset,
}

/// What becomes of the wishes.
#[derive(Clone, Debug)]
pub enum OptionRequest {
    /// Settings of the table, to be changed through Beanstalk.
    Settings(Change),
    /// Other sizes.
    Scale {
        /// As they are.
        from: InstanceLimits,
        /// As they are to be.
        to: InstanceLimits,
    },
    /// Options by themselves.
    Options(OptionEdits),
}

/// Returns what is to be done about these wishes.
///
/// # Errors
/// When an option is not there, is refused, or does not take its value; and when not all can be changed at once.
pub fn request_options(
    basis: &PlanInputs<'_>,
    settings: &ConfigurationSettings,
    known: &OptionDescriptions,
    wishes: &[OptionWish],
) -> Result<OptionRequest, OptionMistake> {
    for (place, wish) in wishes.iter().enumerate() {
        if wishes[..place].iter().any(|earlier| earlier.path == wish.path) {
            return Err(OptionMistake::Twice(wish.path.clone()));
        }
    }
    let is_set = |wish: &&OptionWish| wish.value != WishedValue::Unset;
    let is_setting = |wish: &&OptionWish| is_set(wish) && wish.path.setting().is_some();
    let is_size = |wish: &&OptionWish| is_set(wish) && wish.path.is_size();
    let (typed, sizes) = (wishes.iter().filter(is_setting).count(), wishes.iter().filter(is_size).count());
    match (typed, sizes) {
        (0, 0) => {}
        (typed, _) if typed == wishes.len() => return settings_of(basis, known, wishes),
        (_, sizes) if sizes == wishes.len() => return sizes_of(settings, wishes),
        _ => return Err(OptionMistake::Mixed),
    }
    let edits = wishes.iter().map(|wish| edit(settings, known, wish)).collect::<Result<_, _>>()?;
    Ok(OptionRequest::Options(OptionEdits { edits }))
}

/// The edits of settings whose options these are.
fn settings_of(
    basis: &PlanInputs<'_>,
    known: &OptionDescriptions,
    wishes: &[OptionWish],
) -> Result<OptionRequest, OptionMistake> {
    let edit = |wish: &OptionWish| {
        described(known, &wish.path)?;
        let mistake = || OptionMistake::NoObject(wish.path.clone());
        let (Some(facts), WishedValue::Shown(value)) = (wish.path.setting(), &wish.value) else {
            return Err(mistake());
        };
        let has_it = |namespace: Option<std::sync::Arc<str>>| namespace.as_ref() == Some(&wish.path.namespace);
        let mut objects = basis.objects().into_iter().filter(|object| object.kind() == facts.object);
        let object = objects.find(|object| has_it(basis.namespace(object))).ok_or_else(mistake)?;
        Ok(Edit { object, facts, value: value.clone() })
    };
    wishes.iter().map(edit).collect::<Result<_, _>>().map(OptionRequest::Settings)
}

fn sizes_of(settings: &ConfigurationSettings, wishes: &[OptionWish]) -> Result<OptionRequest, OptionMistake> {
    let from = InstanceLimits::of(settings);
    let (mut min, mut max) = (i64::from(from.min), i64::from(from.max));
    for wish in wishes {
        let WishedValue::Shown(value) = &wish.value else { continue };
        let size = value.trim().parse().map_err(|_| OptionMistake::OutOfRange {
            path: wish.path.clone(),
            value: value.as_str().into(),
            takes: "1 to 10000".to_owned(),
        })?;
        *(if *wish.path.name == *"MinSize" { &mut min } else { &mut max }) = size;
    }
    let to = InstanceLimits::new(min, max).map_err(OptionMistake::Sizes)?;
    Ok(OptionRequest::Scale { from, to })
}

fn edit(
    settings: &ConfigurationSettings,
    known: &OptionDescriptions,
    wish: &OptionWish,
) -> Result<OptionEdit, OptionMistake> {
    let path = &wish.path;
    let now = settings.get(&path.namespace, &path.name);
    let is_hidden = path.is_property();
    let of = |text: &str| {
        if is_hidden { OptionValue::Hidden(HiddenValue::new(text)) } else { OptionValue::Shown(text.into()) }
    };
    let wanted = match &wish.value {
        WishedValue::Unset if now.is_none() => return Err(OptionMistake::Unset(path.clone())),
        WishedValue::Unset => None,
        WishedValue::Hidden(value) => {
            check_property(&path.name, value.reveal().map(|text| &**text))?;
            Some(OptionValue::Hidden(value.clone()))
        }
        WishedValue::Shown(text) => Some(OptionValue::Shown(check_option(known, path, text)?.into())),
    };
    let description = known.get(&path.namespace, &path.name);
    if !is_hidden {
        described(known, path)?;
    }
    // A property that is not there yet is in no description; all of them restart the servers (Developer Guide).
    let severity = description.map_or_else(
        || is_hidden.then_some(ChangeSeverity::RestartApplicationServer),
        |description| description.severity.clone(),
    );
    let (namespace, name) = (path.namespace.clone(), path.name.clone());
    Ok(OptionEdit { namespace, name, seen: now.map(of), wanted, severity })
}
