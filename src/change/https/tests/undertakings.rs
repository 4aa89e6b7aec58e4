//! Each step of the setup and its undoing: what is sent, and the changes that it describes.

use std::sync::Arc;

use super::ground::{CERTIFICATE, HTTP, LOAD_BALANCER, POLICY, SCOPE, arn, v4};
use crate::change::https::{DefaultAction, Direction, HttpsSetup, HttpsStage, HttpsStep, RedirectingRule, Undertaking};
use crate::change::{LookUp, LostWrite, OptionChange, Route, Subject};
use crate::model::Key;

pub fn subject() -> Subject {
    Subject { key: Key::new(SCOPE, "e-1"), name: "Shop".into(), application: "shop".into() }
}

pub fn setup(stages: Vec<HttpsStage>, made: &[(HttpsStep, &str)]) -> HttpsSetup {
    HttpsSetup {
        route: Route::Elb,
        load_balancer: LOAD_BALANCER.into(),
        dns_name: "lb.example".into(),
        host: "shop.example.com".into(),
        certificate: "shop, 90 days".into(),
        stages,
        made: made.iter().map(|(step, id)| (*step, Arc::from(*id))).collect(),
    }
}

fn to_web() -> DefaultAction {
    DefaultAction::Forward { groups: vec![(arn("web").into(), 1)], stickiness: None }
}

pub fn listener_stage() -> HttpsStage {
    HttpsStage::Listener { certificate: CERTIFICATE.into(), policy: POLICY.into(), action: to_web() }
}

pub fn group_stage() -> HttpsStage {
    HttpsStage::Group { name: "sg-2-name".into(), vpc: "vpc-1".into(), description: "why".into() }
}

pub fn rule_stage(group: Option<&str>) -> HttpsStage {
    HttpsStage::Rule { group: group.map(Into::into), sources: vec![v4("10.0.0.0/8"), v4("192.0.2.0/24")] }
}

pub fn attach_stage() -> HttpsStage {
    HttpsStage::Attach { before: vec!["sg-1".into()] }
}

pub fn redirect_stage() -> HttpsStage {
    HttpsStage::Redirect { listener: HTTP.into(), before: to_web(), after: DefaultAction::redirect(false) }
}

pub fn rule_of_80(before: Option<&str>) -> HttpsStage {
    let before = before.map(|status| RedirectingRule { rule: "arn:rule/3".into(), status: status.into() });
    HttpsStage::RedirectRule { listener: HTTP.into(), priority: 3, status: "HTTP_302".into(), before }
}

fn options_stage() -> HttpsStage {
    let change = |name: &str, before: Option<&str>, after: Option<&str>| OptionChange {
        namespace: "aws:elbv2:listener:443".to_owned(),
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let changes = vec![
        change("ListenerEnabled", Some("false"), Some("true")),
        change("Protocol", None, Some("HTTPS")),
        change("NoSuchOption", None, Some("1")),
    ];
    HttpsStage::Options { certificate: CERTIFICATE.into(), changes }
}

/// Returns the calls of a step: the operation, and those of its parameters that show the direction.
fn sent(setup: &HttpsSetup, step: HttpsStep, direction: Direction) -> Vec<String> {
    let subject = subject();
    let sendings = Undertaking { setup, subject: &subject, step, direction }.sendings();
    let reported = |(name, value): (String, String)| format!(" {name}={value}");
    let is_telling = |(name, _): &(String, String)| {
        ["GroupId", "GroupName", "ListenerArn", "RuleArn", "Priority"].contains(&name.as_str())
            || name.contains("SecurityGroups")
            || name.contains("Option")
            || name.ends_with("CidrIp")
            || name.ends_with("StatusCode")
            || name.ends_with("1.TargetGroupArn")
    };
    let line = |call: &crate::change::ApiCall| {
        let form: String = call.form().into_iter().filter(is_telling).map(reported).collect();
        format!("{}{form}", call.operation())
    };
    sendings.iter().map(|it| line(&it.call)).collect()
}

/// A step and its stage, what was made so far, and what is sent there and back.
type Calls = (HttpsStep, HttpsStage, &'static [(HttpsStep, &'static str)], String, String);

#[test]
fn a_step_is_sent_one_way_and_its_opposite_the_other() {
    let with_group: &'static [(HttpsStep, &'static str)] = &[(HttpsStep::Group, "sg-2")];
    let web = arn("web");
    let forwards = format!("DefaultActions.member.1.TargetGroupArn={web}");
    let redirects = |name: &str, status: &str| format!("{name}.member.1.RedirectConfig.StatusCode={status}");
    let sources = "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8 IpPermissions.1.IpRanges.2.CidrIp=192.0.2.0/24";
    let rows: Vec<Calls> = vec![
        (
            HttpsStep::Listener,
            listener_stage(),
            &[],
            format!("CreateListener {forwards}"),
            "DeleteListener ListenerArn=(the new listener)".into(),
        ),
        (
            HttpsStep::Listener,
            listener_stage(),
            &[(HttpsStep::Listener, "arn:made")],
            format!("CreateListener {forwards}"),
            "DeleteListener ListenerArn=arn:made".into(),
        ),
        (
            HttpsStep::Group,
            group_stage(),
            &[],
            "CreateSecurityGroup GroupName=sg-2-name".into(),
            "DeleteSecurityGroup GroupId=(the new group)".into(),
        ),
        (
            HttpsStep::Group,
            group_stage(),
            with_group,
            "CreateSecurityGroup GroupName=sg-2-name".into(),
            "DeleteSecurityGroup GroupId=sg-2".into(),
        ),
        (
            HttpsStep::Rule,
            rule_stage(None),
            &[],
            format!("AuthorizeSecurityGroupIngress GroupId=(the new group) {sources}"),
            format!("RevokeSecurityGroupIngress GroupId=(the new group) {sources}"),
        ),
        (
            HttpsStep::Rule,
            rule_stage(Some("sg-1")),
            with_group,
            format!("AuthorizeSecurityGroupIngress GroupId=sg-1 {sources}"),
            format!("RevokeSecurityGroupIngress GroupId=sg-1 {sources}"),
        ),
        (
            HttpsStep::Attach,
            attach_stage(),
            with_group,
            "SetSecurityGroups SecurityGroups.member.1=sg-1 SecurityGroups.member.2=sg-2".into(),
            "SetSecurityGroups SecurityGroups.member.1=sg-1".into(),
        ),
        (
            HttpsStep::Redirect,
            redirect_stage(),
            &[],
            format!("ModifyListener ListenerArn={HTTP} {}", redirects("DefaultActions", "HTTP_302")),
            format!("ModifyListener ListenerArn={HTTP} {forwards}"),
        ),
        (
            HttpsStep::Redirect,
            rule_of_80(None),
            &[],
            format!("CreateRule ListenerArn={HTTP} Priority=3 {}", redirects("Actions", "HTTP_302")),
            "DeleteRule RuleArn=(the new rule)".into(),
        ),
        (
            HttpsStep::Redirect,
            rule_of_80(None),
            &[(HttpsStep::Redirect, "arn:rule/9")],
            format!("CreateRule ListenerArn={HTTP} Priority=3 {}", redirects("Actions", "HTTP_302")),
            "DeleteRule RuleArn=arn:rule/9".into(),
        ),
        (
            HttpsStep::Redirect,
            rule_of_80(Some("HTTP_301")),
            &[],
            format!("ModifyRule RuleArn=arn:rule/3 {}", redirects("Actions", "HTTP_302")),
            format!("ModifyRule RuleArn=arn:rule/3 {}", redirects("Actions", "HTTP_301")),
        ),
    ];
    for (step, stage, made, there, back) in rows {
        let setup = setup(vec![stage.clone()], made);
        assert_eq!(sent(&setup, step, Direction::There), [there], "{stage:?} {made:?}");
        assert_eq!(sent(&setup, step, Direction::Back), [back], "{stage:?} {made:?}");
    }
    let probe = setup(vec![HttpsStage::Probe], &[]);
    assert!(sent(&probe, HttpsStep::Probe, Direction::There).is_empty());
    assert!(sent(&probe, HttpsStep::Listener, Direction::There).is_empty(), "a step that there is not");
}

/// What was unset is unset again, and options that the guide does not know are never written.
#[test]
fn options_are_given_and_taken_back() {
    let setup = setup(vec![options_stage()], &[]);
    let reported = |direction| -> Vec<String> {
        let names = |line: String| {
            let values = line.split(' ').skip(1).map(|it| it.split_once('=').unwrap().1.to_owned());
            let operation = line.split(' ').next().unwrap();
            format!("{operation}: {}", values.filter(|it| !it.starts_with("aws:")).collect::<Vec<_>>().join(" "))
        };
        sent(&setup, HttpsStep::Listener, direction).into_iter().map(names).collect()
    };
    assert_eq!(
        reported(Direction::There),
        [
            "ValidateConfigurationSettings: ListenerEnabled true Protocol HTTPS",
            "UpdateEnvironment: ListenerEnabled true Protocol HTTPS"
        ]
    );
    assert_eq!(
        reported(Direction::Back),
        ["ValidateConfigurationSettings: ListenerEnabled false", "UpdateEnvironment: ListenerEnabled false Protocol"]
    );
    let subject = subject();
    for (direction, values) in [
        (Direction::There, [(Some("false"), Some("true")), (None, Some("HTTPS")), (None, Some("1"))]),
        (Direction::Back, [(Some("true"), Some("false")), (Some("HTTPS"), None), (Some("1"), None)]),
    ] {
        let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Listener, direction };
        let Some(LostWrite::Options(targets)) = it.lost() else { panic!("{direction:?}") };
        let found: Vec<_> = targets.iter().map(|it| (it.before.as_deref(), it.after.as_deref())).collect();
        assert_eq!(found, values, "{direction:?}");
        let found_by: Vec<_> = it.sendings().into_iter().map(|it| it.look_up).collect();
        assert_eq!(found_by, [LookUp::Nothing, LookUp::Update(LostWrite::Options(targets))], "{direction:?}");
    }
    let other = self::setup(vec![listener_stage()], &[]);
    let it = Undertaking { setup: &other, subject: &subject, step: HttpsStep::Listener, direction: Direction::There };
    assert_eq!(it.lost(), None, "a call to the load balancer is found by what it makes");
}

#[test]
fn a_step_says_what_changes_there_and_the_opposite_back() {
    let https = Some("HTTPS with arn:certificate/shop");
    for (step, stage, key, before, after) in [
        (HttpsStep::Listener, listener_stage(), "listener on port 443", None, https),
        (HttpsStep::Listener, options_stage(), "listener on port 443", None, https),
        (HttpsStep::Group, group_stage(), "security group", None, Some("sg-2-name")),
        (HttpsStep::Rule, rule_stage(None), "rule for port 443", None, Some("10.0.0.0/8, 192.0.2.0/24")),
        (
            HttpsStep::Attach,
            attach_stage(),
            "security group on the load balancer",
            Some("sg-1"),
            Some("sg-1, and the new one"),
        ),
        (
            HttpsStep::Redirect,
            redirect_stage(),
            "redirect of port 80",
            Some("forward to web"),
            Some("redirect to HTTPS (302)"),
        ),
        (HttpsStep::Redirect, rule_of_80(None), "redirect of port 80", None, Some("redirect to HTTPS (302)")),
        (
            HttpsStep::Redirect,
            rule_of_80(Some("HTTP_301")),
            "redirect of port 80",
            Some("redirect to HTTPS (301)"),
            Some("redirect to HTTPS (302)"),
        ),
    ] {
        let (setup, subject) = (setup(vec![stage], &[]), subject());
        for (direction, before, after) in [(Direction::There, before, after), (Direction::Back, after, before)] {
            let change = Undertaking { setup: &setup, subject: &subject, step, direction }.change().unwrap();
            let found = (change.key.as_str(), change.before.as_deref(), change.after.as_deref());
            assert_eq!(found, (key, before, after), "{direction:?}");
        }
    }
    let (setup, subject) = (setup(vec![HttpsStage::Probe], &[]), subject());
    let it = Undertaking { setup: &setup, subject: &subject, step: HttpsStep::Probe, direction: Direction::There };
    assert_eq!(it.change(), None);
}
