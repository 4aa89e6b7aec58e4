//! The simulated region: AWS on the far side of the wire.
