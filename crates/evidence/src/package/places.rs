//! Which files a package has, and where each lies.

use std::collections::BTreeSet;

use super::manifest::{
    ENTRY, GRAPH, LINK, MANIFEST, MOST_STAMPS, Manifest, SLIP, StampLine, exported, is_number, is_path,
};
use super::verify::{Fault, Files, Why};

/// All files that there are, each under a name that a package may have, none twice and none as the folder of another.
pub(super) fn names(files: &mut dyn Files) -> Result<BTreeSet<String>, Fault> {
    let mut all = BTreeSet::new();
    for name in files.names()? {
        if !is_path(&name) || !all.insert(name.clone()) {
            return Err(Fault::of(&name, Why::Stranger));
        }
    }
    let folders = all.iter().flat_map(|name| name.match_indices('/').filter_map(|(at, _)| name.get(..at)));
    for folder in folders {
        if all.contains(folder) {
            return Err(Fault::of(folder, Why::Stranger));
        }
    }
    // Where capitals are no difference one would lie over the other.
    let folded: BTreeSet<String> = all.iter().map(|name| name.to_ascii_lowercase()).collect();
    if folded.len() != all.len() {
        return Err(Fault::of(MANIFEST, Why::Form("a list of files")));
    }
    Ok(all)
}

/// No file too few, none too many.
pub(super) fn all_there(names: &BTreeSet<String>, manifest: &Manifest) -> Result<(), Fault> {
    let mut named: BTreeSet<String> = [MANIFEST, ENTRY, SLIP, LINK].map(str::to_owned).into();
    let listed = manifest.files.iter().map(|file| file.path.clone());
    let later = manifest.exhibits.iter().map(|e| exported(&e.number)).flat_map(|(entry, slip)| [entry, slip]);
    for path in listed.chain(later) {
        if !is_path(&path) || !named.insert(path) {
            return Err(Fault::of(MANIFEST, Why::Form("a list of files")));
        }
    }
    if let Some(missing) = named.difference(names).next() {
        return Err(Fault::of(missing, Why::Missing("it is not in the package".to_owned())));
    }
    match names.difference(&named).next() {
        Some(stranger) => Err(Fault::of(stranger, Why::Stranger)),
        None => Ok(()),
    }
}

fn need(right: bool) -> Result<(), Fault> {
    if right { Ok(()) } else { Err(Fault::of(MANIFEST, Why::Form("files in their places"))) }
}

/// Every file has its one place by what it is: whoever opens a folder finds there what its name says, and nothing else. And each of
/// them is listed with its hash.
pub(super) fn placed(manifest: &Manifest) -> Result<(), Fault> {
    let mut known = BTreeSet::new();
    for e in &manifest.exhibits {
        need(is_number(&e.number))?;
        need(e.told == format!("exhibits/{}/told.json", e.number))?;
        let original = format!("exhibits/{}/original", e.number);
        need(e.original.as_ref().is_none_or(|path| *path == original))?;
        known.extend(e.original.iter().chain([&e.told]).cloned());
        for (no, event) in (1_u64..).zip(&e.events) {
            let name = format!("log/{}/{no:04}", e.number);
            need(event.entry == format!("{name}.entry") && event.proof == format!("{name}.tlog-proof"))?;
            known.extend([event.entry.clone(), event.proof.clone()]);
        }
    }
    need(manifest.stamps.len() <= MOST_STAMPS)?;
    for (no, stamp) in manifest.stamps.iter().enumerate() {
        let [checkpoint, token, link] = StampLine::places(no);
        need(stamp.checkpoint == checkpoint && stamp.token == token && stamp.link == link)?;
        known.extend([checkpoint, token, link]);
    }
    let listed: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    need(known.iter().all(|path| listed.contains(path.as_str())))?;
    let page = |path: &str| {
        let tag = path.strip_prefix("index.").and_then(|p| p.strip_suffix(".html"));
        tag.is_some_and(|tag| (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_lowercase()))
    };
    let beside = |path: &str| page(path) || path == GRAPH || path == "verify.py";
    match manifest.files.iter().find(|f| !beside(&f.path) && !known.contains(&f.path)) {
        Some(stranger) => Err(Fault::of(&stranger.path, Why::Stranger)),
        None => Ok(()),
    }
}
