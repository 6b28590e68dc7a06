//! One exhibit of a package: its seal, and its events one after the other up to the one by which it came here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::manifest::{ExhibitLine, MANIFEST, exported};
use super::strict;
use super::verify::{Check, Entry, Fault, Why, small};
use crate::model::{Acquisition, EventKind, Form, Words};
use crate::rules::seal::{self, Hashes};

impl Check<'_> {
    /// Checks one. Gives the numbers of events that are told to have happened before the one before them: the log has them in their
    /// order, the office's clock may have been set back.
    pub(super) fn exhibit(
        &mut self,
        line: &ExhibitLine,
        contents: &BTreeMap<String, Hashes>,
        made: &Entry,
        package: &str,
    ) -> Result<Vec<u64>, Fault> {
        let sealed = self.sealed(line, contents)?;
        let (mut next, mut place, mut backwards) = (1_u64, None, Vec::new());
        let mut before = i64::MIN;
        for event in &line.events {
            let entry = self.entry((&event.entry, &event.proof))?;
            let right = event.no == next
                && is_event(&entry, line, (next, &event.event))
                && (next == 1) == (event.event == EventKind::Taken.as_str())
                && (event.at, event.actor.as_str())
                    == (entry.record.office_at.as_micros(), entry.record.actor.as_str())
                && place.is_none_or(|before| before < entry.index);
            if !right {
                return Err(Fault::of(&event.entry, Why::Event(next)));
            }
            if next == 1 {
                taken(line, (&entry, &event.entry), &sealed)?;
            }
            said(event.words.as_ref(), &entry).ok_or_else(|| Fault::of(&event.entry, Why::Words(next)))?;
            if event.at < before {
                backwards.push(next);
            }
            // One checkpoint with the same signatures beside all of them: none can be left out of one place alone.
            if self.events_at.get_or_insert_with(|| entry.at.clone()) != &entry.at {
                return Err(Fault::of(&event.proof, Why::Event(next)));
            }
            (next, place, before) = (next.saturating_add(1), Some(entry.index), event.at);
        }
        let last = made.facts.get("events").and_then(|e| e.get(&line.id)).and_then(Value::as_u64);
        if last != Some(next) || next == 1 {
            return Err(Fault::of(MANIFEST, Why::Event(next)));
        }
        self.came(line, next, (place, made), package)?;
        Ok(backwards)
    }

    /// What an exhibit's seal must be, from what is there.
    fn sealed(&mut self, line: &ExhibitLine, contents: &BTreeMap<String, Hashes>) -> Result<String, Fault> {
        let told = small(self.files, &line.told)?;
        strict::read::<Acquisition>(&line.told, &told, "what was told")?;
        let wrong = || Fault::of(line.original.as_deref().unwrap_or(&line.told), Why::Seal);
        let hashes = hashes_of(line).ok_or_else(wrong)?;
        if let Some(path) = &line.original {
            let there = contents.get(path).ok_or_else(|| Fault::of(path, Why::Stranger))?;
            if hashes.as_ref() != Some(there) {
                return Err(wrong());
            }
        }
        let salt = seal::digits::<32>(&line.salt).ok_or_else(wrong)?;
        Ok(hex::encode(seal::exhibit(&salt, &told, hashes.as_ref())))
    }

    /// The event by which it came here: the next of its numbers, of this package, before the act.
    fn came(
        &mut self,
        line: &ExhibitLine,
        no: u64,
        (place, made): (Option<u64>, &Entry),
        package: &str,
    ) -> Result<(), Fault> {
        let (file, proof) = exported(&line.number);
        let entry = self.entry((&file, &proof))?;
        if entry.at != made.at {
            return Err(Fault::of(&proof, Why::Event(no)));
        }
        let right = is_event(&entry, line, (no, EventKind::Exported.as_str()))
            && entry.text("package") == Some(package)
            && place.is_none_or(|before| before < entry.index)
            && entry.index < made.index;
        if right { Ok(()) } else { Err(Fault::of(&file, Why::Event(no))) }
    }
}

/// The first event: the seal, and what the record says beside it.
fn taken(line: &ExhibitLine, (entry, file): (&Entry, &str), sealed: &str) -> Result<(), Fault> {
    let form = if line.sha256.is_empty() { Form::Item } else { Form::File };
    if entry.text("seal") != Some(sealed) {
        return Err(Fault::of(line.original.as_deref().unwrap_or(&line.told), Why::Seal));
    }
    // Of whatever type it is: what is no text is no id, and not the same as none.
    let parent = entry.facts.get("parent").filter(|parent| !parent.is_null());
    let told = (entry.text("number"), entry.text("form"), parent);
    let shown = line.parent.as_deref().map(Value::from);
    if told == (Some(line.number.as_str()), Some(form.as_str()), shown.as_ref()) {
        Ok(())
    } else {
        Err(Fault::of(file, Why::Event(1)))
    }
}

/// The hashes that an exhibit is said to have, of a thing none; `None` if they are not said in full.
fn hashes_of(line: &ExhibitLine) -> Option<Option<Hashes>> {
    if line.sha256.is_empty() {
        return (line.blake3.is_empty() && line.size == 0 && line.original.is_none()).then_some(None);
    }
    let sha256 = seal::digits::<32>(&line.sha256)?;
    let blake3 = seal::digits::<32>(&line.blake3)?;
    Some(Some(Hashes { sha256, blake3, size_bytes: line.size }))
}

/// Whether an entry is that exhibit's event of that number and kind.
fn is_event(entry: &Entry, line: &ExhibitLine, (no, event): (u64, &str)) -> bool {
    entry.number("no") == Some(no)
        && entry.text("event") == Some(event)
        && EventKind::parse(event).is_some_and(|kind| entry.record.act == crate::service::act_of(kind))
        && entry.record.subject_kind == "exhibit"
        && entry.record.subject.simple().to_string() == line.id
}

/// Whether the words are those that the entry names; `None` if not.
fn said(words: Option<&Words>, entry: &Entry) -> Option<()> {
    let named = entry.facts.get("words");
    match words {
        None => named.is_none().then_some(()),
        Some(words) => {
            let salt = seal::digits::<16>(&words.salt)?;
            let right = hex::encode(seal::words(&salt, &words.text));
            (named.and_then(|n| n.as_str()) == Some(&right)).then_some(())
        }
    }
}
