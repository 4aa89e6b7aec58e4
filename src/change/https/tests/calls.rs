//! The calls of the steps, as the query protocol sends them, and the steps' descriptions.

use super::ground::{CERTIFICATE, HTTP, LOAD_BALANCER, POLICY, SCOPE, arn, v4};
use crate::change::https::{
    DefaultAction, HttpsSetup, HttpsStage, HttpsStep, Move, ProbeUnanswered, Probed, RedirectingRule,
};
use crate::change::{OptionChange, Route};
use crate::model::{Key, TrafficSource};

/// What is sent: the service, the operation and its form.
fn sent(call: &Move) -> (String, Vec<String>) {
    let call = call.call();
    let form = call.form().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    (format!("{} {}", call.service().prefix(), call.operation()), form)
}

fn forward(groups: &[(&str, i32)], stickiness: Option<i32>) -> DefaultAction {
    DefaultAction::Forward { groups: groups.iter().map(|(id, weight)| ((*id).into(), *weight)).collect(), stickiness }
}

#[test]
fn every_move_is_one_call() {
    let sources = vec![
        v4("10.0.0.0/8"),
        TrafficSource::Ipv6("::/0".into()),
        v4("192.0.2.0/24"),
        TrafficSource::PrefixList("pl-1".into()),
        TrafficSource::Group("sg-8".into(), None),
        TrafficSource::Group("sg-9".into(), Some("222".into())),
    ];
    let permission = [
        "GroupId=sg-1",
        "IpPermissions.1.IpProtocol=tcp",
        "IpPermissions.1.FromPort=443",
        "IpPermissions.1.ToPort=443",
        "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8",
        "IpPermissions.1.IpRanges.2.CidrIp=192.0.2.0/24",
        "IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0",
        "IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1",
        "IpPermissions.1.Groups.1.GroupId=sg-8",
        "IpPermissions.1.Groups.2.GroupId=sg-9",
        "IpPermissions.1.Groups.2.UserId=222",
    ];
    let redirect = |name: &str| {
        let fields =
            ["Protocol=HTTPS", "Port=443", "Host=#{host}", "Path=/#{path}", "Query=#{query}", "StatusCode=HTTP_301"];
        let fields = fields.map(|field| format!("{name}.member.1.RedirectConfig.{field}"));
        [vec![format!("{name}.member.1.Type=redirect")], fields.into()].concat()
    };
    let owned = |lines: &[&str]| lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let rows = vec![
        (
            Move::CreateListener {
                load_balancer: "lb".into(),
                certificate: "cert".into(),
                policy: "policy".into(),
                action: forward(&[("tg", 1)], None),
            },
            "elasticloadbalancing CreateListener",
            owned(&[
                "LoadBalancerArn=lb",
                "Protocol=HTTPS",
                "Port=443",
                "SslPolicy=policy",
                "Certificates.member.1.CertificateArn=cert",
                "DefaultActions.member.1.Type=forward",
                "DefaultActions.member.1.TargetGroupArn=tg",
            ]),
        ),
        (
            Move::SetAction("listener".into(), forward(&[("a", 1), ("b", 3)], Some(60))),
            "elasticloadbalancing ModifyListener",
            owned(&[
                "ListenerArn=listener",
                "DefaultActions.member.1.Type=forward",
                "DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn=a",
                "DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.Weight=1",
                "DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn=b",
                "DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.Weight=3",
                "DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled=true",
                "DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds=60",
            ]),
        ),
        (
            Move::SetAction("listener".into(), DefaultAction::redirect(true)),
            "elasticloadbalancing ModifyListener",
            [owned(&["ListenerArn=listener"]), redirect("DefaultActions")].concat(),
        ),
        (
            Move::CreateRule { listener: "listener".into(), priority: 7, status: "HTTP_301".into() },
            "elasticloadbalancing CreateRule",
            [
                owned(&[
                    "ListenerArn=listener",
                    "Priority=7",
                    "Conditions.member.1.Field=path-pattern",
                    "Conditions.member.1.Values.member.1=/*",
                ]),
                redirect("Actions"),
            ]
            .concat(),
        ),
        (
            Move::SetRule("rule".into(), "HTTP_301".into()),
            "elasticloadbalancing ModifyRule",
            [owned(&["RuleArn=rule"]), redirect("Actions")].concat(),
        ),
        (Move::DeleteRule("rule".into()), "elasticloadbalancing DeleteRule", owned(&["RuleArn=rule"])),
        (Move::DeleteListener("l".into()), "elasticloadbalancing DeleteListener", owned(&["ListenerArn=l"])),
        (
            Move::CreateGroup { name: "name".into(), description: "why".into(), vpc: "vpc".into() },
            "ec2 CreateSecurityGroup",
            owned(&["GroupName=name", "GroupDescription=why", "VpcId=vpc"]),
        ),
        (Move::DeleteGroup("sg".into()), "ec2 DeleteSecurityGroup", owned(&["GroupId=sg"])),
        (Move::Authorize("sg-1".into(), sources.clone()), "ec2 AuthorizeSecurityGroupIngress", owned(&permission)),
        (Move::Revoke("sg-1".into(), sources), "ec2 RevokeSecurityGroupIngress", owned(&permission)),
        (
            Move::SetGroups("lb".into(), vec!["sg-1".into(), "sg-2".into()]),
            "elasticloadbalancing SetSecurityGroups",
            owned(&["LoadBalancerArn=lb", "SecurityGroups.member.1=sg-1", "SecurityGroups.member.2=sg-2"]),
        ),
    ];
    for (call, operation, form) in rows {
        assert_eq!(sent(&call), (operation.to_owned(), form), "{call:?}");
    }
}

/// Returns every kind of stage, with its step and its description.
fn stages() -> Vec<(HttpsStage, HttpsStep, Option<&'static str>)> {
    let action = forward(&[(&arn("web"), 1), (&arn("api"), 1)], None);
    let rule =
        |before| HttpsStage::RedirectRule { listener: HTTP.into(), priority: 7, status: "HTTP_301".into(), before };
    let before = RedirectingRule { rule: "r".into(), status: "HTTP_302".into() };
    let to = DefaultAction::redirect(false);
    vec![
        (
            HttpsStage::Options { certificate: CERTIFICATE.into(), changes: Vec::<OptionChange>::new() },
            HttpsStep::Listener,
            Some("Beanstalk updates the environment, and makes the listener"),
        ),
        (
            HttpsStage::Listener { certificate: CERTIFICATE.into(), policy: POLICY.into(), action: action.clone() },
            HttpsStep::Listener,
            Some("ELBSecurityPolicy-TLS13-1-2-2021-06, forward to web, api"),
        ),
        (
            HttpsStage::Group { name: "new".into(), vpc: "vpc".into(), description: "why".into() },
            HttpsStep::Group,
            Some("new, which allows no source yet"),
        ),
        (
            HttpsStage::Rule { group: None, sources: vec![v4("0.0.0.0/0"), v4("10.0.0.0/8")] },
            HttpsStep::Rule,
            Some("443 for 0.0.0.0/0 (everybody), 10.0.0.0/8, as on 80; unless it is open by then"),
        ),
        (
            HttpsStage::Attach { before: vec!["sg-1".into(), "sg-2".into()] },
            HttpsStep::Attach,
            Some("beside sg-1, sg-2"),
        ),
        (
            HttpsStage::Probe,
            HttpsStep::Probe,
            Some("as a client sends it; what follows is done only if it is answered"),
        ),
        (
            HttpsStage::Redirect { listener: HTTP.into(), before: action, after: to },
            HttpsStep::Redirect,
            Some("forward to web, api  →  redirect to HTTPS (302)"),
        ),
        (rule(None), HttpsStep::Redirect, Some("a rule for every path (/*), priority 7: redirect to HTTPS (301)")),
        (
            rule(Some(before)),
            HttpsStep::Redirect,
            Some("the rule for every path: redirect to HTTPS (302)  →  redirect to HTTPS (301)"),
        ),
    ]
}

#[test]
fn every_stage_is_of_a_step_and_says_what_it_does() {
    for (stage, step, words) in stages() {
        assert_eq!((stage.step(), stage.words().as_deref()), (step, words), "{stage:?}");
        let kept: HttpsStage = serde_json::from_str(&serde_json::to_string(&stage).unwrap()).unwrap();
        assert_eq!(kept, stage, "the log keeps all that it takes");
    }
    let steps = [
        HttpsStep::Listener,
        HttpsStep::Group,
        HttpsStep::Rule,
        HttpsStep::Attach,
        HttpsStep::Probe,
        HttpsStep::Redirect,
    ];
    let names = steps.map(|step| step.to_string());
    let expected = [
        "listener on port 443",
        "security group",
        "rule for port 443",
        "security group on the load balancer",
        "request over HTTPS",
        "redirect of port 80",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_setup_keeps_what_its_steps_have_made() {
    let stages: Vec<_> =
        stages().into_iter().map(|(stage, ..)| stage).filter(|it| it.step() != HttpsStep::Listener).collect();
    let mut setup = HttpsSetup {
        route: Route::Elb,
        load_balancer: LOAD_BALANCER.into(),
        dns_name: "lb.example".into(),
        host: "shop.example.com".into(),
        certificate: "shop".into(),
        stages,
        made: Vec::new(),
    };
    assert_eq!(setup.stage(HttpsStep::Probe), Some(&HttpsStage::Probe));
    assert_eq!(setup.stage(HttpsStep::Listener), None);
    assert_eq!(setup.made(HttpsStep::Group), None);
    setup.keep(HttpsStep::Group, "sg-1".into());
    setup.keep(HttpsStep::Listener, "arn".into());
    setup.keep(HttpsStep::Group, "sg-2".into());
    assert_eq!(setup.made, [(HttpsStep::Listener, "arn".into()), (HttpsStep::Group, "sg-2".into())]);
    assert_eq!(setup.made(HttpsStep::Group), Some(&"sg-2".into()));
}

#[test]
fn a_default_action_is_known_if_it_could_be_put_back() {
    use super::ground::{forward as forwards, redirect};
    use crate::model::RuleAction;
    let plain = forward(&[(&arn("web"), 1)], None);
    assert_eq!(DefaultAction::of(&[forwards("web")]), Some(plain.clone()));
    assert_eq!(plain.groups(SCOPE), [Key::new(SCOPE, arn("web"))]);
    assert_eq!(DefaultAction::redirect(true).groups(SCOPE), []);
    assert_eq!(DefaultAction::of(&[redirect("HTTP_302")]), Some(DefaultAction::redirect(false)));
    assert_eq!(DefaultAction::of(&[redirect("HTTP_301")]), Some(DefaultAction::redirect(true)));
    for part in 0..4 {
        let mut other = redirect("HTTP_302");
        let RuleAction::Redirect { protocol, port, host, path, .. } = &mut other else { unreachable!() };
        *[protocol, port, host, path][part] = "other".into();
        assert_eq!(DefaultAction::of(&[other]), None, "another place ({part})");
    }
    assert_eq!(DefaultAction::of(&[]), None);
    assert_eq!(DefaultAction::of(&[forwards("web"), forwards("web")]), None);
    assert_eq!(DefaultAction::of(&[RuleAction::FixedResponse { status: "404".into() }]), None);
}

#[test]
fn a_request_says_what_it_saw() {
    let probed = |status: u16, location: Option<&str>| {
        Probed { status, location: location.map(Into::into) }.words("shop.example.com", "cert, 90 days left")
    };
    let good = |answer: &str| {
        format!("https://shop.example.com/ answered {answer}; the certificate is good (cert, 90 days left)")
    };
    let no_target = "; the load balancer has no target that answers";
    let application = "; that is a problem of the application itself";
    for (status, trouble) in [
        (200, ""),
        (404, ""),
        (499, ""),
        (500, application),
        (501, application),
        (502, no_target),
        (503, no_target),
        (504, no_target),
        (505, application),
    ] {
        assert_eq!(probed(status, None), good(&status.to_string()) + trouble);
    }
    assert_eq!(probed(302, Some("/login")), good("302 to /login"));
    for (unanswered, expected) in [
        (ProbeUnanswered::Name("NXDOMAIN".into()), "is not known here (NXDOMAIN)"),
        (ProbeUnanswered::Timeout(7), "no connection within 7 s"),
        (ProbeUnanswered::Refused, "nothing listens on port 443"),
        (ProbeUnanswered::Certificate("expired".into()), "not good for shop.example.com (expired)"),
        (ProbeUnanswered::Other("reset".into()), "it failed: reset"),
    ] {
        let words = unanswered.words("shop.example.com");
        assert!(words.contains(expected), "{words}");
    }
}
