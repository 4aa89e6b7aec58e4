//! XML: answers of Beanstalk, of Elastic Load Balancing and of EC2.
#![no_main]

use beanpole::model::{Key, ScopeId, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for source in [
        Source::Environments(ScopeId(0)),
        Source::Events(ScopeId(0)),
        Source::TargetGroups(ScopeId(0)),
        Source::Instance(Key::new(ScopeId(0), "i-1")),
    ] {
        beanpole_fuzz::answer(&source, "text/xml", data);
    }
});
