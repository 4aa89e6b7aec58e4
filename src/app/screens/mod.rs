//! The screens and what lies over them, a module each: its state, its actions, what it wants read. The file of the same name
//! in `ui/screens` draws it. The stack says which are open; what lies on top has the keyboard.

mod columns;
pub mod confirm;
mod conflict;
mod copy_menu;
mod deploy;
pub mod environment;
mod filter;
pub mod fleet;
mod fleet_events;
mod form;
mod help;
mod https_guide;
mod https_progress;
mod instance_limits;
mod intent_picker;
mod level;
pub mod logs;
mod message_log;
mod option_form;
mod palette;
pub mod probe;
mod probe_form;
mod rollback_check;
mod scope_picker;
mod silencing;
mod sort;
mod unowned;
mod versions;
mod view;
mod waiting;
mod why;

pub use columns::ColumnPicker;
pub use confirm::{Button, Confirm, ConfirmInputs, Intent, route_words};
pub use conflict::Conflict;
pub use copy_menu::{CopyItem, CopyMenu};
pub use deploy::{DeployView, questions_of_update};
pub use environment::EnvironmentView;
pub use filter::{FilterField, FilterSubject};
pub use fleet_events::FleetEventsView;
pub use form::{Form, FormLine};
pub use help::Help;
pub use https_guide::{Choosing, GuidePage, GuideStage, HttpsGuide};
pub use https_progress::HttpsProgress;
pub use instance_limits::InstanceLimitsForm;
pub use intent_picker::IntentPicker;
pub use level::Level;
pub use logs::LogView;
pub use message_log::MessageLog;
pub use option_form::OptionForm;
pub use palette::{NOTHING_FOUND, Palette, PaletteRow, palette_rows};
pub use probe::ProbeView;
pub use probe_form::{ProbeField, ProbeForm};
pub use rollback_check::RollbackCheck;
pub use scope_picker::{ScopePart, ScopePicker};
pub use silencing::{SilenceForm, SilencePurpose};
pub use sort::SortPicker;
pub use unowned::{UnownedBalancers, unowned_lines};
pub use versions::{PickedRollback, VersionPicker};
pub use view::{View, place_of};
pub use waiting::PendingIntent;
pub use why::WhyView;

macro_rules! screens {
    ($($level:ident $variant:ident($content:ty) $doc:literal;)+) => {
        /// A screen, or what lies over one.
        #[derive(Clone, Debug)]
        pub enum Screen {
            $(#[doc = $doc] $variant(Box<$content>),)+
        }

        impl Screen {
            /// Returns how high it lies.
            #[must_use]
            pub fn level(&self) -> Level {
                match self {
                    $(Self::$variant(_) => Level::$level,)+
                }
            }

            /// Returns it as what all screens have in common.
            #[must_use]
            pub fn view(&self) -> &dyn View {
                match self {
                    $(Self::$variant(content) => &**content,)+
                }
            }

            /// The same, to change it.
            pub fn view_mut(&mut self) -> &mut dyn View {
                match self {
                    $(Self::$variant(content) => &mut **content,)+
                }
            }
        }

        $(
            impl From<$content> for Screen {
                fn from(content: $content) -> Self {
                    Self::$variant(Box::new(content))
                }
            }

            impl Content for $content {
                fn of(screen: &Screen) -> Option<&Self> {
                    if let Screen::$variant(content) = screen { Some(content) } else { None }
                }

                fn of_mut(screen: &mut Screen) -> Option<&mut Self> {
                    if let Screen::$variant(content) = screen { Some(content) } else { None }
                }
            }
        )+
    };
}

screens! {
    FleetEvents FleetEvents(FleetEventsView) "The events of all environments.";
    Environment Environment(EnvironmentView) "One environment.";
    Deploy Deploy(DeployView) "The update of an environment.";
    Why Why(WhyView) "The page of causes of an environment.";
    Probe Probe(ProbeView) "What a probe from outside sees of an environment.";
    Logs Logs(LogView) "The logs of an environment's instances.";
    Dialog Palette(Palette) "Chooses an action.";
    Dialog InstanceLimits(InstanceLimitsForm) "Sets the number of instances.";
    Dialog Option(OptionForm) "Sets an option of Beanstalk's.";
    Dialog Silencing(SilenceForm) "Silences a finding, or ends that.";
    Dialog Versions(VersionPicker) "Chooses the application version to deploy.";
    Dialog Scope(ScopePicker) "Chooses a profile or a region.";
    Dialog Intents(IntentPicker) "Chooses a target group, or another environment.";
    Dialog Form(Form) "Sets values.";
    Dialog ProbeForm(ProbeForm) "Asks what is to be probed.";
    Dialog Waiting(PendingIntent) "Waits until everything is read that the next dialog depends on.";
    Dialog RollbackCheck(RollbackCheck) "Waits until it is known what a rollback would go back to.";
    Dialog HttpsGuide(HttpsGuide) "Asks what HTTPS is set up with.";
    Dialog HttpsProgress(HttpsProgress) "How far the setup of HTTPS is.";
    Dialog Confirm(Confirm) "Confirms a write.";
    Dialog CopyMenu(CopyMenu) "Chooses what to copy.";
    Dialog Conflict(Conflict) "Asks what to do when the live value is not the one that was seen.";
    List Help(Help) "Keys and what they do.";
    List Unowned(UnownedBalancers) "The load balancers that no environment is known to use.";
    List MessageLog(MessageLog) "The log of notices and faults.";
    List Columns(ColumnPicker) "Which columns the Fleet shows.";
    List Sort(SortPicker) "Which column the Fleet is sorted by.";
    Field Filter(FilterField) "The filter of the Fleet, or of the settings, while it is typed.";
}

/// The state of one kind of screen.
pub trait Content: Sized {
    /// Returns it, if the screen is of this kind.
    fn of(screen: &Screen) -> Option<&Self>;
    /// The same, to change it.
    fn of_mut(screen: &mut Screen) -> Option<&mut Self>;
}

/// The screens that are open, the one on top last. The Fleet is under all of them.
#[derive(Clone, Debug, Default)]
pub struct ScreenStack(Vec<Screen>);

impl ScreenStack {
    /// Opens a screen over those of the levels before its own, instead of the one of its level. What comes while something
    /// lies over it does not take the keyboard away from that.
    pub fn open(&mut self, screen: impl Into<Screen>) {
        let screen = screen.into();
        match self.0.binary_search_by_key(&screen.level(), Screen::level) {
            Ok(at) => self.0[at] = screen,
            Err(at) => self.0.insert(at, screen),
        }
    }

    /// Closes the screen of a level, if one is open.
    pub fn close(&mut self, level: Level) -> Option<Screen> {
        let at = self.0.iter().position(|screen| screen.level() == level)?;
        Some(self.0.remove(at))
    }

    /// The open screen of a kind, if there is one.
    #[must_use]
    pub fn get<T: Content>(&self) -> Option<&T> {
        self.0.iter().find_map(T::of)
    }

    /// The same, to change it.
    pub fn get_mut<T: Content>(&mut self) -> Option<&mut T> {
        self.0.iter_mut().find_map(T::of_mut)
    }

    /// The environment that is open, if one is.
    #[must_use]
    pub fn environment(&self) -> Option<&EnvironmentView> {
        self.get()
    }

    /// The Deploy screen, if it is open.
    #[must_use]
    pub fn deploy(&self) -> Option<&DeployView> {
        self.get()
    }

    /// The page of causes, if it is open.
    #[must_use]
    pub fn why(&self) -> Option<&WhyView> {
        self.get()
    }

    /// The screen of a probe, if it is open.
    #[must_use]
    pub fn probe(&self) -> Option<&ProbeView> {
        self.get()
    }

    /// The logs of the instances, if they are open.
    #[must_use]
    pub fn logs(&self) -> Option<&LogView> {
        self.get()
    }

    /// The dialog that is open, if one is.
    #[must_use]
    pub fn dialog(&self) -> Option<&Screen> {
        self.0.iter().find(|screen| screen.level() == Level::Dialog)
    }

    /// What has the keyboard; `None` if that is the Fleet.
    #[must_use]
    pub fn top(&self) -> Option<&Screen> {
        self.0.last()
    }

    /// Takes what has the keyboard out, so that it can look at the others while it acts; see [`ScreenStack::put_back`].
    pub(super) fn take_top(&mut self) -> Option<Screen> {
        self.0.pop()
    }

    /// Puts back what was on top.
    pub(super) fn put_back(&mut self, screen: Screen) {
        self.0.push(screen);
    }

    /// The screen or dialog under the lists and the filter.
    #[must_use]
    pub fn under_lists(&self) -> Option<&Screen> {
        self.0.iter().rev().find(|screen| screen.level() < Level::List)
    }

    /// Whether the Fleet is in view, and the screens that are: the one that fills the terminal, and those over it. What is
    /// under the logs is still read, for one looks into them and goes back.
    #[must_use]
    pub fn in_view(&self) -> (bool, &[Screen]) {
        let first = self.0.iter().rposition(|screen| screen.level() <= Level::Probe);
        (first.is_none(), &self.0[first.unwrap_or(0)..])
    }

    /// The screen that fills the terminal; `None` if that is the Fleet.
    #[must_use]
    pub fn full(&self) -> Option<&Screen> {
        self.0.iter().rev().find(|screen| screen.level() <= Level::Logs)
    }

    /// Those that lie over the screen that fills the terminal, the one on top last.
    pub fn over_it(&self) -> impl Iterator<Item = &Screen> {
        self.0.iter().filter(|screen| screen.level() > Level::Logs)
    }

    /// All that are open, to change them.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Screen> {
        self.0.iter_mut()
    }
}
