//! What to read from AWS, when, and at whose expense: wants, ages, budgets and the schedule between them.
//!
//! All of it is pure. The dashboard and the commands use the same planner and the same budgets; they differ only in the
//! questions they ask.

mod budget;
mod cadences;
mod condition;
mod cost_budget;
mod freshness;
mod giving_up;
pub mod measures;
mod of_checks;
mod of_deploys;
mod of_rows;
mod of_settings;
mod pace;
mod poller;
mod request_log;
mod schedule;
#[cfg(test)]
mod tests;
mod wants;

pub use budget::{Allowance, Budget, BudgetPlan, Plans, plans};
pub use cadences::{Cadence, Cadences};
pub use condition::{ServiceCondition, condition, is_rare};
pub use cost_budget::CostBudget;
pub use freshness::Freshness;
pub use giving_up::GivingUp;
pub use pace::Pace;
pub use poller::{Poller, ServiceState};
pub use request_log::RequestLog;
pub use schedule::{Picked, schedule};
pub use wants::{Question, Want, rules_wanted, wants};
