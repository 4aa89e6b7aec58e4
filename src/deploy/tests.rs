//! Updates told by hand, from their first event to their verdict.
