//! How much time there was between the batches of an update.

use std::time::Duration;

use super::event::read;
use super::sign::VerdictSign;
use crate::model::{EnvironmentEvent, Moment};

/// Returns the times from the beginning of each batch to that of the next one, of the newest update among these events of one
/// environment, newest first, that had several batches. Empty if there was none.
pub fn between_batches<'a>(events: impl Iterator<Item = &'a EnvironmentEvent>) -> Vec<Duration> {
    let mut starts: Vec<Moment> = Vec::new();
    for event in events {
        match read(event).map(|reading| (reading.sign, reading.batch)) {
            Some((VerdictSign::BatchStarting, Some(_))) => starts.push(event.at),
            Some((VerdictSign::Starting, _)) if starts.len() > 1 => break,
            Some((VerdictSign::Starting, _)) => starts.clear(),
            _ => {}
        }
    }
    starts.windows(2).map(|pair| pair[0].since(pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(of: &[(u64, &str)]) -> Vec<EnvironmentEvent> {
        let event = |(second, message): &(u64, &str)| {
            EnvironmentEvent::new(Moment::EPOCH.plus(Duration::from_secs(*second)), message)
        };
        of.iter().rev().map(event).collect()
    }

    #[test]
    fn the_newest_update_with_several_batches_counts() {
        type Row<'a> = (&'a [(u64, &'a str)], &'a [u64]);
        const START: &str = "Environment update is starting.";
        let batch = ["1", "2", "3"].map(|number| {
            format!("Batch {number}: Starting application deployment on instance(s) [i-0c41aabb0011a7f22].")
        });
        let [one, two, three] = [&*batch[0], &*batch[1], &*batch[2]];
        let table: &[Row<'_>] = &[
            (&[], &[]),
            (&[(0, START), (10, one)], &[]),
            (&[(0, START), (10, one), (70, two), (200, three)], &[130, 60]),
            (&[(0, START), (10, one), (70, two), (300, START), (310, one)], &[60]),
            (&[(0, START), (10, one), (70, two), (300, START), (310, one), (500, two)], &[190]),
            (&[(10, one), (70, two)], &[60]),
        ];
        for (given, expected) in table {
            let found: Vec<u64> = between_batches(events(given).iter()).iter().map(Duration::as_secs).collect();
            assert_eq!(found, *expected, "{given:?}");
        }
    }
}
