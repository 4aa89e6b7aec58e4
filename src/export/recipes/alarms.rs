//! The recipe `alarms`: the alarms that an environment behind an Application Load Balancer should have, as resources of its
//! `CloudFormation` stack. They are made and deleted with the environment.

use std::fmt::Write;

use super::output::RecipeOutput;
use super::site::RecipeSite;
use crate::export::ebextensions::quoted;
use crate::export::file::ExportedFile;

/// An alarm on one metric.
struct AlarmResource {
    /// Its logical id.
    id: &'static str,
    /// What it means.
    about: &'static str,
    metric: &'static str,
    statistic: &'static str,
    comparison: &'static str,
    threshold: u32,
    /// Of so many minutes, so many must be beyond the threshold.
    minutes: (u32, u32),
    /// What a minute without data is.
    missing: &'static str,
    /// Whether the metric is the target group's, and not the whole load balancer's.
    is_of_group: bool,
}

const fn count(id: &'static str, metric: &'static str, about: &'static str, minutes: (u32, u32)) -> AlarmResource {
    let (statistic, comparison, missing) = ("Sum", "GreaterThanThreshold", "notBreaching");
    AlarmResource { id, about, metric, statistic, comparison, threshold: 0, minutes, missing, is_of_group: false }
}

const ALARMS: &[AlarmResource] = &[
    AlarmResource {
        statistic: "Minimum",
        is_of_group: true,
        ..count("UnhealthyTargetAlarm", "UnHealthyHostCount", "A target fails its health check.", (2, 2))
    },
    AlarmResource {
        statistic: "Maximum",
        comparison: "LessThanThreshold",
        threshold: 1,
        missing: "breaching",
        is_of_group: true,
        ..count("NoHealthyTargetAlarm", "HealthyHostCount", "No target is healthy.", (2, 2))
    },
    count(
        "LoadBalancerErrorAlarm",
        "HTTPCode_ELB_5XX_Count",
        "The load balancer answers 502, 503 or 504: a target closed the connection, none is there, or none answers.",
        (5, 3),
    ),
    count("ConnectionErrorAlarm", "TargetConnectionErrorCount", "Targets refuse connections.", (5, 3)),
    count(
        "RejectedConnectionAlarm",
        "RejectedConnectionCount",
        "The load balancer is at its limit of connections.",
        (1, 1),
    ),
    AlarmResource {
        is_of_group: true,
        ..count(
            "UnhealthyRoutingAlarm",
            "UnhealthyRoutingRequestCount",
            "Requests go to unhealthy targets, because too few are healthy.",
            (2, 2),
        )
    },
];

pub(super) fn make(site: &RecipeSite<'_>) -> Result<RecipeOutput, String> {
    let Some(balancer) = site.basis.load_balancer() else {
        return Err("the environment has no Application Load Balancer, or it is not known yet".into());
    };
    let balancer = if site.is_shared() {
        // It is in no stack of the environment's.
        let name = balancer.id.split_once(":loadbalancer/").map_or(&*balancer.id, |(_, name)| name);
        quoted(name)
    } else {
        "{\"Fn::GetAtt\": [AWSEBV2LoadBalancer, LoadBalancerFullName]}".to_owned()
    };
    let mut text = String::from(
        "# Written by beanpole export. The alarms belong to the environment: they are made and deleted with it.\n\
         # They have no actions: add AlarmActions with the ARN of an SNS topic.\n\
         Resources:\n",
    );
    for row in ALARMS {
        let _ = write!(text, "{}", alarm(row, &balancer));
    }
    text.push_str(&error_rate(&balancer));
    text.push_str(&health(&site.basis.environment.name));
    let mut notes = vec!["the alarms have no actions yet".to_owned()];
    if site.settings.processes().count() > 1 {
        notes.push("only the target group of the process default has alarms".into());
    }
    Ok(RecipeOutput {
        files: vec![ExportedFile::new(".ebextensions/70-alarms.config", text)],
        notes,
        ..RecipeOutput::default()
    })
}

fn dimensions(balancer: &str, has_group: bool, indent: &str) -> String {
    let mut text = format!("{indent}- Name: LoadBalancer\n{indent}  Value: {balancer}\n");
    if has_group {
        let group = "{\"Fn::GetAtt\": [AWSEBV2LoadBalancerTargetGroup, TargetGroupFullName]}";
        let _ = write!(text, "{indent}- Name: TargetGroup\n{indent}  Value: {group}\n");
    }
    text
}

fn alarm(row: &AlarmResource, balancer: &str) -> String {
    let AlarmResource {
        id,
        about,
        metric,
        statistic,
        comparison,
        threshold,
        minutes: (of, most),
        missing,
        is_of_group,
    } = row;
    format!(
        "  {id}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: {}
      Namespace: AWS/ApplicationELB
      MetricName: {metric}
      Dimensions:
{}      Statistic: {statistic}
      Period: 60
      EvaluationPeriods: {of}
      DatapointsToAlarm: {most}
      ComparisonOperator: {comparison}
      Threshold: {threshold}
      TreatMissingData: {missing}
",
        quoted(about),
        dimensions(balancer, *is_of_group, "        "),
    )
}

/// More than one request in a hundred fails in the application, and it is not one of a few.
fn error_rate(balancer: &str) -> String {
    let query = |id: &str, metric: &str| {
        format!(
            "        - Id: {id}
          ReturnData: false
          MetricStat:
            Metric:
              Namespace: AWS/ApplicationELB
              MetricName: {metric}
              Dimensions:
{}            Period: 300
            Stat: Sum
",
            dimensions(balancer, false, "                "),
        )
    };
    format!(
        "  ApplicationErrorAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: \"More than 1% of the requests fail in the application.\"
      Metrics:
        - Id: rate
          Expression: \"IF(requests > 100, 100 * FILL(errors, 0) / requests, 0)\"
          Label: \"target 5xx %\"
          ReturnData: true
{}{}      EvaluationPeriods: 1
      ComparisonOperator: GreaterThanThreshold
      Threshold: 1
      TreatMissingData: notBreaching
",
        query("requests", "RequestCount"),
        query("errors", "HTTPCode_Target_5XX_Count"),
    )
}

/// Enhanced health: 15 is Warning.
fn health(environment: &str) -> String {
    format!(
        "  EnvironmentHealthAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: \"The environment's health is Warning or worse.\"
      Namespace: AWS/ElasticBeanstalk
      MetricName: EnvironmentHealth
      Dimensions:
        - Name: EnvironmentName
          Value: {}
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      DatapointsToAlarm: 3
      ComparisonOperator: GreaterThanOrEqualToThreshold
      Threshold: 15
      TreatMissingData: notBreaching
",
        quoted(environment)
    )
}
