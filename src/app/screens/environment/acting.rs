//! What keys and clicks do on the Environment screen.

use super::settings::SettingsShown;
use super::targets::TARGET_COLUMNS;
use super::view::{EnvironmentView, Focus, Tab};
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Hit, Pane};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::view::fit_list;
use crate::app::screens::{FilterField, FilterSubject, Level, View, place_of};
use crate::app::state::State;
use crate::change::Field;
use crate::model::{Chart, Measure};
use crate::polling::Question;

impl EnvironmentView {
    /// Shows a tab.
    fn turn_to(&mut self, tab: Tab) -> Response {
        self.focus = Focus::Table;
        self.tab = tab;
        Response::step(Step::Rebuild).then(Step::Plan)
    }

    /// On the Targets tab between tree and table, the others have one pane: there to the next tab.
    fn turn_pane(&mut self, forward: bool) -> Response {
        if self.tab == Tab::Targets {
            self.focus = if self.focus == Focus::Tree { Focus::Table } else { Focus::Tree };
            return Response::none();
        }
        let at = Tab::ALL.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        self.turn_to(Tab::ALL[place_of(at, Tab::ALL.len(), forward)])
    }

    fn open(&mut self, state: &State) -> Response {
        match self.tab {
            Tab::Settings => self.edit_settings(state),
            Tab::Metrics => {
                self.charts.whole = !self.charts.whole;
                Response::step(Step::Plan)
            }
            Tab::Targets if self.focus == Focus::Tree => {
                let fold = self.selected_node().is_some_and(|node| !node.folded);
                self.fold_selected(fold)
            }
            Tab::Findings => self.fix(state),
            Tab::Targets | Tab::Events | Tab::Alarms => Response::none(),
        }
    }

    fn fold_selected(&mut self, fold: bool) -> Response {
        if self.fold(fold) { Response::step(Step::Rebuild) } else { Response::none() }
    }

    /// Removes the crosshair first, then closes the large chart, then the screen.
    fn leave(&mut self) -> Response {
        if self.tab == Tab::Metrics && self.charts.cursor.take().is_some() {
            return Response::none();
        }
        if self.tab == Tab::Metrics && std::mem::take(&mut self.charts.whole) {
            return Response::step(Step::Plan);
        }
        Response::close(Level::Environment).then(Step::Plan)
    }

    fn sideways(&mut self, right: bool, state: &State) -> Response {
        match (self.tab, self.focus) {
            (Tab::Metrics, _) => self.charts.move_cursor(if right { 1 } else { -1 }, state.shown_at()),
            (_, Focus::Tree) => return self.fold_selected(!right),
            (_, Focus::Table) if right => self.left = (self.left + 1).min(TARGET_COLUMNS.len() - 2),
            (_, Focus::Table) => self.left = self.left.saturating_sub(1),
        }
        Response::none()
    }

    fn change_charts(&mut self, action: Action) -> Response {
        let charts = &mut self.charts;
        match action {
            Action::Longer => charts.range = charts.range.longer(),
            Action::Shorter => charts.range = charts.range.shorter(),
            Action::Zones => charts.zones = !charts.zones,
            _ => charts.classic = !charts.classic,
        }
        Response::step(Step::Rebuild).then(Step::Plan)
    }

    /// Settles the settings among the chosen ones that drift: by adopting what is live, or by putting back the option's value.
    fn settle_drift(&self, adopt: bool, state: &State) -> Response {
        let Some(environment) = state.snapshot().inventory.environments.get(&self.key) else { return Response::none() };
        let drifting: Vec<_> = self.settings.chosen().into_iter().filter(Field::drifts).collect();
        if adopt { state.draft_adoption(environment, &drifting) } else { state.draft_put_back(environment, &drifting) }
    }

    fn list_of(&mut self, pane: Pane) -> Option<&mut ListState> {
        match pane {
            Pane::Tree => Some(&mut self.tree),
            Pane::Targets => Some(&mut self.table),
            Pane::Settings => Some(&mut self.settings.list),
            Pane::Findings => Some(&mut self.findings.list),
            Pane::Alarms => Some(&mut self.alarms.list),
            _ => None,
        }
    }
}

impl View for EnvironmentView {
    fn layer(&self) -> Layer {
        match self.tab {
            Tab::Targets => Layer::Environment,
            Tab::Metrics => Layer::Metrics,
            Tab::Settings => Layer::Settings,
            Tab::Events => Layer::Events,
            Tab::Findings => Layer::Findings,
            Tab::Alarms => Layer::Alarms,
        }
    }

    fn questions(&self) -> Vec<Question> {
        let charts = if self.tab == Tab::Metrics { self.charts.measures() } else { vec![Measure::Row] };
        let of_tab = match self.tab {
            Tab::Settings => Some(Question::Settings(self.key.clone())),
            Tab::Events => Some(Question::History(self.key.clone())),
            Tab::Findings => Some(Question::Checks(self.key.clone())),
            Tab::Alarms => Some(Question::Alarms(self.key.clone())),
            Tab::Targets | Tab::Metrics => None,
        };
        let always = [Question::Tree(self.key.clone()), Question::Measures(self.key.clone(), charts)];
        always.into_iter().chain(of_tab).collect()
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        Some(match action {
            Action::Open => self.open(state),
            Action::Back if self.tab == Tab::Settings && self.settings.is_narrowed() => {
                self.settings.show_all();
                Response::step(Step::Rebuild)
            }
            Action::Back | Action::Leave => self.leave(),
            Action::Left | Action::Right => self.sideways(action == Action::Right, state),
            Action::NextPane | Action::PreviousPane => self.turn_pane(action == Action::NextPane),
            Action::Targets => self.turn_to(Tab::Targets),
            Action::Metrics => self.turn_to(Tab::Metrics),
            Action::Events => self.turn_to(Tab::Events),
            Action::Findings => self.turn_to(Tab::Findings),
            Action::Alarms => self.turn_to(Tab::Alarms),
            Action::Longer | Action::Shorter | Action::Zones | Action::Classic => self.change_charts(action),
            Action::Severity => {
                self.timeline.least = self.timeline.least.next();
                Response::none()
            }
            Action::Edit if self.tab == Tab::Settings => self.edit_settings(state),
            Action::Settings | Action::Edit => self.turn_to(Tab::Settings),
            Action::Adopt | Action::PutBack => self.settle_drift(action == Action::Adopt, state),
            Action::Differing => {
                self.settings.show(SettingsShown::Differing);
                Response::step(Step::Rebuild)
            }
            Action::Drifted => {
                self.settings.show(SettingsShown::Drifted);
                Response::step(Step::Rebuild)
            }
            Action::Filter => Response::open(FilterField::new(self.settings.filter.clone(), FilterSubject::Settings)),
            Action::Mark => {
                self.settings.mark();
                Response::none()
            }
            _ => return None,
        })
    }

    fn move_by(&mut self, rows: isize, state: &State) -> Response {
        match self.tab {
            Tab::Targets => {
                let node = self.tree.selected();
                self.list_mut().move_by(rows);
                if self.tree.selected() != node {
                    return Response::step(Step::Rebuild);
                }
            }
            Tab::Settings => self.settings.move_by(rows),
            Tab::Findings => self.findings.list.move_by(rows),
            Tab::Alarms => self.alarms.list.move_by(rows),
            Tab::Events => {
                let inventory = &state.snapshot().inventory;
                if let Some(environment) = inventory.environments.get(&self.key) {
                    let events = self.timeline.events(inventory, environment);
                    self.timeline.move_by(rows, &events);
                }
            }
            Tab::Metrics => {
                self.charts.move_by(rows);
                return Response::step(Step::Plan);
            }
        }
        Response::none()
    }

    /// The tree and the targets are beside each other: the one under the pointer moves, whichever has the keyboard.
    fn scroll(&mut self, rows: isize, (x, y): (u16, u16), state: &State) -> Response {
        let panes = [(Pane::Tree, Focus::Tree), (Pane::Targets, Focus::Table)];
        let mut under = panes.iter().filter(|(pane, _)| state.terminal.hit_map.line_at(*pane, x, y).is_some());
        let under = under.next().map_or(self.focus, |(_, focus)| *focus);
        let focus = std::mem::replace(&mut self.focus, under);
        let response = self.move_by(rows, state);
        self.focus = focus;
        response
    }

    fn page(&mut self) -> usize {
        match self.tab {
            Tab::Targets => self.list().height(),
            Tab::Metrics => self.charts.page(),
            Tab::Settings => self.settings.list.height(),
            Tab::Findings => self.findings.list.height(),
            Tab::Alarms => self.alarms.list.height(),
            Tab::Events => self.timeline.height.max(1),
        }
    }

    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        let line_of = |pane: Pane| state.terminal.hit_map.line_at(pane, x, y);
        match self.tab {
            Tab::Targets => {
                for (pane, focus) in [(Pane::Tree, Focus::Tree), (Pane::Targets, Focus::Table)] {
                    if let (Some(line), Some(list)) = (line_of(pane), self.list_of(pane)) {
                        list.select(list.scroll() + line);
                        self.focus = focus;
                        return Response::step(Step::Rebuild);
                    }
                }
            }
            Tab::Metrics => {
                let places = self.charts.places();
                let clicked = places.iter().find(|(_, area)| area.line_at(x, y).is_some());
                let at = clicked.and_then(|(chart, _)| Chart::ALL.iter().position(|other| other == chart));
                self.charts.selected = at.unwrap_or(self.charts.selected);
            }
            Tab::Settings => {
                if let Some(line) = line_of(Pane::Settings) {
                    self.settings.select(self.settings.list.scroll() + line, true);
                }
            }
            Tab::Alarms => {
                if let Some(line) = line_of(Pane::Alarms) {
                    self.alarms.list.select(self.alarms.list.scroll() + line);
                }
            }
            Tab::Findings => {
                if let Some(line) = line_of(Pane::Findings) {
                    self.findings.list.select(self.findings.list.scroll() + line);
                }
            }
            Tab::Events => {
                let inventory = &state.snapshot().inventory;
                if let (Some(line), Some(environment)) = (line_of(Pane::Events), inventory.environments.get(&self.key))
                {
                    let events = self.timeline.events(inventory, environment);
                    self.timeline.click(line, &events);
                }
            }
        }
        Response::none()
    }

    fn fit(&mut self, hit: &Hit) {
        match hit.pane {
            Pane::Charts => self.charts.set_area(hit.area),
            Pane::Events => self.timeline.height = usize::from(hit.area.height),
            pane => self.list_of(pane).into_iter().for_each(|list| fit_list(list, hit)),
        }
    }
}
