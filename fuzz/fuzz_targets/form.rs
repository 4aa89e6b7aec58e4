//! Forms: requests to the services that speak the query protocols, and to CloudWatch as it once did.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    beanpole_fuzz::request("/", &[("content-type", "application/x-www-form-urlencoded")], data);
});
