//! The reported outcome of a write whose answer was lost is true, or unknown: every engine, every way of losing
//! an answer, whatever another client does meanwhile, with looks that work and looks that fail.
//!
//! The truth is what the region applied, which the wire records; the reported outcome is compared with that alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use beanpole::change::{InstanceLimits, Operation, Route, Work, Written};
use beanpole::sim::{Faults, Response, Scenario, World};
use beanpole::write::unfinished;

use super::stage::{Fate, LostAnswer, Stage, polled, wait};
use super::terrain::Terrain;
use crate::support::somebody;
use crate::support::wire::WRITES;

const SCENARIO: &str = scenario!(
    "one environment, of which two clients change something",
    application!("shop", "v1", "v2", "v3"),
    environment!("web", version = "v1", instances = 2, max_instances = 4),
);

/// What is written, and by which route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Options,
    Direct,
    Both,
    Deploy,
    Scale,
    Restart,
}

impl Engine {
    const ALL: [Self; 6] = [Self::Options, Self::Direct, Self::Both, Self::Deploy, Self::Scale, Self::Restart];
}

/// What another client updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Update {
    /// Options, and of ours the value on the load balancer.
    Options,
    /// The version.
    Version,
}

/// When another client updates the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Other {
    Nobody,
    /// After we decided, and before we look again.
    Before(Update),
    /// Between our last look and the arrival of our request.
    Between(Update),
    /// As soon as our request has passed, or was lost.
    After(Update),
}

impl Other {
    const ALL: [Self; 7] = [
        Self::Nobody,
        Self::Before(Update::Options),
        Self::Before(Update::Version),
        Self::Between(Update::Options),
        Self::Between(Update::Version),
        Self::After(Update::Options),
        Self::After(Update::Version),
    ];
}

/// Whether what is read after the write comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Work,
    Dark,
}

/// A write that was decided on.
struct Decided(Box<Operation>);

impl Decided {
    async fn on(stage: &Stage, engine: Engine) -> Self {
        let route = match engine {
            Engine::Options => Route::Beanstalk,
            Engine::Direct => Route::Elb,
            Engine::Both => Route::Both,
            Engine::Deploy | Engine::Scale | Engine::Restart => {
                let sizes = |min, max| InstanceLimits { min, max };
                let environment = stage.environment("web").await;
                return Self(Box::new(match engine {
                    Engine::Deploy => Operation::deploy(&environment, "v2".into()),
                    Engine::Restart => Operation::of(&environment, Work::Restart),
                    _ => Operation::of(&environment, Work::Scale { from: sizes(2, 4), to: sizes(2, 6) }),
                }));
            }
        };
        let terrain = Box::pin(Terrain::read(stage, "web")).await;
        let plan = terrain.plan(&[("deregistration_delay.timeout_seconds", "60")], Some(route)).unwrap();
        Self(Box::new(Operation::from(&plan)))
    }

    async fn carry_out(&self, stage: &Stage) -> Written {
        Box::pin(stage.perform(&self.0)).await
    }

    /// How many calls it takes.
    fn calls(&self) -> usize {
        self.0.calls().iter().filter(|call| call.write().changes).count()
    }
}

/// How many writes of another client the region took.
#[derive(Clone, Default)]
struct Others(Arc<AtomicUsize>);

impl Others {
    fn count(&self, answer: &Response) {
        self.0.fetch_add(usize::from(answer.status == 200), Ordering::SeqCst);
    }
}

/// Another client updates the environment.
fn updates(world: &World, update: Update) -> Response {
    let update = match update {
        Update::Version => "VersionLabel=v3",
        Update::Options => {
            "OptionSettings.member.1.Namespace=aws:elbv2:loadbalancer&OptionSettings.member.1.OptionName=IdleTimeout\
             &OptionSettings.member.1.Value=98"
        }
    };
    let body = format!("Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=web&{update}");
    somebody::answer(world, "elasticbeanstalk", &body)
}

/// The ARN of the only target group.
fn target_group(world: &World) -> String {
    let listed = somebody::ask(world, "elasticloadbalancing", "Action=DescribeTargetGroups&Version=2015-12-01");
    somebody::between(&listed, "TargetGroupArn").to_owned()
}

/// Another client writes to the target group itself.
fn writes_directly(world: &World, group: &str) -> Response {
    let body = format!(
        "Action=ModifyTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={group}\
         &Attributes.member.1.Key=deregistration_delay.timeout_seconds&Attributes.member.1.Value=98"
    );
    somebody::answer(world, "elasticloadbalancing", &body)
}

/// The region, the target group, and what another client does to them.
#[derive(Clone)]
struct Rival {
    world: World,
    group: String,
    engine: Engine,
    taken: Others,
}

impl Rival {
    fn acts(&self, update: Update) {
        if matches!(self.engine, Engine::Direct | Engine::Both) && update == Update::Options {
            self.taken.count(&writes_directly(&self.world, &self.group));
        }
        self.taken.count(&updates(&self.world, update));
    }
}

fn is_write(operation: &str) -> bool {
    WRITES.iter().any(|name| operation.starts_with(name))
}

/// One case: what was written and lost, and its reported end.
#[derive(Clone, Copy, Debug)]
struct Case {
    engine: Engine,
    arrives: bool,
    answer: LostAnswer,
    other: Other,
    looks: Looks,
}

fn cases(engines: &[Engine]) -> Vec<Case> {
    let mut cases = Vec::new();
    for engine in engines.iter().copied() {
        for (answer, other) in LostAnswer::ALL.into_iter().flat_map(|it| Other::ALL.map(|other| (it, other))) {
            for (arrives, looks) in
                [(false, Looks::Work), (true, Looks::Work), (false, Looks::Dark), (true, Looks::Dark)]
            {
                cases.push(Case { engine, arrives, answer, other, looks });
            }
        }
    }
    cases
}

impl Case {
    async fn stage(self) -> (Stage, Decided, Rival) {
        self.on(Stage::undisturbed(SCENARIO)).await
    }

    async fn on(self, stage: Stage) -> (Stage, Decided, Rival) {
        let decided = Decided::on(&stage, self.engine).await;
        stage.hand.fate(Fate::Lost { arrives: self.arrives, answer: self.answer });
        let (world, group) = (stage.world.clone(), target_group(&stage.world));
        let rival = Rival { world, group, engine: self.engine, taken: Others::default() };
        let (between, after) = (rival.clone(), rival.clone());
        stage.hand.watch(move || {
            if self.looks == Looks::Dark {
                let deny = ["elasticbeanstalk:Describe*", "elasticloadbalancing:Describe*", "autoscaling:Describe*"];
                let faults = between.world.faults();
                between.world.set_faults(Faults { deny: deny.map(str::to_owned).to_vec(), ..faults });
            }
            if let Other::Between(update) = self.other {
                between.acts(update);
            }
        });
        stage.hand.watch_after(move || {
            if let Other::After(update) = self.other {
                after.acts(update);
            }
        });
        if let Other::Before(update) = self.other {
            rival.acts(update);
        }
        (stage, decided, rival)
    }

    /// Checks that the reported outcome is true, or unknown.
    fn holds(
        self,
        (stage, rival): (&Stage, &Rival),
        said: &str,
        all: usize,
        is_undisturbed: bool,
    ) -> Result<(), String> {
        let operations = stage.hand.operations();
        let all_taken =
            stage.world.calls().iter().filter(|call| call.status == 200 && is_write(&call.operation)).count();
        let taken = all_taken - rival.taken.0.load(Ordering::SeqCst);
        let mut once = operations.clone();
        once.sort();
        once.dedup();
        if once.len() != operations.len() {
            return Err(format!("{self:?}: sent twice: {operations:?}"));
        }
        let is_true = match said {
            "applied" => taken == all,
            "partial" => taken > 0,
            "failed" | "conflict" | "refused" => taken == 0,
            "unknown" => true,
            _ => false,
        };
        let recorded: Vec<_> = stage.entries().into_iter().map(|it| it.outcome.unwrap_or_default()).collect();
        if recorded != [said] {
            return Err(format!("{self:?}: said {said}, recorded {recorded:?}"));
        }
        if !is_true {
            return Err(format!("{self:?}: said {said}, and the region took {taken} of {all}"));
        }
        if is_undisturbed && said == "unknown" {
            return Err(format!("{self:?}: nothing stood in the way of finding out, and it is not known"));
        }
        Ok(())
    }
}

/// Runs all cases, and lists all that fail.
async fn all_hold(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in &cases {
        let (stage, decided, rival) = Box::pin(case.stage()).await;
        let written = Box::pin(decided.carry_out(&stage)).await;
        let is_undisturbed = case.other == Other::Nobody && case.looks == Looks::Work;
        wrong.extend(case.holds((&stage, &rival), written.outcome.word(), decided.calls(), is_undisturbed).err());
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_table_is_whole() {
    let cases = cases(&Engine::ALL);
    assert_eq!(cases.len(), 6 * 2 * 4 * 7 * 2);
    assert!(cases.iter().all(|case| Engine::ALL.contains(&case.engine)));
}

#[tokio::test(start_paused = true)]
async fn of_options_the_truth_is_said() {
    all_hold(cases(&[Engine::Options])).await;
}

#[tokio::test(start_paused = true)]
async fn of_values_written_directly_the_truth_is_said() {
    all_hold(cases(&[Engine::Direct, Engine::Both])).await;
}

#[tokio::test(start_paused = true)]
async fn of_a_deploy_the_truth_is_said() {
    all_hold(cases(&[Engine::Deploy])).await;
}

#[tokio::test(start_paused = true)]
async fn of_sizes_and_restarts_the_truth_is_said() {
    all_hold(cases(&[Engine::Scale, Engine::Restart])).await;
}

/// When the next start looks for what was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    AtOnce,
    /// Another client's update, begun after the end of the program, is still under way.
    DuringAnother(Update),
    /// It is over.
    AfterAnother(Update),
}

impl Start {
    const ALL: [Self; 5] = [
        Self::AtOnce,
        Self::DuringAnother(Update::Options),
        Self::DuringAnother(Update::Version),
        Self::AfterAnother(Update::Options),
        Self::AfterAnother(Update::Version),
    ];
}

/// Kills the program at this poll and lets the next start look; whether there was something to cut.
async fn killed(case: Case, start: Start, times: usize) -> Result<bool, String> {
    let (stage, decided, rival) = Box::pin(case.stage()).await;
    stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..stage.world.faults() });
    if polled(decided.carry_out(&stage), times).await.is_some() {
        return Ok(false);
    }
    wait(2).await;
    if let Start::DuringAnother(update) | Start::AfterAnother(update) = start {
        // Ours, if it was taken, is over by now.
        wait(400).await;
        rival.acts(update);
        wait(if matches!(start, Start::DuringAnother(_)) { 5 } else { 400 }).await;
    }
    let open = unfinished(&stage.log).unwrap();
    let Some(open) = open.first() else { return Ok(true) };
    let now = || stage.now();
    let settled = Box::pin(stage.writer(&now).settle(&open.entry)).await.unwrap();
    let is_undisturbed = case.other == Other::Nobody && start == Start::AtOnce;
    let held = case.holds((&stage, &rival), settled.outcome.word(), decided.calls(), is_undisturbed);
    held.map(|()| true).map_err(|why| format!("{why}; cut after {times} polls, {start:?}"))
}

/// Cuts at every await of it, and at some of them with another client at work before the next start.
async fn all_hold_when_killed(engine: Engine) {
    let (mut wrong, mut cuts) = (Vec::new(), 0);
    let others = [Other::Nobody, Other::Between(Update::Options), Other::Between(Update::Version)];
    let combined = [false, true].into_iter().flat_map(|it| others.map(|other| (it, other)));
    for (place, (arrives, other)) in combined.enumerate() {
        let case = Case { engine, arrives, answer: LostAnswer::Reset, other, looks: Looks::Work };
        for start in Start::ALL {
            let (first, step) = match (start, other) {
                (Start::AtOnce, Other::Nobody) => (1, 1),
                (Start::AtOnce, _) => (1 + place % 3, 3),
                _ => (1 + place, 12),
            };
            for times in (first..).step_by(step) {
                match Box::pin(killed(case, start, times)).await {
                    Ok(true) => cuts += 1,
                    Ok(false) => break,
                    Err(why) => wrong.push(why),
                }
            }
        }
    }
    assert!(cuts + wrong.len() > 12, "it was hardly ever cut: {cuts}");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cuts + wrong.len(), wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_await_the_next_start_says_the_truth_of_options() {
    all_hold_when_killed(Engine::Options).await;
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_await_the_next_start_says_the_truth_of_a_deploy() {
    all_hold_when_killed(Engine::Deploy).await;
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_await_the_next_start_says_the_truth_of_sizes() {
    all_hold_when_killed(Engine::Scale).await;
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_await_the_next_start_says_the_truth_of_values_written_directly() {
    all_hold_when_killed(Engine::Direct).await;
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_taken_is_applied_and_says_why_nothing_was_seen_of_it_afterwards() {
    for engine in Engine::ALL.into_iter().filter(|engine| *engine != Engine::Both) {
        let case = Case { engine, arrives: true, answer: LostAnswer::Reset, other: Other::Nobody, looks: Looks::Dark };
        let (stage, decided, _) = Box::pin(case.stage()).await;
        stage.hand.fate(Fate::Arrives);
        let written = Box::pin(decided.carry_out(&stage)).await;
        assert_eq!(written.outcome.word(), "applied", "{engine:?}: {written:?}");
        assert_eq!(written.unseen.unwrap().kind, beanpole::model::FaultKind::Denied, "{engine:?}");
        assert!(written.observed.is_none() && written.values.is_empty(), "{engine:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_client_writes_over_it_is_said() {
    let case = Case {
        engine: Engine::Direct,
        arrives: true,
        answer: LostAnswer::Reset,
        other: Other::After(Update::Options),
        looks: Looks::Work,
    };
    let (stage, decided, _) = Box::pin(case.stage()).await;
    stage.hand.fate(Fate::Arrives);
    let written = Box::pin(decided.carry_out(&stage)).await;
    let plan = decided.0.rows().unwrap();
    let said: Vec<_> = plan.overwritten(&written.values).iter().map(ToString::to_string).collect();
    let key = "deregistration_delay.timeout_seconds";
    assert_eq!(said, [format!("{key} is 98 now, not 60: another client wrote it after this change")]);
    // A value that comes with an update later is not overwritten because it is not there yet.
    let case = Case { engine: Engine::Options, other: Other::Nobody, ..case };
    let (stage, decided, _) = Box::pin(case.stage()).await;
    stage.hand.fate(Fate::Arrives);
    let written = Box::pin(decided.carry_out(&stage)).await;
    let plan = decided.0.rows().unwrap();
    assert_eq!((written.outcome.word(), plan.overwritten(&written.values)), ("applied", Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_changes_nothing() {
    for ahead in [-280, -200, -45, -20, 20, 45, 200, 280] {
        for engine in Engine::ALL {
            for (arrives, other) in
                [(true, Other::Nobody), (false, Other::Nobody), (false, Other::After(Update::Options))]
            {
                let case = Case { engine, arrives, answer: LostAnswer::Reset, other, looks: Looks::Work };
                let (stage, decided, rival) = Box::pin(
                    case.on(Stage::ahead(Scenario::from_toml("test", SCENARIO).unwrap(), ahead).without_faults()),
                )
                .await;
                let written = Box::pin(decided.carry_out(&stage)).await;
                let is_undisturbed = other == Other::Nobody;
                let held = case.holds((&stage, &rival), written.outcome.word(), decided.calls(), is_undisturbed);
                assert_eq!(held, Ok(()), "{ahead} s ahead: {written:?}");
            }
        }
    }
}
