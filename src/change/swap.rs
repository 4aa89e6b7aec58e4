//! The exchange of the CNAMEs of two environments: whether it is possible, and its outcome when the answer was lost.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lost::LookUpAnswer;
use super::outcome::{Difference, Refusal};
use super::request::Subject;
use crate::model::{Environment, EnvironmentEvent, EnvironmentStatus, Moment, Tier};

/// How long after the call the exchange may begin and still be ours.
const SOON: Duration = Duration::from_secs(180);

/// The precision of AWS's time: its answers carry it in whole seconds, and take a while.
const SLACK: Duration = Duration::from_secs(5);

/// An exchange of the CNAMEs of two environments. That of the operation's own environment is the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CnameSwap {
    /// The other environment.
    pub other: Subject,
    /// The CNAME of the operation's own environment before.
    pub own_cname: Arc<str>,
    /// The CNAME of the other environment before.
    pub other_cname: Arc<str>,
}

/// Both environments at an instant.
#[derive(Clone, Debug)]
pub struct SwapSighting {
    /// When, by AWS's clock.
    pub at: Moment,
    /// The operation's own environment.
    pub own: Environment,
    /// The other one.
    pub other: Environment,
    /// The events of both since the call; `None` if they could not be read.
    pub events: Option<Vec<EnvironmentEvent>>,
}

impl CnameSwap {
    /// Returns the exchange of the CNAMEs of two environments as they are now.
    ///
    /// # Errors
    /// When it is not possible for them, whatever their status.
    pub fn new(own: &Environment, other: &Environment) -> Result<Self, Refusal> {
        let refused = |why: String| Err(Refusal::Unsuitable { why: why.into() });
        if own.key == other.key {
            return refused(format!("{} is one environment, and CNAMEs are exchanged between two", own.name));
        }
        if own.key.scope != other.key.scope {
            let why = format!("{} and {} are in different regions or accounts", own.name, other.name);
            return refused(why);
        }
        if own.application != other.application {
            return refused(format!(
                "{} is of the application {} and {} of {}: clients of the one would reach the other application",
                own.name, own.application, other.name, other.application
            ));
        }
        let cname = |it: &Environment| match (&it.cname, it.tier == Some(Tier::Worker)) {
            (Some(cname), false) => Ok(Arc::clone(cname)),
            (_, true) => Err(format!("{} is a worker environment, which has no CNAME", it.name)),
            (None, false) => Err(format!("{} has no CNAME", it.name)),
        };
        match (cname(own), cname(other)) {
            (Ok(own_cname), Ok(other_cname)) => Ok(Self { other: Subject::from(other), own_cname, other_cname }),
            (Err(why), _) | (_, Err(why)) => refused(why),
        }
    }

    /// Returns why the other environment does not take it, by its status.
    #[must_use]
    pub fn objection(&self, other: &EnvironmentStatus) -> Option<Refusal> {
        let why = || format!("{} is {}, and takes an exchange only while it is Ready", self.other.name, other.as_str());
        (*other != EnvironmentStatus::Ready).then(|| Refusal::Unsuitable { why: why().into() })
    }

    /// Returns in what the CNAMEs differ from those that were seen.
    #[must_use]
    pub fn differences(&self, own: &Environment, other: &Environment) -> Vec<Difference> {
        let pairs = [(own, &self.own_cname), (other, &self.other_cname)];
        let changed = pairs.into_iter().filter(|(it, seen)| it.cname.as_ref() != Some(*seen));
        let difference = |(it, seen): (&Environment, &Arc<str>)| {
            let live = it.cname.clone().unwrap_or_else(|| "none".into());
            Difference::new(&format!("the CNAME of {}", it.name), Arc::clone(seen), live)
        };
        changed.map(difference).collect()
    }

    /// Returns whether the CNAMEs are exchanged.
    #[must_use]
    pub fn is_done(&self, own: &Environment, other: &Environment) -> bool {
        own.cname.as_ref() == Some(&self.other_cname) && other.cname.as_ref() == Some(&self.own_cname)
    }

    /// Returns from when on events may belong to a call that was sent at this time.
    #[must_use]
    pub fn since(sent: Moment) -> Moment {
        sent.minus(SLACK)
    }

    /// Returns the outcome of a call that was sent at a time, from what was seen since; a failed look is `None`.
    ///
    /// An event that names both environments proves it if it is not of another request, and so does the exchange itself if
    /// it is seen soon after the call. That it was not taken is proven by two Ready environments with their CNAMEs, and no
    /// event of an exchange.
    #[must_use]
    pub fn judge(
        &self,
        own: &str,
        (sent, request_id): (Moment, Option<&Arc<str>>),
        looks: &[Option<SwapSighting>],
    ) -> LookUpAnswer {
        let seen = || looks.iter().flatten();
        let is_of_another = |it: &EnvironmentEvent| {
            request_id.is_some() && it.request_id.is_some() && it.request_id.as_ref() != request_id
        };
        let mut events = seen().flat_map(|look| look.events.iter().flatten());
        if let Some(event) = events.find(|it| self.is_ours(own, sent, it) && !is_of_another(it)) {
            return LookUpAnswer::Taken(event.request_id.clone());
        }
        let is_prompt = |look: &SwapSighting| look.at.since(sent) <= SOON;
        if seen().any(|look| is_prompt(look) && self.is_done(&look.own, &look.other)) {
            return LookUpAnswer::Taken(None);
        }
        let Some(Some(newest)) = looks.last() else { return LookUpAnswer::Unknown };
        let is_ready = |it: &Environment| it.status == EnvironmentStatus::Ready;
        let is_as_before = |look: &SwapSighting| {
            is_ready(&look.own) && is_ready(&look.other) && self.differences(&look.own, &look.other).is_empty()
        };
        let is_quiet = newest.events.as_ref().is_some_and(|events| !events.iter().any(|it| is_swap(&it.message)));
        if is_quiet && seen().all(is_as_before) { LookUpAnswer::NotTaken } else { LookUpAnswer::Unknown }
    }

    /// Whether an event announces an exchange between these two, soon after the call.
    fn is_ours(&self, own: &str, sent: Moment, event: &EnvironmentEvent) -> bool {
        let is_in_time = event.at >= Self::since(sent) && event.at <= sent.plus(SOON);
        let names = [own, &self.other.name].map(|name| format!("'{name}'"));
        let is_named = names.iter().all(|name| event.message.contains(name.as_str()));
        is_in_time && is_swap(&event.message) && is_named
    }
}

/// Whether an event is about an exchange of CNAMEs.
fn is_swap(message: &str) -> bool {
    message.contains("swapEnvironmentCNAMEs") || message.to_ascii_lowercase().contains("swapping cnames")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Key, ScopeId};

    fn environment(name: &str, edit: impl FnOnce(&mut Environment)) -> Environment {
        let mut environment =
            Environment::new(Key::new(ScopeId(0), format!("e-{name}")), name, "shop", EnvironmentStatus::Ready);
        environment.cname = Some(format!("{name}.example").into());
        edit(&mut environment);
        environment
    }

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(1_000 + seconds))
    }

    fn event(seconds: u64, message: &str) -> EnvironmentEvent {
        EnvironmentEvent { request_id: Some("r-1".into()), ..EnvironmentEvent::new(at(seconds), message) }
    }

    #[test]
    fn what_is_not_possible_is_refused_in_a_sentence() {
        let blue = environment("blue", |_| ());
        let plain = |edit: fn(&mut Environment)| environment("green", edit);
        for (other, words) in [
            (blue.clone(), "blue is one environment, and CNAMEs are exchanged between two"),
            (plain(|it| it.application = "cart".into()), "green of cart: clients of the one"),
            (plain(|it| it.tier = Some(Tier::Worker)), "green is a worker environment, which has no CNAME"),
            (plain(|it| it.cname = None), "green has no CNAME"),
            (plain(|it| it.key.scope = ScopeId(1)), "in different regions or accounts"),
        ] {
            let refusal = CnameSwap::new(&blue, &other).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
        let swap = CnameSwap::new(&blue, &plain(|_| ())).unwrap();
        assert_eq!(swap.objection(&EnvironmentStatus::Ready), None);
        let refusal = swap.objection(&EnvironmentStatus::Updating).unwrap().to_string();
        assert_eq!(refusal, "green is Updating, and takes an exchange only while it is Ready");
    }

    /// What is seen, in seconds after the call: when, whether exchanged, the status, and the events if they were read.
    type Look<'a> = (u64, bool, EnvironmentStatus, Option<&'a [(u64, &'a str)]>);

    fn judged(looks: &[Option<Look<'_>>]) -> LookUpAnswer {
        let (blue, green) = (environment("blue", |_| ()), environment("green", |_| ()));
        let swap = CnameSwap::new(&blue, &green).unwrap();
        let sighting = |(seconds, exchanged, status, events): &Look<'_>| {
            let cnames = if *exchanged { (&green.cname, &blue.cname) } else { (&blue.cname, &green.cname) };
            let (own_cname, other_cname) = (cnames.0.clone(), cnames.1.clone());
            SwapSighting {
                at: at(*seconds),
                own: Environment { status: status.clone(), cname: own_cname, ..blue.clone() },
                other: Environment { status: status.clone(), cname: other_cname, ..green.clone() },
                events: events.map(|them| them.iter().map(|(at, message)| event(*at, message)).collect()),
            }
        };
        let looks: Vec<_> = looks.iter().map(|look| look.as_ref().map(sighting)).collect();
        swap.judge("blue", (at(0), None), &looks)
    }

    #[test]
    fn the_outcome_follows_from_events_that_name_both_and_from_the_exchange_itself() {
        use EnvironmentStatus::{Ready, Updating};
        const OURS: &str = "Swapping CNAMEs for environments 'blue' and 'green'.";
        const OTHERS: &str = "Swapping CNAMEs for environments 'blue' and 'red'.";
        const STARTS: &str = "swapEnvironmentCNAMEs is starting.";
        let taken = || LookUpAnswer::Taken(Some("r-1".into()));
        let cases: [(&[Option<Look<'_>>], LookUpAnswer); 11] = [
            (&[Some((1, false, Updating, Some(&[(1, OURS)])))], taken()),
            // The exchange is over and undone by another since: it was taken all the same.
            (&[Some((9_000, false, Ready, Some(&[(2, OURS)])))], taken()),
            (&[Some((20, true, Ready, None))], LookUpAnswer::Taken(None)),
            (&[Some((9_000, true, Ready, Some(&[])))], LookUpAnswer::Unknown),
            (&[Some((9_000, true, Ready, Some(&[(8_000, OURS)])))], LookUpAnswer::Unknown),
            (&[Some((1, false, Ready, Some(&[]))), Some((6, false, Ready, Some(&[])))], LookUpAnswer::NotTaken),
            (&[Some((1, false, Ready, None))], LookUpAnswer::Unknown),
            (&[Some((1, false, Updating, Some(&[]))), Some((6, false, Ready, Some(&[])))], LookUpAnswer::Unknown),
            (&[Some((2, false, Updating, Some(&[(1, STARTS)])))], LookUpAnswer::Unknown),
            (&[Some((2, false, Updating, Some(&[(1, STARTS), (2, OTHERS)])))], LookUpAnswer::Unknown),
            (&[Some((1, false, Ready, Some(&[]))), None], LookUpAnswer::Unknown),
        ];
        for (looks, expected) in cases {
            assert_eq!(judged(looks), expected, "{looks:?}");
        }
    }

    #[test]
    fn a_cname_that_moved_is_a_difference_by_name() {
        let (blue, green) = (environment("blue", |_| ()), environment("green", |_| ()));
        let swap = CnameSwap::new(&blue, &green).unwrap();
        assert_eq!(swap.differences(&blue, &green), []);
        let moved = environment("green", |it| it.cname = None);
        let words: Vec<_> = swap.differences(&blue, &moved).iter().map(ToString::to_string).collect();
        assert_eq!(words, ["the CNAME of green was green.example and is none"]);
        assert!(!swap.is_done(&blue, &green));
    }
}
