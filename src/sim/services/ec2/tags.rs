//! Tags, as EC2 writes them in an answer.

use crate::sim::region::Pair;
use crate::sim::wire::xml::Xml;

pub(super) fn tag_set(xml: &mut Xml, tags: &[Pair]) {
    xml.items("tagSet", tags, |xml, (key, value)| {
        xml.text("key", key).text("value", value);
    });
}
