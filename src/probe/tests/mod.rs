//! Tests of what needs more than one file.
