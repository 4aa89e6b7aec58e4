//! Writes the XML of the query protocols, element by element.
//!
//! Characters that XML 1.0 does not allow (escape sequences in a tag, for example) are written as character references, as
//! AWS's own services do; strict parsers refuse such a document, and that is part of what a hostile scenario tests.

use jiff::Timestamp;
use std::fmt::{Display, Write};

/// A piece of XML under construction.
#[derive(Clone, Debug, Default)]
pub struct Xml(String);

impl Xml {
    pub fn into_string(self) -> String {
        self.0
    }

    /// `<name>value</name>`
    pub fn text(&mut self, name: &str, value: impl Display) -> &mut Self {
        self.start(name);
        self.escaped(&value.to_string());
        self.end(name)
    }

    /// As [`Xml::text`], and nothing at all for a member that AWS leaves out.
    pub fn optional(&mut self, name: &str, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.text(name, value);
        }
        self
    }

    /// ISO 8601 in UTC with milliseconds, as the query protocols send it.
    pub fn time(&mut self, name: &str, at: Timestamp) -> &mut Self {
        self.text(name, format_args!("{at:.3}"))
    }

    /// An element with others in it.
    pub fn within(&mut self, name: &str, inside: impl FnOnce(&mut Self)) -> &mut Self {
        self.start(name);
        inside(self);
        self.end(name)
    }

    /// A list whose entries are called `member`, as in the query protocol.
    pub fn members<T>(
        &mut self,
        name: &str,
        entries: impl IntoIterator<Item = T>,
        each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.list(name, "member", entries, each)
    }

    /// A list of plain text in the query protocol.
    pub fn member_texts<T: Display>(&mut self, name: &str, entries: impl IntoIterator<Item = T>) -> &mut Self {
        self.within(name, |xml| {
            for entry in entries {
                xml.text("member", entry);
            }
        })
    }

    /// A list whose entries are called `item`, as in the ec2 protocol.
    pub fn items<T>(
        &mut self,
        name: &str,
        entries: impl IntoIterator<Item = T>,
        each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.list(name, "item", entries, each)
    }

    fn list<T>(
        &mut self,
        name: &str,
        entry_name: &str,
        entries: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.within(name, |xml| {
            for entry in entries {
                xml.within(entry_name, |xml| each(xml, entry));
            }
        })
    }

    /// Characters between two tags.
    pub fn characters(&mut self, value: impl Display) {
        self.escaped(&value.to_string());
    }

    /// XML that is finished already.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.0.push_str(xml);
        self
    }

    fn start(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    fn end(&mut self, name: &str) -> &mut Self {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        self
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                '"' => self.0.push_str("&quot;"),
                '\n' | '\t' => self.0.push(character),
                other if (other as u32) < 0x20 || (0x7f..=0x9f).contains(&(other as u32)) => {
                    // Writing to a String cannot fail.
                    let _ = write!(self.0, "&#x{:x};", other as u32);
                }
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        let mut xml = Xml::default();
        xml.text("Message", "a<b & \u{1b}[31m\u{9b}");
        assert_eq!(xml.into_string(), "<Message>a&lt;b &amp; &#x1b;[31m&#x9b;</Message>");
    }

    #[test]
    fn lists_have_an_element_for_each_entry() {
        let mut xml = Xml::default();
        xml.members("Targets", [1, 2], |xml, port| {
            xml.text("Port", port);
        });
        assert_eq!(
            xml.into_string(),
            "<Targets><member><Port>1</Port></member><member><Port>2</Port></member></Targets>"
        );
    }
}
