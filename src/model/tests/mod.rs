//! What is kept of answers over time, held at its own level: no region, no screen.

mod events;
mod facts;
mod inventory;
mod links;
mod relinking;
mod series;
mod targets;
mod weights;
mod words;
