//! AWS itself: sessions, reads, writes, and what went wrong with them. The only place that names the SDK.
//!
//! What the SDK answers is turned into values of the model at this boundary, so that nothing behind it knows an SDK
//! type: words that AWS added yesterday are kept as text, fields that are missing are absent, and an item without the
//! id that it needs is skipped and logged. Nothing that a peer sends may panic, because the peer need not be AWS.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the SDK has a type for every word, and its path would be longer than what is done with it"
)]

mod acm;
mod alarms;
mod applications;
pub mod apply;
mod autoscaling;
mod beanstalk;
mod call;
mod call_context;
mod caught;
mod clients;
mod cloudwatch;
mod convert;
mod credentials;
mod download;
mod ec2;
mod elb;
mod endpoint;
mod environment;
mod error_codes;
mod events;
mod fault;
mod fetch;
mod files;
mod health;
mod http;
mod kept;
mod limit;
mod logs;
pub mod look;
mod open;
mod open_fault;
mod options;
mod pem;
mod presented_authority;
mod process;
mod profiles;
mod quote;
mod redact;
mod regions;
mod routing;
mod s3;
mod s3_endpoint;
mod security;
mod sent;
mod server_clock;
mod session;
mod skew;
mod sts;
mod unanswered;
mod upload;
mod versions;
mod webhook;
mod whole;
mod whole_cbor;

pub use aws_smithy_async::time::{SharedTimeSource, TimeSource};
pub use aws_smithy_runtime_api::client::http::SharedHttpClient;
pub use environment::{drop_empty_variables, variable, variable_os};
pub use events::{EventQuery, environment_status, events};
pub use fetch::fetch;
pub use files::{MOST_OF_SETTINGS, open_own, open_regular, read_text};
pub use logs::{LogFile, download_tail, log_tails, request_tails};
pub use open::{Opened, open_session};
pub use open_fault::OpenFault;
pub use process::end_credential_processes;
pub use profiles::{credential_files, known_profiles};
pub use regions::{REGIONS, is_region_name};
pub use server_clock::ServerClock;
pub use session::{Session, SessionOptions};
pub use upload::UploadProgress;
pub use versions::versions_of;
pub use webhook::post_json;
