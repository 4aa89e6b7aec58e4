//! The parameters of the query protocols: `Name=..`, `Names.member.1=..` (query) and `Filter.1.Value.1=..` (ec2).
//!
//! Unknown parameters are ignored, as AWS ignores them; wrong values are refused with the texts of AWS's own validation.

use super::refusal::Refusal;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The decoded parameters of a query request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, String>);

impl Form {
    pub fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// All names and values, in the order of the names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A parameter that is there and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter without which AWS does not answer.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .ok_or_else(|| Refusal::bad_request("ValidationError", format!("The parameter {name} must be provided.")))
    }

    /// Refuses parameters that an operation does not have. AWS ignores them; here they would hide a mistake.
    pub fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let first = |name: &'_ str| name.split('.').next().unwrap_or_default().to_owned();
        let mut names = self.0.keys().map(|name| first(name)).filter(|name| name != "Action" && name != "Version");
        match names.find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Refusal::validation(format!("The parameter {name} is not known here."))),
            None => Ok(()),
        }
    }

    /// Makes pages of a listing no longer than this, if the request names a length. Whether it asks for a later page.
    pub fn shorten_pages(&mut self, most: usize) -> bool {
        for name in ["MaxRecords", "PageSize"] {
            if let Some(length) = self.0.get_mut(name) {
                *length = most.to_string();
            }
        }
        ["NextToken", "Marker"].into_iter().any(|name| self.text(name).is_some())
    }

    /// A flag; anything but `true` is false.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The entries of a list, in the order of their numbers.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.numbers(name).into_iter().filter_map(|prefix| self.0.get(&prefix).map(String::as_str)).collect()
    }

    /// The prefixes (`Targets.member.1`) of a list of structures, in the order of their numbers.
    pub fn structures(&self, name: &str) -> Vec<String> {
        self.numbers(name)
    }

    fn numbers(&self, name: &str) -> Vec<String> {
        let dotted = format!("{name}.");
        let mut numbers: BTreeMap<u32, String> = BTreeMap::new();
        for key in self.0.keys().filter(|key| key.starts_with(&dotted)) {
            let rest = &key[dotted.len()..];
            let (member, rest) = rest.strip_prefix("member.").map_or(("", rest), |rest| ("member.", rest));
            let digits = rest.split('.').next().unwrap_or_default();
            if let Ok(number) = digits.parse() {
                numbers.entry(number).or_insert_with(|| format!("{dotted}{member}{digits}"));
            }
        }
        numbers.into_values().collect()
    }

    /// A whole number within AWS's limits, refused with the text of its request validation.
    pub fn whole(&self, name: &str, least: usize, most: usize) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let limit = match text.parse::<i64>() {
            Err(_) => {
                return Err(Refusal::bad_request(
                    "MalformedInput",
                    format!("Invalid value for parameter {name}: {text}"),
                ));
            }
            Ok(value) => match usize::try_from(value) {
                Ok(value) if value > most => format!("less than or equal to {most}"),
                Ok(value) if value >= least => return Ok(Some(value)),
                _ => format!("greater than or equal to {least}"),
            },
        };
        Err(Refusal::validation(format!(
            "1 validation error detected: Value '{text}' at '{}' failed to satisfy constraint: Member must have value {limit}",
            camel(name)
        )))
    }

    /// A time in ISO 8601.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            Refusal::bad_request("MalformedInput", format!("timestamp must follow ISO8601: {name}={text}"))
        })
    }

    /// Everything but the page's own parameters, in one line: what a page token belongs to.
    pub fn question(&self, without: &[&str]) -> String {
        let mut question = String::new();
        for (name, value) in self.0.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
            question.push_str(name);
            question.push('=');
            question.push_str(value);
            question.push('&');
        }
        question
    }
}

/// `PageSize` as AWS's validation spells it: `pageSize`.
fn camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn lists_keep_the_order_of_their_numbers() {
        let form = Form::parse(b"Names.member.2=b&Names.member.10=c&Names.member.1=a&Other.member.1=x");
        assert_eq!(form.list("Names"), ["a", "b", "c"]);
    }

    #[test]
    fn ec2_lists_have_no_member() {
        let form = Form::parse(b"Filter.1.Name=tag%3Aa&Filter.1.Value.1=x&Filter.1.Value.2=y");
        assert_eq!(form.structures("Filter"), ["Filter.1"]);
        assert_eq!(form.list("Filter.1.Value"), ["x", "y"]);
    }

    #[test]
    fn numbers_out_of_range_are_refused_with_the_limit() {
        let form = Form::parse(b"PageSize=401");
        let refusal = form.whole("PageSize", 1, 400).unwrap_err();
        assert!(refusal.message.contains("at 'pageSize'"), "{}", refusal.message);
        assert!(refusal.message.ends_with("less than or equal to 400"), "{}", refusal.message);
    }
}
