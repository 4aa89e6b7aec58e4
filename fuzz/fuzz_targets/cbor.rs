//! CBOR, as `beanpole_fuzz::cbor` takes it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| beanpole_fuzz::cbor(data));
