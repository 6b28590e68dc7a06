//! Tells open pages that something changed, by server-sent events. The event carries nothing: the page asks for
//! its own fragment again, under its own rights. Without it pages ask every 15 seconds.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use hyper::body::{Body as HttpBody, Frame};

type Next = Pin<Box<dyn Future<Output = u64> + Send>>;

/// An answer that never ends: an event `changed` whenever `wait(seen)` comes back with a number other than
/// `seen`, a comment that keeps the connection open when it comes back with the same. `Db::wait_commit` limited
/// by a timer of some 20 seconds is such a function.
pub fn changes<F, Fut>(wait: F) -> Changes
where
    F: Fn(u64) -> Fut + Send + 'static,
    Fut: Future<Output = u64> + Send + 'static,
{
    let wait: Box<dyn Fn(u64) -> Next + Send> = Box::new(move |seen| Box::pin(wait(seen)));
    Changes { next: wait(0), wait, seen: 0 }
}

/// See [`changes`].
pub struct Changes {
    wait: Box<dyn Fn(u64) -> Next + Send>,
    next: Next,
    seen: u64,
}

impl std::fmt::Debug for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Changes").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl HttpBody for Changes {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Poll::Ready(number) = self.next.as_mut().poll(cx) else { return Poll::Pending };
        let text: &'static [u8] =
            if number == self.seen { b": still here\n\n" } else { b"event: changed\ndata:\n\n" };
        self.seen = number;
        self.next = (self.wait)(number);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(text)))))
    }
}

/// The body of an answer must be shareable between threads though it is only ever polled by one at a time.
struct Alone(std::sync::Mutex<Changes>);

impl HttpBody for Alone {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let changes = self.get_mut().0.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        Pin::new(changes).poll_frame(cx)
    }
}

impl IntoResponse for Changes {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::new(Alone(std::sync::Mutex::new(self))));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Proxies that collect answers would hold the event back.
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[tokio::test]
    async fn tells_of_changes_and_keeps_quiet_connections_open() {
        let calls = Arc::new(AtomicU64::new(0));
        let wait = move |seen: u64| {
            let call = calls.fetch_add(1, Ordering::SeqCst);
            async move { if call == 1 { seen } else { seen + 5 } }
        };
        let mut body = changes(wait).into_response().into_body();
        let mut told = Vec::new();
        for _ in 0..3 {
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            told.push(String::from_utf8(frame.to_vec()).unwrap());
        }
        assert_eq!(told, ["event: changed\ndata:\n\n", ": still here\n\n", "event: changed\ndata:\n\n"]);
    }
}
