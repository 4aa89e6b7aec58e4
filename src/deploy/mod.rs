//! How an update of an environment goes: phases and batches, each target's life, which version runs where, and whether
//! the new version does worse than what went before.
//!
//! A [`Watch`] follows one update of one environment. It is given what has been read ([`crate::model::Snapshot`]) at any
//! time, keeps what it needs within bounds, and returns what happened. It uses two kinds of evidence: what is known
//! within seconds and proves little (target states, enhanced health: *early*), and the load balancer's own figures,
//! which come minutes late and are revised (*confirming*). [`RULES`] is the table of what counts for what.
//!
//! An [`ImpactWatch`] judges a change of settings in the same way, by the same rules and [`CHANGE_RULES`].

mod batches;
mod cause;
mod causes;
mod course;
mod early;
mod event;
mod failures;
mod figures;
mod harm;
mod impact;
mod json;
mod judge;
mod lane;
mod last_update;
mod left_over;
mod live;
mod minutes;
mod observe;
mod phase;
mod plan;
mod policy;
mod previous;
mod record;
mod report;
mod rules;
mod settle;
mod sign;
mod split;
mod statistics;
mod texts;
mod time_json;
mod update_record;
mod verdict;
mod verdict_news;
mod versions;
mod watch;

#[cfg(test)]
mod tests;

pub use batches::between_batches;
pub use course::Course;
pub use figures::Figures;
pub use harm::HarmResponse;
pub use impact::ImpactWatch;
pub use lane::{Lane, LaneState, Lanes, Run, TargetChange};
pub use last_update::LastUpdate;
pub use left_over::badly_updated;
pub use live::{LiveCourse, LiveFigures};
pub use minutes::{BASELINE, LATE, Minute, Minutes, series_needed};
pub use phase::{Mark, Phase, PhaseStep, Split, UpdateKind};
pub use plan::{CandidateVersion, DeployPlan, FleetBefore, PastDeploys, PlanLine};
pub use policy::{Policy, Rollout};
pub use previous::{RecordedDeploy, version_before};
pub use record::record;
pub use report::markdown;
pub use rules::{CHANGE_RULES, LEAST_REQUESTS, RULES, RuleSignal, Test, Timing, VerdictRule, rule};
pub use sign::VerdictSign;
pub use texts::{PATTERNS, Pattern, sign_of};
pub use update_record::update_record;
pub use verdict::{Leaning, Verdict, VerdictKind, VerdictReason};
pub use verdict_news::VerdictNews;
pub use versions::{InstanceVersion, Versions};
pub use watch::{Happened, Happening, SETTLE, Watch};
