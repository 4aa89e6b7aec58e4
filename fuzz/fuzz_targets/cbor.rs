//! CBOR: requests to the simulated CloudWatch.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let path = "/service/GraniteServiceVersion20100801/operation/GetMetricData";
    beanpole_fuzz::request(path, &[("content-type", "application/cbor")], data);
});
