//! `CloudWatch` metrics, minute by minute: which exist, under which dimensions, and their values.
//!
//! Dimensions match exactly as a set; a wrong set is an empty series, no error. Counts that would be zero are mostly
//! not published at all, and nothing is in a minute without requests, except host counts (whether those are published
//! without traffic is UNVERIFIED). Every minute arrives late, and is revised once: see `publication`.

mod dimensions;
mod minute;
mod publication;
mod reported;
mod scope;
mod statistic;
mod tables;

pub use statistic::Statistic;

use super::{View, health, noise};
use crate::sim::region::{Balancer, Pair};
use dimensions::Dimensions;
use minute::Minute;
use publication::Publication;
use scope::Scope;
use statistic::Summary;
use tables::Read;

/// A series that exists.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    scope: Scope<'a>,
    read: Read,
    publication: Publication,
    /// The only statistics that it has; none: all.
    only: Option<&'static [Statistic]>,
}

/// The series of a namespace, a name and a set of dimensions, if there is one.
pub fn find<'a>(view: View<'a>, namespace: &str, metric: &str, given: &[Pair]) -> Option<Series<'a>> {
    let dimensions = Dimensions::read(view, given)?;
    let publication = Publication::new(noise::hash(view.region.seed, &identity(namespace, metric, given)));
    let (table, kind) = match namespace {
        "AWS/ApplicationELB" => (tables::APPLICATION, Balancer::Application),
        "AWS/NetworkELB" => (tables::NETWORK, Balancer::Network),
        "AWS/ELB" => (tables::CLASSIC, Balancer::Classic),
        "AWS/ElasticBeanstalk" => return environment_health(view, metric, &dimensions, publication),
        _ => return None,
    };
    let (_, under, read) = table.iter().find(|(name, _, _)| *name == metric)?;
    let scope = dimensions.scope(view, kind, *under)?;
    let publication = if metric == "ConsumedLCUs" { publication.half_an_hour_later() } else { publication };
    let only = if kind == Balancer::Application { tables::statistics(metric) } else { None };
    Some(Series { scope, read: *read, publication, only })
}

/// Returns what distinguishes a series from all others, whatever the order of its dimensions.
fn identity(namespace: &str, metric: &str, dimensions: &[Pair]) -> String {
    let mut pairs: Vec<String> = dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort_unstable();
    format!("{namespace} {metric} {}", pairs.join(" "))
}

fn environment_health<'a>(
    view: View<'a>,
    metric: &str,
    dimensions: &Dimensions,
    publication: Publication,
) -> Option<Series<'a>> {
    let environment = dimensions.only_environment(view)?;
    (metric == "EnvironmentHealth" && environment.enhanced).then_some(Series {
        scope: Scope::Health(environment),
        read: Read::Health,
        publication,
        only: None,
    })
}

impl Series<'_> {
    /// The value of a period that begins at a minute and has a number of them; none: nothing is published yet, or
    /// there is nothing to publish.
    pub fn value(&self, view: View<'_>, from: i64, minutes: i64, statistic: Statistic) -> Option<f64> {
        if self.only.is_some_and(|only| !only.contains(&statistic)) {
            return None;
        }
        let reported = (from..from + minutes).filter_map(|minute| self.minute(view, minute));
        Summary::together(reported)?.value(statistic)
    }

    /// What has been published of one minute.
    fn minute(&self, view: View<'_>, number: i64) -> Option<Summary> {
        let arrived = self.publication.arrived(view.now, number)?;
        if let Scope::Health(environment) = self.scope {
            let status = health::environment(View { now: number * 60_000, ..view }, environment).status;
            return Some(Summary::level(&[status.number()], 1.0));
        }
        let minute = Minute { view, scope: self.scope, number };
        match self.read {
            Read::Events(read) => read(&minute.reported()).map(|count| Summary::events(arrived.whole_part(count))),
            Read::Amount(read) => {
                read(&minute.reported()).map(|amount| Summary::amount(arrived.part(amount), minute.nodes()))
            }
            Read::Hosts(read) => {
                // Without any registered target nothing is counted (cds-snc/forms-terraform #918).
                let hosts = minute.hosts();
                let looks = hosts.map(|hosts| read(&hosts));
                let any = hosts.iter().any(|hosts| hosts.registered > 0.0);
                any.then(|| Summary::level(&looks, arrived.whole_part(minute.nodes())))
            }
            Read::Level(read) => read(&minute.reported()).map(|level| Summary::level(&[level], 1.0)),
            Read::PerTarget => minute.per_target().map(|share| Summary::amount(arrived.part(share), 1.0)),
            Read::Time => {
                let counts = minute.counts();
                counts.median().map(|median| Summary::times(arrived.drifted(median), arrived.whole_part(counts.timed)))
            }
            Read::Health => None,
        }
    }
}
