//! A target's state and the meaning of its reason code in plain English.

use std::sync::Arc;

use super::wire_enum::wire_enum;

wire_enum! {
    /// `TargetHealth.State` (Elastic Load Balancing API, `TargetHealth`).
    TargetState {
        /// Takes traffic.
        Healthy = "healthy",
        /// Being registered, or its first checks are running.
        Initial = "initial",
        /// Failed its checks.
        Unhealthy = "unhealthy",
        /// Network Load Balancers: unhealthy, within its draining interval.
        UnhealthyDraining = "unhealthy.draining",
        /// Being deregistered.
        Draining = "draining",
        /// Not registered, or its group takes no traffic.
        Unused = "unused",
        /// Its health is not known.
        Unavailable = "unavailable",
    }
}

impl TargetState {
    /// Worst first: unhealthy, unavailable, unused, unhealthy.draining, draining, initial, healthy.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Unhealthy => 0,
            Self::Unavailable | Self::Other(_) => 1,
            Self::Unused => 2,
            Self::UnhealthyDraining => 3,
            Self::Draining => 4,
            Self::Initial => 5,
            Self::Healthy => 6,
        }
    }
}

/// A target of a target group and its health (`DescribeTargetHealth`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// An instance id, an address, a function's ARN or an ALB's ARN, by the group's target type.
    pub id: Arc<str>,
    /// The port it listens on.
    pub port: Option<i32>,
    /// The zone, where the API returns it (address targets).
    pub availability_zone: Option<Arc<str>>,
    /// Its state.
    pub state: TargetState,
    /// AWS's reason code; absent when healthy.
    pub reason: Option<Arc<str>>,
    /// AWS's text; absent when healthy.
    pub description: Option<Arc<str>>,
}

/// A reason code with its explanations: a short one for a column, a sentence for the line below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetReason {
    /// As AWS spells it.
    pub code: &'static str,
    /// The text of a column; `{codes}` is replaced by the status codes in AWS's description.
    pub short: &'static str,
    /// What it means and what to look at.
    pub long: &'static str,
}

/// Every documented reason (Elastic Load Balancing API, `TargetHealth.Reason`; user guide, target group health checks).
const REASONS: &[TargetReason] = &[
    TargetReason {
        code: "Elb.RegistrationInProgress",
        short: "registering",
        long: "The target is being registered; its first health check follows.",
    },
    TargetReason {
        code: "Elb.InitialHealthChecking",
        short: "first health check",
        long: "The first health check is running; one pass makes a new target healthy.",
    },
    TargetReason {
        code: "Target.ResponseCodeMismatch",
        short: "answers {codes}",
        long: "The health check got a status that its matcher does not accept.",
    },
    TargetReason {
        code: "Target.Timeout",
        short: "check timed out",
        long: "No answer within the health check's timeout: the application is slow, or a security group or network ACL drops the packets.",
    },
    TargetReason {
        code: "Target.FailedHealthChecks",
        short: "connection failed",
        long: "The connection was refused or reset, or the answer was malformed: nothing listens on the port, or the protocol is wrong.",
    },
    TargetReason {
        code: "Target.NotRegistered",
        short: "not registered",
        long: "The target is not registered with this target group.",
    },
    TargetReason {
        code: "Target.NotInUse",
        short: "gets no traffic",
        long: "No listener or rule uses this target group, or the target's zone is not enabled for the load balancer.",
    },
    TargetReason {
        code: "Target.InvalidState",
        short: "instance stopped",
        long: "The instance is stopped or terminated; the Auto Scaling group should replace it.",
    },
    TargetReason {
        code: "Target.IpUnusable",
        short: "address in use",
        long: "The address belongs to a load balancer and cannot be a target.",
    },
    TargetReason {
        code: "Target.DeregistrationInProgress",
        short: "deregistering",
        long: "The target takes no new connections; requests under way may finish until the deregistration delay ends.",
    },
    TargetReason {
        code: "Target.HealthCheckDisabled",
        short: "checks are off",
        long: "Health checks are disabled for this target group.",
    },
    TargetReason {
        code: "Elb.InternalError",
        short: "AWS error",
        long: "Elastic Load Balancing failed internally; wait, and look at AWS's own health page.",
    },
];

/// The two causes of `Target.NotInUse`, which differ only in AWS's description.
const IN_NO_RULE: TargetReason = TargetReason {
    code: "Target.NotInUse",
    short: "in no rule",
    long: "No listener or rule of the load balancer leads to this target group.",
};
const ZONE_OFF: TargetReason = TargetReason {
    code: "Target.NotInUse",
    short: "zone not enabled",
    long: "The target's zone is not enabled for the load balancer: add a subnet of that zone to it (ELBSubnets).",
};

impl Target {
    /// What its reason means, if it is documented; of a code with several causes, the one that AWS's description names.
    #[must_use]
    pub fn explained(&self) -> Option<&'static TargetReason> {
        let code = self.reason.as_deref()?;
        let description = self.description.as_deref().unwrap_or_default().to_ascii_lowercase();
        match code {
            "Target.NotInUse" if description.contains("availability zone") => Some(&ZONE_OFF),
            "Target.NotInUse" if description.contains("not configured to receive traffic") => Some(&IN_NO_RULE),
            _ => REASONS.iter().find(|reason| reason.code == code),
        }
    }

    /// Returns whether AWS reports that no listener or rule leads to its target group.
    #[must_use]
    pub fn is_in_no_rule(&self) -> bool {
        self.state == TargetState::Unused && self.explained() == Some(&IN_NO_RULE)
    }

    /// Returns the reason in short: `answers 502`, `check timed out`; AWS's code if it is not documented.
    #[must_use]
    pub fn reason_words(&self) -> Option<String> {
        let code = self.reason.as_deref()?;
        let Some(reason) = self.explained() else { return Some(code.to_owned()) };
        let codes = self.status_codes().unwrap_or("a status not in the matcher");
        Some(reason.short.replace("{codes}", codes))
    }

    /// The status codes between brackets in AWS's description: `Health checks failed with these codes: [502]`.
    #[must_use]
    pub fn status_codes(&self) -> Option<&str> {
        let (_, rest) = self.description.as_deref()?.split_once('[')?;
        let (codes, _) = rest.split_once(']')?;
        (!codes.is_empty()).then_some(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(reason: &str, description: &str) -> Target {
        Target {
            id: "i-1".into(),
            port: Some(80),
            availability_zone: None,
            state: TargetState::Unhealthy,
            reason: Some(reason.into()),
            description: Some(description.into()),
        }
    }

    #[test]
    fn a_mismatch_says_the_codes() {
        let words =
            target("Target.ResponseCodeMismatch", "Health checks failed with these codes: [502]").reason_words();
        assert_eq!(words.as_deref(), Some("answers 502"));
    }

    #[test]
    fn an_unused_target_is_explained_by_what_aws_says_of_it() {
        let rule = "Target group is not configured to receive traffic from the load balancer";
        let zone = "Target is in an Availability Zone that is not enabled for the load balancer";
        let table = [
            (rule, "in no rule", "No listener or rule"),
            (zone, "zone not enabled", "zone is not enabled"),
            ("", "gets no traffic", ", or the target's zone"),
            ("something new", "gets no traffic", ", or the target's zone"),
        ];
        for (description, short, long) in table {
            let target = target("Target.NotInUse", description);
            assert_eq!(target.reason_words().as_deref(), Some(short), "{description}");
            assert!(target.explained().unwrap().long.contains(long), "{description}");
            let unused = Target { state: TargetState::Unused, ..target };
            assert_eq!(unused.is_in_no_rule(), description == rule, "{description}");
        }
    }

    #[test]
    fn an_unknown_reason_is_shown_as_it_came() {
        assert_eq!(target("Target.Tired", "").reason_words().as_deref(), Some("Target.Tired"));
    }
}
