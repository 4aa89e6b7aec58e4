//! What an operation of a simulated service is: a function of the region at one instant, or one that changes it.

use crate::sim::physics::View;
use crate::sim::region::Region;
use crate::sim::wire::document::Value;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::object::ObjectRequest;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// A write as it arrived: when, and under which request id.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// Milliseconds since the Unix epoch.
    pub now: i64,
    pub request_id: &'a str,
}

/// An operation of a query service.
pub type Query = fn(View<'_>, &Form) -> Result<Xml, Refusal>;
/// An operation of a query service that changes the region.
pub type Change = fn(&mut Region, Moment<'_>, &Form) -> Result<Answer, Refusal>;
/// An operation of a service with several protocols.
pub type Rpc = fn(View<'_>, &Value) -> Result<Value, Refusal>;
/// An operation of a service with several protocols, which changes the region and answers nothing.
pub type RpcChange = fn(&mut Region, Moment<'_>, &Value) -> Result<(), Refusal>;
/// An operation of S3.
pub type ReadObject = fn(View<'_>, &ObjectRequest) -> Result<Answer, Refusal>;
/// An operation of S3 that changes the region.
pub type ChangeObject = fn(&mut Region, Moment<'_>, &ObjectRequest) -> Result<Answer, Refusal>;
/// An operation of a JSON service.
pub type Json = fn(View<'_>, &serde_json::Value) -> Result<serde_json::Value, Refusal>;

/// An operation, ready to be called.
#[derive(Clone, Copy)]
pub enum Operation {
    Query(Query),
    Change(Changing),
    Rpc(Rpc),
    Json(Json),
    Object(ReadObject),
}

/// An operation that changes the region.
#[derive(Clone, Copy)]
pub enum Changing {
    Query(Change),
    Rpc(RpcChange),
    Object(ChangeObject),
}
