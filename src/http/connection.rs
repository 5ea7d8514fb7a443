//! One connection: its limits, and how it is served.

use std::{io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::IntoResponse,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::Watcher,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_io_timeout::TimeoutStream;
use tower_service::Service;

use super::{Code, Refusal, body::Paced, guard::Peer, lingering::Lingering};

/// How much a server bears. The defaults are those of a service that many people use; tests give shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there may be at once. Each takes some tens of kilobytes and one of the files that a process may
    /// have open, of which there often are 1,024.
    pub connections: usize,
    /// How long the head of a request may take, from its first byte or from the end of the one before: a connection that sends
    /// nothing is closed, too.
    pub head: Duration,
    /// How long a body may take beside the time that its bytes take at the least speed.
    pub body: Duration,
    /// How long a client may take nothing of an answer that waits for it.
    pub unread: Duration,
    /// How long what is under way has to finish when the server is told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 900,
            head: Duration::from_secs(20),
            body: Duration::from_secs(10),
            unread: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

/// The largest head of a request, in bytes: a query of 1,000 characters, each of two bytes escaped, a long filter and some
/// cookies.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The most headers of a request; browsers and proxies send some twenty.
const MAX_HEADERS: usize = 64;

/// How long whoever is turned away has to take the answer.
const TURNING_AWAY: Duration = Duration::from_secs(1);

/// Serves a connection until it is closed, or told to close behind the request that it is at.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, limits: Limits, watcher: Watcher) {
    // Answers are written whole, so that waiting for more to send only delays them; where that cannot be set they are.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(Lingering::new(stream));
    stream.set_write_timeout(Some(limits.unread));
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(|body| Body::new(Paced::new(Body::new(body), limits.body)));
        request.extensions_mut().insert(Peer(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEAD_BYTES)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%peer, %error, "a connection was closed");
    }
}

/// Tells a client that there are too many connections, and closes its own.
pub(super) async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    let refusal = Refusal::new(Code::Overloaded, "Too many connections; try again in a moment.").retry_after(1);
    let (head, body) = refusal.into_response().into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(io::Error::other)?;
    let status = head.status;
    let mut answer = format!("HTTP/1.1 {} {}\r\n", status.as_str(), reason(status)).into_bytes();
    for (name, value) in &head.headers {
        answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    answer.extend(
        format!("{}: {}\r\n{}: close\r\n\r\n", header::CONTENT_LENGTH, body.len(), header::CONNECTION).as_bytes(),
    );
    answer.extend(&body);
    let say = async {
        stream.write_all(&answer).await?;
        stream.shutdown().await?;
        // What was sent is read: to close before would throw away the answer.
        let mut sent = [0; 1024];
        while stream.read(&mut sent).await? > 0 {}
        Ok(())
    };
    tokio::time::timeout(TURNING_AWAY, say).await.unwrap_or(Ok(()))
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or_default()
}
