//! JSON: requests to the simulated CloudWatch and ACM, and answers of ACM.
#![no_main]

use beanpole::model::{ScopeId, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for target in ["GraniteServiceVersion20100801.GetMetricData", "CertificateManager.ListCertificates"] {
        beanpole_fuzz::request("/", &[("x-amz-target", target)], data);
    }
    beanpole_fuzz::answer(&Source::Certificates(ScopeId(0)), "application/x-amz-json-1.1", data);
});
