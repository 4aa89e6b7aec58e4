//! The checks, state by state.

mod attention;
mod cases;
mod stage;
mod table;
