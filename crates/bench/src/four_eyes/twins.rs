//! Two states of the database are taken for one where what is shown of them is the same. Whether that is true is asked of a
//! sample: whatever was met as "the same again", with other rows, must lead to the same states by the same acts.

use std::collections::HashMap;

use super::search::{Key, Node, Search};
use super::snapshot::Snapshot;

/// One in so many states is in the sample.
const SAMPLED: u64 = 64;
/// So many others are kept of each, and so many states in all.
const OF_EACH: usize = 3;
const OF_ALL: usize = 3_000;

/// The sample.
#[derive(Default)]
pub(super) struct Twins {
    all: HashMap<Key, Twin>,
    kept: usize,
}

#[derive(Default)]
struct Twin {
    first: Option<(Snapshot, Vec<Key>)>,
    others: Vec<Node>,
}

/// States that acts lead to, whatever their order; acts that change nothing are left out, since where nothing can leave any
/// more it is of no account how people stand.
fn distinct(mut keys: Vec<Key>, own: Key) -> Vec<Key> {
    keys.retain(|key| *key != own);
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Twins {
    /// A state that was known is met again.
    pub(super) fn meet(&mut self, at: Key, node: &Node) {
        if !at.0.is_multiple_of(SAMPLED) || self.kept >= OF_ALL {
            return;
        }
        let twin = self.all.entry(at).or_default();
        let known = twin.others.iter().any(|other| other.state == node.state)
            || twin.first.as_ref().is_some_and(|(first, _)| *first == node.state);
        if !known && twin.others.len() < OF_EACH {
            twin.others.push(node.clone());
            self.kept += 1;
        }
    }

    /// Where the state leads that was met first.
    pub(super) fn leads(&mut self, at: Key, node: &Node, keys: Vec<Key>) {
        if at.0.is_multiple_of(SAMPLED) {
            self.all.entry(at).or_default().first = Some((node.state, distinct(keys, at)));
        }
    }

    /// Looks at all that were kept; gives how many.
    ///
    /// # Errors
    /// One leads elsewhere: states were taken for one that are not.
    pub(super) fn check(self, search: &mut Search<'_>) -> anyhow::Result<usize> {
        let mut looked = 0;
        for (at, Twin { first, others }) in self.all {
            let Some((first, leads)) = first else { continue };
            for node in others.into_iter().filter(|node| node.state != first) {
                let (keys, faults) = search.leads_to(&node)?;
                let known = faults.iter().all(|fault| search.knows(fault));
                anyhow::ensure!(
                    known && distinct(keys, at) == leads,
                    "two states of `{}` that were taken for one lead to different ones",
                    search.plan.name
                );
                looked += 1;
            }
        }
        Ok(looked)
    }
}
