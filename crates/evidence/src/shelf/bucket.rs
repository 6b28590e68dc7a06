//! A bucket of a store that speaks S3, as the place of finished files.
//!
//! Objects have the names that files have in the folder, and hold the same sealed frames: whoever runs the store reads nothing. They are
//! sent in parts with a checksum each, and read by ranges: of no file more than a few parts are in memory. The library is asynchronous and
//! lives on a thread of its own; whoever calls waits for it.

mod range;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::ops::Range;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::{
    BackoffConfig, Certificate, ClientOptions, MultipartUpload, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use tokio::runtime::{Handle, Runtime};
use uuid::Uuid;

use super::away::{Away, Greeting, name_of};
use super::frames::Lying;
use super::settings::Settings;
use range::Ranged;

/// The object that says whose bucket it is.
const MARK: &str = "qorgan";
/// Longest mark that is read, bytes.
const MOST_MARK: u64 = 256;
/// So much is sent at once, bytes; of the largest files more, for a store takes at most ten thousand parts.
const PART_BYTES: u64 = 8 << 20;
/// In so many parts at most.
const MOST_PARTS: u64 = 9_900;
/// So many parts are under way.
const AT_ONCE: usize = 2;

/// A bucket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<AmazonS3>,
    handle: Handle,
    runtime: Option<Runtime>,
    /// Its mark, once it has shown it.
    mark: OnceLock<String>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever drops it may be a thread that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What is under way.
struct Awaited<T>(Receiver<object_store::Result<T>>);

impl<T> Awaited<T> {
    fn end(self) -> io::Result<T> {
        let told = self.0.recv().map_err(|_| io::Error::other("the thread of the bucket has ended"))?;
        told.map_err(io::Error::from)
    }
}

impl Bucket {
    /// The bucket of these settings. Nothing is asked of it yet.
    ///
    /// # Errors
    /// A setting that cannot be used, in a sentence.
    pub fn new(settings: &Settings) -> io::Result<Self> {
        settings.check()?;
        let plain = settings.is_plain();
        let patience = settings.patience;
        let mut options = ClientOptions::new()
            .with_timeout(patience.request)
            .with_read_timeout(patience.silence)
            .with_connect_timeout(patience.silence.min(Duration::from_secs(10)))
            .with_http1_only()
            .with_allow_http(plain);
        for certificate in Certificate::from_pem_bundle(&settings.authorities).map_err(io::Error::other)? {
            options = options.with_root_certificate(certificate);
        }
        let backoff =
            BackoffConfig { init_backoff: patience.pause, base: 2.0, max_backoff: Duration::from_secs(15) };
        let retry_timeout = patience.request.saturating_mul(2).min(Duration::from_secs(280));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(settings.secret_key.expose())
            .with_virtual_hosted_style_request(settings.virtual_hosted)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_disable_bulk_delete(true)
            .with_client_options(options)
            .with_retry(RetryConfig { backoff, max_retries: patience.tries, retry_timeout });
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
        }
        if let Some(token) = &settings.token {
            builder = builder.with_token(token.expose());
        }
        let store = Arc::new(builder.build()?);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).thread_name("bucket").enable_all().build()?;
        let handle = runtime.handle().clone();
        Ok(Self(Arc::new(Inner { store, handle, runtime: Some(runtime), mark: OnceLock::new() })))
    }

    fn begin<T: Send + 'static>(
        &self,
        work: impl Future<Output = object_store::Result<T>> + Send + 'static,
    ) -> Awaited<T> {
        let (tell, told) = sync_channel(1);
        self.0.handle.spawn(async move {
            // Nobody waits for it any more.
            let _ = tell.send(work.await);
        });
        Awaited(told)
    }

    /// The mark that lies there.
    fn mark(&self) -> io::Result<Option<String>> {
        let store = Arc::clone(&self.0.store);
        let read = self.begin(async move {
            let found = store.get(&Path::from(MARK)).await?;
            if found.meta.size > MOST_MARK { Ok(Bytes::new()) } else { found.bytes().await }
        });
        match read.end() {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn known(&self) -> io::Result<&str> {
        let mark = self.0.mark.get().map(String::as_str);
        mark.ok_or_else(|| {
            io::Error::other("the bucket has not yet shown that it is the one of this database")
        })
    }

    /// An answer that something is not there is believed of the bucket that shows its mark: a store that lost its way answers so, too.
    fn believed(&self, error: io::Error) -> io::Error {
        if error.kind() != io::ErrorKind::NotFound {
            return error;
        }
        match (self.mark(), self.known()) {
            (Ok(Some(shown)), Ok(known)) if shown == known => error,
            (Err(other), _) => other,
            _ => io::Error::other("the bucket does not show its mark any more"),
        }
    }

    /// Bytes of an object, exactly as many.
    fn range(&self, path: &Path, range: Range<u64>) -> io::Result<Bytes> {
        let (store, path, wanted) = (Arc::clone(&self.0.store), path.clone(), range.clone());
        let found = self.begin(async move { store.get_range(&path, wanted).await }).end();
        let bytes = found.map_err(|e| self.believed(e))?;
        let whole = u64::try_from(bytes.len()).is_ok_and(|n| n == range.end.saturating_sub(range.start));
        if whole { Ok(bytes) } else { Err(io::Error::other("the store gave fewer bytes than it said")) }
    }

    fn put_parts(&self, upload: &mut dyn MultipartUpload, file: &mut File, part: u64) -> io::Result<()> {
        let mut under_way = VecDeque::new();
        loop {
            let bytes = piece(file, part)?;
            if bytes.is_empty() {
                break;
            }
            if under_way.len() >= AT_ONCE
                && let Some(oldest) = under_way.pop_front()
            {
                Awaited::end(oldest)?;
            }
            under_way.push_back(self.begin(upload.put_part(PutPayload::from(bytes))));
        }
        under_way.into_iter().try_for_each(Awaited::end)
    }
}

/// The next bytes of a file.
fn piece(file: &mut File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(most).unwrap_or(0));
    file.by_ref().take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How large the parts of a file of that size are, bytes.
fn part_of(size: u64) -> u64 {
    size.div_ceil(MOST_PARTS).next_multiple_of(1 << 20).max(PART_BYTES)
}

impl Away for Bucket {
    fn greet(&self, mark: &str, first: bool) -> io::Result<Greeting> {
        let mut shown = self.mark()?;
        if shown.is_none() && first {
            let (store, text) = (Arc::clone(&self.0.store), mark.to_owned());
            self.begin(async move { store.put(&Path::from(MARK), PutPayload::from(text)).await }).end()?;
            shown = self.mark()?;
        }
        Ok(match shown {
            Some(shown) if shown == mark => {
                self.0.mark.get_or_init(|| shown);
                Greeting::Known
            }
            Some(_) => Greeting::Other,
            None => Greeting::Bare,
        })
    }

    fn put(&self, id: Uuid, file: &mut File) -> io::Result<()> {
        self.known()?;
        file.rewind()?;
        let (store, path, size) =
            (Arc::clone(&self.0.store), Path::from(name_of(id)), file.metadata()?.len());
        if size <= PART_BYTES {
            let bytes = piece(file, PART_BYTES)?;
            return self
                .begin(async move { store.put(&path, PutPayload::from(bytes)).await.map(drop) })
                .end();
        }
        let mut upload = self.begin(async move { store.put_multipart(&path).await }).end()?;
        if let Err(error) = self.put_parts(upload.as_mut(), file, part_of(size)) {
            // What cannot be taken back now is taken back by the bucket's own rule for parts that were left.
            let _ = self.begin(async move { upload.abort().await }).end();
            return Err(error);
        }
        let end = self.begin(async move {
            let done = upload.complete().await;
            if done.is_err() {
                let _ = upload.abort().await;
            }
            done.map(drop)
        });
        end.end()
    }

    fn open(&self, id: Uuid) -> io::Result<(u64, Box<dyn Lying>)> {
        self.known()?;
        let (store, path) = (Arc::clone(&self.0.store), Path::from(name_of(id)));
        let asked = path.clone();
        let found = self.begin(async move { store.head(&asked).await }).end();
        let size = found.map_err(|e| self.believed(e))?.size;
        Ok((size, Box::new(Ranged::new(self.clone(), path, size))))
    }

    fn remove(&self, id: Uuid) -> io::Result<()> {
        self.known()?;
        let (store, path) = (Arc::clone(&self.0.store), Path::from(name_of(id)));
        let gone = self.begin(async move { store.delete(&path).await }).end();
        match gone.map_err(|e| self.believed(e)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_done_in_a_bucket_that_has_not_shown_its_mark() {
        let bucket = Bucket::new(&super::super::settings::invented("http://127.0.0.1:1")).unwrap();
        let early = bucket.open(Uuid::from_u128(1)).unwrap_err();
        assert!(early.to_string().contains("not yet shown"), "{early}");
        assert!(bucket.remove(Uuid::from_u128(1)).is_err());
        Bucket::new(&super::super::settings::invented("https://store.example")).unwrap();
    }

    #[test]
    fn the_largest_file_fits_into_the_parts_that_a_store_takes() {
        let most = u64::try_from(crate::rules::MOST_BYTES).unwrap() + (1 << 28);
        for size in [1, PART_BYTES, 50 << 30, 100 << 30, most] {
            let part = part_of(size);
            assert!(size.div_ceil(part) <= MOST_PARTS && part >= PART_BYTES, "{size}");
        }
        assert_eq!(part_of(50 << 30), PART_BYTES);
    }
}
