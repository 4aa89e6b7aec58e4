//! The real binary in a real terminal: it starts, reacts to keys and resizing, and restores the terminal however
//! it ends. What it shows is tested on the paused clock elsewhere; here only that it is shown.

mod away;
mod ending;
mod handing_over;
mod idle;
mod keys;
mod notifying;
mod starting;
mod suspending;

use crate::support::terminal::{Start, Terminal};

/// All environments of the demo.
const SHOP: [&str; 12] = [
    "shop-web-prod",
    "shop-api-prod",
    "shop-chat-prod",
    "shop-ws-prod",
    "shop-admin-prod",
    "shop-search-prod",
    "billing-web-prod",
    "billing-api-prod",
    "billing-jobs-prod",
    "legacy-portal",
    "partner-gw",
    "shop-staging",
];

/// The demo, once all environments are on its screen.
fn demo() -> Terminal {
    filled(Start::of(&["demo"]))
}

fn filled(start: Start) -> Terminal {
    let mut terminal = start.start();
    terminal.until_says("12 environments");
    terminal
}
