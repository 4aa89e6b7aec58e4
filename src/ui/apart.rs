//! Shortens names so that they can still be distinguished: where they differ stays visible.
//!
//! A name that does not fit keeps its beginning and its end; where others would then look the same, more of the end or of
//! the beginning; where that does not distinguish them either, its beginning, a piece from within, and its end.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use super::text::width;

/// The names in at most `room` cells each, with `mark` where something was left out. Each that was cut can be that name
/// and no other of them, if there is room for a sign by which it differs.
pub fn apart(names: &[&str], room: usize, mark: &str) -> Vec<String> {
    let long: Vec<usize> = (0..names.len()).filter(|&at| width(names[at]) > room).collect();
    let mut shown: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let rest = room.saturating_sub(width(mark));
    let others = |at: usize| long.iter().filter(move |&&other| names[other] != names[at]).map(|&other| names[other]);
    let is_clear = |at: usize, shape: NameShape| Parts::new(names[at], shape).is_clear(others(at));
    // One shape for all is calmer to read, and one that begins the end with a whole word is easier.
    let is_easy =
        |shape: &NameShape| long.iter().all(|&at| Parts::new(names[at], *shape).ends_in_whole_words(names[at]));
    let mut clear = shapes(rest).filter(|shape| long.iter().all(|&at| is_clear(at, *shape))).peekable();
    let first = clear.peek().copied();
    let common = clear.find(is_easy).or(first);
    let mut used: HashSet<String> = HashSet::new();
    for &at in &long {
        let own = || shapes(rest).chain(deep_shapes(names[at], room, mark)).find(|shape| is_clear(at, *shape));
        let new = |shape: NameShape, used: &HashSet<String>| {
            let text = Parts::new(names[at], shape).join(mark);
            (!used.contains(&text)).then_some(text)
        };
        let text = match common.or_else(own) {
            Some(shape) => Parts::new(names[at], shape).join(mark),
            None => shapes(rest)
                .chain(deep_shapes(names[at], room, mark))
                .find_map(|shape| new(shape, &used))
                .unwrap_or_else(|| Parts::new(names[at], NameShape::middle(rest)).join(mark)),
        };
        used.insert(text.clone());
        shown[at] = text;
    }
    shown
}

/// How much of a name is kept, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NameShape {
    head: usize,
    /// What is kept within: from which grapheme on, and how much.
    within: Option<(usize, usize)>,
    tail: usize,
}

impl NameShape {
    fn middle(rest: usize) -> Self {
        let head = rest.div_ceil(2);
        Self { head, within: None, tail: rest - head }
    }
}

/// Every beginning and end that fill the room, from equal shares outwards.
fn shapes(rest: usize) -> impl Iterator<Item = NameShape> {
    let middle = rest.div_ceil(2);
    let outwards = (0..=rest).flat_map(move |step| [middle.checked_sub(step), Some(middle + step)]);
    let heads = outwards.flatten().filter(move |head| *head <= rest);
    heads.map(move |head| NameShape { head, within: None, tail: rest - head })
}

/// Every beginning, piece from within and end that fill the room.
fn deep_shapes(name: &str, room: usize, mark: &str) -> impl Iterator<Item = NameShape> {
    let rest = room.saturating_sub(2 * width(mark));
    let count = name.graphemes(true).count();
    (1..=rest).flat_map(move |piece| {
        let sides = rest - piece;
        (0..=sides).flat_map(move |less| {
            let (head, tail) = (sides - less, less);
            let from = (head + 1)..count.saturating_sub(tail + piece);
            from.map(move |at| NameShape { head, within: Some((at, piece)), tail })
        })
    })
}

/// What is kept of a name.
struct Parts<'a> {
    head: &'a str,
    within: Option<&'a str>,
    tail: &'a str,
}

impl<'a> Parts<'a> {
    fn new(name: &'a str, shape: NameShape) -> Self {
        let head = super::text::head(name, shape.head);
        let tail = super::text::tail(name, shape.tail);
        let within = shape.within.map(|(at, piece)| {
            let from = name.grapheme_indices(true).nth(at).map_or(name.len(), |(from, _)| from);
            super::text::head(&name[from..], piece)
        });
        Self { head, within, tail }
    }

    fn join(&self, mark: &str) -> String {
        match self.within {
            None => format!("{}{mark}{}", self.head, self.tail),
            Some(within) => format!("{}{mark}{within}{mark}{}", self.head, self.tail),
        }
    }

    /// Returns whether a beginning is kept, and an end that begins where a word of the name begins.
    fn ends_in_whole_words(&self, name: &str) -> bool {
        if self.head.is_empty() || self.tail.is_empty() {
            return false;
        }
        let before = name.strip_suffix(self.tail).and_then(|before| before.chars().next_back());
        let begins = self.tail.chars().next();
        [before, begins].into_iter().any(|edge| edge.is_none_or(|edge| !edge.is_alphanumeric()))
    }

    /// Whether none of the others could be meant.
    fn is_clear<'b>(&self, mut others: impl Iterator<Item = &'b str>) -> bool {
        !others.any(|other| self.fits(other))
    }

    fn fits(&self, other: &str) -> bool {
        let rest = other.strip_prefix(self.head).and_then(|rest| rest.strip_suffix(self.tail));
        rest.is_some_and(|rest| self.within.is_none_or(|within| rest.contains(within)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORTHWIND: [&str; 4] = [
        "northwind-customer-portal-api-prod-blue",
        "northwind-customer-portal-web-prod-blue",
        "northwind-customer-portal-api-stag-blue",
        "northwind-customer-portal-api-prod-gree",
    ];

    fn assert_apart(names: &[&str], room: usize) -> Vec<String> {
        let shown = apart(names, room, "…");
        for (name, text) in names.iter().zip(&shown) {
            assert!(width(text) <= room, "{text} of {name} in {room}");
        }
        let distinct: HashSet<_> = shown.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{shown:?} in {room}");
        shown
    }

    #[test]
    fn where_names_differ_stays() {
        for room in 12..40 {
            assert_apart(&NORTHWIND, room);
        }
        assert_eq!(
            apart(&NORTHWIND, 20, "…"),
            ["northw…api-prod-blue", "northw…web-prod-blue", "northw…api-stag-blue", "northw…api-prod-gree"]
        );
    }

    #[test]
    fn names_that_differ_within_show_that_place() {
        let names = ["aaaaaaaaaaaaaaaa-x-bbbbbbbbbbbbbbbb", "aaaaaaaaaaaaaaaa-y-bbbbbbbbbbbbbbbb"];
        for room in 3..35 {
            let shown = assert_apart(&names, room);
            assert!(shown[0].contains('x') && shown[1].contains('y'), "{shown:?} in {room}");
        }
    }

    #[test]
    fn what_fits_is_whole_and_what_is_alone_keeps_beginning_and_end() {
        assert_eq!(apart(&["shop-chat-prod", "web"], 9, "…"), ["shop…prod", "web"]);
        assert_eq!(apart(&["商店商店商店"], 6, "…"), ["商…店"]);
        assert!(apart(&[], 9, "…").is_empty());
        assert_eq!(apart(&["abc", "abd"], 0, "…"), ["…", "…"].map(|_| String::from("…")));
    }

    /// Names of one family, as fleets have them, never read the same in the narrowest column there is.
    #[test]
    fn distinct_names_stay_distinct() {
        let parts = [["api", "web", "job"], ["prod", "stag", "test"], ["eu", "us", "ap"], ["blue", "gree", "grey"]];
        let mut names = Vec::new();
        for place in 0..81 {
            let part = |at: usize| parts[at][place / 3_usize.pow(at as u32) % 3];
            names.push(format!("northwind-{}-{}-portal-{}-{}", part(0), part(1), part(2), part(3)));
        }
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        for room in [12, 18, 25, 37] {
            assert_apart(&names, room);
        }
    }

    /// Whatever two names differ in, by one character, three cells are enough to show it.
    #[test]
    fn one_character_is_enough() {
        let base = "northwind-customer-portal-api-prod-blue";
        for place in 0..base.len() {
            let mut other = base.as_bytes().to_vec();
            other[place] = b'Z';
            let other = String::from_utf8(other).unwrap();
            for room in [3, 4, 5, 12, 18, 30, base.len() - 1] {
                assert_apart(&[base, &other], room);
            }
        }
    }
}
