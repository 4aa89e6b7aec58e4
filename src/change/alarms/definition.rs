//! An alarm as it is created, and whether a live one is the same.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::change::calls::ApiCall;
use crate::change::parameter::Parameter;
use crate::change::writes;
use crate::model::{Alarm, AlarmEvaluation, AlarmExpression, AlarmMetric};

/// A metric alarm that is to be created, or was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewAlarm {
    /// Its name.
    pub name: Arc<str>,
    /// Its purpose.
    pub description: Option<Arc<str>>,
    /// The metric that it looks at, or those of its expressions.
    pub metrics: Vec<AlarmMetric>,
    /// Its expressions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expressions: Vec<AlarmExpression>,
    /// When it goes to ALARM.
    pub evaluation: AlarmEvaluation,
    /// False: its actions are switched off.
    pub actions_enabled: bool,
    /// What it does when it goes to ALARM, by ARN.
    pub actions: Vec<Arc<str>>,
    /// What it does when it goes to OK.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ok_actions: Vec<Arc<str>>,
    /// What it does when it goes to `INSUFFICIENT_DATA`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insufficient_actions: Vec<Arc<str>>,
}

impl NewAlarm {
    /// The call that creates it, or replaces the alarm of its name.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        let mut parameters = vec![("AlarmName", Parameter::text(&*self.name))];
        parameters.extend(self.description.as_deref().map(|text| ("AlarmDescription", Parameter::text(text))));
        parameters.push(("ActionsEnabled", Parameter::Flag(self.actions_enabled)));
        let lists = [
            ("OKActions", &self.ok_actions),
            ("AlarmActions", &self.actions),
            ("InsufficientDataActions", &self.insufficient_actions),
        ];
        let given = lists.into_iter().filter(|(_, list)| !list.is_empty());
        parameters.extend(given.map(|(name, list)| (name, texts(list))));
        if let ([metric], true) = (self.metrics.as_slice(), self.expressions.is_empty()) {
            let statistic = if metric.statistic.starts_with('p') { "ExtendedStatistic" } else { "Statistic" };
            parameters.extend(named(metric));
            parameters.push((statistic, Parameter::text(&*metric.statistic)));
            parameters.push(("Period", Parameter::Number(metric.period)));
        }
        let it = &self.evaluation;
        parameters.push(("EvaluationPeriods", Parameter::Number(it.periods)));
        parameters.extend(it.datapoints.map(|datapoints| ("DatapointsToAlarm", Parameter::Number(datapoints))));
        parameters.extend(it.threshold.map(|threshold| ("Threshold", Parameter::Double(threshold))));
        parameters.push(("ComparisonOperator", Parameter::text(&*it.comparison)));
        parameters.extend(it.missing.as_deref().map(|missing| ("TreatMissingData", Parameter::text(missing))));
        if !self.expressions.is_empty() {
            let queries = self.expressions.iter().map(expression).chain(self.metrics.iter().map(query));
            parameters.push(("Metrics", Parameter::List(queries.collect())));
        }
        ApiCall::new(&writes::PUT_METRIC_ALARM, parameters)
    }

    /// Whether a live alarm is this one. What CloudWatch assumes where nothing is given is equal to nothing.
    #[must_use]
    pub fn is_same(&self, live: &Alarm) -> bool {
        let metrics = |all: &[AlarmMetric]| {
            let mut all = all.to_vec();
            all.iter_mut().for_each(|metric| metric.dimensions.sort());
            all.sort_by(|one, other| one.id.cmp(&other.id));
            all
        };
        let expressions = |all: &[AlarmExpression]| {
            let mut all: Vec<_> = all.iter().map(|it| (it.id.clone(), it.text.clone(), it.is_judged)).collect();
            all.sort();
            all
        };
        let sorted = |all: &[Arc<str>]| {
            let mut all = all.to_vec();
            all.sort();
            all
        };
        let description = |text: Option<&Arc<str>>| text.filter(|text| !text.is_empty()).cloned();
        self.name == live.name
            && description(self.description.as_ref()) == description(live.description.as_ref())
            && metrics(&self.metrics) == metrics(&live.metrics)
            && expressions(&self.expressions) == expressions(&live.expressions)
            && live.evaluation.as_ref().map(whole) == Some(whole(&self.evaluation))
            && self.actions_enabled == live.actions_enabled
            && sorted(&self.actions) == sorted(&live.actions)
            && sorted(&self.ok_actions) == sorted(&live.ok_actions)
            && sorted(&self.insufficient_actions) == sorted(&live.insufficient_actions)
    }

    /// When it goes to ALARM, in one line: `UnHealthyHostCount Minimum > 0, 2 x 60 s`.
    #[must_use]
    pub fn summary(&self) -> String {
        let judged = self.expressions.iter().find(|expression| expression.is_judged);
        let metric = self.metrics.first();
        let what = match (judged, metric) {
            (Some(expression), _) => {
                expression.label.clone().unwrap_or_else(|| Arc::clone(&expression.text)).to_string()
            }
            (None, Some(metric)) => format!("{} {}", metric.name, metric.statistic),
            (None, None) => "nothing".to_owned(),
        };
        let operator = match &*self.evaluation.comparison {
            "GreaterThanThreshold" => ">",
            "GreaterThanOrEqualToThreshold" => ">=",
            "LessThanThreshold" => "<",
            "LessThanOrEqualToThreshold" => "<=",
            other => other,
        };
        let threshold = self.evaluation.threshold.unwrap_or_default();
        let period = self.metrics.iter().map(|metric| metric.period).max().unwrap_or_default();
        format!("{what} {operator} {threshold}, {} x {period} s", self.evaluation.periods)
    }
}

fn whole(it: &AlarmEvaluation) -> (i32, i32, Option<f64>, &str, &str) {
    let missing = it.missing.as_deref().unwrap_or("missing");
    (it.periods, it.datapoints.unwrap_or(it.periods), it.threshold, &it.comparison, missing)
}

fn texts(list: &[Arc<str>]) -> Parameter {
    Parameter::List(list.iter().map(|text| Parameter::text(&**text)).collect())
}

fn named(metric: &AlarmMetric) -> [(&'static str, Parameter); 3] {
    let dimensions =
        metric.dimensions.iter().map(|(name, value)| [("Name", name.to_string()), ("Value", value.to_string())]);
    [
        ("MetricName", Parameter::text(&*metric.name)),
        ("Namespace", Parameter::text(&*metric.namespace)),
        ("Dimensions", Parameter::rows(dimensions)),
    ]
}

fn query(metric: &AlarmMetric) -> Parameter {
    let stat = vec![
        ("Metric", Parameter::Structure(named(metric).to_vec())),
        ("Period", Parameter::Number(metric.period)),
        ("Stat", Parameter::text(&*metric.statistic)),
    ];
    Parameter::Structure(vec![
        ("Id", Parameter::text(metric.id.as_deref().unwrap_or_default())),
        ("MetricStat", Parameter::Structure(stat)),
        ("ReturnData", Parameter::Flag(metric.is_judged)),
    ])
}

fn expression(it: &AlarmExpression) -> Parameter {
    let mut fields = vec![("Id", Parameter::text(&*it.id)), ("Expression", Parameter::text(&*it.text))];
    fields.extend(it.label.as_deref().map(|label| ("Label", Parameter::text(label))));
    fields.push(("ReturnData", Parameter::Flag(it.is_judged)));
    Parameter::Structure(fields)
}

/// The call that deletes the alarm of this name.
#[must_use]
pub fn delete_alarm(name: &str) -> ApiCall {
    ApiCall::new(&writes::DELETE_ALARMS, vec![("AlarmNames", Parameter::List(vec![Parameter::text(name)]))])
}
