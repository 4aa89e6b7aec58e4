//! The world's load balancers, for their own clients.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::World;
use crate::sim::front::{self, Arrival, ClientRequest, Visit};
use crate::sim::physics::View;
use crate::sim::wire::TransportFault;

impl World {
    /// Connects to a port of the load balancer of this DNS name; `None` if there is none.
    pub(in crate::sim) fn arrive(
        &self,
        address: &str,
        port: u16,
        name: Option<&str>,
    ) -> Option<Result<Arrival, TransportFault>> {
        let faults = self.faults();
        self.look(|view| {
            let balancer = front::balancer_of(view, address)?;
            Some(match faults.unreachable_at(None, view.time()) {
                Some(fault) => Err(fault),
                None => front::arrive(view, balancer, port, name),
            })
        })
    }

    /// Answers a request of a client.
    pub(in crate::sim) fn visit(&self, arrival: &Arrival, request: &ClientRequest) -> Visit {
        self.look(|view| front::visit(view, arrival, request))
    }

    /// The number of a client's request: requests are numbered as they come.
    pub(in crate::sim) fn next_request(&self) -> u64 {
        self.0.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// The region's time.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        (self.0.now)()
    }

    fn look<T>(&self, see: impl FnOnce(View<'_>) -> T) -> T {
        let region = self.0.region.read().unwrap_or_else(PoisonError::into_inner);
        see(View { region: &region, now: (self.0.now)().as_millisecond() })
    }
}
