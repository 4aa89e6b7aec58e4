//! A row as the journal keeps it: the facts of the setting follow from its key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ChangeRow, OptionRow};
use crate::change::field::Object;
use crate::change::request::OptionChange;
use crate::change::settings::find;

/// A row as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SavedRow {
    key: String,
    object: Object,
    seen: Option<Arc<str>>,
    wanted: Option<Arc<str>>,
    elb: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    option: Option<OptionChange>,
}

impl From<ChangeRow> for SavedRow {
    fn from(it: ChangeRow) -> Self {
        let option = it.option.as_ref().map(OptionChange::from);
        Self { key: it.key, object: it.object, seen: it.seen, wanted: it.wanted, elb: it.elb, option }
    }
}

impl TryFrom<SavedRow> for ChangeRow {
    type Error = String;

    fn try_from(it: SavedRow) -> Result<Self, String> {
        let facts = find(&it.key).map_err(|_| format!("{} is no setting that is known", it.key))?.facts;
        let option = match &it.option {
            Some(saved) => {
                let option = OptionRow::named(facts, saved);
                Some(option.ok_or_else(|| format!("{} is not the option of {}", saved.name, it.key))?)
            }
            None => None,
        };
        Ok(Self { object: it.object, facts, key: it.key, seen: it.seen, wanted: it.wanted, elb: it.elb, option })
    }
}
