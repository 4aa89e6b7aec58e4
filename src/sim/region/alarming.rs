//! The alarms that a scenario has.

use super::{
    Alarm, AlarmChange, AlarmMetric, AlarmPast, AlarmQuery, AlarmRule, Comparison, Evaluation, Expression, Pair,
    Queried, Region, Watches, alarm_state,
};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{AlarmSpec, Spec};
use std::sync::Mutex;

impl Region {
    pub(super) fn add_alarms(&mut self, spec: &Spec) {
        for alarm in &spec.alarm {
            self.add_alarm(alarm);
        }
        for composite in &spec.composite_alarm {
            let Some(rule) = AlarmRule::parse(&composite.rule) else { continue };
            let watches = Watches::Composite(rule, composite.rule.clone());
            let actions = self.scenario_actions(composite.action.as_deref(), None);
            self.alarms.push(self.scenario_alarm(&composite.name, watches, actions, (None, Span::days(4))));
        }
    }

    /// The alarm of this name.
    pub fn alarm(&self, name: &str) -> Option<&Alarm> {
        self.alarms.iter().find(|alarm| alarm.name == name)
    }

    fn add_alarm(&mut self, spec: &AlarmSpec) {
        let usual = if spec.environment.is_some() { "AWS/ElasticBeanstalk" } else { "AWS/ApplicationELB" };
        let namespace = spec.namespace.clone().unwrap_or_else(|| usual.to_owned());
        let metric = AlarmMetric {
            dimensions: self.dimensions(spec, &namespace),
            namespace,
            name: spec.metric.clone(),
            statistic: spec.statistic.clone().unwrap_or_else(|| "Sum".to_owned()),
            period: 60,
            unit: None,
        };
        let evaluation = Evaluation {
            periods: spec.periods.unwrap_or(2),
            datapoints: None,
            threshold: spec.threshold,
            comparison: Comparison::Greater,
            missing: Some(spec.missing.clone().unwrap_or_else(|| "notBreaching".to_owned())),
        };
        let watches = match &spec.expression {
            Some(text) => {
                let Some(expression) = Expression::parse(text) else { return };
                let query =
                    |id: &str, queried, returned| AlarmQuery { id: id.to_owned(), label: None, returned, queried };
                let result = query("e1", Queried::Expression(text.clone(), expression), true);
                Watches::Math(vec![result, query("m1", Queried::Metric(metric), false)], evaluation)
            }
            None => Watches::Metric(metric, evaluation),
        };
        let actions = self.scenario_actions(spec.action.as_deref(), spec.environment.as_deref());
        let state = (spec.state.as_deref().and_then(alarm_state), spec.since.unwrap_or(Span::days(4)));
        self.alarms.push(self.scenario_alarm(&spec.name, watches, actions, state));
    }

    fn dimensions(&self, spec: &AlarmSpec, namespace: &str) -> Vec<Pair> {
        let named = spec.load_balancer.as_deref();
        let own = spec.load_balancer_of.as_deref().and_then(|key| self.environment_of_key(key)?.load_balancer);
        let balancer = named.and_then(|key| self.load_balancers.iter().find(|balancer| balancer.key == key));
        let balancer = balancer.or_else(|| own.map(|place| &self.load_balancers[place]));
        let group = spec.target_group.as_deref().and_then(|key| self.target_group(key));
        let mut dimensions = Vec::new();
        if let Some(group) = group.map(|place| &self.target_groups[place]) {
            dimensions.push(("TargetGroup".to_owned(), group.dimension().to_owned()));
            if let Some(balancer) = group.load_balancer.map(|place| &self.load_balancers[place]) {
                dimensions.push(("LoadBalancer".to_owned(), balancer.dimension().to_owned()));
            }
        } else if let Some(balancer) = balancer {
            let (name, value) = match namespace {
                "AWS/ELB" => ("LoadBalancerName", balancer.name.as_str()),
                _ => ("LoadBalancer", balancer.dimension()),
            };
            dimensions.push((name.to_owned(), value.to_owned()));
        }
        if let Some(name) = &spec.environment {
            dimensions.push(("EnvironmentName".to_owned(), name.clone()));
        }
        dimensions
    }

    /// On going to ALARM.
    fn scenario_actions(&self, action: Option<&str>, environment: Option<&str>) -> Vec<String> {
        let scaled = environment.unwrap_or("web");
        let scaling = format!("scalingPolicy:{:032x}:autoScalingGroupName/{scaled}:policyName/up", self.seed);
        match action {
            Some("notify") => vec![self.arn("sns", "alerts")],
            Some("scale") => vec![self.arn("autoscaling", &scaling)],
            _ => Vec::new(),
        }
    }

    /// An alarm without a state of its own was OK so far, and is evaluated from shortly before the scenario began.
    fn scenario_alarm(
        &self,
        name: &str,
        watches: Watches,
        actions: Vec<String>,
        (dictated, since): (Option<&'static str>, Span),
    ) -> Alarm {
        let at = self.epoch - since.0;
        let reason = "The scenario began with it.".to_owned();
        let changes = vec![AlarmChange { at, state: dictated.unwrap_or("OK"), reason }];
        let until = self.epoch.div_euclid(60_000) - 10;
        Alarm {
            name: name.to_owned(),
            arn: self.arn("cloudwatch", &format!("alarm:{name}")),
            description: None,
            watches,
            actions_enabled: true,
            actions: [Vec::new(), actions, Vec::new()],
            configured: at,
            edits: vec![(at, "created")],
            follows: dictated.is_none(),
            past: Mutex::new(AlarmPast { until, changes }),
        }
    }
}
