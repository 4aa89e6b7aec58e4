//! `U`: the load balancers that no environment is known to use, with all that is in front of and behind them.

mod acting;
mod lines;

pub use lines::unowned_lines;

use crate::app::list::ListState;
use crate::model::{Key, LoadBalancer};

/// The load balancers that no environment is known to use.
#[derive(Clone, Debug)]
pub struct UnownedBalancers {
    /// Which.
    pub balancers: Vec<Key<LoadBalancer>>,
    /// Their lines, all below one another.
    pub rows: ListState,
}

impl UnownedBalancers {
    /// A list of these.
    #[must_use]
    pub fn new(balancers: Vec<Key<LoadBalancer>>) -> Self {
        Self { balancers, rows: ListState::default() }
    }
}
