//! XML, as `beanpole_fuzz::xml` takes it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| beanpole_fuzz::xml(data));
