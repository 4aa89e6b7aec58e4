//! What is kept of answers over time, held at its own level: no region, no screen.

mod events;
mod inventory;
mod series;
mod targets;
