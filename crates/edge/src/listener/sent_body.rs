//! A response body that tells its connection how far it got.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::activity::{HandedOver, InFlight};
use super::stall::Stall;

/// The most bytes handed to the connection at a time. A client must take this much within
/// `Limits::response_stall`, about 1 KiB/s.
const FRAME: usize = 64 * 1024;

/// Keeps its request in flight until it is dropped, and notes when the client stops reading.
#[derive(Debug)]
pub(super) struct SentBody {
    inner: Body,
    /// What is left of a frame that was too large to hand over in one.
    rest: Bytes,
    request: InFlight,
    /// What was handed over, the head at first, until the connection asks for more.
    handed_over: Option<Arc<HandedOver>>,
    /// The stream's own watch, on HTTP/2.
    stall: Option<Stall>,
}

/// Bytes on their way: they count as unread until the last copy is gone, which is when the socket has
/// taken them, also after the body itself has ended.
struct OnTheirWay(
    Bytes,
    #[expect(dead_code, reason = "dropping it is what it is for")] Arc<HandedOver>,
);

impl AsRef<[u8]> for OnTheirWay {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SentBody {
    pub(super) fn new(inner: Body, request: InFlight, stall: Option<Stall>) -> Self {
        let mut body = Self {
            inner,
            rest: Bytes::new(),
            handed_over: None,
            request,
            stall,
        };
        // A client that opens no window is never sent a frame: the wait for it begins here.
        body.hand_over();
        body
    }

    fn hand_over(&mut self) -> Arc<HandedOver> {
        let handed_over = self.request.hand_over();
        if let Some(stall) = &self.stall {
            stall.note(handed_over.since());
        }
        self.handed_over = Some(Arc::clone(&handed_over));
        handed_over
    }

    /// The connection came back for more.
    fn taken(&mut self) {
        self.handed_over = None;
        if let Some(stall) = &self.stall {
            stall.note(None);
        }
    }

    /// Hands over what may go at a time, and keeps the rest.
    fn cut(&mut self, mut data: Bytes) -> Frame<Bytes> {
        if data.len() > FRAME {
            self.rest = data.split_off(FRAME);
        }
        let handed_over = self.hand_over();
        Frame::data(Bytes::from_owner(OnTheirWay(data, handed_over)))
    }
}

impl http_body::Body for SentBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        this.taken();
        if !this.rest.is_empty() {
            let rest = std::mem::take(&mut this.rest);
            return Poll::Ready(Some(Ok(this.cut(rest))));
        }
        let frame = std::task::ready!(Pin::new(&mut this.inner).poll_frame(context));
        let frame = match frame {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => Some(Ok(this.cut(data))),
                Err(trailers) => Some(Ok(trailers)),
            },
            ended => ended,
        };
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let inner = self.inner.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(rest));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

impl Drop for SentBody {
    fn drop(&mut self) {
        self.taken();
    }
}

#[cfg(test)]
mod tests {
    use super::super::activity::Activity;
    use super::*;
    use http_body::Body as _;
    use http_body_util::BodyExt as _;

    /// A large frame goes out in pieces, whole, and its length is right at every moment.
    #[tokio::test]
    async fn a_large_frame_is_cut() {
        let content: Vec<u8> = (0..200_000_u32).map(|i| i.to_be_bytes()[3]).collect();
        let mut body = SentBody::new(
            Body::from(content.clone()),
            Arc::<Activity>::default().begin(),
            None,
        );
        let mut sent = Vec::new();
        while !body.is_end_stream() {
            let left = u64::try_from(content.len() - sent.len()).unwrap();
            assert_eq!(body.size_hint().exact(), Some(left));
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(frame.len() <= FRAME);
            sent.extend_from_slice(&frame);
        }
        assert_eq!(sent, content);
    }
}
