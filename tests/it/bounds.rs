//! Every answer is bounded: in time, in size and in depth, in each protocol; and a read that fails in an
//! unforeseen way is a fault.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::config;
use beanpole::model::{
    Answer, Ask, Covers, Environment, Fault, FaultKind, Key, Measure, MetricQuestion, ReadOutcome, ScopeId, Seq, Source,
};
use beanpole::polling::{Cadences, Question};
use bytes::Bytes;
use http_body_util::StreamBody;
use hyper::body::Frame;

use crate::support::{Harness, Stage, operation as operation_of};

/// A region in which this happens to the requests of one operation.
fn with(operation: &'static str, does: impl Fn(HttpRequest) -> HttpConnectorFuture + Send + Sync + 'static) -> Stage {
    Stage::new("shop").between(
        move |request, inner| {
            if operation_of(&request) == operation { does(request) } else { inner.call(request) }
        },
    )
}

/// A region in which reading this panics.
fn panicking(operation: &'static str) -> Stage {
    with(operation, |_| panic!("the connector of the test broke"))
}

#[tokio::test(start_paused = true)]
async fn a_read_that_panics_is_a_fault_and_is_not_waited_for() {
    let stage = panicking("DescribeTargetGroups");
    let began = stage.clock.now();
    let gathered = stage.gather(|_| vec![Question::Linked]).await;
    let fault = gathered.snapshot.reads.fault(&Source::TargetGroups(ScopeId(0))).expect("a fault");
    assert_eq!(fault.kind, FaultKind::Other);
    assert!(fault.message.contains("the connector of the test broke"), "{}", fault.message);
    assert_eq!(gathered.snapshot.inventory.environments.len(), 12, "the rest was read");
    let took = stage.clock.now().since(began);
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_panics_is_reported_on_the_screen() {
    let mut harness = Harness::on(panicking("DescribeEnvironments"));
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("the connector of the test broke"), "{screen}");
}

/// An operation of each protocol, with the content of its answers and what reads it.
fn protocols() -> [(&'static str, &'static str, Ask); 3] {
    let ask = |source: Source| Ask::new(vec![source], Seq(1));
    let environment: Key<Environment> = Key::new(ScopeId(0), "e-1");
    let mut metrics = ask(Source::Metrics(environment, Measure::Row));
    metrics.metrics = Some(question());
    [
        ("DescribeEnvironments", "text/xml", ask(Source::Environments(ScopeId(0)))),
        ("ListCertificates", "application/x-amz-json-1.1", ask(Source::Certificates(ScopeId(0)))),
        ("GetMetricData", "application/cbor", metrics),
    ]
}

/// What the Fleet asks of `CloudWatch`, as it was asked in truth.
fn question() -> MetricQuestion {
    let stage = Stage::new("shop");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let asked = std::thread::spawn(move || {
        runtime.block_on(async move {
            let cadences = Cadences::new(&config::defaults());
            let mut gathered = stage.gather(|_| vec![Question::Linked]).await;
            let key = gathered.snapshot.inventory.environment_named("shop-web-prod").unwrap().key.clone();
            let questions = [Question::Measures(key, vec![Measure::Row])];
            gathered.poller.wants = beanpole::polling::wants(&gathered.snapshot, &cadences, &questions);
            let (asks, _) = gathered.poller.pick(&gathered.snapshot, stage.clock.now());
            asks.into_iter().find_map(|ask| ask.metrics).unwrap()
        })
    });
    asked.join().unwrap()
}

fn fault(outcome: &ReadOutcome) -> Arc<Fault> {
    Arc::clone(outcome.result.as_ref().expect_err("a fault"))
}

/// A body that never ends, and how much of it was taken.
fn endless(taken: Arc<AtomicUsize>) -> SdkBody {
    let piece = Bytes::from(vec![b' '; 1 << 20]);
    let stream = futures_util::stream::repeat_with(move || {
        taken.fetch_add(piece.len(), Ordering::SeqCst);
        Ok::<_, std::io::Error>(Frame::data(piece.clone()))
    });
    SdkBody::from_body_1_x(StreamBody::new(stream))
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_an_end_is_refused_at_64_mebibytes_in_each_protocol() {
    for (operation, content, ask) in protocols() {
        for status in [200, 500] {
            let taken: Arc<AtomicUsize> = Arc::default();
            let counted = Arc::clone(&taken);
            let stage = with(operation, move |_| reply(status, content, endless(Arc::clone(&counted))));
            let fault = fault(&stage.ask(ask.clone()).await);
            assert_eq!(fault.kind, FaultKind::Other, "{operation} {status}: {}", fault.message);
            assert!(fault.message.contains("64 MiB"), "{operation} {status}: {}", fault.message);
            assert!(taken.load(Ordering::SeqCst) <= 66 << 20, "{operation}: {} bytes", taken.load(Ordering::SeqCst));
        }
    }
}

/// An answer with this body.
fn reply(status: u16, content: &'static str, body: SdkBody) -> HttpConnectorFuture {
    let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), body);
    answer.headers_mut().insert("content-type", content);
    if status == 200 && content == "application/cbor" {
        answer.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
    }
    HttpConnectorFuture::ready(Ok(answer))
}

/// Documents of this depth, of each protocol.
fn nested(content: &str, depth: usize) -> Vec<Vec<u8>> {
    let within = |open: &str, middle: &str, close: &str| {
        [open.repeat(depth).into_bytes(), middle.as_bytes().to_vec(), close.repeat(depth).into_bytes()].concat()
    };
    let around = |before: &str, inside: Vec<u8>, after: &str| [before.as_bytes(), &inside, after.as_bytes()].concat();
    match content {
        "text/xml" => vec![
            within("<a>", "x", "</a>"),
            within("<a>", "", ""),
            around(
                "<DescribeEnvironmentsResponse>",
                within("<DescribeEnvironmentsResult>", "", "</DescribeEnvironmentsResult>"),
                "</DescribeEnvironmentsResponse>",
            ),
            around(
                "<DescribeEnvironmentsResponse><DescribeEnvironmentsResult><Environments>",
                within("<member>", "", "</member>"),
                "</Environments></DescribeEnvironmentsResult></DescribeEnvironmentsResponse>",
            ),
            around("<ErrorResponse><Error><Code>", within("<a>", "", "</a>"), "</Code></Error></ErrorResponse>"),
        ],
        "application/cbor" => vec![
            [vec![0x81; depth], vec![0x01]].concat(),
            [vec![0xc1; depth], vec![0x01]].concat(),
            vec![0x9f; depth],
            [[0xa1, 0x61, b'a'].repeat(depth), vec![0x01]].concat(),
            [b"\xa1\x71MetricDataResults".to_vec(), vec![0x81; depth], vec![0x01]].concat(),
            [b"\xa1\x61x".to_vec(), vec![0x9f; depth], vec![0xff; depth]].concat(),
        ],
        _ => vec![
            within("[", "", "]"),
            within("{\"a\":", "1", "}"),
            around("{\"CertificateSummaryList\":", within("[", "", "]"), "}"),
            around("{\"x\":", within("[", "", "]"), "}"),
            around("{\"__type\":", within("{\"a\":", "1", "}"), "}"),
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_nested_deeply_is_no_end_of_us_in_each_protocol() {
    for (operation, content, ask) in protocols() {
        for depth in [10, 1_000, 200_000] {
            for (number, body) in nested(content, depth).into_iter().enumerate() {
                for status in [200, 400] {
                    let body = body.clone();
                    let stage = with(operation, move |_| reply(status, content, SdkBody::from(body.clone())));
                    let began = Instant::now();
                    let outcome = stage.ask(ask.clone()).await;
                    let what = format!("{operation} {status}, document {number} of depth {depth}");
                    assert!(began.elapsed() < Duration::from_secs(10), "{what} took {:?}", began.elapsed());
                    assert!(status == 200 || outcome.result.is_err(), "{what}: {:?}", outcome.result);
                    if let Err(fault) = &outcome.result {
                        assert!(fault.message.len() < 2_000, "{what}: {}", fault.message.len());
                    }
                }
            }
        }
    }
}

/// An answer of Beanstalk's.
fn xml(operation: &str, inside: &str) -> HttpConnectorFuture {
    let body = format!("<{operation}Response><{operation}Result>{inside}</{operation}Result></{operation}Response>");
    reply(200, "text/xml", SdkBody::from(body))
}

#[tokio::test(start_paused = true)]
async fn a_listing_without_an_end_is_cut_and_says_so() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let stage = with("DescribeEnvironments", move |_| {
        let page = counted.fetch_add(1, Ordering::SeqCst);
        let environment = format!(
            "<member><EnvironmentName>n{page}</EnvironmentName><EnvironmentId>e-{page}</EnvironmentId></member>"
        );
        xml(
            "DescribeEnvironments",
            &format!("<Environments>{environment}</Environments><NextToken>t{page}</NextToken>"),
        )
    });
    let outcome = stage.ask(Ask::new(vec![Source::Environments(ScopeId(0))], Seq(1))).await;
    let batch = outcome.result.unwrap();
    let Covers::Partial(fault) = &batch.covers else { panic!("{:?}", batch.covers) };
    assert!(fault.message.contains("did not end after 100 pages"), "{}", fault.message);
    assert_eq!(asked.load(Ordering::SeqCst), 100);
    assert!(matches!(&batch.answer, Answer::Environments(found) if found.len() == 100));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_crawls_is_cut_and_says_so() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let stage = with("DescribeEnvironments", move |_| {
        let page = counted.fetch_add(1, Ordering::SeqCst);
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(Duration::from_secs(4)).await;
            xml("DescribeEnvironments", &format!("<Environments/><NextToken>t{page}</NextToken>")).await
        })
    });
    let began = stage.clock.now();
    let outcome = stage.ask(Ask::new(vec![Source::Environments(ScopeId(0))], Seq(1))).await;
    let Covers::Partial(fault) = outcome.result.unwrap().covers else { panic!() };
    assert!(fault.message.contains("did not end within 30 s: 8 pages"), "{}", fault.message);
    assert!(stage.clock.now().since(began) <= Duration::from_secs(33));
}

const LONG: usize = 1_000_000;

#[tokio::test(start_paused = true)]
async fn a_text_of_a_megabyte_is_cut_where_it_comes_in() {
    let stage = with("DescribeEnvironments", |_| {
        let long = "x".repeat(LONG);
        let fields = [
            "EnvironmentName",
            "ApplicationName",
            "VersionLabel",
            "SolutionStackName",
            "CNAME",
            "EndpointURL",
            "Status",
            "Health",
            "HealthStatus",
        ];
        let fields = fields.map(|name| format!("<{name}>{long}</{name}>")).concat();
        let one = format!("<member><EnvironmentId>e-1</EnvironmentId>{fields}</member>");
        // What has no id of a sensible length cannot be asked about.
        let other = format!("<member><EnvironmentId>{long}</EnvironmentId></member>");
        xml("DescribeEnvironments", &format!("<Environments>{one}{other}</Environments>"))
    });
    let outcome = stage.ask(Ask::new(vec![Source::Environments(ScopeId(0))], Seq(1))).await;
    let Answer::Environments(found) = outcome.result.unwrap().answer else { panic!() };
    let [environment] = found.as_slice() else { panic!("{} environments", found.len()) };
    assert!(environment.name.ends_with('…') && environment.name.len() <= 16_387, "{}", environment.name.len());
    assert!(format!("{environment:?}").len() < 200_000);
    let stage = with("DescribeEnvironments", |_| {
        let message = "no ".repeat(LONG / 3);
        let body =
            format!("<ErrorResponse><Error><Code>Denied</Code><Message>{message}</Message></Error></ErrorResponse>");
        reply(400, "text/xml", SdkBody::from(body))
    });
    let outcome = stage.ask(Ask::new(vec![Source::Environments(ScopeId(0))], Seq(1))).await;
    let message = &fault(&outcome).message;
    assert!(message.len() <= 16_387 && message.ends_with('…'), "{}", message.len());
}

#[tokio::test(start_paused = true)]
async fn values_that_are_written_back_are_refused_and_not_cut() {
    let stage = with("DescribeConfigurationSettings", |_| {
        let option = format!(
            "<member><Namespace>n</Namespace><OptionName>o</OptionName><Value>{}</Value></member>",
            "x".repeat(LONG)
        );
        xml(
            "DescribeConfigurationSettings",
            &format!(
                "<ConfigurationSettings><member><DeploymentStatus>deployed</DeploymentStatus><OptionSettings>{option}</OptionSettings></member></ConfigurationSettings>"
            ),
        )
    });
    let key: Key<Environment> = Key::new(ScopeId(0), "e-1");
    let mut ask = Ask::new(vec![Source::Settings(key)], Seq(1));
    ask.names = Some(beanpole::model::Names { application: "a".into(), environment: "e".into() });
    let fault = fault(&stage.ask(ask).await);
    assert!(fault.message.contains("n o") && fault.message.contains("characters"), "{}", fault.message);
}

#[tokio::test(start_paused = true)]
async fn a_message_of_a_megabyte_makes_no_slow_frame() {
    let times: Arc<Mutex<Vec<(String, Duration)>>> = Arc::default();
    for operation in ["DescribeEvents", "DescribeEnvironmentHealth", "DescribeTargetGroups"] {
        let stage = with(operation, move |request| {
            let long = "word ".repeat(LONG / 5);
            match operation {
                "DescribeEvents" => {
                    let event = format!(
                        "<member><EventDate>2026-11-23T13:59:00Z</EventDate><EnvironmentName>shop-chat-prod</EnvironmentName><Severity>ERROR</Severity><Message>{long}</Message></member>"
                    );
                    xml(operation, &format!("<Events>{}</Events>", event.repeat(3)))
                }
                "DescribeEnvironmentHealth" => xml(
                    operation,
                    &format!(
                        "<HealthStatus>Severe</HealthStatus><Color>Red</Color><Causes><member>{long}</member></Causes>"
                    ),
                ),
                _ => {
                    drop(request);
                    let body = format!(
                        "<ErrorResponse><Error><Code>No</Code><Message>{long}</Message></Error></ErrorResponse>"
                    );
                    reply(500, "text/xml", SdkBody::from(body))
                }
            }
        });
        let mut harness = Harness::on(stage);
        for keys in ["", "<enter>", "v", "!"] {
            harness.press(keys).await;
            harness.pass(5).await;
            let began = Instant::now();
            harness.draw();
            times.lock().unwrap().push((format!("{operation} {keys}"), began.elapsed()));
        }
    }
    for (what, took) in times.lock().unwrap().iter() {
        println!("a frame with {what}: {took:?}");
        assert!(*took < Duration::from_millis(500), "a frame with {what} took {took:?}");
    }
}
