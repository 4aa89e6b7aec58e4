//! The calls that change settings, each as a value: what is shown beforehand is what is sent.

use std::sync::Arc;

use super::calls::ApiCall;
use super::parameter::Parameter;
use super::writes::{self, ApiWrite};

/// Attributes with their values, in order.
pub type Pairs = Vec<(&'static str, String)>;

/// An option of Beanstalk's, by namespace and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionName {
    /// `aws:elbv2:loadbalancer` ...
    pub namespace: Arc<str>,
    /// `IdleTimeout` ...
    pub name: &'static str,
}

/// A call that changes settings, or looks whether Beanstalk would take them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modification {
    /// Attributes of a target group, by its ARN.
    TargetGroupAttributes(Arc<str>, Pairs),
    /// Fields of a target group's health check.
    TargetGroup(Arc<str>, Pairs),
    /// Attributes of a load balancer.
    LoadBalancerAttributes(Arc<str>, Pairs),
    /// Fields of a listener.
    Listener(Arc<str>, Pairs),
    /// Attributes of a listener.
    ListenerAttributes(Arc<str>, Pairs),
    /// Whether Beanstalk would take these options; changes nothing.
    Validate {
        /// The application.
        application: Arc<str>,
        /// The environment's name.
        environment: Arc<str>,
        /// The options with their values.
        set: Vec<(OptionName, String)>,
    },
    /// An update of the environment.
    Update {
        /// The environment's id.
        environment: Arc<str>,
        /// The options with their values.
        set: Vec<(OptionName, String)>,
        /// The options that are to be unset.
        remove: Vec<OptionName>,
    },
}

impl Modification {
    /// Whether it changes something.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Validate { .. })
    }

    /// Whether it is an update of the environment.
    #[must_use]
    pub fn is_update(&self) -> bool {
        matches!(self, Self::Update { .. })
    }

    /// Whether it writes this of the object of this ARN.
    #[must_use]
    pub fn writes_to(&self, object: &str, parameter: &str) -> bool {
        match self {
            Self::TargetGroupAttributes(arn, pairs)
            | Self::TargetGroup(arn, pairs)
            | Self::LoadBalancerAttributes(arn, pairs)
            | Self::Listener(arn, pairs)
            | Self::ListenerAttributes(arn, pairs) => {
                **arn == *object && pairs.iter().any(|(name, _)| *name == parameter)
            }
            Self::Validate { .. } | Self::Update { .. } => false,
        }
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        let text = |value: &Arc<str>| Parameter::text(&**value);
        let with = |write: &'static ApiWrite, arn, pairs: &Pairs| {
            let fields = pairs.iter().map(|(name, value)| write.parameter(name, value));
            ApiCall::new(write, [arn].into_iter().chain(fields).collect())
        };
        match self {
            Self::TargetGroupAttributes(arn, pairs) => {
                let parameters = vec![("TargetGroupArn", text(arn)), ("Attributes", attributes(pairs))];
                ApiCall::new(&writes::MODIFY_TARGET_GROUP_ATTRIBUTES, parameters)
            }
            Self::LoadBalancerAttributes(arn, pairs) => {
                let parameters = vec![("LoadBalancerArn", text(arn)), ("Attributes", attributes(pairs))];
                ApiCall::new(&writes::MODIFY_LOAD_BALANCER_ATTRIBUTES, parameters)
            }
            Self::ListenerAttributes(arn, pairs) => {
                let parameters = vec![("ListenerArn", text(arn)), ("Attributes", attributes(pairs))];
                ApiCall::new(&writes::MODIFY_LISTENER_ATTRIBUTES, parameters)
            }
            Self::TargetGroup(arn, pairs) => with(&writes::MODIFY_TARGET_GROUP, ("TargetGroupArn", text(arn)), pairs),
            Self::Listener(arn, pairs) => with(&writes::MODIFY_LISTENER, ("ListenerArn", text(arn)), pairs),
            Self::Validate { application, environment, set } => {
                let names = [("ApplicationName", text(application)), ("EnvironmentName", text(environment))];
                let parameters = names.into_iter().chain([("OptionSettings", values(set))]).collect();
                ApiCall::new(&writes::VALIDATE_CONFIGURATION_SETTINGS, parameters)
            }
            Self::Update { environment, set, remove } => {
                let id = Some(("EnvironmentId", text(environment)));
                let set = (!set.is_empty()).then(|| ("OptionSettings", values(set)));
                let remove = (!remove.is_empty()).then(|| ("OptionsToRemove", options(remove)));
                ApiCall::new(&writes::UPDATE_ENVIRONMENT, [id, set, remove].into_iter().flatten().collect())
            }
        }
    }
}

fn attributes(pairs: &Pairs) -> Parameter {
    Parameter::rows(pairs.iter().map(|(key, value)| [("Key", (*key).to_owned()), ("Value", value.clone())]))
}

fn values(set: &[(OptionName, String)]) -> Parameter {
    let row = |(option, value): &(OptionName, String)| {
        let name = option.name.to_owned();
        [("Namespace", option.namespace.to_string()), ("OptionName", name), ("Value", value.clone())]
    };
    Parameter::rows(set.iter().map(row))
}

fn options(remove: &[OptionName]) -> Parameter {
    let row =
        |option: &OptionName| [("Namespace", option.namespace.to_string()), ("OptionName", option.name.to_owned())];
    Parameter::rows(remove.iter().map(row))
}
