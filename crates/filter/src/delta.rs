//! What has changed since a whole filter: the keys that came and those that went, the upper forty bits of each, sorted, as the
//! gaps between them (LEB128). A key that stays and shares its forty bits with one that went is never removed.

use crate::Refused;

/// Bits of a key that are left out.
const DROPPED: u32 = 24;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Delta {
    added: Vec<u64>,
    removed: Vec<u64>,
}

fn short(keys: &[u64]) -> Vec<u64> {
    let mut all: Vec<u64> = keys.iter().map(|key| key >> DROPPED).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Delta {
    /// `all` is what is to be found now.
    pub(crate) fn of(added: &[u64], removed: &[u64], all: &[u64]) -> Self {
        let mut removed = short(removed);
        if !removed.is_empty() {
            let all = short(all);
            removed.retain(|key| all.binary_search(key).is_err());
        }
        Self { added: short(added), removed }
    }

    pub(crate) fn len(&self) -> u64 {
        u64::try_from(self.added.len() + self.removed.len()).unwrap_or(u64::MAX)
    }

    /// What it says of a key: it came, it went, or nothing.
    pub(crate) fn says(&self, key: u64) -> Option<bool> {
        let key = key >> DROPPED;
        if self.added.binary_search(&key).is_ok() {
            Some(true)
        } else {
            self.removed.binary_search(&key).is_ok().then_some(false)
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for list in [&self.added, &self.removed] {
            put(&mut bytes, u64::try_from(list.len()).unwrap_or(u64::MAX));
            let mut last = 0;
            for key in list {
                put(&mut bytes, key - last);
                last = *key;
            }
        }
        bytes
    }

    pub(crate) fn read(mut bytes: &[u8]) -> Result<Self, Refused> {
        let mut lists = [Vec::new(), Vec::new()];
        for list in &mut lists {
            let count = take(&mut bytes)?;
            let mut last = 0_u64;
            // Nothing is reserved for a count: it may be invented, and the bytes end before it does.
            for no in 0..count {
                let gap = take(&mut bytes)?;
                last = last.checked_add(gap).ok_or(Refused::Shape)?;
                if last >> (u64::BITS - DROPPED) != 0 || (gap == 0 && no > 0) {
                    return Err(Refused::Shape);
                }
                list.push(last);
            }
        }
        let [added, removed] = lists;
        if bytes.is_empty() { Ok(Self { added, removed }) } else { Err(Refused::Shape) }
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Result<u64, Refused> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(Refused::Shape)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Refused::Shape)
}
