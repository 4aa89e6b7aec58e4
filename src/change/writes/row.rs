//! A row of the table of writes.

use std::fmt;

use crate::change::parameter::Parameter;
use crate::model::Service;

/// An operation of AWS's API that changes something, or asks whether a change would be accepted.
pub struct ApiWrite {
    /// The service.
    pub service: Service,
    /// The operation, as AWS spells it.
    pub operation: &'static str,
    /// The parameters that beanpole sends, in AWS's order.
    pub parameters: &'static [ParameterSpec],
    /// False for an operation that only validates.
    pub changes: bool,
    /// On what the policy for writing allows it.
    pub allowed_on: AllowedOn,
}

/// The resources on which the policy for writing allows an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedOn {
    /// On all.
    Everything,
    /// On load balancers with the names that Beanstalk gives, their listeners, rules and target groups.
    BeanstalkLoadBalancers,
    /// On the objects of the buckets that Beanstalk has, one for each region.
    BeanstalkBuckets,
}

impl AllowedOn {
    /// The resources, as a policy names them.
    #[must_use]
    pub fn resources(self) -> &'static [&'static str] {
        match self {
            Self::Everything => &["*"],
            Self::BeanstalkLoadBalancers => &[
                "arn:aws:elasticloadbalancing:*:*:targetgroup/awseb-*",
                "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/awseb-*/*",
                "arn:aws:elasticloadbalancing:*:*:listener/app/awseb-*",
                "arn:aws:elasticloadbalancing:*:*:listener-rule/app/awseb-*/*/*/*",
            ],
            Self::BeanstalkBuckets => &["arn:aws:s3:::elasticbeanstalk-*/*"],
        }
    }
}

/// A parameter of an operation, or a field of a structure.
#[derive(Debug)]
pub struct ParameterSpec {
    /// As AWS's API reference, JSON and the AWS CLI name it.
    pub name: &'static str,
    /// As the query protocol names it; EC2 has other names for some.
    pub form_name: &'static str,
    /// What it may hold.
    pub shape: ParameterShape,
    /// True if AWS refuses a call without it, or beanpole never leaves it out.
    pub required: bool,
}

/// What a parameter may hold.
#[derive(Debug)]
pub enum ParameterShape {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// A number.
    Double,
    /// Yes or no.
    Flag,
    /// The content of a file, by the file's path.
    File,
    /// An instant: a text as RFC 3339 has it.
    Time,
    /// Fields.
    Structure(&'static [ParameterSpec]),
    /// Values of one shape.
    List(&'static ParameterShape),
}

impl ApiWrite {
    /// Its IAM action.
    #[must_use]
    pub fn permission(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }

    /// The parameter of this name that holds this text, in the row's shape. A structure with one field and a
    /// list of those hold it in that field.
    pub(in crate::change) fn parameter(&self, name: &'static str, text: &str) -> (&'static str, Parameter) {
        let spec = self.parameters.iter().find(|spec| spec.name == name);
        (name, spec.map_or_else(|| Parameter::text(text), |spec| spec.shape.hold(text)))
    }
}

impl ParameterShape {
    /// A text that is no number stays one, and the call is refused.
    fn hold(&self, text: &str) -> Parameter {
        match self {
            Self::Number => text.parse().map_or_else(|_| Parameter::text(text), Parameter::Number),
            Self::Double => text.parse().map_or_else(|_| Parameter::text(text), Parameter::Double),
            Self::Structure([only]) => Parameter::Structure(vec![(only.name, only.shape.hold(text))]),
            Self::List(shape) => Parameter::List(vec![shape.hold(text)]),
            Self::Text | Self::File | Self::Time | Self::Flag | Self::Structure(_) => Parameter::text(text),
        }
    }

    pub(super) fn fields(&self) -> &'static [ParameterSpec] {
        match self {
            Self::Structure(fields) => fields,
            Self::List(shape) => shape.fields(),
            Self::Text | Self::File | Self::Number | Self::Double | Self::Flag | Self::Time => &[],
        }
    }
}

impl PartialEq for ApiWrite {
    fn eq(&self, other: &Self) -> bool {
        self.service == other.service && self.operation == other.operation
    }
}

impl Eq for ApiWrite {}

impl fmt::Debug for ApiWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.permission())
    }
}

impl ParameterSpec {
    pub(super) const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    pub(super) const fn sent_as(mut self, form_name: &'static str) -> Self {
        self.form_name = form_name;
        self
    }
}
