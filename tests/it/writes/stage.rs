//! What the tests of writes do on a stage: an environment is looked at, an operation is performed, the log is read.

use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use beanpole::aws::look;
use beanpole::change::{Confirmation, EnvironmentState, Operation, Work, Written};
use beanpole::model::{Environment, Key};
use beanpole::sim::World;
use beanpole::write::Entry;

pub use crate::support::wire::{Fate, LostAnswer, ReadFault};
pub use crate::support::{SCOPE, Stage, somebody};

/// The region of a rolling deploy, with which nothing is wrong.
pub fn rolling() -> Stage {
    Stage::new("rolling").without_faults()
}

impl Stage {
    /// The region of a scenario of the test's own, with which nothing is wrong.
    pub fn undisturbed(text: &str) -> Self {
        Self::written(text).without_faults()
    }

    pub async fn perform(&self, operation: &Operation) -> Written {
        self.writer(&|| self.now()).perform(operation, &Confirmation::default()).await
    }

    pub async fn environment(&self, name: &str) -> Environment {
        let id = self.world.environment_id(name);
        let key: Key<Environment> = Key::new(SCOPE, id.as_str());
        look::environment(&self.session, &key, &|| self.now()).await.unwrap().unwrap()
    }

    pub async fn state(&self, name: &str) -> EnvironmentState {
        EnvironmentState::from(&self.environment(name).await)
    }

    pub async fn deploy(&self, name: &str, version: &str) -> Operation {
        Operation::deploy(&self.environment(name).await, version.into())
    }

    pub async fn abort(&self, name: &str) -> Operation {
        Operation::of(&self.environment(name).await, Work::Abort)
    }

    pub fn entries(&self) -> Vec<Entry> {
        let history = self.log.read().unwrap();
        assert_eq!(history.unreadable, [0; 0]);
        history.entries
    }

    pub fn path(&self) -> PathBuf {
        self.log.path().to_path_buf()
    }
}

/// The world, asked for the id of an environment by name.
trait Named {
    fn environment_id(&self, name: &str) -> String;
}

impl Named for World {
    fn environment_id(&self, name: &str) -> String {
        let find = format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={name}");
        somebody::between(&somebody::ask(self, "elasticbeanstalk", &find), "EnvironmentId").to_owned()
    }
}

/// Polls the future so many times and then drops it; what it ended with, if it did.
pub async fn polled<T>(future: impl Future<Output = T>, mut times: usize) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        if times == 0 {
            return Poll::Ready(None);
        }
        times -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if times == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits on the paused clock.
pub async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
