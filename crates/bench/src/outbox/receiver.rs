//! What partners run: HTTP servers on loopback that keep what came, so that it can be verified when nothing is timed
//! any more; and two that are dead.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// One request as it came.
#[derive(Debug)]
pub(super) struct Receipt {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A receiver with a thread of its own.
pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    kept: Arc<Kept>,
    _runtime: Runtime,
}

/// What has come, and who waits for how much.
#[derive(Default)]
struct Kept {
    all: Mutex<Vec<Receipt>>,
    /// Nobody is woken before so many have come: waking costs.
    wanted: AtomicUsize,
    reached: Notify,
}

impl Receiver {
    pub(super) fn start() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let kept: Arc<Kept> = Arc::default();
        kept.wanted.store(usize::MAX, Ordering::SeqCst);
        let all = Arc::clone(&kept);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).ok();
                let all = Arc::clone(&all);
                let service = service_fn(move |request| take(request, Arc::clone(&all)));
                tokio::spawn(async move {
                    let served = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                    // A connection that breaks shows as a request that is missing.
                    drop(served);
                });
            }
        });
        Ok(Self { address, kept, _runtime: runtime })
    }

    /// Waits until so many requests have come since the last [`Receiver::taken`].
    pub(super) async fn wait_for(&self, requests: usize) {
        self.kept.wanted.store(requests, Ordering::SeqCst);
        while self.kept.all.lock().unwrap_or_else(PoisonError::into_inner).len() < requests {
            self.kept.reached.notified().await;
        }
        self.kept.wanted.store(usize::MAX, Ordering::SeqCst);
    }

    /// What has come since the last look.
    pub(super) fn taken(&self) -> Vec<Receipt> {
        std::mem::take(&mut *self.kept.all.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn take(request: Request<Incoming>, kept: Arc<Kept>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(response);
    };
    let receipt =
        Receipt { path: parts.uri.path().to_owned(), headers: parts.headers, body: body.to_bytes() };
    let came = {
        let mut all = kept.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(receipt);
        all.len()
    };
    if came >= kept.wanted.load(Ordering::SeqCst) {
        kept.reached.notify_one();
    }
    Ok(response)
}

/// Takes connections and never says a word.
pub(super) struct Silent {
    pub(super) address: SocketAddr,
}

impl Silent {
    pub(super) fn start(runtime: &Runtime) -> anyhow::Result<Self> {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                held.push(stream);
            }
        });
        Ok(Self { address })
    }
}

/// An address of this machine where nobody listens.
pub(super) fn refused() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
