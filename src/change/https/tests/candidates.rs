//! Certificates: which fit, what is wrong with each, and with which name they are tried.

use super::ground::{candidate, certificate, day, hosts};
use crate::change::https::{Unfit, candidates};
use crate::model::{Certificate, Key};

/// A state, what it changes, the host names, what is wrong with it, and the days that it lasts.
type Row<'a> = (&'a str, fn(&mut Certificate), &'a [&'a str], Option<&'a str>, Option<i64>);

#[test]
fn a_certificate_fits_if_it_is_valid_issued_and_covers_every_host_name() {
    let two = ["shop.example.com", "www.example.com"];
    let rows: [Row<'_>; 11] = [
        ("good", |_| {}, &["shop.example.com"], None, Some(90)),
        ("no host name is known", |_| {}, &[], None, Some(90)),
        ("one is missing", |_| {}, &two, Some("does not cover www.example.com"), Some(90)),
        (
            "one is missing, of those that are listed",
            |it| it.has_more_names = true,
            &two,
            Some("does not cover www.example.com, as far as its names are listed"),
            Some(90),
        ),
        ("a wildcard", |it| it.names = vec!["*.example.com".into()], &two, None, Some(90)),
        ("it ends now", |it| it.not_after = Some(day(0)), &[], Some("expired"), Some(0)),
        ("it ends in a day", |it| it.not_after = Some(day(1)), &[], None, Some(1)),
        ("its end is not known", |it| it.not_after = None, &[], None, None),
        (
            "not issued",
            |it| it.status = Some("PENDING_VALIDATION".into()),
            &two,
            Some("not issued (PENDING_VALIDATION)"),
            Some(90),
        ),
        (
            "a key",
            |it| it.key_algorithm = Some("RSA_1024".into()),
            &[],
            Some("a load balancer takes no RSA_1024"),
            Some(90),
        ),
        ("a key that is not known", |it| it.key_algorithm = None, &[], None, Some(90)),
    ];
    for (state, change, names, objection, days) in rows {
        let mut certificate = certificate(&["shop.example.com"]);
        change(&mut certificate);
        let candidate = candidate(&certificate, names);
        assert_eq!((candidate.objection().as_deref(), candidate.days), (objection, days), "{state}");
        assert_eq!(candidate.fits(), objection.is_none(), "{state}");
        let is_unfit = objection.is_some_and(|it| !it.contains("cover"));
        assert_eq!(candidate.unfit.is_some(), is_unfit, "{state}");
        assert_eq!(candidate.covered.len() + candidate.uncovered.len(), names.len(), "{state}");
    }
    let mut expired = certificate(&["shop.example.com"]);
    (expired.not_after, expired.status) = (Some(day(0)), Some("EXPIRED".into()));
    assert_eq!(candidate(&expired, &[]).unfit, Some(Unfit::Expired));
}

#[test]
fn it_is_tried_with_a_name_that_clients_use_or_with_one_of_its_own() {
    // Its names, the host names of the environment, and the name with which it is tried.
    let rows: [(&[&str], &[&str], Option<&str>); 9] = [
        (&["shop.example.com"], &["shop.example.com"], Some("shop.example.com")),
        (&["shop.example.com"], &["other.example.com", "shop.example.com"], Some("shop.example.com")),
        (&["shop.example.com"], &["other.example.com"], Some("other.example.com")),
        (&["*.example.com"], &["*.example.com", "www.example.com"], Some("www.example.com")),
        (&["*.example.com"], &["*.example.com"], Some("shop-web.example.com")),
        (&["a.example.com"], &["*.example.com"], Some("shop-web.example.com")),
        (&["*.example.com", "example.com"], &[], Some("example.com")),
        (&["*.example.com"], &[], Some("shop-web.example.com")),
        (&[], &[], None),
    ];
    for (own, names, expected) in rows {
        let candidate = candidate(&certificate(own), names);
        assert_eq!(candidate.probed("Shop-Web").as_deref(), expected, "{own:?} for {names:?}");
        assert_eq!(candidate.name(), own.first().copied().unwrap_or("?"), "{own:?}");
    }
    let mut certificate = certificate(&["a.example.com"]);
    certificate.domain = None;
    assert_eq!(candidate(&certificate, &[]).name(), "a.example.com");
}

#[test]
fn the_best_comes_first() {
    let named = |id: &str, names: &[&str], days: u64| Certificate {
        key: Key::new(super::ground::SCOPE, id),
        not_after: Some(day(days)),
        ..certificate(names)
    };
    let all = [
        named("6-expired", &["*.example.com"], 0),
        named("5-covers-none", &["example.org"], 400),
        named("4-covers-one", &["a.example.com"], 300),
        named("2-short", &["*.example.com"], 10),
        named("3-same", &["*.example.com"], 10),
        named("1-long", &["*.example.com"], 100),
    ];
    let wanted = hosts(&["a.example.com", "b.example.com"]);
    let order: Vec<_> = candidates(all.iter(), &wanted, day(0)).into_iter().map(|it| it.certificate.key.id).collect();
    assert_eq!(order, ["1-long", "2-short", "3-same", "4-covers-one", "5-covers-none", "6-expired"].map(Into::into));
}
