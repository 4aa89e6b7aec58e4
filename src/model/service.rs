//! The AWS services that beanpole calls.

/// An AWS service that we call: the unit of a budget and of a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Elastic Beanstalk.
    Beanstalk,
    /// Elastic Load Balancing v2.
    Elb,
    /// `CloudWatch`.
    CloudWatch,
    /// EC2.
    Ec2,
    /// Amazon EC2 Auto Scaling.
    AutoScaling,
    /// The Security Token Service.
    Sts,
    /// The Certificate Manager.
    Acm,
    /// S3, for the bundles of application versions.
    S3,
}

impl Service {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 8] =
        [Self::Beanstalk, Self::Elb, Self::CloudWatch, Self::Ec2, Self::AutoScaling, Self::Sts, Self::Acm, Self::S3];

    /// The name that people use, for badges and sentences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Beanstalk => "Beanstalk",
            Self::Elb => "ELB",
            Self::CloudWatch => "CloudWatch",
            Self::Ec2 => "EC2",
            Self::AutoScaling => "Auto Scaling",
            Self::Sts => "STS",
            Self::Acm => "ACM",
            Self::S3 => "S3",
        }
    }

    /// The prefix of its IAM actions.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Beanstalk => "elasticbeanstalk",
            Self::Elb => "elasticloadbalancing",
            Self::CloudWatch => "cloudwatch",
            Self::Ec2 => "ec2",
            Self::AutoScaling => "autoscaling",
            Self::Sts => "sts",
            Self::Acm => "acm",
            Self::S3 => "s3",
        }
    }

    /// The prefix of its endpoint, by which the configuration names it: that of its IAM actions but for `CloudWatch`.
    #[must_use]
    pub fn endpoint_prefix(self) -> &'static str {
        if self == Self::CloudWatch { "monitoring" } else { self.prefix() }
    }

    /// Its place in an array of all services.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}
