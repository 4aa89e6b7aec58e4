//! Updates of options that replace the instances: the Auto Scaling group's rolling update, with Beanstalk's events.
//!
//! The texts are those of public transcripts (mup-aws-beanstalk #91 and #149), but for those about terminated instances and
//! received signals, which follow `CloudFormation`'s own and are UNVERIFIED. An immutable update has the events of an
//! immutable deploy, without a new version.

use super::{Ending, PlannedDeploy, Policy, Script};
use crate::sim::physics::noise;
use crate::sim::region::{Configure, Environment, MANAGED, Move, Order, Region, Side, value_of};

const PROGRESS: &str = "Auto Scaling group update progress:";
const ROLLING: &str = "aws:autoscaling:updatepolicy:rollingupdate";

/// Computes the course of an update that replaces the instances, given the deployments before it.
pub fn renew(region: &Region, environment: &Environment, order: &Configure) -> PlannedDeploy {
    let pool = region.pools[environment.pool].clone();
    let release = environment.deploys.iter().rev().find(|it| it.succeeded).map_or(0, |it| it.release);
    let mut script = Script::new(region, environment, (pool, release), (order.at, &order.request_id));
    if order.managed {
        script.say("INFO", MANAGED);
        script.pass(1_000, 2_000);
    }
    script.say("INFO", "Environment update is starting.");
    script.pass(2_000, 4_000);
    script.say("INFO", format!("Updating environment {}'s configuration settings.", environment.name));
    script.pass(3_000, 6_000);
    script.configures = true;
    let is_immutable = order.managed || value_of(&script.options, ROLLING, "RollingUpdateType") == Some("Immutable");
    // What an abort leaves depends on how it goes, not on how versions are deployed.
    script.manner.policy = if is_immutable { Policy::Immutable } else { Policy::Rolling };
    let ending = if is_immutable { script.immutable() } else { script.in_batches() };
    script.abortable_until = script.abortable_until.min(script.now);
    let begun =
        Order { at: order.at, version: String::new(), request_id: order.request_id.clone(), aborted: order.aborted };
    script.finish(ending, &begun)
}

impl Script<'_> {
    fn in_batches(&mut self) -> Ending {
        let (old, new) = (self.configuration(self.number), self.configuration(self.number + 1));
        self.say("INFO", format!("Created Auto Scaling launch configuration named: {new}"));
        self.pass(2_000, 4_000);
        let places = self.old.clone();
        let (total, size) = (places.len(), self.renewed_at_once());
        let remain = self.remaining(total - size);
        self.say(
            "INFO",
            format!("{PROGRESS} Temporarily setting autoscaling group MinSize and DesiredCapacity to {total}."),
        );
        self.pass(2_000, 4_000);
        self.say(
            "INFO",
            format!(
                "{PROGRESS} Rolling update initiated. Terminating {total} obsolete instance(s) in batches of {size}, while \
                 keeping at least {remain} instance(s) in service. Waiting on resource signals with a timeout of PT30M when \
                 new instances are added to the autoscaling group."
            ),
        );
        self.pass(2_000, 4_000);
        self.abortable_until = self.now;
        let mut done = 0;
        for batch in places.chunks(size) {
            done += batch.len();
            self.renew_batch(batch, done * 100 / total);
        }
        self.say("INFO", format!("Deleted Auto Scaling launch configuration named: {old}"));
        self.pass(1_000, 2_000);
        Ending::Well
    }

    fn renew_batch(&mut self, batch: &[usize], percent: usize) {
        let (ids, count) = (self.ids(batch, ""), batch.len());
        self.say(
            "INFO",
            format!("{PROGRESS} Terminating instance(s) [{ids}]; replacing with {count} new instance(s)."),
        );
        self.now = self.terminate(batch, Side::Main);
        self.pass(1_000, 2_000);
        self.say("INFO", format!("{PROGRESS} Successfully terminated instance(s) [{ids}] (Progress {percent}%)."));
        let new = self.launch(count, false);
        self.pass(2_000, 4_000);
        self.say(
            "INFO",
            format!(
                "{PROGRESS} New instance(s) added to autoscaling group - Waiting on {count} resource signal(s) with a \
                 timeout of PT30M."
            ),
        );
        self.pass(40_000, 55_000);
        self.command(&new);
        for place in &new {
            self.note(*place, self.now, Move::Registered(Side::Main));
        }
        self.now = self.in_service(&new, Side::Main, self.now + self.manner.timeout);
        for place in new {
            let text = format!("{PROGRESS} Received SUCCESS signal with UniqueId {}.", self.id(place));
            self.say("INFO", text);
        }
        self.pass(1_000, 2_000);
    }

    /// How many stay in service meanwhile.
    fn remaining(&self, others: usize) -> usize {
        let option = value_of(&self.options, ROLLING, "MinInstancesInService").and_then(|text| text.parse().ok());
        option.unwrap_or(others)
    }

    /// Returns how many instances are replaced at a time: a third of them, unless the options set another number.
    fn renewed_at_once(&self) -> usize {
        let total = self.old.len().max(1);
        let option = |name| value_of(&self.options, ROLLING, name);
        if option("RollingUpdateEnabled") == Some("false") {
            return total;
        }
        let most = option("MaxBatchSize").and_then(|text| text.parse().ok());
        most.unwrap_or(total.div_ceil(3)).clamp(1, total)
    }

    /// The name of the launch configuration before the deploy of this number.
    fn configuration(&self, number: usize) -> String {
        let id = &self.environment.id;
        let suffix = noise::letters(self.region.seed, &format!("{id} configuration {number}"), 12);
        format!("awseb-{id}-stack-AWSEBAutoScalingLaunchConfiguration-1{suffix}")
    }
}
