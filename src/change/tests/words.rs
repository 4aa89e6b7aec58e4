//! The texts of refusals and routes, of calls as lines and commands, and what an object serves.

use std::sync::Arc;

use super::stage::{Stage, load_balancer};
use crate::change::operation::{Operation, OperationKind};
use crate::change::{
    ApiCall, DirectFate, Modification, Object, OptionName, Parameter, PlanInputs, Protected, Refusal, Route, Serves,
};
use crate::model::{EnvironmentStatus, Key, Service, TargetGroup, link};

#[test]
fn refusals_are_said() {
    let (object, environment): (Arc<str>, Arc<str>) = ("lb".into(), "web".into());
    for (refusal, words) in [
        (Refusal::ReadOnly, "writing is switched off (read-only)"),
        (
            Refusal::Protected(Protected { name: "web-prod".into(), pattern: "*prod*".into() }),
            "web-prod is read-only: its name matches *prod* of read_only in the configuration",
        ),
        (Refusal::NotConfirmed { name: "web".into() }, "web is a production environment, and its name was not given"),
        (
            Refusal::NoAudit { why: "disk full".into() },
            "what is changed cannot be recorded, so nothing is changed: disk full",
        ),
        (
            Refusal::NotReady { status: EnvironmentStatus::Launching },
            "the environment is Launching, and takes an update only while it is Ready",
        ),
        (
            Refusal::NotProven { object: object.clone(), environment: environment.clone(), why: "no tag".into() },
            "lb is not proven to be web's own: no tag",
        ),
        (
            Refusal::NotRead { object, environment, what: "its tags".into(), operation: "DescribeTags" },
            "lb is not proven to be web's own: its tags could not be read",
        ),
        (Refusal::Unsuitable { why: "it is Classic".into() }, "it is Classic"),
        (Refusal::SingleInstance, "the environment is of the type SingleInstance, which has one instance"),
        (Refusal::Splitting, "Beanstalk divides the traffic between two versions at present"),
    ] {
        assert_eq!(refusal.to_string(), words);
    }
}

#[test]
fn a_route_is_its_word() {
    for (route, word) in [(Route::Beanstalk, "beanstalk"), (Route::Elb, "elb"), (Route::Both, "both")] {
        assert_eq!((route.as_str(), Route::named(word)), (word, Some(route)));
    }
    assert_eq!(Route::named("ELB"), None);
}

fn update() -> Modification {
    let option = |name| OptionName { namespace: "aws:autoscaling:asg".into(), name };
    Modification::Update {
        environment: "e-1".into(),
        set: vec![(option("MinSize"), "2".to_owned())],
        remove: vec![option("MaxSize")],
    }
}

#[test]
fn a_call_is_shown_line_by_line_and_as_a_command() {
    let call = update().call();
    assert_eq!((call.service(), call.operation()), (Service::Beanstalk, "UpdateEnvironment"));
    assert_eq!(
        call.parameters().iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["EnvironmentId", "OptionSettings", "OptionsToRemove"]
    );
    assert_eq!(
        call.lines(),
        [
            "elasticbeanstalk UpdateEnvironment  EnvironmentId=e-1",
            "  OptionSettings  aws:autoscaling:asg MinSize=2",
            "  OptionsToRemove  aws:autoscaling:asg MaxSize",
        ]
    );
    assert_eq!(
        call.command(&[("profile", "a b")]),
        "aws elasticbeanstalk update-environment --environment-id e-1 --option-settings \
         Namespace=aws:autoscaling:asg,OptionName=MinSize,Value=2 --options-to-remove \
         Namespace=aws:autoscaling:asg,OptionName=MaxSize --profile 'a b'"
    );
    let attributes = Modification::TargetGroupAttributes("arn".into(), vec![("stickiness.enabled", "true".to_owned())]);
    assert_eq!(
        attributes.call().lines(),
        [
            "elasticloadbalancing ModifyTargetGroupAttributes  TargetGroupArn=arn",
            "  Attributes  stickiness.enabled=true"
        ]
    );
    let check = Modification::TargetGroup(
        "arn".into(),
        vec![("HealthCheckIntervalSeconds", "15".to_owned()), ("Matcher", "200".to_owned())],
    );
    let call = check.call();
    assert_eq!(
        call.lines(),
        [
            "elasticloadbalancing ModifyTargetGroup  TargetGroupArn=arn  HealthCheckIntervalSeconds=15  Matcher=HttpCode=200"
        ]
    );
    assert_eq!(
        call.command(&[]),
        "aws elbv2 modify-target-group --target-group-arn arn --health-check-interval-seconds 15 --matcher HttpCode=200"
    );
    // A number that is none stays what it is, and the call is refused.
    let odd = Modification::TargetGroup("arn".into(), vec![("HealthCheckIntervalSeconds", "soon".to_owned())]).call();
    assert!(odd.check().is_err() && call.check().is_ok());
    let certificate = Modification::Listener("arn".into(), vec![("Certificates", "arn:cert".to_owned())]).call();
    assert_eq!(certificate.lines()[1..], ["  Certificates  CertificateArn=arn:cert"]);
    assert!(update().is_update() && update().writes() && !check.is_update() && check.writes());
}

#[test]
fn a_value_is_shorthand_only_where_a_shell_and_the_cli_take_it_as_it_is() {
    let row = |value: Parameter| Parameter::List(vec![Parameter::Structure(vec![("Key", value)])]);
    for (value, argument) in [
        (row(Parameter::text("a.b/c:1-_")), "Key=a.b/c:1-_"),
        (row(Parameter::Number(5)), "Key=5"),
        (row(Parameter::text("a b")), "'[{\"Key\":\"a b\"}]'"),
        (row(Parameter::text("")), "'[{\"Key\":\"\"}]'"),
        (row(Parameter::text("a,b")), "'[{\"Key\":\"a,b\"}]'"),
        (row(Parameter::Flag(true)), "'[{\"Key\":true}]'"),
        (row(Parameter::List(vec![])), "'[{\"Key\":[]}]'"),
        (Parameter::List(vec![Parameter::text("a"), Parameter::text("b")]), "'[\"a\",\"b\"]'"),
        (Parameter::Number(-3), "-3"),
        (Parameter::text("it's"), "'it'\\''s'"),
        (Parameter::text("a@b=c,d+e"), "a@b=c,d+e"),
    ] {
        let call = serde_json::to_string(&value).unwrap();
        assert_eq!(value.argument(), argument, "{call}");
    }
    assert_eq!(Parameter::Flag(true).argument(), "", "said by the name of the parameter");
    let fields = Parameter::Structure(vec![("A", Parameter::text("1")), ("B", Parameter::Number(2))]);
    assert_eq!((fields.words().as_str(), fields.members().len()), ("A=1 B=2", 0));
    assert_eq!(Parameter::List(vec![fields, Parameter::text("x")]).members(), ["A=1 B=2", "x"]);
}

#[test]
fn calls_are_equal_by_what_they_send() {
    let restart = |id: &str| -> ApiCall {
        let text = format!(
            r#"{{"service":"elasticbeanstalk","operation":"RestartAppServer","parameters":{{"EnvironmentId":"{id}"}}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(restart("e-1"), restart("e-1"));
    assert_ne!(restart("e-1"), restart("e-2"));
    assert_eq!(restart("e-1").write().permission(), "elasticbeanstalk:RestartAppServer");
    assert_ne!(restart("e-1").write(), update().call().write());
    assert_eq!(format!("{:?}", restart("e-1").write()), "elasticbeanstalk:RestartAppServer");
}

/// A load balancer serves its environments, and target groups that no environment owns.
#[test]
fn an_object_serves_every_environment_on_it_and_what_none_owns() {
    let serves = |stage: &Stage, wish: (&str, &str), extra: Option<&str>| -> Serves {
        stage.with(|basis| {
            let mut snapshot = basis.snapshot.clone();
            if let Some(name) = extra {
                let key: Key<TargetGroup> = Key::new(
                    load_balancer().key.scope,
                    format!("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/{name}/1"),
                );
                let group = TargetGroup { key: key.clone(), name: name.into(), ..stage.group() };
                snapshot.inventory.target_groups.insert(key, group);
            }
            snapshot.topology = link(&snapshot.inventory);
            let basis = PlanInputs { snapshot: &snapshot, environment: basis.environment };
            let wishes = [(wish.0.to_owned(), wish.1.to_owned())];
            let group = Object::TargetGroup(stage.group().key);
            let group = if let Object::TargetGroup(key) = &group { Some(key) } else { None };
            let change = crate::change::resolve(&basis, &wishes, group).unwrap();
            let plan = crate::change::plan(&basis, &change, Some(Route::Elb)).unwrap();
            if wish.0.starts_with("idle") {
                assert_eq!(basis.serves(), plan.serves, "the load balancer is asked for as such, too");
            }
            plan.serves
        })
    };
    let idle = ("idle_timeout.timeout_seconds", "90");
    let delay = ("deregistration_delay.timeout_seconds", "90");
    let shared = || Stage { is_shared: true, ..Stage::new() };
    for (stage, wish, extra, environments, unowned) in [
        (Stage::new(), idle, None, &["web"][..], &[][..]),
        // Beside one environment alone a group may be that one's.
        (Stage::new(), idle, Some("handmade"), &["web"], &[]),
        (shared(), idle, None, &["other", "web"], &[]),
        (shared(), idle, Some("handmade"), &["other", "web"], &["handmade"]),
        (shared(), delay, None, &["web"], &[]),
        (Stage::new(), delay, Some("handmade"), &["web"], &[]),
    ] {
        let found = serves(&stage, wish, extra);
        let names = |names: &[Arc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            (names(&found.environments), names(&found.unowned)),
            (owned(environments), owned(unowned)),
            "{wish:?} {extra:?}"
        );
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn the_fate_of_a_direct_change_is_awaited_reported_or_neither() {
    for (fate, is_awaited, is_reported) in [
        (DirectFate::Awaited, true, false),
        (DirectFate::Live, false, false),
        (DirectFate::ObjectGone, false, false),
        (DirectFate::Gone(None), false, true),
        (DirectFate::Gone(Some("20".into())), false, true),
        (DirectFate::Unread(None), false, true),
    ] {
        assert_eq!((fate.is_awaited(), fate.is_reported()), (is_awaited, is_reported), "{fate:?}");
    }
}

#[test]
fn a_plan_that_puts_back_is_an_undo() {
    let delay = "deregistration_delay.timeout_seconds";
    let mut plan = Stage::new().plan(&[(delay, "90")], Some(Route::Elb)).unwrap();
    assert_eq!((plan.kind(), Operation::from(&plan).kind), ("set", OperationKind::Set));
    plan.undoes = Some("7".into());
    assert_eq!((plan.kind(), Operation::from(&plan).kind), ("undo", OperationKind::Undo));
    let nothing = Stage::new().plan(&[(delay, "20")], Some(Route::Elb)).unwrap();
    assert!(nothing.rows.is_idle() && !plan.rows.is_idle());
}
