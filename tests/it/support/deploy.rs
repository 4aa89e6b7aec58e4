//! Follows a simulated deploy from its beginning to its verdict, through the SDK and on the paused clock.

use std::ops::ControlFlow;
use std::time::Duration;

use beanpole::config;
use beanpole::deploy::{Happened, Happening, SETTLE, Verdict, VerdictKind, Watch};
use beanpole::model::{Environment, Key, Moment, Snapshot, Source};
use beanpole::polling::{Pace, Question};
use beanpole::runtime::{Following, UpdateEnd, follow_update};
use beanpole::sim::Scenario;

use super::Stage;

/// The result of following an update.
pub struct Trace {
    /// Everything that happened, in its order, with the time at which we learned it.
    pub happened: Vec<(Moment, Happened)>,
    /// The watch at its end.
    pub watch: Watch,
    /// The most calls within a minute.
    pub busiest: usize,
}

impl Trace {
    /// When an event with this text was written.
    pub fn event(&self, text: &str) -> Option<Moment> {
        self.happened.iter().find_map(|(_, it)| match &it.what {
            Happening::Event(event) if event.message.contains(text) => Some(event.at),
            _ => None,
        })
    }

    /// All verdicts, with the time of each.
    pub fn verdicts(&self) -> impl Iterator<Item = (Moment, &Verdict)> {
        self.happened.iter().filter_map(|(at, it)| match &it.what {
            Happening::Verdict(verdict) => Some((*at, verdict)),
            _ => None,
        })
    }

    /// When it was first called worse: early, or confirmed.
    pub fn worse(&self, early: bool) -> Option<Moment> {
        let is_it = |verdict: &Verdict| verdict.kind == VerdictKind::Worse && verdict.early == early;
        self.verdicts().find(|(_, verdict)| is_it(verdict)).map(|(at, _)| at)
    }
}

/// Follows the update of an environment, until `is_enough` returns true or the verdict is final.
pub async fn followed(stage: &Stage, name: &str, is_enough: impl Fn(&Watch) -> bool) -> Trace {
    let pace = Pace::new(&config::defaults());
    let environment = environment(stage, name).await;
    stage.world.clear_calls();
    let timeout = Duration::from_mins(45);
    let following = Following { environment, watch: None, settle: SETTLE, timeout };
    let mut happened = Vec::new();
    let ended = follow_update(
        stage.means(&pace),
        following,
        async || None,
        |watch, news| {
            happened.extend(news.into_iter().map(|it| (stage.clock.now(), it)));
            if is_enough(watch) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    let UpdateEnd::Over(watch) = ended.await.ended else { panic!("there was nothing to follow") };
    Trace { happened, watch, busiest: busiest(stage) }
}

pub async fn environment(stage: &Stage, name: &str) -> Key<Environment> {
    let questions = |known: &Snapshot| vec![Question::These(vec![Source::Environments(known.scope)])];
    stage.gather(questions).await.snapshot.inventory.environment_named(name).unwrap().key.clone()
}

/// The most calls in any minute, the first one apart: there the region is linked.
fn busiest(stage: &Stage) -> usize {
    let calls: Vec<_> = stage.world.calls().into_iter().map(|call| call.at).collect();
    let Some(first) = calls.first().copied() else { return 0 };
    let minute = |at: jiff::Timestamp| at.duration_since(first).as_secs() / 60;
    (1..=calls.iter().map(|at| minute(*at)).max().unwrap_or(0))
        .map(|number| calls.iter().filter(|at| minute(**at) == number).count())
        .max()
        .unwrap_or(0)
}

/// Returns a scenario in which the first environment gets at most this many requests a second.
pub fn with_peak(scenario: &str, peak: f64) -> Scenario {
    let text = match scenario {
        "rolling" => include_str!("../../../assets/scenarios/rolling.toml"),
        _ => include_str!("../../../assets/scenarios/bad-deploy.toml"),
    };
    let (before, rest) = text.split_once("traffic = { peak = ").unwrap();
    let (_, after) = rest.split_once(',').unwrap();
    Scenario::from_toml(scenario, &format!("{before}traffic = {{ peak = {peak:.2},{after}")).unwrap()
}
