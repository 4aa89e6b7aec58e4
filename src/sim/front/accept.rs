//! What the server's side of a WebSocket handshake computes from the client's key (RFC 6455, 4.2.2).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};

/// Returns the value of `Sec-WebSocket-Accept`.
pub fn accept(key: &str) -> String {
    let digest =
        Sha1::new().chain_update(key.as_bytes()).chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize();
    BASE64_STANDARD.encode(digest)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_of_the_rfc_holds() {
        assert_eq!(super::accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
