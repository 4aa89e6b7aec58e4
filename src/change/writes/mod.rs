//! The API writes that beanpole may call: one row each, with the parameters that it may send.
//!
//! Plans, JSON, commands of the AWS CLI, what is sent, and the policies all follow from these rows. A call with a parameter
//! that its row does not have is refused before it is sent.

mod check;
mod form;
mod read;
mod row;
mod table;

pub use check::CallMistake;
pub(super) use check::check;
pub(super) use form::form;
pub use read::find;
pub use row::{AllowedOn, ApiWrite, ParameterShape, ParameterSpec};
pub use table::*;
