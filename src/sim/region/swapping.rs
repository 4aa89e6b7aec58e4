//! Exchanges of the CNAMEs of two environments: asynchronous, as every operation of Beanstalk's. Both environments are
//! Updating meanwhile, and some seconds after its beginning the CNAMEs are exchanged.
//!
//! How long it takes, that the events are those of both environments, and that the rules of a shared load balancer stay as
//! they are is UNVERIFIED.

use super::write::{Wanted, Write};
use super::{Deploy, Event, Region};
use crate::sim::physics::noise;

impl Region {
    /// The CNAME of an environment at a time of the scenario, after the exchanges until then.
    pub fn cname_at(&self, place: usize, time: i64) -> Option<&str> {
        let mut holder = place;
        for (write, other) in self.swaps().rev() {
            if self.exchanged(write) > time {
                continue;
            }
            if holder == write.environment {
                holder = other;
            } else if holder == other {
                holder = write.environment;
            }
        }
        self.environments[holder].cname.as_deref()
    }

    fn swaps(&self) -> impl DoubleEndedIterator<Item = (&Write, usize)> {
        self.writes.iter().filter_map(|write| match write.what {
            Wanted::Swap { other, .. } => Some((write, other)),
            _ => None,
        })
    }

    /// When an exchange has been made.
    fn exchanged(&self, write: &Write) -> i64 {
        write.at + 5_000 + (self.swap_noise(write, 51) * 4_000.0) as i64
    }

    fn swap_noise(&self, write: &Write, stream: u64) -> f64 {
        noise::unit(self.environments[write.environment].entity, write.at, stream)
    }

    /// Carries an exchange out on one of its two environments.
    pub(super) fn swap_unless_busy(&mut self, place: usize, write: &Write) {
        let Wanted::Swap { other, request_id } = &write.what else { return };
        if self.is_busy(place, write.at) {
            return;
        }
        let exchanged = self.exchanged(write);
        let ended = exchanged + 4_000 + (self.swap_noise(write, 52) * 6_000.0) as i64;
        let events = self.swap_events(write, *other, (exchanged, ended), request_id);
        let environment = &mut self.environments[place];
        let release = environment.deploys.iter().rev().find(|it| it.succeeded).map_or(0, |it| it.release);
        environment.deploys.push(Deploy {
            begun: write.at,
            ended,
            aborted: None,
            abortable_until: write.at,
            succeeded: true,
            release,
            events,
            temporary: None,
            shares: Vec::new(),
            health: Vec::new(),
            settled: ended,
            configures: true,
        });
    }

    fn swap_events(&self, write: &Write, other: usize, (exchanged, ended): (i64, i64), request_id: &str) -> Vec<Event> {
        let both = [write.environment, other];
        let [source, destination] = both.map(|place| self.environments[place].name.as_str());
        let mut said = vec![
            (write.at, "swapEnvironmentCNAMEs is starting.".to_owned()),
            (write.at + 900, format!("Swapping CNAMEs for environments '{source}' and '{destination}'.")),
        ];
        for place in both {
            let (cname, endpoint) = (self.cname_at(place, exchanged), self.environments[place].endpoint.as_deref());
            if let (Some(cname), Some(endpoint)) = (cname, endpoint) {
                said.push((exchanged, format!("'{cname}' now points to '{endpoint}'.")));
            }
        }
        said.push((ended, format!("Completed swapping CNAMEs for environments '{source}' and '{destination}'.")));
        let event = |(at, message): (i64, String)| Event {
            request_id: Some(request_id.to_owned()),
            ..Event::new(self.epoch + at, "INFO", message)
        };
        said.into_iter().map(event).collect()
    }
}
