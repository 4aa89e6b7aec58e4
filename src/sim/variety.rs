//! Answers in another shape with the same meaning: AWS guarantees no order for a set, leaves out what is empty or sends it
//! empty, and joins words where there are several. A client that relies on one shape works until the day it changes.
//!
//! Everything is a function of (seed, minute, entry): two calls within a minute have one order, the next minute another.
//! Each page is reordered separately, so that tokens keep their meaning.

use super::physics::noise;
use super::wire::document::Value;
use super::wire::envelope::Answer;
use super::wire::xml::Xml;

/// Which shape answers have.
#[derive(Clone, Copy, Debug)]
pub struct Variety {
    seed: u64,
}

/// What is done with what is empty or absent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Emptiness {
    /// It is sent, or left out, as the operation has it.
    AsItIs,
    /// What is empty is left out.
    LeftOut,
    /// What is absent is sent empty, where AWS is known to do so.
    Sent,
}

/// Lists whose order means something.
const ORDERED: &[&str] = &["Actions", "Causes", "DefaultActions", "Messages", "Timestamps", "ValueOptions", "Values"];

/// What may be there and empty, by the element that has it: a list's entries, or a structure.
const OPTIONAL: &[(&str, &[&str])] = &[
    ("Environments", &["Description", "TemplateName", "VersionLabel"]),
    ("Events", &["RequestId", "TemplateName", "VersionLabel"]),
    ("OptionSettings", &["ResourceName", "Value"]),
    ("ApplicationVersions", &["Description"]),
    ("TargetHealth", &["Description", "Reason"]),
    ("InstanceHealthList", &["Color"]),
];

/// Operations that end a listing with an empty token, as some of AWS's do.
const TOKENS: &[(&str, &str)] = &[
    ("DescribeAutoScalingGroups", "NextToken"),
    ("DescribeApplicationVersions", "NextToken"),
    ("DescribeEvents", "NextToken"),
    ("DescribeInstancesHealth", "NextToken"),
    ("DescribeListeners", "NextMarker"),
    ("DescribeLoadBalancers", "NextMarker"),
    ("DescribeRules", "NextMarker"),
    ("DescribeTargetGroups", "NextMarker"),
];

/// Health checks of an Auto Scaling group, as one word and as several in any order.
const HEALTH_CHECKS: &[(&str, &[&str])] = &[
    ("EC2", &["EC2", "EC2,EBS", "EBS,EC2"]),
    ("ELB", &["ELB", "EC2,ELB", "ELB,EC2", "ELB,EBS", "EBS,ELB", "EC2,ELB,EBS"]),
];

impl Variety {
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The same answer in another shape; `now` in milliseconds since the Unix epoch.
    pub fn vary(self, operation: &str, answer: Answer, now: i64) -> Answer {
        let order = Order { seed: self.seed, minute: now.div_euclid(60_000) };
        match answer {
            Answer::Xml(xml) => {
                let text = xml.into_string();
                let mut varied = Xml::default();
                match parse(&text) {
                    Some(elements) => varied.raw(&self.elements(operation, elements, order)),
                    None => varied.raw(&text),
                };
                Answer::Xml(varied)
            }
            Answer::Tree(value) => Answer::Tree(order.of_tree("", value)),
            Answer::Json(value) => Answer::Json(order.of_json("", value)),
            Answer::Nothing | Answer::Written(_) => answer,
        }
    }

    fn emptiness(self) -> Emptiness {
        [Emptiness::AsItIs, Emptiness::LeftOut, Emptiness::Sent][(self.seed % 3) as usize]
    }

    fn elements(self, operation: &str, inside: Vec<Element>, order: Order) -> String {
        let mut root = Element { inside, ..Element::default() };
        self.element(&mut root, "", order);
        let token = TOKENS.iter().find(|(name, _)| *name == operation).map(|(_, token)| *token);
        if let (Emptiness::Sent, Some(token)) = (self.emptiness(), token)
            && root.child(token).is_none()
        {
            root.inside.push(Element::empty(token));
        }
        let mut text = String::new();
        root.inside.iter().for_each(|element| element.write(&mut text));
        text
    }

    fn element(self, element: &mut Element, list: &str, order: Order) {
        let kind = if element.is_entry() { list } else { element.name.as_str() };
        if self.emptiness() == Emptiness::Sent {
            let optional =
                OPTIONAL.iter().find(|(name, _)| *name == kind && (element.is_entry() || !element.is_list()));
            for name in optional.into_iter().flat_map(|(_, names)| *names) {
                if element.inside.iter().all(|child| child.name != *name) {
                    element.inside.push(Element::empty(name));
                }
            }
        }
        let kind = kind.to_owned();
        element.inside.iter_mut().for_each(|child| self.element(child, &kind, order));
        if self.emptiness() == Emptiness::LeftOut {
            element.inside.retain(|child| !child.is_empty() || child.is_entry());
        }
        if element.name == "HealthCheckType" {
            self.health_check(element);
        }
        if element.is_list() && element.name == "Events" {
            order.of_equal(&mut element.inside, |event| event.child("EventDate"));
        } else if element.is_list() && !ORDERED.contains(&element.name.as_str()) {
            order.of(&mut element.inside, Element::text);
        }
    }

    fn health_check(self, element: &mut Element) {
        if let Some((_, words)) = HEALTH_CHECKS.iter().find(|(word, _)| *word == element.text) {
            let place = noise::hash(self.seed, "health check") as usize % words.len();
            words[place].clone_into(&mut element.text);
        }
    }
}

/// In which order entries are.
#[derive(Clone, Copy)]
struct Order {
    seed: u64,
    minute: i64,
}

impl Order {
    fn of<T>(self, entries: &mut [T], text: impl Fn(&T) -> String) {
        entries.sort_by_cached_key(|entry| noise::hash(self.seed ^ self.minute as u64, &text(entry)));
    }

    /// Of entries in a row that have this in common.
    fn of_equal(self, entries: &mut [Element], common: impl Fn(&Element) -> Option<String>) {
        for run in entries.chunk_by_mut(|one, other| common(one) == common(other)) {
            self.of(run, Element::text);
        }
    }

    fn of_tree(self, name: &str, value: Value) -> Value {
        match value {
            Value::List(mut entries) => {
                if !ORDERED.contains(&name) {
                    self.of(&mut entries, |entry| format!("{entry:?}"));
                }
                Value::List(entries.into_iter().map(|entry| self.of_tree("", entry)).collect())
            }
            Value::Map(members) => {
                let varied = members.into_iter().map(|(name, value)| {
                    let value = self.of_tree(&name, value);
                    (name, value)
                });
                Value::Map(varied.collect())
            }
            other => other,
        }
    }

    fn of_json(self, name: &str, value: serde_json::Value) -> serde_json::Value {
        use serde_json::Value as Json;
        match value {
            Json::Array(mut entries) => {
                if !ORDERED.contains(&name) {
                    self.of(&mut entries, ToString::to_string);
                }
                Json::Array(entries.into_iter().map(|entry| self.of_json("", entry)).collect())
            }
            Json::Object(members) => {
                let varied = members.into_iter().map(|(name, value)| {
                    let value = self.of_json(&name, value);
                    (name, value)
                });
                Json::Object(varied.collect())
            }
            other => other,
        }
    }
}

/// An element as the operations write it: others inside, or text that is escaped already.
#[derive(Clone, Debug, Default, PartialEq)]
struct Element {
    name: String,
    inside: Vec<Element>,
    text: String,
}

impl Element {
    fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn is_entry(&self) -> bool {
        matches!(self.name.as_str(), "member" | "item")
    }

    fn is_list(&self) -> bool {
        self.inside.iter().all(Self::is_entry) && !self.inside.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.inside.is_empty() && self.text.is_empty()
    }

    fn child(&self, name: &str) -> Option<String> {
        self.inside.iter().find(|child| child.name == name).map(|child| child.text.clone())
    }

    fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, into: &mut String) {
        for part in ["<", &self.name, ">", &self.text] {
            into.push_str(part);
        }
        self.inside.iter().for_each(|child| child.write(into));
        for part in ["</", &self.name, ">"] {
            into.push_str(part);
        }
    }
}

/// The elements of a text without attributes, comments and empty tags; `None` if it is another.
fn parse(text: &str) -> Option<Vec<Element>> {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some((before, markup)) = rest.split_once('<') {
        open.last_mut()?.text.push_str(before);
        let (tag, after) = markup.split_once('>')?;
        rest = after;
        match tag.strip_prefix('/') {
            Some(name) => {
                let element = open.pop().filter(|element| element.name == name)?;
                open.last_mut()?.inside.push(element);
            }
            None => open.push(Element::empty(tag)),
        }
    }
    let [root] = <[Element; 1]>::try_from(open).ok()?;
    Some(root.inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(seed: u64, operation: &str, text: &str) -> String {
        let mut xml = Xml::default();
        xml.raw(text);
        let Answer::Xml(xml) = Variety::new(seed).vary(operation, Answer::Xml(xml), 0) else { panic!() };
        xml.into_string()
    }

    /// How many different texts these seeds make of one.
    fn shapes(operation: &str, text: &str) -> std::collections::BTreeSet<String> {
        (0..60).map(|seed| varied(seed, operation, text)).collect()
    }

    #[test]
    fn a_set_comes_in_every_order_and_loses_nothing() {
        let text =
            "<Tags><member><Key>a</Key></member><member><Key>b</Key></member><member><Key>c</Key></member></Tags>";
        let shapes = shapes("DescribeTags", text);
        assert_eq!(shapes.len(), 6, "{shapes:?}");
        assert!(shapes.iter().all(|shape| shape.len() == text.len()));
    }

    #[test]
    fn events_change_places_only_within_a_moment() {
        let event =
            |at: &str, words: &str| format!("<member><EventDate>{at}</EventDate><Message>{words}</Message></member>");
        let text = format!("<Events>{}{}{}</Events>", event("3", "c"), event("2", "a"), event("2", "b"));
        let orders: std::collections::BTreeSet<_> = shapes("DescribeEvents", &text)
            .iter()
            .map(|shape| shape.split("<Message>").skip(1).map(|rest| &rest[..1]).collect::<String>())
            .collect();
        assert_eq!(orders.into_iter().collect::<Vec<_>>(), ["cab", "cba"]);
    }

    #[test]
    fn what_is_empty_is_there_or_not() {
        let text = "<OptionSettings><member><OptionName>a</OptionName></member></OptionSettings><X></X>";
        let shapes = shapes("DescribeConfigurationSettings", text);
        assert!(shapes.contains(text) && shapes.contains(&text.replace("<X></X>", "")), "{shapes:?}");
        assert!(shapes.iter().any(|shape| shape.contains("<Value></Value>")), "{shapes:?}");
        let nested = "<Group><Suspended></Suspended><Name>x</Name></Group>";
        assert!(self::shapes("X", nested).contains("<Group><Name>x</Name></Group>"));
        assert!(self::shapes("DescribeRules", "").contains("<NextMarker></NextMarker>"));
    }

    #[test]
    fn words_are_joined_and_what_has_an_order_keeps_it() {
        let kinds = shapes("DescribeAutoScalingGroups", "<HealthCheckType>ELB</HealthCheckType>");
        assert!(kinds.len() > 4 && kinds.iter().all(|kind| kind.contains("ELB")), "{kinds:?}");
        let kinds = shapes("X", "<HealthCheckType>EC2</HealthCheckType>");
        assert!(kinds.iter().all(|kind| kind.contains("EC2") && !kind.contains("ELB")), "{kinds:?}");
        let causes = "<Causes><member>b</member><member>a</member></Causes>";
        assert_eq!(shapes("X", causes).len(), 1);
    }

    #[test]
    fn what_cannot_be_read_goes_out_as_it_came() {
        for text in ["<a>", "<a></b>", "</a>", "<a", "plain"] {
            assert_eq!(parse(text).is_none(), text != "plain", "{text}");
        }
        assert_eq!(varied(1, "X", "<a>"), "<a>");
    }
}
