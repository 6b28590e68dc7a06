//! Private keys of the invented institutions.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use httpsig::{SigningKey, seed_from_text, seed_text};

use super::files;

/// Signing keys by institution code.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<String, SigningKey>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl Keys {
    /// Puts the key of `code` in.
    pub fn insert(&mut self, code: &str, key: SigningKey) {
        self.0.insert(code.to_owned(), key);
    }

    /// The key of `code`.
    #[must_use]
    pub fn of(&self, code: &str) -> Option<&SigningKey> {
        self.0.get(code)
    }

    /// Reads `keys.json`.
    ///
    /// # Errors
    /// If it is missing or holds something else.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(files::KEYS);
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let seeds: BTreeMap<String, String> =
            serde_json::from_str(&text).with_context(|| format!("`{}` holds no keys", path.display()))?;
        let keys = seeds
            .into_iter()
            .map(|(code, seed)| Ok((code, seed_from_text(&seed)?)))
            .collect::<anyhow::Result<_>>()
            .with_context(|| format!("`{}` holds a damaged key", path.display()))?;
        Ok(Self(keys))
    }

    /// Writes `keys.json`, readable by its owner only from its first byte.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn save(&self, dir: &Path) -> anyhow::Result<()> {
        let seeds: BTreeMap<&str, String> = self.0.iter().map(|(c, k)| (c.as_str(), seed_text(k))).collect();
        let path = dir.join(files::KEYS);
        let mut file = open_private(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
        serde_json::to_writer_pretty(&mut file, &seeds)?;
        Ok(())
    }
}

#[cfg(unix)]
fn open_private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // The mode above counts only for a new file.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(not(unix))]
fn open_private(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::create(path)
}
