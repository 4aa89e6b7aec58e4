//! Reads a bundle of certificates before the TLS library does, which stops the program at the first one it cannot read.
//!
//! The text is read as the TLS library reads it. Of each certificate only the shape is checked (RFC 7468 for the text,
//! RFC 5280 section 4.1 for the fields), as far as a trust anchor needs it: version to subject and key.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject};
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
    /// The line before a certificate is cut.
    #[error("certificate {0} begins with a line that is not -----BEGIN CERTIFICATE-----")]
    BadBegin(usize),
    /// A certificate does not end.
    #[error("certificate {0} has no line -----END CERTIFICATE-----")]
    NoEnd(usize),
    /// A certificate's text is not base64.
    #[error("certificate {0} is not base64")]
    NotBase64(usize),
    /// The decoded text is no certificate.
    #[error("certificate {0} is not an X.509 certificate")]
    NotX509(usize),
}

/// Returns the certificates of a bundle, each as separate PEM; other content of the file is left out.
pub(super) fn certificates(file: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    // As they are copied out of documents, lines may be indented.
    let text = file.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect::<Vec<_>>().join(&b'\n');
    let mut found = Vec::new();
    for section in CertificateDer::pem_slice_iter(&text) {
        let number = found.len() + 1;
        match section {
            Ok(der) if is_certificate(&der) => found.push(pem(&der)),
            Ok(_) => return Err(PemError::NotX509(number)),
            Err(pem::Error::MissingSectionEnd { end_marker }) if is_of_certificate(&end_marker) => {
                return Err(PemError::NoEnd(number));
            }
            Err(pem::Error::Base64Decode(_)) => return Err(PemError::NotBase64(number)),
            Err(pem::Error::IllegalSectionStart { line }) if is_of_certificate(&line) => {
                return Err(PemError::BadBegin(number));
            }
            // Of something that is no certificate.
            Err(_) => {}
        }
    }
    if found.is_empty() { Err(PemError::NoCertificate) } else { Ok(found) }
}

/// Whether a line marks a certificate, and no key or list.
fn is_of_certificate(line: &[u8]) -> bool {
    line.windows(11).any(|word| word == b"CERTIFICATE")
}

fn pem(der: &[u8]) -> Vec<u8> {
    format!("{BEGIN}\n{}\n{END}\n", aws_smithy_types::base64::encode(der)).into_bytes()
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
        let found = certificates(two.as_bytes()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(certificates(&found.concat()).unwrap(), found, "each can be read by itself");
        // As they come out of documents and other systems, among other things.
        let key = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
        let (indented, windows) = (two.replace('\n', "\n    "), two.replace('\n', " \r\n"));
        for text in [indented, windows, key.to_owned() + &two, two.clone() + key, two.clone() + "-----BEGIN X-----"] {
            assert_eq!(certificates(text.as_bytes()).as_ref(), Ok(&found), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let fault = |text: &str| certificates(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), PemError::NoCertificate);
        assert_eq!(fault("-----BEGIN RSA PRIVATE KEY-----"), PemError::NoCertificate);
        assert_eq!(fault(BEGIN), PemError::NoEnd(1));
        assert_eq!(fault("-----BEGIN CERTIFICATE"), PemError::BadBegin(1));
        assert_eq!(fault(&format!("{BEGIN}\nnot base64!\n{END}")), PemError::NotBase64(1));
        assert_eq!(fault(&(bundle(&shape()) + &bundle(b"junk"))), PemError::NotX509(2));
        assert_eq!(fault(&bundle(&shape()[..20])), PemError::NotX509(1));
    }
}
