//! What `CloudWatch` charges.

/// Dollars for each series in each call of `GetMetricData`: $0.01 per 1,000 metrics requested. (Seen in third parties'
/// documentation; AWS's own price page was not read, and whether several statistics of one metric are counted as one is
/// UNVERIFIED: each is counted here.)
pub const DOLLARS_PER_SERIES: f64 = 0.01 / 1000.0;
