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

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from_wire(&std::borrow::Cow::<'de, str>::deserialize(deserializer)?))
            }
        }
    };
}

pub(super) use wire_enum;
