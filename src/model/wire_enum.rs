//! Enums of words that AWS sends. A word that is not in the table is kept as it came: a value that AWS
//! added yesterday is shown, never a reason to fail.

/// Makes an enum of AWS's words with `Other` for the rest, `from_wire` and `as_str`.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that this version does not know, as AWS sent it.
            Other(std::sync::Arc<str>),
        }

        impl $name {
            /// The variant of AWS's word.
            #[must_use]
            pub fn from_wire(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other($crate::model::shortened(other, 128).into()),
                }
            }

            /// AWS's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }
    };
}

pub(super) use wire_enum;
