//! What was written of a target group decides about its targets: the health check, stickiness, how long targets drain.

use std::fmt::Write;

use super::{Turned, element, elements};

const REGION: &str = scenario!(
    "one environment behind one load balancer",
    "seed = 3\n",
    application!("shop", "v1", "v2"),
    environment!(
        "web", instances = 3, zones = 3, traffic = { peak = 60.0 }, scaling_health_check = "ELB",
        options = {
            "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
            "aws:elasticbeanstalk:command/BatchSize" = "34",
        },
        process = [{
            name = "default", health_check = { path = "/healthz", interval = "10s", healthy = 3, unhealthy = 2 },
            serves = ["/ready"],
        }],
    ),
);

/// The region, and the ARNs of its target group and of its load balancer.
struct Front {
    region: Turned,
    group: String,
    balancer: String,
}

impl Front {
    fn new(text: &str) -> Self {
        let region = Turned::written(text);
        let groups = region.elb("Action=DescribeTargetGroups&Version=2015-12-01");
        let balancers = region.elb("Action=DescribeLoadBalancers&Version=2015-12-01");
        let arn = |answer: &str, name: &str| element(answer, name).to_owned();
        Self { group: arn(&groups, "TargetGroupArn"), balancer: arn(&balancers, "LoadBalancerArn"), region }
    }

    fn set(&self, at: i64, fields: &str) {
        let form = format!("Action=ModifyTargetGroup&Version=2015-12-01&TargetGroupArn={}&{fields}", self.group);
        let answer = self.region.at(at).elb(&form);
        assert!(answer.contains("<TargetGroupName>"), "{answer}");
    }

    fn set_attribute(&self, at: i64, key: &str, value: &str) {
        let member = format!("Attributes.member.1.Key={key}&Attributes.member.1.Value={value}");
        let form =
            format!("Action=ModifyTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={}&{member}", self.group);
        let answer = self.region.at(at).elb(&form);
        assert!(answer.contains("<Key>"), "{answer}");
    }

    fn health(&self, at: i64) -> String {
        let form = format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={}", self.group);
        self.region.at(at).elb(&form)
    }

    fn states(&self, at: i64) -> Vec<String> {
        elements(&self.health(at), "State").into_iter().filter(|it| *it != "no_override").map(str::to_owned).collect()
    }

    fn enhanced(&self, at: i64) -> String {
        let form =
            "Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName=web&AttributeNames.member.1=All";
        element(&self.region.at(at).eb(form), "HealthStatus").to_owned()
    }

    /// The newest complete minute of a metric, and those before it, oldest first.
    fn metric(&self, at: i64, name: &str, statistic: &str, of_group: bool) -> Vec<f64> {
        let tail = |arn: &str, mark: &str| arn.split_once(mark).unwrap().1.to_owned();
        let balancer = tail(&self.balancer, ":loadbalancer/");
        let group = format!("targetgroup/{}", tail(&self.group, ":targetgroup/"));
        let time = |at: i64| jiff::Timestamp::from_second(super::START + at).unwrap();
        let mut form = format!(
            "Action=GetMetricData&Version=2010-08-01&StartTime={}&EndTime={}&ScanBy=TimestampAscending\
             &MetricDataQueries.member.1.Id=m&MetricDataQueries.member.1.MetricStat.Period=60\
             &MetricDataQueries.member.1.MetricStat.Stat={statistic}\
             &MetricDataQueries.member.1.MetricStat.Metric.Namespace=AWS/ApplicationELB\
             &MetricDataQueries.member.1.MetricStat.Metric.MetricName={name}\
             &MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name=LoadBalancer\
             &MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value={balancer}",
            time(at - 900),
            time(at),
        );
        if of_group {
            let more = "&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.2";
            let _ = write!(form, "{more}.Name=TargetGroup{more}.Value={group}");
        }
        let answer = self.region.at(at + 600).ask("monitoring", &form);
        elements(element(&answer, "Values"), "member").into_iter().map(|it| it.parse().unwrap()).collect()
    }
}

const HEALTHY: [&str; 3] = ["healthy"; 3];
const UNHEALTHY: [&str; 3] = ["unhealthy"; 3];

#[test]
fn a_path_that_is_not_served_takes_every_target_out_after_the_unhealthy_threshold_and_back_after_the_healthy_one() {
    let front = Front::new(REGION);
    assert_eq!(front.states(299), HEALTHY);
    front.set(300, "HealthCheckPath=/nonsense");
    assert_eq!(front.states(319), HEALTHY);
    assert_eq!(front.states(320), UNHEALTHY);
    let health = front.health(330);
    assert!(health.contains("<Reason>Target.ResponseCodeMismatch</Reason>"), "{health}");
    assert!(health.contains("<Description>Health checks failed with these codes: [404]</Description>"), "{health}");
    assert_eq!(front.enhanced(331), "Severe");
    front.set(600, "HealthCheckPath=/healthz");
    assert_eq!(front.states(629), UNHEALTHY);
    assert_eq!(front.states(630), HEALTHY);
    assert_eq!(front.enhanced(641), "Ok");
    // What was then is not changed by what was written later.
    assert_eq!(front.states(599), UNHEALTHY);
    assert_eq!(front.states(310), HEALTHY);
}

#[test]
fn thresholds_and_matchers_in_force_decide() {
    let front = Front::new(REGION);
    front.set(300, "HealthCheckPath=/nonsense&HealthCheckIntervalSeconds=20&UnhealthyThresholdCount=4");
    assert_eq!(front.states(379), HEALTHY);
    assert_eq!(front.states(380), UNHEALTHY);
    front.set(500, "Matcher.HttpCode=200,404");
    assert_eq!(front.states(560), HEALTHY);
    front.set(900, "HealthCheckPath=/ready&Matcher.HttpCode=200");
    assert_eq!(front.states(1200), HEALTHY);
    front.set(1200, "Matcher.HttpCode=204");
    assert_eq!(front.states(1279), HEALTHY);
    assert!(front.health(1280).contains("with these codes: [200]"));
}

#[test]
fn a_port_on_which_nobody_listens_times_out_and_a_wrong_protocol_is_refused() {
    let front = Front::new(REGION);
    front.set(300, "HealthCheckPort=9999");
    assert!(front.health(320).contains("<Reason>Target.Timeout</Reason>"));
    assert!(front.health(320).contains("<HealthCheckPort>9999</HealthCheckPort>"));
    front.set(600, "HealthCheckPort=traffic-port");
    assert_eq!(front.states(630), HEALTHY);
    front.set(700, "HealthCheckProtocol=HTTPS");
    assert!(front.health(720).contains("<Reason>Target.FailedHealthChecks</Reason>"));
}

#[test]
fn without_a_healthy_target_the_load_balancer_asks_all_of_them() {
    let front = Front::new(REGION);
    front.set(300, "HealthCheckPath=/nonsense");
    assert_eq!(front.metric(900, "HealthyHostCount", "Maximum", true).last(), Some(&0.0));
    assert_eq!(front.metric(900, "UnHealthyHostCount", "Maximum", true).last(), Some(&3.0));
    let requests = front.metric(900, "RequestCount", "Sum", false);
    assert!(requests.iter().all(|count| *count > 1000.0), "{requests:?}");
    assert_eq!(
        front.metric(900, "UnhealthyRoutingRequestCount", "Sum", true).len(),
        10,
        "in the minutes since the targets went out"
    );
    assert_eq!(front.metric(900, "HTTPCode_Target_5XX_Count", "Sum", false), [] as [f64; 0]);
}

#[test]
fn stickiness_is_reported_by_its_metric_from_when_it_is_switched_on() {
    let front = Front::new(REGION);
    assert_eq!(front.metric(600, "NonStickyRequestCount", "Sum", false), [] as [f64; 0]);
    front.set_attribute(600, "stickiness.enabled", "true");
    let astray = front.metric(1500, "NonStickyRequestCount", "Sum", false);
    assert_eq!(astray.len(), 15);
    assert!(astray[0] > 10.0 * astray[14], "nobody had a cookie at first: {astray:?}");
    front.set_attribute(2000, "stickiness.lb_cookie.duration_seconds", "1");
    let forgetful = front.metric(3000, "NonStickyRequestCount", "Sum", false);
    assert!(forgetful[14] > 10.0 * astray[14], "{forgetful:?}");
    front.set_attribute(3000, "stickiness.enabled", "false");
    assert_eq!(front.metric(3960, "NonStickyRequestCount", "Sum", false), [] as [f64; 0]);
}

#[test]
fn what_an_update_of_options_lays_on_the_target_group_counts_from_then_on() {
    let front = Front::new(REGION);
    let setting = "Namespace=aws:elasticbeanstalk:environment:process:default&OptionSettings.member.1.OptionName=HealthCheckPath&OptionSettings.member.1.Value=/nonsense";
    let form =
        format!("Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=web&OptionSettings.member.1.{setting}");
    let answer = front.region.at(300).eb(&form);
    assert!(answer.contains("Updating"), "{answer}");
    assert_eq!(front.states(357), HEALTHY);
    assert_eq!(front.states(358), UNHEALTHY);
}

#[test]
fn targets_drain_for_as_long_as_was_in_force_when_they_were_taken_out() {
    let draining = |delay: &str| {
        let front = Front::new(REGION);
        front.set_attribute(100, "deregistration_delay.timeout_seconds", delay);
        let form = "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=web&VersionLabel=v2";
        front.region.at(200).eb(form);
        (200..1000).filter(|at| front.states(*at).iter().any(|state| state == "draining")).count()
    };
    let (short, long) = (draining("5"), draining("60"));
    assert_eq!((short, long), (15, 180), "three batches, one after another");
}

#[test]
fn a_deploy_waits_for_the_health_check_that_is_in_force() {
    let front = Front::new(REGION);
    let status = |at| {
        let form = "Action=DescribeEnvironments&Version=2010-12-01";
        element(&front.region.at(at).eb(form), "Status").to_owned()
    };
    front.region.at(200).eb("Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=web&VersionLabel=v2");
    let ended = (200..2000).find(|at| *at > 260 && status(*at) == "Ready").unwrap();
    assert!(ended < 900, "{ended}");
    front.set(230, "HealthCheckPath=/nonsense");
    assert_eq!(status(ended), "Updating", "no batch passes any more");
}

#[test]
fn the_auto_scaling_group_says_what_it_goes_by() {
    let front = Front::new(REGION);
    let answer = front.region.ask("autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01");
    assert_eq!(element(&answer, "HealthCheckType"), "ELB");
}

#[test]
fn a_served_path_is_a_path() {
    let text = REGION.replace("\"/ready\"", "\"ready\"");
    let error = beanpole::sim::Scenario::from_toml("test", &text).unwrap_err().to_string();
    assert!(error.contains("`ready` is not a path such as \"/ready\""), "{error}");
}
