//! What is on screen: a stack over the Fleet. What lies on top has the keyboard.

use tui_input::Input;

use super::action::Layer;
use super::deploys::DeployView;
use super::dialog::Dialog;
use super::environment::{EnvironmentView, Tab};
use super::logs::LogView;
use super::overlay::List;
use crate::polling::Question;

macro_rules! screens {
    ($($variant:ident($content:ty) $get:ident $get_mut:ident $take:ident $doc:literal;)+) => {
        /// A screen, or something that lies over one; each lies over those above it in this list.
        #[derive(Clone, Debug)]
        pub enum Screen {
            $(#[doc = $doc] $variant($content),)+
        }

        enum Rank {
            $($variant,)+
        }

        impl Screen {
            fn rank(&self) -> usize {
                match self {
                    $(Self::$variant(_) => Rank::$variant as usize,)+
                }
            }
        }

        $(impl From<$content> for Screen {
            fn from(content: $content) -> Self {
                Self::$variant(content)
            }
        })+

        impl ScreenStack {
            $(
                #[doc = concat!($doc, ", if it is open.")]
                #[must_use]
                pub fn $get(&self) -> Option<&$content> {
                    self.0.iter().find_map(|it| if let Screen::$variant(it) = it { Some(it) } else { None })
                }

                #[doc = concat!($doc, ", if it is open, to change it.")]
                pub fn $get_mut(&mut self) -> Option<&mut $content> {
                    self.0.iter_mut().find_map(|it| if let Screen::$variant(it) = it { Some(it) } else { None })
                }

                #[doc = concat!("Closes it, if it is open: ", $doc, ".")]
                pub fn $take(&mut self) -> Option<$content> {
                    let at = self.0.iter().position(|it| matches!(it, Screen::$variant(_)))?;
                    if let Screen::$variant(it) = self.0.remove(at) { Some(it) } else { None }
                }
            )+
        }
    };
}

screens! {
    Environment(EnvironmentView) environment environment_mut take_environment "One environment";
    Deploy(DeployView) deploy deploy_mut take_deploy "The Deploy screen";
    Logs(LogView) logs logs_mut take_logs "The logs of an environment's instances";
    Dialog(Dialog) dialog dialog_mut take_dialog "What is asked before something is written";
    List(List) list list_mut take_list "A list over the screen";
    Filter(Input) filter filter_mut take_filter "The filter of the Fleet while it is typed";
}

/// The screens that are open, the one on top last. The Fleet is under all of them.
#[derive(Clone, Debug, Default)]
pub struct ScreenStack(Vec<Screen>);

impl ScreenStack {
    /// Opens a screen in its place over those that it lies on, instead of one of its kind. What comes while something lies
    /// over it does not take the keyboard away from that.
    pub fn open(&mut self, screen: impl Into<Screen>) {
        let screen = screen.into();
        match self.0.binary_search_by_key(&screen.rank(), Screen::rank) {
            Ok(at) => self.0[at] = screen,
            Err(at) => self.0.insert(at, screen),
        }
    }

    /// What has the keyboard; `None` if that is the Fleet.
    #[must_use]
    pub fn top(&self) -> Option<&Screen> {
        self.0.last()
    }

    /// The same, to change it.
    pub fn top_mut(&mut self) -> Option<&mut Screen> {
        self.0.last_mut()
    }

    /// The screen or dialog under the lists and the filter.
    #[must_use]
    pub fn under_lists(&self) -> Option<&Screen> {
        self.0.iter().rev().find(|it| !matches!(it, Screen::List(_) | Screen::Filter(_)))
    }

    /// Whether the Fleet is in view, and the screens that are: the one that fills the terminal, and those over it. What is
    /// under the logs is still read, for one looks into them and goes back.
    #[must_use]
    pub fn in_view(&self) -> (bool, &[Screen]) {
        let covers = |it: &Screen| matches!(it, Screen::Environment(_) | Screen::Deploy(_));
        let first = self.0.iter().rposition(covers);
        (first.is_none(), &self.0[first.unwrap_or(0)..])
    }

    /// The screen that fills the terminal; `None` if that is the Fleet.
    #[must_use]
    pub fn full(&self) -> Option<&Screen> {
        self.0.iter().rev().find(|it| matches!(it, Screen::Environment(_) | Screen::Deploy(_) | Screen::Logs(_)))
    }
}

impl Screen {
    /// What should be read for it.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        match self {
            Self::Environment(view) => view.questions(),
            Self::Deploy(view) => view.questions(),
            Self::Logs(view) => view.questions(),
            Self::Dialog(dialog) => dialog.questions(),
            Self::List(_) | Self::Filter(_) => Vec::new(),
        }
    }

    /// The layer of the table of keys that holds while this has the keyboard.
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self {
            Self::Environment(view) => match view.tab {
                Tab::Targets => Layer::Environment,
                Tab::Metrics => Layer::Metrics,
                Tab::Settings => Layer::Settings,
                Tab::Events => Layer::Events,
            },
            Self::Deploy(_) => Layer::Deploy,
            Self::Logs(view) if view.search.typing.is_some() => Layer::Search,
            Self::Logs(_) => Layer::Logs,
            Self::Dialog(dialog) => dialog.layer(),
            Self::List(_) => Layer::List,
            Self::Filter(_) => Layer::Text,
        }
    }
}
