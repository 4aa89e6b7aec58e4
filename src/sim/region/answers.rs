//! How a target answers the requests that it is sent.

/// How a target answers requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    #[default]
    Well,
    Code(u16),
    TimesOut,
    Refuses,
}
