//! The checks, state by state.

mod alarm_cases;
mod attention;
mod cases;
mod certificate_cases;
mod detection_cases;
mod exposure_cases;
mod foreign_cases;
mod further_cases;
mod latest_cases;
mod more_cases;
mod objects;
mod probe_cases;
mod sentence;
mod stage;
mod table;
mod upkeep_cases;
mod versions_stage;
mod why;
