//! Names that Beanstalk knows: the sections of a configuration file, and namespaces. (Beanstalk Developer Guide.)

use crate::export::table::OptionGroup;

/// The sections of a configuration file.
pub(super) const SECTIONS: &[&str] = &[
    "option_settings",
    "packages",
    "groups",
    "users",
    "sources",
    "files",
    "commands",
    "services",
    "container_commands",
    "Resources",
    "Outputs",
    "Parameters",
    "Mappings",
    "Conditions",
];

/// Namespaces beside those of the table.
pub(super) const NAMESPACES: &[&str] = &[
    "aws:autoscaling:asg",
    "aws:autoscaling:launchconfiguration",
    "aws:autoscaling:scheduledaction",
    "aws:autoscaling:trigger",
    "aws:autoscaling:updatepolicy:rollingupdate",
    "aws:cloudformation:template:parameter",
    "aws:ec2:instances",
    "aws:ec2:vpc",
    "aws:elasticbeanstalk:application",
    "aws:elasticbeanstalk:application:environment",
    "aws:elasticbeanstalk:application:environmentsecrets",
    "aws:elasticbeanstalk:cloudwatch:logs",
    "aws:elasticbeanstalk:cloudwatch:logs:health",
    "aws:elasticbeanstalk:command",
    "aws:elasticbeanstalk:control",
    "aws:elasticbeanstalk:customoption",
    "aws:elasticbeanstalk:environment",
    "aws:elasticbeanstalk:environment:process:default",
    "aws:elasticbeanstalk:environment:proxy",
    "aws:elasticbeanstalk:environment:proxy:staticfiles",
    "aws:elasticbeanstalk:healthreporting:system",
    "aws:elasticbeanstalk:hostmanager",
    "aws:elasticbeanstalk:managedactions",
    "aws:elasticbeanstalk:managedactions:platformupdate",
    "aws:elasticbeanstalk:monitoring",
    "aws:elasticbeanstalk:sns:topics",
    "aws:elasticbeanstalk:sqsd",
    "aws:elasticbeanstalk:trafficsplitting",
    "aws:elasticbeanstalk:xray",
    "aws:elb:healthcheck",
    "aws:elb:loadbalancer",
    "aws:elb:listener",
    "aws:elb:policies",
    "aws:elbv2:listener:default",
    "aws:elbv2:loadbalancer",
    "aws:rds:dbinstance",
];

/// How namespaces with a name or a number in them begin.
const PREFIXES: &[&str] = &[
    "aws:elb:listener:",
    "aws:elb:policies:",
    "aws:elasticbeanstalk:container:",
    "aws:elasticbeanstalk:eks:",
    "aws:autoscaling:scheduledaction:",
];

/// Whether there is such a namespace.
pub(super) fn is_namespace(namespace: &str) -> bool {
    OptionGroup::from_namespace(namespace).is_some()
        || NAMESPACES.contains(&namespace)
        || PREFIXES.iter().any(|prefix| namespace.starts_with(prefix))
}
