//! A small store that speaks S3, on loopback, for tests: it does what it is told to do wrong.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use base64::Engine as _;
use sha2::{Digest as _, Sha256};

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers 500.
    Fails,
    /// Takes what comes and never answers.
    Silent,
    /// Ends the line in the middle of the bytes.
    CutsOff,
    /// Does not let in.
    Denies,
    /// Says of everything that it is not there.
    Lost,
    /// Says of every object that it is not there, but of the mark.
    LosesObjects,
    /// Keeps other bytes than came, and says that all is well.
    Garbles,
    /// Keeps nothing, and says that all is well.
    Forgets,
    /// Puts parts together, and says that it could not.
    LosesAnswer,
    /// Takes so many parts and then no more.
    Parts(usize),
}

type Upload = (String, BTreeMap<usize, Bytes>);

#[derive(Debug, Default)]
pub struct Kept {
    /// By their names.
    pub objects: BTreeMap<String, Bytes>,
    /// What is being sent in parts.
    pub uploads: BTreeMap<String, Upload>,
    pub fault: Option<Fault>,
    /// What was asked: method, name, how many bytes came or were to go.
    pub asked: Vec<(Method, String, usize)>,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub kept: Arc<Mutex<Kept>>,
    pub endpoint: String,
}

/// Its bucket.
pub const BUCKET: &str = "exhibits";

impl Server {
    pub fn start() -> Self {
        let kept = Arc::<Mutex<Kept>>::default();
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(kept.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
            });
        });
        Self { kept, endpoint }
    }
    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }
    pub fn wrong(&self, fault: Option<Fault>) {
        self.kept().fault = fault;
    }
}

/// Bytes that end before they were to, with the line.
struct Torn(Option<Bytes>);

impl futures_core::Stream for Torn {
    type Item = Result<Bytes, std::io::Error>;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(self.0.take().ok_or_else(|| std::io::Error::other("torn"))))
    }
}

fn said(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).body(body.into()).unwrap()
}

fn refused(status: StatusCode, code: &str) -> Response<Body> {
    said(status, format!("<Error><Code>{code}</Code><Message>invented</Message></Error>"))
}

async fn answer(
    State(kept): State<Arc<Mutex<Kept>>>,
    method: Method,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fault = kept.lock().unwrap().fault;
    let Some(name) = uri.path().strip_prefix(&format!("/{BUCKET}/")).map(str::to_owned) else {
        return refused(StatusCode::NOT_FOUND, "NoSuchBucket");
    };
    let signed = headers.get("authorization").is_some_and(|a| a.as_bytes().starts_with(b"AWS4-HMAC-SHA256 "));
    match fault {
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::Fails) => return refused(StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        Some(Fault::Denies) => return refused(StatusCode::FORBIDDEN, "AccessDenied"),
        Some(Fault::Lost) => return refused(StatusCode::NOT_FOUND, "NoSuchBucket"),
        Some(Fault::LosesObjects) if name != "qorgan" => return refused(StatusCode::NOT_FOUND, "NoSuchKey"),
        _ if !signed => return refused(StatusCode::FORBIDDEN, "AccessDenied"),
        _ => {}
    }
    let mut kept = kept.lock().unwrap();
    let upload = query.get("uploadId").cloned();
    match method {
        Method::PUT => taken(&mut kept, name, (&query, &headers), body),
        Method::POST if query.contains_key("uploads") => {
            let id = format!("up-{}", kept.asked.len());
            kept.asked.push((method, name.clone(), 0));
            kept.uploads.insert(id.clone(), (name, BTreeMap::new()));
            let xml = format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            );
            said(StatusCode::OK, xml)
        }
        Method::POST => {
            let Some((name, parts)) = upload.and_then(|id| kept.uploads.remove(&id)) else {
                return refused(StatusCode::NOT_FOUND, "NoSuchUpload");
            };
            let whole: Vec<&[u8]> = parts.values().map(AsRef::as_ref).collect();
            keep(&mut kept, name, whole.concat().into());
            if kept.fault == Some(Fault::LosesAnswer) {
                return refused(StatusCode::INTERNAL_SERVER_ERROR, "InternalError");
            }
            said(
                StatusCode::OK,
                "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>",
            )
        }
        Method::DELETE => {
            match upload {
                Some(id) => drop(kept.uploads.remove(&id)),
                None => drop(kept.objects.remove(&name)),
            }
            said(StatusCode::NO_CONTENT, "")
        }
        Method::GET | Method::HEAD => given(&mut kept, name, method, &headers),
        _ => refused(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

fn keep(kept: &mut Kept, name: String, bytes: Bytes) {
    let mut bytes = bytes.to_vec();
    match kept.fault {
        Some(Fault::Forgets) => return,
        Some(Fault::Garbles) => {
            let half = bytes.len() / 2;
            bytes[half] ^= 1;
        }
        _ => {}
    }
    kept.objects.insert(name, bytes.into());
}

fn taken(
    kept: &mut Kept,
    name: String,
    (query, headers): (&BTreeMap<String, String>, &HeaderMap),
    body: Bytes,
) -> Response<Body> {
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&body));
    // Each piece has its checksum.
    if headers.get("x-amz-checksum-sha256").and_then(|told| told.to_str().ok()) != Some(hash.as_str()) {
        return refused(StatusCode::BAD_REQUEST, "BadDigest");
    }
    kept.asked.push((Method::PUT, name.clone(), body.len()));
    let (Some(id), Some(no)) = (query.get("uploadId"), query.get("partNumber")) else {
        keep(kept, name, body);
        return Response::builder().header("etag", "\"one\"").body(Body::empty()).unwrap();
    };
    let most = if let Some(Fault::Parts(most)) = kept.fault { most } else { usize::MAX };
    let Some((_, parts)) = kept.uploads.get_mut(id) else {
        return refused(StatusCode::NOT_FOUND, "NoSuchUpload");
    };
    if parts.len() >= most {
        return refused(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    }
    parts.insert(no.parse().unwrap(), body);
    Response::builder().header("etag", format!("\"part-{no}\"")).body(Body::empty()).unwrap()
}

fn given(kept: &mut Kept, name: String, method: Method, headers: &HeaderMap) -> Response<Body> {
    let Some(bytes) = kept.objects.get(&name).cloned() else {
        return refused(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let answer = Response::builder()
        .header("etag", "\"one\"")
        .header("last-modified", "Tue, 01 Sep 2026 00:00:00 GMT")
        .header("accept-ranges", "bytes");
    let range = headers.get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let range = range.and_then(|range| range.split_once('-'));
    let (part, answer) = match range {
        Some((from, to)) => {
            let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
            let end = (to + 1).min(bytes.len());
            if from >= end {
                return refused(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
            }
            let told = format!("bytes {from}-{}/{}", end - 1, bytes.len());
            (bytes.slice(from..end), answer.status(StatusCode::PARTIAL_CONTENT).header("content-range", told))
        }
        None => (bytes, answer),
    };
    kept.asked.push((method.clone(), name, part.len()));
    if method == Method::GET && kept.fault == Some(Fault::CutsOff) {
        let length = part.len();
        return answer
            .header("content-length", length)
            .body(Body::from_stream(Torn(Some(part.slice(..length / 2)))))
            .unwrap();
    }
    answer.header("content-length", part.len()).body(Body::from(part)).unwrap()
}
