//! Deploys as they are seen from outside.

use super::{Turned, element, elements};
use beanpole::sim::Faults;

#[test]
fn look() {
    let Ok(name) = std::env::var("SIM_LOOK") else { return };
    let environment = std::env::var("SIM_ENV").unwrap();
    let turned = Turned::new(&name);
    turned.world.set_faults(Faults::none());
    turned.at(3600);
    let events = turned.eb(&format!("Action=DescribeEvents&Version=2010-12-01&EnvironmentName={environment}"));
    let start = jiff::Timestamp::from_second(super::START).unwrap();
    for (date, message) in elements(&events, "EventDate").into_iter().zip(elements(&events, "Message")).rev() {
        let at: jiff::Timestamp = date.parse().unwrap();
        let seconds = (at.as_millisecond() - start.as_millisecond()) / 1000;
        if seconds > -3600 {
            println!("{seconds:5} {message}");
        }
    }
    for at in (0..1300).step_by(10) {
        turned.at(at);
        let env = turned
            .eb(&format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={environment}"));
        let health = turned.eb(&format!("Action=DescribeInstancesHealth&Version=2010-12-01&EnvironmentName={environment}&AttributeNames.member.1=All"));
        let lb =
            turned.eb(&format!("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName={environment}"));
        let arn = element(element(&lb, "LoadBalancers"), "Name");
        let groups = turned.elb(&format!("Action=DescribeTargetGroups&Version=2015-12-01&LoadBalancerArn={arn}"));
        let mut states = String::new();
        for group in elements(&groups, "TargetGroupArn") {
            let targets = turned.elb(&format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={group}"));
            states += &elements(&targets, "TargetHealth")
                .iter()
                .map(|t| element(t, "State").chars().next().unwrap().to_string())
                .collect::<String>();
            states.push('/');
        }
        let five: Vec<_> = elements(&health, "Status5xx");
        let causes = turned.eb(&format!("Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName={environment}&AttributeNames.member.1=All"));
        println!(
            "{at:4} {} {} {} {states} {:?} 5xx {five:?} {:?}",
            element(&env, "Status"),
            element(&env, "VersionLabel"),
            element(&env, "HealthStatus"),
            elements(&health, "HealthStatus")
                .iter()
                .zip(elements(&health, "VersionLabel"))
                .map(|(s, v)| format!("{s}:{v}"))
                .collect::<Vec<_>>(),
            elements(element(&causes, "Causes"), "member")
        );
    }
}
