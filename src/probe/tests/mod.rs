//! Tests of what needs more than one file: what follows from what was seen, and servers that misbehave.

mod diagnosis;
mod exchanges;
