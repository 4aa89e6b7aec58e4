//! `CloudWatch` metrics, minute by minute: which exist, under which dimensions, and what they say.
//!
//! Dimensions match exactly as a set; a wrong set is an empty series, no error. Sums that would be zero are not
//! reported at all, and nothing is in a minute without requests, but for host counts (whether those are published
//! without traffic is UNVERIFIED). The newest minute is incomplete for a while, as at AWS (the delay is UNVERIFIED).

use super::traffic::{self, Counts, Flow, percentile};
use super::{View, health};
use crate::sim::region::{Balancer, Environment, LoadBalancer, Pair, RuleAction, TargetGroup};

/// A series that exists.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Series<'a> {
    scope: Scope<'a>,
    read: Read,
}

/// Whose numbers are added up.
#[derive(Clone, Copy, Debug)]
enum Scope<'a> {
    LoadBalancer(&'a LoadBalancer, Option<usize>),
    TargetGroup(&'a TargetGroup, Option<usize>),
    /// A classic load balancer, which has no target groups.
    Environment(&'a Environment, Option<usize>),
    Health(&'a Environment),
}

/// How a metric follows from what was counted.
#[derive(Clone, Copy, Debug)]
enum Read {
    /// Reported when not zero.
    Count(fn(&Counts) -> f64),
    /// Reported in every minute, whatever happens.
    Always(fn(&Counts) -> f64),
    /// Requests per healthy target.
    PerTarget,
    Time,
    Redirects,
    Health,
}

/// Sets of dimensions under which a metric is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Under {
    /// The load balancer, and nothing smaller.
    Alone,
    /// The load balancer, and its zones.
    Balancer,
    /// As that, and target groups too.
    Both,
    /// Target groups only.
    Group,
}

/// The metrics of `AWS/ApplicationELB` that are simulated.
const APPLICATION: &[(&str, Under, Read)] = &[
    ("RequestCount", Under::Both, Read::Count(|counts| counts.requests)),
    ("HTTPCode_Target_2XX_Count", Under::Both, Read::Count(|counts| counts.answers[0])),
    ("HTTPCode_Target_3XX_Count", Under::Both, Read::Count(|counts| counts.answers[1])),
    ("HTTPCode_Target_4XX_Count", Under::Both, Read::Count(|counts| counts.answers[2])),
    ("HTTPCode_Target_5XX_Count", Under::Both, Read::Count(|counts| counts.answers[3])),
    ("TargetResponseTime", Under::Both, Read::Time),
    ("TargetConnectionErrorCount", Under::Both, Read::Count(|counts| counts.elb_502)),
    ("UnhealthyRoutingRequestCount", Under::Both, Read::Count(|counts| counts.fail_open)),
    ("HealthyHostCount", Under::Group, Read::Always(|counts| counts.healthy)),
    ("UnHealthyHostCount", Under::Group, Read::Always(|counts| counts.unhealthy)),
    ("RequestCountPerTarget", Under::Group, Read::PerTarget),
    ("HTTPCode_ELB_5XX_Count", Under::Balancer, Read::Count(|counts| counts.elb_502 + counts.elb_503 + counts.elb_504)),
    ("HTTPCode_ELB_502_Count", Under::Balancer, Read::Count(|counts| counts.elb_502)),
    ("HTTPCode_ELB_503_Count", Under::Balancer, Read::Count(|counts| counts.elb_503)),
    ("HTTPCode_ELB_504_Count", Under::Balancer, Read::Count(|counts| counts.elb_504)),
    ("HTTPCode_ELB_4XX_Count", Under::Balancer, Read::Count(|counts| (counts.requests * 0.0008).floor())),
    ("HTTP_Redirect_Count", Under::Balancer, Read::Redirects),
    ("ActiveConnectionCount", Under::Balancer, Read::Count(|counts| (counts.requests * 0.35).round())),
    ("NewConnectionCount", Under::Balancer, Read::Count(|counts| (counts.requests * 0.2).round())),
    ("ProcessedBytes", Under::Balancer, Read::Count(|counts| counts.requests * 6_144.0)),
    ("NonStickyRequestCount", Under::Balancer, Read::Count(|counts| counts.not_sticky)),
    ("ConsumedLCUs", Under::Alone, Read::Count(|counts| counts.requests * 0.2 / 1_500.0)),
    ("RuleEvaluations", Under::Alone, Read::Count(|counts| counts.requests)),
];

/// The metrics of `AWS/NetworkELB`.
const NETWORK: &[(&str, Under, Read)] = &[
    ("HealthyHostCount", Under::Group, Read::Always(|counts| counts.healthy)),
    ("UnHealthyHostCount", Under::Group, Read::Always(|counts| counts.unhealthy)),
    ("ActiveFlowCount", Under::Balancer, Read::Count(|counts| (counts.requests * 0.5).round())),
    ("NewFlowCount", Under::Balancer, Read::Count(|counts| (counts.requests * 0.2).round())),
    ("ProcessedBytes", Under::Balancer, Read::Count(|counts| counts.requests * 6_144.0)),
];

/// The metrics of `AWS/ELB`, for classic load balancers.
const CLASSIC: &[(&str, Under, Read)] = &[
    ("RequestCount", Under::Balancer, Read::Count(|counts| counts.requests)),
    ("Latency", Under::Balancer, Read::Time),
    ("HTTPCode_Backend_2XX", Under::Balancer, Read::Count(|counts| counts.answers[0])),
    ("HTTPCode_Backend_3XX", Under::Balancer, Read::Count(|counts| counts.answers[1])),
    ("HTTPCode_Backend_4XX", Under::Balancer, Read::Count(|counts| counts.answers[2])),
    ("HTTPCode_Backend_5XX", Under::Balancer, Read::Count(|counts| counts.answers[3])),
    ("HTTPCode_ELB_5XX", Under::Balancer, Read::Count(|counts| counts.elb_502 + counts.elb_503 + counts.elb_504)),
    ("BackendConnectionErrors", Under::Balancer, Read::Count(|counts| counts.elb_502)),
    ("HealthyHostCount", Under::Balancer, Read::Always(|counts| counts.healthy)),
    ("UnHealthyHostCount", Under::Balancer, Read::Always(|counts| counts.unhealthy)),
];

/// The series of a namespace, a name and a set of dimensions, if there is one.
pub(in crate::sim) fn find<'a>(
    view: View<'a>,
    namespace: &str,
    metric: &str,
    dimensions: &[Pair],
) -> Option<Series<'a>> {
    let dimensions = Dimensions::read(view, dimensions)?;
    let (table, kind) = match namespace {
        "AWS/ApplicationELB" => (APPLICATION, Balancer::Application),
        "AWS/NetworkELB" => (NETWORK, Balancer::Network),
        "AWS/ELB" => (CLASSIC, Balancer::Classic),
        "AWS/ElasticBeanstalk" => return environment_health(view, metric, &dimensions),
        _ => return None,
    };
    let (_, under, read) = table.iter().find(|(name, _, _)| *name == metric)?;
    let scope = dimensions.scope(view, kind, *under, metric)?;
    Some(Series { scope, read: *read })
}

fn environment_health<'a>(view: View<'a>, metric: &str, dimensions: &Dimensions) -> Option<Series<'a>> {
    let environment = view.region.environment(dimensions.environment.as_deref()?)?;
    let alone = dimensions.balancer.is_none() && dimensions.group.is_none() && dimensions.zone.is_none();
    (metric == "EnvironmentHealth" && environment.enhanced && alone)
        .then_some(Series { scope: Scope::Health(environment), read: Read::Health })
}

/// A set of dimensions, looked up.
#[derive(Default)]
struct Dimensions {
    balancer: Option<usize>,
    classic: Option<usize>,
    group: Option<usize>,
    zone: Option<usize>,
    environment: Option<String>,
}

impl Dimensions {
    fn read(view: View<'_>, dimensions: &[Pair]) -> Option<Self> {
        let region = view.region;
        let mut read = Self::default();
        for (name, value) in dimensions {
            match name.as_str() {
                "LoadBalancer" => {
                    let exact = |place: &usize| region.load_balancers[*place].dimension() == value;
                    read.balancer = Some(region.load_balancer(value).filter(exact)?);
                }
                "LoadBalancerName" => read.classic = Some(region.load_balancer(value)?),
                "TargetGroup" => {
                    let exact = |place: &usize| region.target_groups[*place].dimension() == value;
                    read.group = Some(region.target_group(value).filter(exact)?);
                }
                "AvailabilityZone" => read.zone = Some(region.zones.iter().position(|zone| zone.name == *value)?),
                "EnvironmentName" => read.environment = Some(value.clone()),
                _ => return None,
            }
        }
        Some(read)
    }

    fn scope<'a>(&self, view: View<'a>, kind: Balancer, under: Under, metric: &str) -> Option<Scope<'a>> {
        let region = view.region;
        if kind == Balancer::Classic {
            let place = self.classic.filter(|place| region.load_balancers[*place].kind == kind)?;
            let owner = region.environments.iter().find(|environment| environment.load_balancer == Some(place))?;
            return Some(Scope::Environment(owner, self.zone));
        }
        let balancer = self.balancer.map(|place| (place, &region.load_balancers[place]));
        match (balancer, self.group.map(|place| &region.target_groups[place])) {
            _ if self.classic.is_some() || self.environment.is_some() => None,
            (Some((_, balancer)), _) if balancer.kind != kind => None,
            (Some(_), None) if under == Under::Alone && self.zone.is_some() => None,
            (Some((_, balancer)), None) if under != Under::Group => Some(Scope::LoadBalancer(balancer, self.zone)),
            (Some((place, _)), Some(group))
                if matches!(under, Under::Both | Under::Group) && group.load_balancer == Some(place) =>
            {
                Some(Scope::TargetGroup(group, self.zone))
            }
            (None, Some(group)) if metric == "RequestCountPerTarget" => Some(Scope::TargetGroup(group, self.zone)),
            _ => None,
        }
    }
}

/// A statistic that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
    Percentile(f64),
}

impl Statistic {
    /// `Sum`, `p99`, `p99.9`; none for what is not simulated.
    pub(in crate::sim) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "SampleCount" => Self::SampleCount,
            _ => {
                let percent = text.strip_prefix('p')?.parse().ok()?;
                return (0.0..=100.0).contains(&percent).then_some(Self::Percentile(percent));
            }
        })
    }
}

impl Series<'_> {
    /// The value of a period that begins at a minute and has a number of them; none: nothing was reported.
    pub(in crate::sim) fn value(&self, view: View<'_>, from: i64, minutes: i64, statistic: Statistic) -> Option<f64> {
        let values: Vec<Sample> = (from..from + minutes).filter_map(|minute| self.sample(view, minute)).collect();
        if values.is_empty() {
            return None;
        }
        let each = |read: fn(&Sample) -> f64| values.iter().map(read);
        let mean = |total: f64| total / values.len() as f64;
        Some(match (self.read, statistic) {
            (_, Statistic::SampleCount) => each(|sample| sample.samples).sum(),
            (Read::Time, Statistic::Percentile(percent)) => {
                mean(values.iter().map(|sample| percentile(sample.value, percent)).sum())
            }
            // The mean of a log-normal distribution lies above its median.
            (Read::Time, Statistic::Average) => mean(each(|sample| sample.value * 1.5).sum()),
            (Read::Time, Statistic::Maximum) => each(|sample| percentile(sample.value, 100.0)).fold(0.0, f64::max),
            (Read::Time, Statistic::Minimum) => {
                each(|sample| percentile(sample.value, 0.0)).fold(f64::INFINITY, f64::min)
            }
            (Read::Time, Statistic::Sum) => each(|sample| sample.value * 1.5 * sample.samples).sum(),
            (_, Statistic::Sum) => each(|sample| sample.value).sum(),
            (_, Statistic::Minimum) => each(|sample| sample.value).fold(f64::INFINITY, f64::min),
            (_, Statistic::Maximum) => each(|sample| sample.value).fold(f64::NEG_INFINITY, f64::max),
            (_, Statistic::Average | Statistic::Percentile(_)) => mean(each(|sample| sample.value).sum()),
        })
    }

    fn sample(&self, view: View<'_>, minute: i64) -> Option<Sample> {
        let published = completeness(view.now - (minute + 1) * 60_000)?;
        if let Scope::Health(environment) = self.scope {
            let status = health::environment(View { now: minute * 60_000, ..view }, environment).status;
            return Some(Sample { value: status.number(), samples: 1.0 });
        }
        let counts = self.counts(view, minute);
        let count = |value: f64| (value > 0.0).then_some(Sample { value, samples: 1.0 });
        match self.read {
            Read::Count(read) => count(partly(read(&counts), published)),
            Read::Always(read) => Some(Sample { value: read(&counts), samples: 1.0 }),
            Read::PerTarget => count(counts.requests * published / counts.healthy.max(1.0)),
            Read::Redirects => count(self.redirects(&counts)),
            Read::Time => counts.median().map(|value| Sample { value, samples: counts.timed }),
            Read::Health => None,
        }
    }

    fn counts(&self, view: View<'_>, minute: i64) -> Counts {
        let of = |flow: &Flow<'_>, zone| traffic::minute(view, flow, minute, zone);
        match self.scope {
            Scope::TargetGroup(group, zone) => of(&Flow::of_group(view, group), zone),
            Scope::Environment(environment, zone) => of(&Flow::of_environment(view, environment), zone),
            Scope::LoadBalancer(balancer, zone) => balancer
                .target_groups
                .iter()
                .map(|group| of(&Flow::of_group(view, &view.region.target_groups[*group]), zone))
                .fold(Counts::default(), Counts::plus),
            Scope::Health(_) => Counts::default(),
        }
    }

    /// A listener that sends everybody to HTTPS sees a few of them.
    fn redirects(&self, counts: &Counts) -> f64 {
        let Scope::LoadBalancer(balancer, _) = self.scope else { return 0.0 };
        let rules = balancer.listeners.iter().flat_map(|listener| &listener.rules);
        let any = rules.into_iter().any(|rule| matches!(rule.action, RuleAction::RedirectToHttps));
        if any { (counts.requests * 0.03).floor() } else { 0.0 }
    }
}

/// The part of a sum that has arrived; what is counted in whole numbers stays whole.
fn partly(value: f64, published: f64) -> f64 {
    let part = value * published;
    if value.fract() == 0.0 { part.ceil() } else { part }
}

/// What one minute reports.
struct Sample {
    value: f64,
    samples: f64,
}

/// How much of a minute has arrived when it ended this long ago (milliseconds); none: nothing yet.
fn completeness(age: i64) -> Option<f64> {
    match age {
        ..0 => None,
        0..30_000 => Some(0.6),
        30_000..90_000 => Some(0.97),
        _ => Some(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Statistic, completeness};

    #[test]
    fn statistics_are_read_as_cloudwatch_spells_them() {
        assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Percentile(99.9)));
        assert_eq!(Statistic::parse("Sum"), Some(Statistic::Sum));
        assert_eq!(Statistic::parse("sum"), None);
        assert_eq!(Statistic::parse("p101"), None);
    }

    #[test]
    fn the_running_minute_reports_nothing() {
        assert_eq!(completeness(-1), None);
        assert_eq!(completeness(200_000), Some(1.0));
    }
}
