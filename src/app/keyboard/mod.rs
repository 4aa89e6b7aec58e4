//! From a key to its effect: the table maps keys to actions, this applies an action to the state.

mod alarms;
mod copying;
mod dialogs;
mod fields;
mod instance_actions;
mod leaving;
mod lists;
mod logs;
mod mouse;
mod moving;
mod palette;
mod settings;
mod tabs;

use tui_input::Input;

use crate::app::action::{Action, Layer};
use crate::app::application::App;
use crate::app::availability;
use crate::app::environment::{EnvironmentView, Focus, Tab};
use crate::app::message::Effect;
use crate::app::overlay::Overlay;
use crate::app::screens::Screen;
use crate::config::Chord;

impl App {
    pub(in crate::app) fn press(&mut self, chord: Chord) -> Vec<Effect> {
        let layer = self.state.layer();
        match self.state.setup.keymap.action(layer, chord) {
            Some(action) => self.carry_out(layer, action),
            None if layer == Layer::Text => self.type_key(chord),
            None if matches!(layer, Layer::Search | Layer::Palette | Layer::Picker | Layer::Form | Layer::Name) => {
                self.type_in_dialog(chord);
                Vec::new()
            }
            None => {
                let elsewhere = self.state.setup.keymap.elsewhere(chord);
                if !elsewhere.is_empty() {
                    self.notify(format!("{chord}: {}", availability::elsewhere(&elsewhere)));
                }
                Vec::new()
            }
        }
    }

    /// Performs an action in a layer, or shows why it is not available now.
    fn carry_out(&mut self, layer: Layer, action: Action) -> Vec<Effect> {
        if let Err(reason) = action.availability_in(layer, &self.state) {
            self.notify(reason.to_string());
            return Vec::new();
        }
        match layer {
            Layer::Logs | Layer::Search => self.act_in_logs(action),
            _ => self.act(action),
        }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => return self.quit(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Leave => return self.back(true),
            Action::Back => return self.back(false),
            Action::Copy | Action::CopyArn => return self.copy(action == Action::CopyArn),
            Action::Open => return self.open(),
            Action::DeployView => self.open_deploy(),
            Action::Logs => self.open_logs(),
            Action::DeployVersion => self.pick_version(),
            Action::Abort => self.ask_abort(),
            Action::Rollback => return self.ask_back(),
            Action::Restart | Action::Scale | Action::Replace | Action::Session => self.act_day_two(action),
            Action::MuteAlarms => return self.ask_alarms(),
            Action::Palette => self.open_palette(),
            Action::Report => return self.save_report(),
            Action::Undo if self.state.layer() == Layer::Guide => self.take_https_back(),
            Action::Https => return self.open_https(),
            Action::Retry => return self.retry_https(),
            Action::ContinueAnyway => self.pass_https(),
            Action::StopHere => return self.leave_https(),
            Action::Settings => self.turn_to(Tab::Settings),
            Action::Edit
            | Action::Stickiness
            | Action::Undo
            | Action::Adopt
            | Action::PutBack
            | Action::Differing
            | Action::Mark => return self.act_on_settings(action),
            Action::NextField
            | Action::PreviousField
            | Action::ScrollDown
            | Action::ScrollUp
            | Action::NextButton
            | Action::OtherButton
            | Action::CopyCommand
            | Action::PickDown
            | Action::PickUp => {
                return self.act_in_dialog(action);
            }
            Action::Left | Action::Right => self.sideways(action == Action::Right),
            Action::NextPane | Action::PreviousPane => self.turn_pane(action == Action::NextPane),
            Action::Targets => self.turn_to(Tab::Targets),
            Action::Metrics => self.turn_to(Tab::Metrics),
            Action::Events => self.turn_to(Tab::Events),
            Action::Longer | Action::Shorter | Action::Zones | Action::Classic => self.change_charts(action),
            Action::Severity => self.change_severity(),
            Action::Filter => self.state.screens.open(Input::new(self.state.fleet.filter.clone())),
            Action::Sort => self.show(Overlay::Sort),
            Action::Columns => self.show(Overlay::Columns),
            Action::Log => self.show(Overlay::Log),
            Action::Help => self.show(Overlay::Help),
            Action::Reverse => self.arrange(|fleet| fleet.reverse = !fleet.reverse),
            Action::Attention => self.arrange(|fleet| fleet.attention = !fleet.attention),
            Action::Toggle => self.toggle_column(),
            Action::Refresh => self.refresh(),
            Action::Pause => self.pause_screen(),
            movement => self.travel(movement),
        }
        Vec::new()
    }

    /// Enter, in what has the keyboard.
    fn open(&mut self) -> Vec<Effect> {
        match self.state.screens.top_mut() {
            Some(Screen::Filter(_)) => drop(self.state.screens.take_filter()),
            Some(Screen::List(list)) => {
                let list = *list;
                self.choose_in_list(list);
            }
            Some(Screen::Dialog(_)) => return self.choose_in_dialog(),
            Some(Screen::Environment(view)) => match view.tab {
                Tab::Settings => self.edit(),
                Tab::Metrics => {
                    view.charts.whole = !view.charts.whole;
                    self.plan();
                }
                Tab::Targets if view.focus == Focus::Tree => {
                    let fold = view.selected_node().is_some_and(|node| !node.folded);
                    if view.fold(fold) {
                        self.rebuild_environment();
                    }
                }
                Tab::Targets | Tab::Events => {}
            },
            Some(Screen::Deploy(_) | Screen::Logs(_)) => {}
            None => {
                let selected = self.state.fleet.selected.clone();
                selected.into_iter().for_each(|key| self.state.screens.open(EnvironmentView::new(key)));
                self.rebuild_environment();
                self.plan();
            }
        }
        Vec::new()
    }

    fn refresh(&mut self) {
        self.resume_screen();
        self.state.poller_mut().refresh();
        self.state.poller_mut().request_log.retry_failed();
        self.notify("reading again");
    }

    fn pause_screen(&mut self) {
        if self.state.paused.is_some() {
            self.resume_screen();
        } else {
            self.state.paused = Some((self.state.now, Vec::new()));
        }
    }
}
