//! The filters of a request, and the page that it asks for.

use crate::sim::physics::View;
use crate::sim::region::Pair;
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use std::ops::Range;

/// The filters of a request: a name and the values of which one has to match.
pub(super) struct Filters<'f>(Vec<(&'f str, Vec<&'f str>)>);

impl<'f> Filters<'f> {
    pub(super) fn read(form: &'f Form, known: &[&str]) -> Result<Self, Refusal> {
        let mut filters = Vec::new();
        for prefix in form.structures("Filter") {
            let name = form.text(&format!("{prefix}.Name")).unwrap_or_default();
            if !known.contains(&name) && name != "tag-key" && !name.starts_with("tag:") {
                return Err(Refusal::parameter(format!("The filter '{name}' is invalid")));
            }
            filters.push((name, form.list(&format!("{prefix}.Value"))));
        }
        Ok(Self(filters))
    }

    /// Do all filters match? `value` gives what a filter other than those for tags looks at.
    pub(super) fn pass(&self, tags: &[Pair], value: impl Fn(&str) -> Option<String>) -> bool {
        self.0.iter().all(|(name, wanted)| {
            let is_wanted = |value: &str| wanted.iter().any(|pattern| matches(pattern, value));
            match name.strip_prefix("tag:") {
                Some(key) => tags.iter().any(|(known, value)| known == key && is_wanted(value)),
                None if *name == "tag-key" => tags.iter().any(|(key, _)| is_wanted(key)),
                None => value(name).is_some_and(|value| is_wanted(&value)),
            }
        })
    }
}

/// EC2's filters know `*` and `?`.
fn matches(pattern: &str, value: &str) -> bool {
    match (pattern.chars().next(), value.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = &pattern[1..];
            matches(rest, value) || value.char_indices().any(|(at, one)| matches(rest, &value[at + one.len_utf8()..]))
        }
        (Some('?'), Some(one)) => matches(&pattern[1..], &value[one.len_utf8()..]),
        (Some(one), Some(other)) if one == other => matches(&pattern[one.len_utf8()..], &value[other.len_utf8()..]),
        _ => false,
    }
}

/// The range of this page, and the token of the next.
pub(super) fn page(
    view: View<'_>,
    form: &Form,
    ids: &str,
    total: usize,
) -> Result<(Range<usize>, Option<String>), Refusal> {
    let size = form.whole("MaxResults", 5, 1000).map_err(|_| {
        let given = form.text("MaxResults").unwrap_or_default();
        Refusal::parameter(format!(
            "Value ( {given} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
        ))
    })?;
    if size.is_some() && !form.list(ids).is_empty() {
        let message = "The parameter MaxResults cannot be used with a list of ids in the same request";
        return Err(Refusal::bad_request("InvalidParameterCombination", message));
    }
    let question = form.question(&["NextToken", "MaxResults"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::parameter("Unable to parse pagination token"))?;
    Ok(position.page(&question, total, size.unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn filters_know_wildcards() {
        assert!(matches("shop-*", "shop-web"));
        assert!(matches("*", "") && matches("a?c", "abc") && matches("*c", "abc"));
        assert!(!matches("shop", "shop-web") && !matches("a?c", "ac"));
    }
}
