//! The layers of the table of keys: which component has the keyboard.

/// The component that has the keyboard: exactly one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The Fleet.
    Fleet,
    /// The events of all environments.
    FleetEvents,
    /// One environment: its tree and targets.
    Environment,
    /// The charts of an environment.
    Metrics,
    /// The settings of an environment.
    Settings,
    /// The events of an environment.
    Events,
    /// What the checks say of an environment.
    Findings,
    /// The alarms of an environment.
    Alarms,
    /// The Deploy screen.
    Deploy,
    /// The page of causes.
    Why,
    /// What a probe sees from outside.
    Probe,
    /// The instances' logs.
    Logs,
    /// The field for the search in the logs, which takes most keys for itself.
    Search,
    /// The command palette, which takes most keys for its field.
    Palette,
    /// The picker of versions, which takes most keys for its field.
    Picker,
    /// The picker of target groups.
    Groups,
    /// The form for new values, which takes most keys for its fields.
    Form,
    /// The guide to HTTPS.
    Guide,
    /// A confirmation.
    Confirm,
    /// The field for a name in a confirmation, which takes most keys for itself.
    Name,
    /// The menu of what to copy, in which letters choose.
    CopyMenu,
    /// A dialog that only shows a message.
    Notice,
    /// A list over the screen: help, log, columns, sorting.
    List,
    /// The load balancers that no environment is known to use.
    Unowned,
    /// A text field.
    Text,
}

impl Layer {
    /// The layers in which keys are looked up in the table; a text field takes most keys for itself.
    pub const ALL: [Self; 25] = [
        Self::Fleet,
        Self::FleetEvents,
        Self::Environment,
        Self::Metrics,
        Self::Settings,
        Self::Events,
        Self::Findings,
        Self::Alarms,
        Self::Deploy,
        Self::Why,
        Self::Probe,
        Self::Logs,
        Self::Search,
        Self::Palette,
        Self::Picker,
        Self::Groups,
        Self::Form,
        Self::Guide,
        Self::Confirm,
        Self::Name,
        Self::CopyMenu,
        Self::Notice,
        Self::List,
        Self::Unowned,
        Self::Text,
    ];

    /// Whether it is a text field, which takes the keys that are no actions.
    #[must_use]
    pub fn has_field(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Search | Self::Palette | Self::Picker | Self::Form | Self::Name | Self::CopyMenu
        )
    }

    /// The word of the README's table of keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fleet => "fleet",
            Self::FleetEvents => "fleet events",
            Self::Environment => "environment",
            Self::Metrics => "metrics",
            Self::Settings => "settings",
            Self::Events => "events",
            Self::Findings => "findings",
            Self::Alarms => "alarms",
            Self::Deploy => "deploy",
            Self::Why => "why",
            Self::Probe => "probe",
            Self::Logs => "logs",
            Self::Search => "search",
            Self::Palette => "palette",
            Self::Picker => "versions",
            Self::Groups => "choices",
            Self::Form => "form",
            Self::Guide => "HTTPS",
            Self::Confirm => "confirmation",
            Self::Name => "name",
            Self::CopyMenu => "copy menu",
            Self::Notice => "dialogs",
            Self::List => "lists",
            Self::Unowned => "unowned",
            Self::Text => "text",
        }
    }
}
