//! Where a profile's files come from, and their common hash.
//!
//! A profile may extend another: a file of its own takes the place of the other's file of that name. So a
//! variant of a country (the same land with other routes) repeats only what differs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use toml::de::DeTable;

use crate::error::ProfileErrors;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The TOML files that a profile consists of; each must be there, its own or inherited.
pub(crate) const NAMES: [&str; 13] = [
    "profile.toml",
    "regions.toml",
    "calendar.toml",
    "measures.toml",
    "legal_basis.toml",
    "institutions.toml",
    "taxonomy.toml",
    "notice.toml",
    "registers.toml",
    "identifiers.toml",
    "schemes.toml",
    "trail.toml",
    "cases.toml",
];
/// Longest file taken, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// One file of a profile.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Name for messages, with the profile that it came from: `kz/regions.toml`.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// All files of a profile by their name inside its directory.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub id: String,
    pub files: BTreeMap<String, File>,
}

/// The text of a compiled-in data set.
pub(crate) fn data_set(name: &str) -> Option<&'static str> {
    embedded::DATA_SETS.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// Ids of the compiled-in profiles.
pub(crate) fn embedded_ids() -> Vec<&'static str> {
    let own = embedded::PROFILES.iter().filter_map(|(path, _)| path.strip_suffix("/profile.toml"));
    own.collect()
}

impl Files {
    /// A compiled-in profile.
    pub(crate) fn embedded(id: &str) -> Result<Self, ProfileErrors> {
        let own = embedded::PROFILES.iter().filter_map(|(path, text)| {
            let name = path.strip_prefix(id)?.strip_prefix('/')?;
            Some((name.to_owned(), File { shown: (*path).to_owned(), text: (*text).to_owned() }))
        });
        let files: BTreeMap<String, File> = own.collect();
        if files.is_empty() {
            let known = embedded_ids().join("`, `");
            return Err(ProfileErrors::whole(id, format!("no profile `{id}`, this program has `{known}`")));
        }
        Self { id: id.to_owned(), files }.inherit(Self::embedded)
    }

    /// A profile in a directory named by its id. What it extends stands beside it, or is compiled in.
    pub(crate) fn load(dir: &Path) -> Result<Self, ProfileErrors> {
        let shown = dir.display().to_string();
        let name =
            dir.canonicalize().ok().and_then(|d| d.file_name().map(|n| n.to_string_lossy().into_owned()));
        let Some(id) = name else { return Err(ProfileErrors::whole(&shown, "expected a directory")) };
        let mut files = BTreeMap::new();
        read_dir(dir, &id, "", &mut files)?;
        Self { id, files }.inherit(|base| {
            let beside = dir.join("..").join(base);
            if beside.is_dir() { Self::load(&beside) } else { Self::embedded(base) }
        })
    }

    fn inherit(
        mut self,
        find: impl FnOnce(&str) -> Result<Self, ProfileErrors>,
    ) -> Result<Self, ProfileErrors> {
        let Some(own) = self.files.get("profile.toml") else {
            return Err(ProfileErrors::whole(&self.id, "expected the file `profile.toml`"));
        };
        let (table, _) = DeTable::parse_recoverable(&own.text);
        let Some(base) = table.get_ref().get("extends").and_then(|v| v.get_ref().as_str()) else {
            return Ok(self);
        };
        // One step only: a base that extends something itself would make it hard to see what holds.
        if base == self.id || !base.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err(ProfileErrors::whole(&own.shown, "expected `extends` to name another profile"));
        }
        let found = find(base)?;
        if found.files.get("profile.toml").is_some_and(|f| f.text.lines().any(|l| l.starts_with("extends"))) {
            return Err(ProfileErrors::whole(
                &own.shown,
                format!("expected `{base}` not to extend another profile"),
            ));
        }
        for (name, file) in found.files {
            self.files.entry(name).or_insert(file);
        }
        Ok(self)
    }

    /// SHA-256 over all files in the order of their names, each with its lengths before it, and over the
    /// data sets in `with`: any change of any of them is another profile.
    pub(crate) fn hash(&self, with: &[&str]) -> String {
        let mut hasher = Sha256::new();
        let own = self.files.iter().map(|(name, file)| (name.as_str(), file.text.as_str()));
        for (name, text) in own.chain(with.iter().filter_map(|n| data_set(n).map(|t| (*n, t)))) {
            for part in [name, text] {
                hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hex::encode(hasher.finalize())
    }
}

fn read_dir(
    dir: &Path,
    id: &str,
    below: &str,
    into: &mut BTreeMap<String, File>,
) -> Result<(), ProfileErrors> {
    let fail = |name: &str, error: &dyn std::fmt::Display| {
        ProfileErrors::whole(&format!("{id}/{name}"), error.to_string())
    };
    for item in fs::read_dir(dir).map_err(|e| fail(below, &e))? {
        let item = item.map_err(|e| fail(below, &e))?;
        let file_name = item.file_name().to_string_lossy().into_owned();
        let name = format!("{below}{file_name}");
        let kind = item.metadata().map_err(|e| fail(&name, &e))?;
        if file_name.starts_with('.') || file_name == "README.md" {
            continue;
        }
        if kind.is_dir() && below.is_empty() && file_name == "locales" {
            read_dir(&item.path(), id, "locales/", into)?;
            continue;
        }
        let known = if below.is_empty() { NAMES.contains(&name.as_str()) } else { name.ends_with(".ftl") };
        if !known || !kind.is_file() {
            return Err(fail(
                &name,
                &format!("unknown file, expected `{}` or `locales/LANG.ftl`", NAMES.join("`, `")),
            ));
        }
        if kind.len() > MAX_FILE_BYTES {
            return Err(fail(&name, &format!("longer than {MAX_FILE_BYTES} bytes")));
        }
        let text = fs::read_to_string(item.path()).map_err(|e| fail(&name, &e))?;
        into.insert(name.clone(), File { shown: format!("{id}/{name}"), text });
    }
    Ok(())
}
