//! Facts of domain.md that the region has to have: two environments of one name, failed commands in health, options that a
//! shared load balancer lacks, what may leave a security group, and ranges that include both their ends.

use beanpole::sim::{Faults, Policy};

use super::{Turned, element, elements};

/// A region for a caller who may do everything, as often as they like.
fn turned(text: &str) -> Turned {
    let turned = Turned::written(text);
    turned.world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
    turned
}

const TWO: &str = scenario!(
    "two environments of one name",
    application!("shop"),
    environment!("gone", called = "web", id = "e-aaaaaaaaaa", status = "Terminated"),
    environment!("web", id = "e-bbbbbbbbbb"),
    environment!("too", called = "web", id = "e-cccccccccc"),
);

#[test]
fn environments_may_have_one_name_and_keep_their_own_resources() {
    let turned = turned(TWO);
    let listed = |more: &str| {
        let answer = turned.eb(&format!("Action=DescribeEnvironments&Version=2010-12-01{more}"));
        let environments = elements(&answer, "EnvironmentId").into_iter().map(str::to_owned);
        (environments.collect::<Vec<_>>(), elements(&answer, "EnvironmentName").iter().all(|name| *name == "web"))
    };
    let mut living = listed("&IncludeDeleted=false");
    living.0.sort();
    assert_eq!(living, (vec!["e-bbbbbbbbbb".to_owned(), "e-cccccccccc".to_owned()], true));
    assert_eq!(listed("&EnvironmentNames.member.1=web&IncludeDeleted=false").0.len(), 2);
    assert_eq!(listed("&EnvironmentNames.member.1=too").0.len(), 0, "the scenario's own word is no name");
    let balancer = |id: &str| {
        let answer = turned.eb(&format!("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentId={id}"));
        element(element(&answer, "LoadBalancers"), "Name").to_owned()
    };
    assert_ne!(balancer("e-bbbbbbbbbb"), balancer("e-cccccccccc"));
    // By name it is the first that is not terminated.
    let named = turned.eb("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName=web");
    assert_eq!(element(element(&named, "LoadBalancers"), "Name"), balancer("e-bbbbbbbbbb"));
}

/// A deploy of a version with faults that are added to it.
const FAILING: &str = scenario!(
    "a command that fails",
    application!("shop", "v1"),
    deploy!("web", "v2", at = "10s"),
    environment!("web", instances = 2, options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "AllAtOnce" }),
    "[[application.version]]\nlabel = \"v2\"\n",
);

/// The causes of an environment's health, of two instances after a deploy of a version with these faults.
fn causes(faults: &str) -> Vec<String> {
    let turned = turned(&format!("{FAILING}{faults}\n"));
    let form = "Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName=web&AttributeNames.member.1=All";
    let answer = turned.at(600).eb(form);
    let mut causes: Vec<_> = elements(element(&answer, "Causes"), "member").into_iter().map(str::to_owned).collect();
    causes.push(element(&answer, "HealthStatus").to_owned());
    causes
}

#[test]
fn a_command_that_failed_is_a_cause_of_the_environments_health() {
    let is_there = |causes: &[String], words: &str| causes.iter().any(|cause| cause == words);
    let one = causes("failed_instances = [1]");
    assert!(is_there(&one, "Command failed on 1 out of 2 instances.") && is_there(&one, "Degraded"), "{one:?}");
    let all = causes("failed_instances = [1, 2]");
    assert!(is_there(&all, "Command failed on all instances."), "{all:?}");
    let stopped = causes("fails_on = 1");
    assert!(stopped.iter().any(|cause| cause.starts_with("Command failed on ")), "{stopped:?}");
    for quiet in ["", "failed_instances = [1]\nreports_failures = false"] {
        let causes = causes(quiet);
        assert!(!causes.iter().any(|cause| cause.starts_with("Command failed")), "{quiet}: {causes:?}");
    }
}

const SHARED: &str = scenario!(
    "an environment of its own load balancer, and one that shares it",
    load_balancer!("edge", listener = [{ port = 80, default = { fixed_response = 404 } }]),
    environment!("own"),
    shared_environment!("shared", "edge"),
    shared_environment!("also-shared", "edge"),
);

/// Returns the refusal of one option by `UpdateEnvironment`; empty if it is accepted.
fn refused(turned: &Turned, environment: &str, option: (&str, &str, &str)) -> String {
    let (namespace, name, value) = option;
    let member = format!(
        "OptionSettings.member.1.Namespace={namespace}&OptionSettings.member.1.OptionName={name}&OptionSettings.member.1.Value={value}"
    );
    let validated = turned.eb(&format!(
        "Action=ValidateConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName={environment}&{member}"
    ));
    let words = if validated.contains("<Message>") { element(&validated, "Message").to_owned() } else { String::new() };
    if !words.is_empty() {
        let updated =
            turned.eb(&format!("Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName={environment}&{member}"));
        assert!(updated.contains("ConfigurationValidationException") && updated.contains(&words), "{updated}");
    }
    words
}

/// Domain facts 1.5: only `SharedLoadBalancer` and `SecurityGroups`, only `Rules` of a listener, and nothing of the default
/// one.
#[test]
fn a_shared_load_balancer_has_no_options_of_its_own() {
    let turned = turned(SHARED);
    for (option, is_shared_too) in [
        (("aws:elbv2:loadbalancer", "IdleTimeout", "90"), false),
        (("aws:elbv2:loadbalancer", "AccessLogsS3Enabled", "false"), false),
        (("aws:elbv2:loadbalancer", "SecurityGroups", "sg-1"), true),
        (("aws:elbv2:listener:443", "SSLPolicy", "ELBSecurityPolicy-2016-08"), false),
        (("aws:elbv2:listener:443", "Rules", "one"), true),
        (("aws:elbv2:listener:default", "Rules", "one"), false),
        (("aws:elasticbeanstalk:environment:process:default", "DeregistrationDelay", "30"), true),
    ] {
        assert_eq!(refused(&turned, "own", option), "", "{option:?}");
        let words = refused(&turned, "shared", option);
        assert_eq!(words.is_empty(), is_shared_too, "{option:?}: {words}");
        assert!(is_shared_too || words.contains("Unknown configuration setting."), "{words}");
    }
    let listed = |environment: &str| {
        turned.eb(&format!(
            "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName={environment}"
        ))
    };
    assert!(listed("own").contains(">IdleTimeout<") && !listed("shared").contains(">IdleTimeout<"));
    assert!(listed("shared").contains(">SharedLoadBalancer<"));
}

/// Domain facts 11.4: Beanstalk's own group allows only the process's port out; a group that is created allows everything.
#[test]
fn what_leaves_a_security_group_is_as_dumps_have_it() {
    let turned = turned(SHARED);
    let groups = turned.ask("ec2", "Action=DescribeSecurityGroups&Version=2016-11-15");
    let egress = |name: &str| {
        let group = groups.split("<ownerId>").find(|group| group.contains(name)).unwrap_or_else(|| panic!("{groups}"));
        element(group, "ipPermissionsEgress").to_owned()
    };
    let own = egress("AWSEBLoadBalancerSecurityGroup");
    assert_eq!((element(&own, "ipProtocol"), element(&own, "fromPort"), element(&own, "toPort")), ("tcp", "80", "80"));
    for name in ["edge-lb", "AWSEBSecurityGroup", "default VPC security group"] {
        assert_eq!(element(&egress(name), "ipProtocol"), "-1", "{name}");
    }
    let made = "Action=CreateSecurityGroup&Version=2016-11-15&GroupName=mine&GroupDescription=mine";
    let id = element(&turned.ask("ec2", made), "groupId").to_owned();
    let listed = turned.ask("ec2", &format!("Action=DescribeSecurityGroups&Version=2016-11-15&GroupId.1={id}"));
    assert_eq!(element(element(&listed, "ipPermissionsEgress"), "ipProtocol"), "-1");
    let rule = "IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0";
    let change = |action: &str| turned.ask("ec2", &format!("Action={action}&Version=2016-11-15&GroupId={id}&{rule}"));
    assert!(change("AuthorizeSecurityGroupEgress").contains("InvalidPermission.Duplicate"));
    assert!(change("RevokeSecurityGroupEgress").contains("<return>true</return>"));
    assert!(change("RevokeSecurityGroupEgress").contains("InvalidPermission.NotFound"));
    assert!(change("AuthorizeSecurityGroupEgress").contains("<isEgress>true</isEgress>"));
}

/// Domain facts 2.5 and 11.1: ranges of options include both their ends.
#[test]
fn options_are_taken_at_both_ends_of_their_range_and_not_beyond() {
    const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";
    let turned = turned(SHARED);
    for (namespace, name, least, most) in [
        (PROCESS, "DeregistrationDelay", 0, 3600),
        (PROCESS, "HealthCheckInterval", 5, 300),
        (PROCESS, "HealthCheckTimeout", 1, 60),
        (PROCESS, "HealthyThresholdCount", 2, 10),
        (PROCESS, "UnhealthyThresholdCount", 2, 10),
        (PROCESS, "MatcherHTTPCode", 200, 499),
        (PROCESS, "Port", 1, 65_535),
        (PROCESS, "StickinessLBCookieDuration", 1, 604_800),
        ("aws:elbv2:loadbalancer", "IdleTimeout", 1, 3600),
        ("aws:autoscaling:asg", "MinSize", 1, 10_000),
        ("aws:autoscaling:asg", "MaxSize", 1, 10_000),
    ] {
        for (value, is_taken) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let words = refused(&turned, "own", (namespace, name, &value.to_string()));
            assert_eq!(words.is_empty(), is_taken, "{name} {value}: {words}");
        }
    }
}

/// Domain facts 2.1 to 2.3, at the load balancer itself.
#[test]
fn attributes_and_health_checks_are_taken_at_both_ends_of_their_range_and_not_beyond() {
    let turned = turned(SHARED);
    let group = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01");
    let groups = elements(&group, "TargetGroupArn");
    let balancer = turned.elb("Action=DescribeLoadBalancers&Version=2015-12-01");
    let balancers = elements(&balancer, "LoadBalancerArn");
    let attribute = |action: &str, arn: &str, key: &str, value: i64| {
        let member = format!("Attributes.member.1.Key={key}&Attributes.member.1.Value={value}");
        turned.elb(&format!("Action={action}&Version=2015-12-01&{arn}&{member}"))
    };
    let (of_group, of_balancer) =
        (format!("TargetGroupArn={}", groups[0]), format!("LoadBalancerArn={}", balancers[0]));
    let (group, balancer) = ("ModifyTargetGroupAttributes", "ModifyLoadBalancerAttributes");
    for (action, arn, key, least, most) in [
        (group, &of_group, "deregistration_delay.timeout_seconds", 0, 3600),
        (group, &of_group, "stickiness.lb_cookie.duration_seconds", 1, 604_800),
        (group, &of_group, "stickiness.app_cookie.duration_seconds", 1, 604_800),
        (group, &of_group, "slow_start.duration_seconds", 30, 900),
        (group, &of_group, "target_group_health.dns_failover.minimum_healthy_targets.percentage", 1, 100),
        (group, &of_group, "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", 1, 100),
        (balancer, &of_balancer, "idle_timeout.timeout_seconds", 1, 4000),
        (balancer, &of_balancer, "client_keep_alive.seconds", 60, 604_800),
    ] {
        for (value, is_taken) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let answer = attribute(action, arn, key, value);
            assert_eq!(!answer.contains("<Error>"), is_taken, "{key} {value}: {answer}");
        }
    }
    let field = |name: &str, value: i64| {
        // The timeout has to be smaller than the interval.
        let interval = if name == "HealthCheckIntervalSeconds" { "" } else { "&HealthCheckIntervalSeconds=300" };
        let timeout = if name == "HealthCheckTimeoutSeconds" { "" } else { "&HealthCheckTimeoutSeconds=2" };
        turned.elb(&format!("Action=ModifyTargetGroup&Version=2015-12-01&{of_group}&{name}={value}{interval}{timeout}"))
    };
    for (name, least, most) in [
        ("HealthCheckIntervalSeconds", 5, 300),
        ("HealthCheckTimeoutSeconds", 2, 120),
        ("HealthyThresholdCount", 2, 10),
        ("UnhealthyThresholdCount", 2, 10),
        ("Matcher.HttpCode", 200, 499),
        ("HealthCheckPort", 1, 65_535),
    ] {
        for (value, is_taken) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let answer = field(name, value);
            assert_eq!(!answer.contains("<Error>"), is_taken, "{name} {value}: {answer}");
        }
    }
}
