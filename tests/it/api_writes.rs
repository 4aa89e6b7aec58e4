//! The table of API writes holds every call that beanpole can make, reads back what it has written of it, and is what goes
//! over the wire.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::HttpConnector;
use beanpole::aws::apply::{Sent, send};
use beanpole::change::https::{DefaultAction, Move};
use beanpole::change::writes::WRITES;
use beanpole::change::{
    ApiCall, ApiWrite, CnameSwap, EnvironmentState, InstanceLimits, Modification, Operation, Parameter, ParameterShape,
    ParameterSpec, Subject, Work,
};
use beanpole::model::{EnvironmentStatus, FaultKind, Key, Moment, ScopeId, Service, TrafficSource};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use minicbor::data::{Tag, Type};
use minicbor::decode::Decoder;

use crate::settings_properties::assert_is_of_the_table;
use crate::support::Stage;

/// A checksum, of nothing in particular.
const SHA256: [u8; 32] = [7; 32];

/// A call of this row with every parameter that it may have, or with those that it must have.
fn filled(write: &'static ApiWrite, optional: bool) -> ApiCall {
    ApiCall::checked(write, fields(write.parameters, optional)).unwrap()
}

fn fields(specs: &'static [ParameterSpec], optional: bool) -> Vec<(&'static str, Parameter)> {
    let is_wanted = |spec: &&ParameterSpec| spec.required || optional;
    specs.iter().filter(is_wanted).map(|spec| (spec.name, value(spec.name, &spec.shape, optional))).collect()
}

fn value(name: &str, shape: &'static ParameterShape, optional: bool) -> Parameter {
    match shape {
        ParameterShape::Text => Parameter::Text(format!("a {name} = & 1%")),
        ParameterShape::File => Parameter::Text(format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"))),
        ParameterShape::Number => Parameter::Number(17),
        ParameterShape::Double => Parameter::Double(0.5),
        ParameterShape::Flag => Parameter::Flag(true),
        ParameterShape::Time => Parameter::Text("2026-11-27T14:00:00Z".to_owned()),
        ParameterShape::Structure(specs) => Parameter::Structure(fields(specs, optional)),
        ParameterShape::List(shape) => Parameter::List(vec![value(name, shape, optional), value(name, shape, false)]),
    }
}

fn all_filled() -> impl Iterator<Item = ApiCall> {
    WRITES.iter().flat_map(|write| [true, false].map(|optional| filled(write, optional)))
}

fn requests() -> Vec<ApiCall> {
    let key = Key::new(ScopeId(0), "e-1");
    let subject = Subject { key, name: "web".into(), application: "shop".into() };
    let seen = EnvironmentState { status: EnvironmentStatus::Ready, version: Some("v1".into()), abortable: true };
    let writes = [
        Work::Deploy { version: "v2".into(), replaces: None },
        Work::Abort,
        Work::Restart,
        Work::Swap(CnameSwap {
            other: subject.clone(),
            own_cname: "a.example".into(),
            other_cname: "b.example".into(),
        }),
        Work::Replace { instance: "i-1".into(), last_of: None },
        Work::Scale { from: InstanceLimits { min: 1, max: 4 }, to: InstanceLimits { min: 2, max: 8 } },
    ];
    let operation = |work| Operation::single(subject.clone(), seen.clone(), work);
    writes.map(operation).iter().flat_map(Operation::calls).collect()
}

fn moves() -> Vec<ApiCall> {
    let arn = || Arc::from("arn");
    let actions = [
        DefaultAction::Forward { groups: vec![(arn(), 1)], stickiness: None },
        DefaultAction::Forward { groups: vec![(arn(), 1), (arn(), 2)], stickiness: None },
        DefaultAction::Forward { groups: vec![(arn(), 1), (arn(), 2)], stickiness: Some(300) },
        DefaultAction::Redirect { status: "HTTP_301".into() },
    ];
    let sources = vec![
        TrafficSource::Ipv4("203.0.113.0/24".into()),
        TrafficSource::Ipv6("2001:db8::/32".into()),
        TrafficSource::PrefixList("pl-1".into()),
        TrafficSource::Group("sg-1".into(), None),
        TrafficSource::Group("sg-2".into(), Some("471108151234".into())),
    ];
    let create = |action| Move::CreateListener {
        load_balancer: arn(),
        certificate: arn(),
        policy: "ELBSecurityPolicy-TLS13-1-2-2021-06".into(),
        action,
    };
    let with_actions = actions.into_iter().flat_map(|action| [create(action.clone()), Move::SetAction(arn(), action)]);
    let others = [
        Move::DeleteListener(arn()),
        Move::CreateRule { listener: arn(), priority: 7, status: "HTTP_302".into() },
        Move::SetRule(arn(), "HTTP_301".into()),
        Move::DeleteRule(arn()),
        Move::CreateGroup { name: "g".into(), description: "for HTTPS".into(), vpc: "vpc-1".into() },
        Move::DeleteGroup("sg-1".into()),
        Move::Authorize("sg-1".into(), sources.clone()),
        Move::Revoke("sg-1".into(), sources),
        Move::SetGroups(arn(), vec!["sg-1".into(), "sg-2".into()]),
    ];
    with_actions.chain(others).map(|it| it.call()).collect()
}

#[test]
fn every_call_has_the_parameters_of_its_row_and_is_read_back_as_written() {
    requests().iter().chain(&moves()).for_each(assert_is_of_the_table);
    all_filled().for_each(|call| assert_is_of_the_table(&call));
}

#[test]
fn each_operation_has_one_row() {
    let mut names: Vec<_> = WRITES.iter().map(|write| write.permission()).collect();
    names.sort();
    let rows = names.len();
    names.dedup();
    assert_eq!(names.len(), rows);
}

/// A region, and the bodies of the requests to it.
fn recorded() -> (Stage, Arc<Mutex<Vec<Vec<u8>>>>) {
    let bodies = Arc::<Mutex<Vec<Vec<u8>>>>::default();
    let kept = Arc::clone(&bodies);
    let stage = Stage::new("healthy").without_faults().between(move |request, inner| {
        kept.lock().unwrap().push(request.body().bytes().unwrap_or_default().to_vec());
        inner.call(request)
    });
    (stage, bodies)
}

/// The parameters of a query request, sorted.
fn received(body: &[u8]) -> Vec<(String, String)> {
    let is_own = |(name, _): &(String, String)| !matches!(name.as_str(), "Action" | "Version");
    let mut form: Vec<_> = form_urlencoded::parse(body).into_owned().filter(is_own).collect();
    form.sort();
    form
}

#[tokio::test(start_paused = true)]
async fn what_the_region_receives_is_what_the_call_says_for_every_operation_and_every_parameter() {
    let (stage, bodies) = recorded();
    let is_query = |call: &ApiCall| !matches!(call.service(), Service::CloudWatch | Service::S3);
    for call in all_filled().chain(requests()).chain(moves()).filter(is_query) {
        stage.world.clear_calls();
        let sent = send(&stage.session, &call, &|| Moment::EPOCH).await;
        let body = bodies.lock().unwrap().pop().unwrap_or_else(|| panic!("{call:?} was not sent: {sent:?}"));
        let mut form = call.form();
        form.sort();
        assert_eq!(received(&body), form, "{}", call.operation());
        let calls: Vec<_> =
            stage.world.calls().into_iter().map(|it| format!("{}:{}", it.service, it.operation)).collect();
        assert_eq!(calls, [call.write().permission()]);
    }
}

/// The parameters of a CBOR request, as JSON. An instant becomes a text, as in a call.
fn tree(from: &mut Decoder<'_>) -> serde_json::Value {
    match from.datatype().unwrap() {
        Type::String => from.str().unwrap().into(),
        Type::Bool => from.bool().unwrap().into(),
        Type::F64 => from.f64().unwrap().into(),
        Type::Tag => {
            assert_eq!(from.tag().unwrap(), Tag::new(1));
            let seconds =
                if from.datatype().unwrap() == Type::F64 { from.f64().unwrap() } else { from.i64().unwrap() as f64 };
            Timestamp::from_second(seconds as i64).unwrap().to_string().into()
        }
        Type::Array | Type::ArrayIndef => {
            let entries = from.array().unwrap();
            let mut list = Vec::new();
            while entries.is_some_and(|entries| (list.len() as u64) < entries) || entries.is_none() && !ends(from) {
                list.push(tree(from));
            }
            list.into()
        }
        Type::Map | Type::MapIndef => {
            let entries = from.map().unwrap();
            let mut map = serde_json::Map::new();
            while entries.is_some_and(|entries| (map.len() as u64) < entries) || entries.is_none() && !ends(from) {
                let name = from.str().unwrap().to_owned();
                map.insert(name, tree(from));
            }
            map.into()
        }
        _ => from.i64().unwrap().into(),
    }
}

fn ends(from: &mut Decoder<'_>) -> bool {
    let ends = from.datatype().unwrap() == Type::Break;
    if ends {
        from.skip().unwrap();
    }
    ends
}

#[tokio::test(start_paused = true)]
async fn what_the_region_receives_in_cbor_is_what_the_call_says_for_every_operation_and_every_parameter() {
    let (stage, bodies) = recorded();
    let calls: Vec<_> = all_filled().filter(|call| call.service() == Service::CloudWatch).collect();
    assert!(!calls.is_empty());
    for call in calls {
        stage.world.clear_calls();
        let sent = send(&stage.session, &call, &|| Moment::EPOCH).await;
        let body = bodies.lock().unwrap().pop().unwrap_or_else(|| panic!("{call:?} was not sent: {sent:?}"));
        let said = serde_json::to_value(&call).unwrap();
        assert_eq!(tree(&mut Decoder::new(&body)), said["parameters"], "{}", call.operation());
        assert_eq!(stage.world.calls().len(), 1);
    }
}

/// The answers of S3 differ by its own checks: what is compared is what arrives.
#[tokio::test(start_paused = true)]
async fn what_s3_receives_is_what_the_call_says() {
    let requests = Arc::<Mutex<Vec<(String, String, Option<String>, Option<String>)>>>::default();
    let kept = Arc::clone(&requests);
    let stage = Stage::new("healthy").without_faults().between(move |request, inner| {
        let header = |name: &str| request.headers().get(name).map(str::to_owned);
        let (checksum, content) = (header("x-amz-checksum-sha256"), header("content-type"));
        kept.lock().unwrap().push((request.method().to_owned(), request.uri().to_owned(), checksum, content));
        inner.call(request)
    });
    let calls: Vec<_> = all_filled().filter(|call| call.service() == Service::S3).collect();
    assert_eq!(calls.len(), 2);
    for call in calls {
        let text = |name: &str| {
            let given = call.parameters().iter().find(|(it, _)| *it == name);
            given.map(|(_, value)| if name == "ChecksumSHA256" { STANDARD.encode(SHA256) } else { value.to_string() })
        };
        let parameters = call.parameters().iter().map(|(name, value)| match *name {
            "ChecksumSHA256" => (*name, Parameter::Text(STANDARD.encode(SHA256))),
            "Bucket" => (*name, Parameter::Text("elasticbeanstalk-a".to_owned())),
            _ => (*name, value.clone()),
        });
        let call = ApiCall::checked(call.write(), parameters.collect()).unwrap();
        let _ = send(&stage.session, &call, &|| Moment::EPOCH).await;
        let (method, url, checksum, content) = requests.lock().unwrap().pop().unwrap();
        let expected = "https://elasticbeanstalk-a.s3.eu-west-1.amazonaws.com/a%20Key%20%3D%20%26%201%25";
        assert_eq!((method.as_str(), url.as_str()), ("PUT", expected));
        let default = || Some("application/octet-stream".to_owned());
        assert_eq!((checksum, content), (text("ChecksumSHA256"), text("ContentType").or_else(default)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_fit_its_row_is_refused_unsent() {
    let (stage, bodies) = recorded();
    for (name, value) in [("HealthyThresholdCount", "five"), ("Nonsense", "1")] {
        let call = Modification::TargetGroup("arn".into(), vec![(name, value.to_owned())]).call();
        let Sent::Refused(fault) = send(&stage.session, &call, &|| Moment::EPOCH).await else { panic!() };
        assert_eq!((fault.kind, fault.operation), (FaultKind::Invalid, "ModifyTargetGroup"));
        assert!(fault.message.contains(name), "{}", fault.message);
    }
    assert!(bodies.lock().unwrap().is_empty());
}
