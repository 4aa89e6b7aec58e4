//! The routes that the user chooses among.

use crate::change::Route;

/// Returns the route to plan: through Beanstalk is the default, so that the plan shows what Beanstalk would make of it.
#[must_use]
pub(super) fn asked(route: Route) -> Option<Route> {
    (route != Route::Beanstalk).then_some(route)
}

/// The choice after this one, or before it.
pub(super) fn turned<T: PartialEq + Copy>(all: &[T], one: T, forward: bool) -> T {
    let at = all.iter().position(|other| *other == one).unwrap_or(0);
    let next = if forward { at + 1 } else { at + all.len() - 1 };
    all.get(next % all.len().max(1)).copied().unwrap_or(one)
}
