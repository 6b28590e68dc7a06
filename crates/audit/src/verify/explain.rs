//! Says in words what happened at odd places: edited, deleted, inserted, moved, or only a copy of a hash changed.

use std::collections::HashMap;

use ledger::Hash;
use uuid::Uuid;

use super::chain::{NOWHERE, Odd, Place};
use crate::report::{Fault, FaultKind};

/// A record that stands nowhere in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside {
    pub id: Uuid,
    /// `None` if the row makes no record.
    pub content: Option<Hash>,
}

/// What happened at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The record is as signed; a copy of its hash is not.
    Copy,
    Edited,
    /// Gone, also from everywhere else.
    Deleted,
    /// Its row of the log is gone, the record is stored.
    Unlinked(Uuid),
    /// What was signed here stands elsewhere; what stands here was signed elsewhere.
    Moved,
    /// What stands here was never signed; what was signed here stands elsewhere.
    Inserted,
}

/// Explains odd places and records outside the log. `size` is the signed size: a run of deleted places at the log's end
/// is told as one truncation.
pub(super) fn explain(odd: &[Odd], outside: &[Outside], size: u64) -> Vec<Fault> {
    let mut strays: HashMap<Hash, Uuid> = outside.iter().filter_map(|o| Some((o.content?, o.id))).collect();
    let mut faults = Vec::new();
    let (whats, homes) = judge(odd, &mut strays);
    let cut = cut_off(odd, &whats, size);
    for (o, what) in odd.iter().zip(&whats).filter(|(o, _)| o.place.no < cut || o.place.no >= size) {
        faults.extend(fault(o, *what));
    }
    if cut < size {
        let sentence = format!("{size} records were signed, the log ends after {cut}");
        faults.push(Fault::new(FaultKind::Truncated, sentence).at(cut).until(size));
    }
    faults.extend(moved(odd, &whats, &homes));
    for o in outside.iter().filter(|o| o.content.is_none_or(|hash| strays.contains_key(&hash))) {
        let sentence = format!("record `{}` stands nowhere in the log and does not wait for its place", o.id);
        faults.push(Fault::new(FaultKind::Inserted, sentence).of(Some(o.id)));
    }
    faults
}

/// Judges each place. Also gives, for places whose signed content stands at another odd place, that place's index.
fn judge(odd: &[Odd], strays: &mut HashMap<Hash, Uuid>) -> (Vec<What>, Vec<(usize, usize)>) {
    // Contents that stand at a wrong place, by hash; several if somebody doubled one.
    let mut wrong: HashMap<Hash, Vec<usize>> = HashMap::new();
    for (i, o) in odd.iter().enumerate().rev() {
        if let Some(content) = o.place.content.filter(|content| Some(*content) != o.truth) {
            wrong.entry(content).or_default().push(i);
        }
    }
    let mut homes = Vec::new();
    let mut signed_elsewhere = vec![false; odd.len()];
    for (i, o) in odd.iter().enumerate().filter(|(_, o)| o.place.content != o.truth) {
        if let Some(found) = o.truth.and_then(|truth| wrong.get_mut(&truth)).and_then(Vec::pop) {
            homes.push((i, found));
            if let Some(flag) = signed_elsewhere.get_mut(found) {
                *flag = true;
            }
        }
    }
    let found: Vec<usize> = homes.iter().map(|(i, _)| *i).collect();
    let mut whats = Vec::with_capacity(odd.len());
    for (i, (o, known)) in odd.iter().zip(&signed_elsewhere).enumerate() {
        let truth_stands = found.binary_search(&i).is_ok();
        whats.push(match (o.truth, o.place.content) {
            (None, _) => {
                if *known {
                    What::Moved
                } else {
                    What::Inserted
                }
            }
            (Some(truth), Some(content)) if content == truth => What::Copy,
            (Some(_), Some(_)) if truth_stands && !known => What::Inserted,
            (Some(_), _) if truth_stands => What::Moved,
            (Some(truth), content) => match strays.remove(&truth) {
                Some(id) => What::Unlinked(id),
                None if content.is_some() && !known => What::Edited,
                None => What::Deleted,
            },
        });
    }
    (whats, homes)
}

/// Where the unbroken run of places begins that are deleted without a trace, up to the end; `size` if there is none.
fn cut_off(odd: &[Odd], whats: &[What], size: u64) -> u64 {
    let mut cut = size;
    for (o, what) in odd.iter().zip(whats).rev().skip_while(|(o, _)| o.place.no >= size) {
        let gone = *what == What::Deleted && o.place.id.is_none();
        if !gone || o.place.no + 1 != cut {
            break;
        }
        cut = o.place.no;
    }
    cut
}

fn fault(o: &Odd, what: What) -> Option<Fault> {
    let Place { no, id, content, .. } = o.place;
    // What stands at a place in a deleted record's stead is not the deleted record.
    let id = id.filter(|_| what != What::Deleted || content.is_none());
    let name = id.map_or_else(|| "a record".to_owned(), |id| format!("record `{id}`"));
    let (kind, id, sentence) = match what {
        What::Copy => copy(o, &name)?,
        What::Edited => (
            FaultKind::Edited,
            id,
            format!("{name} at position {no} says something else than what was signed"),
        ),
        What::Deleted => (FaultKind::Deleted, id, format!("{name} at position {no} was deleted")),
        What::Unlinked(found) => {
            let sentence =
                format!("record `{found}` is stored, but its row of the log at position {no} was removed");
            (FaultKind::Index, Some(found), sentence)
        }
        What::Inserted => (FaultKind::Inserted, id, format!("{name} at position {no} was never signed")),
        What::Moved => return None,
    };
    let fault = Fault::new(kind, sentence).of(id);
    Some(if no == NOWHERE { fault } else { fault.at(no) })
}

/// Which copy of the hash is not as signed.
fn copy(o: &Odd, name: &str) -> Option<(FaultKind, Option<Uuid>, String)> {
    let Place { no, id, own, leaf, tile, .. } = o.place;
    let truth = o.truth;
    let (kind, copies) = match (own == truth, leaf == truth, tile == truth) {
        (true, true, true) => return None,
        (true, true, false) => (FaultKind::Tile, "in the tile"),
        (false, true, _) => (FaultKind::Index, "in its own row"),
        (true, false, _) => (FaultKind::Index, "in its row of the log"),
        (false, false, _) => (FaultKind::Index, "in its own row and in its row of the log"),
    };
    Some((kind, id, format!("{name} at position {no} is as signed, its hash {copies} is not")))
}

/// Records that stand at a wrong place. Where a deletion or insertion only shifted all that follow, their order is the
/// signed one and they are as far from their places as it moved them: nothing is told of them.
fn moved(odd: &[Odd], whats: &[What], homes: &[(usize, usize)]) -> Vec<Fault> {
    let places = |wanted: fn(&What) -> bool| -> Vec<u64> {
        odd.iter().zip(whats).filter(|(_, what)| wanted(what)).map(|(o, _)| o.place.no).collect()
    };
    let gone = places(|what| matches!(what, What::Deleted | What::Unlinked(_)));
    let added = places(|what| *what == What::Inserted);
    let mut stands: Vec<usize> = homes.iter().map(|(_, at)| *at).collect();
    stands.sort_unstable();
    let mut faults = Vec::new();
    for ((signed, at), in_order) in homes.iter().zip(stands) {
        let (Some(signed), Some(place)) =
            (odd.get(*signed).map(|o| o.place.no), odd.get(*at).map(|o| o.place))
        else {
            continue;
        };
        let before = gone.partition_point(|no| *no < signed);
        let after = added.partition_point(|no| *no <= place.no);
        let shifted = u64::try_from(after).ok().zip(u64::try_from(before).ok());
        let shifted = shifted.and_then(|(after, before)| signed.checked_add(after)?.checked_sub(before));
        if *at == in_order && shifted == Some(place.no) {
            continue;
        }
        let name = place.id.map_or_else(|| "a record".to_owned(), |id| format!("record `{id}`"));
        faults.push(if place.no == NOWHERE {
            let sentence =
                format!("{name} stands at no place of the log, it was signed at position {signed}");
            Fault::new(FaultKind::Moved, sentence).of(place.id)
        } else {
            let sentence =
                format!("{name} stands at position {}, it was signed at position {signed}", place.no);
            Fault::new(FaultKind::Moved, sentence).at(place.no).of(place.id)
        });
    }
    faults
}
