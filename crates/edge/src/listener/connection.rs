//! One connection that speaks HTTP, until it ends or the server stops.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures_util::FutureExt as _;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::{http1, http2};
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::activity::{Activity, Verdict};
use super::first_byte::FirstByte;
use super::guarded::GuardedIo;
use super::heard_body::HeardBody;
use super::sent_body::SentBody;
use super::stall::{Stall, watched};
use super::unwanted::{Bounds, read_on};
use super::{Channel, PeerAddress, Shared, Standing, Stopping};
use crate::body::{Pace, PacedBody};

/// How long an idle connection gets to close properly.
const FAREWELL: Duration = Duration::from_secs(2);

/// A protocol under way: both of hyper's connection types.
trait Conversation: Future<Output = hyper::Result<()>> + Send {
    /// Finish what is in flight, begin nothing more.
    fn wind_up(self: Pin<&mut Self>);
}

impl<I> Conversation for http1::UpgradeableConnection<I, Requests>
where
    I: Read + Write + Unpin + Send + 'static,
{
    fn wind_up(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I> Conversation for http2::Connection<I, Requests, Spawner>
where
    I: Read + Write + Unpin + Send + 'static,
{
    fn wind_up(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// One connection, past its handshake and first byte.
pub(super) struct Connection {
    conversation: Pin<Box<dyn Conversation>>,
    activity: Arc<Activity>,
    /// How long a frame may be left unread before the whole connection ends for it.
    stall: Duration,
}

impl Connection {
    pub(super) fn http1<S>(
        stream: FirstByte<S>,
        (peer, activity): (IpAddr, Arc<Activity>),
        channel: Channel,
        app: Router,
        shared: &Shared,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let limits = &shared.limits;
        let requests = Requests::new(peer, Arc::clone(&activity), channel, app, shared);
        let io = TokioIo::new(GuardedIo::new(
            stream,
            Arc::clone(&activity),
            limits.head,
            Bounds::of(shared),
        ));
        let conversation = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .max_buf_size(limits.head_bytes)
            .max_headers(limits.head_fields)
            // The plain port answers once, and is rid of the client.
            .keep_alive(channel == Channel::Tls)
            .serve_connection(io, requests)
            .with_upgrades();
        Self {
            conversation: Box::pin(conversation),
            activity,
            stall: limits.response_stall,
        }
    }

    pub(super) fn http2<S>(
        stream: FirstByte<S>,
        (peer, activity): (IpAddr, Arc<Activity>),
        app: Router,
        shared: &Shared,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let limits = &shared.limits;
        let requests = Requests::new(peer, Arc::clone(&activity), Channel::Tls, app, shared);
        let conversation = http2::Builder::new(Spawner {
            tasks: shared.tasks.clone(),
            closing: shared.closing.clone(),
            stall: limits.response_stall,
        })
        .timer(TokioTimer::new())
        .max_header_list_size(limits.header_list_bytes)
        .max_concurrent_streams(limits.streams)
        .initial_stream_window_size(limits.stream_window)
        .initial_connection_window_size(limits.connection_window)
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.pong)
        // WebSocket over HTTP/2 (RFC 8441), which Chromium uses on a connection it has.
        .enable_connect_protocol()
        .serve_connection(TokioIo::new(stream), requests);
        Self {
            conversation: Box::pin(conversation),
            activity,
            // A stream that stalls is reset alone. What still is in the connection's buffer when its task
            // has ended can't be: the connection ends for it, after twice the time.
            stall: limits.response_stall.saturating_mul(2),
        }
    }

    /// Speaks until the client ends it, a deadline does, another client needs the place, or the server
    /// stops.
    pub(super) async fn run(mut self, evicted: &CancellationToken, shared: &Shared) {
        let mut winding_up = false;
        loop {
            tokio::select! {
                ended = &mut self.conversation => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    return;
                }
                () = shared.closing.cancelled() => return,
                () = evicted.cancelled() => {
                    // One look, in which the goodbye is sent if the socket takes it; no waiting.
                    self.conversation.as_mut().wind_up();
                    drop((&mut self.conversation).now_or_never());
                    return;
                }
                () = shared.stopping.cancelled(), if !winding_up => {
                    winding_up = true;
                    self.conversation.as_mut().wind_up();
                }
                verdict = self.activity.watch(&shared.limits, self.stall) => {
                    if verdict == Verdict::Idle {
                        self.conversation.as_mut().wind_up();
                        drop(timeout(FAREWELL, &mut self.conversation).await);
                    }
                    tracing::debug!(?verdict, "a connection was closed");
                    return;
                }
            }
        }
    }
}

/// Runs hyper's HTTP/2 streams as tasks the server waits for, and can end.
#[derive(Debug, Clone)]
struct Spawner {
    tasks: TaskTracker,
    closing: CancellationToken,
    stall: Duration,
}

impl<F> hyper::rt::Executor<F> for Spawner
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        let (closing, stall) = (self.closing.clone(), self.stall);
        self.tasks.spawn(async move {
            tokio::select! {
                () = watched(future, stall) => (),
                () = closing.cancelled() => (),
            }
        });
    }
}

/// Hands each request of one connection to the application.
#[derive(Debug, Clone)]
struct Requests {
    app: Router,
    peer: PeerAddress,
    channel: Channel,
    stopping: Stopping,
    activity: Arc<Activity>,
    pace: Pace,
    tasks: TaskTracker,
    closing: CancellationToken,
    unwanted: Bounds,
}

impl Requests {
    fn new(peer: IpAddr, activity: Arc<Activity>, channel: Channel, app: Router, shared: &Shared) -> Self {
        Self {
            app,
            peer: PeerAddress(peer),
            channel,
            stopping: Stopping(shared.stopping.clone()),
            activity,
            pace: Pace::from(&*shared.limits),
            tasks: shared.tasks.clone(),
            closing: shared.closing.clone(),
            unwanted: Bounds::of(shared),
        }
    }

    /// Continues reading what an answered request of HTTP/2 still sends, beside the answer. Dropping it instead
    /// would reset the stream once the answer is complete, and some clients that are still sending then
    /// never look at it.
    fn read_on(&self, rest: Incoming) {
        let (closing, bounds) = (self.closing.clone(), self.unwanted.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = read_on(rest, bounds) => (),
                () = closing.cancelled() => (),
            }
        });
    }
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response<SentBody>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        let in_flight = self.activity.begin();
        let pace = self.pace;
        let version = request.version();
        let plain = self.channel == Channel::Plain;
        let activity = Arc::clone(&self.activity);
        let (request, heard) = HeardBody::of(request);
        let mut request = request.map(|body| Body::new(PacedBody::new(body, pace)));
        let extensions = request.extensions_mut();
        extensions.insert(self.peer);
        extensions.insert(self.channel);
        extensions.insert(self.stopping.clone());
        extensions.insert(Standing(Arc::clone(&activity)));
        let this = self.clone();
        Answer(Box::pin(async move {
            let mut response = this.app.clone().oneshot(request).await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                in_flight.upgrade();
            } else if version <= Version::HTTP_11 && (plain || !heard.out()) {
                // What was not read of a body must not be taken for the next request, so this answer is
                // the last on its connection, and says so (RFC 9112, section 9.6).
                response
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
                if !heard.out() {
                    activity.leave_unread();
                }
            } else if let Some(rest) = heard.take_rest().filter(|_| version == Version::HTTP_2) {
                this.read_on(rest);
            }
            Ok(response.map(|body| SentBody::new(body, in_flight, Stall::of_this_stream())))
        }))
    }
}

/// The application's response, to come.
struct Answer(Pin<Box<dyn Future<Output = Result<Response<SentBody>, Infallible>> + Send>>);

impl Future for Answer {
    type Output = Result<Response<SentBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}
