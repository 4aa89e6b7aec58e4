//! Whether AWS recommends a newer version of the platform.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Source, clean, is_newer_version, platform_of};

const NEWER: Grade = Grade::new(FindingSeverity::Info, "AWS recommends a newer version of its branch");

pub static NEWER_PLATFORM: Check = Check {
    id: "newer-platform-version",
    topic: Topic::Deploys,
    inputs: &["Environments", "PlatformVersions"],
    grades: &[NEWER],
    needs: "the ARN of the platform, and the version of its branch that AWS recommends",
    sentence: "There is a newer version of the environment's platform.",
    explanation: "New versions of a platform have the security updates of its operating system, runtime and web server.",
    advice: "Update the platform on a copy of the environment first, then here; or let managed updates do it.",
};

pub fn newer_platform(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let arn = inputs.environment.platform_arn.as_deref();
    let Some((name, version)) = arn.and_then(platform_of) else {
        return run.undecided(Why::TooLittle("the ARN of its platform is not known"));
    };
    let recommended = inputs.inventory().platform_versions.keys().filter_map(|key| platform_of(&key.id));
    let Some((_, newest)) = recommended
        .filter(|(branch, _)| *branch == name)
        .max_by(|one, other| is_newer_version(one.1, other.1).cmp(&is_newer_version(other.1, one.1)))
    else {
        let doubt = inputs.reliability.doubt(&Source::PlatformVersions(inputs.snapshot.scope));
        if doubt.is_some() {
            return run.doubted(doubt);
        }
        return run.undecided(Why::TooLittle(
            "AWS recommends no version of its platform, which is a custom or a retired one",
        ));
    };
    if is_newer_version(newest, version) {
        let words = format!("its platform is version {}, and {} is recommended", clean(version), clean(newest));
        run.found(NEWER, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}
