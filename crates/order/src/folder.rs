//! The folder of files: `DIR/CODE/out` takes signed messages for an institution, `DIR/CODE/in` is read for its signed answers.
//! Whatever carries the files (a mount, SFTP, a disk taken across) is nobody's business here: the signature is on each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::App;
use kernel::Coded as _;
use tokio::fs;
use uuid::Uuid;

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

/// One round: what waits goes out, what lies there comes in. Gives how many files went out and were read. One institution's
/// folder that cannot be worked on, or one file, holds up nobody else.
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
    // An institution whose folder failed once is left alone for this round.
    let mut failed = BTreeSet::new();
    for (id, code, envelope) in waiting {
        if failed.contains(&code) {
            continue;
        }
        match write_one(app, dir, (id, &code), &envelope).await {
            Ok(()) => written += 1,
            Err(error) => {
                tracing::error!(%error, %code, "a file could not be handed over");
                failed.insert(code);
            }
        }
    }
    Ok(written)
}

async fn write_one(app: &App, dir: &Path, (id, code): (Uuid, &str), envelope: &str) -> std::io::Result<()> {
    let place = place(dir, code, "out").await?;
    fs::create_dir_all(&place).await?;
    let name = format!("msg_{}.json", id.simple());
    // Whoever reads the folder never finds half a file; written twice it is the same file.
    let part = place.join(format!(".{name}.part"));
    fs::write(&part, envelope).await?;
    fs::rename(&part, place.join(name)).await?;
    match service::dropped(app, id).await {
        Ok(()) | Err(crate::OrderError::HandedOver | crate::OrderError::NothingToCarry) => Ok(()),
        Err(error) => Err(std::io::Error::other(error)),
    }
}

/// A folder of an institution. A link in its place could lead into another's, so none is followed; nor is a code that is no
/// plain word.
async fn place(dir: &Path, code: &str, way: &str) -> std::io::Result<PathBuf> {
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(std::io::Error::other("the folder is not named by a code"));
    }
    let own = dir.join(code);
    for place in [own.clone(), own.join(way)] {
        match fs::symlink_metadata(&place).await {
            Ok(found) if !found.is_dir() => {
                return Err(std::io::Error::other("a link or a file, not a folder"));
            }
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(own.join(way))
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
        match read_of(app, dir, &code).await {
            Ok(taken) => read += taken,
            Err(error) => tracing::error!(%error, %code, "a folder of answers could not be read"),
        }
    }
    Ok(read)
}

/// Reads what one institution has put into its folder.
async fn read_of(app: &App, dir: &Path, code: &str) -> std::io::Result<usize> {
    let place = place(dir, code, "in").await?;
    let mut files = match fs::read_dir(&place).await {
        Ok(files) => files,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(e),
    };
    let mut read = 0;
    while let Some(file) = files.next_entry().await? {
        let is_json = file.path().extension().is_some_and(|e| e == "json");
        // A link could lead anywhere.
        if read == MOST || !is_json || !file.file_type().await?.is_file() {
            continue;
        }
        read += 1;
        if let Err(error) = take(app, code, &file.path()).await {
            tracing::error!(%error, %code, "a file of answers could not be taken");
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
    if fs::symlink_metadata(&aside).await.is_ok_and(|found| !found.is_dir()) {
        return Err(std::io::Error::other("a link or a file, not a folder"));
    }
    fs::create_dir_all(&aside).await?;
    let stamp = app.wall.now().as_secs();
    let name = format!("{stamp}-{}", name.to_string_lossy());
    if let Err((code, why)) = outcome {
        tracing::warn!(%code, file = %name, "a file of an institution was refused");
        fs::write(aside.join(format!("{name}.txt")), format!("{code}: {why}\n")).await?;
    }
    fs::rename(path, aside.join(name)).await
}
