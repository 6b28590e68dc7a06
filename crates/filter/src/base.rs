//! The whole filter: a binary fuse filter of eight bits, and its layout in bytes.

use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable as _, Filter as _, FilterRef as _};

use crate::{Refused, Unmakeable};

/// Bytes of the description before the fingerprints: seed, length of a segment, its mask, length of all first segments; the
/// lowest byte first.
const DESCRIPTOR: usize = 20;

pub(crate) struct Base {
    descriptor: [u8; DESCRIPTOR],
    fingerprints: Box<[u8]>,
}

impl std::fmt::Debug for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Base({} bytes)", self.fingerprints.len())
    }
}

impl Base {
    /// Over keys; the same twice is one.
    pub(crate) fn of(mut keys: Vec<u64>) -> Result<Self, Unmakeable> {
        keys.sort_unstable();
        keys.dedup();
        // Positions are of 32 bits.
        if u32::try_from(keys.len().saturating_mul(2)).is_err() {
            return Err(Unmakeable);
        }
        let made = BinaryFuse8::try_from(keys).map_err(|_| Unmakeable)?;
        let mut descriptor = [0; DESCRIPTOR];
        made.dma_copy_descriptor_to(&mut descriptor);
        Ok(Self { descriptor, fingerprints: made.fingerprints })
    }

    pub(crate) fn may_hold(&self, key: u64) -> bool {
        BinaryFuse8Ref::from_dma(&self.descriptor, &self.fingerprints).contains(&key)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.descriptor.as_slice(), &self.fingerprints].concat()
    }

    /// Reads [`Base::bytes`]; every position that a key can lead to lies in it, or it is refused.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let (descriptor, fingerprints) = bytes.split_first_chunk::<DESCRIPTOR>().ok_or(Refused::Shape)?;
        let mut words = descriptor.chunks_exact(4).skip(2);
        let mut word = || {
            let bytes = words.next()?.first_chunk::<4>()?;
            Some(u32::from_le_bytes(*bytes))
        };
        let (Some(segment), Some(mask), Some(first)) = (word(), word(), word()) else {
            return Err(Refused::Shape);
        };
        // A key leads to a place in each of three neighbouring segments, of which the first begins below `first`.
        let end = u64::from(first) + 2 * u64::from(segment);
        let sound = segment.is_power_of_two()
            && mask == segment - 1
            && first > 0
            && first.is_multiple_of(segment)
            && u32::try_from(end).is_ok()
            && u64::try_from(fingerprints.len()) == Ok(end);
        if sound {
            Ok(Self { descriptor: *descriptor, fingerprints: fingerprints.into() })
        } else {
            Err(Refused::Shape)
        }
    }
}
