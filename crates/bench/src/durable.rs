//! The price of durability on this disk, this minute.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::clock;
use crate::harness::Cost;

/// Appends `times` blocks of 4 KiB to a scratch file in `dir`, each with its own `fdatasync`. Wall time:
/// waiting for the disk is the point.
///
/// # Errors
/// When the file cannot be written.
pub fn fdatasync(dir: &Path, times: u32) -> anyhow::Result<Cost> {
    let path = dir.join("fdatasync.scratch");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    let mut costs = Vec::new();
    for _ in 0..times {
        let (done, ns) = clock::wall(|| file.write_all(&[7_u8; 4_096]).and_then(|()| file.sync_data()));
        done.with_context(|| format!("cannot write `{}`", path.display()))?;
        costs.push(ns);
    }
    std::fs::remove_file(&path)?;
    Ok(Cost::of_each(&costs))
}

#[cfg(test)]
mod tests {
    #[test]
    fn leaves_nothing_behind() {
        let dir = std::env::temp_dir().join(format!("bench-durable-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        assert_eq!(super::fdatasync(&dir, 3).unwrap().operations(), 3);
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
        std::fs::remove_dir(&dir).unwrap();
    }
}
