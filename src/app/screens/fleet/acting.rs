//! What keys and clicks do in the Fleet.

use super::change::FleetChange;
use super::view::Fleet;
use crate::app::action::Action;
use crate::app::response::{Response, Step};
use crate::app::screens::environment::Tab;
use crate::app::screens::{ColumnPicker, EnvironmentView, FilterField, FilterSubject, SortPicker};

impl Fleet {
    /// Carries an action out, which is available. `None` if the action is not the Fleet's own.
    pub fn act(&mut self, action: Action) -> Option<Response> {
        let arrange = |change: FleetChange| Response::step(Step::Arrange(change));
        Some(match action {
            Action::Open => self.open(Tab::default()),
            Action::Edit => self.open(Tab::Settings),
            Action::Back => arrange(FleetChange::ShowAll),
            Action::Leave => Response::step(Step::Quit),
            Action::Filter => Response::open(FilterField::new(self.filter.clone(), FilterSubject::Fleet)),
            Action::Sort => Response::open(SortPicker::new(self.sort)),
            Action::Columns => Response::open(ColumnPicker::default()),
            Action::Reverse => arrange(FleetChange::Reverse),
            Action::Preview => arrange(FleetChange::Preview),
            Action::Attention => arrange(FleetChange::Attention),
            Action::Left => {
                self.left = self.left.saturating_sub(1);
                Response::none()
            }
            Action::Right => {
                self.left = (self.left + 1).min(self.columns.len().saturating_sub(2));
                Response::none()
            }
            _ => return None,
        })
    }

    /// Opens the selected environment.
    fn open(&self, tab: Tab) -> Response {
        let view = self.selected.clone().map(|key| EnvironmentView::on(key, tab));
        view.map_or_else(Response::none, |view| Response::open(view).then(Step::Rebuild).then(Step::Plan))
    }

    /// Handles a click on a line of it: selects the row, or opens it if it is selected.
    pub fn click(&mut self, line: usize) -> Response {
        let place = self.rows.scroll() + line;
        if self.position() == Some(place) {
            return self.open(Tab::default());
        }
        if place < self.len() {
            self.select_at(place);
        }
        Response::none()
    }
}
