//! Follows an update and rolls it back when it did confirmed harm, as `--on-worse rollback` does, on the paused clock.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use beanpole::aws::look;
use beanpole::change::{Confirmation, Operation};
use beanpole::config;
use beanpole::deploy::{HarmResponse, SETTLE, VerdictKind, Watch};
use beanpole::model::{Environment, Key};
use beanpole::polling::Pace;
use beanpole::runtime::{Following, Resumed, UpdateEnd, follow_update, resume, roll_back, rollback_watch};

use super::Stage;
use super::deploy::environment;

/// An update that did harm, and the rollback that it calls for.
pub struct BadUpdate {
    pub watch: Watch,
    pub operation: Operation,
}

/// How a rollback ended.
pub struct RolledBack {
    pub operation: Operation,
    pub resumed: Resumed,
    /// Its own update, if there was something to deploy.
    pub watch: Option<Watch>,
    /// The verdicts on it that say worse, early ones too.
    pub worse: Vec<String>,
}

/// Follows the update of an environment until it calls for a rollback, for so long.
pub async fn harmful(stage: &Stage, name: &str, timeout: Duration) -> Result<BadUpdate, Box<Watch>> {
    let key = environment(stage, name).await;
    let on = |watch: &Watch| matches!(watch.harm_response(), HarmResponse::RollBack { .. });
    let watch = follow(stage, &key, None, timeout, |watch| on(watch)).await;
    let HarmResponse::RollBack { from, to } = watch.harm_response() else { return Err(Box::new(watch)) };
    let (subject, seen) = (watch.environment().into(), watch.environment().into());
    Ok(BadUpdate { operation: Operation::rollback(subject, seen, Some(from), to), watch })
}

/// Carries the rollback out and follows its update.
pub async fn rolled_back(stage: &Stage, bad: BadUpdate) -> RolledBack {
    let BadUpdate { watch, mut operation } = bad;
    let (now, pace) = (|| stage.now(), Pace::new(&config::defaults()));
    let writer = stage.writer(&now);
    let confirmation = Confirmation::default();
    let resumed = roll_back(&writer, stage.means(&pace), &mut operation, &confirmation, |_, _| ()).await;
    followed(stage, watch.environment(), operation, resumed).await
}

/// Goes on with the newest operation of the log, as `resume` does, and follows its update.
pub async fn gone_on(stage: &Stage, of: &Environment) -> RolledBack {
    let entry = stage.log.read().unwrap().entries.pop().unwrap();
    let mut operation = entry.operation(of.key.scope).unwrap();
    let (now, pace) = (|| stage.now(), Pace::new(&config::defaults()));
    let writer = stage.writer(&now);
    let confirmation = Confirmation::default();
    let resumed = resume(&writer, stage.means(&pace), &mut operation, &confirmation, |_| ()).await;
    followed(stage, of, operation, resumed).await
}

async fn followed(stage: &Stage, of: &Environment, operation: Operation, resumed: Resumed) -> RolledBack {
    let begun = rollback_watch(of, &operation, &resumed.written).filter(|_| operation.has_finished());
    let mut worse = Vec::new();
    let watch = match begun {
        None => None,
        Some(watch) => {
            let on = |watch: &Watch| {
                let verdict = watch.verdict();
                worse.extend((verdict.kind == VerdictKind::Worse).then(|| format!("{:?}", verdict.reasons)));
                false
            };
            Some(follow(stage, &of.key, Some(watch), Duration::from_mins(45), on).await)
        }
    };
    RolledBack { operation, resumed, watch, worse }
}

async fn follow(
    stage: &Stage,
    key: &Key<Environment>,
    watch: Option<Watch>,
    timeout: Duration,
    mut is_enough: impl FnMut(&Watch) -> bool,
) -> Watch {
    let pace = Pace::new(&config::defaults());
    let following = Following { environment: key.clone(), watch, settle: SETTLE, timeout };
    let on = |watch: &Watch, _| if is_enough(watch) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let ended = Box::pin(follow_update(stage.means(&pace), following, async || None, on)).await.ended;
    let UpdateEnd::Over(watch) = ended else { panic!("there was nothing to follow: {ended:?}") };
    watch
}

/// What every instance of an environment runs, and its status.
pub async fn serves(stage: &Stage, key: &Key<Environment>) -> (String, Vec<Option<Arc<str>>>) {
    let environment = look::environment(&stage.session, key, &|| stage.now()).await.unwrap().unwrap();
    let instances = look::instances(&stage.session, key, &|| stage.now()).await.unwrap();
    let versions = instances.into_iter().map(|it| it.deployment.and_then(|it| it.version)).collect();
    (format!("{} {}", environment.status.as_str(), environment.version.as_deref().unwrap_or("none")), versions)
}
