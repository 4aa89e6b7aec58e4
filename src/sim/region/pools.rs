//! Instances: ids, zones, addresses in the zones' subnets, and when they were launched.

use super::{Episode, Instance, Pool, Region, Release, Track};
use crate::sim::physics::noise;
use crate::sim::scenario::spec::EpisodeSpec;

const HOUR: i64 = 3_600_000;

/// What a pool is made from.
pub(super) struct Wanted<'a> {
    pub(super) key: &'a str,
    pub(super) count: usize,
    pub(super) zones: usize,
    pub(super) instance_type: &'a str,
    pub(super) timeline: &'a [EpisodeSpec],
    pub(super) environment: Option<usize>,
    /// No instance is older than this (milliseconds).
    pub(super) oldest: i64,
}

impl Region {
    /// Adds a pool and returns its place.
    pub(super) fn add_pool(&mut self, wanted: &Wanted<'_>) -> usize {
        let zones = wanted.zones.clamp(1, self.zones.len());
        let pool = self.pools.len();
        let instances: Vec<Instance> =
            (0..wanted.count).map(|number| self.instance_of(wanted, number, (number + pool) % zones)).collect();
        for (place, instance) in instances.iter().enumerate() {
            self.index.instances.insert(instance.id.clone(), (pool, place));
        }
        self.pools.push(Pool {
            original: instances.len(),
            releases: vec![Release::default()],
            instances,
            episodes: wanted.timeline.iter().flat_map(episodes).collect(),
            environment: wanted.environment,
            group: None,
            instance_type: wanted.instance_type.to_owned(),
            name: wanted.key.to_owned(),
        });
        pool
    }

    fn instance_of(&self, wanted: &Wanted<'_>, number: usize, zone: usize) -> Instance {
        let key = format!("{} {number}", wanted.key);
        let age = (self.draw("age", &key) * 9.0 * 24.0 * HOUR as f64) as i64 + 2 * HOUR;
        let born = wanted.timeline.iter().find(|episode| {
            episode.becomes == crate::sim::scenario::spec::Becomes::Registering
                && episode.targets.contains(&(number + 1))
        });
        let launched = match born {
            // Registered ninety seconds after its launch, as a small application takes.
            Some(episode) => self.epoch + episode.at.0 - 90_000,
            None => self.epoch - age.min(wanted.oldest),
        };
        // One subnet of 8,192 addresses a zone; the first ones are AWS's own.
        let host = 8 + self.index.instances.len() + number;
        Instance {
            id: self.resource_id("i", &key),
            zone,
            address: format!("10.0.{}.{}", zone * 32 + (host >> 8) % 32, host % 256),
            launched: launched / 1000 * 1000,
            entity: noise::hash(self.seed, &key),
            track: Track::default(),
        }
    }

    /// Returns an instance that a deployment launches; `number` distinguishes it from the others of that deployment.
    pub fn launched_instance(&self, pool: &Pool, deploy: usize, number: usize, at: i64) -> Instance {
        let key = format!("{} deploy {deploy} {number}", pool.name);
        let zones = pool.instances.iter().map(|instance| instance.zone + 1).max().unwrap_or(1);
        let zone = number % zones;
        // The upper half of the subnet: the lower one belongs to the instances of the beginning.
        let host = 4_096 + noise::below(self.seed, &key, 4_000) as usize;
        Instance {
            id: self.resource_id("i", &key),
            zone,
            address: format!("10.0.{}.{}", zone * 32 + (host >> 8) % 32, host % 256),
            launched: (self.epoch + at) / 1000 * 1000,
            entity: noise::hash(self.seed, &key),
            track: Track::default(),
        }
    }
}

fn episodes(spec: &EpisodeSpec) -> impl Iterator<Item = Episode> + '_ {
    spec.targets.iter().map(|target| Episode {
        target: target.saturating_sub(1),
        at: spec.at.0,
        lasts: spec.lasts.map(|span| span.0),
        every: spec.every.map(|span| span.0),
        becomes: spec.becomes,
        code: spec.code.unwrap_or(502),
    })
}
