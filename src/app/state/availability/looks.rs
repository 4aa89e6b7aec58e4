//! What only looks: whether there is something to open, to go back from, to copy, to search or to save.

use super::{Availability, Reason, require};
use crate::app::action::{Action, Layer};
use crate::app::screens::environment::{Focus, Tab, without_metrics};
use crate::app::screens::probe::ProbeRun;
use crate::app::screens::{ColumnPicker, Confirm, CopyMenu, EnvironmentView, FleetEventsView, Help, UnownedBalancers};
use crate::app::state::State;
use crate::model::{Balancer, EnvironmentEvent, Key, LoadBalancer, Range, clean};

impl State {
    /// The actions that depend on the selection of a screen.
    pub(super) fn can_look(&self, action: Action, layer: Layer) -> Availability {
        let environment = self.screens.environment();
        let range = |is_other: fn(Range) -> bool| environment.is_some_and(|view| is_other(view.charts.range));
        match action {
            Action::Open => self.can_open(layer),
            Action::Back if layer == Layer::Fleet => require(self.fleet.is_narrowed(), || self.keyed("{quit} quits")),
            Action::Longer => require(range(|it| it.longer() != it), || "this is the longest time"),
            Action::Shorter => require(range(|it| it.shorter() != it), || "this is the shortest time"),
            Action::Mark => require(
                environment.is_some_and(|view| view.settings.field().is_some()),
                || "no setting that can be edited is selected",
            ),
            Action::Toggle => {
                require(self.screens.get::<ColumnPicker>().is_some(), || "only columns can be shown and hidden")
            }
            Action::Help => require(self.screens.get::<Help>().is_none(), || "this is the help"),
            Action::Unowned => {
                let is_any = !self.snapshot().topology.unowned().is_empty();
                require(is_any, || "an environment is known for every load balancer")
            }
            Action::Log => require(!self.messages.log.is_empty(), || "the log is empty: nothing has failed"),
            Action::Report => require(self.watch_on_screen().is_some(), || "there is no update to report on"),
            Action::Copy => require(self.selected_text(false).is_some(), || "nothing to copy here"),
            Action::CopyMenu => require(!CopyMenu::items_of(self).is_empty(), || "nothing to copy here"),
            Action::CopyCommand => {
                let Some(confirm) = self.screens.get::<Confirm>() else { return Ok(()) };
                require(!confirm.commands.is_empty(), || "there is no aws command for this")
            }
            _ => Ok(()),
        }
    }

    /// Returns whether a finding is at hand that can be silenced, or whose silence can be ended.
    pub(super) fn can_silence(&self) -> Availability {
        let name = &self.current_environment()?.name;
        let (finding, is_silenced) = self.finding_at_hand().ok_or("no finding is selected")?;
        let is_covered = self.setup.checks.silences.covering(finding.check.id, name).is_some();
        require(!is_silenced || is_covered, || {
            format!("nothing silences {} in {} any more", finding.check.id, clean(name))
        })
    }

    /// One scope at a time: what is under way in the one that is shown must not be left behind.
    pub(in crate::app) fn can_switch(&self) -> Availability {
        require(self.setup.simulated.is_none(), || "a simulated region has no others beside it")?;
        if let Some(writing) = &self.operations.writing {
            return Err(format!("{} is under way: wait for its end", writing.what).into());
        }
        let rollback = self.operations.deploys.rolling_back().is_some();
        require(!rollback, || "a rollback is under way: wait for its end")?;
        let https = self.operations.https.under_way.as_ref().is_some_and(|it| !it.operation.is_over());
        require(!https, || "HTTPS is being set up: wait for its end")
    }

    /// Whether the console has a page of what is selected.
    pub(super) fn can_open_console(&self) -> Availability {
        require(self.setup.simulated.is_none(), || "a simulated region has no console")?;
        self.console_url().map(|_| ()).map_err(Reason::from)
    }

    /// Whether there are no credentials, so that a login helps.
    pub(super) fn can_sign_in(&self) -> Availability {
        require(self.setup.simulated.is_none(), || "a simulated region needs no login")?;
        let is_lost = self.session().lost().is_some_and(|fault| fault.lacks_credentials());
        require(is_lost, || "the credentials are good")
    }

    /// Whether the environment on screen has a load balancer whose metrics are drawn.
    pub(super) fn has_charts(&self) -> Availability {
        let Some(view) = self.screens.environment() else { return Ok(()) };
        let link = self.snapshot().topology.link(&view.key);
        let balancer = link.map_or(Balancer::Unknown, |link| link.balancer);
        require(balancer.is_application(), || without_metrics(balancer))
    }

    fn can_open(&self, layer: Layer) -> Availability {
        match layer {
            Layer::Fleet => require(self.fleet.selected.is_some(), || "no environment is selected"),
            Layer::FleetEvents => self.current_environment().map(|_| ()),
            Layer::Environment => {
                let has_tree = self.screens.environment().is_some_and(|view| view.focus == Focus::Tree);
                require(has_tree, || self.keyed("only the tree folds; {next-pane} goes there"))
            }
            _ => Ok(()),
        }
    }

    /// A probe writes nothing, so that it is allowed where beanpole writes nothing.
    pub(super) fn can_probe(&self) -> Availability {
        let environment = self.current_environment()?;
        let is_under_way = self.probe_on_screen().is_some_and(ProbeRun::is_under_way);
        require(!is_under_way, || self.keyed("a probe is under way; {cancel-probe} cancels it"))?;
        self.probe_obstacle(environment).map_or(Ok(()), |why| Err(why.into()))
    }

    /// The actions of the instances' logs.
    pub(super) fn can_look_into_logs(&self, action: Action) -> Availability {
        let Some(view) = self.screens.logs() else { return Ok(()) };
        let sample = self.logs_on_screen();
        match action {
            Action::NextInstance | Action::PreviousInstance => {
                let has_others = sample.is_some_and(|sample| sample.instances(None).len() > 1);
                require(has_others, || "there is no log of another instance")
            }
            Action::NextMatch | Action::PreviousMatch if view.search.words.is_empty() => {
                Err(self.keyed("nothing is searched for; {search} searches").into())
            }
            Action::NextMatch | Action::PreviousMatch => {
                require(!view.page.matches.is_empty(), || format!("{} is not in this log", clean(&view.search.words)))
            }
            _ => require(sample.is_some_and(|sample| !sample.tails.read.is_empty()), || "there is no log to save"),
        }
    }

    /// The instances' logs are not requested twice at once.
    pub(super) fn can_read_logs_again(&self) -> Availability {
        let is_asking = self.logs_on_screen().is_some_and(|sample| sample.is_under_way(self.now));
        require(!is_asking, || "the instances are being asked already")
    }

    /// Returns the load balancer at hand in the list of those that no environment is known to use.
    #[must_use]
    pub fn unowned_at_hand(&self) -> Option<&Key<LoadBalancer>> {
        self.screens.get::<UnownedBalancers>()?.at_hand(&self.terminal.hit_map)
    }

    /// Returns the text of the selection, or its ARN; `None` if it has none.
    #[must_use]
    pub fn selected_text(&self, arn: bool) -> Option<String> {
        if let Some(balancer) = self.unowned_at_hand() {
            let name = self.snapshot().inventory.load_balancers.get(balancer).map(|it| it.name.to_string());
            return if arn { Some(balancer.id.to_string()) } else { name };
        }
        if self.layer_below() == Layer::FleetEvents {
            let event = self.screens.get::<FleetEventsView>()?.selected(&self.snapshot().inventory)?;
            let environment = self.environment_of_event(event);
            return if arn { environment?.arn.as_deref().map(str::to_owned) } else { Some(event.message.to_string()) };
        }
        let Some(view) = self.screens.environment() else {
            let row = self.fleet.selected_row()?;
            if !arn {
                return Some(row.name.to_string());
            }
            return Some(self.snapshot().inventory.environments.get(&row.key)?.arn.as_deref()?.to_owned());
        };
        match view.tab {
            Tab::Events => self.selected_event().map(|event| event.message.to_string()),
            Tab::Settings => {
                let field = view.settings.field()?;
                if arn { Some(field.object.arn().to_string()) } else { Some(field.live.as_deref()?.to_owned()) }
            }
            Tab::Alarms => {
                let alarm = view.alarms.selected()?;
                Some(if arn { alarm.key.id.to_string() } else { alarm.name.to_string() })
            }
            Tab::Findings => {
                let finding = view.findings.finding()?;
                Some(if arn { finding.subject.id().to_string() } else { finding.summary.clone() })
            }
            Tab::Targets | Tab::Metrics => selected_part(view, arn),
        }
    }

    /// The event under the cursor of the Events tab.
    #[must_use]
    pub fn selected_event(&self) -> Option<&EnvironmentEvent> {
        let view = self.screens.environment()?;
        let environment = self.snapshot().inventory.environments.get(&view.key)?;
        let events = view.timeline.events(&self.snapshot().inventory, environment);
        events.get(view.timeline.position(&events)).copied()
    }
}

/// Returns the name or ARN of the selection in the tree or among the targets.
fn selected_part(view: &EnvironmentView, arn: bool) -> Option<String> {
    match view.focus {
        Focus::Table if arn => Some(view.selected_target()?.group.id.to_string()),
        Focus::Table => Some(view.selected_target()?.target.id.to_string()),
        Focus::Tree if arn => Some(view.selected_node()?.arn.as_deref()?.to_owned()),
        Focus::Tree => Some(view.selected_node()?.label.clone()),
    }
}
