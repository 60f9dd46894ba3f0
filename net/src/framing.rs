//! Frames on a stream: four bytes of length, most significant first, then that many bytes.
//!
//! A length of zero and one beyond the limit are refused before anything is allocated. The first frame of each
//! direction is the [preface].
//!
//! Not here: what frames mean, and when a stream ends (`session`).

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::{event::Kind, limits::PREFACE_BYTES, reason::CloseReason};

/// Frames up to this size are written together with their length, in one piece.
const SMALL_BYTES: usize = 1_024;

/// Why no frame could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a frame of {0} bytes is too long")]
    TooLong(u32),
    #[error("a frame without bytes")]
    Empty,
    #[error("the stream ended inside a frame")]
    CutShort,
    #[error("a preface of another protocol or version")]
    OtherVersion,
    #[error(transparent)]
    Stream(#[from] std::io::Error),
}

impl FrameError {
    /// What the peer is told; `None` if the connection is gone anyway.
    pub(crate) fn reason(&self) -> Option<CloseReason> {
        match self {
            Self::TooLong(_) => Some(CloseReason::FrameTooLong),
            Self::Empty => Some(CloseReason::FrameEmpty),
            Self::CutShort => Some(CloseReason::FrameCutShort),
            Self::OtherVersion => Some(CloseReason::OtherVersion),
            Self::Stream(_) => None,
        }
    }
}

/// The next frame, or `None` where the peer ended its stream between two frames.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin), max: usize) -> Result<Option<Vec<u8>>, FrameError> {
    let mut length = [0_u8; 4];
    let mut have = 0;
    while let Some(rest) = length.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest).await? {
            0 if have == 0 => return Ok(None),
            0 => return Err(FrameError::CutShort),
            count => have += count,
        }
    }
    let length = u32::from_be_bytes(length);
    if length == 0 {
        return Err(FrameError::Empty);
    }
    let size = usize::try_from(length).ok().filter(|size| *size <= max).ok_or(FrameError::TooLong(length))?;
    let mut bytes = vec![0_u8; size];
    match stream.read_exact(&mut bytes).await {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(FrameError::CutShort),
        Err(error) => Err(error.into()),
    }
}

/// Writes one frame. The caller has checked its size.
pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), FrameError> {
    let length = u32::try_from(bytes.len()).map_err(|_| FrameError::TooLong(u32::MAX))?.to_be_bytes();
    if bytes.len() <= SMALL_BYTES {
        stream.write_all(&[&length, bytes].concat()).await?;
    } else {
        stream.write_all(&length).await?;
        stream.write_all(bytes).await?;
    }
    Ok(())
}

/// The first frame each end sends: the protocol's name, a zero byte, the version.
pub(crate) fn preface(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Sync => b"muster/sync\x00\x01",
        Kind::Join => b"muster/join\x00\x01",
    }
}

/// Reads the peer's preface and checks it. Bytes after the version are for later versions and are not looked at.
pub(crate) async fn expect_preface(stream: &mut (impl AsyncRead + Unpin), kind: Kind) -> Result<(), FrameError> {
    let frame = read(stream, PREFACE_BYTES).await?.ok_or(FrameError::CutShort)?;
    if frame.starts_with(preface(kind)) { Ok(()) } else { Err(FrameError::OtherVersion) }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_all(bytes: &[u8], max: usize) -> Result<Option<Vec<u8>>, FrameError> {
        read(&mut &*bytes, max).await
    }

    #[tokio::test]
    async fn a_frame_reads_back_as_it_was_written() {
        for size in [1, 3, SMALL_BYTES, SMALL_BYTES + 1, 70_000] {
            let frame = vec![7_u8; size];
            let mut wire = Vec::new();
            write(&mut wire, &frame).await.unwrap();
            assert_eq!(wire.len(), size + 4);
            assert_eq!(read_all(&wire, 70_000).await.unwrap(), Some(frame));
        }
    }

    #[tokio::test]
    async fn empty_overlong_and_broken_frames_are_told_apart() {
        assert!(matches!(read_all(&[], 9).await, Ok(None)));
        assert!(matches!(read_all(&[0, 0], 9).await, Err(FrameError::CutShort)));
        assert!(matches!(read_all(&[0, 0, 0, 0], 9).await, Err(FrameError::Empty)));
        assert!(matches!(read_all(&[0, 0, 0, 10, 1], 9).await, Err(FrameError::TooLong(10))));
        assert!(matches!(read_all(&[255, 255, 255, 255], 9).await, Err(FrameError::TooLong(u32::MAX))));
        assert!(matches!(read_all(&[0, 0, 0, 2, 1], 9).await, Err(FrameError::CutShort)));
    }

    #[tokio::test]
    async fn the_preface_of_another_protocol_or_version_is_refused() {
        let mut wire = Vec::new();
        write(&mut wire, preface(Kind::Join)).await.unwrap();
        assert!(matches!(expect_preface(&mut &*wire, Kind::Sync).await, Err(FrameError::OtherVersion)));
        assert!(expect_preface(&mut &*wire, Kind::Join).await.is_ok());
        let later = [0, 0, 0, 13, b'm', b'u', b's', b't', b'e', b'r', b'/', b's', b'y', b'n', b'c', 0, 2];
        assert!(matches!(expect_preface(&mut &later[..], Kind::Sync).await, Err(FrameError::OtherVersion)));
    }
}
