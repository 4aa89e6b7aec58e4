//! The operations of each simulated service: a table per service from a name to a function.
//!
//! A function reads the region at one instant and answers; those that change something have another type.

mod acm;
mod autoscaling;
mod cloudwatch;
mod ec2;
mod elasticbeanstalk;
mod elasticloadbalancing;
mod operation;
mod s3;
mod sts;

pub use elasticbeanstalk::logs;
pub use operation::{Changing, Moment, Operation};

use std::borrow::Cow;

use super::asked::{Asked, Input};
use super::physics::View;
use super::region::Region;
use super::service::Service;
use super::wire::document::{self, Value};
use super::wire::envelope::Answer;
use super::wire::refusal::Refusal;
use operation::{Change, Query};

/// The operation that a request names, if it is simulated.
pub fn find(asked: &Asked) -> Option<Operation> {
    let named = |table: &[(&str, Query)]| {
        table.iter().find(|(name, _)| *name == asked.operation).map(|(_, operation)| Operation::Query(*operation))
    };
    let changing = |table: &[(&str, Change)]| {
        table.iter().find(|(name, _)| *name == asked.operation).map(|(_, it)| Operation::Change(Changing::Query(*it)))
    };
    match asked.service? {
        Service::ElasticBeanstalk => {
            named(elasticbeanstalk::OPERATIONS).or_else(|| changing(elasticbeanstalk::CHANGES))
        }
        Service::ElasticLoadBalancing => {
            named(elasticloadbalancing::OPERATIONS).or_else(|| changing(elasticloadbalancing::CHANGES))
        }
        Service::AutoScaling => named(autoscaling::OPERATIONS).or_else(|| changing(autoscaling::CHANGES)),
        Service::Ec2 => named(ec2::OPERATIONS).or_else(|| changing(ec2::CHANGES)),
        Service::Sts => named(sts::OPERATIONS),
        Service::CloudWatch => {
            let read = cloudwatch::OPERATIONS.iter().find(|(name, _)| *name == asked.operation);
            let change = cloudwatch::CHANGES.iter().find(|(name, _)| *name == asked.operation);
            let read = read.map(|(_, operation)| Operation::Rpc(*operation));
            read.or_else(|| change.map(|(_, change)| Operation::Change(Changing::Rpc(*change))))
        }
        Service::S3 => {
            let read = s3::OPERATIONS.iter().find(|(name, _)| *name == asked.operation);
            let change = s3::CHANGES.iter().find(|(name, _)| *name == asked.operation);
            let read = read.map(|(_, operation)| Operation::Object(*operation));
            read.or_else(|| change.map(|(_, change)| Operation::Change(Changing::Object(*change))))
        }
        Service::Acm => acm::OPERATIONS
            .iter()
            .find(|(name, _)| *name == asked.operation)
            .map(|(_, operation)| Operation::Json(*operation)),
    }
}

/// Calls an operation that changes the region.
pub fn change(
    change: Changing,
    region: &mut Region,
    moment: Moment<'_>,
    input: &Input,
) -> Option<Result<Answer, Refusal>> {
    match change {
        Changing::Query(change) => {
            if let Input::Form(form) = input {
                Some(change(region, moment, form))
            } else {
                None
            }
        }
        Changing::Object(change) => {
            if let Input::Object(object) = input {
                Some(change(region, moment, object))
            } else {
                None
            }
        }
        Changing::Rpc(change) => {
            let input = tree(input)?;
            Some(change(region, moment, &input).map(|()| Answer::Nothing))
        }
    }
}

/// Returns the parameters of a service with several protocols; `None`: they are of another protocol, or unreadable.
fn tree(input: &Input) -> Option<Cow<'_, Value>> {
    match input {
        Input::Cbor(value) => Some(Cow::Borrowed(value)),
        Input::Json(value) => Some(Cow::Owned(document::from_json(value))),
        Input::Form(form) => document::from_form(form).map(Cow::Owned),
        Input::Object(_) | Input::Malformed => None,
    }
}

/// Calls an operation with the parameters of a request; none: they are of another protocol, or unreadable.
pub fn call(operation: Operation, view: View<'_>, input: &Input) -> Option<Result<Answer, Refusal>> {
    match (operation, input) {
        (Operation::Query(operation), Input::Form(form)) => Some(operation(view, form).map(Answer::Xml)),
        (Operation::Rpc(operation), input) => {
            let input = tree(input)?;
            Some(operation(view, &input).map(Answer::Tree))
        }
        (Operation::Object(operation), Input::Object(object)) => Some(operation(view, object)),
        (Operation::Json(operation), Input::Json(value)) => Some(operation(view, value).map(Answer::Json)),
        _ => None,
    }
}
