//! Reads from a certificate what a person wants to know: its names, its issuer, how long it is valid.
//!
//! It decides nothing: whether the certificate is good is for rustls to say. What it cannot read it leaves out.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::Moment;

/// What a certificate says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresentedCertificate {
    /// The names that it covers, from its alternative names, else its common name.
    pub names: Vec<String>,
    /// The issuer's common name, else its organisation.
    pub issuer: Option<String>,
    /// Valid from.
    pub not_before: Option<Moment>,
    /// Valid until.
    pub not_after: Option<Moment>,
    /// Whether it names itself as its issuer.
    pub is_self_signed: bool,
}

/// The most names that are read; AWS issues certificates for at most a hundred.
const MOST_NAMES: usize = 100;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

impl PresentedCertificate {
    /// Reads a certificate in DER.
    #[must_use]
    pub fn parse(der: &[u8]) -> Self {
        Self::read(der).unwrap_or_default()
    }

    fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(der, SEQUENCE)?;
        let (body, _) = expect(certificate, SEQUENCE)?;
        let mut rest = body;
        if rest.first() == Some(&VERSION) {
            rest = element(rest)?.2;
        }
        // The serial number and the algorithm of the signature.
        rest = element(element(rest)?.2)?.2;
        let (issuer, rest) = expect(rest, SEQUENCE)?;
        let (validity, rest) = expect(rest, SEQUENCE)?;
        let (subject, rest) = expect(rest, SEQUENCE)?;
        let (from_tag, from, until) = element(validity)?;
        let until = element(until);
        let names = alternative_names(rest).unwrap_or_default();
        let common = || attribute(subject, COMMON_NAME).into_iter().collect();
        Some(Self {
            names: if names.is_empty() { common() } else { names },
            issuer: attribute(issuer, COMMON_NAME).or_else(|| attribute(issuer, ORGANISATION)),
            not_before: moment(from_tag, from),
            not_after: until.and_then(|(tag, text, _)| moment(tag, text)),
            is_self_signed: issuer == subject,
        })
    }
}

/// Returns the first element's tag and content, and what follows it.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let bytes = usize::from(first & 0x7f);
        if bytes == 0 || bytes > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(bytes)?;
        (digits.iter().fold(0usize, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The same, for an element that must have this tag.
fn expect(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(input).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// The elements of a content, one after the other.
fn elements(mut input: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, rest) = element(input)?;
        input = rest;
        Some((tag, content))
    })
}

/// Returns an attribute of a distinguished name.
fn attribute(name: &[u8], which: &[u8]) -> Option<String> {
    let sets = elements(name).filter(|(tag, _)| *tag == SET);
    let mut pairs = sets.flat_map(|(_, set)| elements(set)).filter_map(|(_, pair)| {
        let (object, rest) = expect(pair, OBJECT)?;
        let (_, text, _) = element(rest)?;
        (object == which).then(|| String::from_utf8_lossy(text).into_owned())
    });
    pairs.next()
}

fn alternative_names(after_subject: &[u8]) -> Option<Vec<String>> {
    let (_, extensions) = elements(after_subject).find(|(tag, _)| *tag == EXTENSIONS)?;
    let (extensions, _) = expect(extensions, SEQUENCE)?;
    let mut values = elements(extensions).filter_map(|(_, extension)| {
        let (object, rest) = expect(extension, OBJECT)?;
        let (_, value) = elements(rest).find(|(tag, _)| *tag == OCTETS)?;
        (object == ALTERNATIVE_NAMES).then_some(value)
    });
    let (names, _) = expect(values.next()?, SEQUENCE)?;
    Some(elements(names).filter_map(|(tag, name)| alternative_name(tag, name)).take(MOST_NAMES).collect())
}

fn alternative_name(tag: u8, name: &[u8]) -> Option<String> {
    match tag {
        DNS_NAME => Some(String::from_utf8_lossy(name).into_owned()),
        IP_ADDRESS => <[u8; 4]>::try_from(name)
            .map(|bytes| std::net::IpAddr::from(bytes).to_string())
            .or_else(|_| <[u8; 16]>::try_from(name).map(|bytes| std::net::IpAddr::from(bytes).to_string()))
            .ok(),
        _ => None,
    }
}

/// Reads `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`; two digits of a year are of 1950 to 2049.
fn moment(tag: u8, text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let year: i16 = text.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?)
        }
        GENERALIZED_TIME => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let time = DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some(Moment(time.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    use super::*;

    fn presented(name: &str) -> (Vec<u8>, PresentedCertificate) {
        let path = format!("{}/tests/it/commands/certificates/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        let der = CertificateDer::from_pem_file(path).unwrap();
        (der.to_vec(), PresentedCertificate::parse(&der))
    }

    #[test]
    fn names_issuer_and_validity_are_read() {
        for name in ["issued", "expired", "alone", "elsewhere"] {
            let (_, it) = presented(name);
            assert!(it.not_before < it.not_after && it.not_after.is_some(), "{name}: {it:?}");
            assert!(!it.names.is_empty() && it.issuer.is_some(), "{name}: {it:?}");
        }
        assert!(presented("alone").1.is_self_signed);
        assert!(!presented("issued").1.is_self_signed);
    }

    #[test]
    fn both_spellings_of_a_time_are_read() {
        let at = |text: &str| Some(Moment(text.parse().unwrap()));
        assert_eq!(moment(UTC_TIME, b"261128013000Z"), at("2026-11-28T01:30:00Z"));
        assert_eq!(moment(UTC_TIME, b"991231235959Z"), at("1999-12-31T23:59:59Z"));
        assert_eq!(moment(GENERALIZED_TIME, b"20510101000000Z"), at("2051-01-01T00:00:00Z"));
        for broken in [&b"261328013000Z"[..], b"2611", b"", b"26112801300\xc3\xa9", b"261128013000"] {
            assert_eq!(moment(UTC_TIME, broken), None);
        }
    }

    #[test]
    fn a_certificate_cut_short_anywhere_or_changed_is_no_panic() {
        let (der, _) = presented("issued");
        (0..der.len()).for_each(|end| drop(PresentedCertificate::parse(&der[..end])));
        for at in 0..der.len() {
            for byte in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut changed = der.clone();
                changed[at] = byte;
                drop(PresentedCertificate::parse(&changed));
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(PresentedCertificate::parse(&bytes));
        }
    }
}
