//! One colour for one thing, on every chart: status classes, percentiles, healthy targets, zones.

use crate::config::Role;

/// What is drawn in the same colour wherever it is drawn, by its name in the legend.
const TABLE: &[(&str, Role)] = &[
    ("2xx", Role::FirstSeries),
    ("3xx", Role::ThirdSeries),
    ("4xx", Role::SecondSeries),
    ("5xx", Role::Bad),
    ("p50", Role::ThirdSeries),
    ("p90", Role::SecondSeries),
    ("p99", Role::FirstSeries),
    ("requests", Role::FirstSeries),
    ("healthy", Role::Good),
    ("unhealthy", Role::Bad),
];

/// The colours of zones, by the letter at the end of their names.
const ZONES: [Role; 3] = [Role::FirstSeries, Role::SecondSeries, Role::ThirdSeries];

/// Returns the role of what has this name in a legend, or else of its zone, as `eu-west-1b`; `None` if it has none of its
/// own.
pub fn series_role(name: &str, zone: Option<&str>) -> Option<Role> {
    let named = TABLE.iter().find(|(other, _)| *other == name).map(|(_, role)| *role);
    named.or_else(|| {
        let letter = zone?.bytes().last().filter(u8::is_ascii_lowercase)?;
        Some(ZONES[usize::from(letter - b'a') % ZONES.len()])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_colour_and_a_zone_has_its_own() {
        for (place, (name, role)) in TABLE.iter().enumerate() {
            assert!(TABLE[..place].iter().all(|(other, _)| other != name), "{name} is there twice");
            assert_eq!(series_role(name, Some("eu-west-1c")), Some(*role), "{name}: its zone does not count");
        }
        let zone = |zone| series_role("", Some(zone));
        assert_eq!([zone("eu-west-1a"), zone("eu-west-1b")], [Some(Role::FirstSeries), Some(Role::SecondSeries)]);
        assert_eq!((zone("use1-az2"), series_role("fixed", None)), (None, None));
    }
}
