//! Between the SDK and the region: keeps what `GetMetricData` was asked, as it went over the wire.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::HttpConnector;
use minicbor::Decoder;
use minicbor::data::Type;
use serde_json::{Map, Value};

use super::{Stage, operation};

/// A query of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Query {
    pub metric: String,
    pub statistic: String,
    pub period: i64,
    pub dimensions: BTreeMap<String, String>,
}

/// A call of `GetMetricData`: its stretch in seconds since the epoch, and its queries.
#[derive(Clone, Debug)]
pub struct Asked {
    pub from: i64,
    pub until: i64,
    pub queries: Vec<Query>,
}

/// What was asked so far. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Spy(Arc<Mutex<Vec<Asked>>>);

impl Spy {
    /// A region that it listens to.
    pub fn on(stage: Stage) -> (Stage, Self) {
        let spy = Self::default();
        let heard = spy.clone();
        let stage = stage.between(move |request, inner| {
            if operation(&request) == "GetMetricData" {
                let body = value(&mut Decoder::new(request.body().bytes().unwrap()));
                heard.0.lock().unwrap().push(asked(&body));
            }
            inner.call(request)
        });
        (stage, spy)
    }

    /// The calls since this was last asked.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn asked(body: &Value) -> Asked {
    let second = |name: &str| body[name].as_f64().unwrap() as i64;
    let queries = body["MetricDataQueries"].as_array().unwrap().iter().map(query).collect();
    Asked { from: second("StartTime"), until: second("EndTime"), queries }
}

fn query(query: &Value) -> Query {
    let (wanted, text) = (&query["MetricStat"], |value: &Value| value.as_str().unwrap().to_owned());
    let metric = &wanted["Metric"];
    assert_eq!(metric["Namespace"], "AWS/ApplicationELB");
    let dimensions = metric["Dimensions"].as_array().unwrap().iter();
    Query {
        metric: text(&metric["MetricName"]),
        statistic: text(&wanted["Stat"]),
        period: wanted["Period"].as_i64().unwrap(),
        dimensions: dimensions.map(|it| (text(&it["Name"]), text(&it["Value"]))).collect(),
    }
}

/// Converts a value of CBOR to JSON; tags are left out.
fn value(from: &mut Decoder<'_>) -> Value {
    match from.datatype().unwrap() {
        Type::Map | Type::MapIndef => {
            let length = from.map().unwrap();
            let mut map = Map::new();
            while length.map_or_else(|| !is_end(from), |length| (map.len() as u64) < length) {
                let name = value(from).as_str().unwrap().to_owned();
                map.insert(name, value(from));
            }
            Value::Object(map)
        }
        Type::Array | Type::ArrayIndef => {
            let length = from.array().unwrap();
            let mut items = Vec::new();
            while length.map_or_else(|| !is_end(from), |length| (items.len() as u64) < length) {
                items.push(value(from));
            }
            Value::Array(items)
        }
        Type::Tag => {
            from.tag().unwrap();
            value(from)
        }
        Type::String => from.str().unwrap().into(),
        Type::StringIndef => from.str_iter().unwrap().map(Result::unwrap).collect::<String>().into(),
        Type::Bool => from.bool().unwrap().into(),
        Type::F16 | Type::F32 | Type::F64 => from.f64().unwrap().into(),
        _ => from.i64().unwrap().into(),
    }
}

fn is_end(from: &mut Decoder<'_>) -> bool {
    let ends = from.datatype().unwrap() == Type::Break;
    if ends {
        from.skip().unwrap();
    }
    ends
}
