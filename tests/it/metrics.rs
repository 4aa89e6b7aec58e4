//! Figures of `CloudWatch`: which there are, their requests, their cost, and that they end right.

mod absence;
mod calls;
mod hours;
mod late;
mod screens;
mod table;
mod wire;
