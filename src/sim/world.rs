//! A region that answers: faults first, then the operation, then a line in the log of calls.
//!
//! Requests change only what they change at AWS: token buckets, request ids, the log, and the region by a write
//! that is accepted. The content of every answer is a function of the scenario, the writes so far and the time.

mod front;

use super::asked::Input;
use super::asked::{self, Asked};
use super::buckets::Buckets;
use super::faults::{Broken, Faults, Unreachable, Unreadability, Unreadable, Window};
use super::logs::{self, Requested};
use super::objects;
use super::physics::{View, noise, timestamp};
use super::policy::Policy;
use super::region::Region;
use super::scenario::Scenario;
use super::scenario::spec::{FaultsSpec, Unreachability};
use super::service::{Protocol, Service};
use super::services::{self, Moment, Operation};
use super::trouble;
use super::variety::Variety;
use super::wire::envelope::{Answer, Envelope, Written};
use super::wire::refusal::Refusal;
use super::wire::{Request, Response, TransportFault};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// The most calls that are remembered.
const REMEMBERED: usize = 100_000;

/// A simulated region. Clones are the same region.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    scenario: Scenario,
    region: RwLock<Region>,
    now: Now,
    /// The time of the `Date` header, by which clients correct the clock that they sign with.
    dated: Option<Now>,
    state: Mutex<State>,
    /// How many requests came to load balancers.
    requests: AtomicU64,
}

type Now = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// A request as it was received.
struct Reception {
    request_id: String,
    fault: Option<TransportFault>,
    refused: Option<Refusal>,
    delay: std::time::Duration,
    broken: Option<Broken>,
}

/// What being asked changes.
#[derive(Default)]
struct State {
    faults: Faults,
    variety: Option<Variety>,
    buckets: Buckets,
    calls: VecDeque<Call>,
    count: u64,
    by_action: BTreeMap<String, u32>,
    logs: Requested,
}

/// A call that was answered, for tests that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When.
    pub at: Timestamp,
    /// The prefix of its IAM actions, `elasticloadbalancing`; `unknown` if the service is not simulated.
    pub service: String,
    /// The operation, `DescribeTags`.
    pub operation: String,
    /// Bytes of the answer's body.
    pub bytes: usize,
    /// The HTTP status; 0 if there was no answer.
    pub status: u16,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("region", &self.0.scenario.region()).finish_non_exhaustive()
    }
}

impl World {
    /// A world in which the scenario begins now.
    pub fn new(scenario: Scenario, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self::build(scenario, Box::new(now), None)
    }

    /// The same with another time in the `Date` header of its answers.
    pub fn with_headers_dated(
        scenario: Scenario,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        dated: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        Self::build(scenario, Box::new(now), Some(Box::new(dated)))
    }

    fn build(scenario: Scenario, now: Now, dated: Option<Now>) -> Self {
        let epoch = now().as_millisecond();
        let state = State { faults: faults(&scenario.spec.faults), ..State::default() };
        Self(Arc::new(Inner {
            region: RwLock::new(Region::build(&scenario.spec, epoch)),
            scenario,
            now,
            dated,
            state: Mutex::new(state),
            requests: AtomicU64::new(0),
        }))
    }

    /// The scenario that this is a world of.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.0.scenario
    }

    /// Answers a request. Never sleeps and never fails: what goes wrong is in the answer.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Response {
        let now = (self.0.now)();
        if let Some(response) = self.file(now, request) {
            return response;
        }
        let mut asked = asked::read(request);
        let later = self.shorten_pages(&mut asked);
        let Reception { request_id, fault, refused, delay, broken } = self.receive(now.as_millisecond(), &asked, later);

        let envelope = Envelope {
            service: asked.service,
            protocol: asked.protocol,
            operation: &asked.operation,
            request_id: &request_id,
        };
        let outcome = match refused {
            Some(refusal) => Err(refusal),
            None => self.logs(now.as_millisecond(), &asked, request, fault).unwrap_or_else(|| {
                self.operate(Moment { now: now.as_millisecond(), request_id: &request_id }, &asked, fault)
            }),
        };
        let variety = self.state().variety;
        let mut written = match outcome {
            Ok(answer) => envelope.answer(match variety {
                Some(variety) => variety.vary(&asked.operation, answer, now.as_millisecond()),
                None => answer,
            }),
            Err(refusal) => envelope.refusal(&refusal),
        };
        if let Some(broken) = broken {
            written.status = 200;
            written.body = broken.spoil(&written.body);
        }
        if asked.protocol == Protocol::Rest {
            // S3 has a name of its own for it.
            written.headers.push(("x-amz-request-id", request_id.clone()));
        }
        let response = respond(written, self.dated(now), &request_id, delay, fault);
        self.log(now, asked.service_name(), &asked.operation, &response);
        response
    }

    /// Shortens the pages of a listing that comes in short ones; what comes in place of this one, if it is a later one.
    fn shorten_pages(&self, asked: &mut Asked) -> Option<Unreadability> {
        let pages = self.state().faults.pages_of(&asked.action()).cloned()?;
        let Input::Form(form) = &mut asked.input else { return None };
        let is_later = form.shorten_pages(pages.most);
        pages.later.filter(|_| is_later)
    }

    /// Applies the faults to a request before it is evaluated; `later`: the fault in place of its next page.
    fn receive(&self, now: i64, asked: &Asked, later: Option<Unreadability>) -> Reception {
        let dated = self.dated(timestamp(now)).as_second();
        let region = self.0.region.read().unwrap_or_else(PoisonError::into_inner);
        let view = View { region: &region, now };
        let mut state = self.state();
        state.count += 1;
        let unreadable =
            state.faults.unreadable_at(&asked.action(), view.time(), |name| objects::names(&region, asked, name));
        let unreadable = unreadable.or(later);
        let stalled = match unreadable {
            Some(Unreadability::Stalled) => Some(TransportFault::Timeout),
            Some(Unreadability::Cut) => Some(TransportFault::CutShort),
            _ => None,
        };
        let fault = state.faults.unreachable_at(asked.service, view.time()).or(stalled);
        Reception {
            request_id: noise::uuid(region.seed ^ state.count, &asked.operation),
            fault,
            refused: if fault.is_some() {
                None
            } else {
                state.front(view, asked, dated).or_else(|| unread(unreadable?, asked, &region))
            },
            delay: state.faults.latency,
            broken: state.faults.broken.get(&asked.action()).copied(),
        }
    }

    fn operate(&self, moment: Moment<'_>, asked: &Asked, fault: Option<TransportFault>) -> Result<Answer, Refusal> {
        let operation = services::find(asked).ok_or_else(|| trouble::unknown_operation(asked))?;
        let malformed = || Err(trouble::malformed(asked.protocol));
        let Operation::Change(change) = operation else {
            let region = self.0.region.read().unwrap_or_else(PoisonError::into_inner);
            let view = View { region: &region, now: moment.now };
            return services::call(operation, view, &asked.input).unwrap_or_else(malformed);
        };
        // A request that did not arrive changes nothing; one whose answer is lost does.
        if matches!(fault, Some(TransportFault::ConnectionRefused | TransportFault::Timeout)) {
            return Ok(Answer::Nothing);
        }
        let mut region = self.0.region.write().unwrap_or_else(PoisonError::into_inner);
        services::change(change, &mut region, moment, &asked.input).unwrap_or_else(malformed)
    }

    /// The operations about logs, which remember what they were asked, if it arrived.
    fn logs(
        &self,
        now: i64,
        asked: &Asked,
        request: &Request,
        fault: Option<TransportFault>,
    ) -> Option<Result<Answer, Refusal>> {
        let (Some(Service::ElasticBeanstalk), Input::Form(form)) = (asked.service, &asked.input) else { return None };
        if matches!(fault, Some(TransportFault::ConnectionRefused | TransportFault::Timeout)) {
            return None;
        }
        let region = self.0.region.read().unwrap_or_else(PoisonError::into_inner);
        let view = View { region: &region, now };
        let requested = &mut self.state().logs;
        let answer = services::logs::answer(view, &asked.operation, form, &logs::base(request), requested)?;
        Some(answer.map(Answer::Xml))
    }

    /// Returns a file of logs, which any client that has its URL may read.
    fn file(&self, now: Timestamp, request: &Request) -> Option<Response> {
        let region = self.0.region.read().unwrap_or_else(PoisonError::into_inner);
        let view = View { region: &region, now: now.as_millisecond() };
        let mut state = self.state();
        let written = state.logs.serve(view, request)?;
        state.count += 1;
        let request_id = noise::uuid(region.seed ^ state.count, "GetObject");
        let (delay, fault) = (state.faults.latency, state.faults.unreachable_at(None, view.time()));
        drop(state);
        let response = respond(written, self.dated(now), &request_id, delay, fault);
        self.log(now, "s3", "GetObject", &response);
        Some(response)
    }

    fn dated(&self, now: Timestamp) -> Timestamp {
        self.0.dated.as_ref().map_or(now, |dated| dated())
    }

    fn log(&self, at: Timestamp, service: &str, operation: &str, response: &Response) {
        let unanswered = response.fault.is_some_and(|fault| fault != TransportFault::CutShort);
        let mut state = self.state();
        if state.calls.len() == REMEMBERED {
            state.calls.pop_front();
        }
        state.calls.push_back(Call {
            at,
            service: service.to_owned(),
            operation: operation.to_owned(),
            bytes: if unanswered { 0 } else { response.body.len() },
            status: if unanswered { 0 } else { response.status },
        });
    }

    /// The calls so far, the oldest first (the last 100,000 of them).
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.state().calls.clear();
    }

    /// What goes wrong at present.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.state().faults.clone()
    }

    /// Replaces the scenario's faults from now on. Token buckets keep what they hold.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// From now on answers have another shape with the same meaning: sets in another order, what is empty left out or sent,
    /// words joined. Another shape for each seed.
    pub fn vary(&self, seed: u64) {
        self.state().variety = Some(Variety::new(seed));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What stops a request before the operation is reached; `dated` is the region's time in seconds.
    fn front(&mut self, view: View<'_>, asked: &Asked, dated: i64) -> Option<Refusal> {
        let action = asked.action();
        if !asked.signed {
            return Some(trouble::missing_token(asked.protocol));
        }
        if let (Some(tolerance), Some(signed)) = (self.faults.skew, asked.signed_at)
            && (signed - dated).abs() > tolerance
        {
            return Some(trouble::skewed(asked.protocol, signed, dated, tolerance));
        }
        if self.faults.expired_at(view.time()) || asked.expires_at.is_some_and(|at| dated >= at) {
            return Some(trouble::expired(asked.protocol));
        }
        let allowance = self.faults.throttle.get(asked.service_name()).copied();
        if allowance.is_some_and(|allowance| !self.buckets.take(asked.service_name(), allowance, view.now)) {
            return Some(trouble::throttled(asked));
        }
        let resource = trouble::resource(asked, view.region);
        if self.faults.denies(&action, resource.as_deref()) {
            return Some(trouble::denied(asked, view.region));
        }
        let every = self.faults.internal.get(&action).copied()?;
        let count = self.by_action.entry(action).or_default();
        *count += 1;
        count.is_multiple_of(every.max(1)).then(|| trouble::internal(asked))
    }
}

/// What is answered instead of an input that cannot be read.
fn unread(how: Unreadability, asked: &Asked, region: &Region) -> Option<Refusal> {
    match how {
        Unreadability::Denied => Some(trouble::denied(asked, region)),
        Unreadability::Failing => Some(trouble::internal(asked)),
        Unreadability::Throttled => Some(trouble::throttled(asked)),
        Unreadability::Expired => Some(trouble::expired(asked.protocol)),
        Unreadability::Stalled | Unreadability::Cut => None,
    }
}

fn respond(
    written: Written,
    now: Timestamp,
    request_id: &str,
    delay: std::time::Duration,
    fault: Option<TransportFault>,
) -> Response {
    let mut headers = vec![("x-amzn-requestid".to_owned(), request_id.to_owned()), ("date".to_owned(), http_date(now))];
    headers.extend(written.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Response { status: written.status, headers, body: written.body, delay, fault }
}

/// `Mon, 23 Nov 2026 14:03:22 GMT`, by which SDKs correct their clocks.
fn http_date(now: Timestamp) -> String {
    timestamp(now.as_millisecond()).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn faults(spec: &FaultsSpec) -> Faults {
    let mut faults = Faults {
        latency: spec.latency.duration(),
        deny: spec.deny.clone(),
        policy: spec
            .policy
            .as_deref()
            .and_then(Policy::named)
            .unwrap_or_else(|| Policy::read_write().with_load_balancer("*")),
        broken: spec.broken.clone(),
        internal: spec.internal.clone(),
        ..Faults::default()
    };
    faults.throttle.extend(spec.throttle.iter().map(|(service, allowance)| (service.clone(), *allowance)));
    faults.expired.extend(
        spec.expired.iter().map(|window| Window { from: window.from.0, until: window.until.map(|until| until.0) }),
    );
    faults.unreadable.extend(spec.unreadable.iter().map(|spec| Unreadable {
        action: spec.action.clone(),
        object: spec.object.clone(),
        during: Window { from: spec.from.0, until: spec.until.map(|until| until.0) },
        how: spec.how,
    }));
    faults.unreachable.extend(spec.unreachable.iter().map(|spec| Unreachable {
        service: spec.service.clone(),
        during: Window { from: spec.from.0, until: spec.until.map(|until| until.0) },
        how: match spec.how {
            Unreachability::Refused => TransportFault::ConnectionRefused,
            Unreachability::Timeout => TransportFault::Timeout,
            Unreachability::Reset => TransportFault::ConnectionReset,
            Unreachability::Cut => TransportFault::CutShort,
        },
    }));
    faults
}
