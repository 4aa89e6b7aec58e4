//! Pages of the AWS console, in the partition and the region of what is selected.

use std::fmt::Write;

use super::screens::View;
use super::screens::environment::{Focus, Tab};
use super::state::State;

/// What a page of the console shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsolePage {
    /// An environment, by its id.
    Environment(String),
    /// The events of an environment, by its id.
    Events(String),
    /// A load balancer, by its ARN.
    LoadBalancer(String),
    /// A listener, by its ARN.
    Listener(String),
    /// A target group, by its ARN.
    TargetGroup(String),
    /// An instance, by its id.
    Instance(String),
    /// An alarm, by its name.
    Alarm(String),
}

impl ConsolePage {
    /// The page of an object of Elastic Load Balancing, by its ARN; a rule is on its listener's.
    #[must_use]
    pub fn of_arn(arn: &str) -> Option<Self> {
        let resource = arn.splitn(6, ':').nth(5)?;
        let (kind, rest) = resource.split_once('/')?;
        match kind {
            "loadbalancer" => Some(Self::LoadBalancer(arn.to_owned())),
            "targetgroup" => Some(Self::TargetGroup(arn.to_owned())),
            "listener" => Some(Self::Listener(arn.to_owned())),
            "listener-rule" => {
                let listener = rest.rsplit_once('/')?.0;
                let head = arn.len() - resource.len();
                Some(Self::Listener(format!("{}listener/{listener}", &arn[..head])))
            }
            _ => None,
        }
    }

    /// Returns its address in a region; `None` in a partition whose console is not known.
    #[must_use]
    pub fn url(&self, region: &str) -> Option<String> {
        let domain = match region {
            _ if region.starts_with("cn-") => "console.amazonaws.cn",
            _ if region.starts_with("us-gov-") => "console.amazonaws-us-gov.com",
            _ if region.contains("-iso") || region.starts_with("eusc-") => return None,
            _ => "console.aws.amazon.com",
        };
        let (service, place) = match self {
            Self::Environment(id) => {
                ("elasticbeanstalk", format!("/environment/dashboard?environmentId={}", escaped(id)))
            }
            Self::Events(id) => ("elasticbeanstalk", format!("/environment/events?environmentId={}", escaped(id))),
            Self::LoadBalancer(arn) => ("ec2", format!("LoadBalancer:loadBalancerArn={}", escaped(arn))),
            Self::Listener(arn) => ("ec2", format!("ELBListenerV2:listenerArn={}", escaped(arn))),
            Self::TargetGroup(arn) => ("ec2", format!("TargetGroup:targetGroupArn={}", escaped(arn))),
            Self::Instance(id) => ("ec2", format!("InstanceDetails:instanceId={}", escaped(id))),
            Self::Alarm(name) => ("cloudwatch", format!("alarmsV2:alarm/{}", escaped(name))),
        };
        Some(format!("https://{region}.{domain}/{service}/home?region={region}#{place}"))
    }
}

/// The text with everything escaped that has a meaning in an address, except what ARNs have.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

impl State {
    /// Returns the address of the console's page of what is selected; or why there is none.
    ///
    /// # Errors
    /// Why there is none, in a sentence without its full stop.
    pub fn console_url(&self) -> Result<String, String> {
        let scope = self.setup.scopes.get(self.setup.scope);
        let region = self.session().facts.region.clone().or_else(|| scope.and_then(|it| it.region.clone()));
        let region = region.ok_or("the region is not known yet")?;
        let page = self.console_page().ok_or("the console has no page of what is selected")?;
        page.url(&region).ok_or_else(|| format!("the address of the console in {region} is not known"))
    }

    fn console_page(&self) -> Option<ConsolePage> {
        if let Some(balancer) = self.unowned_at_hand() {
            return Some(ConsolePage::LoadBalancer(balancer.id.to_string()));
        }
        let environment = self.current_environment().ok()?;
        let own = || Some(ConsolePage::Environment(environment.key.id.to_string()));
        let on_top = self.screens.environment().filter(|view| self.layer_below() == view.layer());
        let Some(view) = on_top else { return own() };
        match view.tab {
            Tab::Events => Some(ConsolePage::Events(environment.key.id.to_string())),
            Tab::Alarms => view.alarms.selected().map(|alarm| ConsolePage::Alarm(alarm.name.to_string())),
            Tab::Settings => view.settings.field().and_then(|field| ConsolePage::of_arn(field.object.arn())),
            Tab::Targets if view.focus == Focus::Table => {
                let row = view.selected_target()?;
                let id = row.target.id.to_string();
                if id.starts_with("i-") { Some(ConsolePage::Instance(id)) } else { ConsolePage::of_arn(&row.group.id) }
            }
            Tab::Targets | Tab::Metrics => {
                let arn = view.selected_node().and_then(|node| node.arn.clone());
                arn.and_then(|arn| ConsolePage::of_arn(&arn)).or_else(own)
            }
            Tab::Findings => own(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_page_in_each_partition() {
        let arn = |partition: &str, resource: &str| format!("arn:{partition}:elasticloadbalancing:r:1:{resource}");
        let url = |arn: &str, region: &str| ConsolePage::of_arn(arn).and_then(|page| page.url(region));
        assert_eq!(
            url(&arn("aws", "loadbalancer/app/web/5f"), "eu-west-1").as_deref(),
            Some(
                "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancer:\
                 loadBalancerArn=arn:aws:elasticloadbalancing:r:1:loadbalancer/app/web/5f"
            )
        );
        let rule = url(&arn("aws-cn", "listener-rule/app/web/5f/aa/bb"), "cn-north-1").unwrap();
        assert!(rule.starts_with("https://cn-north-1.console.amazonaws.cn/ec2/home"), "{rule}");
        assert!(rule.ends_with("ELBListenerV2:listenerArn=arn:aws-cn:elasticloadbalancing:r:1:listener/app/web/5f/aa"));
        let group = url(&arn("aws-us-gov", "targetgroup/web/7"), "us-gov-west-1").unwrap();
        assert!(group.contains("us-gov-west-1.console.amazonaws-us-gov.com") && group.contains("#TargetGroup:"));
        assert_eq!(url("arn:aws:iam::1:user/me", "eu-west-1"), None);
        assert_eq!(ConsolePage::Instance("i-1".into()).url("us-iso-east-1"), None);
        let alarm = ConsolePage::Alarm("web 5xx/all".into()).url("eu-west-1").unwrap();
        assert!(alarm.ends_with("/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/web%205xx/all"), "{alarm}");
        let environment = ConsolePage::Environment("e-abc".into()).url("eu-west-1").unwrap();
        assert!(environment.ends_with("#/environment/dashboard?environmentId=e-abc"), "{environment}");
    }
}
