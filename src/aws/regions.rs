//! The names of AWS's regions, to suggest the nearest for a mistyped name.
//!
//! The list is not consulted before a session is opened: a region that is newer than this program works, and one that does
//! not exist is recognized by its endpoint's host name, which cannot be resolved.

/// All regions of all partitions, as the SDK of November 2026 knows them (its partition data).
pub const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

/// Whether this has the form of a region's name: `eu-west-1`, `us-gov-west-1`, `eusc-de-east-1`.
#[must_use]
pub fn is_region_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [area, places @ .., number] = parts.as_slice() else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&area.len())
        && is_word(area)
        && !places.is_empty()
        && places.iter().all(|place| is_word(place))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_the_form_of_one() {
        assert!(REGIONS.iter().all(|region| is_region_name(region)));
        assert!(REGIONS.is_sorted());
    }

    #[test]
    fn what_is_no_region_is_refused() {
        for name in ["", "eu", "eu-west", "eu-1", "EU-west-1", "eu-west-1a", "eu--1", "Ireland", "europe-west-1"] {
            assert!(!is_region_name(name), "{name}");
        }
    }
}
