//! Reading from the wire, both ways: whatever bytes come, the simulated region answers and we have an answer or a
//! fault, within a moment. The entry points are those of the fuzz targets (`fuzz/`), whose corpus is tried too.

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use beanpole::model::{ScopeId, Source};
use beanpole::sim::{Response, World};
use fastrand::Rng;
use proptest::prelude::*;

#[path = "../../fuzz/src/lib.rs"]
mod ends;

/// Nothing may take longer.
const MOMENT: Duration = Duration::from_secs(5);

/// One region for all requests: it answers in any state.
static REGION: LazyLock<World> = LazyLock::new(ends::region);

/// Does it, within a moment.
fn within<T>(what: &str, does: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = does();
    assert!(began.elapsed() < MOMENT, "{what} took {:?}", began.elapsed());
    done
}

fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    within(&format!("{} bytes", body.len()), || ends::request(&REGION, path, headers, body))
}

/// Sends bytes to the region in each protocol; the statuses.
fn requests(protocol: &str, body: &[u8]) -> Vec<u16> {
    let form = "application/x-www-form-urlencoded";
    let answers = match protocol {
        "cbor" => vec![request(ends::METRIC_DATA, &[("content-type", "application/cbor")], body)],
        "json" => ["GraniteServiceVersion20100801.GetMetricData", "CertificateManager.ListCertificates"]
            .map(|target| request("/", &[("x-amz-target", target)], body))
            .to_vec(),
        _ => vec![request("/", &[("content-type", form)], body)],
    };
    answers.iter().map(|answer| answer.status).collect()
}

type Target = fn(&[u8]);

/// The fuzz targets, by the folders of their documents.
const TARGETS: [(&str, Target); 4] =
    [("xml", ends::xml), ("cbor", ends::cbor), ("json", ends::json), ("form", ends::form)];

/// The documents of a target in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Gives a target an input; the input is printed if it fails.
fn run(name: &str, target: Target, input: &[u8]) {
    let what = || format!("{name} of \"{}\"", input.escape_ascii());
    let done = within(&what(), || std::panic::catch_unwind(|| target(input)));
    assert!(done.is_ok(), "{} panicked", what());
}

/// Each document as its target takes it, and as every other does: what is nothing for a reader must not harm it either.
#[test]
fn the_corpus_of_the_fuzz_targets_is_answered() {
    let documents: Vec<_> = TARGETS.iter().flat_map(|(name, _)| corpus(name)).collect();
    assert!(documents.len() >= 45, "only {} documents", documents.len());
    for document in documents {
        for (name, target) in TARGETS {
            run(name, target, &document);
        }
    }
}

/// Documents that are nearly right: bytes are replaced, left out, repeated or taken from another document. For each target
/// `BEANPOLE_MUTATIONS` of them, else a few.
#[test]
fn the_corpus_with_changes_is_answered() {
    let most = std::env::var("BEANPOLE_MUTATIONS").map_or(250, |number| number.parse().unwrap());
    for (name, target) in TARGETS {
        let documents = corpus(name);
        let mut rng = Rng::with_seed(27);
        for _ in 0..most {
            let mut input = rng.choice(&documents).unwrap().clone();
            for _ in 0..rng.usize(1..=5) {
                change(&mut input, rng.choice(&documents).unwrap(), &mut rng);
            }
            run(name, target, &input);
        }
    }
}

fn change(input: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    let part = |bytes: &[u8], rng: &mut Rng| {
        let from = rng.usize(..=bytes.len());
        from..bytes.len().min(from + rng.usize(..=40))
    };
    let here = part(input, rng);
    let new = match rng.u8(..5) {
        0 => vec![rng.u8(..); here.len()],
        1 => Vec::new(),
        2 => input[here.clone()].repeat(rng.usize(2..50)),
        3 => other[part(other, rng)].to_vec(),
        _ => rng
            .choice([&b"\0"[..], b"\xff", b"<", b"&#x0;", b"\"", b"]", b"-1", b"99999999999999999999", b"NaN", b"\x9f"])
            .unwrap()
            .to_vec(),
    };
    input.splice(here, new);
}

#[test]
fn what_is_nested_deeply_is_refused_and_the_region_goes_on() {
    let depth = 200_000;
    let table: [(&str, Vec<u8>); 9] = [
        ("cbor", [vec![0x81; depth], vec![0x01]].concat()),
        ("cbor", vec![0x9f; depth]),
        ("cbor", vec![0xc1; depth]),
        ("cbor", [0xa1, 0x61, b'a'].repeat(depth)),
        ("json", [vec![b'['; depth], vec![b']'; depth]].concat()),
        ("json", b"{\"a\":".repeat(depth)),
        ("form", form(&vec!["a"; depth].join("."))),
        ("form", form(&vec!["member.1"; depth / 2].join("."))),
        ("form", [form("a"), b"&a.=2&a.b=3".to_vec()].concat()),
    ];
    for (protocol, body) in table {
        for status in requests(protocol, &body) {
            // ACM does not look into what it has no use for.
            assert!(status == 400 || protocol == "json", "{protocol}: {status}");
        }
    }
    assert_eq!(requests("form", b"Action=DescribeEnvironments&Version=2010-12-01"), [200]);
}

fn form(name: &str) -> Vec<u8> {
    format!(
        "Action=GetMetricData&Version=2010-08-01&StartTime=2026-11-23T13:00:00Z&EndTime=2026-11-23T14:00:00Z&{name}=x"
    )
    .into_bytes()
}

#[test]
fn many_names_and_extreme_numbers_are_answered_within_a_moment() {
    let many = (0..50_000).map(|number| format!("&n{number}.x=1")).collect::<Vec<_>>().concat();
    requests("form", &[form("a"), many.into_bytes()].concat());
    let members = (0..20_000).map(|number| format!("&Names.member.{number}=x")).collect::<Vec<_>>().concat();
    requests("form", format!("Action=DescribeLoadBalancers&Version=2015-12-01{members}").as_bytes());
    for time in
        ["1e300", "-1e300", "1e999", "0", "-62135596800", "253402300800", "9223372036854775807", "\"x\"", "null"]
    {
        for period in ["60", "0", "-60", "1e300", "1"] {
            let query = format!(
                "{{\"Id\":\"m0\",\"MetricStat\":{{\"Metric\":{{\"Namespace\":\"AWS/ApplicationELB\",\
                 \"MetricName\":\"RequestCount\",\"Dimensions\":[]}},\"Period\":{period},\"Stat\":\"Sum\"}}}}"
            );
            for (from, until) in [(time, "1767326400"), ("1767326400", time), (time, time)] {
                let body = format!("{{\"MetricDataQueries\":[{query}],\"StartTime\":{from},\"EndTime\":{until}}}");
                requests("json", body.as_bytes());
            }
        }
    }
}

/// Pieces of documents, a space between two; put together in any order they are nearly right.
fn pieces(protocol: &str) -> Vec<Vec<u8>> {
    let (texts, others): (&str, &[&[u8]]) = match protocol {
        "xml" => (
            "<DescribeEnvironmentsResponse> </DescribeEnvironmentsResponse> <DescribeEnvironmentsResult> \
             </DescribeEnvironmentsResult> <Environments> </Environments> <member> </member> <member/> <EnvironmentId> \
             </EnvironmentId> <NextToken>t</NextToken> <Error> </Error> <Code> </Code> x &lt; &#x1b; &bad <![CDATA[ ]]> <!-- \
             --> < > <a b=' '>",
            &[b"\xff", b" "],
        ),
        "json" => (
            "{ } [ ] , : \"CertificateSummaryList\" \"CertificateArn\" \"MetricDataQueries\" \"StartTime\" \"a\" 1 -1e999 null \
             true \"\\ud800\" \"\\u0000\" \"",
            &[b"\xff"],
        ),
        "cbor" => (
            "aa qMetricDataQueries bId iStartTime gEndTime",
            &[
                b"\xa1",
                b"\xa2",
                b"\xbf",
                b"\x81",
                b"\x9f",
                b"\xff",
                b"\xc1",
                b"\0",
                b"\xf6",
                b"\xf5",
                b"\x7f",
                b"\x5f",
                b"\x40",
                b"\xfb\x7f\xf0\0\0\0\0\0\0",
                b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
                b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
                b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
                b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
            ],
        ),
        _ => (
            "Action=GetMetricData Action=DescribeInstances Action=DescribeTags & = . member 1 Version=2010-08-01 \
             Version=2016-11-15 StartTime Filter Name Value MetricDataQueries % %00 %ff + 99999999999999999999 MaxRecords -1 \
             NextToken x",
            &[],
        ),
    };
    let texts = texts.split(' ').map(|text| text.as_bytes().to_vec());
    texts.chain(others.iter().map(|bytes| bytes.to_vec())).collect()
}

fn document(protocol: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let pieces = pieces(protocol);
    let piece = prop_oneof![
        20 => (0..pieces.len()).prop_map(move |at| pieces[at].clone()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_form_is_answered(body in document("form")) {
        requests("form", &body);
    }

    #[test]
    fn any_cbor_is_answered(body in document("cbor")) {
        requests("cbor", &body);
        within("an answer", || ends::answer(&ends::metrics(), &body));
    }

    #[test]
    fn any_json_is_answered(body in document("json")) {
        requests("json", &body);
        within("an answer", || ends::answer(&Source::Certificates(ScopeId(0)), &body));
    }

    #[test]
    fn any_xml_is_an_answer_or_a_fault(first in b'a'..=b'z', body in document("xml")) {
        within("an answer", || ends::xml(&[&[first], body.as_slice()].concat()));
    }
}
