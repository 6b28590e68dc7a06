//! The folder of files: `DIR/CODE/out` takes signed messages for an institution, `DIR/CODE/in` is read for its signed answers.
//! Whatever carries the files (a mount, SFTP, a disk taken across) is nobody's business here: the signature is on each.

use std::path::{Path, PathBuf};
use std::time::Duration;

use app::App;
use kernel::Coded as _;
use tokio::fs;

use crate::service;

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// Most files taken in one round of one institution.
const MOST: usize = 200;

/// Writes and reads the folder for ever.
pub async fn run(app: App, dir: PathBuf) {
    loop {
        if let Err(error) = round(&app, &dir).await {
            tracing::error!(%error, "the folder of files could not be worked on");
        }
        app.timer.sleep(EVERY).await;
    }
}

/// One round: what waits goes out, what lies there comes in. Gives how many files went out and were read.
///
/// # Errors
/// The folder's.
pub async fn round(app: &App, dir: &Path) -> std::io::Result<(usize, usize)> {
    let out = write_out(app, dir).await?;
    Ok((out, read_in(app, dir).await?))
}

async fn write_out(app: &App, dir: &Path) -> std::io::Result<usize> {
    let waiting = service::files_to_drop(app).await.map_err(std::io::Error::other)?;
    let mut written = 0;
    for (id, code, envelope) in waiting {
        let Some(place) = place(dir, &code, "out") else { continue };
        fs::create_dir_all(&place).await?;
        let name = format!("msg_{}.json", id.simple());
        // Whoever reads the folder never finds half a file; written twice it is the same file.
        let part = place.join(format!(".{name}.part"));
        fs::write(&part, envelope).await?;
        fs::rename(&part, place.join(name)).await?;
        match service::dropped(app, id).await {
            Ok(()) | Err(crate::OrderError::HandedOver) => written += 1,
            Err(error) => return Err(std::io::Error::other(error)),
        }
    }
    Ok(written)
}

/// A folder of an institution; `None` for a code that is no plain word.
fn place(dir: &Path, code: &str, way: &str) -> Option<PathBuf> {
    let plain = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| dir.join(code).join(way))
}

async fn read_in(app: &App, dir: &Path) -> std::io::Result<usize> {
    let mut read = 0;
    let mut institutions = match fs::read_dir(dir).await {
        Ok(found) => found,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(e),
    };
    while let Some(entry) = institutions.next_entry().await? {
        let code = entry.file_name().to_string_lossy().into_owned();
        let Some(place) = place(dir, &code, "in") else { continue };
        let Ok(mut files) = fs::read_dir(&place).await else { continue };
        let mut left = MOST;
        while let Some(file) = files.next_entry().await? {
            let is_json = file.path().extension().is_some_and(|e| e == "json");
            // A link could lead anywhere.
            if left == 0 || !is_json || !file.file_type().await?.is_file() {
                continue;
            }
            left -= 1;
            read += 1;
            take(app, &code, &file.path()).await?;
        }
    }
    Ok(read)
}

/// Takes one file and puts it aside: `taken`, or `refused` with the reason beside it. Nothing is thrown away.
async fn take(app: &App, code: &str, path: &Path) -> std::io::Result<()> {
    let size = fs::metadata(path).await?.len();
    let fits = usize::try_from(size).is_ok_and(|size| size <= partner::envelope::MAX_BYTES);
    let outcome = if !fits {
        Err(("partner.envelope".to_owned(), "the file is too large".to_owned()))
    } else {
        let file = fs::read(path).await?;
        match service::answer_in_file(app, code, &file).await {
            Ok(_) => Ok(()),
            // Ours to put right: the file stays and is tried again.
            Err(e) if matches!(e.class(), kernel::Class::Unavailable | kernel::Class::Bug) => {
                return Err(std::io::Error::other(e));
            }
            Err(e) => Err((e.code().to_owned(), e.to_string())),
        }
    };
    let (Some(place), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let aside = place.join(if outcome.is_ok() { "taken" } else { "refused" });
    fs::create_dir_all(&aside).await?;
    let stamp = app.wall.now().as_secs();
    let name = format!("{stamp}-{}", name.to_string_lossy());
    if let Err((code, why)) = outcome {
        tracing::warn!(%code, file = %name, "a file of an institution was refused");
        fs::write(aside.join(format!("{name}.txt")), format!("{code}: {why}\n")).await?;
    }
    fs::rename(path, aside.join(name)).await
}
