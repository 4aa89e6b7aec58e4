//! Applications: what Beanstalk does with their versions.

use super::{Key, Moment};

/// An application (`DescribeApplications`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its name, unique in the region.
    pub key: Key<Application>,
    /// How many versions its lifecycle rule keeps, if one that counts is in force.
    pub versions_kept: Option<u64>,
    /// For how many days its lifecycle rule keeps a version, if one is in force.
    pub days_kept: Option<u64>,
}

impl Application {
    /// Returns the label of the version that would be deleted, of those that no environment runs, `None` if the rules keep
    /// this one when the next version is created. `newer` is how many versions are newer than it.
    ///
    /// Beanstalk applies the rules when a version is created, and leaves those that an environment runs
    /// (Developer Guide, "Configuring application version lifecycle settings").
    #[must_use]
    pub fn rule_that_deletes(&self, created: Option<Moment>, newer: u64, now: Moment) -> Option<LifecycleRule> {
        let by_count = self.versions_kept.filter(|kept| newer + 1 >= *kept).map(LifecycleRule::Count);
        let is_old = |days: &u64| created.is_some_and(|created| now.since(created).as_secs() >= days * 86_400);
        by_count.or_else(|| self.days_kept.filter(is_old).map(LifecycleRule::Days))
    }
}

/// A rule by which versions are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleRule {
    /// So many versions are kept.
    Count(u64),
    /// Versions are kept for so many days.
    Days(u64),
}

/// A version of a platform that AWS recommends (`ListPlatformVersions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformVersion {
    /// Its ARN.
    pub key: Key<PlatformVersion>,
}

/// The platform's name and the version in a platform's ARN (`arn:aws:elasticbeanstalk:eu-west-1::platform/NAME/6.1.2`);
/// `None` if it is no such ARN.
#[must_use]
pub fn platform_of(arn: &str) -> Option<(&str, &str)> {
    arn.split_once(":platform/")?.1.rsplit_once('/')
}

/// Whether a version of a platform is newer than another, by their numbers. What has no number counts as equal.
#[must_use]
pub fn is_newer_version(version: &str, other: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> { text.split('.').map(|number| number.parse().ok()).collect() };
    numbers(version).zip(numbers(other)).is_some_and(|(version, other)| version > other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_platforms_are_compared_by_their_numbers() {
        for (version, other, expected) in [
            ("6.10.0", "6.9.3", true),
            ("6.9.3", "6.10.0", false),
            ("6.6.2", "6.6.2", false),
            ("7.0.0", "6.6.2", true),
            ("6.6.2.1", "6.6.2", true),
            ("6.x", "6.6.2", false),
        ] {
            assert_eq!(is_newer_version(version, other), expected, "{version} {other}");
        }
    }

    #[test]
    fn the_name_in_an_arn_may_have_slashes_of_its_own() {
        let arn =
            "arn:aws-cn:elasticbeanstalk:cn-north-1::platform/Tomcat 10 with Corretto 21/x running on AL2023/5.1.0";
        assert_eq!(platform_of(arn), Some(("Tomcat 10 with Corretto 21/x running on AL2023", "5.1.0")));
        assert_eq!(platform_of("64bit Amazon Linux 2023 v6.1.0 running Node.js 20"), None);
    }
}
