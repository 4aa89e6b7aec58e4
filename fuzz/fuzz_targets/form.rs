//! Forms, as `beanpole_fuzz::form` takes it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| beanpole_fuzz::form(data));
