//! The kinds of operations, by their words in the journal and in JSON.

use serde::{Deserialize, Serialize};

/// The purpose of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// A version is deployed.
    Deploy,
    /// The update in progress is aborted.
    Abort,
    /// The application servers are restarted.
    Restart,
    /// An instance is replaced.
    Replace,
    /// Other numbers of instances are set.
    Scale,
    /// Settings are changed.
    Set,
    /// A change of settings is put back.
    Undo,
    /// The version before is deployed again, after the update in progress is aborted.
    #[serde(rename = "back")]
    Rollback,
    /// HTTPS is set up.
    Https,
    /// HTTPS is removed.
    HttpsBack,
    /// The actions of alarms are muted.
    Mute,
    /// Muting ends before its time.
    Unmute,
    /// Alarms are created.
    CreateAlarms,
    /// Alarms that were created are deleted.
    DeleteAlarms,
    /// The CNAMEs of two environments are exchanged.
    Swap,
    /// An application version is created from a bundle.
    CreateVersion,
}

impl OperationKind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Deploy,
        Self::Abort,
        Self::Restart,
        Self::Replace,
        Self::Scale,
        Self::Set,
        Self::Undo,
        Self::Rollback,
        Self::Https,
        Self::HttpsBack,
        Self::Mute,
        Self::Unmute,
        Self::CreateAlarms,
        Self::DeleteAlarms,
        Self::Swap,
        Self::CreateVersion,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Abort => "abort",
            Self::Restart => "restart",
            Self::Replace => "replace",
            Self::Scale => "scale",
            Self::Set => "set",
            Self::Undo => "undo",
            Self::Rollback => "back",
            Self::Https => "https",
            Self::HttpsBack => "https_back",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::CreateAlarms => "create_alarms",
            Self::DeleteAlarms => "delete_alarms",
            Self::Swap => "swap",
            Self::CreateVersion => "create_version",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether each of its steps has lines of its own in the journal, and waits for the environment between them.
    #[must_use]
    pub fn is_stepwise(self) -> bool {
        matches!(self, Self::Rollback | Self::Https | Self::HttpsBack)
    }

    /// Whether a person decides what follows a step that failed; else the operation ends with it.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Https | Self::HttpsBack)
    }
}
