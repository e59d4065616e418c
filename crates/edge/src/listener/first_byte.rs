//! A stream whose first bytes were read under a deadline and are read again by HTTP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use super::writes_through::writes_through;
use super::{Place, Shared};

/// Every HTTP/2 client opens with these 24 bytes.
const HTTP2_PREFACE: usize = 24;

/// A stream whose client has sent something.
#[derive(Debug)]
pub(super) struct FirstByte<S> {
    read: Bytes,
    stream: S,
    _place: Place,
}

impl<S: AsyncRead + AsyncWrite + Unpin> FirstByte<S> {
    /// Waits for one byte; hyper's own timer takes over from there.
    pub(super) async fn http1(stream: S, place: Place, shared: &Shared) -> Option<Self> {
        Self::wait(stream, place, 1, shared).await
    }

    /// Waits for the whole preface, for which hyper has no timer.
    pub(super) async fn http2(stream: S, place: Place, shared: &Shared) -> Option<Self> {
        Self::wait(stream, place, HTTP2_PREFACE, shared).await
    }

    async fn wait(mut stream: S, place: Place, least: usize, shared: &Shared) -> Option<Self> {
        let mut read = BytesMut::with_capacity(1024);
        let filled = timeout(shared.limits.first_byte, async {
            while read.len() < least {
                if stream.read_buf(&mut read).await? == 0 {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                }
            }
            Ok(())
        })
        .await;
        match filled {
            Ok(Ok(())) => Some(Self {
                read: read.freeze(),
                stream,
                _place: place,
            }),
            Ok(Err(_)) => None,
            Err(_) => {
                tracing::debug!("a client connected and sent nothing");
                None
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FirstByte<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let count = self.read.remaining().min(buffer.remaining());
        buffer.put_slice(&self.read.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FirstByte<S> {
    writes_through!(stream);

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
