//! Reads a bundle of certificates before the TLS library does, which stops the program at the first one it cannot read.
//!
//! Only the shape of each certificate is looked at (RFC 7468 for the text, RFC 5280 section 4.1 for the fields), as far
//! as a trust anchor needs it: version, serial number, algorithm, issuer, validity, subject, key.

use thiserror::Error;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// What is wrong with a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum PemError {
    /// Nothing in it is marked as a certificate.
    #[error("it holds no certificate in PEM form (no line -----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    /// A certificate does not end.
    #[error("certificate {0} has no line -----END CERTIFICATE-----")]
    NoEnd(usize),
    /// A certificate's text is not base64.
    #[error("certificate {0} is not base64")]
    NotBase64(usize),
    /// What the text stands for is no certificate.
    #[error("certificate {0} is not an X.509 certificate")]
    NotX509(usize),
}

/// The certificates of a bundle, each as PEM by itself; whatever else the file holds is left out.
pub(super) fn certificates(file: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    let text = String::from_utf8_lossy(file);
    let mut found = Vec::new();
    for section in text.split(BEGIN).skip(1) {
        let number = found.len() + 1;
        let (body, _) = section.split_once(END).ok_or(PemError::NoEnd(number))?;
        let der = base64(body).ok_or(PemError::NotBase64(number))?;
        is_certificate(&der).then_some(()).ok_or(PemError::NotX509(number))?;
        let body: String = body.split_whitespace().collect::<Vec<_>>().join("\n");
        found.push(format!("{BEGIN}\n{body}\n{END}\n").into_bytes());
    }
    if found.is_empty() { Err(PemError::NoCertificate) } else { Ok(found) }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    aws_smithy_types::base64::decode(text).ok()
}

fn is_certificate(der: &[u8]) -> bool {
    fields(der).is_some()
}

/// Walks the fields of a certificate; none if one is missing or not of its type.
fn fields(der: &[u8]) -> Option<()> {
    let (certificate, rest) = element(der, SEQUENCE)?;
    let (mut body, certificate) = element(certificate, SEQUENCE)?;
    let (_, certificate) = element(certificate, SEQUENCE)?;
    let (_, certificate) = element(certificate, BIT_STRING)?;
    if let Some((_, after)) = element(body, VERSION) {
        body = after;
    }
    // The serial number, then algorithm, issuer, validity, subject and key.
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        (_, body) = element(body, tag)?;
    }
    (rest.is_empty() && certificate.is_empty()).then_some(())
}

/// Content and rest of the element that begins here, if it has this tag and a length that fits (X.690 section 8.1).
fn element(der: &[u8], expected: u8) -> Option<(&[u8], &[u8])> {
    let (&[tag, length], rest) = der.split_first_chunk::<2>()?;
    if tag != expected {
        return None;
    }
    if length < 0x80 {
        return rest.split_at_checked(usize::from(length));
    }
    let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
    if bytes.is_empty() || bytes.len() > 3 {
        return None;
    }
    rest.split_at_checked(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest thing of a certificate's shape: empty fields, no extensions.
    const SHAPE: [u8; 19] = [0x30, 17, 0x30, 13, 2, 1, 1, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0];

    fn bundle(der: &[u8]) -> String {
        format!("# ours\n{BEGIN}\n{}\n{END}\n", aws_smithy_types::base64::encode(der))
    }

    fn shape() -> Vec<u8> {
        let mut der = SHAPE.to_vec();
        der.extend([3, 1, 0]);
        der[1] += 3;
        der
    }

    #[test]
    fn each_certificate_of_a_bundle_is_found() {
        let two = bundle(&shape()).repeat(2);
        assert_eq!(certificates(two.as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let fault = |text: &str| certificates(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), PemError::NoCertificate);
        assert_eq!(fault("-----BEGIN RSA PRIVATE KEY-----"), PemError::NoCertificate);
        assert_eq!(fault(BEGIN), PemError::NoEnd(1));
        assert_eq!(fault(&format!("{BEGIN}\nnot base64!\n{END}")), PemError::NotBase64(1));
        assert_eq!(fault(&(bundle(&shape()) + &bundle(b"junk"))), PemError::NotX509(2));
        assert_eq!(fault(&bundle(&shape()[..20])), PemError::NotX509(1));
    }
}
