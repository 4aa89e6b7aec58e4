//! JSON, as `beanpole_fuzz::json` takes it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| beanpole_fuzz::json(data));
