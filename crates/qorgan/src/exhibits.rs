//! Where the bytes of exhibits lie: in the data folder, or in a bucket of a store that speaks S3.
//!
//! What is set wrongly keeps the node from starting. A store that does not answer does not: reports are taken and money is held without it,
//! while exhibits can be neither taken in nor read until it does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use app::App;
use evidence::Shelf;
use evidence::shelf::away::{Away, Greeting};
use evidence::shelf::settings::{Patience, Settings};
use kernel::Secret;

/// How long the store is waited for at the start, and how often it is asked again.
const AT_START: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(10);

/// A bucket for exhibits. Its keys are given by a file or the environment: what stands on a command line is read by everybody on the machine.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BucketArgs {
    /// Bucket of a store that speaks S3, for the bytes of exhibits; without one they lie in the data folder
    #[arg(long, env = "QORGAN_S3_BUCKET")]
    bucket: Option<String>,
    /// Address of the store; Amazon's of the region if left out. `http://` on this machine only
    #[arg(long, env = "QORGAN_S3_ENDPOINT", requires = "bucket")]
    bucket_endpoint: Option<String>,
    /// Region that requests are signed for
    #[arg(long, env = "QORGAN_S3_REGION", default_value = "us-east-1")]
    bucket_region: String,
    /// File with the lines `access_key_id = …` and `secret_access_key = …`; without one the environment's `QORGAN_S3_ACCESS_KEY`
    /// and `QORGAN_S3_SECRET_KEY`
    #[arg(long, env = "QORGAN_S3_KEYS", requires = "bucket")]
    bucket_keys: Option<PathBuf>,
    /// Certificates (PEM) by which the store is known, beside those of the system
    #[arg(long, env = "QORGAN_S3_CA", requires = "bucket")]
    bucket_ca: Option<PathBuf>,
    /// The bucket's name is part of the host's name, not of the path
    #[arg(long, env = "QORGAN_S3_VIRTUAL_HOSTED")]
    bucket_virtual_hosted: bool,
    /// Once, when everything was copied from the bucket back into `evidence` of the data folder: it is not asked for any more
    #[arg(long, conflicts_with = "bucket")]
    leave_bucket: bool,
}

/// Who asks the store, with which key.
#[derive(Debug, Default)]
struct Keys {
    access: String,
    secret: Option<Secret<String>>,
    token: Option<Secret<String>>,
}

impl Keys {
    /// From the text of a file as tools of such stores write it.
    fn read(text: &str) -> Self {
        let mut keys = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let (name, value) = (name.trim(), value.trim().to_owned());
            match name.strip_prefix("aws_").unwrap_or(name) {
                "access_key_id" => keys.access = value,
                "secret_access_key" => keys.secret = Some(Secret::new(value)),
                "session_token" => keys.token = Some(Secret::new(value)),
                _ => {}
            }
        }
        keys
    }

    fn of(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else {
            let env = |name: &str| std::env::var(name).ok();
            return Ok(Self {
                access: env("QORGAN_S3_ACCESS_KEY").unwrap_or_default(),
                secret: env("QORGAN_S3_SECRET_KEY").map(Secret::new),
                token: env("QORGAN_S3_TOKEN").map(Secret::new),
            });
        };
        let text = std::fs::read_to_string(file);
        Ok(Self::read(&text.with_context(|| format!("cannot read the store's keys `{}`", file.display()))?))
    }
}

impl BucketArgs {
    fn settings(&self, bucket: &str) -> anyhow::Result<Settings> {
        let keys = Keys::of(self.bucket_keys.as_deref())?;
        let authorities = match &self.bucket_ca {
            Some(file) => std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?,
            None => Vec::new(),
        };
        let settings = Settings {
            bucket: bucket.to_owned(),
            endpoint: self.bucket_endpoint.clone(),
            region: self.bucket_region.clone(),
            access_key: keys.access,
            secret_key: keys.secret.unwrap_or_else(|| Secret::new(String::new())),
            token: keys.token,
            virtual_hosted: self.bucket_virtual_hosted,
            authorities,
            patience: Patience::default(),
        };
        settings.check().context("the bucket of exhibits cannot be used")?;
        Ok(settings)
    }
}

#[cfg(feature = "s3")]
fn away(settings: &Settings) -> anyhow::Result<Arc<dyn Away>> {
    let bucket = evidence::shelf::bucket::Bucket::new(settings);
    Ok(Arc::new(bucket.context("the bucket of exhibits cannot be used")?))
}

#[cfg(not(feature = "s3"))]
fn away(_: &Settings) -> anyhow::Result<Arc<dyn Away>> {
    anyhow::bail!("this program was built without buckets: build it with its feature `s3`")
}

/// The shelf of this node.
///
/// # Errors
/// Settings that cannot be used; a bucket of another database; no bucket, though exhibits lie in one.
pub async fn open(app: &App, data: &Path, args: &BucketArgs) -> anyhow::Result<Shelf> {
    let root = data.join("evidence");
    if args.leave_bucket {
        evidence::service::leave(app).await?;
    }
    let Some(bucket) = &args.bucket else {
        anyhow::ensure!(
            !evidence::service::lies_away(app).await?,
            "exhibits of this database lie in a bucket: name it with `--bucket`; if all of them were copied back into `{}`, \
             start once with `--leave-bucket`",
            root.display()
        );
        return Ok(Shelf::open(&root)?);
    };
    let shelf = Shelf::with_away(&root, away(&args.settings(bucket)?)?)?;
    let asked = tokio::time::timeout(AT_START, evidence::service::greet(app, &shelf)).await;
    let why = match asked {
        Ok(Ok(greeting)) => {
            known(bucket, greeting)?;
            tracing::info!(bucket, "exhibits lie in the bucket");
            return Ok(shelf);
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it does not answer".to_owned(),
    };
    tracing::error!(
        bucket,
        error = why,
        "the bucket cannot be reached: exhibits are neither taken in nor read until it can"
    );
    tokio::spawn(ask_again(app.clone(), shelf.clone(), bucket.clone()));
    Ok(shelf)
}

fn known(bucket: &str, greeting: Greeting) -> anyhow::Result<()> {
    match greeting {
        Greeting::Known => Ok(()),
        Greeting::Other => anyhow::bail!("the bucket `{bucket}` belongs to another database"),
        Greeting::Bare => anyhow::bail!(
            "exhibits of this database lie in a bucket, and `{bucket}` is not that one: the object `qorgan`, which would say so, is not in it"
        ),
    }
}

/// Asks until the bucket has shown that it is the one of this database; until then nothing is done there.
async fn ask_again(app: App, shelf: Shelf, bucket: String) {
    loop {
        app.timer.sleep(AGAIN).await;
        let asked = evidence::service::greet(&app, &shelf).await.map_err(anyhow::Error::from);
        match asked.and_then(|greeting| known(&bucket, greeting)) {
            Ok(()) => return tracing::info!(bucket, "the bucket is reached again"),
            Err(error) => tracing::error!(bucket, error = format!("{error:#}"), "the bucket cannot be used"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_tools_write_them() {
        let keys = Keys::read("[default]\naws_access_key_id = INVENTED\naws_secret_access_key=a/b+c=\n");
        assert_eq!((keys.access.as_str(), keys.secret.unwrap().expose().as_str()), ("INVENTED", "a/b+c="));
        assert!(keys.token.is_none());
        let keys = Keys::read("access_key_id = I\nsecret_access_key = S\nsession_token = T");
        assert_eq!((keys.access.as_str(), keys.token.unwrap().expose().as_str()), ("I", "T"));
    }

    #[test]
    fn a_bucket_without_keys_or_in_the_clear_is_refused() {
        let keys = std::env::temp_dir().join(format!("qorgan-s3-keys-{}", std::process::id()));
        std::fs::write(&keys, "access_key_id = INVENTED\nsecret_access_key = invented\n").unwrap();
        let args = |endpoint: &str| BucketArgs {
            bucket_endpoint: Some(endpoint.to_owned()),
            bucket_keys: Some(keys.clone()),
            bucket_region: "us-east-1".to_owned(),
            ..BucketArgs::default()
        };
        assert_eq!(args("http://127.0.0.1:9000").settings("exhibits").unwrap().access_key, "INVENTED");
        assert!(args("http://store.example").settings("exhibits").is_err());
        std::fs::write(&keys, "access_key_id = INVENTED\n").unwrap();
        assert!(args("http://127.0.0.1:9000").settings("exhibits").is_err());
        std::fs::remove_file(&keys).unwrap();
        assert!(args("http://127.0.0.1:9000").settings("exhibits").is_err());
    }

    #[tokio::test]
    async fn a_node_that_is_not_told_of_its_bucket_does_not_start() {
        let world = testkit::World::new(1);
        let data = std::env::temp_dir().join(format!("qorgan-exhibits-{}", std::process::id()));
        let open = async |args: &BucketArgs| super::open(&world.app, &data, args).await;
        assert!(!open(&BucketArgs::default()).await.unwrap().is_away());
        world.app.db.write(|tx| db::meta::put(tx, "evidence_bucket", "marked")).await.unwrap();
        let refused = open(&BucketArgs::default()).await.unwrap_err();
        assert!(refused.to_string().contains("--leave-bucket"), "{refused}");
        open(&BucketArgs { leave_bucket: true, ..BucketArgs::default() }).await.unwrap();
        open(&BucketArgs::default()).await.unwrap();
        std::fs::remove_dir_all(&data).unwrap();
    }

    #[tokio::test]
    async fn a_bucket_that_does_not_answer_keeps_no_node_from_starting() {
        let world = testkit::World::new(2);
        let data = std::env::temp_dir().join(format!("qorgan-exhibits-away-{}", std::process::id()));
        std::fs::create_dir_all(&data).unwrap();
        let keys = data.join("keys");
        std::fs::write(&keys, "access_key_id = INVENTED\nsecret_access_key = invented\n").unwrap();
        let args = BucketArgs {
            bucket: Some("exhibits".to_owned()),
            // Nobody listens there.
            bucket_endpoint: Some("http://127.0.0.1:9".to_owned()),
            bucket_keys: Some(keys),
            bucket_region: "us-east-1".to_owned(),
            ..BucketArgs::default()
        };
        let opened = super::open(&world.app, &data, &args).await;
        // A program that cannot do it says so rather than putting files elsewhere.
        assert_eq!(opened.as_ref().is_ok_and(Shelf::is_away), cfg!(feature = "s3"), "{opened:?}");
        std::fs::remove_dir_all(&data).unwrap();
    }
}
