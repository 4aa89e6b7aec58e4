//! `AWS_CA_BUNDLE`: which certificates of a server are accepted, and the message for others. An endpoint behind TLS is
//! a real one, on this machine.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::channel;

use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::run::{Ran, Region, run};

const AUTHORITY: &str = include_str!("certificates/authority.pem");
const AUTHORITY_ELSEWHERE: &str = include_str!("certificates/authority_elsewhere.pem");
const AUTHORITY_EXPIRED: &str = include_str!("certificates/authority_expired.pem");
const ISSUED: &str = include_str!("certificates/issued.pem");
const ALONE: &str = include_str!("certificates/alone.pem");
const ELSEWHERE: &str = include_str!("certificates/elsewhere.pem");
const EXPIRED: &str = include_str!("certificates/expired.pem");

/// Puts TLS with this certificate and key in front of a region; its URL.
fn in_front_of(region: &Region, pem: &str) -> String {
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate], key).unwrap()));
    let region = region.address.trim_start_matches("http://").to_owned();
    let (sent, port) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sent.send(listener.local_addr().unwrap().port()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, region) = (acceptor.clone(), region.clone());
                tokio::spawn(async move {
                    // A client that rejects the certificate disconnects.
                    let Ok(mut client) = acceptor.accept(stream).await else { return };
                    let mut region = TcpStream::connect(region).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut region).await;
                });
            }
        });
    });
    format!("https://localhost:{}", port.recv().unwrap())
}

/// Lists a region whose endpoint presents this certificate, with this bundle.
fn listed(presented: &str, bundle: &str) -> Ran {
    let region = Region::new("healthy");
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bundle.as_bytes()).unwrap();
    let mut command = region.command(["ls"]);
    command.env("AWS_ENDPOINT_URL", in_front_of(&region, presented)).env("AWS_CA_BUNDLE", file.path());
    run(command)
}

#[test]
fn what_the_bundle_vouches_for_is_accepted() {
    let both = format!("{ELSEWHERE}{AUTHORITY}");
    // An authority's own is accepted from a server too, as OpenSSL does, if it is itself in the bundle.
    let accepted = [(ISSUED, AUTHORITY), (ISSUED, &both), (ALONE, ALONE), (AUTHORITY, AUTHORITY), (AUTHORITY, &both)];
    for (presented, bundle) in accepted {
        let ran = listed(presented, bundle);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(ran.out.contains("alpha-web-prod"), "{}", ran.out);
    }
}

#[test]
fn what_it_does_not_vouch_for_is_refused_with_the_reason_and_what_to_do() {
    let authority = &["(CA:TRUE)", "put it into AWS_CA_BUNDLE, or let it sign a certificate for the server"];
    let name = &["is for another name", "\"localhost\"", "other.example"];
    let table: [(&str, &str, &str, &[&str]); 8] = [
        ("an authority's own, of another name, in the bundle", AUTHORITY_ELSEWHERE, AUTHORITY_ELSEWHERE, name),
        (
            "an authority's own, expired, in the bundle",
            AUTHORITY_EXPIRED,
            AUTHORITY_EXPIRED,
            &["expired on 2020-01-01"],
        ),
        ("an authority's own, not in the bundle", AUTHORITY, ALONE, authority),
        ("another's name, in the bundle", ELSEWHERE, ELSEWHERE, name),
        ("expired, in the bundle", EXPIRED, EXPIRED, &["expired on 2020-01-01, or the clock of this machine is wrong"]),
        ("not in the bundle", ALONE, AUTHORITY, &["is not trusted", "UnknownIssuer", "set AWS_CA_BUNDLE"]),
        ("issued by one that is not in the bundle", ISSUED, ALONE, &["is not trusted", "UnknownIssuer"]),
        ("expired, not in the bundle", EXPIRED, ALONE, &["expired on 2020-01-01"]),
    ];
    for (case, presented, bundle, words) in table {
        let ran = listed(presented, bundle);
        assert_eq!(ran.status, Some(5), "{case}: {}{}", ran.out, ran.err);
        for words in words {
            assert!(ran.err.contains(words), "{case}: no `{words}` in {}", ran.err);
        }
    }
}
