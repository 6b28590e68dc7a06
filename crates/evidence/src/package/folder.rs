//! Packages in a folder.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::verify::{Fault, Files, Why};

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;
/// Most files of a package.
pub(super) const MOST_FILES: usize = 1_000_000;

pub(super) fn fault(file: &str, why: Why) -> Fault {
    Fault { file: file.to_owned(), why }
}

pub(super) fn unread(file: &str, error: &std::io::Error) -> Fault {
    fault(file, Why::Missing(error.to_string()))
}

pub(super) fn pieces(name: &str, mut from: impl Read, take: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => take(piece.get(..n).unwrap_or_default()),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unread(name, &e)),
        }
    }
}

/// A package in a folder.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl Folder {
    fn walk(&self, at: &Path, prefix: &str, all: &mut Vec<String>) -> Result<(), Fault> {
        for found in std::fs::read_dir(at).map_err(|e| unread(prefix, &e))? {
            let found = found.map_err(|e| unread(prefix, &e))?;
            let name = found.file_name();
            let Some(name) = name.to_str() else {
                return Err(fault(&name.to_string_lossy(), Why::Stranger));
            };
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            // Of the thing itself, not of what it points to: a link leads out of the package.
            let kind = found.file_type().map_err(|e| unread(&path, &e))?;
            match (kind.is_file(), kind.is_dir()) {
                (true, _) if all.len() < MOST_FILES => all.push(path),
                (_, true) if super::is_path(&path) => {
                    let before = all.len();
                    self.walk(&found.path(), &path, all)?;
                    // A folder that holds nothing is a stranger by its own name, as a file would be.
                    if all.len() == before {
                        all.push(path);
                    }
                }
                _ => return Err(fault(&path, Why::Stranger)),
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn names(&mut self) -> Result<Vec<String>, Fault> {
        let mut all = Vec::new();
        self.walk(&self.0.clone(), "", &mut all)?;
        Ok(all)
    }
    fn read(&mut self, name: &str, take: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
        // Names come from the manifest, too: what is none of a package is not looked for.
        if !super::is_path(name) {
            return Err(fault(name, Why::Stranger));
        }
        pieces(name, File::open(self.0.join(name)).map_err(|e| unread(name, &e))?, take)
    }
}
