//! The shelf in a bucket: of a small store of the tests' own that does what it is told to do wrong, or, for what goes right, of a store
//! that others wrote, where `QORGAN_TEST_S3` says where it is.

mod faults;
mod server;

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use evidence::Shelf;
use evidence::shelf::bucket::Bucket;
use evidence::shelf::settings::{Patience, Settings};
use kernel::Secret;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{ObjectStore as _, ObjectStoreExt as _};
pub use server::{Fault, Server};

/// What a place of tests has of its bucket.
#[expect(clippy::large_enum_variant, reason = "a test has one")]
pub enum Ground {
    /// The tests' own store.
    Own(Server),
    /// Another's: where it is, and a client of its library.
    Judge(Settings, Box<AmazonS3>),
}

fn settings(endpoint: &str, bucket: &str) -> Settings {
    Settings {
        bucket: bucket.to_owned(),
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        access_key: "invented".to_owned(),
        secret_key: Secret::new("invented".to_owned()),
        token: None,
        virtual_hosted: false,
        authorities: Vec::new(),
        patience: Patience {
            tries: 2,
            pause: Duration::from_millis(10),
            request: Duration::from_secs(60),
            silence: Duration::from_secs(30),
        },
    }
}

/// Makes a bucket where anybody may.
fn made(endpoint: &str, bucket: &str) {
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut line = std::net::TcpStream::connect(host).unwrap();
    write!(line, "PUT /{bucket} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

impl Ground {
    pub fn new(nth: usize) -> Self {
        match std::env::var("QORGAN_TEST_S3") {
            Ok(endpoint) => Self::judge(&endpoint, nth),
            Err(_) => Self::Own(Server::start()),
        }
    }
    fn judge(endpoint: &str, nth: usize) -> Self {
        let bucket = format!("exhibits-{}-{nth}", std::process::id());
        made(endpoint, &bucket);
        let client = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_bucket_name(&bucket)
            .with_allow_http(true)
            .with_access_key_id("invented")
            .with_secret_access_key("invented");
        Self::Judge(settings(endpoint, &bucket), Box::new(client.build().unwrap()))
    }
    pub fn settings(&self) -> Settings {
        match self {
            Self::Own(server) => settings(&server.endpoint, server::BUCKET),
            Self::Judge(settings, _) => settings.clone(),
        }
    }
    pub fn shelf(&self, root: &Path) -> Shelf {
        Shelf::with_away(root, Arc::new(Bucket::new(&self.settings()).unwrap())).unwrap()
    }
    /// A shelf of somebody who waits for nothing.
    pub fn hasty(&self, root: &Path) -> Shelf {
        let patience = Patience {
            tries: 1,
            pause: Duration::from_millis(1),
            request: Duration::from_secs(8),
            silence: Duration::from_secs(1),
        };
        let settings = Settings { patience, ..self.settings() };
        Shelf::with_away(root, Arc::new(Bucket::new(&settings).unwrap())).unwrap()
    }
    /// Names of what lies there, without the mark.
    pub async fn names(&self) -> Vec<String> {
        let all: Vec<String> = match self {
            Self::Own(server) => server.kept().objects.keys().cloned().collect(),
            Self::Judge(_, client) => {
                let mut all = Vec::new();
                let blobs = object_store::path::Path::from("blobs");
                for shelf in client.list_with_delimiter(Some(&blobs)).await.unwrap().common_prefixes {
                    let found = client.list_with_delimiter(Some(&shelf)).await.unwrap();
                    all.extend(found.objects.iter().map(|object| object.location.to_string()));
                }
                all
            }
        };
        all.into_iter().filter(|name| name != "qorgan").collect()
    }
    pub async fn get(&self, name: &str) -> Vec<u8> {
        match self {
            Self::Own(server) => server.kept().objects[name].to_vec(),
            Self::Judge(_, client) => client.get(&name.into()).await.unwrap().bytes().await.unwrap().to_vec(),
        }
    }
    pub async fn put(&self, name: &str, bytes: &[u8]) {
        match self {
            Self::Own(server) => drop(server.kept().objects.insert(name.to_owned(), bytes.to_vec().into())),
            Self::Judge(_, client) => drop(client.put(&name.into(), bytes.to_vec().into()).await.unwrap()),
        }
    }
    pub async fn remove(&self, name: &str) {
        match self {
            Self::Own(server) => drop(server.kept().objects.remove(name)),
            Self::Judge(_, client) => client.delete(&name.into()).await.unwrap(),
        }
    }
}
