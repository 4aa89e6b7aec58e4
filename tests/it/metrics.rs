//! Figures of `CloudWatch`: which there are, what is asked for them, what they cost, and that they end right.

mod absence;
mod calls;
mod hours;
mod late;
mod screens;
mod table;
mod wire;
