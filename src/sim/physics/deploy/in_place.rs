//! Deploys to the instances that are there: all at once, or batch by batch.

use super::{Ending, Script};
use crate::sim::region::{Move, Side};

/// The message of the event of an aborted or failed deployment (seen in Beanstalk's guide and logs).
pub(super) const MIXED: &str = "During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.";

impl Script<'_> {
    /// Targets stay registered: they answer nothing for the seconds in which the application is replaced.
    pub(super) fn all_at_once(&mut self) -> Ending {
        let places = self.old.clone();
        self.say("INFO", "Deploying new version to instance(s).");
        self.pass(1_500, 3_000);
        let failed = self.command(&places);
        if !failed.is_empty() {
            return self.give_up(&failed, true);
        }
        self.say("INFO", "Instance deployment completed successfully.");
        self.pass(2_000, 5_000);
        Ending::Well
    }

    /// `additional` instances are launched first, and as many terminated at the end.
    pub(super) fn rolling(&mut self, additional: usize) -> Ending {
        let mut batches: Vec<Vec<usize>> = self.old.chunks(self.manner.batch).map(<[usize]>::to_vec).collect();
        if additional > 0 {
            // The two blanks are Beanstalk's (mup-aws-beanstalk #9).
            self.say(
                "INFO",
                format!(
                    "Rolling with Additional Batch deployment policy enabled. Launching  a new batch of {additional} \
                     additional instance(s)."
                ),
            );
            self.pass(800, 1_600);
            let extra = self.launch(additional, false);
            self.pass(55_000, 75_000);
            batches.insert(0, extra);
        }
        let total: usize = batches.iter().map(Vec::len).sum();
        let mut done = 0;
        for (number, batch) in batches.iter().enumerate() {
            let fresh = additional > 0 && number == 0;
            let failed = self.batch(number + 1, batch, fresh, (done, total));
            if let Some((failed, commanded)) = failed {
                return self.give_up(&failed, commanded);
            }
            done += batch.len();
        }
        if additional > 0 {
            self.abortable_until = self.now;
            let extra = batches[0].clone();
            self.now = self.terminate(&extra, Side::Main);
        }
        Ending::Well
    }

    /// One batch; what comes back are the instances on which it failed, and whether the command was at fault.
    fn batch(
        &mut self,
        number: usize,
        batch: &[usize],
        fresh: bool,
        (done, total): (usize, usize),
    ) -> Option<(Vec<usize>, bool)> {
        let deadline = self.now + self.manner.timeout;
        let say = |script: &mut Self, text: &str| script.say("INFO", format!("Batch {number}: {text}"));
        let ids = self.ids(batch, "");
        if fresh {
            let label = &self.pool.releases[self.release].version.label;
            let text =
                format!("{} EC2 instance(s) [{ids}] launched. Deploying application version '{label}'.", batch.len());
            say(self, &text);
        } else {
            say(self, &format!("Starting application deployment on instance(s) [{ids}]."));
        }
        self.pass(700, 1_600);
        if self.balanced() && !fresh {
            say(self, "De-registering instance(s) from the load balancer and waiting for them to go out of service.");
            self.pass(300, 900);
            for place in batch {
                self.note(*place, self.now, Move::Deregistered(Side::Main));
            }
            self.now += self.draining();
            self.pass(1_500, 4_000);
        }
        say(self, "Starting application deployment command execution.");
        self.pass(800, 2_000);
        let failed = self.command(batch);
        if failed.is_empty() {
            self.say("INFO", "Instance deployment completed successfully.");
            self.pass(300, 900);
            say(self, "Completed application deployment command execution.");
            let done = done + batch.len();
            self.say("INFO", format!("Command execution completed on {done} of {total} instances in environment."));
            self.pass(700, 1_600);
        }
        if self.balanced() {
            say(self, "Registering instance(s) with the load balancer and waiting for them to be healthy.");
            self.pass(300, 900);
            for place in batch {
                self.note(*place, self.now, Move::Registered(Side::Main));
            }
        }
        if !failed.is_empty() {
            return Some((failed, true));
        }
        if self.manner.ignore_health {
            self.pass(28_000, 32_000);
        } else if let Some(passed) = self.passes(batch, Side::Main, deadline) {
            self.now = passed;
            self.pass(900, 2_600);
        } else {
            self.now = deadline;
            return Some((batch.to_vec(), false));
        }
        say(self, "Completed application deployment.");
        self.pass(900, 2_200);
        None
    }

    fn balanced(&self) -> bool {
        self.environment.load_balancer.is_some()
    }

    /// Runs the deploy command on instances at the same time, and waits for all; returns those on which it failed.
    pub(super) fn command(&mut self, places: &[usize]) -> Vec<usize> {
        let (began, mut ended, release) = (self.now, self.now, self.release);
        let (mut failed, mut ignored) = (Vec::new(), Vec::new());
        for place in places.iter().copied() {
            self.commands += 1;
            let begins = began + (self.draw(place, 22) * 1_500.0) as i64;
            let ends = begins + 16_000 + (self.draw(place, 23) * 12_000.0) as i64;
            self.note(place, begins, Move::Started(release));
            let version = &self.pool.releases[release].version;
            let runs = version.fails_on != Some(self.commands);
            let well = runs && !version.failed_instances.contains(&self.commands);
            if runs {
                // The application is away only while the new one takes its place.
                let starts = 2_000 + (self.draw(place, 24) * 2_500.0) as i64;
                self.note(place, ends - 1_500 - starts, Move::Stopped);
                self.note(place, ends - 1_500, Move::Runs(release));
            } else {
                failed.push(place);
            }
            if runs && !well {
                ignored.push(place);
            }
            self.note(place, ends, Move::Finished { release, well });
            ended = ended.max(ends);
        }
        self.now = ended;
        self.pass(800, 2_000);
        if self.pool.releases[release].version.reports_failures {
            self.report_ignored(&ignored, places.len());
        }
        failed
    }

    /// Records failures of the command that Beanstalk ignores (alienfast/elastic-beanstalk #6).
    fn report_ignored(&mut self, ignored: &[usize], total: usize) {
        if ignored.is_empty() {
            return;
        }
        for place in ignored {
            self.say("ERROR", command_failed(self.id(*place)));
            self.pass(100, 300);
            self.say("ERROR", "Instance deployment failed. For details, see 'eb-engine.log'.");
            self.pass(100, 300);
        }
        let (well, failed) = (total - ignored.len(), ignored.len());
        self.say(
            "INFO",
            format!("Command execution completed on all instances. Summary: [Successful: {well}, Failed: {failed}]."),
        );
        self.pass(200, 700);
    }

    /// Ends the deployment as failed: instances that have the new version keep it.
    fn give_up(&mut self, failed: &[usize], commanded: bool) -> Ending {
        self.blame(failed, commanded);
        self.say("ERROR", MIXED);
        self.pass(200, 700);
        self.say("ERROR", "Failed to deploy application.");
        self.pass(700, 1_600);
        Ending::Failed
    }

    /// Writes the event that names the instances on which it failed.
    pub(super) fn blame(&mut self, failed: &[usize], commanded: bool) {
        if commanded {
            for place in failed {
                self.say("ERROR", command_failed(self.id(*place)));
            }
            self.pass(200, 700);
        }
        let ids = self.ids(failed, "'");
        self.say("ERROR", format!("Unsuccessful command execution on instance id(s) {ids}. Aborting the operation."));
        self.pass(200, 700);
    }
}

fn command_failed(id: &str) -> String {
    format!(
        "[Instance: {id}] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error.."
    )
}
