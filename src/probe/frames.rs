//! The frames of a WebSocket (RFC 6455, 5.2), as a client writes and reads them.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The largest payload that is read.
const LARGEST: u64 = 1 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// A further part of a message.
    Continuation,
    /// Text.
    Text,
    /// Bytes.
    Binary,
    /// The end of the connection.
    Close,
    /// To be answered with a pong of the same payload.
    Ping,
    /// The answer to a ping.
    Pong,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub opcode: Opcode,
    /// Its payload.
    pub payload: Vec<u8>,
}

impl Opcode {
    fn parse(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }
}

impl Frame {
    /// Returns the code of a close frame.
    #[must_use]
    pub fn close_code(&self) -> Option<u16> {
        let code = self.payload.first_chunk::<2>()?;
        (self.opcode == Opcode::Close).then(|| u16::from_be_bytes(*code))
    }

    /// Writes it as a client must: whole, and masked.
    ///
    /// # Errors
    /// When the stream fails.
    pub async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        stream.write_all(&self.masked(fastrand::u32(..).to_be_bytes())).await?;
        stream.flush().await
    }

    fn masked(&self, mask: [u8; 4]) -> Vec<u8> {
        let mut bytes = vec![0x80 | self.opcode.bits()];
        match self.payload.len() {
            length @ 0..=125 => bytes.push(0x80 | length as u8),
            length @ 126..=0xffff => {
                bytes.push(0x80 | 0x7e);
                bytes.extend((length as u16).to_be_bytes());
            }
            length => {
                bytes.push(0x80 | 0x7f);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(mask);
        bytes.extend(self.payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }

    /// Reads the next one; `None` at the end of the stream.
    ///
    /// # Errors
    /// When the stream fails, or what it holds is no frame of a server's.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut head = [0; 2];
        if stream.read(&mut head[..1]).await? == 0 {
            return Ok(None);
        }
        stream.read_exact(&mut head[1..]).await?;
        let invalid = |words: &str| io::Error::new(io::ErrorKind::InvalidData, words.to_owned());
        let opcode = Opcode::parse(head[0] & 0x0f).ok_or_else(|| invalid("a frame of an unknown kind"))?;
        if head[0] & 0x70 != 0 {
            return Err(invalid("a frame of an extension that was not agreed on"));
        }
        if head[1] & 0x80 != 0 {
            return Err(invalid("a frame with a mask, which only a client may send"));
        }
        let length = match head[1] {
            126 => u64::from(stream.read_u16().await?),
            127 => stream.read_u64().await?,
            short => u64::from(short),
        };
        if length > LARGEST || (opcode.bits() >= 8 && length > 125) {
            return Err(invalid("a frame that is too large"));
        }
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await?;
        Ok(Some(Self { opcode, payload }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Option<Frame>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Frame::read(&mut &*bytes))
    }

    #[test]
    fn the_examples_of_the_rfc_are_read_and_written() {
        // RFC 6455, 5.7: an unmasked "Hello", and a masked pong.
        let hello = Frame { opcode: Opcode::Text, payload: b"Hello".to_vec() };
        assert_eq!(read(&[0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]).unwrap(), Some(hello));
        let pong = Frame { opcode: Opcode::Pong, payload: b"Hello".to_vec() };
        let masked = [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(pong.masked([0x37, 0xfa, 0x21, 0x3d]), masked);
    }

    #[test]
    fn each_length_has_its_form() {
        for (length, head) in [(125, 2), (126, 4), (0xffff, 4), (0x1_0000, 10)] {
            let frame = Frame { opcode: Opcode::Binary, payload: vec![7; length] };
            let mut bytes = frame.masked([0; 4]);
            assert_eq!(bytes.len(), head + 4 + length);
            bytes.drain(head..head + 4);
            bytes[1] &= 0x7f;
            assert_eq!(read(&bytes).unwrap(), Some(frame));
        }
    }

    #[test]
    fn what_is_no_frame_of_a_servers_is_refused() {
        let cases: [&[u8]; 5] = [
            &[0x83, 0],
            &[0xc1, 0],
            &[0x81, 0x85, 1, 2, 3, 4, 0, 0, 0, 0, 0],
            &[0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0],
            &[0x89, 126, 1, 0],
        ];
        for bytes in cases {
            assert_eq!(read(bytes).unwrap_err().kind(), io::ErrorKind::InvalidData, "{bytes:?}");
        }
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[0x81]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_close_frame_says_why() {
        let close = |payload: &[u8]| Frame { opcode: Opcode::Close, payload: payload.to_vec() }.close_code();
        assert_eq!((close(&[3, 0xe8]), close(&[]), close(&[3])), (Some(1000), None, None));
    }
}
