//! The embedded scenarios: one table of names, what each is about, and the files.

/// An embedded scenario.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, `shop`.
    pub name: &'static str,
    /// What it is about, in a line.
    pub about: &'static str,
    text: &'static str,
}

macro_rules! entries {
    ($($name:literal: $about:literal),* $(,)?) => {
        &[$(Entry {
            name: $name,
            about: $about,
            text: include_str!(concat!("../../../assets/scenarios/", $name, ".toml")),
        }),*]
    };
}

pub(super) const ENTRIES: &[Entry] = entries! {
    "shop": "the demo: a dozen environments of every kind, some of them in trouble",
};

pub(super) fn text(name: &str) -> Option<&'static str> {
    ENTRIES.iter().find(|entry| entry.name == name).map(|entry| entry.text)
}
