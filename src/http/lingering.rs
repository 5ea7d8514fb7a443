//! A connection that is closed so that its last answer arrives.
//!
//! A request that is refused before all of it was read is answered while its client is still sending. To close then resets the
//! connection, and the client finds that it cannot send, and not why. So the answer is ended, and what still comes is read and thrown
//! away, for a while.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long a client may go on sending what nobody reads.
const LINGER: Duration = Duration::from_secs(2);

/// So much is thrown away at once, in bytes.
const PIECE: usize = 16 * 1024;

/// A stream whose end is told before it is closed.
pub(super) struct Lingering<S> {
    stream: S,
    /// When it is closed whatever comes; from the moment on when nothing more is to be said.
    closing: Option<Pin<Box<Sleep>>>,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, closing: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, closing } = &mut *self;
        let closing = if let Some(closing) = closing {
            closing
        } else {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
            closing.insert(Box::pin(sleep(LINGER)))
        };
        let mut piece = [0; PIECE];
        while closing.as_mut().poll(context).is_pending() {
            let mut read = ReadBuf::new(&mut piece);
            // A client that is gone has nothing more to be told.
            let is_gone = ready!(Pin::new(&mut *stream).poll_read(context, &mut read)).is_err();
            if is_gone || read.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
