//! The SDK for Rust against another simulated region, run by `tests/peers`: `CloudWatch` uses CBOR with it and JSON or
//! XML with boto3, and both must read the same figures.

use std::time::Duration;

use aws_sdk_cloudwatch::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, ScanBy};
use serde::Deserialize;

/// What to ask for, and what boto3 read.
#[derive(Deserialize)]
struct Asked {
    url: String,
    region: String,
    namespace: String,
    metric: String,
    dimensions: Vec<(String, String)>,
    statistic: String,
    period: i32,
    start: i64,
    end: i64,
    /// As texts, because a parser of JSON may be off by the last bit.
    expected: Vec<(i64, String)>,
}

impl Asked {
    fn query(&self) -> MetricDataQuery {
        let dimension = |(name, value): &(String, String)| Dimension::builder().name(name).value(value).build();
        let dimensions = self.dimensions.iter().map(dimension).collect();
        let metric = Metric::builder().namespace(&self.namespace).metric_name(&self.metric);
        let metric = metric.set_dimensions(Some(dimensions)).build();
        let stat = MetricStat::builder().metric(metric).period(self.period).stat(&self.statistic).build();
        MetricDataQuery::builder().id("asked").metric_stat(stat).build()
    }

    async fn read(&self) -> Vec<(i64, f64)> {
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.region.clone()))
            .endpoint_url(&self.url)
            .credentials_provider(Credentials::from_keys("AKIDEXAMPLE", "secret", None));
        let client = aws_sdk_cloudwatch::Client::new(&config.load().await);
        let answer = client
            .get_metric_data()
            .metric_data_queries(self.query())
            .start_time(DateTime::from_secs(self.start))
            .end_time(DateTime::from_secs(self.end))
            .scan_by(ScanBy::TimestampAscending)
            .send();
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await.expect("an answer in time").unwrap();
        let [result] = answer.metric_data_results() else { panic!("one result: {answer:?}") };
        result.timestamps().iter().map(DateTime::secs).zip(result.values().iter().copied()).collect()
    }
}

#[tokio::test]
#[ignore = "run by tests/peers, which says in BEANPOLE_PEER where and what"]
async fn cloudwatch_reads_what_boto3_read() {
    let path = std::env::var_os("BEANPOLE_PEER").expect("BEANPOLE_PEER names a file");
    let asked: Asked = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let expected: Vec<(i64, f64)> = asked.expected.iter().map(|(at, text)| (*at, text.parse().unwrap())).collect();
    assert!(!expected.is_empty(), "nothing would be compared");
    assert_eq!(asked.read().await, expected);
}
