//! The master key's file: 32 bytes, readable by its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use kernel::{Entropy, Secret};

use crate::VaultError;
use crate::keys::KEY_BYTES;

/// Permission bits of anybody but the owner.
const OTHERS: u32 = 0o077;
const PERMISSIONS: u32 = 0o7777;

pub(crate) fn read_or_create(path: &Path, entropy: &Entropy) -> Result<Secret<[u8; KEY_BYTES]>, VaultError> {
    match File::open(path) {
        Ok(file) => read(path, file),
        Err(e) if e.kind() == ErrorKind::NotFound => create(path, entropy),
        Err(e) => Err(failed(path)(e)),
    }
}

/// The checks look at the opened file, not at the path again: nobody can swap it in between.
fn read(path: &Path, mut file: File) -> Result<Secret<[u8; KEY_BYTES]>, VaultError> {
    let meta = file.metadata().map_err(failed(path))?;
    if !meta.is_file() || meta.len() != u64::try_from(KEY_BYTES).unwrap_or(u64::MAX) {
        return Err(VaultError::NotAKey(shown(path)));
    }
    if meta.mode() & OTHERS != 0 {
        return Err(VaultError::OpenToOthers { path: shown(path), mode: meta.mode() & PERMISSIONS });
    }
    let mut key = [0_u8; KEY_BYTES];
    file.read_exact(&mut key).map_err(failed(path))?;
    Ok(Secret::new(key))
}

/// Written under another name, flushed, then linked into place: a crash leaves a whole key or none, and of
/// two processes that start at once the second takes the first one's key instead of replacing it.
fn create(path: &Path, entropy: &Entropy) -> Result<Secret<[u8; KEY_BYTES]>, VaultError> {
    let key = Secret::new(entropy.bytes::<KEY_BYTES>());
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = write(&draft, key.expose()).and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    match written {
        Ok(()) => {}
        Err(e) if e.kind() == ErrorKind::AlreadyExists && path.exists() => {
            return read(path, File::open(path).map_err(failed(path))?);
        }
        Err(e) => return Err(failed(path)(e)),
    }
    removed.map_err(failed(&draft))?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        File::open(folder).and_then(|f| f.sync_all()).map_err(failed(folder))?;
    }
    Ok(key)
}

fn write(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key)?;
    file.sync_all()
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> VaultError {
    let path = shown(path);
    move |source| VaultError::File { path: path.clone(), source }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;
    use crate::Vault;

    /// A folder of its own, removed at the end.
    struct Folder(PathBuf);
    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("vault-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }
    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn made_once_then_read() {
        let folder = Folder::new("made");
        let path = folder.0.join("master.key");
        let first = Vault::open_or_create(&path, &Entropy::seeded(1)).unwrap();
        let second = Vault::open_or_create(&path, &Entropy::seeded(2)).unwrap();
        assert_eq!(first.blind("a", "b"), second.blind("a", "b"));
        let meta = fs::metadata(&path).unwrap();
        assert_eq!((meta.mode() & PERMISSIONS, meta.len()), (0o600, 32));
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn whatever_others_can_read_is_refused() {
        let folder = Folder::new("open");
        let path = folder.0.join("master.key");
        Vault::open_or_create(&path, &Entropy::seeded(1)).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o644, 0o601, 0o620] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = Vault::open_or_create(&path, &Entropy::seeded(1)).unwrap_err();
            assert!(matches!(refused, VaultError::OpenToOthers { mode: m, .. } if m == mode), "{mode:o}");
        }
        for mode in [0o600, 0o400] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert!(Vault::open_or_create(&path, &Entropy::seeded(1)).is_ok(), "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_and_left_alone() {
        let folder = Folder::new("nokey");
        for (name, content) in [("empty", &b""[..]), ("short", &[1; 31]), ("long", &[1; 33])] {
            let path = folder.0.join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(Vault::open_or_create(&path, &Entropy::seeded(1)), Err(VaultError::NotAKey(_))));
            assert_eq!(fs::read(&path).unwrap(), content);
        }
        assert!(matches!(Vault::open_or_create(&folder.0, &Entropy::seeded(1)), Err(VaultError::NotAKey(_))));
        let nowhere = folder.0.join("no/such/folder.key");
        assert!(matches!(Vault::open_or_create(nowhere, &Entropy::seeded(1)), Err(VaultError::File { .. })));
    }

    #[test]
    fn two_starts_at_once_agree_on_one_key() {
        let folder = Folder::new("race");
        let path = folder.0.join("master.key");
        fs::write(&path, [5; 32]).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        // The loser of the race comes to `create` after the file has appeared.
        let key = create(&path, &Entropy::seeded(1)).unwrap();
        assert_eq!(key.expose(), &[5; 32]);
    }
}
