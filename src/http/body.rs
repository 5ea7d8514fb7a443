//! Bodies that come: none may take for ever, and what became of one is told.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use http_body_util::LengthLimitError;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Code, Refusal};

/// How slowly a body may come on the average, in bytes a second: slower than any line that people use, and fast enough that
/// nobody holds a place for long with a few bytes.
const LEAST_SPEED: u64 = 1024;

/// A body that has to come at some speed.
pub(super) struct Paced {
    body: Body,
    /// When it is too slow; each byte that comes moves this on.
    late: Pin<Box<Sleep>>,
    is_late: bool,
}

impl Paced {
    /// A body that may take so long beside the time that its bytes take.
    pub(super) fn new(body: Body, patience: Duration) -> Self {
        Self { body, late: Box::pin(sleep_until(Instant::now() + patience)), is_late: false }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                let earned = Duration::from_millis(bytes.saturating_mul(1000) / LEAST_SPEED);
                let late = self.late.deadline() + earned;
                self.late.as_mut().reset(late);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if self.is_late {
            return Poll::Ready(None);
        }
        ready!(self.late.as_mut().poll(context));
        self.is_late = true;
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that came too slowly.
#[derive(Debug)]
struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body came too slowly")
    }
}

impl Error for TooSlow {}

/// What a client is told of a body that could not be read, of which so many bytes are taken.
pub(super) fn unread(error: &(dyn Error + 'static), most: usize) -> Refusal {
    let chain = || std::iter::successors(Some(error), |&error| error.source());
    if chain().any(<dyn Error>::is::<TooSlow>) {
        return Refusal::new(Code::BodyTooSlow, "The body came too slowly; send it at once.");
    }
    // The extractors of the router box it once more.
    if chain().any(|error| error.is::<LengthLimitError>() || error.is::<Box<LengthLimitError>>()) {
        return Refusal::new(Code::BodyTooLarge, format!("The body is larger than {most} bytes."));
    }
    Refusal::new(Code::BodyCutOff, "The body ended before its end, or is no body of HTTP.")
}
